"""Agreements that were signed, and enrolments that wait for theirs; read behind the law."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member, Role
from app.domain.stages.agreements import Terms
from app.domain.stages.ladder import OPEN
from app.models.hubs import Hub, Programme
from app.models.people import Person, RoleHeld
from app.models.schools import School
from app.models.stages import Agreement, Enrolment
from app.store import visible

WAITS = and_(
    col(Enrolment.state).in_([state.value for state in OPEN]),
    ~(
        select(col(Agreement.id))
        .where(col(Agreement.enrolment_id) == col(Enrolment.id), col(Agreement.withdrawn_at).is_(None))
        .correlate(Enrolment)
        .exists()
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """An enrolment with the agreement that stands for it, if any; `since` is the day on which it applied or began."""

    enrolment_id: uuid.UUID
    urn: int
    school: str
    kind: str
    programme: str
    year: int
    state: str
    since: date | None
    agreement_id: uuid.UUID | None
    name: str
    part: str
    how: str
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class Kept:
    """An agreement as it was signed, without its PDF; `typed_by` is empty once they were erased."""

    id: uuid.UUID
    enrolment_id: uuid.UUID
    urn: int
    text: str
    name: str
    part: str
    how: str
    signed_on: date
    signed_at: datetime
    typed_by: str
    digest: bytes
    withdrawn_at: datetime | None
    because: str


@dataclass(frozen=True, slots=True)
class Head:
    """A headteacher of a school, with their address."""

    urn: int
    person_id: uuid.UUID
    name: str
    email: str


async def of_year(db: AsyncSession, member: Member, year: int) -> list[Row]:
    """Every enrolment of a year that the member may see, but those withdrawn, by school: one statement."""
    return await _rows(db, visible.enrolments(member).where(col(Enrolment.year) == year))


async def waiting(db: AsyncSession, member: Member) -> list[Row]:
    """Enrolments at schools the member is head of that wait for their agreement: one statement."""
    asks = visible.at_schools(member, Can.SIGN_AGREEMENT, col(Enrolment.urn))
    return await _rows(db, select(Enrolment).where(col(Enrolment.hub_id) == member.hub_id, asks, WAITS))


async def count_waiting(db: AsyncSession, hub_id: uuid.UUID) -> dict[int, int]:
    """How many enrolments of the hub wait for their agreement, by academic year: one statement."""
    found = await db.execute(
        select(col(Enrolment.year), func.count())
        .where(col(Enrolment.hub_id) == hub_id, WAITS)
        .group_by(col(Enrolment.year))
        .order_by(col(Enrolment.year))
    )
    return {year: count for year, count in found.all()}  # noqa: C416  a row is no pair to the type checker


async def _rows(db: AsyncSession, wanted: Select[Enrolment]) -> list[Row]:
    stands = and_(col(Agreement.enrolment_id) == col(Enrolment.id), col(Agreement.withdrawn_at).is_(None))
    found = await db.execute(
        wanted.with_only_columns(
            col(Enrolment.id),
            col(Enrolment.urn),
            col(School.name),
            col(Enrolment.kind),
            col(Programme.name),
            col(Enrolment.year),
            col(Enrolment.state),
            func.coalesce(col(Enrolment.applied_on), col(Enrolment.began_on)),
            col(Agreement.id),
            func.coalesce(col(Agreement.name), ""),
            func.coalesce(col(Agreement.part), ""),
            func.coalesce(col(Agreement.how), ""),
            col(Agreement.signed_on),
        )
        .join(School, col(School.urn) == col(Enrolment.urn))
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .outerjoin(Agreement, stands)
        .where(col(Enrolment.state) != "withdrawn")
        .order_by(func.lower(col(School.name)), col(Enrolment.id))
    )
    return [Row(*tuple[Any, ...](row)) for row in found.all()]


async def terms(db: AsyncSession, enrolment: Enrolment) -> Terms:
    """What the words of an agreement stand for: one statement."""
    found = await db.execute(
        select(col(School.name), col(Hub.name), Programme)
        .select_from(School)
        .join(Programme, col(Programme.id) == enrolment.programme_id)
        .join(Hub, col(Hub.id) == enrolment.hub_id)
        .where(col(School.urn) == enrolment.urn)
    )
    school, hub, programme = found.one()
    return Terms(
        school=school,
        hub=hub,
        programme=programme.name,
        year=enrolment.year,
        meetings=programme.meetings,
        visits=programme.visits,
        people=programme.people,
        leader=programme.led_by,
        head=programme.head_attends,
    )


async def of_enrolment(db: AsyncSession, hub_id: uuid.UUID, enrolment_id: uuid.UUID) -> list[Kept]:
    """Every agreement of an enrolment, the newest first; the caller has asked who may see it."""
    return await _kept(db, col(Agreement.hub_id) == hub_id, col(Agreement.enrolment_id) == enrolment_id)


async def one(db: AsyncSession, member: Member, agreement_id: uuid.UUID) -> Kept | None:
    """One agreement, where the member may see its school's journey."""
    law = visible.at_schools(member, Can.SEE_STAGES, col(Enrolment.urn))
    found = await _kept(db, col(Agreement.hub_id) == member.hub_id, col(Agreement.id) == agreement_id, law)
    return found[0] if found else None


async def _kept(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[Kept]:
    found = await db.execute(
        select(
            col(Agreement.id),
            col(Agreement.enrolment_id),
            col(Enrolment.urn),
            col(Agreement.text),
            col(Agreement.name),
            col(Agreement.part),
            col(Agreement.how),
            col(Agreement.signed_on),
            col(Agreement.signed_at),
            func.coalesce(col(Person.name), ""),
            col(Agreement.digest),
            col(Agreement.withdrawn_at),
            col(Agreement.because),
        )
        .join(Enrolment, col(Enrolment.id) == col(Agreement.enrolment_id))
        .outerjoin(Person, col(Person.id) == col(Agreement.signed_by))
        .where(*conditions)
        .order_by(col(Agreement.signed_at).desc(), col(Agreement.id).desc())
    )
    return [Kept(*tuple[Any, ...](row)) for row in found.all()]


async def pdf(db: AsyncSession, agreement_id: uuid.UUID) -> bytes:
    """The PDF of an agreement, exactly as it was made; the caller has asked who may see it."""
    found = await db.execute(select(col(Agreement.pdf)).where(col(Agreement.id) == agreement_id))
    return bytes(found.scalar_one())


async def held(db: AsyncSession, hub_id: uuid.UUID, agreement_id: uuid.UUID) -> Agreement | None:
    """The agreement's row, held for a change."""
    found = await db.execute(
        select(Agreement)
        .where(col(Agreement.hub_id) == hub_id, col(Agreement.id) == agreement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def stands(db: AsyncSession, enrolment_id: uuid.UUID) -> bool:
    """Whether an agreement stands for this enrolment."""
    found = await db.execute(
        select(col(Agreement.id)).where(
            col(Agreement.enrolment_id) == enrolment_id, col(Agreement.withdrawn_at).is_(None)
        )
    )
    return found.first() is not None


async def heads(db: AsyncSession, hub_id: uuid.UUID, urns: Collection[int]) -> list[Head]:
    """The headteachers of these schools who have not left, by name: one statement."""
    found = await db.execute(
        select(col(RoleHeld.urn), col(Person.id), col(Person.name), col(Person.email))
        .join(Person, col(Person.id) == col(RoleHeld.person_id))
        .where(
            col(RoleHeld.hub_id) == hub_id,
            col(RoleHeld.role) == Role.HEADTEACHER.stored,
            col(RoleHeld.urn).in_(urns),
            col(Person.left_on).is_(None),
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [Head(urn or 0, person, name, email) for urn, person, name, email in found.all()]
