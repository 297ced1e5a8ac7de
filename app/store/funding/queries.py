"""Queries of lines: who asked what, what was answered, and how many wait."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.funding import LineQuery
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Row:
    """A query with who asked and who answered; empty for somebody who was erased."""

    row: LineQuery
    by: str
    answered_by: str


async def of_line(db: AsyncSession, line_id: uuid.UUID) -> list[Row]:
    """What was asked about a line, the earliest first: one statement. The caller has asked who may see it."""
    asker, answerer = aliased(Person), aliased(Person)
    found = await db.execute(
        select(LineQuery, func.coalesce(col(asker.name), ""), func.coalesce(col(answerer.name), ""))
        .select_from(LineQuery)
        .outerjoin(asker, col(asker.id) == col(LineQuery.by_id))
        .outerjoin(answerer, col(answerer.id) == col(LineQuery.answered_by))
        .where(col(LineQuery.line_id) == line_id)
        .order_by(col(LineQuery.asked_at), col(LineQuery.id))
    )
    return [Row(*one) for one in found.all()]


async def to_answer(db: AsyncSession, hub_id: uuid.UUID) -> int:
    """How many queries of the hub wait for an answer."""
    found = await db.execute(
        select(func.count()).where(col(LineQuery.hub_id) == hub_id, col(LineQuery.answered_at).is_(None))
    )
    return found.scalar_one()
