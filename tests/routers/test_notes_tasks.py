"""My gap tasks: what I will try, by when, and how it went."""

import re
import uuid
from datetime import date

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from app.models.hubs import Hub
from app.models.notes import GapTask
from app.store.database import Database
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, sign_in
from tests.routers.records import written
from tests.routers.statements import statements

JSON = {"accept": "application/json"}


async def a_task(database: Database, client: httpx.AsyncClient, **boxes: str) -> tuple[Team, str]:
    """A task of the team's first teacher, who is signed in: (team, CSRF token)."""
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        event = await a_meeting(db, team, date(2026, 11, 12))
        told = {"what": "Count on in tens", "who": str(team.participants[0].id), **boxes}
        item = uuid.uuid4()
        await written(db, event, team.leader, {f"tries#{item}.{part}": value for part, value in told.items()})
        return team, await sign_in(db, client, team.participants[0])


def sent(page: str, csrf: str, went: str) -> dict[str, str]:
    """The page's first form with these words in it."""
    kept = dict(re.findall(r'name="(task|seed|seen)" value="([^"]*)"', page))
    return {"csrf": csrf, **kept, f"went-{kept['task']}": went}


async def test_a_task_is_open_until_its_teacher_says_how_it_went(client: httpx.AsyncClient, database: Database) -> None:
    team, csrf = await a_task(database, client, by="2026-11-19")
    page = (await client.get("/my/tasks")).text
    assert "Count on in tens" in page
    assert "By Thursday 19 November 2026, which is over" in page
    async with database.transaction(team.group.hub_id) as db:
        hub = await db.get_one(Hub, team.group.hub_id)
    assert "1 gap task is yours to try." in (await client.get(f"/hubs/{hub.code}")).text
    form = sent(page, csrf, "Most counted on without their fingers.")
    answer = await client.post("/my/tasks", data=form)
    assert answer.status_code == 303, answer.text
    assert (await client.post("/my/tasks", data=form)).status_code == 303, "sent twice, it is written once"
    after = (await client.get("/my/tasks", headers=JSON)).json()
    assert [one["went"] for one in after["done"]] == ["Most counted on without their fingers."]
    assert after["open"] == []
    async with database.transaction(team.group.hub_id) as db:
        tasks = (await db.execute(select(GapTask))).scalars().all()
        assert [one.went_at.date() for one in tasks if one.went_at] == [NOW.date()]
    table = (await client.get("/my/tasks?format=csv")).text
    assert "Count on in tens,2026-11-19" in table
    found = (await client.get("/my/tasks?q=fingers", headers=JSON)).json()
    assert len(found["done"]) == 1
    assert (await client.get("/my/tasks?q=rods", headers=JSON)).json()["done"] == []


async def test_an_empty_box_is_said_beside_it_and_nothing_is_written(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, csrf = await a_task(database, client)
    answer = await client.post("/my/tasks", data=sent((await client.get("/my/tasks")).text, csrf, "  "))
    assert answer.status_code == 422
    assert "Write in a sentence or two how it went" in answer.text


async def test_what_another_will_try_is_not_mine(client: httpx.AsyncClient, database: Database) -> None:
    team, csrf = await a_task(database, client)
    form = sent((await client.get("/my/tasks")).text, csrf, "Well.")
    async with database.transaction(team.group.hub_id) as db:
        other = await sign_in(db, client, team.participants[1])
    assert (await client.get("/my/tasks", headers=JSON)).json()["open"] == []
    assert (await client.post("/my/tasks", data={**form, "csrf": other})).status_code == 404


async def test_ten_tasks_take_as_many_statements_as_one(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    team, _ = await a_task(database, client)
    with statements(app) as few:
        await client.get("/my/tasks")
    async with database.transaction(team.group.hub_id) as db:
        for day in range(9):
            event = await a_meeting(db, team, date(2026, 12, 1 + day), slot_key=f"more/{day}")
            values = {"what": "Try", "who": str(team.participants[0].id)}
            await written(db, event, team.leader, {f"tries#{day}.{part}": value for part, value in values.items()})
    with statements(app) as many:
        await client.get("/my/tasks")
    assert len(many) == len(few)
