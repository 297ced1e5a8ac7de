"""Statements at the door: what was seen is what closes, a head sees the own school's, programs read in parts."""

import hashlib
import re
import uuid
from datetime import date
from typing import Any

import httpx
import pytest

from app.domain.access import Role
from app.models.funding import Adjustment, LedgerLine, Statement
from app.models.people import Person
from app.models.schools import School
from app.store import people
from app.store.database import Database
from tests.makers import NOW, YEAR, a_person, a_school, sign_in
from tests.routers.desks import Desk

TERM = date(2026, 9, 1), date(2026, 12, 31)


class Claims(Desk):
    """An office of two and two schools, each with an open statement of one line that was agreed besides."""

    second: Person
    schools: tuple[School, School]
    statements: tuple[uuid.UUID, uuid.UUID]

    async def begin(self) -> "Claims":
        await self.open()
        async with self.database.transaction(self.hub.id) as db:
            self.second = await a_person(db, self.hub, Role.HUB_LEAD, name="Lena Marsh")
            self.schools = await a_school(db, self.hub), await a_school(db, self.hub)
            first, last = TERM
            made = [
                Statement(
                    hub_id=self.hub.id, year=YEAR, first=first, last=last, reference=f"Ś{n}", urn=one.urn, opened_at=NOW
                )
                for n, one in enumerate(self.schools)
            ]
            db.add_all(made)
            await db.flush()
            self.statements = made[0].id, made[1].id
            db.add_all(self.line(one, 5000) for one in made)
        return self

    def line(self, of: Statement, pence: int, **more: Any) -> LedgerLine:
        earned: dict[str, Any] = {"payee": "participant", "rate": "", "day": NOW.date(), "kind": "adjustment"}
        units = {"quantity": 1, "of": 1, "rate_pence": pence, "pence": pence}
        key = {"hub_id": self.hub.id, "statement_id": of.id, "urn": of.urn, "key": "adjusted|other"}
        return LedgerLine(**{**key, **earned, **units, "because": "As agreed in May.", **more})

    async def as_(self, person: Person) -> None:
        async with self.database.transaction(self.hub.id) as db:
            self.csrf = await sign_in(db, self.client, person)


@pytest.fixture
async def claims(database: Database, client: httpx.AsyncClient) -> Claims:
    return await Claims(database, client).begin()


def _chosen(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', page)


async def test_what_was_seen_is_what_closes_and_another_person_approves(claims: Claims) -> None:
    one = claims.statements[0]
    here = f"/statements/{one}"
    assert "As agreed in May." in await claims.get(here)
    seen = _chosen(await claims.get(f"{here}/close"))
    async with claims.database.transaction(claims.hub.id) as db:
        db.add(claims.line(await db.get_one(Statement, one), 700))
    answer = await claims.post(f"{here}/close", chosen=seen)
    assert answer.status_code == 409
    assert "The figures have changed" in answer.text
    assert "£57.00" in answer.text
    answer = await claims.post(f"{here}/close", chosen=_chosen(answer.text))
    assert answer.status_code == 303, answer.text
    page = await claims.get(here)
    assert "You closed this statement: a second person of the hub approves it." in page
    assert f"{here}/approve" not in page
    frozen = await claims.get(f"{here}/frozen.jsonl")
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    assert digest in page
    assert (await claims.post(f"{here}/approve", chosen=f"{one}.2.0.0.0")).status_code == 403
    assert "you closed it" in await claims.get(f"{here}/approve")
    await claims.as_(claims.second)
    answer = await claims.post("/statements/approve", chosen=_chosen(await claims.get("/statements/approve?year=2026")))
    assert answer.status_code == 303, answer.text
    page = await claims.get(here)
    assert "has no finance reference yet" in page
    answer = await claims.post(f"{here}/submit", chosen=f"{one}.3.0.0.0")
    assert answer.status_code == 409
    assert "Enter one under Payees" in answer.text
    assert (await claims.post(f"{here}/reverse", version="3", because="")).status_code == 422
    assert (await claims.post(f"{here}/reverse", version="3", because="Too soon.")).status_code == 303
    for step in ("reverse", "pay"):  # no form for what would be refused
        answer = await claims.client.get(f"{claims.home}{here}/{step}")
        assert (answer.status_code, "This statement is “closed”" in answer.text) == (409, True)
    page = await claims.get(here)
    for said in ("Approval taken back", "Too soon.", "Lena Marsh", "Cora Lane"):
        assert said in page
    csv = await claims.get("/statements?format=csv&state=closed")
    assert csv.count("\n") == 2
    assert ",57.00,0.00,57.00," in csv
    assert await claims.get(f"{here}/frozen.jsonl") == frozen


async def test_a_program_is_never_the_second_person_whosever_token_it_holds(claims: Claims) -> None:
    here = f"/statements/{claims.statements[0]}"
    assert (await claims.post(f"{here}/close", chosen=_chosen(await claims.get(f"{here}/close")))).status_code == 303
    async with claims.database.transaction() as db:
        token = await people.new_api_token(db, claims.second.account_id, "Script", NOW)
    claims.client.cookies.clear()
    claims.client.headers["authorization"] = f"Bearer {token}"
    refused = await claims.client.post(
        f"{claims.home}{here}/approve", data={"chosen": f"{claims.statements[0]}.2.0.0.0"}
    )
    assert refused.status_code == 403
    assert "not a program" in refused.text
    (row,) = [one for one in await claims.rows(Statement) if one.id == claims.statements[0]]
    assert row.state == "closed"


async def test_an_adjustment_says_beside_each_field_what_to_change(claims: Claims) -> None:
    answer = await claims.post("/adjustments", year="2026", amount="12,5", day="2026-12-01", why="", school="")
    assert answer.status_code == 422
    for said in ("is not an amount", "Choose a school.", "Choose what kind", "the school reads it"):
        assert said in answer.text
    urn = str(claims.schools[0].urn)
    form = {"year": "2026", "amount": "-£1,012.50", "day": "2026-12-01", "why": "repaid", "school": urn}
    answer = await claims.post("/adjustments", **form, because="=Paid back")
    assert answer.status_code == 303, answer.text
    (made,) = await claims.rows(Adjustment)
    assert (made.pence, made.payee) == (-101250, "participant")
    assert "a second person of the hub agrees" in await claims.get(f"/adjustments/{made.id}")
    assert "'=Paid back" in await claims.get("/adjustments?format=csv")
    for step, status in (("agree", 409), ("decline", 409), ("take-back", 200)):
        assert (await claims.client.get(f"{claims.home}/adjustments/{made.id}/{step}")).status_code == status, step
    await claims.as_(claims.second)
    assert (await claims.post(f"/adjustments/{made.id}/agree", version="1")).status_code == 303
    page = await claims.get(f"/adjustments/{made.id}")
    assert "In statement Ś0" in page
    for step in ("agree", "decline", "take-back"):
        assert (await claims.client.get(f"{claims.home}/adjustments/{made.id}/{step}")).status_code == 409, step
    (line,) = [one for one in await claims.rows(LedgerLine) if one.pence < 0]
    assert "-£1,012.50" in await claims.get(f"/lines/{line.id}")


async def test_a_head_sees_the_own_schools_statements_and_lines_alone(claims: Claims) -> None:
    lines = {one.urn: one.id for one in await claims.rows(LedgerLine)}
    own, other = claims.schools
    async with claims.database.transaction(claims.hub.id) as db:
        head = await a_person(db, claims.hub, Role.HEADTEACHER, head_of=own.urn)
    await claims.as_(head)
    page = await claims.get("/statements")
    assert own.name in page
    assert other.name not in page
    page = await claims.get(f"/statements/{claims.statements[0]}")
    assert "/close" not in page
    assert "/move" not in await claims.get(f"/lines/{lines[own.urn]}")
    for path, status in (
        (f"/statements/{claims.statements[1]}", 404),
        (f"/lines/{lines[other.urn]}", 404),
        (f"/statements/{claims.statements[0]}/close", 403),
        ("/adjustments", 403),
    ):
        assert (await claims.client.get(claims.home + path)).status_code == status, path
    assert (await claims.client.get(f"/api/v1/hubs/{claims.hub.code}/lines")).status_code == 403
    async with claims.database.transaction(claims.hub.id) as db:
        (await db.get_one(Statement, claims.statements[0])).urn = None  # now the hub's own: of every school
    page = await claims.get(f"/lines/{lines[own.urn]}")
    assert "In statement Ś0" in page
    for path in (f"/statements/{claims.statements[0]}", f"/statements/{claims.statements[0]}/statement.json"):
        assert path not in page
        assert (await claims.client.get(claims.home + path)).status_code == 404


async def test_a_statement_of_many_lines_takes_as_many_statements_and_programs_read_it_in_parts(claims: Claims) -> None:
    here = f"/statements/{claims.statements[0]}"
    few = await claims.queries_of(here)
    async with claims.database.transaction(claims.hub.id) as db:
        row = await db.get_one(Statement, claims.statements[0])
        db.add_all(claims.line(row, 100 + k, because=f"Thing {k}.") for k in range(60))
    assert await claims.queries_of(here) == few <= 20
    assert "1 to 50 of 61" in await claims.get(here)
    assert "Thing 7." in await claims.get(f"{here}?q=thing+7.")
    api = f"/api/v1/hubs/{claims.hub.code}"
    first = (await claims.client.get(f"{api}/lines?limit=40&statement={claims.statements[0]}")).json()
    rest = await claims.client.get(f"{api}/lines?limit=40&statement={claims.statements[0]}&after={first['next']}")
    found = [*first["items"], *rest.json()["items"]]
    assert (len(found), len({one["id"] for one in found}), rest.json()["next"]) == (61, 61, None)
    answer = await claims.client.get(f"{api}/statements?state=open&year=2026")
    inside = {one["reference"]: (one["lines"], one["pence"]) for one in answer.json()["items"]}
    assert inside == {"Ś0": (61, sum(one["pence"] for one in found)), "Ś1": (1, 5000)}
