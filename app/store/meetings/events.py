"""Meetings, visits and observations as lists, and one of them whole, read behind the law."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.models.hubs import Hub, Programme
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School
from app.store import visible

Order = Literal["date", "group", "school", "lead", "status"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events of a year: empty fields do not narrow it. `words` are of school or person."""

    year: int
    kind: str = ""
    half_term: int | None = None
    status: str = ""  # as stored, or missed: confirmed, past, and not marked as held
    group: uuid.UUID | None = None
    words: str = ""
    person: uuid.UUID | None = None  # who leads, comes or is observed


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a list; `urn` is the host, or the school that is visited."""

    id: uuid.UUID
    kind: str
    status: str
    half_term: int
    day: date
    starts_at: datetime
    ends_at: datetime
    online: bool
    pinned: bool
    urn: int
    school: str
    group_id: uuid.UUID | None
    group: str
    lead: str
    teacher: str
    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is booked at an event: leads, comes or is observed; not `expected` means away or not at work."""

    id: uuid.UUID
    name: str
    part: str
    expected: bool
    school: str


@dataclass(frozen=True, slots=True)
class EventWhole:
    """One event with all that a page tells; `usual` are the times it has without own ones (start, end, London)."""

    row: EventRow
    year: int
    slot: str
    own_times: bool
    joining_link: str
    notes: str
    school_notes: str
    address: str
    place: tuple[float, float] | None
    lead_id: uuid.UUID
    teacher_id: uuid.UUID | None
    programme: str
    usual: tuple[time, time]
    version: int
    cancelled_at: datetime | None


async def listed(
    db: AsyncSession, member: Member, wanted: Wanted, now: datetime, order: Order = "date", *, down: bool = False
) -> list[EventRow]:
    """Every event of the year that fits and that the member may see: one statement."""
    lead, teacher = aliased(Person), aliased(Person)
    group = func.coalesce(col(WorkGroup.code), "")
    orders: dict[str, Any] = {
        "date": col(Event.starts_at),
        "group": group,
        "school": func.lower(col(School.name)),
        "lead": func.lower(col(lead.name)),
        "status": col(Event.status),
    }
    first = orders[order].desc() if down else orders[order]
    query = _rows(member, lead, teacher).where(col(Event.year) == wanted.year, *_narrowed(wanted, now, lead, teacher))
    found = await db.execute(query.order_by(first, col(Event.starts_at), group, col(Event.id)))
    return [EventRow(*tuple(row)) for row in found.all()]


def _rows(member: Member, lead: Any, teacher: Any) -> Any:
    return (
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
            col(Event.pinned),
            col(Event.urn),
            col(School.name),
            func.coalesce(col(Event.group_id), col(VisitSeries.group_id)),
            func.coalesce(col(WorkGroup.code), ""),
            lead.name,
            func.coalesce(teacher.name, ""),
            col(Event.lead_id),
        )
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, lead.id == col(Event.lead_id))
        .outerjoin(teacher, teacher.id == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
    )


def _narrowed(wanted: Wanted, now: datetime, lead: Any, teacher: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind:
        conditions.append(col(Event.kind) == wanted.kind)
    if wanted.half_term is not None:
        conditions.append(col(Event.half_term) == wanted.half_term)
    if wanted.group:
        conditions.append(func.coalesce(col(Event.group_id), col(VisitSeries.group_id)) == wanted.group)
    if wanted.status == "missed":
        conditions += [col(Event.status) == "confirmed", col(Event.ends_at) < now]
    elif wanted.status == "confirmed":
        conditions += [col(Event.status) == "confirmed", col(Event.ends_at) >= now]
    elif wanted.status:
        conditions.append(col(Event.status) == wanted.status)
    if wanted.person:
        booked = select(col(Booking.event_id)).where(col(Booking.person_id) == wanted.person)
        conditions.append(or_(col(Event.lead_id) == wanted.person, col(Event.id).in_(booked)))
    if wanted.words:
        like = _like(wanted.words)
        texts = (col(School.name), lead.name, teacher.name, col(WorkGroup.code))
        conditions.append(or_(*(func.lower(text).like(like) for text in texts)))
    return conditions


def _like(words: str) -> str:
    plain = " ".join(words.split()).lower()
    return "%" + plain.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


async def one(db: AsyncSession, member: Member, event_id: uuid.UUID) -> EventWhole | None:
    """This event, where the member may see it: one statement."""
    lead, teacher = aliased(Person), aliased(Person)
    found = await db.execute(
        _rows(member, lead, teacher)
        .add_columns(Event, Hub, WorkGroup, School, col(HubSchool.notes), col(Programme.name))
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .outerjoin(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .outerjoin(
            HubSchool,
            (col(HubSchool.hub_id) == col(Event.hub_id))
            & (col(HubSchool.year) == col(Event.year))
            & (col(HubSchool.urn) == col(Event.urn)),
        )
        .where(col(Event.id) == event_id)
    )
    row = found.one_or_none()
    return _whole(tuple(row)) if row else None


def _whole(row: tuple[Any, ...]) -> EventWhole:
    *columns, event, hub, group, school, notes, programme = row
    lines = (school.street, school.locality, school.town, school.postcode)
    return EventWhole(
        row=EventRow(*columns),
        year=event.year,
        slot=event.slot,
        own_times=event.own_times,
        joining_link=event.joining_link,
        notes=event.notes,
        school_notes=notes or "",
        address=", ".join(line for line in lines if line),
        place=None if school.latitude is None else (school.latitude, school.longitude),
        lead_id=event.lead_id,
        teacher_id=event.teacher_id,
        programme=programme or "",
        usual=usual_times(hub, group if event.group_id else None, event.slot),
        version=event.version,
        cancelled_at=event.cancelled_at,
    )


def usual_times(hub: Hub, group: WorkGroup | None, slot: str) -> tuple[time, time]:
    """When a half-day starts and ends: the group's own times where it has some, else the hub's."""
    if slot == "am":
        own = (group.morning_starts, group.morning_ends) if group else (None, None)
        return own[0] or hub.morning_starts, own[1] or hub.morning_ends
    own = (group.afternoon_starts, group.afternoon_ends) if group else (None, None)
    return own[0] or hub.afternoon_starts, own[1] or hub.afternoon_ends


async def guests(db: AsyncSession, member: Member, event_id: uuid.UUID) -> list[Guest]:
    """Who is booked at an event, of the people the member may see; whoever leads comes first."""
    part = func.array_position(["leads", "observed", "comes"], col(Booking.part))
    found = await db.execute(
        visible.people(member)
        .with_only_columns(
            col(Person.id),
            col(Person.name),
            col(Booking.part),
            col(Booking.expected),
            func.coalesce(col(School.name), ""),
        )
        .join(Booking, col(Booking.person_id) == col(Person.id))
        .outerjoin(School, col(School.urn) == func.coalesce(col(Booking.urn), col(Person.base_urn)))
        .where(col(Booking.event_id) == event_id)
        .order_by(part, func.lower(col(Person.name)), col(Person.id))
    )
    rows: list[Any] = list(found.all())
    return [Guest(*row) for row in rows]


async def group_codes(db: AsyncSession, member: Member, year: int) -> list[tuple[uuid.UUID, str]]:
    """Work Groups of the year that the member may see, as (id, code), to choose from: one statement."""
    query = visible.groups(member).with_only_columns(col(WorkGroup.id), col(WorkGroup.code))
    found = await db.execute(query.where(col(WorkGroup.year) == year).order_by(col(WorkGroup.code)))
    return [(row[0], row[1]) for row in found.all()]


async def locked(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Event | None:
    """The event's row, held for a change, where the member may see it."""
    found = await db.execute(visible.events(member).where(col(Event.id) == event_id).with_for_update(of=Event))
    return found.scalar_one_or_none()


async def usual(db: AsyncSession, event: Event) -> tuple[time, time]:
    """The times an event has without times of its own."""
    hub = await db.get_one(Hub, event.hub_id)
    group = await db.get(WorkGroup, event.group_id) if event.group_id else None
    return usual_times(hub, group, event.slot)
