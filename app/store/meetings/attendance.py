"""What was said of who came: rows are added, never changed (UPDATE and DELETE are revoked in the database)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.meetings.attendance import Said, hours
from app.models.meetings import Attendance

__all__ = ["hours", "keep", "said_of"]
_FIELDS = [name for name in Said.__dataclass_fields__ if name != "number"]


async def said_of(db: AsyncSession, event_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Said]]:
    """Everything said of these events, in the order in which it came in; a list for each: one statement.

    Of the hubs in sight, with the reasons: whoever shows it to somebody narrows it first (docs/rules/attendance.md).
    """
    told: dict[uuid.UUID, list[Said]] = {event_id: [] for event_id in event_ids}
    if not told:
        return told
    rows = await db.execute(
        select(Attendance).where(col(Attendance.event_id).in_(told)).order_by(col(Attendance.number))
    )
    for row in rows.scalars():
        told[row.event_id].append(as_said(row))
    return told


async def said_of_guest(db: AsyncSession, event_id: uuid.UUID, guest_id: uuid.UUID) -> list[Said]:
    """Everything said of one guest of one event: one statement."""
    rows = await db.execute(
        select(Attendance)
        .where(col(Attendance.event_id) == event_id, col(Attendance.guest_id) == guest_id)
        .order_by(col(Attendance.number))
    )
    return [as_said(row) for row in rows.scalars()]


def as_said(row: Attendance) -> Said:
    """A row as the rules know it."""
    return Said(number=row.number, **{name: getattr(row, name) for name in _FIELDS})


async def keep(db: AsyncSession, said: Sequence[Said]) -> set[uuid.UUID]:
    """Add what is not known yet by its op_id; which of them are new: one statement.

    Whoever calls has opened the wall for the event's hub and asked the law.
    """
    if not said:
        return set()
    rows = [
        {**{name: value for name, value in asdict(one).items() if name != "number"}, "excused": bool(one.because)}
        for one in said
    ]
    added = insert(Attendance).values(rows).on_conflict_do_nothing(index_elements=["op_id"])
    found = await db.execute(added.returning(col(Attendance.op_id)))
    return set(found.scalars())
