"""How schools are known to whoever pays: every school of a year's ledger with its reference, or without one."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.payees import Entry
from app.kit.ids import new_id
from app.models.funding import LedgerLine, Payee
from app.models.people import Person
from app.models.schools import HubSchool, School


@dataclass(frozen=True, slots=True)
class Row:
    """A school that may be paid; `reference` is empty while nobody entered one."""

    urn: int
    school: str
    town: str
    reference: str
    name: str


def _urns(hub_id: uuid.UUID, year: int) -> Select[tuple[int]]:
    """Schools of the year, base schools of its people, and whoever has a line or a reference."""
    found = union(
        select(col(HubSchool.urn).label("urn")).where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year),
        select(col(Person.base_urn).label("urn")).where(
            col(Person.hub_id) == hub_id, col(Person.base_urn).is_not(None)
        ),
        select(col(LedgerLine.urn).label("urn")).where(col(LedgerLine.hub_id) == hub_id),
        select(col(Payee.urn).label("urn")).where(col(Payee.hub_id) == hub_id),
    ).subquery()
    return select(found.c.urn)


async def listed(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Row]:
    """Every school that the hub may pay in the year, or has paid, by name: one statement."""
    found = await db.execute(
        select(
            col(School.urn),
            col(School.name),
            col(School.town),
            func.coalesce(col(Payee.reference), ""),
            func.coalesce(col(Payee.name), ""),
        )
        .outerjoin(Payee, (col(Payee.urn) == col(School.urn)) & (col(Payee.hub_id) == hub_id))
        .where(col(School.urn).in_(_urns(hub_id, year)))
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    return [Row(*row) for row in found.all()]


async def locked(db: AsyncSession, hub_id: uuid.UUID, urns: Collection[int]) -> dict[int, Payee]:
    """The rows of these schools by URN, held until the transaction ends."""
    found = await db.execute(
        select(Payee)
        .where(col(Payee.hub_id) == hub_id, col(Payee.urn).in_(urns))
        .order_by(col(Payee.urn))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.urn: one for one in found.scalars()}


async def put(db: AsyncSession, hub_id: uuid.UUID, held: Payee | None, entry: Entry) -> bool:
    """Keep this reference in the school's row, or in a new one; not where somebody made it at the same moment."""
    if held is not None:
        held.reference, held.name = entry.reference, entry.name
        held.version += 1
        return True
    values = {"urn": entry.urn, "reference": entry.reference, "name": entry.name, "version": 1}
    made = await db.execute(
        insert(Payee).values(id=new_id(), hub_id=hub_id, **values).on_conflict_do_nothing().returning(col(Payee.id))
    )
    return made.scalar_one_or_none() is not None


async def references(db: AsyncSession, hub_id: uuid.UUID) -> dict[int, str]:
    """Every reference that the hub knows, by URN: one statement."""
    found = await db.execute(select(col(Payee.urn), col(Payee.reference)).where(col(Payee.hub_id) == hub_id))
    return {row[0]: row[1] for row in found.all()}
