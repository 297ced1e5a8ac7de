"""Schools of the authorities a hub works in, whether it ever reached them, and where schools take part."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.reaching import PRIMARY, At
from app.models.meetings import GroupSchool, WorkGroup
from app.models.schools import HubSchool, School
from app.models.stages import Approach, Enrolment


@dataclass(frozen=True, slots=True)
class Row:
    """An open primary school of GIAS; `reached` if it ever was in a programme or a Work Group, or was approached."""

    urn: int
    name: str
    town: str
    postcode: str
    authority: str
    pupils: int | None
    at: At | None
    reached: bool


async def schools(db: AsyncSession, hub_id: uuid.UUID) -> list[Row]:
    """Every open primary school of the authorities the hub works in, by name: one statement."""
    authorities = (
        select(col(School.la_code))
        .join(HubSchool, col(HubSchool.urn) == col(School.urn))
        .where(col(HubSchool.hub_id) == hub_id)
    )
    asked = select(col(Approach.urn)).where(col(Approach.hub_id) == hub_id)
    enrolled = select(col(Enrolment.urn)).where(col(Enrolment.hub_id) == hub_id)
    grouped = select(col(GroupSchool.urn)).where(col(GroupSchool.hub_id) == hub_id)
    found = await db.execute(
        select(
            col(School.urn),
            col(School.name),
            col(School.town),
            col(School.postcode),
            col(School.la_name),
            col(School.pupils),
            col(School.easting),
            col(School.northing),
            col(School.urn).in_(asked.union(enrolled, grouped)),
        )
        .where(
            col(School.la_code).in_(authorities),
            col(School.phase).in_(PRIMARY),
            func.lower(col(School.status)).like("open%"),
        )
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    return [
        Row(urn, name, town, postcode, authority, pupils, _at(east, north), reached)
        for urn, name, town, postcode, authority, pupils, east, north, reached in found.all()
    ]


def _at(east: int | None, north: int | None) -> At | None:
    return None if east is None or north is None else (east, north)


async def taking_part(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[tuple[At, str, int]]:
    """Where the schools lie that take part in a year, with name and URN: in a Work Group, or enrolled and signed."""
    found = await db.execute(
        select(col(School.easting), col(School.northing), col(School.name), col(School.urn)).where(
            col(School.urn).in_(_of_year(hub_id, year)),
            col(School.easting).is_not(None),
            col(School.northing).is_not(None),
        )
    )
    return [
        ((east, north), name, urn) for east, north, name, urn in found.all() if east is not None and north is not None
    ]


def _of_year(hub_id: uuid.UUID, year: int) -> Select[int]:
    grouped = (
        select(col(GroupSchool.urn))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
    )
    enrolled = select(col(Enrolment.urn)).where(
        col(Enrolment.hub_id) == hub_id,
        col(Enrolment.year) == year,
        col(Enrolment.state).in_(("agreed", "active")),
    )
    both = grouped.union(enrolled).subquery()
    return select(both.c.urn)
