"""Records in numbers: the office sees how far each is and whose turn it is, the Board totals, nobody a word of text."""

from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.notes import Note
from app.store.database import Database
from tests.makers import Team, a_group, a_hub, a_meeting, a_person, sign_in
from tests.routers.records import written
from tests.routers.statements import statements

JSON = {"accept": "application/json"}
SECRET = "Nobody of the office reads this."


@pytest.fixture
async def hub(database: Database) -> tuple[Hub, Team]:
    """A hub with a submitted meeting of six people, an observation of two, and a meeting without a record."""
    async with database.transaction() as db:
        made = await a_hub(db)
        team = await a_group(db, made, schools=5)
        await _submitted(db, await a_meeting(db, team, date(2026, 11, 12)), team, "variation")
        small = await a_group(db, made, schools=1)
        await _submitted(db, await a_meeting(db, small, date(2026, 11, 13)), small, "fluency")
        await a_meeting(db, team, date(2026, 10, 1))
        return made, team


async def _submitted(db: Any, event: Event, team: Team, idea: str) -> None:
    await written(db, event, team.leader, {"big_ideas": [idea, "coherence"], "agreed_summary": SECRET})
    await db.execute(update(Note).where(col(Note.event_id) == event.id).values(state="submitted"))


async def seen_as(role: Role, hub: Hub, database: Database, client: httpx.AsyncClient) -> dict[str, Any]:
    async with database.transaction(hub.id) as db:
        await sign_in(db, client, await a_person(db, hub, role))
    answer = await client.get(f"/hubs/{hub.code}/records", headers=JSON)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_the_office_sees_counts_whose_turn_it_is_and_themes_of_five_people_or_more(
    client: httpx.AsyncClient, database: Database, hub: tuple[Hub, Team]
) -> None:
    made, team = hub
    page = await seen_as(Role.COORDINATOR, made, database, client)
    assert [(one["half_term"], one["cells"], one["total"]) for one in page["lines"]] == [
        ("Autumn 1", [0, 0, 0, 1], 1),
        ("Autumn 2", [0, 2, 0, 0], 2),
    ]
    ideas = {one["label"]: one["records"] for one in page["themes"][0]["tallies"]}
    assert ideas["Variation"] == 1
    assert ideas["Coherence"] == 2
    assert ideas["Fluency"] is None, "two people are fewer than five"
    assert [one["turn"] for one in page["pending"]] == [
        f"{team.leader.name}: nobody has written yet",
        "Anybody who took part to agree",
        "Anybody who took part to agree",
    ]
    drawn = (await client.get(f"/hubs/{made.code}/records")).text
    assert "Autumn 2: 2 submitted" in drawn
    assert SECRET not in drawn


async def test_the_board_sees_totals_alone(
    client: httpx.AsyncClient, database: Database, hub: tuple[Hub, Team]
) -> None:
    made, _ = hub
    page = await seen_as(Role.BOARD, made, database, client)
    assert [(one["half_term"], one["cells"], one["total"]) for one in page["lines"]] == [("The year", [0, 2, 0, 1], 3)]
    assert (page["picture"], page["themes"], page["listing"], page["pending"]) == (None, [], None, [])
    table = (await client.get(f"/hubs/{made.code}/records?format=csv&list=waiting")).text
    assert table.splitlines()[0].lstrip("\ufeff").startswith("Half term,Kind,Agreed")


async def test_others_are_kept_out_and_the_list_downloads(
    client: httpx.AsyncClient, database: Database, hub: tuple[Hub, Team]
) -> None:
    made, team = hub
    async with database.transaction(made.id) as db:
        await sign_in(db, client, team.participants[0])
    assert (await client.get(f"/hubs/{made.code}/records")).status_code == 403
    await seen_as(Role.HUB_LEAD, made, database, client)
    table = (await client.get(f"/hubs/{made.code}/records?format=csv&list=waiting&stage=none")).text
    assert "nobody has written yet" in table
    assert "Anybody" not in table


async def test_more_records_take_no_more_statements(
    app: FastAPI, client: httpx.AsyncClient, database: Database, hub: tuple[Hub, Team]
) -> None:
    made, team = hub
    await seen_as(Role.HUB_LEAD, made, database, client)
    with statements(app) as few:
        await client.get(f"/hubs/{made.code}/records")
    async with database.transaction(made.id) as db:
        for day in range(4):
            event = await a_meeting(db, team, date(2026, 11, 2 + day), slot_key=f"more/{day}", status="held")
            await _submitted(db, event, team, "variation")
    with statements(app) as many:
        await client.get(f"/hubs/{made.code}/records")
    assert len(many) == len(few)
