"""The API's conventions: on the version that was read, once a key, in parts that hold still, refused in one shape."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.people import Person
from app.store import people
from app.store.database import Database
from tests.makers import (
    HALF_TERMS,
    NOW,
    YEAR,
    Team,
    a_calendar,
    a_group,
    a_hub,
    a_meeting,
    a_person,
    a_programme,
    a_school,
    number,
)
from tests.routes import routes_of

BASE = "/api/v1/hubs/SW"


async def a_token(database: Database, client: httpx.AsyncClient, *roles: Role) -> Hub:
    """A hub called SW, and a client that acts in it with a token."""
    async with database.transaction() as db:
        hub = await a_hub(db, code="SW")
        person = await a_person(db, hub, *(roles or (Role.COORDINATOR,)))
        await a_person(db, hub, Role.HUB_LEAD)
        token = await people.new_api_token(db, person.account_id, "hub script", NOW)
    client.headers["authorization"] = f"Bearer {token}"
    return hub


async def the(client: httpx.AsyncClient, path: str) -> tuple[Any, dict[str, str]]:
    """A thing and the header that changes exactly this version of it."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json(), {"If-Match": answer.headers["etag"]}


async def test_a_hub_its_year_and_its_cohorts_are_changed(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    _, version = await the(client, BASE)
    times = {"am": {"starts": "09:00", "ends": "11:45"}, "pm": {"starts": "13:15", "ends": "15:30"}}
    answer = await client.patch(BASE, json={"half_days": times}, headers=version)
    assert answer.status_code == 200, answer.text
    assert answer.json()["half_days"] == times
    assert answer.json()["name"] == "Moorland Maths Hub"

    opened = await client.post(f"{BASE}/years", json={"year": 2027})
    assert (opened.status_code, opened.headers["location"]) == (201, f"{BASE}/years/2027")
    assert (await client.post(f"{BASE}/years", json={"year": 2027})).status_code == 409
    days = {"first": "2027-11-08", "last": "2027-11-09", "name": "Conference"}
    closed = await client.post(f"{BASE}/years/2027/closures", json=days)
    assert [one["day"] for one in closed.json()["closures"]][:2] == ["2027-11-08", "2027-11-09"]
    year, version = await the(client, f"{BASE}/years/2027")
    gone = f"{BASE}/years/2027/closures/{year['closures'][0]['id']}"
    assert (await client.delete(gone, headers=version)).status_code == 200
    assert (await client.delete(gone, headers=version)).status_code == 412
    _, version = await the(client, f"{BASE}/years/2027")
    answer = await client.patch(f"{BASE}/years/2027", json={"meetings_per_day": 3}, headers=version)
    assert answer.json()["meetings_per_day"] == 3

    made = await client.post(f"{BASE}/cohorts", json={"number": 9, "began": 2024})
    assert made.status_code == 201, made.text
    _, version = await the(client, made.headers["location"])
    changed = {"number": 9, "began": 2025, "notes": "Late"}
    answer = await client.put(made.headers["location"], json=changed, headers=version)
    assert answer.json()["began"] == 2025

    programmes = (await client.get(f"{BASE}/programmes", params={"year": 2027})).json()["items"]
    one = f"{BASE}/programmes/{programmes[0]['id']}"
    _, version = await the(client, one)
    answer = await client.patch(one, json={"visits": 2, "visit_half_terms": [1, 3]}, headers=version)
    assert answer.json()["visit_half_terms"] == [1, 3]


async def test_somebody_is_added_changed_away_gone_and_back(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    sent = {
        "name": "Ada Fern",
        "email": "ada@school.example",
        "roles": [{"role": "specialist"}],
        "works": {"mon": ["am"]},
    }
    made = await client.post(f"{BASE}/people", json=sent)
    assert made.status_code == 201, made.text
    one = made.headers["location"]
    _, version = await the(client, one)
    answer = await client.patch(one, json={"works": {"tue": ["am", "pm"]}}, headers=version)
    assert answer.json()["works"] == {"tue": ["am", "pm"]}
    assert answer.json()["roles"] == [{"role": "specialist", "urn": None}]
    assert answer.headers["etag"] != version["If-Match"]

    away = await client.post(f"{one}/away", json={"first": "2026-12-07", "last": "2026-12-08", "name": "Course"})
    assert [day["day"] for day in away.json()["away"]] == ["2026-12-07", "2026-12-08"]
    told, version = await the(client, one)
    back = await client.delete(f"{one}/away/{told['away'][0]['id']}", headers=version)
    assert [day["day"] for day in back.json()["away"]] == ["2026-12-08"]

    assert (await client.post(f"{one}/leave")).json()["left_on"] == str(NOW.date())
    assert (await client.post(f"{one}/come-back")).json()["left_on"] is None
    did = [entry["did"] for entry in (await client.get(f"{BASE}/trail")).json()["items"]]
    assert did == ["Came back", "Left", "Took back", "Noted away", "Changed", "Added"]


async def test_a_school_and_its_calendar_are_changed(client: httpx.AsyncClient, database: Database) -> None:
    hub = await a_token(database, client)
    async with database.transaction(hub.id) as db:
        urn = (await a_school(db)).urn
    made = await client.post(f"{BASE}/schools", json={"urn": urn, "year": YEAR})
    assert made.status_code == 201, made.text
    one = made.headers["location"]
    dates = [{"first": str(first), "last": str(last)} for first, last in HALF_TERMS]
    days = [{"day": "2026-09-03"}, {"day": "2027-01-04", "kind": "closed", "name": "Boiler"}]
    calendar = await client.post(
        f"{BASE}/calendars", json={"name": "Moor", "year": YEAR, "half_terms": dates, "days": days}
    )
    assert calendar.status_code == 201, calendar.text
    _, version = await the(client, one)
    changed = {"calendar_id": calendar.json()["id"], "maths": {"wed": ["pm"]}, "notes": "Sign in at the office."}
    answer = await client.patch(one, json=changed, headers=version)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["maths"], answer.json()["hosts"]) == ({"wed": ["pm"]}, True)
    noted = await client.post(f"{one}/days", json={"day": "2026-12-01", "kind": "busy", "name": "Play"})
    assert noted.json()["days"][0]["kind"] == "busy"
    told, version = await the(client, one)
    assert (await client.delete(f"{one}/days/{told['days'][0]['id']}", headers=version)).json()["days"] == []
    own = await client.post(f"{one}/own-calendar")
    assert own.status_code == 201, own.text
    _, version = await the(client, own.headers["location"])
    dates[0]["last"] = "2026-09-01"
    refused = await client.put(own.headers["location"], json={"name": "Own", "half_terms": dates}, headers=version)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == "/half_terms/0/last"
    dates[0]["last"] = "2026-10-22"
    answer = await client.put(own.headers["location"], json={"name": "Own", "half_terms": dates}, headers=version)
    assert answer.json()["half_terms"][0]["last"] == "2026-10-22"


async def test_an_event_is_changed_held_cancelled_and_brought_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    hub = await a_token(database, client)
    async with database.transaction(hub.id) as db:
        team = await a_group(db, hub)
        past = await a_meeting(db, team, day=date(2026, 11, 12))
        event = await a_meeting(db, team, day=date(2027, 1, 14))
    one = f"{BASE}/events/{event.id}"
    told, version = await the(client, one)
    answer = await client.patch(one, json={"starts": "10:00", "notes": "Bring books."}, headers=version)
    assert answer.status_code == 200, answer.text
    new = answer.json()
    assert (new["starts_at"], new["ends_at"]) == ("2027-01-14T10:00:00Z", told["ends_at"])
    assert (new["own_times"], new["notes"]) == (True, "Bring books.")
    answer = await client.patch(one, json={"pinned": True}, headers={"If-Match": answer.headers["etag"]})
    assert answer.json()["starts_at"] == "2027-01-14T10:00:00Z"
    assert (await client.post(f"{one}/held")).status_code == 409
    assert (await client.post(f"{BASE}/events/{past.id}/held")).json()["status"] == "held"
    assert (await client.post(f"{BASE}/events/{past.id}/not-held")).json()["status"] == "confirmed"
    assert (await client.post(f"{one}/cancel")).json()["status"] == "cancelled"
    assert (await client.post(f"{one}/restore")).json()["status"] == "confirmed"


async def test_a_change_names_the_version_it_changes(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    first, version = await the(client, BASE)
    without = await client.patch(BASE, json={"name": "Coast Maths Hub"})
    assert (without.status_code, without.json()["type"]) == (428, "/docs#problem-no-version")
    assert (await client.patch(BASE, json={"name": "Coast Maths Hub"}, headers=version)).status_code == 200
    late = await client.patch(BASE, json={"name": "Vale Maths Hub"}, headers=version)
    assert late.status_code == 412
    told = late.json()
    assert told["yours"]["etag"] == version["If-Match"]
    assert told["newest"]["document"]["name"] == "Coast Maths Hub"
    assert told["newest"]["document"]["version"] == first["version"] + 1
    now = await client.get(BASE)
    assert now.json()["name"] == "Coast Maths Hub"
    assert told["newest"]["etag"] == now.headers["etag"]


async def test_whoever_has_the_newest_is_told_so(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    _, version = await the(client, BASE)
    same = await client.get(BASE, headers={"If-None-Match": version["If-Match"]})
    assert (same.status_code, same.content) == (304, b"")
    assert (await client.get(BASE, headers={"If-None-Match": '"old"'})).status_code == 200


async def test_a_call_with_a_key_is_done_once_and_answered_alike(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    call = {"url": f"{BASE}/cohorts", "headers": {"Idempotency-Key": "k1"}}
    first = await client.post(json={"number": 4, "began": 2023}, **call)  # type: ignore[arg-type]
    second = await client.post(json={"began": 2023, "number": 4}, **call)  # type: ignore[arg-type]
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert (first.headers.get("idempotency-replayed"), second.headers["idempotency-replayed"]) == (None, "true")
    other = await client.post(json={"number": 5, "began": 2023}, **call)  # type: ignore[arg-type]
    assert (other.status_code, other.json()["errors"][0]["path"]) == (422, "/header/Idempotency-Key")
    assert len((await client.get(f"{BASE}/cohorts")).json()["items"]) == 1


async def test_a_refused_call_does_not_use_its_key_up(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    headers = {"Idempotency-Key": "k2"}
    assert (await client.post(f"{BASE}/cohorts", json={"number": 0, "began": 2023}, headers=headers)).status_code == 422
    assert (await client.post(f"{BASE}/cohorts", json={"number": 6, "began": 2023}, headers=headers)).status_code == 201


async def test_the_same_call_twice_at_once_is_done_once(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    send = [
        client.post(f"{BASE}/cohorts", json={"number": 7, "began": 2023}, headers={"Idempotency-Key": "k3"})
        for _ in range(4)
    ]
    answers = await asyncio.gather(*send)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len((await client.get(f"{BASE}/cohorts")).json()["items"]) == 1


@pytest.mark.parametrize("limit", [1, 3, 200])
async def test_a_list_in_parts_is_the_whole_list_whatever_is_added_meanwhile(
    client: httpx.AsyncClient, database: Database, limit: int
) -> None:
    hub = await a_token(database, client)
    async with database.transaction(hub.id) as db:
        team = await a_group(db, hub)
        for week in range(5):
            await a_meeting(db, team, date(2026, 9, 8) + timedelta(7 * week), slot_key=f"s{number()}")
    whole = [one["id"] for one in (await client.get(f"{BASE}/events")).json()["items"]]
    assert len(whole) == 5
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = await client.get(f"{BASE}/events", params={"limit": limit, **after})
        found += [one["id"] for one in answer.json()["items"]]
        if not after:
            async with database.transaction(hub.id) as db:
                await a_meeting(db, team, date(2026, 9, 1), slot_key=f"s{number()}")
        following = answer.json()["next"]
        if following is None:
            assert "link" not in answer.headers
            break
        assert f"after={following}" in answer.headers["link"]
        after = {"after": following}
    assert found == whole


async def test_the_trail_is_told_newest_first_in_parts(client: httpx.AsyncClient, database: Database) -> None:
    await a_token(database, client)
    for n in range(1, 6):
        await client.post(f"{BASE}/cohorts", json={"number": n, "began": 2023})
    whole = (await client.get(f"{BASE}/trail")).json()["items"]
    first = (await client.get(f"{BASE}/trail", params={"limit": 2})).json()
    rest = (await client.get(f"{BASE}/trail", params={"after": first["next"]})).json()
    assert first["items"] + rest["items"] == whole
    assert [one["at"] for one in whole] == sorted((one["at"] for one in whole), reverse=True)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"limit": "0"}, "/query/limit"),
        ({"limit": "many"}, "/query/limit"),
        ({"limit": "9" * 30}, "/query/limit"),
        ({"after": "nonsense"}, "/query/after"),
        ({"after": "W10"}, "/query/after"),
        ({"from": "yesterday"}, "/query/from"),
        ({"kind": "party"}, "/query/kind"),
        ({"group": "1"}, "/query/group"),
        ({"school": "-1"}, "/query/school"),
    ],
)
async def test_a_strange_question_is_answered_with_its_place(
    client: httpx.AsyncClient, database: Database, query: dict[str, str], path: str
) -> None:
    await a_token(database, client)
    answer = await client.get(f"{BASE}/events", params=query)
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["errors"]] == [path]
    assert answer.json()["errors"][0]["because"].endswith(".")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"name": "A", "email": "a@b.example", "works": {"mon": ["noon"]}}', "/works/mon/0"),
        (b'{"name": "A", "email": "a@b.example", "works": {"sat": ["am"]}}', "/works/sat/[key]"),
        (b'{"name": "A", "email": "a@b.example", "roles": [{"role": "king"}]}', "/roles/0/role"),
        (b'{"name": "A", "email": "a@b.example", "roles": [{"role": "headteacher"}]}', "/roles"),
        (b'{"name": "A\\u0000", "email": "a@b.example"}', "/name"),
        (b'{"name": "\\ud800", "email": "a@b.example"}', "/name"),
        (b'{"name": "A", "email": "a@b.example", "base_urn": 12345678901234567890}', "/base_urn"),
        (b'{"name": "A", "email": "a@b.example", "base_urn": 1e400}', "/base_urn"),
        (b'{"name": "A", "email": "nobody"}', "/email"),
        (b'{"name": "A", "email": "a@b.example", "age": 3}', "/age"),
        (b'{"name": "A"}', "/email"),
        (b"{", ""),
        (b"[]", ""),
        (b"", ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
    ],
)
async def test_a_strange_body_is_answered_with_its_place(
    client: httpx.AsyncClient, database: Database, body: bytes, path: str
) -> None:
    await a_token(database, client)
    headers = {"content-type": "application/json"}
    answer = await client.post(f"{BASE}/people", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert path in {one["path"] for one in answer.json()["errors"]}, answer.text
    assert all(one["because"].endswith(".") for one in answer.json()["errors"]), answer.text


async def test_every_door_refuses_in_the_same_shape(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    await a_token(database, client)
    del client.headers["authorization"]
    for route in routes_of(app):
        if not route.api:
            continue
        answer = await client.request(route.method, route.path.replace("{", "").replace("}", ""), json={})
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", str(route)
        assert {"type", "title", "status", "detail"} <= set(told), str(route)
        assert (answer.status_code, told["status"]) == (401, 401), str(route)
        other = await client.request("TRACE", route.path)
        assert (other.status_code, other.headers["content-type"]) == (405, "application/problem+json"), str(route)
        methods = {one.method for one in routes_of(app) if one.path == route.path}
        assert set(other.headers["allow"].split(", ")) == methods, str(route)
    lost = await client.get("/api/v1/nothing")
    assert (lost.status_code, lost.headers["content-type"]) == (404, "application/problem+json")


def people_of(team: Team) -> list[Person]:
    return [team.leader, *team.participants]


async def test_a_participant_sees_their_own_and_why_nobody_is_away(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db, code="SW")
        team, others = await a_group(db, hub), await a_group(db, hub)
        event = await a_meeting(db, team)
        await a_meeting(db, others)
        token = await people.new_api_token(db, team.participants[0].account_id, "phone", NOW)
        await a_programme(db, hub)
        await a_calendar(db, hub)
    client.headers["authorization"] = f"Bearer {token}"
    groups = (await client.get(f"{BASE}/groups")).json()["items"]
    assert [one["code"] for one in groups] == [team.group.code]
    assert [one["id"] for one in (await client.get(f"{BASE}/events")).json()["items"]] == [str(event.id)]
    found = {one["id"] for one in (await client.get(f"{BASE}/people")).json()["items"]}
    assert found == {str(one.id) for one in people_of(team)}
    assert (await client.get(f"{BASE}/programmes")).status_code == 403
