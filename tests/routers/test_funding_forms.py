"""The funder's form in a browser: begun, changed column by column, kept only when it is whole, and filled."""

import csv
import html
import io
import re
import uuid
from datetime import date

import httpx

from app.domain.access import Role
from app.models.funding import LedgerLine, StandingExport, Statement
from app.store.database import Database
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_person, sign_in


async def an_office(client: httpx.AsyncClient, database: Database) -> tuple[str, str, Team]:
    """A hub's address, the proof of its coordinator, and a Work Group whose two schools have a line each."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        row = Statement(
            hub_id=hub.id, year=YEAR, first=date(2026, 9, 1), last=date(2026, 12, 31),
            reference=f"{hub.code}-26-0001", opened_at=NOW,
        )  # fmt: skip
        db.add(row)
        await db.flush()
        for pence, school in zip((-1_250, 123_456), team.schools, strict=True):
            db.add(
                LedgerLine(
                    hub_id=hub.id,
                    statement_id=row.id,
                    key=f"release|{uuid.uuid4()}",
                    urn=school.urn,
                    payee="participant",
                    rate="release",
                    day=date(2026, 10, 1),
                    quantity=1,
                    of=2,
                    rate_pence=pence * 2,
                    pence=pence,
                    because="@cmd",
                )
            )
        csrf = await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
        return f"/hubs/{hub.code}/funder-forms", csrf, team


def typed(page: str, csrf: str, **changes: str) -> dict[str, str]:
    """What the editor would send: its fields as they stand, with these changed."""
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"[^>]*selected', inner)
        found[name] = chosen[0] if chosen else re.findall(r'<option value="([^"]*)"', inner)[0]
    return {**{name: html.unescape(value) for name, value in found.items()}, "csrf": csrf, **changes}


async def test_a_form_is_begun_changed_and_filled(client: httpx.AsyncClient, database: Database) -> None:
    home, csrf, team = await an_office(client, database)
    made = await client.post(home, data={"csrf": csrf, "name": "Claim 2026/27", "rows": "line"})
    assert made.status_code == 303, made.text
    here = made.headers["location"]
    again = await client.post(home, data={"csrf": csrf, "name": "Claim 2026/27", "rows": "line"})
    assert again.status_code == 422
    assert "The hub has a form of this name" in again.text

    page = (await client.get(here)).text
    assert "1234.56" in page
    moved = await client.post(here, data=typed(page, csrf, do="down.0"))
    assert "not saved yet" in moved.text
    first = re.findall(r'name="columns\.0\.source".*?<option value="([^"]*)"[^>]*selected', moved.text, re.DOTALL)
    assert first == ["school"]
    added = await client.post(here, data=typed(moved.text, csrf, do="add"))
    refused = await client.post(here, data=typed(added.text, csrf, do="save"))
    assert refused.status_code == 422
    assert "Enter the heading as the funder&#39;s form has it." in refused.text

    whole = typed(refused.text, csrf, do="save", **{"columns.8.name": "Code", "columns.8.source": "constant"})
    words = await client.post(here, data=whole)
    assert "Enter the words that every row has here." in words.text
    saved = await client.post(here, data=typed(words.text, csrf, do="save", **{"columns.8.constant": "=NCETM"}))
    assert saved.status_code == 303, saved.text
    stale = await client.post(here, data=typed(words.text, csrf, do="save", **{"columns.8.constant": "X"}))
    assert stale.status_code == 412

    file = (await client.get(f"{here}/export.csv?year=2026")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [(row["School's name"], row["Amount"], row["Code"]) for row in rows] == [
        (team.schools[0].name, "-12.50", "'=NCETM"),
        (team.schools[1].name, "1234.56", "'=NCETM"),
    ]
    assert rows[0]["Units"] == "0.5000"
    assert (await client.get(f"{here}/export.xlsx?year=2026")).content[:2] == b"PK"


async def test_a_form_that_an_export_needs_stays(client: httpx.AsyncClient, database: Database) -> None:
    home, csrf, team = await an_office(client, database)
    made = await client.post(home, data={"csrf": csrf, "name": "By school", "rows": "school"})
    here = made.headers["location"]
    rows = list(csv.reader(io.StringIO((await client.get(f"{here}/export.csv")).content.decode("utf-8-sig"))))
    assert [row[-1] for row in rows[1:]] == ["-12.50", "1234.56"]
    async with database.transaction(team.group.hub_id) as db:
        key = uuid.UUID(here.rpartition("/")[2])
        one = StandingExport(
            hub_id=team.group.hub_id, name="Monthly", form_id=key, format="csv", span="month", every="month",
            to="folder", next_on=NOW.date(), made_at=NOW,
        )  # fmt: skip
        db.add(one)
    refused = await client.post(f"{here}/delete", data={"csrf": csrf})
    assert refused.status_code == 409
    assert "Monthly" in refused.text
    async with database.transaction(team.group.hub_id) as db:
        await db.delete(one)
    assert (await client.post(f"{here}/delete", data={"csrf": csrf})).status_code == 303
    assert (await client.get(here)).status_code == 404
