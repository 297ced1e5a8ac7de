"""What stands in records, without anybody else's own notes."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.notes import Note, NoteHead, NoteOp
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """A value that stands at a place of a record; two of one path are a conflict unless they are equal."""

    path: str
    op_id: uuid.UUID
    value: Any
    person_id: uuid.UUID
    name: str
    at: datetime
    rev: int


@dataclass(frozen=True, slots=True)
class Begun:
    """A record that somebody has written in; `because` says why an agreed one is corrected."""

    event_id: uuid.UUID
    form_id: uuid.UUID
    rev: int
    state: str
    because: str
    began_at: datetime
    changed_at: datetime


async def record(db: AsyncSession, event_id: uuid.UUID) -> Begun | None:
    """The record of an event, once somebody has written in it."""
    return (await records(db, [event_id])).get(event_id)


async def records(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Begun]:
    """The records of these events that have begun: one statement."""
    found = await db.execute(
        select(
            col(Note.event_id),
            col(Note.form_id),
            col(Note.rev),
            col(Note.state),
            col(Note.because),
            col(Note.began_at),
            col(Note.changed_at),
        ).where(col(Note.event_id).in_(event_ids))
    )
    return {row[0]: Begun(*row) for row in found.all()}


async def heads(
    db: AsyncSession, event_ids: Collection[uuid.UUID], readers: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Standing]]:
    """What stands in each record, by path and then by operation: one statement.

    `readers`: whoever reads, as a person of each of their hubs; others' own notes are left out.
    """
    found = await db.execute(
        select(
            col(NoteOp.event_id),
            col(NoteOp.path),
            col(NoteOp.op_id),
            col(NoteOp.value),
            col(NoteOp.person_id),
            col(Person.name),
            col(NoteOp.received_at),
            col(NoteOp.rev),
        )
        .join(
            NoteHead,
            (col(NoteHead.event_id) == col(NoteOp.event_id)) & (col(NoteHead.op_id) == col(NoteOp.op_id)),
        )
        .join(Person, col(Person.id) == col(NoteOp.person_id))
        .where(
            col(NoteOp.event_id).in_(event_ids),
            or_(col(NoteOp.owner_id).is_(None), col(NoteOp.owner_id).in_(readers)),
        )
        .order_by(col(NoteOp.path), col(NoteOp.op_id))
    )
    standing: dict[uuid.UUID, list[Standing]] = {event_id: [] for event_id in event_ids}
    for event_id, *rest in found.all():
        standing[event_id].append(Standing(*rest))
    return standing
