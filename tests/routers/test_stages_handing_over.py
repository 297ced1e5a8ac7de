"""A head or a teacher leaves: what they hold goes to a successor at the school in the same act, looked at before."""

import re
from datetime import date

import httpx

from app.domain.access import Role
from app.models.meetings import Participant
from app.models.notes import GapTask
from app.models.people import Person
from app.models.stages import ActionPlan, Barrier, PlanAction
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.makers import NOW, YEAR, a_group, a_meeting, a_person, a_record
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
        group = {"group_id": team.group.id, "hub_id": desk.hub.id}
        db.add(Participant(person_id=colleague.id, urn=urn, **group))
        held = await a_meeting(db, team, date(2026, 9, 24), status="held")
        await a_record(db, held, team.leader)
        db.add(GapTask(event_id=held.id, item="a", person_id=teacher.id, what="Bars", **group))
        plan = ActionPlan(hub_id=desk.hub.id, urn=urn, year=YEAR, made_at=NOW)
        db.add(plan)
        await db.flush()
        db.add(PlanAction(hub_id=desk.hub.id, plan_id=plan.id, what="Talk", owner_id=teacher.id, made_at=NOW))
        barrier = {"lever": "schedules", "what": "No time", "due": date(2027, 1, 8), "made_at": NOW}
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


async def _give(desk: Desk, person: Person, **chosen: str) -> int:
    here = f"/people/{person.id}/hand-over"
    page = (await desk.client.get(desk.home + here, params={"look": "yes", **chosen})).text
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return (await desk.post(here, seen=found[1], **chosen)).status_code
