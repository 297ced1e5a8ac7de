"""How far people drove to one event: whoever leads it, and whoever it was entered for before."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.models.funding import Travel
from app.models.meetings import Booking, Event, WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.store import visible

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trip:
    """An event as far as travel goes: `there` is where it is, in metres of the National Grid, where that is known."""

    id: uuid.UUID
    kind: str
    status: str
    online: bool
    day: date
    starts_at: datetime
    school: str
    group: str
    lead_id: uuid.UUID
    lead: str
    there: Point | None


@dataclass(frozen=True, slots=True)
class Driver:
    """Somebody who may have driven: `metres` is empty until it is entered; `base` is the school they come from."""

    id: uuid.UUID
    name: str
    leads: bool
    metres: int | None
    base: str
    here: Point | None


async def trip(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Trip | None:
    """This event, where the member may see it: one statement."""
    row = (
        await db.execute(
            visible.events(member)
            .where(col(Event.id) == event_id)
            .with_only_columns(
                col(Event.id),
                col(Event.kind),
                col(Event.status),
                col(Event.online),
                col(Event.day),
                col(Event.starts_at),
                col(School.name),
                func.coalesce(col(WorkGroup.code), ""),
                col(Event.lead_id),
                col(Person.name),
                col(School.easting),
                col(School.northing),
            )
            .join(School, col(School.urn) == col(Event.urn))
            .join(Person, col(Person.id) == col(Event.lead_id))
            .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        )
    ).one_or_none()
    return _trip(row) if row else None


def _trip(row: Any) -> Trip:
    return Trip(*(*row[:-2], _point(row[-2], row[-1])))


async def drivers(db: AsyncSession, event_id: uuid.UUID) -> list[Driver]:
    """Whoever leads it first, then everybody for whom a distance is entered; behind `trip`: one statement."""
    base: Any = aliased(School)
    leads = col(Event.lead_id) == col(Person.id)
    found = await db.execute(
        select(
            col(Person.id),
            col(Person.name),
            leads,
            col(Travel.metres),
            func.coalesce(base.name, ""),
            base.easting,
            base.northing,
        )
        .select_from(Event)
        .join(Person, col(Person.hub_id) == col(Event.hub_id))
        .outerjoin(Travel, and_(col(Travel.event_id) == col(Event.id), col(Travel.person_id) == col(Person.id)))
        .outerjoin(Booking, and_(col(Booking.event_id) == col(Event.id), col(Booking.person_id) == col(Person.id)))
        .outerjoin(base, base.urn == func.coalesce(col(Booking.urn), col(Person.base_urn)))
        .where(col(Event.id) == event_id, or_(leads, col(Travel.person_id).is_not(None)))
        .order_by(leads.desc(), func.lower(col(Person.name)), col(Person.id))
    )
    return [_driver(row) for row in found.all()]


def _driver(row: Any) -> Driver:
    return Driver(*(*row[:-2], _point(row[-2], row[-1])))


def _point(easting: int | None, northing: int | None) -> Point | None:
    return (easting, northing) if easting is not None and northing is not None else None


async def hold(db: AsyncSession, event_id: uuid.UUID) -> None:
    """Wait until nobody else says how far it was, and have others wait, until the transaction ends."""
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"travel {event_id}", 0))))


@dataclass(frozen=True, slots=True)
class Driven:
    """How far somebody drove, by whom it was entered and when."""

    person_id: uuid.UUID
    metres: int
    by: uuid.UUID | None
    now: datetime


async def put(db: AsyncSession, hub_id: uuid.UUID, event_id: uuid.UUID, said: Sequence[Driven]) -> None:
    """Keep these; no metres take an entry away."""
    for one in said:
        if not one.metres:
            await db.execute(
                delete(Travel).where(
                    col(Travel.hub_id) == hub_id,
                    col(Travel.event_id) == event_id,
                    col(Travel.person_id) == one.person_id,
                )
            )
            continue
        values = {"metres": one.metres, "made_at": one.now, "by_id": one.by}
        added = insert(Travel).values(hub_id=hub_id, event_id=event_id, person_id=one.person_id, **values)
        await db.execute(added.on_conflict_do_update(index_elements=["event_id", "person_id"], set_=values))
