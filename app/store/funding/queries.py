"""Queries of lines: who asked what, what was answered, and how many wait."""

import uuid
from dataclasses import dataclass
from typing import Any

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
    """A query with its school, its line and statement where the line is still due, and who asked and answered."""

    row: LineQuery
    urn: int
    school: str
    line: LedgerLine | None
    statement: Statement | None
    by: str
    answered_by: str


async def every(
    db: AsyncSession, member: Member, *, waiting: bool | None = None, gone_of: int | None = None
) -> list[Listed]:
    """The queries of schools that the member may see, those that wait first: one statement.

    `gone_of`: only those of this school whose line is no longer due.
    """
    asker, answerer = aliased(Person), aliased(Person)
    urn: Any = func.coalesce(col(LineQuery.urn), col(LedgerLine.urn))
    asked = (
        select(
            LineQuery,
            urn,
            col(School.name),
            LedgerLine,
            Statement,
            func.coalesce(col(asker.name), ""),
            func.coalesce(col(answerer.name), ""),
        )
        .select_from(LineQuery)
        .outerjoin(LedgerLine, col(LedgerLine.id) == col(LineQuery.line_id))
        .outerjoin(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .join(School, col(School.urn) == urn)
        .outerjoin(asker, col(asker.id) == col(LineQuery.by_id))
        .outerjoin(answerer, col(answerer.id) == col(LineQuery.answered_by))
        .where(col(LineQuery.hub_id) == member.hub_id, visible.at_schools(member, Can.SEE_OWED, urn))
        .order_by(col(LineQuery.answered_at).is_not(None), col(LineQuery.asked_at).desc(), col(LineQuery.id))
    )
    if waiting is not None:
        answered = col(LineQuery.answered_at)
        asked = asked.where(answered.is_(None) if waiting else answered.is_not(None))
    if gone_of is not None:
        asked = asked.where(col(LineQuery.line_id).is_(None), col(LineQuery.urn) == gone_of)
    return [Listed(*one) for one in (await db.execute(asked)).all()]
