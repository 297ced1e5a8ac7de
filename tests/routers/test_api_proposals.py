"""A plan through the API: proposed in the background, read, set aside or accepted."""

import httpx

from app.actions.schedule import propose as proposing
from app.domain.schedule.plan import Plan
from app.solver.schedule.apart import solved
from app.store.database import Database
from tests.makers import NOW, YEAR, a_group
from tests.routers.test_api_writes import BASE, a_token


async def test_a_plan_is_proposed_once_a_key_solved_and_accepted(client: httpx.AsyncClient, database: Database) -> None:
    hub = await a_token(database, client)
    async with database.transaction(hub.id) as db:
        team = await a_group(db, hub, half_terms=[3, 4])
    key = {"Idempotency-Key": "plan-2026"}
    asked = await client.post(f"{BASE}/proposals", json={"year": YEAR}, headers=key)
    assert asked.status_code == 202, asked.text
    again = await client.post(f"{BASE}/proposals", json={"year": YEAR}, headers=key)
    assert again.content == asked.content
    one = asked.headers["location"]
    told = (await client.get(one)).json()
    assert (told["status"], told["plan"]) == ("waiting", None)
    assert (await client.post(f"{one}/accept")).status_code == 409

    problem = (await client.get(f"{one}/problem")).json()
    plan: Plan = solved(problem)
    async with database.transaction(hub.id) as db:
        await proposing.begin(db, told["id"])
        await proposing.finish(db, told["id"], plan, NOW)
    assert (await client.get(one)).json()["status"] == "ready"
    tentative = (await client.get(f"{BASE}/events", params={"status": "tentative"})).json()["items"]
    assert {event["group"]["code"] for event in tentative} == {team.group.code}
    done = await client.post(f"{one}/accept", headers={"Idempotency-Key": "yes"})
    assert done.status_code == 200, done.text
    repeated = await client.post(f"{one}/accept", headers={"Idempotency-Key": "yes"})
    assert repeated.json() == done.json()
    confirmed = (await client.get(f"{BASE}/events", params={"status": "confirmed"})).json()["items"]
    assert len(confirmed) == len(tentative) > 0
    assert [event["day"] for event in confirmed] == [event["day"] for event in tentative]


async def test_a_proposal_is_set_aside(client: httpx.AsyncClient, database: Database) -> None:
    hub = await a_token(database, client)
    async with database.transaction(hub.id) as db:
        await a_group(db, hub)
    asked = await client.post(f"{BASE}/proposals", json={"year": YEAR})
    aside = await client.post(f"{asked.headers['location']}/set-aside")
    assert aside.json()["status"] == "set aside"
    listed = (await client.get(f"{BASE}/proposals", params={"status": "set aside"})).json()["items"]
    assert [one["id"] for one in listed] == [asked.json()["id"]]
