"""Schools that are in a Work Group of a year and not enrolled in its programme: nobody has said that they take part."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.hubs import Programme
from app.models.meetings import Event, GroupSchool, WorkGroup
from app.models.schools import School
from app.models.stages import Enrolment


@dataclass(frozen=True, slots=True)
class Unenrolled:
    """A school of a Work Group; `met` is the day of the group's first meeting that was held, if any was."""

    urn: int
    school: str
    group_id: uuid.UUID
    group: str
    programme: Programme
    met: date | None


def _not_enrolled(hub_id: uuid.UUID, year: int) -> Select[int]:
    is_enrolled = exists().where(
        col(Enrolment.hub_id) == hub_id,
        col(Enrolment.urn) == col(GroupSchool.urn),
        col(Enrolment.programme_id) == col(WorkGroup.programme_id),
    )
    return (
        select(col(GroupSchool.urn))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year, ~is_enrolled)
    )


async def count(db: AsyncSession, hub_id: uuid.UUID, year: int) -> int:
    """How many schools are in a Work Group of the year and not enrolled: one statement."""
    some = _not_enrolled(hub_id, year).distinct().subquery()
    return (await db.execute(select(func.count()).select_from(some))).scalar_one()


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Unenrolled]:
    """Those schools with their Work Groups, by group and name: two statements."""
    found = await db.execute(
        _not_enrolled(hub_id, year)
        .add_columns(col(School.name), col(WorkGroup.id), col(WorkGroup.code), Programme)
        .join(School, col(School.urn) == col(GroupSchool.urn))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .order_by(col(WorkGroup.code), col(School.name), col(School.urn))
    )
    rows = found.all()
    met = await _first_meetings(db, hub_id, year)
    return [Unenrolled(row[0], row[1], row[2], row[3], row[4], met.get(row[2])) for row in rows]


async def _first_meetings(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[uuid.UUID | None, date]:
    found = await db.execute(
        select(col(Event.group_id), func.min(col(Event.day)))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.year) == year,
            col(Event.kind) == "meeting",
            col(Event.status) == "held",
        )
        .group_by(col(Event.group_id))
    )
    return {row[0]: row[1] for row in found.all()}


async def histories(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int]) -> dict[int, list[Enrolment]]:
    """All that these schools were ever enrolled in: one statement."""
    found = await db.execute(
        select(Enrolment)
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.urn).in_(urns))
        .order_by(col(Enrolment.year), col(Enrolment.id))
    )
    made: dict[int, list[Enrolment]] = {}
    for one in found.scalars():
        made.setdefault(one.urn, []).append(one)
    return made
