"""Assurance samples: drawn once and never changed; their lines with the statements that froze them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.statements import Entry
from app.models.funding import AssuranceSample, LedgerLine, Statement
from app.models.people import Person
from app.models.schools import School
from app.store.funding import ledger_lines

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample: of which year, by which seed, how many were asked for, of how many frozen lines, and their ids."""

    id: uuid.UUID
    year: int
    seed: str
    count: int
    of: int
    lines: tuple[str, ...]
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A line of a sample with its statement's reference and its school's name."""

    entry: Entry
    statement_id: uuid.UUID
    reference: str
    school: str


async def keep(db: AsyncSession, row: AssuranceSample) -> uuid.UUID:
    """Keep the sample; nothing ever changes it."""
    db.add(row)
    await db.flush()
    return row.id


async def listed(db: AsyncSession, hub_id: uuid.UUID, *conditions: ColumnElement[bool]) -> list[Drawn]:
    """Every sample of the hub, the newest first: one statement."""
    found = await db.execute(
        select(AssuranceSample, func.coalesce(col(Person.name), ""))
        .outerjoin(Person, col(Person.id) == col(AssuranceSample.made_by))
        .where(col(AssuranceSample.hub_id) == hub_id, *conditions)
        .order_by(col(AssuranceSample.made_at).desc(), col(AssuranceSample.id).desc())
    )
    return [
        Drawn(row.id, row.year, row.seed, row.count, row.of, tuple(row.lines), row.made_at, by)
        for row, by in found.all()
    ]


async def one(db: AsyncSession, hub_id: uuid.UUID, sample_id: uuid.UUID) -> Drawn | None:
    """This sample, if it is the hub's: one statement."""
    return next(iter(await listed(db, hub_id, col(AssuranceSample.id) == sample_id)), None)


async def frozen_then(db: AsyncSession, hub_id: uuid.UUID, year: int, at: datetime) -> list[Entry]:
    """The lines of the year that were frozen by then: one statement."""
    return await ledger_lines.entries(
        db,
        col(Statement.hub_id) == hub_id,
        col(Statement.year) == year,
        col(Statement.state) != OPEN,
        col(Statement.closed_at) <= at,
    )


async def taken(db: AsyncSession, hub_id: uuid.UUID, lines: Sequence[str]) -> list[Taken]:
    """These lines, in this order: two statements."""
    ids = [uuid.UUID(one) for one in lines]
    wanted = col(LedgerLine.hub_id) == hub_id, col(LedgerLine.id).in_(ids)
    entries = {one.id: one for one in await ledger_lines.entries(db, *wanted)}
    found = await db.execute(
        select(col(LedgerLine.id), col(Statement.id), col(Statement.reference), col(School.name))
        .join(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .join(School, col(School.urn) == col(LedgerLine.urn))
        .where(*wanted)
    )
    of = {str(line): (statement, reference, school) for line, statement, reference, school in found.all()}
    return [Taken(entries[one], *of[one]) for one in lines if one in of]
