"""A head or a teacher leaves: what they hold goes to a successor at the school in the same act, looked at before."""

import re
from datetime import date
from typing import Any

import httpx
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.models.meetings import Participant
from app.models.notes import GapTask
from app.models.people import Person
from app.models.schools import HubSchool
from app.models.stages import ActionPlan, Barrier, PlanAction
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.makers import NOW, YEAR, a_group, a_meeting, a_person, a_record, a_visit_series, sign_in
from tests.routers.desks import Desk


async def test_open_actions_go_along_in_one_act_and_a_barrier_only_to_a_leader(
    database: Database, client: httpx.AsyncClient
) -> None:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub, code="NCP26-77")
        urn, teacher = team.schools[0].urn, team.participants[0]
        head = await a_person(db, desk.hub, Role.HEADTEACHER, head_of=urn, name="Hal Reed")
        colleague = await a_person(db, desk.hub, Role.PARTICIPANT, name="Ada Holt", base_urn=urn)
        group: dict[str, Any] = {"group_id": team.group.id, "hub_id": desk.hub.id}
        db.add(Participant(person_id=colleague.id, urn=urn, **group))
        held = await a_meeting(db, team, date(2026, 9, 24), status="held")
        await a_record(db, held, team.leader)
        db.add(GapTask(event_id=held.id, item="a", person_id=teacher.id, what="Bars", **group))
        plan = ActionPlan(hub_id=desk.hub.id, urn=urn, year=YEAR, made_at=NOW)
        db.add(plan)
        await db.flush()
        db.add(PlanAction(hub_id=desk.hub.id, plan_id=plan.id, what="Talk", owner_id=teacher.id, made_at=NOW))
        barrier: dict[str, Any] = {"lever": "schedules", "what": "No time", "due": date(2027, 1, 8), "made_at": NOW}
        db.add(Barrier(hub_id=desk.hub.id, urn=urn, owner_id=head.id, **barrier))
    assert "1 open gap task of" in await desk.get(f"/people/{teacher.id}/leave")
    assert await _give(desk, head, to=str(colleague.id)) == 409
    page = await desk.get(f"/people/{head.id}/hand-over?look=yes&to={colleague.id}")
    assert "takes part in NCP26-77: a barrier is a leader" in page
    assert await _give(desk, teacher, to=str(colleague.id), gone="yes") == 303
    assert {one.person_id for one in await desk.rows(GapTask)} == {colleague.id}
    assert {one.owner_id for one in await desk.rows(PlanAction)} == {colleague.id}
    new = {"to": str(desk.me.id), f"to-role-headteacher-{urn}": str(desk.me.id)}
    assert await _give(desk, head, **new) == 303
    assert {one.owner_id for one in await desk.rows(Barrier)} == {desk.me.id}
    told = [one for one in await desk.rows(TrailEntry) if one.did == "Handed over"]
    assert sum(len(one.facts["open_actions"]) for one in told) == 3


async def test_a_pack_holds_what_a_successor_needs_and_no_words_of_a_record(
    database: Database, client: httpx.AsyncClient
) -> None:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub, code="NCP26-77")
        urn, leader, teacher = team.schools[0].urn, team.leader, team.participants[0]
        held = await a_meeting(db, team, date(2026, 9, 24), status="held")
        await a_record(db, held, leader, "agreed", agreed_summary="Bars showed the halves.")
        await a_meeting(db, team, date(2026, 11, 26))
        await a_visit_series(db, team)
        kept: dict[str, Any] = {
            "hub_id": desk.hub.id,
            "item": "a",
            "person_id": leader.id,
            "what": "Try counting sticks",
        }
        db.add(GapTask(event_id=held.id, group_id=team.group.id, **kept))
        await a_person(db, desk.hub, Role.HEADTEACHER, head_of=urn, name="Hal Reed")
        own = (await db.execute(select(HubSchool).where(col(HubSchool.urn) == urn))).scalar_one()
        own.notes = "Park behind the church."
    page = await desk.get(f"/people/{leader.id}/pack")
    for said in ("NCP26-77", "26 November 2026", "1 open gap task", "Hal Reed", "Park behind the church.", "allowed"):
        assert said in page
    assert "Thursday 24 September 2026" in page
    assert "Bars showed" not in page
    assert "counting sticks" not in page
    made = await client.get(f"{desk.home}/people/{leader.id}/pack/pack.pdf")
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    async with database.transaction(desk.hub.id) as db:
        await sign_in(db, client, leader)
    assert teacher.name in await desk.get(f"/people/{teacher.id}/pack")
    assert (await client.get(f"{desk.home}/people/{desk.me.id}/pack")).status_code == 404


async def _give(desk: Desk, person: Person, **chosen: str) -> int:
    here = f"/people/{person.id}/hand-over"
    page = (await desk.client.get(desk.home + here, params={"look": "yes", **chosen})).text
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return (await desk.post(here, seen=found[1], **chosen)).status_code
