"""Approaches: schools on their way into a programme, read behind the law, added and held for a change."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.stages.recruiting import New
from app.kit.ids import new_id
from app.models.hubs import HubYear, Programme
from app.models.schools import School
from app.models.stages import Approach
from app.store import visible
from app.store.schools.reading import FoundSchool


@dataclass(frozen=True, slots=True)
class Row:
    """An approach with what GIAS says of its school; `at` on the British National Grid, in metres."""

    row: Approach
    school: str
    town: str
    authority: str
    status: str
    at: tuple[int, int] | None


def _law(member: Member) -> tuple[ColumnElement[bool], ...]:
    return col(Approach.hub_id) == member.hub_id, visible.at_schools(member, Can.RECRUIT, col(Approach.urn))


async def of_year(db: AsyncSession, member: Member, year: int) -> list[Row]:
    """Every school on its way into this year that the member may see, by name: one statement."""
    return await _rows(db, *_law(member), col(Approach.year) == year)


async def one(db: AsyncSession, member: Member, approach_id: uuid.UUID) -> Row | None:
    """This approach, where the member may see it."""
    return next(iter(await _rows(db, *_law(member), col(Approach.id) == approach_id)), None)


async def _rows(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[Row]:
    school = (col(School.name), col(School.town), col(School.la_name), col(School.status))
    found = await db.execute(
        select(Approach, *school, col(School.easting), col(School.northing))
        .join(School, col(School.urn) == col(Approach.urn))
        .where(*conditions)
        .order_by(func.lower(col(School.name)), col(Approach.urn))
    )
    return [
        Row(row, name, town, authority, status, None if east is None or north is None else (east, north))
        for row, name, town, authority, status, east, north in found.all()
    ]


async def held(db: AsyncSession, member: Member, approach_id: uuid.UUID) -> Approach | None:
    """The approach's row, held for a change, where the member may see it."""
    found = await db.execute(
        select(Approach)
        .where(*_law(member), col(Approach.id) == approach_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def add(db: AsyncSession, hub_id: uuid.UUID, new: New, now: datetime) -> list[Approach]:
    """Put schools on the list; those that are on it already are left as they are, and out of the answer."""
    if not new.urns:
        return []
    values = [
        {"id": new_id(), "hub_id": hub_id, "year": new.year, "urn": urn, "kind": new.kind, "made_at": now}
        | {"referred_by": "", "reasons": [], "words": "", "applied_by": "", "because": "", "version": 1}
        for urn in new.urns
    ]
    made = await db.execute(
        insert(Approach)
        .values(values)
        .on_conflict_do_nothing(index_elements=["hub_id", "year", "urn"])
        .returning(col(Approach.id))
    )
    ids = list(made.scalars())
    found = await db.execute(select(Approach).where(col(Approach.id).in_(ids)).order_by(col(Approach.urn)))
    return list(found.scalars())


async def taken(db: AsyncSession, hub_id: uuid.UUID, year: int, urn: int, besides: uuid.UUID) -> bool:
    """Whether another approach to this school is on the list of the year."""
    found = await db.execute(
        select(col(Approach.id)).where(
            col(Approach.hub_id) == hub_id,
            col(Approach.year) == year,
            col(Approach.urn) == urn,
            col(Approach.id) != besides,
        )
    )
    return found.first() is not None


async def schools(db: AsyncSession, urns: Collection[int]) -> list[FoundSchool]:
    """What GIAS says of these schools, by name; strange numbers are left out."""
    found = await db.execute(
        select(
            col(School.urn),
            col(School.name),
            col(School.town),
            col(School.postcode),
            col(School.la_name),
            col(School.status),
        )
        .where(col(School.urn).in_(urns))
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    return [FoundSchool(*row, here=False) for row in found.all()]


async def years(db: AsyncSession, hub_id: uuid.UUID) -> list[int]:
    """The years that are open or that schools are on their way into, the earliest first."""
    opened = select(col(HubYear.year)).where(col(HubYear.hub_id) == hub_id)
    asked = select(col(Approach.year)).where(col(Approach.hub_id) == hub_id)
    return sorted((await db.execute(opened.union(asked))).scalars())


async def programmes(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Programme]:
    """The programmes of a year, in the order in which they were made."""
    found = await db.execute(
        select(Programme)
        .where(col(Programme.hub_id) == hub_id, col(Programme.year) == year)
        .order_by(col(Programme.id))
    )
    return list(found.scalars())
