"""Pictures of the hub that were frozen: kept, listed, read, taken away and put back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.picture import Picture, from_json, to_json
from app.models.people import Person
from app.models.stages import HubSnapshot


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen picture; `by` is whoever froze it, for those who see the list, and stands in no picture."""

    id: uuid.UUID
    name: str
    year: int
    day: date
    taken_at: datetime
    by: str
    deleted_at: datetime | None


async def keep(db: AsyncSession, row: HubSnapshot, picture: Picture) -> uuid.UUID:
    """Keep this picture; nothing ever changes it."""
    row.year, row.day, row.picture = picture.year, picture.day, to_json(picture)
    db.add(row)
    await db.flush()
    return row.id


async def listed(db: AsyncSession, hub_id: uuid.UUID) -> list[Snapshot]:
    """Every frozen picture, the newest first, also those taken away: one statement that reads no picture."""
    found = await db.execute(
        select(
            col(HubSnapshot.id),
            col(HubSnapshot.name),
            col(HubSnapshot.year),
            col(HubSnapshot.day),
            col(HubSnapshot.taken_at),
            func.coalesce(col(Person.name), ""),
            col(HubSnapshot.deleted_at),
        )
        .outerjoin(Person, col(Person.id) == col(HubSnapshot.taken_by))
        .where(col(HubSnapshot.hub_id) == hub_id)
        .order_by(col(HubSnapshot.taken_at).desc(), col(HubSnapshot.id))
    )
    return [Snapshot(*row) for row in found.all()]


async def one(db: AsyncSession, hub_id: uuid.UUID, snapshot_id: uuid.UUID) -> HubSnapshot | None:
    """A frozen picture's row, also of one that was taken away: one statement."""
    asked = select(HubSnapshot).where(col(HubSnapshot.hub_id) == hub_id, col(HubSnapshot.id) == snapshot_id)
    return (await db.execute(asked)).scalar_one_or_none()


async def read(db: AsyncSession, hub_id: uuid.UUID, snapshot_id: uuid.UUID) -> tuple[str, Picture] | None:
    """A frozen picture with its name, unless there is none or it was taken away."""
    row = await one(db, hub_id, snapshot_id)
    if row is None or row.deleted_at:
        return None
    return row.name, from_json({"year": row.year, "day": row.day.isoformat(), **row.picture})


async def forget(db: AsyncSession, hub_id: uuid.UUID, before: datetime) -> None:
    """Remove for good what was taken away before this."""
    await db.execute(delete(HubSnapshot).where(col(HubSnapshot.hub_id) == hub_id, col(HubSnapshot.deleted_at) < before))
