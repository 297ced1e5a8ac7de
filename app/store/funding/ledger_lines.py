"""Lines of statements, with the queries that hold them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.funding.line import Line
from app.domain.funding.statements import Entry
from app.models.funding import LedgerLine, LineQuery, Statement
from app.models.schools import School
from app.store import visible
from app.store.funding.rows import COLUMNS, line_of

# An entry's, then a line's.
_COLUMNS = (col(LedgerLine.id), col(LineQuery.id), col(LineQuery.words), *COLUMNS)
WORDLESS = "Queried."


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its statement and the name of its school; `held` while it is queried."""

    id: uuid.UUID
    line: Line
    statement: Statement
    school: str
    held: str


def of_statement(statement_id: uuid.UUID) -> ColumnElement[bool]:
    """The lines in this statement."""
    return col(LedgerLine.statement_id) == statement_id


async def entries(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[Entry]:
    """The entries that fit, each with the words that hold it, in order of their ids: one statement."""
    found = await db.execute(_entries(*conditions))
    return [_entry(row) for row in found.all()]


def _entries(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .select_from(LedgerLine)
        .join(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .outerjoin(LineQuery, (col(LineQuery.line_id) == col(LedgerLine.id)) & col(LineQuery.answered_at).is_(None))
        .where(*conditions)
        .order_by(col(LedgerLine.id))
    )


def _entry(row: Any) -> Entry:
    line_id, query_id, words, *values = row
    return Entry(str(line_id), line_of(values), (words or WORDLESS) if query_id else "")


async def one(db: AsyncSession, member: Member, line_id: uuid.UUID) -> Row | None:
    """This line, where the member may see what its school is owed: one statement."""
    return next(iter(await _rows(db, member, col(LedgerLine.id) == line_id)), None)


async def corrected_by(db: AsyncSession, member: Member, line_id: uuid.UUID) -> list[Row]:
    """The lines that correct this one, the earliest first: one statement."""
    return await _rows(db, member, col(LedgerLine.corrects) == line_id)


async def of(db: AsyncSession, member: Member, statement: Statement) -> list[Row]:
    """The lines of a statement with their schools, of those that the member may see: one statement."""
    found = await db.execute(_seen(member, of_statement(statement.id)))
    return [_row(*values, statement) for values in found.all()]  # ten thousand, in the statement of a hub


async def has_any(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> bool:
    """Whether the hub ever had a line of this school: one statement."""
    asked = select(col(LedgerLine.id)).where(col(LedgerLine.hub_id) == hub_id, col(LedgerLine.urn) == urn).limit(1)
    return (await db.execute(asked)).first() is not None


async def of_school(db: AsyncSession, member: Member, urn: int, year: int) -> list[Row]:
    """The lines of a school in a grant year, whatever statement they are in, the latest day first: one statement."""
    found = await _rows(db, member, col(LedgerLine.urn) == urn, col(Statement.year) == year)
    return sorted(found, key=lambda one: (one.line.day, str(one.id)), reverse=True)


def _seen(member: Member, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """What fits of the lines that the member may see, with the name of the school as well."""
    return (
        _entries(
            col(LedgerLine.hub_id) == member.hub_id,
            visible.at_schools(member, Can.SEE_OWED, col(LedgerLine.urn)),
            *conditions,
        )
        .join(School, col(School.urn) == col(LedgerLine.urn))
        .add_columns(col(School.name))
    )


async def _rows(db: AsyncSession, member: Member, *conditions: ColumnElement[bool]) -> list[Row]:
    found = await db.execute(_seen(member, *conditions).add_columns(Statement))
    return [_row(*values) for values in found.all()]


def _row(*of: Any) -> Row:
    *values, school, statement = of
    entry = _entry(values)
    return Row(uuid.UUID(entry.id), entry.line, statement, school, entry.held)


async def year_of(db: AsyncSession, hub_id: uuid.UUID, line_id: uuid.UUID) -> int | None:
    """The grant year of the line: one statement."""
    found = await db.execute(
        select(col(Statement.year))
        .join(LedgerLine, col(LedgerLine.statement_id) == col(Statement.id))
        .where(col(LedgerLine.hub_id) == hub_id, col(LedgerLine.id) == line_id)
    )
    return found.scalar_one_or_none()


async def locked(db: AsyncSession, hub_id: uuid.UUID, line_id: uuid.UUID) -> LedgerLine | None:
    """The line's row, held for a change."""
    found = await db.execute(
        select(LedgerLine)
        .where(col(LedgerLine.hub_id) == hub_id, col(LedgerLine.id) == line_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def move(db: AsyncSession, line_ids: Collection[uuid.UUID], statement_id: uuid.UUID) -> None:
    """Put these lines into another open statement; the database refuses what is closed."""
    await db.execute(update(LedgerLine).where(col(LedgerLine.id).in_(line_ids)).values(statement_id=statement_id))
