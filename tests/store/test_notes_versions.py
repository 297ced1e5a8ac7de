"""Submitted versions and their evidence in the tables: kept as they were, counted while they stand."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.notes.evidence import Finding
from app.models.meetings import Event
from app.models.notes import NoteVersion
from app.store.database import Database
from app.store.notes import about, evidence, versions
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_record, member_of


async def a_version(db: AsyncSession) -> tuple[Team, Event, NoteVersion]:
    team = await a_group(db, await a_hub(db))
    event = await a_meeting(db, team, date(2026, 11, 12))
    await a_record(db, event, team.leader)
    return team, event, (await db.execute(select(NoteVersion))).scalar_one()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note_version SET content = '[]'",
        "UPDATE note_version SET rev = 0",
        "DELETE FROM note_version",
        "UPDATE note_op SET value = '1'",
        "DELETE FROM note_op",
    ],
)
async def test_what_was_submitted_cannot_be_rewritten(database: Database, statement: str) -> None:
    async with database.transaction() as db:
        await a_version(db)
        with pytest.raises(ProgrammingError, match="permission denied"):
            await db.execute(text(statement))
        await db.rollback()


async def test_superseded_evidence_is_kept_and_does_not_count(database: Database) -> None:
    async with database.transaction() as db:
        team, event, version = await a_version(db)
        found = await about.readable(db, await member_of(db, team.leader), event.id)
        assert found is not None
        urn = team.schools[0].urn
        await evidence.add(db, found, version.id, [Finding(urn, "met", facts={"minutes": 165})], NOW)
        assert [row.kind for row in await evidence.standing(db, event.hub_id, urn)] == ["met"]
        await evidence.supersede(db, version.id, NOW)
        assert await evidence.standing(db, event.hub_id, urn) == []
        await evidence.reinstate(db, version.id)
        assert len(await evidence.standing(db, event.hub_id, urn)) == 1


async def test_a_version_waits_for_whoever_was_there_and_not_for_its_leader(database: Database) -> None:
    async with database.transaction() as db:
        team, event, _ = await a_version(db)
        leader, teacher = [await member_of(db, person) for person in (team.leader, team.participants[1])]
        assert await versions.waiting_for(db, leader) == []
        assert [one.event_id for one in await versions.waiting_for(db, teacher)] == [event.id]
