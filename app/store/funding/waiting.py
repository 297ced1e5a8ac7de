"""How much of the ledger waits for somebody of the office."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.statements import State
from app.models.funding import Adjustment, LineQuery, Statement


@dataclass(frozen=True, slots=True)
class Waiting:
    """Queries to answer; closed statements and adjustments that this person may be the second for."""

    queries: int
    statements: int
    adjustments: int


async def for_person(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID) -> Waiting:
    """What waits for this person; what they closed or wrote waits for somebody else: one statement."""
    asked = select(func.count()).where(col(LineQuery.hub_id) == hub_id, col(LineQuery.answered_at).is_(None))
    closed = select(func.count()).where(
        col(Statement.hub_id) == hub_id,
        col(Statement.state) == State.CLOSED,
        col(Statement.closed_by).is_distinct_from(person_id),
    )
    proposed = select(func.count()).where(
        col(Adjustment.hub_id) == hub_id,
        col(Adjustment.state) == "proposed",
        col(Adjustment.by_id).is_distinct_from(person_id),
    )
    found = await db.execute(select(*(one.scalar_subquery() for one in (asked, closed, proposed))))
    return Waiting(*found.one())
