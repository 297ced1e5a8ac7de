"""Queries of lines: who asked what, what was answered, and how many wait."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.funding import LedgerLine, LineQuery, Statement
from app.models.people import Person
from app.models.schools import School
from app.store import visible


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


async def waiting_of(db: AsyncSession, line_id: uuid.UUID) -> bool:
    """Whether a query of the line waits for an answer."""
    asked = select(col(LineQuery.id)).where(col(LineQuery.line_id) == line_id, col(LineQuery.answered_at).is_(None))
    return (await db.execute(asked)).first() is not None


async def locked(db: AsyncSession, hub_id: uuid.UUID, query_id: uuid.UUID) -> LineQuery | None:
    """The query's row, held for a change."""
    asked = select(LineQuery).where(col(LineQuery.hub_id) == hub_id, col(LineQuery.id) == query_id)
    held = asked.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(held)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Listed:
    """A query with its line, the line's school and statement, and who asked and answered."""

    row: LineQuery
    line: LedgerLine
    school: str
    statement: Statement
    by: str
    answered_by: str


async def every(db: AsyncSession, member: Member, *, waiting: bool | None = None) -> list[Listed]:
    """The queries of schools that the member may see, those that wait first: one statement."""
    asker, answerer = aliased(Person), aliased(Person)
    asked = (
        select(
            LineQuery,
            LedgerLine,
            col(School.name),
            Statement,
            func.coalesce(col(asker.name), ""),
            func.coalesce(col(answerer.name), ""),
        )
        .select_from(LineQuery)
        .join(LedgerLine, col(LedgerLine.id) == col(LineQuery.line_id))
        .join(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .join(School, col(School.urn) == col(LedgerLine.urn))
        .outerjoin(asker, col(asker.id) == col(LineQuery.by_id))
        .outerjoin(answerer, col(answerer.id) == col(LineQuery.answered_by))
        .where(col(LineQuery.hub_id) == member.hub_id, visible.at_schools(member, Can.SEE_OWED, col(LedgerLine.urn)))
        .order_by(col(LineQuery.answered_at).is_not(None), col(LineQuery.asked_at).desc(), col(LineQuery.id))
    )
    if waiting is not None:
        answered = col(LineQuery.answered_at)
        asked = asked.where(answered.is_(None) if waiting else answered.is_not(None))
    return [Listed(*one) for one in (await db.execute(asked)).all()]
