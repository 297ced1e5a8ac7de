"""Who came: the leader's grid, corrections, the history, who sees what, and what a device says."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.domain.meetings.attendance import Said
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.meetings import Event, Invitation
from app.models.people import Person
from app.models.trail import TrailEntry
from app.store.database import Database
from app.store.meetings import attendance
from tests.databases import app_address
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, book, sign_in
from tests.routers.statements import statements

YESTERDAY = date(2026, 11, 20)
Scene = tuple[Team, Event]


@pytest.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        return team, await a_meeting(db, team, YESTERDAY)


async def as_who(database: Database, client: httpx.AsyncClient, person: Person) -> str:
    async with database.transaction(person.hub_id) as db:
        hub = await db.get_one(Hub, person.hub_id)
        client.headers["x-hub"] = hub.code
        return await sign_in(db, client, person)


def address(client: httpx.AsyncClient, event: Event, tail: str = "/attendance") -> str:
    return f"/hubs/{client.headers['x-hub']}/events/{event.id}{tail}"


async def said(database: Database, event: Event) -> list[Said]:
    async with database.transaction(event.hub_id) as db:
        return (await attendance.said_of(db, [event.id]))[event.id]


def line(person: Person, state: str, seen: int = 0, **more: str) -> dict[str, str]:
    own = {f"{name}-{person.id}": value for name, value in more.items()}
    return {f"state-{person.id}": state, f"seen-{person.id}": str(seen), **own}


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
            assert answer.status_code == 200, (viewer.name, answer.text)
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


def op(event: Event, person: Person | uuid.UUID, state: str, **more: object) -> dict[str, object]:
    guest = person if isinstance(person, uuid.UUID) else person.id
    said_at = (NOW - timedelta(hours=2)).isoformat()
    values = {"op_id": str(new_id()), "event": str(event.id), "guest": str(guest), "state": state, "said_at": said_at}
    return {**values, **more}


async def push(client: httpx.AsyncClient, csrf: str, *ops: dict[str, object]) -> list[dict[str, str]]:
    answer = await client.post(
        "/my/attendance/operations", json={"operations": list(ops)}, headers={"x-csrf-token": csrf}
    )
    assert answer.status_code == 200, answer.text
    told: list[dict[str, str]] = answer.json()["answers"]
    return told


async def test_a_device_gets_what_its_owner_leads_and_says_who_came_once(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, ben = team.participants
    csrf = await as_who(database, client, team.leader)
    told = (await client.get("/my/attendance/device")).json()["events"]
    assert [one["event"] for one in told] == [str(event.id)]
    assert {one["guest"] for one in told[0]["guests"]} == {str(ann.id), str(ben.id)}
    assert told[0]["late"] is False
    visitor = new_id()
    ops = [
        op(event, ann, "present"),
        op(event, ben, "absent", because="Ill"),
        op(event, visitor, "visitor", name="Vera Vane", school=team.schools[0].name),
    ]
    assert [one["outcome"] for one in await push(client, csrf, *ops)] == ["kept"] * 3
    assert [one["outcome"] for one in await push(client, csrf, *ops)] == ["known"] * 3
    kept = {one.guest_id: one for one in await said(database, event)}
    assert (kept[visitor].urn, kept[visitor].how) == (team.schools[0].urn, "device")
    told = (await client.get("/my/attendance/device")).json()["events"][0]
    assert {one["guest"]: one["state"] for one in told["guests"]} == {str(ann.id): "present", str(ben.id): "absent"}
    assert told["visitors"][0]["school"] == team.schools[0].name


async def test_what_a_device_may_not_say_is_refused_and_stops_nothing_else(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, _ = team.participants
    async with database.transaction() as db:
        foreign = await a_meeting(db, await a_group(db, await a_hub(db)), YESTERDAY)
    async with database.transaction(event.hub_id) as db:
        others = await a_meeting(db, await a_group(db, await db.get_one(Hub, event.hub_id)), YESTERDAY)
        late = await a_meeting(db, team, date(2026, 11, 10), slot_key="late")
    csrf = await as_who(database, client, team.leader)
    answers = await push(
        client,
        csrf,
        op(foreign, ann, "present"),
        op(others, ann, "present"),
        op(event, new_id(), "present"),
        op(event, ann, "part", minutes=999),
        op(late, ann, "present"),
        op(event, ann, "asleep"),
        {"op_id": "nonsense"},
        op(late, ann, "present", correction="The sheet turned up"),
    )
    assert [one["outcome"] for one in answers] == ["refused"] * 7 + ["kept"]
    assert all(one["because"].endswith(".") for one in answers[:7])
    assert answers[0]["because"] == answers[1]["because"]


async def test_the_newest_by_the_devices_clock_counts_but_never_one_of_tomorrow(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, _ = team.participants
    csrf = await as_who(database, client, team.leader)
    await push(client, csrf, op(event, ann, "present", said_at=NOW.replace(year=2030).isoformat()))
    await push(client, csrf, op(event, ann, "absent"))
    kept = await said(database, event)
    assert [one.said_at <= one.at for one in kept] == [True, True]
    assert kept[0].said_at > kept[1].said_at
    assert "1 of 2 came" in (await client.get(address(client, event))).text


async def test_lists_of_the_year_tell_counts_what_is_unsaid_and_absences_in_a_row(
    client: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, ben = team.participants
    async with database.transaction(event.hub_id) as db:
        earlier = await a_meeting(db, team, date(2026, 10, 1), slot_key="earlier")
        unsaid = await a_meeting(db, team, date(2026, 10, 8), slot_key="unsaid")
        for one, states in ((earlier, ("absent", "absent")), (event, ("absent", "stand_in"))):
            pairs = zip((ann, ben), states, strict=True)
            await attendance.keep(db, [a_saying(one, person, state) for person, state in pairs])
        coordinator = await a_person(db, await db.get_one(Hub, event.hub_id), Role.COORDINATOR)
    await as_who(database, client, coordinator)
    home = f"/hubs/{client.headers['x-hub']}"
    asking = {"accept": "application/json"}
    told = (await client.get(f"{home}/attendance", headers=asking)).json()
    assert [(one["came"], one["booked"], one["absent"]) for one in told["events"]] == [(0, 2, 2), (0, 2, 0), (1, 2, 1)]
    told = (await client.get(f"{home}/attendance?view=unsaid", headers=asking)).json()
    assert [one["href"] for one in told["events"]] == [f"{home}/events/{unsaid.id}/attendance"]
    told = (await client.get(f"{home}/attendance?view=absences", headers=asking)).json()
    assert [(one["name"], one["count"]) for one in told["people"]] == [(ann.name, 2)]
    csv = (await client.get(f"{home}/attendance?view=absences&format=csv")).text
    assert ann.name in csv
    narrowed = f"{home}/attendance?school={team.schools[1].urn}&half_term=1&group={team.group.id}&sort=-came"
    told = (await client.get(narrowed, headers=asking)).json()
    assert [(one["came"], one["booked"]) for one in told["events"]] == [(0, 1), (0, 1)]
    page = (await client.get(home)).text
    assert "1 person has missed two meetings in a row" in page
    assert "1 of 2 came" in (await client.get(f"{home}/events/{event.id}")).text
    assert "/attendance?group=" in (await client.get(f"{home}/groups/{team.group.id}")).text
    assert "/attendance?school=" in (await client.get(f"{home}/schools/{team.schools[0].urn}")).text
    await as_who(database, client, team.leader)
    assert "Say who came to the meeting" in (await client.get(home)).text
    await as_who(database, client, ben)
    told = (await client.get(f"{home}/attendance", headers=asking)).json()
    assert [(one["came"], one["booked"]) for one in told["events"]] == [(0, 1), (0, 1), (1, 1)]


def a_saying(event: Event, person: Person, state: str) -> Said:
    return Said(
        op_id=new_id(),
        hub_id=event.hub_id,
        event_id=event.id,
        guest_id=person.id,
        person_id=person.id,
        state=state,
        said_at=event.ends_at,
        at=event.ends_at,
    )


async def test_more_events_and_guests_take_no_more_statements(
    client: httpx.AsyncClient, app: FastAPI, database: Database, scene: Scene
) -> None:
    team, event = scene
    await as_who(database, client, team.leader)
    pages = [f"/hubs/{client.headers['x-hub']}/attendance", f"/hubs/{client.headers['x-hub']}/attendance?view=absences"]
    pages += [address(client, event), address(client, event, "/attendance/history"), "/my/attendance/device"]
    counts = []
    for _ in range(2):
        counted = []
        for page in pages:
            with statements(app) as seen:
                assert (await client.get(page)).status_code == 200
            counted.append(len(seen))
        counts.append(counted)
        async with database.transaction(event.hub_id) as db:
            guests = [await a_person(db, await db.get_one(Hub, event.hub_id), Role.PARTICIPANT) for _ in range(3)]
            more = await a_meeting(db, team, date(2026, 11, 17 + len(counts)), slot_key=f"more{len(counts)}")
            for one in (event, more):
                for guest in guests:
                    await book(db, one, guest, "comes")
                await attendance.keep(db, [a_saying(one, guest, "absent") for guest in guests])
    assert counts[0] == counts[1]


async def test_the_api_tells_programs_what_stands_in_parts_and_each_asker_what_is_theirs(
    client: httpx.AsyncClient, app: FastAPI, database: Database, scene: Scene
) -> None:
    team, event = scene
    ann, ben = team.participants
    async with database.transaction(event.hub_id) as db:
        first = [a_saying(event, ann, "present"), a_saying(event, ben, "present")]
        later = [replace(one, op_id=new_id(), state="absent", because="Ill") for one in first]
        vera = replace(a_saying(event, ann, "visitor"), guest_id=new_id(), person_id=None, name="Vera Vane")
        await attendance.keep(db, [*first, *later, vera])
        hub = await db.get_one(Hub, event.hub_id)
        office = await a_person(db, hub, Role.COORDINATOR)
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn)
    await as_who(database, client, office)
    path = f"/api/v1/hubs/{client.headers['x-hub']}/attendance"
    items, after = [], ""
    while True:
        answer = (await client.get(path, params={"limit": 2, "after": after, "year": event.year})).json()
        items += answer["items"]
        if not (after := answer["next"]):
            break
    assert [(one["state"], one["because"], one["name"]) for one in items] == [
        ("absent", "Ill", ""),
        ("absent", "Ill", ""),
        ("visitor", "", "Vera Vane"),
    ]
    assert (await client.get(path, params={"person": str(ann.id)})).json()["items"][0]["guest"]["name"] == ann.name
    for viewer, whole in ((head, [(ann.name, "")]), (ben, [(ben.name, "Ill")])):
        await as_who(database, client, viewer)
        told = (await client.get(path)).json()["items"]
        assert [(one["guest"]["name"], one["because"]) for one in told] == whole
    await as_who(database, client, team.leader)
    with statements(app) as seen:
        assert len((await client.get(path)).json()["items"]) == 3
    assert len(seen) <= 12
