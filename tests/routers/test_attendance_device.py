"""Who came, from a device: what it is told, and what it says is answered for itself, once."""

import uuid
from datetime import date, timedelta

import httpx
import pytest

from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.people import Person
from app.store.database import Database
from tests.makers import NOW, a_group, a_hub, a_meeting
from tests.routers.attended import YESTERDAY, Scene, a_scene, address, as_who, said


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await a_scene(database)


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
