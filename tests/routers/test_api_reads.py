"""What the API reads: each list whole and in parts, one thing with its version, only what its asker may see."""

from datetime import date

import httpx
from fastapi import FastAPI

from app.domain.access import Role
from app.store.database import Database
from tests.makers import a_closure, a_group, a_hub, a_meeting, a_person, a_visit_series, sign_in
from tests.routers.statements import statements

LISTS = ("years", "programmes", "cohorts", "schools", "calendars", "people", "groups", "events", "proposals", "trail")


async def test_every_list_answers_and_each_item_is_found_again(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db, code="SW")
        team = await a_group(db, hub)
        await a_meeting(db, team)
        await a_visit_series(db, team)
        await a_closure(db, hub, date(2026, 12, 1))
        lead = await a_person(db, hub, Role.HUB_LEAD)
        await sign_in(db, client, lead)
    for name in LISTS:
        answer = await client.get(f"/api/v1/hubs/SW/{name}")
        assert answer.status_code == 200, (name, answer.text)
        for item in answer.json()["items"]:
            key = item.get("id", item.get("year"))
            single = await client.get(f"/api/v1/hubs/SW/{name}/{key}")
            assert single.status_code == 200 or name in {"trail", "cohorts"}, (name, single.text)
            if single.status_code == 200 and name != "proposals":
                assert single.json() == item
                assert single.headers["etag"]
    for path in ("/api/v1/me", "/api/v1/hubs", "/api/v1/hubs/SW", "/api/v1/schools", "/api/v1/my/feeds", "/docs"):
        assert (await client.get(path)).status_code == 200, path


async def test_thirty_rows_take_as_many_statements_as_three(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    counts: list[dict[str, int]] = []
    async with database.transaction() as db:
        hub = await a_hub(db, code="SW")
        await sign_in(db, client, await a_person(db, hub, Role.HUB_LEAD))
    for groups in (3, 27):
        async with database.transaction(hub.id) as db:
            for _ in range(groups):
                team = await a_group(db, hub, schools=1)
                await a_meeting(db, team)
                await a_visit_series(db, team)
        counts.append({})
        for name in LISTS:
            with statements(app) as seen:
                answer = await client.get(f"/api/v1/hubs/SW/{name}?limit=200")
            assert answer.status_code == 200
            counts[-1][name] = len(seen)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 20
