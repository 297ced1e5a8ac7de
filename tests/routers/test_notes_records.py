"""My records and full-text search: only what the viewer may read, shown as text and nothing else."""

from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.notes import Note, NoteRead
from app.models.people import Person
from app.store.database import Database
from tests.makers import Team, a_group, a_hub, a_meeting, a_person, sign_in
from tests.routers.records import written
from tests.routers.statements import statements

JSON = {"accept": "application/json"}
MARKUP = "<b>Denominators</b> say how many <script>alert(1)</script> equal parts."


@pytest.fixture
async def scene(database: Database) -> tuple[Team, Event, Event]:
    """A team with a meeting, and an observation of its first teacher, both with records."""
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        meeting = await a_meeting(db, team, date(2026, 11, 12))
        teacher = team.participants[0]
        observation = await a_meeting(
            db, team, date(2026, 11, 17), kind="observation", slot_key="o", group_id=None, teacher_id=teacher.id
        )
        values = {
            "key_point": MARKUP,
            "agreed_summary": "Denominators were spoken of by all.",
            "tags": ["fractions", "halves"],
            "next_steps#gone.what": "Denominators again",
            "next_steps#gone.removed": True,
        }
        await written(db, meeting, team.leader, values)
        own = f"own_notes/{team.leader.id}"
        await written(db, observation, team.leader, {"key_point": "Tens frames", own: "A denominator of doubt"})
        return team, meeting, observation


async def seen_by(database: Database, client: httpx.AsyncClient, person: Person, query: str = "") -> dict[str, Any]:
    async with database.transaction(person.hub_id) as db:
        await sign_in(db, client, person)
    answer = await client.get(f"/my/records?{query}", headers=JSON)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def texts(page: dict[str, Any]) -> str:
    return " | ".join(
        "".join(piece["text"] for piece in found["pieces"]) for line in page["lines"] for found in line["found"]
    )


async def test_everyone_finds_only_in_what_they_may_read(
    client: httpx.AsyncClient, database: Database, scene: tuple[Team, Event, Event]
) -> None:
    team, meeting, observation = scene
    leader = await seen_by(database, client, team.leader, "q=denominator")
    assert [line["event_id"] for line in leader["lines"]] == [str(observation.id), str(meeting.id)]
    assert "A denominator of doubt" in texts(leader)
    assert "again" not in texts(leader), "what was removed is not found"
    teacher = await seen_by(database, client, team.participants[0], "q=denominator")
    assert [line["event_id"] for line in teacher["lines"]] == [str(meeting.id)], "another's own notes are not found"
    assert "doubt" not in texts(teacher)
    everything = await seen_by(database, client, team.participants[0])
    assert len(everything["lines"]) == 2
    assert everything["tags"] == [
        {"tag": "fractions", "count": 1, "href": "/my/records?tag=fractions"},
        {"tag": "halves", "count": 1, "href": "/my/records?tag=halves"},
    ]


async def test_hits_are_marked_and_markup_stays_text(
    client: httpx.AsyncClient, database: Database, scene: tuple[Team, Event, Event]
) -> None:
    team, *_ = scene
    await seen_by(database, client, team.leader)
    page = (await client.get("/my/records?q=denominators")).text
    assert "<mark>Denominators</mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


async def test_a_search_is_a_reading_of_what_it_shows_and_a_list_is_not(
    client: httpx.AsyncClient, database: Database, scene: tuple[Team, Event, Event]
) -> None:
    team, meeting, _ = scene
    await seen_by(database, client, team.participants[1])
    await seen_by(database, client, team.participants[1], "q=parts")
    async with database.transaction(meeting.hub_id) as db:
        kept = (await db.execute(select(col(NoteRead.event_id), col(NoteRead.person_id), col(NoteRead.how)))).all()
    assert kept == [(meeting.id, team.participants[1].id, "search")]


async def test_a_head_finds_in_agreed_summaries_only_and_a_coordinator_in_nothing(
    client: httpx.AsyncClient, database: Database, scene: tuple[Team, Event, Event]
) -> None:
    team, meeting, _ = scene
    async with database.transaction(meeting.hub_id) as db:
        hub = await db.get_one(Hub, meeting.hub_id)
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn)
        office = await a_person(db, hub, Role.COORDINATOR)
    assert (await seen_by(database, client, head))["lines"] == []
    async with database.transaction(meeting.hub_id) as db:
        await db.execute(update(Note).where(col(Note.event_id) == meeting.id).values(state="agreed"))
    found = await seen_by(database, client, head, "q=denominators")
    assert texts(found) == "Denominators were spoken of by all."
    assert found["lines"][0]["href"].endswith("/note/summary")
    assert (await seen_by(database, client, head, "q=script"))["lines"] == []
    assert (await seen_by(database, client, office, "q=denominators"))["lines"] == []


async def test_the_list_is_narrowed_and_downloads_without_a_word_of_any_record(
    client: httpx.AsyncClient, database: Database, scene: tuple[Team, Event, Event]
) -> None:
    team, _meeting, _ = scene
    for query, count in (
        ("kind=observation", 1),
        ("tag=halves", 1),
        ("year=2025", 0),
        (f"person={team.participants[1].id}", 2),
        (f"group={team.group.code}", 1),
        ("q=nothing-of-this", 0),
    ):
        assert len((await seen_by(database, client, team.leader, query))["lines"]) == count, query
    table = (await client.get("/my/records?q=denominators&format=csv")).text
    assert "Being written" in table
    assert "equal parts" not in table


async def test_thirty_records_take_as_many_statements_as_two(
    app: FastAPI, client: httpx.AsyncClient, database: Database, scene: tuple[Team, Event, Event]
) -> None:
    team, meeting, _ = scene
    await seen_by(database, client, team.leader)
    counted = []
    for more in range(2):
        with statements(app) as sent:
            await client.get("/my/records?q=denominators")
        counted.append(len(sent))
        async with database.transaction(meeting.hub_id) as db:
            for day in range(6 * (1 - more)):
                event = await a_meeting(db, team, date(2026, 12, 1 + day), slot_key=f"more/{day}")
                await written(db, event, team.leader, {"lesson": "Denominators"})
    assert counted[0] == counted[1]
