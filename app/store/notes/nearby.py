"""The events whose records a device keeps: with place and people, in a fixed number of statements."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Viewer
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.notes import Note
from app.models.people import Person
from app.models.schools import HubSchool, School
from app.store import visible


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who takes part: leads, comes or is observed."""

    id: uuid.UUID
    name: str
    part: str
    school: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """An event with all that its record shows of it."""

    event: Event
    hub: str
    school: School
    school_notes: str
    group: str
    lead: str
    teacher: str
    people: tuple[Guest, ...]


async def around(db: AsyncSession, viewer: Viewer, since: datetime, until: datetime) -> list[Nearby]:
    """Events of this time that the viewer takes part in, with those before whose record is not agreed yet.

    Cancelled ones are left out. By start; three statements.
    """
    waiting = select(col(Note.event_id)).where(col(Note.state) != "agreed")
    near = or_(
        and_(col(Event.ends_at) >= since, col(Event.starts_at) < until),
        and_(col(Event.ends_at) < since, col(Event.id).in_(waiting)),
    )
    return await _found(db, viewer, near, col(Event.status) != "cancelled")


async def one(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID) -> Nearby | None:
    """This event, where the viewer may read its record."""
    found = await _found(db, viewer, col(Event.id) == event_id)
    return found[0] if found else None


async def _found(db: AsyncSession, viewer: Viewer, *narrowed: ColumnElement[bool]) -> list[Nearby]:
    if not viewer.members:
        return []
    lead, teacher = aliased(Person), aliased(Person)
    mine = visible.of_any(viewer, visible.records)
    rows = await db.execute(
        select(
            Event,
            col(Hub.code),
            School,
            func.coalesce(col(HubSchool.notes), ""),
            func.coalesce(col(WorkGroup.code), ""),
            col(lead.name),
            func.coalesce(col(teacher.name), ""),
        )
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .outerjoin(
            HubSchool,
            (col(HubSchool.hub_id) == col(Event.hub_id))
            & (col(HubSchool.year) == col(Event.year))
            & (col(HubSchool.urn) == col(Event.urn)),
        )
        .where(mine, *narrowed)
        .order_by(col(Event.starts_at), col(Event.id))
    )
    found = rows.all()
    guests = await _guests(db, [row[0].id for row in found])
    return [
        Nearby(event, hub, school, notes, group, led_by, taught_by, tuple(guests.get(event.id, ())))
        for event, hub, school, notes, group, led_by, taught_by in found
    ]


async def _guests(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Guest]]:
    """Everybody who takes part in these events: they all may know of each other."""
    part = func.array_position(["leads", "observed", "comes"], col(Booking.part))
    found = await db.execute(
        select(
            col(Booking.event_id),
            col(Person.id),
            col(Person.name),
            col(Booking.part),
            func.coalesce(col(School.name), ""),
        )
        .join(Person, col(Person.id) == col(Booking.person_id))
        .outerjoin(School, col(School.urn) == col(Person.base_urn))
        .where(col(Booking.event_id).in_(event_ids))
        .order_by(col(Booking.event_id), part, func.lower(col(Person.name)), col(Person.id))
    )
    guests: dict[uuid.UUID, list[Guest]] = {}
    for event_id, key, name, as_what, school in found.all():
        guests.setdefault(event_id, []).append(Guest(key, name, as_what, school))
    return guests
