"""Visits left, schools that a rule speaks of, the rules themselves, and the Board's report, as each role sees them."""

from datetime import date, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.kit.ids import new_id
from app.models.meetings import Attendance
from app.models.stages import Barrier, Enrolment
from app.store.database import Database
from tests import makers
from tests.makers import NOW, YEAR, Team
from tests.routers.statements import statements

HOME = "/hubs/MOOR"
JSON = {"accept": "application/json"}


async def a_watched_group(db: AsyncSession) -> Team:
    """Two schools that are visited twice this term: one has had a visit, the other misses meetings."""
    hub = await makers.a_hub(db, code="MOOR")
    team = await makers.a_group(db, hub, schools=2, code="NCP26-11-03")
    series = await makers.a_visit_series(db, team, (0, 1))
    visit = {"kind": "visit", "slot_key": "VISIT/0", "status": "held", "series_id": series.id, "group_id": None}
    await makers.a_meeting(db, team, date(2026, 9, 15), **visit)
    for day in (date(2026, 9, 22), date(2026, 11, 10)):
        event = await makers.a_meeting(db, team, day, status="held")
        for person, state in zip(team.participants, ("present", "absent"), strict=True):
            said: dict[str, Any] = {"guest_id": person.id, "person_id": person.id, "state": state, "how": "grid"}
            db.add(Attendance(op_id=new_id(), hub_id=hub.id, event_id=event.id, said_at=NOW, at=NOW, **said))
    found: dict[str, Any] = {"lever": "schedules", "what": "No time.", "owner": "Head", "made_at": NOW - timedelta(30)}
    db.add(Barrier(hub_id=hub.id, urn=team.schools[0].urn, due=date(2026, 11, 1), **found))
    await db.flush()
    return team


async def test_the_office_sees_what_is_left_and_whom_a_rule_speaks_of(
    database: Database, client: httpx.AsyncClient, app: FastAPI
) -> None:
    async with database.transaction() as db:
        team = await a_watched_group(db)
        hub = await db.get_one(makers.Hub, team.group.hub_id)
        await makers.sign_in(db, client, await makers.a_person(db, hub, Role.HUB_LEAD))
    first, second = team.schools
    with statements(app) as few:
        page = await client.get(f"{HOME}/entitlement")
    assert f"You have 1 visit left to book at {first.name} before Wednesday 21 July 2027." in page.text
    assert (await client.get(f"{HOME}/entitlement?state=overdue", headers=JSON)).json()["listing"]["total"] == 0
    sheet = (await client.get(f"{HOME}/entitlement?format=csv&sort=-name")).text
    assert f"{first.urn},{first.name},,NCP26-11-03,{team.leader.name},2,2,1,0,0,1,0,no,2027-07-21,2027-07-21" in sheet
    now = (await client.get(f"{HOME}/this-half-term", headers=JSON)).json()
    assert [(one["school"], one["to_book"]) for one in now["lines"]] == [(first.name, 1), (second.name, 1)]
    risk = (await client.get(f"{HOME}/risk")).text
    assert "A lead participant has missed 2 meetings in a row" in risk
    assert team.participants[1].name not in risk
    narrowed = (await client.get(f"{HOME}/risk?rule=barrier", headers=JSON)).json()
    assert [one["school"] for one in narrowed["lines"]] == [first.name]
    assert "A barrier is 20 days past its day." in (await client.get(f"{HOME}/risk?format=csv&rule=barrier")).text
    assert "Rules of risk speak of 2 schools" in (await client.get(f"{HOME}/picture")).text
    async with database.transaction(hub.id) as db:
        await makers.a_group(db, hub, schools=12)
    with statements(app) as many:
        await client.get(f"{HOME}/entitlement")
    assert len(many) == len(few)


async def test_a_lead_sees_their_own_half_term_first(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        team = await a_watched_group(db)
        hub = await db.get_one(makers.Hub, team.group.hub_id)
        other = await makers.a_group(db, hub, schools=1)
        await makers.sign_in(db, client, team.leader)
    now = (await client.get(f"{HOME}/this-half-term", headers=JSON)).json()
    assert now["whose"] == "Schools that you visit."
    assert other.schools[0].name not in str(now)
    assert "2 visits are left to book this half term." in (await client.get(HOME)).text
    assert (await client.get(f"{HOME}/rules/absences")).status_code == 200
    assert (await client.get(f"{HOME}/report")).status_code == 403


async def test_a_rule_is_looked_at_before_it_is_kept(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        team = await a_watched_group(db)
        hub = await db.get_one(makers.Hub, team.group.hub_id)
        csrf = await makers.sign_in(db, client, await makers.a_person(db, hub, Role.COORDINATOR))
    absences = f"{HOME}/rules/absences"
    assert "No school&#39;s last year is known yet" in (await client.get(f"{HOME}/rules")).text
    wrong = await client.get(f"{absences}?active=on&number=nine")
    assert (wrong.status_code, "Enter a whole number from 1 to 6." in wrong.text) == (422, True)
    look = await client.get(f"{absences}?active=on&number=3")
    assert "Speaks of 1 school now, and of no school last year." in look.text
    off = await client.get(f"{absences}?active=off&number=2")
    assert "Speaks of no school now, and of no school last year." in off.text
    assert "missed 2 meetings in a row" in (await client.get(f"{HOME}/risk")).text
    form = {"csrf": csrf, "active": "on", "number": "3"}
    assert (await client.post(absences, data={**form, "number": "0"})).status_code == 422
    assert (await client.post(absences, data={"csrf": csrf})).status_code == 422
    assert (await client.post(absences, data=form)).status_code == 303
    assert "missed 2 meetings in a row" not in (await client.get(f"{HOME}/risk")).text
    assert (await client.post(f"{HOME}/rules/nothing", data=form)).status_code == 404


async def test_the_board_reads_counts_and_no_small_number(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        team = await a_watched_group(db)
        hub = await db.get_one(makers.Hub, team.group.hub_id)
        programme = await makers.a_programme(db, hub)
        for _ in range(7):
            urn = (await makers.a_school(db, hub)).urn
            begun: dict[str, Any] = {"kind": "development", "state": "active", "began_on": date(2026, 9, 10)}
            db.add(Enrolment(hub_id=hub.id, urn=urn, programme_id=programme.id, year=YEAR, **begun))
        urn = team.schools[0].urn
        gone: dict[str, Any] = {"kind": "readiness", "state": "withdrawn", "withdrawn_on": date(2026, 11, 1)}
        db.add(Enrolment(hub_id=hub.id, urn=urn, programme_id=team.group.programme_id, year=YEAR, **gone))
        await makers.sign_in(db, client, await makers.a_person(db, hub, Role.BOARD))
    page = (await client.get(f"{HOME}/report", headers=JSON)).json()
    told = {one["key"]: {row["label"]: row["cells"] for row in one["rows"]} for one in page["sections"]}
    assert told["stages"]["Development"] == ["7"]
    assert told["stages"]["Mastery Readiness"] == ["0"]
    assert set(map(tuple, told["withdrawn"].values())) == {("fewer than 5",)}
    assert told["barriers"]["In all"] == ["fewer than 5", "0"]
    assert not any(person.name in str(page) for person in (team.leader, *team.participants))
    wrong = await client.get(f"{HOME}/report?from=2026-12-01&to=yesterday")
    assert (wrong.status_code, "This is not a day that exists" in wrong.text) == (422, True)
    assert "Development,How many,7" in (await client.get(f"{HOME}/report?format=csv")).text
    paper = await client.get(f"{HOME}/report/report.pdf?from=2026-09-01")
    assert paper.headers["content-type"] == "application/pdf"
    assert b"pdfuaid:part" in paper.content
