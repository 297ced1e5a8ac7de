"""Every operation of a record that its reader may read."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.notes import NoteOp
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Done:
    """An operation, with the name of whoever wrote it."""

    op_id: uuid.UUID
    rev: int
    path: str
    value: Any
    replaces: tuple[uuid.UUID, ...]
    outcome: str
    person_id: uuid.UUID
    name: str
    device_time: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which operations: of one person, at the places of one field; `only` one of them."""

    person: uuid.UUID | None = None
    field: str = ""
    only: uuid.UUID | None = None


def _which(event_id: uuid.UUID, reader: uuid.UUID, narrowed: Narrowed) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(NoteOp.event_id) == event_id,
        or_(col(NoteOp.owner_id).is_(None), col(NoteOp.owner_id) == reader),
    ]
    if narrowed.person:
        conditions.append(col(NoteOp.person_id) == narrowed.person)
    if narrowed.field:
        conditions.append(func.split_part(func.split_part(col(NoteOp.path), "#", 1), "/", 1) == narrowed.field)
    if narrowed.only:
        conditions.append(col(NoteOp.op_id) == narrowed.only)
    return conditions


async def count(db: AsyncSession, event_id: uuid.UUID, reader: uuid.UUID, narrowed: Narrowed) -> int:
    """How many operations these filters leave."""
    found = select(func.count()).select_from(NoteOp).where(*_which(event_id, reader, narrowed))
    return (await db.execute(found)).scalar_one()


async def writers(db: AsyncSession, event_id: uuid.UUID, reader: uuid.UUID) -> dict[uuid.UUID, str]:
    """Everybody who wrote something that the reader may read, by name."""
    found = await db.execute(
        select(col(Person.id), col(Person.name))
        .where(
            col(Person.id).in_(select(col(NoteOp.person_id)).where(*_which(event_id, reader, Narrowed())).distinct())
        )
        .order_by(func.lower(col(Person.name)))
    )
    return {row[0]: row[1] for row in found.all()}


async def operations(
    db: AsyncSession,
    event_id: uuid.UUID,
    reader: uuid.UUID,
    narrowed: Narrowed | None = None,
    page: tuple[int | None, int] = (None, 0),
) -> list[Done]:
    """Operations, the newest first; `page` is (how many, how many to pass over)."""
    limit, offset = page
    found = await db.execute(
        select(
            col(NoteOp.op_id),
            col(NoteOp.rev),
            col(NoteOp.path),
            col(NoteOp.value),
            col(NoteOp.replaces),
            col(NoteOp.outcome),
            col(NoteOp.person_id),
            col(Person.name),
            col(NoteOp.device_time),
            col(NoteOp.received_at),
        )
        .join(Person, col(Person.id) == col(NoteOp.person_id))
        .where(*_which(event_id, reader, narrowed or Narrowed()))
        .order_by(col(NoteOp.rev).desc())
        .limit(limit)
        .offset(offset)
    )
    return [Done(row[0], row[1], row[2], row[3], tuple(row[4]), *row[5:]) for row in found.all()]
