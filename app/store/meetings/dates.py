"""Dates of a person with what they answered, and dates that still wait for somebody's answer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Can, Member, Reach
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, Invitation, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is and what to know before one goes there."""

    school: str
    address: str
    at: tuple[float, float] | None  # latitude, longitude in degrees
    parking: str
    online: bool
    joining_link: str
    notes: str  # what to bring


@dataclass(frozen=True, slots=True)
class DateOf:
    """One date of one person, with what they answered; `has_place` is False once they lost it."""

    hub_code: str
    hub: str
    event_id: uuid.UUID
    kind: str
    status: str
    day: date
    starts_at: datetime
    ends_at: datetime
    half_term: int
    group: str
    lead: str
    lead_id: uuid.UUID
    place: Place
    person_id: uuid.UUID
    name: str
    part: str
    has_place: bool
    answer: str
    because: str
    answered_at: datetime | None
    how: str
    earlier: str
    stand_in_id: uuid.UUID | None
    stand_in: str
    stand_in_email: str
    invitation_id: uuid.UUID | None
    version: int


async def mine(db: AsyncSession, member: Member) -> list[DateOf]:
    """Every date at which this member has a place, of all years, but proposed ones: one statement."""
    query = _of_people().where(
        col(Person.id) == member.person_id,
        col(Event.hub_id) == member.hub_id,
        col(Booking.part).is_not(None),
        col(Event.status) != "tentative",
    )
    found = await db.execute(query.order_by(col(Event.starts_at), col(Event.id)))
    return [_date(tuple(row)) for row in found.all()]


async def one(db: AsyncSession, event_id: uuid.UUID, person_id: uuid.UUID) -> DateOf | None:
    """This date of this person, also where they have lost their place; the hub must be open."""
    found = await db.execute(_of_people().where(col(Event.id) == event_id, col(Person.id) == person_id))
    row = found.one_or_none()
    return _date(tuple(row)) if row else None


def _of_people() -> Any:
    """People with events in which they have a place or an answer."""
    lead: Any = aliased(Person)
    stand_in: Any = aliased(Person)
    at_event = and_(col(Booking.event_id) == col(Event.id), col(Booking.person_id) == col(Person.id))
    asked = and_(col(Invitation.event_id) == col(Event.id), col(Invitation.person_id) == col(Person.id))
    of_year = and_(
        col(HubSchool.hub_id) == col(Event.hub_id),
        col(HubSchool.year) == col(Event.year),
        col(HubSchool.urn) == col(Event.urn),
    )
    return (
        select(
            Event, Person, School, Hub, WorkGroup, Booking, Invitation, lead.name, stand_in.name, col(HubSchool.notes)
        )
        .select_from(Person)
        .join(Event, col(Event.hub_id) == col(Person.hub_id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .join(lead, lead.id == col(Event.lead_id))
        .outerjoin(Booking, at_event)
        .outerjoin(Invitation, asked)
        .outerjoin(stand_in, stand_in.id == col(Invitation.stand_in_id))
        .outerjoin(HubSchool, of_year)
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .where(or_(col(Booking.part).is_not(None), col(Invitation.id).is_not(None)), col(Person.left_on).is_(None))
        .execution_options(populate_existing=True)
    )


def _date(row: tuple[Any, ...]) -> DateOf:
    event, person, school, hub, group, booking, invitation, lead, stand_in, parking = row
    known = invitation or Invitation(version=0)
    lines = (school.street, school.locality, school.town, school.postcode)
    return DateOf(
        hub_code=hub.code,
        hub=hub.name,
        event_id=event.id,
        kind=event.kind,
        status=event.status,
        day=event.day,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        half_term=event.half_term,
        group=group.code if group else "",
        lead=lead,
        lead_id=event.lead_id,
        place=Place(
            school=school.name,
            address=", ".join(line for line in lines if line),
            at=None if school.latitude is None else (school.latitude, school.longitude),
            parking=parking or "",
            online=event.online,
            joining_link=event.joining_link or (group.joining_link if group and event.online else ""),
            notes=event.notes,
        ),
        person_id=person.id,
        name=person.name,
        part=booking.part if booking else "",
        has_place=booking is not None,
        answer=known.answer,
        because=known.because,
        answered_at=known.answered_at,
        how=known.how,
        earlier=known.earlier,
        stand_in_id=known.stand_in_id,
        stand_in=stand_in or known.stand_in_name,
        stand_in_email=known.stand_in_email,
        invitation_id=invitation.id if invitation else None,
        version=known.version,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which unanswered dates: empty fields do not narrow it; `until` is the last moment at which one begins."""

    group: uuid.UUID | None = None
    half_term: int | None = None
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has not answered for a fixed date that is to come."""

    event_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    email: str
    school: str
    kind: str
    host: str
    online: bool
    starts_at: datetime
    ends_at: datetime
    half_term: int
    group: str
    mailed_at: datetime | None
    reminded_at: datetime | None


def may_edit(member: Member) -> ColumnElement[bool]:
    """Events that the member may change: the hub's, or those they lead."""
    reaches = member.reaches(Can.EDIT_EVENTS)
    if Reach.HUB in reaches:
        return true()
    return col(Event.lead_id) == member.person_id if Reach.OWN in reaches else false()


def _unanswered(member: Member, wanted: Wanted, now: datetime) -> Select[Any]:
    host: Any = aliased(School)
    asked = and_(col(Invitation.event_id) == col(Event.id), col(Invitation.person_id) == col(Person.id))
    conditions = [
        col(Event.hub_id) == member.hub_id,
        col(Event.status) == "confirmed",
        col(Event.starts_at) > now,
        col(Booking.part) != "leads",
        col(Person.left_on).is_(None),
        func.coalesce(col(Invitation.answer), "") == "",
        may_edit(member),
    ]
    if wanted.group:
        conditions.append(col(WorkGroup.id) == wanted.group)
    if wanted.half_term is not None:
        conditions.append(col(Event.half_term) == wanted.half_term)
    if wanted.until:
        conditions.append(col(Event.starts_at) <= wanted.until)
    for word in wanted.words.split():
        places = (col(Person.name), host.name, col(WorkGroup.code))
        conditions.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    columns: Any = select(
        col(Event.id),
        col(Person.id),
        col(Person.name),
        col(Person.email),
        func.coalesce(col(School.name), ""),
        col(Event.kind),
        host.name,
        col(Event.online),
    ).add_columns(
        col(Event.starts_at),
        col(Event.ends_at),
        col(Event.half_term),
        func.coalesce(col(WorkGroup.code), ""),
        col(Invitation.mailed_at),
        col(Invitation.reminded_at),
    )
    joined: Select[Any] = (
        columns.select_from(Booking)
        .join(Event, col(Event.id) == col(Booking.event_id))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .join(host, host.urn == col(Event.urn))
        .outerjoin(School, col(School.urn) == col(Person.base_urn))
        .outerjoin(Invitation, asked)
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .where(*conditions)
    )
    return joined


async def unanswered(
    db: AsyncSession, member: Member, wanted: Wanted, now: datetime, order: tuple[str, bool] = ("date", False)
) -> list[Waiting]:
    """Who has not answered, of the events that the member may change; leaders are not asked: one statement."""
    columns: dict[str, Any] = {
        "date": col(Event.starts_at),
        "name": func.lower(col(Person.name)),
        "group": func.coalesce(col(WorkGroup.code), ""),
        "asked": func.coalesce(col(Invitation.reminded_at), col(Invitation.mailed_at)),
    }
    first = columns[order[0]].desc() if order[1] else columns[order[0]]
    query = _unanswered(member, wanted, now).order_by(
        first, col(Event.starts_at), func.lower(col(Person.name)), col(Person.id)
    )
    rows: Sequence[Any] = (await db.execute(query)).all()
    return [Waiting(*row) for row in rows]


async def own_unanswered(db: AsyncSession, member: Member, now: datetime) -> int:
    """How many fixed dates to come wait for this member's answer and were asked about by mail: one statement."""
    found = await db.execute(
        select(func.count())
        .select_from(Invitation)
        .join(Event, col(Event.id) == col(Invitation.event_id))
        .join(Booking, and_(col(Booking.event_id) == col(Event.id), col(Booking.person_id) == member.person_id))
        .where(
            col(Invitation.person_id) == member.person_id,
            col(Event.status) == "confirmed",
            col(Event.starts_at) > now,
            col(Invitation.answer) == "",
            or_(col(Invitation.mailed_to) != "", col(Invitation.reminded_at).is_not(None)),
        )
    )
    return int(found.scalar_one())


async def names_of_people(db: AsyncSession, hub_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Everybody of the hub who has not left, as (id, name), to choose from."""
    found = await db.execute(
        select(col(Person.id), col(Person.name))
        .where(col(Person.hub_id) == hub_id, col(Person.left_on).is_(None))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [(row[0], row[1]) for row in found.all()]


async def between(
    db: AsyncSession, hub_id: uuid.UUID, since: datetime, until: datetime
) -> list[tuple[uuid.UUID, str, str, str, datetime]]:
    """Fixed dates of the hub in this time, as (id, kind, group, school, start), to choose from."""
    found = await db.execute(
        select(
            col(Event.id),
            col(Event.kind),
            func.coalesce(col(WorkGroup.code), ""),
            col(School.name),
            col(Event.starts_at),
        )
        .join(School, col(School.urn) == col(Event.urn))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.status) != "tentative",
            col(Event.starts_at).between(since, until),
        )
        .order_by(col(Event.starts_at), col(Event.id))
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found.all()]


async def of_group(
    db: AsyncSession, member: Member, group_id: uuid.UUID, now: datetime
) -> list[tuple[uuid.UUID, int, datetime, int, int]]:
    """The group's fixed meetings ahead that the member may change: (id, half term, start, people, already asked)."""
    asked = and_(
        col(Invitation.event_id) == col(Booking.event_id),
        col(Invitation.person_id) == col(Booking.person_id),
        col(Invitation.mailed_to) != "",
        col(Invitation.cancelled_at).is_(None),
    )
    found = await db.execute(
        select(
            col(Event.id),
            col(Event.half_term),
            col(Event.starts_at),
            func.count(col(Booking.person_id)),
            func.count(col(Invitation.id)),
        )
        .join(Booking, col(Booking.event_id) == col(Event.id))
        .outerjoin(Invitation, asked)
        .where(
            col(Event.hub_id) == member.hub_id,
            col(Event.group_id) == group_id,
            col(Event.kind) == "meeting",
            col(Event.status) == "confirmed",
            col(Event.ends_at) > now,
            may_edit(member),
        )
        .group_by(col(Event.id))
        .order_by(col(Event.starts_at))
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found.all()]
