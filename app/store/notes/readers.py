"""Who read a record, for those whom it is about."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.notes import NoteRead
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody's readings of one day in one way."""

    person_id: uuid.UUID
    name: str
    day: date
    how: str
    times: int
    first_at: datetime
    last_at: datetime


async def of_event(db: AsyncSession, event_id: uuid.UUID) -> list[Reading]:
    """Every reading of a record, the newest first: one statement."""
    found = await db.execute(
        select(
            col(NoteRead.person_id),
            col(Person.name),
            col(NoteRead.day),
            col(NoteRead.how),
            col(NoteRead.times),
            col(NoteRead.first_at),
            col(NoteRead.last_at),
        )
        .join(Person, col(Person.id) == col(NoteRead.person_id))
        .where(col(NoteRead.event_id) == event_id)
        .order_by(col(NoteRead.last_at).desc(), func.lower(col(Person.name)), col(NoteRead.how))
    )
    rows: list[Any] = list(found.all())
    return [Reading(*row) for row in rows]
