"""A hub's criteria in all their versions: those in use, those that ship, and the draft of the next."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.criteria import DEFAULTS, CriteriaOf, from_data, to_data
from app.kit.ids import new_id
from app.models.stages import CriteriaSet, StageMove


@dataclass(frozen=True, slots=True)
class Stored:
    """A version with its id, since when it holds (empty: a draft), and when a draft was last written."""

    id: uuid.UUID
    criteria: CriteriaOf
    published_at: datetime | None
    made_at: datetime


def as_criteria(row: CriteriaSet) -> CriteriaOf:
    """A stored set as the rules know it."""
    return from_data(row.kind, row.version, row.criteria)


def _stored(row: CriteriaSet) -> Stored:
    return Stored(row.id, as_criteria(row), row.published_at, row.made_at)


async def in_use(db: AsyncSession, hub_id: uuid.UUID) -> dict[str, tuple[uuid.UUID | None, CriteriaOf]]:
    """The newest published set of each kind of programme, with its id; those that ship have none: one statement."""
    found = await db.execute(
        select(CriteriaSet)
        .where(col(CriteriaSet.hub_id) == hub_id, col(CriteriaSet.published_at).is_not(None))
        .ext(distinct_on(col(CriteriaSet.kind)))
        .order_by(col(CriteriaSet.kind), col(CriteriaSet.version).desc())
    )
    shipped: dict[str, tuple[uuid.UUID | None, CriteriaOf]] = {kind: (None, one) for kind, one in DEFAULTS.items()}
    return {**shipped, **{row.kind: (row.id, as_criteria(row)) for row in found.scalars()}}


async def kept(db: AsyncSession, hub_id: uuid.UUID, kind: str, now: datetime) -> uuid.UUID:
    """The id of the set in use; the one that ships becomes the hub's version 1 when it is first needed."""
    stored_id, shipped = (await in_use(db, hub_id))[kind]
    if stored_id:
        return stored_id
    values = {"made_at": now, "published_at": now, "hub_id": hub_id, "id": new_id()}
    await db.execute(insert(CriteriaSet).values(**values, **_columns(shipped)).on_conflict_do_nothing())
    stored_id, _ = (await in_use(db, hub_id))[kind]
    if stored_id is None:
        raise LookupError(kind)
    return stored_id


def _columns(criteria: CriteriaOf) -> dict[str, object]:
    return {"kind": criteria.kind, "version": criteria.version, "criteria": to_data(criteria.items)}


async def versions(db: AsyncSession, hub_id: uuid.UUID, kind: str) -> list[Stored]:
    """The published versions of a kind, the newest first; none while the hub has what ships: one statement."""
    found = await db.execute(
        select(CriteriaSet)
        .where(
            col(CriteriaSet.hub_id) == hub_id, col(CriteriaSet.kind) == kind, col(CriteriaSet.published_at).is_not(None)
        )
        .order_by(col(CriteriaSet.version).desc())
    )
    return [_stored(row) for row in found.scalars()]


async def drafts(db: AsyncSession, hub_id: uuid.UUID) -> dict[str, Stored]:
    """The drafts by kind of programme: one statement."""
    found = await db.execute(
        select(CriteriaSet)
        .where(col(CriteriaSet.hub_id) == hub_id, col(CriteriaSet.published_at).is_(None))
        .order_by(col(CriteriaSet.version))
    )
    return {row.kind: _stored(row) for row in found.scalars()}


async def one(db: AsyncSession, hub_id: uuid.UUID, criteria_id: uuid.UUID) -> Stored | None:
    """This version, if it is the hub's."""
    row = await db.get(CriteriaSet, criteria_id)
    return _stored(row) if row and row.hub_id == hub_id else None


async def locked(db: AsyncSession, hub_id: uuid.UUID, criteria_id: uuid.UUID) -> CriteriaSet | None:
    """The row of this version, held until the transaction ends."""
    found = await db.execute(
        select(CriteriaSet)
        .where(col(CriteriaSet.hub_id) == hub_id, col(CriteriaSet.id) == criteria_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def locked_draft(db: AsyncSession, hub_id: uuid.UUID, kind: str) -> CriteriaSet | None:
    """The draft's row of a kind, held until the transaction ends."""
    found = await db.execute(
        select(CriteriaSet)
        .where(col(CriteriaSet.hub_id) == hub_id, col(CriteriaSet.kind) == kind)
        .where(col(CriteriaSet.published_at).is_(None))
        .order_by(col(CriteriaSet.version).desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def begin_draft(
    db: AsyncSession, hub_id: uuid.UUID, criteria: CriteriaOf, now: datetime, by: uuid.UUID | None
) -> uuid.UUID | None:
    """Keep this set as the draft; None when somebody began it at the same moment."""
    made = await db.execute(
        insert(CriteriaSet)
        .values(id=new_id(), hub_id=hub_id, made_at=now, made_by=by, published_at=None, **_columns(criteria))
        .on_conflict_do_nothing()
        .returning(col(CriteriaSet.id))
    )
    return made.scalar_one_or_none()


async def proposals(db: AsyncSession, hub_id: uuid.UUID, kind: str) -> int:
    """How many moves wait that were proposed with a version of this kind: one statement."""
    found = await db.execute(
        select(func.count())
        .select_from(StageMove)
        .join(CriteriaSet, col(CriteriaSet.id) == col(StageMove.criteria_id))
        .where(col(StageMove.hub_id) == hub_id, col(StageMove.state) == "proposed", col(CriteriaSet.kind) == kind)
    )
    return found.scalar_one()


async def moved(db: AsyncSession, hub_id: uuid.UUID, enrolments: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these enrolments a school was moved on from: one statement."""
    found = await db.execute(
        select(col(StageMove.from_id)).where(
            col(StageMove.hub_id) == hub_id,
            col(StageMove.state) == "agreed",
            col(StageMove.from_id).in_(enrolments),
        )
    )
    return set(found.scalars())
