"""What a grant year's budget is held against: what stands in its statements beside what facts earn, and payments."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.line import Kind, Line
from app.domain.funding.statements import State, Step
from app.kit.periods import in_london
from app.models.funding import LedgerLine, Statement, StatementStep
from app.store.funding import rows

TYPED = (Kind.ADJUSTMENT.value, Kind.BROUGHT.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """Statements in one state: how many, and what they come to in pence."""

    count: int
    pence: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment in pence (minus: paid back), the day it was made, and the statement it belongs to."""

    day: date
    pence: int
    reference: str


async def typed_lines(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Line]:
    """Lines of the year that no fact earned: adjustments, and what was brought forward: one statement."""
    asked = (
        select(LedgerLine)
        .join(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .where(col(LedgerLine.hub_id) == hub_id, col(Statement.year) == year, col(LedgerLine.kind).in_(TYPED))
        .order_by(col(LedgerLine.day), col(LedgerLine.id))
    )
    return [rows.line(row) for row in (await db.execute(asked)).scalars()]


async def by_state(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[State, Standing]:
    """The closed statements of the year by where they stand: one statement."""
    asked = (
        select(col(Statement.state), func.count(), func.coalesce(func.sum(col(Statement.pence)), 0))
        .where(col(Statement.hub_id) == hub_id, col(Statement.year) == year, col(Statement.state) != State.OPEN)
        .group_by(col(Statement.state))
    )
    return {State(state): Standing(count, int(pence)) for state, count, pence in (await db.execute(asked)).all()}


async def payments(db: AsyncSession, hub_id: uuid.UUID, year: int, urn: int | None = None) -> list[Payment]:
    """What was paid of the year's statements, or of one school's own, in order: one statement."""
    asked = (
        select(col(StatementStep.day), col(StatementStep.at), col(StatementStep.pence), col(Statement.reference))
        .join(Statement, col(Statement.id) == col(StatementStep.statement_id))
        .where(
            col(StatementStep.hub_id) == hub_id,
            col(Statement.year) == year,
            col(StatementStep.step) == Step.PAY,
        )
        .order_by(col(StatementStep.at), col(StatementStep.id))
    )
    asked = asked if urn is None else asked.where(col(Statement.urn) == urn)
    found = (await db.execute(asked)).all()
    return [Payment(day or in_london(at).date(), pence, reference) for day, at, pence, reference in found]
