"""A Work Group's story: what each reader may see of its meetings, in order."""

from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.notes import Note, NoteRead, NoteVersion
from app.models.people import Person
from app.store.database import Database
from app.store.notes import reading, versions
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, sign_in
from tests.routers.records import written
from tests.routers.statements import statements

JSON = {"accept": "application/json"}
SUMMARY, SECRET = "Halves were seen as equal parts.", "The teacher asked us to watch table four."


@pytest.fixture
async def told(database: Database) -> tuple[Team, Event, str]:
    """A team whose first meeting is over, with a record; the second is ahead. (team, first meeting, story's path)."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        first = await a_meeting(db, team, date(2026, 11, 12), status="held")
        await a_meeting(db, team, date(2027, 1, 14))
        values = {
            "lesson": "Finding a half",
            "feedback_wanted": SECRET,
            "agreed_summary": SUMMARY,
            "next_steps#one.what": "Use the bar model",
            "tries#one.what": "Fold paper",
            "tries#one.who": str(team.participants[0].id),
            "tries#one.went": "They folded quarters too.",
        }
        await written(db, first, team.leader, values)
        return team, first, f"/hubs/{hub.code}/groups/{team.group.id}/story"


async def agreed(database: Database, event: Event, leader: Person) -> None:
    async with database.transaction(event.hub_id) as db:
        note = await db.get_one(Note, event.id)
        heads = (await reading.heads(db, [event.id], []))[event.id]
        places = tuple(versions.Place(one.path, one.op_id, one.value, one.person_id, one.name, NOW) for one in heads)
        key = await versions.add(db, note, versions.New(number=1, places=places, by=leader.id, at=NOW))
        await db.execute(update(NoteVersion).where(col(NoteVersion.id) == key).values(agreed_at=NOW))
        await db.execute(update(Note).where(col(Note.event_id) == event.id).values(state="agreed"))


async def test_a_teacher_of_the_group_reads_its_meetings_in_order_and_the_reading_is_kept(
    client: httpx.AsyncClient, database: Database, told: tuple[Team, Event, str]
) -> None:
    team, first, path = told
    async with database.transaction(first.hub_id) as db:
        await sign_in(db, client, team.participants[1])
    page = (await client.get(path)).text
    for words in ("Finding a half", SUMMARY, "Use the bar model", "Fold paper", "They folded quarters too."):
        assert words in page
    assert "Gathered for the Discuss of Thursday 14 January 2027." in page
    assert SECRET not in page
    async with database.transaction(first.hub_id) as db:
        assert (await db.execute(select(col(NoteRead.event_id), col(NoteRead.how)))).all() == [(first.id, "page")]


async def test_a_head_reads_the_summary_once_it_is_agreed_and_the_office_no_text_at_all(
    client: httpx.AsyncClient, database: Database, told: tuple[Team, Event, str]
) -> None:
    team, first, path = told
    async with database.transaction(first.hub_id) as db:
        hub = await db.get_one(Hub, first.hub_id)
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn)
        office = await a_person(db, hub, Role.COORDINATOR)
        await sign_in(db, client, head)
    assert SUMMARY not in (await client.get(path)).text
    await agreed(database, first, team.leader)
    page = (await client.get(path)).text
    assert SUMMARY in page
    assert "Use the bar model" in page
    for words in ("Fold paper", "quarters", SECRET, "Finding a half"):
        assert words not in page
    async with database.transaction(first.hub_id) as db:
        await sign_in(db, client, office)
    page = (await client.get(path)).text
    assert SUMMARY not in page
    assert "Nothing is written that you may read." in page


async def test_six_meetings_take_as_many_statements_as_two(
    app: FastAPI, client: httpx.AsyncClient, database: Database, told: tuple[Team, Event, str]
) -> None:
    team, first, path = told
    async with database.transaction(first.hub_id) as db:
        await sign_in(db, client, team.leader)
    with statements(app) as few:
        await client.get(path)
    async with database.transaction(first.hub_id) as db:
        for day in range(4):
            event = await a_meeting(db, team, date(2026, 12, 1 + day), slot_key=f"more/{day}")
            await written(db, event, team.leader, {"lesson": "More", "tries#one.what": "Try"})
    with statements(app) as many:
        await client.get(path)
    assert len(many) == len(few)
