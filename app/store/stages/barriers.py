"""Barriers: those that stand, and those that records name and nobody has taken up."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.meetings import Event
from app.models.notes import Evidence
from app.models.people import Person
from app.models.schools import School
from app.models.stages import Barrier, Enrolment
from app.store import visible


@dataclass(frozen=True, slots=True)
class BarrierRow:
    """A barrier with its school's name and its owner's."""

    row: Barrier
    school: str
    owner: str


@dataclass(frozen=True, slots=True)
class Named:
    """A barrier that a record names: where it sits and by when as far as the record says, never its words."""

    urn: int
    school: str
    event_id: uuid.UUID
    version_id: uuid.UUID
    item: str
    lever: str
    by: str
    day: date


def _seen(member: Member) -> Select[Barrier]:
    return select(Barrier).where(
        col(Barrier.hub_id) == member.hub_id, visible.at_schools(member, Can.SEE_STAGES, col(Barrier.urn))
    )


async def listed(db: AsyncSession, member: Member, urn: int | None = None) -> list[BarrierRow]:
    """Every barrier that the member may see, or those of one school, by day: one statement."""
    query = _seen(member) if urn is None else _seen(member).where(col(Barrier.urn) == urn)
    found = await db.execute(_named(query).order_by(col(Barrier.due), col(Barrier.id)))
    return [BarrierRow(row[0], row[1], row[2]) for row in found.all()]


async def one(db: AsyncSession, member: Member, barrier_id: uuid.UUID) -> BarrierRow | None:
    """This barrier, where the member may see it."""
    found = (await db.execute(_named(_seen(member).where(col(Barrier.id) == barrier_id)))).one_or_none()
    return BarrierRow(found[0], found[1], found[2]) if found else None


def _named(query: Select[Barrier]) -> Select[Barrier, str, str]:
    return (
        query.join(School, col(School.urn) == col(Barrier.urn))
        .outerjoin(Person, col(Person.id) == col(Barrier.owner_id))
        .add_columns(col(School.name), func.coalesce(col(Person.name), col(Barrier.owner)))
    )


async def of_review(db: AsyncSession, member: Member, review_id: uuid.UUID) -> list[BarrierRow]:
    """The barriers that one review found, where the member may see them: one statement."""
    found = await db.execute(_named(_seen(member).where(col(Barrier.review_id) == review_id)))
    return [BarrierRow(row[0], row[1], row[2]) for row in found.all()]


async def locked(db: AsyncSession, member: Member, barrier_id: uuid.UUID) -> Barrier | None:
    """The barrier's row, held for a change, where the member may see it."""
    found = await db.execute(
        _seen(member)
        .where(col(Barrier.id) == barrier_id)
        .with_for_update(of=Barrier)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def add(db: AsyncSession, new: Barrier) -> bool:
    """Keep a new barrier; False, and nothing is changed, when its record's item was taken up already."""
    try:
        async with db.begin_nested():
            db.add(new)
            await db.flush()
    except IntegrityError as clash:
        if "barrier_from_record" not in str(clash.orig):
            raise
        return False
    return True


async def open_count(db: AsyncSession, member: Member, urn: int) -> int:
    """How many barriers of this school are open: one statement."""
    query = _seen(member).where(col(Barrier.urn) == urn, col(Barrier.state) == "open")
    return (await db.execute(select(func.count()).select_from(query.subquery()))).scalar_one()


async def enrolled(db: AsyncSession, member: Member, year: int) -> dict[int, list[Enrolment]]:
    """What each school that the member may see is enrolled in this year: one statement."""
    found = await db.execute(visible.enrolments(member).where(col(Enrolment.year) == year))
    by_school: dict[int, list[Enrolment]] = {}
    for one in found.scalars():
        by_school.setdefault(one.urn, []).append(one)
    return by_school


async def overdue(db: AsyncSession, member: Member, today: date) -> int:
    """How many open barriers are past their day: the member's own, and those of schools they plan with."""
    theirs = or_(
        col(Barrier.owner_id) == member.person_id, visible.at_schools(member, Can.PLAN_SCHOOL, col(Barrier.urn))
    )
    query = _seen(member).where(theirs, col(Barrier.state) == "open", col(Barrier.due) < today)
    return (await db.execute(select(func.count()).select_from(query.subquery()))).scalar_one()


async def named_in_records(db: AsyncSession, member: Member, urn: int | None = None) -> list[Named]:
    """Barriers that records name and nobody took up, of schools the member may see, the newest first: one statement."""
    found = await db.execute(
        _not_taken_up(member)
        .where(*([] if urn is None else [col(Evidence.urn) == urn]))
        .order_by(col(Evidence.day).desc(), func.lower(col(School.name)), col(Evidence.key))
    )
    return [_as_named(row[0], row[1]) for row in found.all()]


async def one_named(db: AsyncSession, member: Member, event_id: uuid.UUID, item: str) -> Named | None:
    """The one that this item of a record names, as long as nobody took it up."""
    query = _not_taken_up(member).where(col(Evidence.event_id) == event_id, col(Evidence.key) == item)
    row = (await db.execute(query)).first()
    return _as_named(row[0], row[1]) if row else None


def _not_taken_up(member: Member) -> Select[Evidence, str]:
    taken: ColumnElement[bool] = exists().where(
        and_(col(Barrier.event_id) == col(Evidence.event_id), col(Barrier.item) == col(Evidence.key))
    )
    return (
        select(Evidence, col(School.name))
        .join(School, col(School.urn) == col(Evidence.urn))
        .join(Event, col(Event.id) == col(Evidence.event_id))
        .where(
            col(Evidence.hub_id) == member.hub_id,
            col(Evidence.kind) == "blocked",
            col(Evidence.superseded_at).is_(None),
            visible.at_schools(member, Can.SEE_STAGES, col(Evidence.urn)),
            ~taken,
        )
    )


def _as_named(row: Evidence, school: str) -> Named:
    lever, by = str(row.facts.get("lever") or ""), str(row.facts.get("by") or "")
    return Named(row.urn, school, row.event_id, row.version_id, row.key, lever, by, row.day)
