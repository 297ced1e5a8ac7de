"""Work Groups through the API: made, joined, visited, left; on the version that was read."""

import httpx

from app.domain.access import Role
from app.store import people
from app.store.database import Database
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_person, a_programme, a_school
from tests.routers.test_api_writes import BASE, a_token, the


async def test_a_work_group_is_made_joined_visited_and_left(client: httpx.AsyncClient, database: Database) -> None:
    hub = await a_token(database, client)
    async with database.transaction(hub.id) as db:
        programme = await a_programme(db, hub)
        leader = await a_person(db, hub, Role.SPECIALIST)
        teacher = await a_person(db, hub, Role.PARTICIPANT)
        school = await a_school(db, hub)
    sent = {"year": YEAR, "code": "NCP26-11-03", "programme_id": str(programme.id), "leader_id": str(leader.id)}
    made = await client.post(f"{BASE}/groups", json=sent)
    assert made.status_code == 201, made.text
    one = made.headers["location"]
    twice = await client.post(f"{BASE}/groups", json=sent)
    assert (twice.status_code, twice.json()["errors"][0]["path"]) == (422, "/code")

    joined = await client.post(f"{one}/schools", json={"urn": school.urn})
    assert [visit["urn"] for visit in joined.json()["visits"]] == [school.urn]
    takes = {"person_id": str(teacher.id), "urn": school.urn, "role": "maths lead"}
    taken = await client.post(f"{one}/participants", json=takes)
    assert [person["id"] for person in taken.json()["participants"]] == [str(teacher.id)]
    again = await client.post(f"{one}/participants", json=takes)
    assert (again.status_code, again.json()["errors"][0]["path"]) == (422, "/person_id")

    _, version = await the(client, one)
    visits = {"visitor_id": str(leader.id), "half_terms": [5, 1]}
    written = await client.put(f"{one}/visits/{school.urn}", json=visits, headers=version)
    assert written.json()["visits"][0]["half_terms"] == [1, 5]
    changed = await client.patch(
        one,
        json={"first_host_urn": school.urn, "half_days": {"am": {"starts": "10:00", "ends": "12:30"}}},
        headers={"If-Match": written.headers["etag"]},
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["half_days"] == {"am": {"starts": "10:00", "ends": "12:30"}, "pm": None}
    assert changed.json()["leader"]["id"] == str(leader.id)
    _, version = await the(client, one)
    gone = await client.delete(f"{one}/participants/{teacher.id}", headers=version)
    assert gone.json()["participants"] == []
    gone = await client.delete(f"{one}/schools/{school.urn}", headers={"If-Match": gone.headers["etag"]})
    assert (gone.json()["schools"], gone.json()["visits"]) == ([], [])


async def test_what_a_work_group_names_must_be_there(client: httpx.AsyncClient, database: Database) -> None:
    hub = await a_token(database, client)
    async with database.transaction() as db:
        other = await a_group(db, await a_hub(db))
    async with database.transaction(hub.id) as db:
        team = await a_group(db, hub)
    one = f"{BASE}/groups/{team.group.id}"
    _, version = await the(client, one)
    strange = {
        "leader_id": str(other.leader.id),
        "programme_id": str(other.group.programme_id),
        "first_host_urn": other.schools[0].urn,
        "half_days": {"pm": {"starts": "15:00", "ends": "13:00"}},
    }
    answer = await client.patch(one, json=strange, headers=version)
    assert answer.status_code == 422
    paths = [fault["path"] for fault in answer.json()["errors"]]
    assert paths == ["/programme_id", "/leader_id", "/first_host_urn", "/half_days/pm/ends"]


async def test_a_specialist_changes_the_work_group_they_lead_and_no_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db, code="SW")
        team: Team = await a_group(db, hub)
        other = await a_group(db, hub)
        token = await people.new_api_token(db, team.leader.account_id, "own", NOW)
    client.headers["authorization"] = f"Bearer {token}"
    for group, status in ((team.group, 200), (other.group, 403)):
        _, version = await the(client, f"{BASE}/groups/{group.id}")
        answer = await client.patch(f"{BASE}/groups/{group.id}", json={"name": "Moor"}, headers=version)
        assert answer.status_code == status, answer.text
