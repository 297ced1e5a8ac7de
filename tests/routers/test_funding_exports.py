"""The ledger's lines in a browser: narrowed, summed, paged, and taken as files that say the same."""

import csv
import io
import json
import re
import uuid
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

import httpx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from app.domain.access import Role
from app.domain.funding.rates import USUAL, empty_card, to_data
from app.models.funding import LedgerLine, RateCard, Statement
from app.models.hubs import Hub
from app.pages.funding.selection import VIEWS
from app.store.database import Database
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_person, a_programme, sign_in


class Ledger:
    """A hub with two statements, one of them closed, and somebody who may see both."""

    def __init__(self, client: httpx.AsyncClient, team: Team, home: str, statements: list[Statement]) -> None:
        self.client, self.team, self.home, self.statements = client, team, home, statements

    async def get(self, tail: str, status: int = 200) -> httpx.Response:
        answer = await self.client.get(f"{self.home}/{tail}")
        assert answer.status_code == status, answer.text[:500]
        return answer

    async def page(self, tail: str = "lines") -> dict[str, object]:
        answer = await self.client.get(f"{self.home}/{tail}", headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.text[:500]
        return dict(answer.json())


def a_line(statement: Statement, urn: int, day: date, pence: int, rate: str = "release") -> LedgerLine:
    return LedgerLine(
        hub_id=statement.hub_id,
        statement_id=statement.id,
        key=f"{rate}|{uuid.uuid4()}",
        urn=urn,
        payee="participant",
        rate=rate,
        programme="development",
        group_code="W1",
        day=day,
        quantity=1,
        of=1,
        rate_pence=pence,
        pence=pence,
        because="=Freed from class.",
        evidence=["attendance/1"],
        kind="derived" if rate else "adjustment",
        card_version=1 if rate else 0,
    )


@pytest.fixture
async def ledger(database: Database, client: httpx.AsyncClient) -> Ledger:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        made = []
        for number, school in enumerate(team.schools):
            row = Statement(
                hub_id=hub.id, year=YEAR, first=date(2026, 9, 1), last=date(2026, 12, 31),
                reference=f'{hub.code}-26-"{number:04d}"\u2019é', urn=school.urn, opened_at=NOW,
            )  # fmt: skip
            db.add(row)
            await db.flush()
            made.append(row)
            for turn in range(30):
                day = date(2026, 9, 10) + timedelta(turn * 9)
                db.add(a_line(row, school.urn, day, 1_234 * (turn + 1), "release" if turn % 3 else ""))
        await db.flush()
        made[0].state, made[0].pence, made[0].lines, made[0].digest = "closed", 573_810, 30, "0" * 64
        await db.flush()
        await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
        return Ledger(client, team, f"/hubs/{hub.code}", made)


EVERY = 2 * sum(1_234 * (turn + 1) for turn in range(30))


def in_pence(amount: object) -> int:
    return round(float(str(amount)) * 100)


async def test_the_screen_and_every_file_come_to_the_same(ledger: Ledger) -> None:
    page = await ledger.page()
    assert page["view"]["amount"] == "£11,476.20"  # type: ignore[index]
    assert EVERY == 1_147_620
    rows = list(csv.DictReader(io.StringIO((await ledger.get("lines/lines.csv")).content.decode("utf-8-sig"))))
    assert sum(in_pence(row["Amount (£)"]) for row in rows) == EVERY
    assert rows[0]["Because"] == "'=Freed from class."
    assert json.loads((await ledger.get("lines/lines.json")).content)["totals"]["pence"] == EVERY
    book = CalamineWorkbook.from_filelike(io.BytesIO((await ledger.get("lines/lines.xlsx")).content))
    (total,) = [row for row in book.get_sheet_by_name("Lines").to_python() if row[0] == "Total"]
    assert in_pence(total[7]) == EVERY
    paper = PdfReader(io.BytesIO((await ledger.get("lines/lines.pdf")).content))
    assert "£11,476.20" in " ".join(one.extract_text() for one in paper.pages)


async def test_a_selection_is_the_same_lines_everywhere(ledger: Ledger) -> None:
    urn = ledger.team.schools[1].urn
    asked = f"?period=month.2026-10&urn={urn}&rate=release&state=open"
    page = await ledger.page(f"lines{asked}")
    days = [row["day"] for row in page["lines"]]  # type: ignore[attr-defined]
    assert days == ["Friday 16 October 2026", "Sunday 25 October 2026"]
    for form in ("csv", "json", "xlsx"):
        content = (await ledger.get(f"lines/lines.{form}{asked}")).content
        assert content == (await ledger.get(f"lines/lines.{form}{asked}")).content
    told = json.loads((await ledger.get(f"lines/lines.json{asked}")).content)
    assert [one["day"] for one in told["lines"]] == ["2026-10-16", "2026-10-25"]


async def test_words_find_rates_and_programmes_by_the_names_that_people_see(ledger: Ledger, database: Database) -> None:
    async with database.transaction(ledger.team.group.hub_id) as db:
        await a_programme(db, await db.get_one(Hub, ledger.team.group.hub_id))
    page = await ledger.page("lines?by=programme")
    (programme,) = [one["name"] for one in page["view"]["rows"]]  # type: ignore[index]
    assert programme == "Development"
    rate = next(one.name for one in USUAL if one.key == "release")
    for words, count in ((programme, 60), (rate, 40), (f"{rate} develop", 40), ("ADJUSTMENT", 20), ("no such", 0)):
        found = await ledger.page(f"lines?{urlencode({'q': words})}")
        assert found["figures"][0]["counts"] == f"in {count} lines", words  # type: ignore[index]
    rows = list(csv.DictReader(io.StringIO((await ledger.get("lines/lines.csv")).content.decode("utf-8-sig"))))
    assert {row["Programme"] for row in rows} == {"development"}


async def test_pages_go_on_and_back_without_a_line_twice(ledger: Ledger) -> None:
    for sort in ("day", "-pence", "school"):
        first = await ledger.page(f"lines?sort={sort}")
        after = str(first["listing"]["next"]).removeprefix(f"{ledger.home}/")  # type: ignore[index]
        second = await ledger.page(after)
        seen = [row["href"] for page in (first, second) for row in page["lines"]]  # type: ignore[attr-defined]
        assert len(seen) == len(set(seen)) == 60
        assert not second["listing"]["next"]  # type: ignore[index]
        back = str(second["listing"]["previous"]).removeprefix(f"{ledger.home}/")  # type: ignore[index]
        assert (await ledger.page(back))["lines"] == first["lines"]


async def test_each_row_of_a_view_leads_to_its_own_lines(ledger: Ledger) -> None:
    for by in VIEWS:
        view = (await ledger.page(f"lines?by={by}"))["view"]
        for row in view["rows"][:4]:  # type: ignore[index]
            there = await ledger.page(row["href"].removeprefix(f"{ledger.home}/"))
            assert there["view"]["amount"] == row["amount"], row  # type: ignore[index]
        amounts = sum(in_pence(re.sub("[£,]", "", row["amount"])) for row in view["rows"])  # type: ignore[index]
        assert amounts == EVERY, by


async def test_what_cannot_be_read_is_refused_in_a_sentence(ledger: Ledger) -> None:
    for asked in ("first=soon", "first=2026-10-02&last=2026-10-01", "period=week.9", "year=x", "urn=abc", "after=zz"):
        answer = await ledger.get(f"lines?{asked}", 422)
        assert "There is a problem" in answer.text
    assert (await ledger.page("lines?state=lost&group=nowhere"))["lines"] == []


async def test_a_closed_statement_is_the_same_file_whatever_the_rates_are_now(
    ledger: Ledger, database: Database
) -> None:
    mine = ledger.statements[0]
    forms = ("csv", "xlsx", "json", "pdf")
    before = [(await ledger.get(f"statements/{mine.id}/statement.{form}")).content for form in forms]
    shipped = empty_card("X", YEAR)
    rate = to_data(replace(shipped, rates=(replace(shipped.rates[1], name="Another name"),)))["rates"]
    async with database.transaction(mine.hub_id) as db:
        for year, version in ((YEAR, 2), (YEAR + 1, 1)):
            db.add(RateCard(hub_id=mine.hub_id, year=year, version=version, rates=rate, made_at=NOW, published_at=NOW))
    assert [(await ledger.get(f"statements/{mine.id}/statement.{form}")).content for form in forms] == before


async def test_a_statement_is_taken_as_a_file_by_whoever_may_see_it(ledger: Ledger, database: Database) -> None:
    mine, other = ledger.statements
    for form in ("csv", "xlsx", "json", "pdf"):
        await ledger.get(f"statements/{mine.id}/statement.{form}")
    text = " ".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO((await ledger.get(f"statements/{mine.id}/statement.pdf")).content)).pages
    )
    assert "£5,738.10" in text
    assert mine.reference in text
    async with database.transaction(mine.hub_id) as db:
        hub = await db.get_one(Hub, mine.hub_id)
        await sign_in(db, ledger.client, await a_person(db, hub, Role.HEADTEACHER, head_of=mine.urn))
    await ledger.get(f"statements/{mine.id}/statement.csv")
    await ledger.get(f"statements/{other.id}/statement.csv", 404)
    await ledger.get("lines/lines.csv", 403)
