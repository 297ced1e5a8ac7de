"""Who came: the leader's grid, corrections, the history, and who sees what."""

from datetime import date

import httpx
import psycopg
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.meetings import Event, Invitation
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.databases import app_address
from tests.makers import a_group, a_hub, a_meeting, a_person
from tests.routers.attended import Scene, a_scene, address, as_who, line, said


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await a_scene(database)


async def test_the_leader_says_who_came_and_marks_it_held(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, ben = team.participants
    csrf = await as_who(database, client, team.leader)
    assert "Mark it as held" in (await client.get(address(client, event))).text
    visitor = new_id()
    form = {"csrf": csrf, "held": "yes", **line(ann, "part", minutes="9.30-11"), **line(ben, "absent", because="Ill")}
    form |= {f"name-{visitor}": "Vera Vane", f"school-{visitor}": "County Office", f"seen-{visitor}": "0"}
    answer = await client.post(address(client, event), data=form)
    assert answer.status_code == 303, answer.text
    kept = {one.guest_id: one for one in await said(database, event)}
    assert (kept[ann.id].state, kept[ann.id].minutes, kept[ann.id].by_id) == ("part", 90, team.leader.id)
    assert (kept[ben.id].state, kept[ben.id].because) == ("absent", "Ill")
    assert (kept[visitor].name, kept[visitor].organisation) == ("Vera Vane", "County Office")
    page = (await client.get(address(client, event))).text
    assert "1 of 2 came and 1 visitor" in page
    async with database.transaction(event.hub_id) as db:
        assert (await db.get_one(Event, event.id)).status == "held"
        did = (await db.execute(select(col(TrailEntry.did)))).scalars().all()
        assert "Said who came to" in did
    again = await client.post(address(client, event), data=form)
    assert again.status_code in {303, 409}
    assert len(await said(database, event)) == 3, "sent twice is kept once"


async def test_everyone_is_here_fills_the_rest(client: httpx.AsyncClient, database: Database, scene: Scene) -> None:
    team, event = scene
    ann, ben = team.participants
    csrf = await as_who(database, client, team.leader)
    form = {"csrf": csrf, "everyone": "yes", **line(ann, "absent"), **line(ben, "")}
    assert (await client.post(address(client, event), data=form)).status_code == 303
    assert {one.guest_id: one.state for one in await said(database, event)} == {ann.id: "absent", ben.id: "present"}


async def test_a_mistake_loses_nothing_that_was_typed(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, ben = team.participants
    csrf = await as_who(database, client, team.leader)
    form = {"csrf": csrf, **line(ann, "part", minutes="a while"), **line(ben, "absent", because="At the dentist")}
    visitor = new_id()
    form |= {f"name-{visitor}": "Vera Vane", f"seen-{visitor}": "0"}
    answer = await client.post(address(client, event), data=form)
    assert answer.status_code == 422
    for words in ("a while", "At the dentist", "Vera Vane", "Say how long they were there"):
        assert words in answer.text
    assert await said(database, event) == []


async def test_two_who_fill_it_at_once_lose_nothing(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, ben = team.participants
    async with database.transaction(event.hub_id) as db:
        office = await a_person(db, await db.get_one(Hub, event.hub_id), Role.COORDINATOR, name="Cora Coombe")
    csrf = await as_who(database, client, office)
    await client.post(address(client, event), data={"csrf": csrf, **line(ann, "absent", because="Ill")})
    csrf = await as_who(database, client, team.leader)
    form = {"csrf": csrf, **line(ann, "present"), **line(ben, "present")}
    answer = await client.post(address(client, event), data=form)
    assert answer.status_code == 409
    assert "Cora Coombe said absent" in answer.text
    kept = await said(database, event)
    assert [(one.guest_id, one.state) for one in kept] == [(ann.id, "absent"), (ben.id, "present")]
    form = {"csrf": csrf, **line(ann, "present", kept[0].number), **line(ben, "present", kept[1].number)}
    assert (await client.post(address(client, event), data=form)).status_code == 303
    assert [one.state for one in await said(database, event)] == ["absent", "present", "present"]


async def test_a_late_change_needs_a_because_which_stays_in_the_history(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        event = await a_meeting(db, team, date(2026, 11, 12))
    ann = team.participants[0]
    csrf = await as_who(database, client, team.leader)
    assert "Why is it corrected?" in (await client.get(address(client, event))).text
    refused = await client.post(address(client, event), data={"csrf": csrf, **line(ann, "present")})
    assert refused.status_code == 422
    assert "Say why it is corrected" in refused.text
    form = {"csrf": csrf, "correction": "The paper sheet turned up", **line(ann, "present")}
    assert (await client.post(address(client, event), data=form)).status_code == 303
    history = (await client.get(address(client, event, "/attendance/history"))).text
    assert "The paper sheet turned up" in history
    assert team.leader.name in history


async def test_nobody_says_who_came_before_it_begins_or_to_what_was_cancelled(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    async with database.transaction(event.hub_id) as db:
        ahead = await a_meeting(db, team, slot_key="ahead")
        (await db.get_one(Event, event.id)).status = "cancelled"
    csrf = await as_who(database, client, team.leader)
    for one in (ahead, event):
        form = {"csrf": csrf, **line(team.participants[0], "present")}
        assert (await client.post(address(client, one), data=form)).status_code == 409


async def test_each_sees_what_is_theirs(client: httpx.AsyncClient, database: Database, scene: Scene) -> None:
    team, event = scene
    ann, ben = team.participants
    csrf = await as_who(database, client, team.leader)
    form = {"csrf": csrf, **line(ann, "absent", because="A funeral"), **line(ben, "absent", because="A cold")}
    await client.post(address(client, event), data=form)
    async with database.transaction(event.hub_id) as db:
        hub = await db.get_one(Hub, event.hub_id)
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn)
        other_lead = await a_person(db, hub, Role.SPECIALIST)
    everything = {ann.name, ben.name, "A funeral", "A cold"}
    expected = [
        (ann, {ann.name, "A funeral"}),
        (head, {ann.name}),
        (other_lead, set[str]()),
        (team.leader, everything),
    ]
    for viewer, seen in expected:
        await as_who(database, client, viewer)
        for tail in ("/attendance", "/attendance/history"):
            answer = await client.get(address(client, event, tail), headers={"accept": "application/json"})
            assert answer.status_code == (200 if seen else 404), (viewer.name, answer.text)
            told = answer.text
            assert {words for words in everything if f'"{words}"' in told} == seen, (viewer.name, tail)
    csrf = await as_who(database, client, ann)
    refused = await client.post(address(client, event), data={"csrf": csrf, **line(ann, "present")})
    assert refused.status_code == 403


async def test_a_stand_in_of_the_hub_stands_with_whom_they_stand_in_for(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, _ = team.participants
    async with database.transaction(event.hub_id) as db:
        dee = await a_person(db, await db.get_one(Hub, event.hub_id), Role.PARTICIPANT, name="Dee Dew")
        db.add(Invitation(hub_id=event.hub_id, event_id=event.id, person_id=ann.id, answer="no", stand_in_id=dee.id))
    csrf = await as_who(database, client, team.leader)
    page = (await client.get(address(client, event), headers={"accept": "application/json"})).json()
    assert next(row for row in page["guests"] if row["guest"] == str(ann.id))["stand_in"] == "Dee Dew"
    form = {"csrf": csrf, **line(ann, "stand_in", stand_in="dee dew")}
    await client.post(address(client, event), data=form)
    kept = (await said(database, event))[0]
    assert (kept.guest_id, kept.person_id, kept.name, kept.state) == (ann.id, dee.id, "", "stand_in")


def test_what_was_said_cannot_be_changed_or_removed_by_the_app(owner: str) -> None:
    for words in ("UPDATE attendance SET state = 'absent'", "DELETE FROM attendance"):
        with psycopg.connect(app_address(owner)) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(words)
