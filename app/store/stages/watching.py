"""The schools of a year with the names a list needs, as far as a member may see where they stand."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.stages.ladder import RUNGS, Stage
from app.models.meetings import WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.store import visible
from app.store.stages.entitlement import Taking, taking_part


@dataclass(frozen=True, slots=True)
class Seen:
    """A school of the year: its names, the codes of its Work Groups by id, and who visits it."""

    taking: Taking
    urn: int
    school: str
    town: str
    groups: tuple[tuple[uuid.UUID, str], ...]
    visitor_id: uuid.UUID | None
    visitor: str

    @property
    def stage(self) -> Stage | None:
        """The rung of its enrolment, else of its Work Group; None for a kind of programme that is none."""
        kind = self.taking.enrolment.kind if self.taking.enrolment else ""
        kind = kind or next((one.kind for one in self.taking.programmes), "")
        return RUNGS.get(kind)


async def of_year(db: AsyncSession, member: Member, year: int, now: datetime) -> list[Seen]:
    """Every school of the year whose way the member may see, by name, with those that withdrew: thirteen statements."""
    return await seen(db, member, await taking_part(db, member.hub_id, year, now))


async def seen(db: AsyncSession, member: Member, taking: dict[int, Taking]) -> list[Seen]:
    """These schools, as far as the member may see where they stand: three statements."""
    found = await db.execute(
        select(col(School.urn), col(School.name), col(School.town)).where(
            col(School.urn).in_(taking), visible.at_schools(member, Can.SEE_STAGES, col(School.urn))
        )
    )
    names = {urn: (name, town) for urn, name, town in found.all()}
    groups = await db.execute(
        select(col(WorkGroup.id), col(WorkGroup.code)).where(
            col(WorkGroup.hub_id) == member.hub_id,
            col(WorkGroup.id).in_({group for one in taking.values() for group in one.groups}),
        )
    )
    codes = {row[0]: row[1] for row in groups.all()}
    people = await _names(db, member.hub_id, {one.visitor_id for one in taking.values() if one.visitor_id})
    made = [
        Seen(
            taking=one,
            urn=urn,
            school=names[urn][0],
            town=names[urn][1],
            groups=tuple((key, codes[key]) for key in one.groups if key in codes),
            visitor_id=one.visitor_id,
            visitor=people.get(one.visitor_id, "") if one.visitor_id else "",
        )
        for urn, one in taking.items()
        if urn in names
    ]
    return sorted(made, key=lambda one: (one.school.casefold(), one.urn))


async def _names(db: AsyncSession, hub_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = await db.execute(
        select(col(Person.id), col(Person.name)).where(col(Person.hub_id) == hub_id, col(Person.id).in_(ids))
    )
    return {row[0]: row[1] for row in found.all()}


async def names(db: AsyncSession, member: Member, urns: Collection[int]) -> dict[int, str]:
    """The names of those of these schools whose way the member may see: one statement."""
    found = await db.execute(
        select(col(School.urn), col(School.name)).where(
            col(School.urn).in_(urns), visible.at_schools(member, Can.SEE_STAGES, col(School.urn))
        )
    )
    return {row[0]: row[1] for row in found.all()}
