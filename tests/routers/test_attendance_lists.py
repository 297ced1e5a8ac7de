"""Who came over the year: the lists, home, the API, and what they cost."""

from dataclasses import replace
from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from app.domain.access import Role
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.store.database import Database
from app.store.meetings import attendance
from tests.makers import a_meeting, a_person, book
from tests.routers.attended import Scene, a_saying, a_scene, address, as_who
from tests.routers.statements import statements


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await a_scene(database)


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
    said = (await client.get(f"{home}/events/{event.id}", headers=asking)).json()
    assert said["came"] == "Somebody came in your place"


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
