"""Statements: those of a year, one with its steps and lines, and how they are opened."""

import typing
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, Integer, Subquery, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.funding import statements as rules
from app.domain.funding.opening import Opening
from app.domain.funding.statements import Entry, State, Stepped
from app.models.funding import FundingYear, LedgerLine, LineQuery, Payee, Statement, StatementStep
from app.models.hubs import Hub
from app.models.people import Person
from app.models.schools import School
from app.store import visible
from app.store.funding import ledger_lines, rows

OPEN = State.OPEN.value


@dataclass(frozen=True, slots=True)
class Row:
    """A statement with its school's name (empty: the hub's own), who closed and approved it, and what is in it now.

    `payable`: whoever pays knows its school by a reference, or it is the hub's own.
    `pence`, `lines`: as frozen, or of an open one what its lines come to; `queried` of those are held by a query, and
    come to `held`.
    """

    row: Statement
    school: str
    closed_by: str
    approved_by: str
    pence: int
    lines: int
    queried: int
    held: int
    payable: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step and who took it; empty for somebody who was erased."""

    row: StatementStep
    by: str


async def year_locked(db: AsyncSession, hub_id: uuid.UUID, year: int) -> FundingYear:
    """The hub's grant year, made where it is missing, and held: whoever changes its ledger waits for the other."""
    made = insert(FundingYear).values(
        hub_id=hub_id, year=year, grant_pence=0, near=5, per="school", every="term", version=1
    )
    await db.execute(made.on_conflict_do_nothing())
    found = await db.execute(
        select(FundingYear)
        .where(col(FundingYear.hub_id) == hub_id, col(FundingYear.year) == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def entries(db: AsyncSession, statement_id: uuid.UUID) -> list[Entry]:
    """The lines in the statement, each held where it is queried: one statement."""
    return await ledger_lines.entries(db, ledger_lines.of_statement(statement_id))


async def frozen_entries(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Entry]:
    """The lines of every closed statement of the year: one statement."""
    return await ledger_lines.entries(db, *_of_year(hub_id, year), col(Statement.state) != OPEN)


async def open_entries(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Entry]:
    """The lines of every open statement of the year: one statement."""
    return await ledger_lines.entries(db, *_of_year(hub_id, year), col(Statement.state) == OPEN)


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[rules.Statement]:
    """Every statement of the year, by reference, without steps: one statement."""
    return await _known(db, *_of_year(hub_id, year))


async def _known(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[rules.Statement]:
    found = await db.execute(
        select(col(Hub.code), Statement)
        .join(Hub, col(Hub.id) == col(Statement.hub_id))
        .where(*conditions)
        .order_by(col(Statement.reference))
    )
    return [rows.statement(code, row) for code, row in found.all()]


def _of_year(hub_id: uuid.UUID, year: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Statement.hub_id) == hub_id, col(Statement.year) == year


async def open_new(
    db: AsyncSession, hub_id: uuid.UUID, hub_code: str, new: Sequence[Opening], now: datetime
) -> list[rules.Statement]:
    """Open statements of one grant year, their references next in turn; the caller holds the year: two statements."""
    if not new:
        return []
    start = f"{hub_code}-{new[0].year % 100:02d}-"
    last = await _last_number(db, hub_id, start)
    made = [
        Statement(
            hub_id=hub_id,
            year=one.year,
            first=one.period.first,
            last=one.period.last,
            reference=f"{start}{number:04d}",
            urn=one.urn,
            opened_at=now,
        )
        for number, one in enumerate(new, last + 1)
    ]
    db.add_all(made)
    await db.flush()
    return [rows.statement(hub_code, one) for one in made]


async def _last_number(db: AsyncSession, hub_id: uuid.UUID, start: str) -> int:
    ending: ColumnElement[str] = func.substr(col(Statement.reference), len(start) + 1)
    number = case((ending.regexp_match(literal("^[0-9]{1,8}$")), cast(ending, Integer)), else_=0)
    found = await db.execute(
        select(func.coalesce(func.max(number), 0)).where(
            col(Statement.hub_id) == hub_id, col(Statement.reference).startswith(start, autoescape=True)
        )
    )
    return int(found.scalar_one())


async def every(db: AsyncSession, member: Member, *conditions: ColumnElement[bool]) -> list[Row]:
    """The statements that the member may see, by reference: one statement."""
    inside = _inside(member.hub_id)
    closer, approver = aliased(Person), aliased(Person)
    is_open = col(Statement.state) == OPEN
    found = await db.execute(
        select(
            Statement,
            func.coalesce(col(School.name), ""),
            func.coalesce(col(closer.name), ""),
            func.coalesce(col(approver.name), ""),
            case((is_open, func.coalesce(inside.c.pence, 0)), else_=col(Statement.pence)),
            case((is_open, func.coalesce(inside.c.lines, 0)), else_=col(Statement.lines)),
            func.coalesce(inside.c.queried, 0),
            func.coalesce(inside.c.held, 0),
            col(Statement.urn).is_(None) | col(Payee.id).is_not(None),
        )
        .select_from(Statement)
        .outerjoin(inside, (inside.c.statement_id == col(Statement.id)) & is_open)
        .outerjoin(School, col(School.urn) == col(Statement.urn))
        .outerjoin(Payee, (col(Payee.hub_id) == col(Statement.hub_id)) & (col(Payee.urn) == col(Statement.urn)))
        .outerjoin(closer, col(closer.id) == col(Statement.closed_by))
        .outerjoin(approver, col(approver.id) == col(Statement.approved_by))
        .where(col(Statement.hub_id) == member.hub_id, _may_see(member), *conditions)
        .order_by(col(Statement.reference), col(Statement.id))
    )
    return [Row(*one) for one in found.all()]


def _inside(hub_id: uuid.UUID) -> Subquery:
    """What the hub's open statements hold now."""
    query = (col(LineQuery.line_id) == col(LedgerLine.id)) & col(LineQuery.answered_at).is_(None)
    held = func.sum(col(LedgerLine.pence)).filter(col(LineQuery.id).is_not(None))
    return (
        select(
            col(LedgerLine.statement_id),
            cast(func.sum(col(LedgerLine.pence)), BigInteger).label("pence"),
            func.count().label("lines"),
            func.count(col(LineQuery.id)).label("queried"),
            cast(held, BigInteger).label("held"),
        )
        .select_from(LedgerLine)
        .join(Statement, (col(Statement.id) == col(LedgerLine.statement_id)) & (col(Statement.state) == OPEN))
        .outerjoin(LineQuery, query)
        .where(col(LedgerLine.hub_id) == hub_id)
        .group_by(col(LedgerLine.statement_id))
        .subquery()
    )


def _may_see(member: Member) -> ColumnElement[bool]:
    return visible.at_schools(member, Can.SEE_OWED, typing.cast("Mapped[int]", col(Statement.urn)))


async def one(db: AsyncSession, member: Member, statement_id: uuid.UUID) -> Row | None:
    """This statement, where the member may see it: one statement."""
    return next(iter(await every(db, member, col(Statement.id) == statement_id)), None)


async def chosen(db: AsyncSession, member: Member, statement_ids: Collection[uuid.UUID]) -> list[Row]:
    """These statements, as far as the member may see them: one statement."""
    return await every(db, member, col(Statement.id).in_(statement_ids))


async def open_ones(db: AsyncSession, member: Member, year: int) -> list[Row]:
    """The open statements of a year: one statement."""
    return await every(db, member, col(Statement.year) == year, col(Statement.state) == OPEN)


async def locked(db: AsyncSession, hub_id: uuid.UUID, statement_id: uuid.UUID) -> Statement | None:
    """The statement's row, held for a change."""
    found = await db.execute(
        select(Statement)
        .where(col(Statement.hub_id) == hub_id, col(Statement.id) == statement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def steps(db: AsyncSession, statement_id: uuid.UUID) -> list[StepRow]:
    """What was done with the statement and by whom, the earliest first: one statement."""
    found = await db.execute(
        select(StatementStep, func.coalesce(col(Person.name), ""))
        .outerjoin(Person, col(Person.id) == col(StatementStep.by_id))
        .where(col(StatementStep.statement_id) == statement_id)
        .order_by(col(StatementStep.at), col(StatementStep.id))
    )
    return [StepRow(*one) for one in found.all()]


async def add_step(db: AsyncSession, row: Statement, taken: Stepped, *, day: date | None = None) -> None:
    """Keep one step; `day` is that of a payment."""
    db.add(
        StatementStep(
            hub_id=row.hub_id,
            statement_id=row.id,
            step=taken.step.value,
            by_id=None if taken.by == rows.NOBODY else taken.by,
            at=taken.at,
            because=taken.because,
            pence=taken.pence,
            day=day,
        )
    )
    await db.flush()


async def without_reference(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> bool:
    """Whether nobody has said how the finance system knows this school."""
    found = await db.execute(select(col(Payee.id)).where(col(Payee.hub_id) == hub_id, col(Payee.urn) == urn))
    return found.first() is None
