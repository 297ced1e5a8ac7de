"""Payment files as they came, what waits for money, and the payments that a file is applied as."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlmodel import col

from app.domain.funding.payees import shared
from app.domain.funding.remittance import Owed
from app.domain.funding.statements import State
from app.models.funding import Payee, Remittance, Statement, StatementStep
from app.models.people import Person
from app.models.schools import School
from app.store.funding.payees import references

OWED = (State.SUBMITTED, State.PART_PAID, State.PAID)


@dataclass(frozen=True, slots=True)
class Row:
    """A file with who brought it in and who settled it; empty for the command line or somebody who was erased."""

    row: Remittance
    by: str
    settled_by: str


async def count(db: AsyncSession, hub_id: uuid.UUID, kind: str, state: str = "") -> int:
    """How many files of this kind the hub has, in this state or in any."""
    asked = select(func.count()).select_from(Remittance)
    asked = asked.where(col(Remittance.hub_id) == hub_id, col(Remittance.kind) == kind)
    return (await db.execute(asked.where(col(Remittance.state) == state) if state else asked)).scalar_one()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files: of what kind, in which state (empty: any), and which part of the list."""

    kind: str
    state: str = ""
    limit: int | None = None
    offset: int = 0


async def listed(db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted) -> list[Row]:
    """The files without their bytes, the newest first: one statement."""
    asked = _with_names(hub_id, wanted.kind).options(defer(getattr(Remittance, "file"), raiseload=True))  # noqa: B009 - a column
    asked = asked.where(col(Remittance.state) == wanted.state) if wanted.state else asked
    asked = asked.order_by(col(Remittance.uploaded_at).desc(), col(Remittance.id).desc())
    return [_row(found) for found in (await db.execute(asked.limit(wanted.limit).offset(wanted.offset))).all()]


async def one(db: AsyncSession, hub_id: uuid.UUID, kind: str, remittance_id: uuid.UUID) -> Row | None:
    """This file of this kind, with its bytes: one statement."""
    found = (await db.execute(_with_names(hub_id, kind).where(col(Remittance.id) == remittance_id))).one_or_none()
    return _row(found) if found else None


async def locked(db: AsyncSession, hub_id: uuid.UUID, remittance_id: uuid.UUID) -> Remittance | None:
    """The file's row, held for a change."""
    asked = select(Remittance).where(col(Remittance.hub_id) == hub_id, col(Remittance.id) == remittance_id)
    held = asked.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(held)).scalar_one_or_none()


async def same(db: AsyncSession, hub_id: uuid.UUID, digest: str) -> Remittance | None:
    """A file of the very same bytes that waits or was applied."""
    asked = select(Remittance).where(
        col(Remittance.hub_id) == hub_id, col(Remittance.digest) == digest, col(Remittance.state) != "set aside"
    )
    return (await db.execute(asked.limit(1))).scalar_one_or_none()


async def owed(db: AsyncSession, hub_id: uuid.UUID) -> list[Owed]:
    """What was submitted, paid or not, by reference: two statements.

    A school that waits for one payment goes by its number in the finance system too, if no other school has it.
    """
    asked = (
        select(Statement, col(School.name), col(Payee.reference))
        .outerjoin(School, col(School.urn) == col(Statement.urn))
        .outerjoin(Payee, (col(Payee.hub_id) == col(Statement.hub_id)) & (col(Payee.urn) == col(Statement.urn)))
        .where(col(Statement.hub_id) == hub_id, col(Statement.state).in_(OWED))
        .order_by(col(Statement.reference))
    )
    found = (await db.execute(asked)).all()
    waiting = [row.urn for row, _, _ in found if row.urn and row.paid != row.pence]
    doubtful = {urn for urns in shared(await references(db, hub_id)).values() for urn in urns}
    alone = {urn for urn in waiting if waiting.count(urn) == 1} - doubtful
    return [_owed(row, name, number, alone) for row, name, number in found]


def _owed(row: Statement, name: str | None, number: str | None, alone: set[int]) -> Owed:
    also = (number,) if number and row.paid != row.pence and row.urn in alone else ()
    return Owed(str(row.id), row.reference, row.pence, row.paid, name or "The hub", also)


async def held(db: AsyncSession, hub_id: uuid.UUID) -> list[Statement]:
    """Every statement that a payment can belong to, held for a change, in one order for everybody."""
    asked = select(Statement).where(col(Statement.hub_id) == hub_id, col(Statement.state).in_(OWED))
    ordered = asked.order_by(col(Statement.id)).with_for_update().execution_options(populate_existing=True)
    return list((await db.execute(ordered)).scalars())


async def payments(db: AsyncSession, hub_id: uuid.UUID, remittance_id: uuid.UUID) -> list[tuple[StatementStep, str]]:
    """What was applied of a file, row by row, each with its statement's reference."""
    asked = (
        select(StatementStep, col(Statement.reference))
        .join(Statement, col(Statement.id) == col(StatementStep.statement_id))
        .where(col(StatementStep.hub_id) == hub_id, col(StatementStep.remittance_id) == remittance_id)
        .order_by(col(StatementStep.row), col(StatementStep.id))
    )
    return [(row, reference) for row, reference in (await db.execute(asked)).all()]


def _with_names(hub_id: uuid.UUID, kind: str) -> Select[Remittance, str, str]:
    brought, settled = aliased(Person), aliased(Person)
    return (
        select(Remittance, col(brought.name), col(settled.name))
        .outerjoin(brought, col(brought.id) == col(Remittance.uploaded_by))
        .outerjoin(settled, col(settled.id) == col(Remittance.settled_by))
        .where(col(Remittance.hub_id) == hub_id, col(Remittance.kind) == kind)
    )


def _row(found: Any) -> Row:
    return Row(found[0], found[1] or "", found[2] or "")
