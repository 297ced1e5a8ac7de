"""Groups on their way: kept whole, so that any can be looked at again, moved and used."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.people import Person
from app.models.schedule import Forming
from app.store.stages import recruiting

OPEN = ("waiting", "solving", "ready")


@dataclass(frozen=True, slots=True)
class FormingLine:
    """Groups on their way in a list: how many groups there are so far."""

    id: uuid.UUID
    year: int
    status: str
    made_at: datetime
    made_by: str
    groups: int


@dataclass(frozen=True, slots=True)
class FormingRow:
    """Groups on their way with everything that is known of them; `plan` is as it was solved."""

    id: uuid.UUID
    year: int
    status: str
    problem: dict[str, Any]
    names: dict[str, str]
    plan: dict[str, Any] | None
    moved: dict[str, Any] | None
    steps: tuple[dict[str, Any], ...]
    progress: dict[str, Any]
    because: tuple[str, ...]
    told: tuple[str, ...]
    made_at: datetime
    used_at: datetime | None
    version: int


async def add(db: AsyncSession, forming: Forming) -> Forming:
    """Keep new ones; all others of the year that are open are set aside."""
    await db.execute(
        update(Forming)
        .where(col(Forming.hub_id) == forming.hub_id, col(Forming.year) == forming.year, col(Forming.status).in_(OPEN))
        .values(status="set aside", finished_at=forming.made_at)
    )
    db.add(forming)
    await db.flush()
    return forming


async def held(db: AsyncSession, hub_id: uuid.UUID, forming_id: uuid.UUID) -> Forming | None:
    """One of this hub, locked until the transaction ends."""
    asked = select(Forming).where(col(Forming.id) == forming_id, col(Forming.hub_id) == hub_id)
    return (await db.execute(asked.with_for_update())).scalar_one_or_none()


async def progress(db: AsyncSession, forming_id: uuid.UUID, seen: dict[str, Any]) -> None:
    """Note how far the solver is."""
    changed = update(Forming).where(col(Forming.id) == forming_id, col(Forming.status) == "solving")
    await db.execute(changed.values(progress=seen))


async def listed(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[FormingLine]:
    """Those of a year, the newest first; their long documents are not read."""
    count = func.jsonb_array_length(func.coalesce(col(Forming.moved), col(Forming.plan))["groups"])
    asked = (
        select(col(Forming.id), col(Forming.year), col(Forming.status), col(Forming.made_at), col(Person.name), count)
        .outerjoin(Person, col(Person.id) == col(Forming.made_by_id))
        .where(col(Forming.hub_id) == hub_id, col(Forming.year) == year)
        .order_by(col(Forming.made_at).desc(), col(Forming.id))
    )
    return [
        FormingLine(key, of, status, made_at, by or "the command line", groups or 0)
        for key, of, status, made_at, by, groups in (await db.execute(asked)).all()
    ]


async def whole(db: AsyncSession, hub_id: uuid.UUID, forming_id: uuid.UUID) -> FormingRow | None:
    """One of this hub."""
    asked = select(Forming).where(col(Forming.id) == forming_id, col(Forming.hub_id) == hub_id)
    row = (await db.execute(asked)).scalar_one_or_none()
    return None if row is None else as_row(row)


def as_row(row: Forming) -> FormingRow:
    """The same as plain values."""
    return FormingRow(
        id=row.id,
        year=row.year,
        status=row.status,
        problem=row.problem,
        names=row.names,
        plan=row.plan,
        moved=row.moved,
        steps=tuple(row.steps),
        progress=row.progress,
        because=tuple(row.because),
        told=tuple(row.told),
        made_at=row.made_at,
        used_at=row.used_at,
        version=row.version,
    )


async def programme_ids(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[str, tuple[uuid.UUID, str, int]]:
    """The programmes of the year by kind: id, name and the least days between two meetings."""
    return {one.kind: (one.id, one.name, one.least_gap) for one in await recruiting.programmes(db, hub_id, year)}
