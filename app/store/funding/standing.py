"""Exports that make themselves, and who may be mailed one."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import GRANTS, Can
from app.domain.funding.standing import Standing
from app.models.funding import FunderForm, StandingExport
from app.models.people import Person, RoleHeld

MAY_SEE = tuple(role.stored for role, cans in GRANTS.items() if Can.SEE_FUNDING in cans)


@dataclass(frozen=True, slots=True)
class Stored:
    """An export with the name of its form (empty: the whole ledger)."""

    row: StandingExport
    form: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the hub who may see the ledger and has an address."""

    person_id: uuid.UUID
    name: str
    email: str


async def listed(db: AsyncSession, hub_id: uuid.UUID) -> list[Stored]:
    """Every export of the hub by name: one statement."""
    found = await db.execute(
        select(StandingExport, func.coalesce(col(FunderForm.name), ""))
        .outerjoin(FunderForm, col(FunderForm.id) == col(StandingExport.form_id))
        .where(col(StandingExport.hub_id) == hub_id)
        .order_by(func.lower(col(StandingExport.name)))
    )
    return [Stored(row, form) for row, form in found.all()]


async def one(db: AsyncSession, hub_id: uuid.UUID, export_id: uuid.UUID) -> Stored | None:
    """This export, if it is the hub's."""
    return next((found for found in await listed(db, hub_id) if found.row.id == export_id), None)


async def locked(db: AsyncSession, hub_id: uuid.UUID, export_id: uuid.UUID) -> StandingExport | None:
    """The row of this export, held until the transaction ends."""
    found = await db.execute(
        select(StandingExport)
        .where(col(StandingExport.hub_id) == hub_id, col(StandingExport.id) == export_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def due(db: AsyncSession, hub_id: uuid.UUID, today: date) -> list[StandingExport]:
    """What is to be made today, held until the transaction ends; nothing that somebody else makes at this moment."""
    found = await db.execute(
        select(StandingExport)
        .where(
            col(StandingExport.hub_id) == hub_id,
            col(StandingExport.next_on) <= today,
            col(StandingExport.paused_at).is_(None),
        )
        .order_by(col(StandingExport.name))
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def name_taken(db: AsyncSession, hub_id: uuid.UUID, name: str, but: uuid.UUID | None) -> bool:
    """Whether another export of the hub has this name."""
    found = await db.execute(
        select(col(StandingExport.id)).where(col(StandingExport.hub_id) == hub_id, col(StandingExport.name) == name)
    )
    return bool(set(found.scalars()) - {but})


def put(row: StandingExport, draft: Standing) -> None:
    """Make the row say what was typed."""
    row.name, row.format, row.span, row.every, row.to = draft.name, draft.format, draft.span, draft.every, draft.to
    row.form_id = uuid.UUID(draft.form_id) if draft.form_id else None
    row.addresses = list(draft.addresses)


def draft_of(row: StandingExport) -> Standing:
    """What the row says."""
    return Standing(
        name=row.name,
        form_id=str(row.form_id or ""),
        format=row.format,
        span=row.span,
        every=row.every,
        to=row.to,
        addresses=tuple(row.addresses),
    )


async def add(
    db: AsyncSession, hub_id: uuid.UUID, draft: Standing, when: tuple[date, datetime], by: uuid.UUID | None
) -> uuid.UUID:
    """Keep a new export; `when` is its first day and now."""
    row = StandingExport(
        hub_id=hub_id, name="", format="", span="", every="", to="", next_on=when[0], made_at=when[1], made_by=by
    )
    put(row, draft)
    db.add(row)
    await db.flush()
    return row.id


async def readers(db: AsyncSession, hub_id: uuid.UUID) -> list[Reader]:
    """Whoever may see the hub's ledger and has an e-mail address, by name: one statement."""
    holds = select(col(RoleHeld.person_id)).where(col(RoleHeld.hub_id) == hub_id, col(RoleHeld.role).in_(MAY_SEE))
    found = await db.execute(
        select(col(Person.id), col(Person.name), col(Person.email))
        .where(
            col(Person.hub_id) == hub_id,
            col(Person.id).in_(holds),
            col(Person.left_on).is_(None),
            col(Person.email) != "",
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [Reader(*row) for row in found.all()]
