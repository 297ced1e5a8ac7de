"""Lines of statements, with the queries that hold them."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.funding.facts import Payee
from app.domain.funding.line import Kind, Line
from app.domain.funding.statements import Entry
from app.models.funding import LedgerLine, LineQuery, Statement
from app.models.schools import School
from app.store import visible

# An entry's, then a line's in the order of its fields: a year has 100,000 of them, too many for rows that are tracked.
_COLUMNS: tuple[Mapped[Any], ...] = (
    col(LedgerLine.id),
    col(LineQuery.id),
    col(LineQuery.words),
    col(LedgerLine.key),
    col(LedgerLine.urn),
    col(LedgerLine.payee),
    col(LedgerLine.rate),
    col(LedgerLine.programme),
    col(LedgerLine.group_code),
    col(LedgerLine.day),
    col(LedgerLine.quantity),
    col(LedgerLine.of),
    col(LedgerLine.rate_pence),
    col(LedgerLine.pence),
    col(LedgerLine.because),
    col(LedgerLine.evidence),
    col(LedgerLine.kind),
    col(LedgerLine.corrects),
    col(LedgerLine.card_version),
)
_PAYEES = {one.value: one for one in Payee}
_KINDS = {one.value: one for one in Kind}
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
    return Entry(str(line_id), _line(values), (words or WORDLESS) if query_id else "")


def _line(values: Sequence[Any]) -> Line:
    *same, because, evidence, kind, corrects, version = values
    key, urn, payee, rate, programme, group, day, quantity, of_, rate_pence, pence = same
    return Line(
        key=key,
        urn=urn,
        payee=_PAYEES[payee],
        rate=rate,
        programme=programme,
        group=group,
        day=day,
        quantity=quantity,
        of=of_,
        rate_pence=rate_pence,
        pence=pence,
        because=because,
        evidence=tuple(evidence),
        kind=_KINDS[kind],
        corrects=str(corrects) if corrects else "",
        card_version=version,
    )


async def one(db: AsyncSession, member: Member, line_id: uuid.UUID) -> Row | None:
    """This line, where the member may see what its school is owed: one statement."""
    return next(iter(await _rows(db, member, col(LedgerLine.id) == line_id)), None)


async def corrected_by(db: AsyncSession, member: Member, line_id: uuid.UUID) -> list[Row]:
    """The lines that correct this one, the earliest first: one statement."""
    return await _rows(db, member, col(LedgerLine.corrects) == line_id)


async def of(db: AsyncSession, member: Member, statement: Statement) -> list[Row]:
    """The lines of a statement with their schools, of those that the member may see: one statement."""
    found = await db.execute(_seen(member, of_statement(statement.id)))
    rows = []
    for *values, school in found.all():  # ten thousand, in the statement of a hub
        entry = _entry(values)
        rows.append(Row(uuid.UUID(entry.id), entry.line, statement, school, entry.held))
    return rows


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
    rows = []
    for *values, school, statement in found.all():
        entry = _entry(values)
        rows.append(Row(uuid.UUID(entry.id), entry.line, statement, school, entry.held))
    return rows


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
