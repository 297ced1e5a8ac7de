"""A hub's criteria in all their versions: those in use, those that ship, and the draft of the next."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.criteria import DEFAULTS, CriteriaOf, from_data, to_data
from app.kit.ids import new_id
from app.models.stages import CriteriaSet


def as_criteria(row: CriteriaSet) -> CriteriaOf:
    """A stored set as the rules know it."""
    return from_data(row.kind, row.version, row.criteria)


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
    values = {
        "id": new_id(),
        "hub_id": hub_id,
        "kind": kind,
        "version": shipped.version,
        "criteria": to_data(shipped.items),
        "made_at": now,
        "published_at": now,
    }
    await db.execute(insert(CriteriaSet).values(**values).on_conflict_do_nothing())
    stored_id, _ = (await in_use(db, hub_id))[kind]
    if stored_id is None:
        raise LookupError(kind)
    return stored_id
