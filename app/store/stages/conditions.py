"""System conditions reviews of schools, behind the law."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.people import Person
from app.models.schools import School
from app.models.stages import ConditionReview, Enrolment
from app.store import visible


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review with its school's name and that of whoever wrote it."""

    row: ConditionReview
    school: str
    by: str


def _seen(member: Member) -> Select[ConditionReview, str, str]:
    return (
        select(ConditionReview, col(School.name), func.coalesce(col(Person.name), ""))
        .join(School, col(School.urn) == col(ConditionReview.urn))
        .outerjoin(Person, col(Person.id) == col(ConditionReview.by_id))
        .where(
            col(ConditionReview.hub_id) == member.hub_id,
            visible.at_schools(member, Can.SEE_STAGES, col(ConditionReview.urn)),
        )
    )


async def of_school(db: AsyncSession, member: Member, urn: int) -> list[ReviewRow]:
    """The reviews of a school, the newest first: one statement."""
    found = await db.execute(
        _seen(member)
        .where(col(ConditionReview.urn) == urn)
        .order_by(col(ConditionReview.day).desc(), col(ConditionReview.made_at).desc())
    )
    return [ReviewRow(row[0], row[1], row[2]) for row in found.all()]


async def one(db: AsyncSession, member: Member, review_id: uuid.UUID) -> ReviewRow | None:
    """This review, where the member may see it."""
    found = (await db.execute(_seen(member).where(col(ConditionReview.id) == review_id))).one_or_none()
    return ReviewRow(found[0], found[1], found[2]) if found else None


async def add(db: AsyncSession, new: ConditionReview) -> None:
    """Keep a review."""
    db.add(new)
    await db.flush()


async def enrolment_of(db: AsyncSession, hub_id: uuid.UUID, urn: int, year: int) -> list[Enrolment]:
    """What the school is enrolled in this year: one statement."""
    found = await db.execute(
        select(Enrolment).where(col(Enrolment.hub_id) == hub_id, col(Enrolment.urn) == urn, col(Enrolment.year) == year)
    )
    return list(found.scalars())
