"""Adjustments of a hub."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.funding import Adjustment, LedgerLine, Statement
from app.models.people import Person
from app.models.schools import School


@dataclass(frozen=True, slots=True)
class Row:
    """An adjustment with its school, who wrote and settled it, and the statement that its line is in."""

    row: Adjustment
    school: str
    by: str
    settled_by: str
    statement_id: uuid.UUID | None
    reference: str


async def every(db: AsyncSession, hub_id: uuid.UUID, *conditions: ColumnElement[bool]) -> list[Row]:
    """The hub's adjustments, the newest first: one statement."""
    writer, settler = aliased(Person), aliased(Person)
    found = await db.execute(
        select(
            Adjustment,
            col(School.name),
            func.coalesce(col(writer.name), ""),
            func.coalesce(col(settler.name), ""),
            col(LedgerLine.statement_id),
            func.coalesce(col(Statement.reference), ""),
        )
        .select_from(Adjustment)
        .join(School, col(School.urn) == col(Adjustment.urn))
        .outerjoin(writer, col(writer.id) == col(Adjustment.by_id))
        .outerjoin(settler, col(settler.id) == col(Adjustment.settled_by))
        .outerjoin(LedgerLine, col(LedgerLine.id) == col(Adjustment.line_id))
        .outerjoin(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .where(col(Adjustment.hub_id) == hub_id, *conditions)
        .order_by(col(Adjustment.made_at).desc(), col(Adjustment.id).desc())
    )
    return [Row(*one) for one in found.all()]


async def one(db: AsyncSession, hub_id: uuid.UUID, adjustment_id: uuid.UUID) -> Row | None:
    """This adjustment: one statement."""
    return next(iter(await every(db, hub_id, col(Adjustment.id) == adjustment_id)), None)


async def locked(db: AsyncSession, hub_id: uuid.UUID, adjustment_id: uuid.UUID) -> Adjustment | None:
    """The adjustment's row, held for a change."""
    found = await db.execute(
        select(Adjustment)
        .where(col(Adjustment.hub_id) == hub_id, col(Adjustment.id) == adjustment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def add(db: AsyncSession, row: Adjustment) -> None:
    """Keep a new adjustment."""
    db.add(row)
    await db.flush()


async def add_line(db: AsyncSession, row: LedgerLine) -> uuid.UUID:
    """Keep the line that an adjustment became; its id."""
    db.add(row)
    await db.flush()
    return row.id
