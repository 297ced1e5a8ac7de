"""The schools of a year on the ladder, read behind the law."""

import uuid
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.hubs import Programme
from app.models.meetings import WorkGroup
from app.models.schools import HubSchool, School
from app.models.stages import Enrolment
from app.store import visible


class Enrolled(NamedTuple):
    """An enrolment with the names of what it points to; `group` is the Work Group's code, empty without one."""

    id: uuid.UUID
    urn: int
    programme_id: uuid.UUID
    year: int
    kind: str
    state: str
    group_id: uuid.UUID | None
    school: str
    town: str
    programme: str
    group: str


async def of_year(db: AsyncSession, member: Member, year: int) -> list[Enrolled]:
    """Every enrolment of the year at a school whose journey the member may see: one statement."""
    found = await db.execute(
        visible.enrolments(member)
        .with_only_columns(
            col(Enrolment.id),
            col(Enrolment.urn),
            col(Enrolment.programme_id),
            col(Enrolment.year),
            col(Enrolment.kind),
            col(Enrolment.state),
            col(Enrolment.group_id),
            col(School.name),
            col(School.town),
            col(Programme.name),
            func.coalesce(col(WorkGroup.code), ""),
        )
        .where(col(Enrolment.year) == year)
        .join(School, col(School.urn) == col(Enrolment.urn))
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Enrolment.group_id))
        .order_by(func.lower(col(School.name)), col(School.urn), col(Enrolment.id))
    )
    return [Enrolled._make(row) for row in found.all()]


async def not_enrolled(db: AsyncSession, member: Member, year: int) -> int:
    """How many schools work with the hub in the year and are in no programme of it: one statement."""
    enrolled = select(col(Enrolment.id)).where(
        and_(
            col(Enrolment.hub_id) == col(HubSchool.hub_id),
            col(Enrolment.year) == col(HubSchool.year),
            col(Enrolment.urn) == col(HubSchool.urn),
        )
    )
    found = await db.execute(
        visible.schools(member)
        .with_only_columns(func.count(col(HubSchool.id)))
        .where(
            col(HubSchool.year) == year,
            visible.at_schools(member, Can.SEE_STAGES, col(HubSchool.urn)),
            ~enrolled.exists(),
        )
    )
    return found.scalar_one()
