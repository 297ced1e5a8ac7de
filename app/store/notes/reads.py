"""Who read which record: one row for each person, day and way of reading."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.periods import in_london


async def notes_read(
    db: AsyncSession, member: Member, event_ids: Collection[uuid.UUID], how: str, now: datetime
) -> None:
    """Note that the member read these records (page, offline copy, search, print): one statement."""
    if not event_ids:
        return
    made = text("""
        INSERT INTO note_read (id, hub_id, event_id, person_id, day, how, times, first_at, last_at)
        SELECT gen_random_uuid(), hub_id, id, :person, :day, :how, 1, :now, :now FROM event
        WHERE hub_id = :hub AND id = ANY(:events) ORDER BY id
        ON CONFLICT (event_id, person_id, day, how)
        DO UPDATE SET times = note_read.times + 1, last_at = excluded.last_at
    """)
    values = {
        "person": member.person_id,
        "day": in_london(now).date(),
        "how": how,
        "now": now,
        "hub": member.hub_id,
        "events": list(event_ids),
    }
    await db.execute(made, values)


async def note_read(db: AsyncSession, member: Member, event_id: uuid.UUID, how: str, now: datetime) -> None:
    """Note that the member read this record."""
    await notes_read(db, member, [event_id], how, now)
