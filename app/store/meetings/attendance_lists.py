"""Who came, counted over a hub's year: events with counts, events of which nothing was said, absences in a row."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.domain.meetings.attendance import CAME, State, absences_in_a_row
from app.models.meetings import Attendance, Booking, Event, Invitation, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School
from app.store import visible
from app.store.meetings.rolls import STANDS


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events and absences of a year; empty fields do not narrow. The school is the one that guests come from."""

    year: int
    group: uuid.UUID | None = None
    half_term: int | None = None
    urn: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """An event that has begun, with how many were booked, came, were absent, and of how many something was said."""

    id: uuid.UUID
    kind: str
    status: str
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
    booked: int
    came: int
    absent: int
    said: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who missed meetings of a Work Group in a row: how many, and the day of the last."""

    person_id: uuid.UUID
    name: str
    urn: int | None
    school: str
    group_id: uuid.UUID
    group: str
    count: int
    last: date


def _newest(hub_id: uuid.UUID) -> Any:
    """The newest saying of each guest of each event of the hub."""
    return (
        select(col(Attendance.event_id), col(Attendance.guest_id), col(Attendance.state))
        .where(col(Attendance.hub_id) == hub_id)
        .order_by(
            col(Attendance.event_id),
            col(Attendance.guest_id),
            col(Attendance.said_at).desc(),
            col(Attendance.number).desc(),
        )
        .ext(distinct_on(col(Attendance.event_id), col(Attendance.guest_id)))
        .subquery("newest")
    )


def _places(member: Member, wanted: Wanted, now: datetime) -> Any:
    """Places at events of the year that have begun, of which the member may see whether they were taken."""
    theirs: Any = aliased(Invitation)
    steps_in = select(theirs.stand_in_id).where(
        theirs.event_id == col(Booking.event_id), theirs.stand_in_id == col(Booking.person_id)
    )
    query = (
        visible.attendance(member)
        .where(
            col(Event.year) == wanted.year,
            col(Event.status).in_(STANDS),
            col(Event.starts_at) <= now,
            ~steps_in.exists(),
        )
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
    )
    if wanted.group:
        query = query.where(func.coalesce(col(Event.group_id), col(VisitSeries.group_id)) == wanted.group)
    if wanted.half_term is not None:
        query = query.where(col(Event.half_term) == wanted.half_term)
    if wanted.urn is not None:
        query = query.where(_from_school(wanted.urn))
    return query


def _from_school(urn: int) -> ColumnElement[bool]:
    """The place is of somebody who comes from this school."""
    takes_part = select(col(Participant.person_id)).where(
        col(Participant.group_id) == col(Event.group_id), col(Participant.urn) == urn
    )
    based = select(col(Person.id)).where(col(Person.base_urn) == urn)
    now_of = or_(
        col(Booking.person_id).in_(takes_part),
        and_(col(Event.group_id).is_(None), col(Booking.person_id).in_(based)),
    )
    return or_(col(Booking.urn) == urn, and_(col(Booking.urn).is_(None), now_of))


async def counted(db: AsyncSession, member: Member, wanted: Wanted, now: datetime) -> list[Counted]:
    """Events that have begun, by start, with counts of those whom the member may see: one statement."""
    newest, lead, teacher = _newest(member.hub_id), _person(), _person()
    places = (
        _places(member, wanted, now)
        .with_only_columns(col(Booking.event_id).label("event_id"), col(Booking.person_id).label("person_id"))
        .subquery("places")
    )
    tally = (
        select(
            places.c.event_id,
            func.count().label("booked"),
            func.count(case((newest.c.state.in_(sorted(CAME)), 1))).label("came"),
            func.count(case((newest.c.state == State.ABSENT, 1))).label("absent"),
            func.count(case((newest.c.state != "", 1))).label("said"),
        )
        .outerjoin(newest, and_(newest.c.event_id == places.c.event_id, newest.c.guest_id == places.c.person_id))
        .group_by(places.c.event_id)
        .subquery("tally")
    )
    of_group = func.coalesce(col(Event.group_id), col(VisitSeries.group_id))
    columns: list[Any] = [
        *(col(one) for one in (Event.id, Event.kind, Event.status, Event.day, Event.starts_at, Event.ends_at)),
        col(Event.online),
        col(Event.urn),
        col(School.name),
        of_group,
        func.coalesce(col(WorkGroup.code), ""),
        lead.name,
        func.coalesce(teacher.name, ""),
        tally.c.booked,
        tally.c.came,
        tally.c.absent,
        tally.c.said,
    ]
    found = await db.execute(
        select(*columns)
        .select_from(Event)
        .join(tally, tally.c.event_id == col(Event.id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, lead.id == col(Event.lead_id))
        .outerjoin(teacher, teacher.id == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == of_group)
        .order_by(col(Event.starts_at), col(Event.id))
    )
    return [Counted(*row) for row in found.all()]


def _person() -> Any:
    return aliased(Person)


async def missing(db: AsyncSession, member: Member, wanted: Wanted, now: datetime) -> list[Missing]:
    """Who missed two or more meetings of a Work Group in a row, and has not come since: one statement."""
    newest = _newest(member.hub_id)
    columns: list[Any] = [
        col(Event.group_id),
        col(WorkGroup.code),
        col(Booking.person_id),
        col(Person.name),
        col(School.urn),
        func.coalesce(col(School.name), ""),
        col(Event.day),
        newest.c.state,
    ]
    found = await db.execute(
        _places(member, wanted, now)
        .with_only_columns(*columns)
        .join(newest, and_(newest.c.event_id == col(Event.id), newest.c.guest_id == col(Booking.person_id)))
        .join(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .outerjoin(
            Participant,
            and_(col(Participant.group_id) == col(Event.group_id), col(Participant.person_id) == col(Person.id)),
        )
        .outerjoin(
            School, col(School.urn) == func.coalesce(col(Booking.urn), col(Participant.urn), col(Person.base_urn))
        )
        .where(col(Event.kind) == "meeting", newest.c.state != "", col(Person.left_on).is_(None))
        .order_by(col(WorkGroup.code), func.lower(col(Person.name)), col(Person.id), col(Event.starts_at))
    )
    kept: dict[tuple[uuid.UUID, uuid.UUID], list[Any]] = {}
    for row in found.all():
        kept.setdefault((row[0], row[2]), []).append(row)
    return [one for rows in kept.values() if (one := _missing(rows)).count > 1]


def _missing(rows: list[Any]) -> Missing:
    """What one person's meetings of one Work Group say, in order."""
    group_id, code, person_id, name, urn, school, last, _ = rows[-1]
    count = absences_in_a_row([row[-1] for row in rows])
    return Missing(person_id, name, urn, school, group_id, code, count, last)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """An event that is over, of which nobody has said who came; whoever led it says so."""

    id: uuid.UUID
    kind: str
    day: date
    school: str
    group: str
    urn: int
    lead_id: uuid.UUID
    lead: str
    email: str


async def unsaid(
    db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime, lead_id: uuid.UUID | None = None
) -> list[Unsaid]:
    """What this person, or anybody, led in the year without saying who came, the latest first: one statement."""
    said = select(col(Attendance.op_id)).where(col(Attendance.event_id) == col(Event.id))
    asked = select(col(Booking.person_id)).where(col(Booking.event_id) == col(Event.id), col(Booking.part) != "leads")
    found = await db.execute(
        select(
            col(Event.id),
            col(Event.kind),
            col(Event.day),
            col(School.name),
            func.coalesce(col(WorkGroup.code), ""),
            col(Event.urn),
            col(Person.id),
            col(Person.name),
            col(Person.email),
        )
        .join(School, col(School.urn) == col(Event.urn))
        .join(Person, col(Person.id) == col(Event.lead_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .where(
            col(Event.hub_id) == hub_id,
            *(() if lead_id is None else (col(Event.lead_id) == lead_id,)),
            col(Event.year) == year,
            col(Event.status).in_(STANDS),
            col(Event.ends_at) < now,
            ~said.exists(),
            asked.exists(),
        )
        .order_by(col(Event.starts_at).desc(), col(Event.id))
    )
    return [Unsaid(*row) for row in found.all()]


async def schools(db: AsyncSession, member: Member, year: int) -> list[tuple[int, str]]:
    """The schools of the year that the member may see, to choose from: one statement."""
    found = await db.execute(
        visible.schools(member)
        .with_only_columns(col(School.urn), col(School.name))
        .select_from(HubSchool)
        .join(School, col(School.urn) == col(HubSchool.urn))
        .where(col(HubSchool.year) == year)
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    rows: list[Any] = list(found.all())
    return [(row[0], row[1]) for row in rows]
