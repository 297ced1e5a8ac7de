"""Completion snapshots: kept, listed, read, taken away and put back. What they count never changes."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.snapshots import Snapshot, from_data, to_data
from app.models.funding import CompletionSnapshot
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Kept:
    """A frozen snapshot; `by` is whoever froze it."""

    id: uuid.UUID
    name: str
    year: int
    snapshot: Snapshot
    taken_at: datetime
    by: str
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is frozen under which name, of which grant year."""

    year: int
    name: str
    snapshot: Snapshot


async def keep(db: AsyncSession, hub_id: uuid.UUID, made: Frozen, at: datetime, by: uuid.UUID | None) -> uuid.UUID:
    """Keep these counts; nothing ever changes them."""
    data = to_data(made.snapshot)
    row = CompletionSnapshot(
        hub_id=hub_id,
        year=made.year,
        day=made.snapshot.day,
        name=made.name,
        counts={"counts": data["counts"], "evidence": data["evidence"]},
        taken_at=at,
        taken_by=by,
    )
    db.add(row)
    await db.flush()
    return row.id


async def listed(db: AsyncSession, hub_id: uuid.UUID) -> list[Kept]:
    """Every snapshot, the newest first, also those taken away: one statement."""
    found = await db.execute(
        select(CompletionSnapshot, func.coalesce(col(Person.name), ""))
        .outerjoin(Person, col(Person.id) == col(CompletionSnapshot.taken_by))
        .where(col(CompletionSnapshot.hub_id) == hub_id)
        .order_by(col(CompletionSnapshot.taken_at).desc(), col(CompletionSnapshot.id))
    )
    return [_kept(row, by) for row, by in found.all()]


def _kept(row: CompletionSnapshot, by: str) -> Kept:
    snapshot = from_data({"counts": (), "evidence": (), **row.counts, "day": row.day.isoformat()})
    return Kept(row.id, row.name, row.year, snapshot, row.taken_at, by, row.deleted_at)


async def row(db: AsyncSession, hub_id: uuid.UUID, snapshot_id: uuid.UUID) -> CompletionSnapshot | None:
    """A snapshot's row, also of one that was taken away: one statement."""
    asked = select(CompletionSnapshot).where(
        col(CompletionSnapshot.hub_id) == hub_id, col(CompletionSnapshot.id) == snapshot_id
    )
    return (await db.execute(asked)).scalar_one_or_none()
