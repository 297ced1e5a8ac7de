"""Events as marks on a year ribbon: of one school, of one Work Group."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.models.meetings import Booking, Event, GroupSchool, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.store import visible


@dataclass(frozen=True, slots=True)
class EventMark:
    """An event in a list or on a ribbon; `urn` is the host, or the school that is visited."""

    id: uuid.UUID
    kind: str
    status: str
    half_term: int
    day: date
    starts_at: datetime
    ends_at: datetime
    online: bool
    urn: int
    school: str
    group_id: uuid.UUID | None
    group: str
    lead: str
    teacher: str


async def of_school(db: AsyncSession, member: Member, year: int, urn: int) -> list[EventMark]:
    """Everything at this school, and the meetings of its Work Groups wherever they are, by day: one statement."""
    groups = select(col(GroupSchool.group_id)).where(col(GroupSchool.urn) == urn)
    return await _marks(
        db,
        member,
        year,
        or_(col(Event.urn) == urn, (col(Event.kind) == "meeting") & col(Event.group_id).in_(groups)),
    )


async def of_group(db: AsyncSession, member: Member, year: int, group_id: uuid.UUID) -> list[EventMark]:
    """The meetings of this Work Group and the visits and observations that belong to it, by day: one statement."""
    series = select(col(VisitSeries.id)).where(col(VisitSeries.group_id) == group_id)
    return await _marks(db, member, year, or_(col(Event.group_id) == group_id, col(Event.series_id).in_(series)))


async def of_person(db: AsyncSession, member: Member, year: int, person_id: uuid.UUID) -> list[EventMark]:
    """Everything this person leads, comes to or is observed in, by day: one statement."""
    booked = select(col(Booking.event_id)).where(col(Booking.person_id) == person_id)
    return await _marks(db, member, year, or_(col(Event.lead_id) == person_id, col(Event.id).in_(booked)))


async def dates_of(db: AsyncSession, member: Member, year: int, groups: Sequence[uuid.UUID]) -> list[EventMark]:
    """The meetings of these Work Groups, by day: one statement."""
    return await _marks(db, member, year, (col(Event.kind) == "meeting") & col(Event.group_id).in_(groups))


async def _marks(db: AsyncSession, member: Member, year: int, which: ColumnElement[bool]) -> list[EventMark]:
    lead, teacher = aliased(Person), aliased(Person)
    found = await db.execute(
        visible.events(member)
        .with_only_columns(
            col(Event.id),
            col(Event.kind),
            col(Event.status),
            col(Event.half_term),
            col(Event.day),
            col(Event.starts_at),
            col(Event.ends_at),
            col(Event.online),
            col(Event.urn),
            col(School.name),
            col(Event.group_id),
            func.coalesce(col(WorkGroup.code), ""),
            col(lead.name),
            func.coalesce(col(teacher.name), ""),
        )
        .where(col(Event.year) == year, which)
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .order_by(col(Event.starts_at), col(Event.id))
    )
    return [EventMark(*tuple(row)) for row in found.all()]
