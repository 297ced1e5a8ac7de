"""Enrolments: schools in programmes, read behind the law and held for a change."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.stages.ladder import DAY_OF, State
from app.kit.ids import new_id
from app.models.hubs import Programme
from app.models.meetings import GroupSchool, WorkGroup
from app.models.schools import School
from app.models.stages import Enrolment
from app.store import visible


@dataclass(frozen=True, slots=True)
class Row:
    """An enrolment with the names of what it points to; `group` is the Work Group's code, empty without one."""

    row: Enrolment
    school: str
    programme: str
    years: int
    group: str


async def one(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> Row | None:
    """This enrolment, where the member may see it."""
    found = (
        await db.execute(
            visible.enrolments(member)
            .where(col(Enrolment.id) == enrolment_id)
            .join(School, col(School.urn) == col(Enrolment.urn))
            .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
            .outerjoin(WorkGroup, col(WorkGroup.id) == col(Enrolment.group_id))
            .add_columns(col(School.name), col(Programme.name), col(Programme.years), col(WorkGroup.code))
        )
    ).one_or_none()
    return Row(found[0], found[1], found[2], found[3], found[4] or "") if found else None


async def locked(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> Enrolment | None:
    """The enrolment's row, held for a change, where the member may see it."""
    found = await db.execute(
        visible.enrolments(member)
        .where(col(Enrolment.id) == enrolment_id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def of_school(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> list[Enrolment]:
    """All that a school was ever enrolled in, the earliest year first: one statement."""
    found = await db.execute(
        select(Enrolment)
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.urn) == urn)
        .order_by(col(Enrolment.year), col(Enrolment.id))
    )
    return list(found.scalars())


async def add(
    db: AsyncSession, programme: Programme, urn: int, *, state: State, day: date, group_id: uuid.UUID | None = None
) -> Enrolment | None:
    """Enrol a school; None when it is enrolled there already, even by somebody who does so at this moment."""
    made = await db.execute(
        insert(Enrolment)
        .values(
            id=new_id(),
            hub_id=programme.hub_id,
            urn=urn,
            programme_id=programme.id,
            year=programme.year,
            kind=programme.kind,
            state=state.value,
            because="",
            group_id=group_id,
            version=1,
            **{DAY_OF[state]: day},
        )
        .on_conflict_do_nothing()
        .returning(col(Enrolment.id))
    )
    key = made.scalar_one_or_none()
    return await db.get_one(Enrolment, key) if key else None


async def group_of(db: AsyncSession, programme_id: uuid.UUID, urn: int) -> uuid.UUID | None:
    """The one Work Group of the programme that the school is in; None when it is in none, or in several."""
    found = await db.execute(
        select(col(WorkGroup.id))
        .join(GroupSchool, col(GroupSchool.group_id) == col(WorkGroup.id))
        .where(col(WorkGroup.programme_id) == programme_id, col(GroupSchool.urn) == urn)
        .limit(2)
    )
    ids = list(found.scalars())
    return ids[0] if len(ids) == 1 else None


async def group_fits(db: AsyncSession, group_id: uuid.UUID, programme_id: uuid.UUID, urn: int) -> bool:
    """Whether the school is in this Work Group, and that works in the programme."""
    found = await db.execute(
        select(col(WorkGroup.id))
        .join(GroupSchool, col(GroupSchool.group_id) == col(WorkGroup.id))
        .where(
            col(WorkGroup.id) == group_id,
            col(WorkGroup.programme_id) == programme_id,
            col(GroupSchool.urn) == urn,
        )
    )
    return found.first() is not None


def since(enrolment: Enrolment) -> date | None:
    """The day on which the state that it is in began."""
    found: date | None = getattr(enrolment, DAY_OF[State(enrolment.state)])
    return found
