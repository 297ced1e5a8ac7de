"""Events with whoever is asked to them, for saying who came."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member, Viewer
from app.models.hubs import Hub
from app.models.meetings import Booking, Certificate, Event, Invitation, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School
from app.store import visible

STANDS = ("confirmed", "held")


@dataclass(frozen=True, slots=True)
class Roll:
    """An event as far as attendance goes: who leads it and its Work Group, and whether certificates rest on it."""

    id: uuid.UUID
    hub_id: uuid.UUID
    hub: str
    kind: str
    status: str
    year: int
    day: date
    starts_at: datetime
    ends_at: datetime
    online: bool
    version: int
    lead_id: uuid.UUID
    lead: str
    teacher: str
    urn: int
    school: str
    group_id: uuid.UUID | None
    group: str
    group_leader_id: uuid.UUID | None
    certified: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is asked to an event, with what they answered; the school is the one they come from."""

    event_id: uuid.UUID
    id: uuid.UUID
    name: str
    urn: int | None
    school: str
    part: str
    expected: bool
    answer: str
    because: str
    stand_in_id: uuid.UUID | None
    stand_in: str


@cache
def _rolls() -> Any:
    """Put together once: that takes longer than asking."""
    lead: Any = aliased(Person)
    teacher: Any = aliased(Person)
    of_group = func.coalesce(col(Event.group_id), col(VisitSeries.group_id))
    return (
        select(
            col(Event.id),
            col(Event.hub_id),
            col(Hub.code),
            col(Event.kind),
            col(Event.status),
            col(Event.year),
            col(Event.day),
            col(Event.starts_at),
            col(Event.ends_at),
            col(Event.online),
            col(Event.version),
            col(Event.lead_id),
            col(lead.name),
            func.coalesce(col(teacher.name), ""),
            col(Event.urn),
            col(School.name),
            of_group,
            func.coalesce(col(WorkGroup.code), ""),
            col(WorkGroup.leader_id),
            _certified(),
        )
        .select_from(Event)
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == of_group)
        .order_by(col(Event.starts_at), col(Event.id))
    )


def _certified() -> ColumnElement[bool]:
    """A certificate that stands was made after the event, of its Work Group or of somebody who was asked to it."""
    asked = select(col(Booking.person_id)).where(col(Booking.event_id) == col(Event.id))
    return (
        select(col(Certificate.id))
        .where(
            col(Certificate.hub_id) == col(Event.hub_id),
            col(Certificate.year) == col(Event.year),
            col(Certificate.withdrawn_at).is_(None),
            col(Certificate.made_at) > col(Event.ends_at),
            or_(
                and_(col(Certificate.group_id).is_not(None), col(Certificate.group_id) == col(Event.group_id)),
                and_(col(Certificate.group_id).is_(None), col(Certificate.person_id).in_(asked)),
            ),
        )
        .exists()
    )


async def one(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Roll | None:
    """This event, where the member may see it: one statement."""
    seen = visible.events(member).with_only_columns(col(Event.id))
    return await _first(db, col(Event.id) == event_id, col(Event.id).in_(seen))


async def by_key(db: AsyncSession, event_id: uuid.UUID) -> Roll | None:
    """This event, for whoever holds a key to it; of the hubs in sight."""
    return await _first(db, col(Event.id) == event_id)


async def _first(db: AsyncSession, *narrowed: ColumnElement[bool]) -> Roll | None:
    row = (await db.execute(_rolls().where(*narrowed))).one_or_none()
    return Roll(*row) if row else None


async def led_around(db: AsyncSession, viewer: Viewer, now: datetime, span: timedelta) -> list[Roll]:
    """Fixed events that the viewer leads, in any hub, this much before and after: one statement."""
    found = await db.execute(
        _rolls().where(
            col(Event.lead_id).in_([member.person_id for member in viewer.members]),
            col(Event.status).in_(STANDS),
            col(Event.ends_at) > now - span,
            col(Event.starts_at) < now + span,
        )
    )
    return [Roll(*row) for row in found.all()]


async def of_ids(db: AsyncSession, viewer: Viewer, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Roll]:
    """These events, of the viewer's hubs, held against others who say who came: two statements."""
    hubs = [member.hub_id for member in viewer.members]
    found = await db.execute(_rolls().where(col(Event.id).in_(event_ids), col(Event.hub_id).in_(hubs)))
    rolls = [Roll(*row) for row in found.all()]
    await hold(db, [roll.id for roll in rolls])
    return {roll.id: roll for roll in rolls}


async def hold(db: AsyncSession, event_ids: Sequence[uuid.UUID]) -> None:
    """Wait until nobody else says who came to these, and have others wait: until the transaction ends."""
    keys = sorted(event_ids)
    for key in keys:
        await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"attendance {key}", 0))))


def _of_booking() -> ColumnElement[bool]:
    return and_(col(Invitation.event_id) == col(Booking.event_id), col(Invitation.person_id) == col(Booking.person_id))


@cache
def _guests() -> Any:
    stand_in: Any = aliased(Person)
    own: Any = aliased(School)
    theirs: Any = aliased(Invitation)
    steps_in = select(theirs.stand_in_id).where(
        theirs.event_id == col(Booking.event_id), theirs.stand_in_id == col(Booking.person_id)
    )
    school = func.coalesce(col(School.name), own.name, "")
    return (
        select(
            col(Booking.event_id),
            col(Person.id),
            col(Person.name),
            func.coalesce(col(Booking.urn), col(Participant.urn), col(Person.base_urn)),
            school,
            col(Booking.part),
            col(Booking.expected),
            func.coalesce(col(Invitation.answer), ""),
            func.coalesce(col(Invitation.because), ""),
            col(Invitation.stand_in_id),
            func.coalesce(stand_in.name, col(Invitation.stand_in_name), ""),
        )
        .select_from(Booking)
        .join(Event, col(Event.id) == col(Booking.event_id))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .outerjoin(
            Participant,
            and_(col(Participant.group_id) == col(Event.group_id), col(Participant.person_id) == col(Person.id)),
        )
        .outerjoin(School, col(School.urn) == func.coalesce(col(Booking.urn), col(Participant.urn)))
        .outerjoin(own, own.urn == col(Person.base_urn))
        .outerjoin(Invitation, _of_booking())
        .outerjoin(stand_in, stand_in.id == col(Invitation.stand_in_id))
        .where(col(Booking.part) != "leads", ~steps_in.exists())
        .order_by(func.lower(school), func.lower(col(Person.name)), col(Person.id))
    )


async def guests(
    db: AsyncSession,
    event_ids: Collection[uuid.UUID],
    member: Member | None = None,
    about: uuid.UUID | None = None,
) -> dict[uuid.UUID, list[Guest]]:
    """Whoever is asked to these events, by school and name: one statement; narrowed to what the member may see.

    `about` narrows it to one guest, and to those for whom this person stands in. Whoever leads is not asked, and a
    stand-in who took a place stands with whom they stand in for.
    """
    query = _guests().where(col(Booking.event_id).in_(event_ids))
    if about is not None:
        query = query.where(or_(col(Booking.person_id) == about, col(Invitation.stand_in_id) == about))
    if member is not None:
        mine = visible.attendance(member).with_only_columns(col(Booking.event_id), col(Booking.person_id)).subquery()
        query = query.join(
            mine, and_(mine.c.event_id == col(Booking.event_id), mine.c.person_id == col(Booking.person_id))
        )
    listed: dict[uuid.UUID, list[Guest]] = {event_id: [] for event_id in event_ids}
    for row in (await db.execute(query)).all():
        listed[row[0]].append(Guest(*row))
    return listed


async def names(db: AsyncSession, ids: Collection[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of people of the hubs in sight: one statement."""
    wanted = {one for one in ids if one is not None}
    found = await db.execute(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(wanted)))
    return {row[0]: row[1] for row in found.all()}


async def people_named(db: AsyncSession, hub_id: uuid.UUID, typed: Collection[str]) -> dict[str, uuid.UUID]:
    """Whoever of the hub is the only one of that name, by the name in small letters: one statement."""
    found = await db.execute(
        select(func.lower(col(Person.name)), func.array_agg(col(Person.id)))
        .where(
            col(Person.hub_id) == hub_id,
            col(Person.left_on).is_(None),
            func.lower(col(Person.name)).in_({one.lower() for one in typed}),
        )
        .group_by(func.lower(col(Person.name)))
    )
    return {name: ids[0] for name, ids in found.all() if len(ids) == 1}


async def colleagues(db: AsyncSession, hub_id: uuid.UUID, urns: Collection[int | None]) -> list[str]:
    """The names of the hub's people at these schools, to choose a stand-in from: one statement."""
    there = select(col(Participant.person_id)).where(col(Participant.urn).in_(urns))
    found = await db.execute(
        select(col(Person.name))
        .where(
            col(Person.hub_id) == hub_id,
            col(Person.left_on).is_(None),
            or_(col(Person.base_urn).in_(urns), col(Person.id).in_(there)),
        )
        .order_by(func.lower(col(Person.name)), col(Person.name))
    )
    return list(dict.fromkeys(found.scalars()))


async def school_names(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[str, int]:
    """The hub's schools of a year: URN by name; two of one name are left out: one statement."""
    found = await db.execute(
        select(col(School.name), func.array_agg(col(School.urn)))
        .join(HubSchool, col(HubSchool.urn) == col(School.urn))
        .where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year)
        .group_by(col(School.name))
        .order_by(col(School.name))
    )
    return {name: urns[0] for name, urns in found.all() if len(urns) == 1}


async def schools(db: AsyncSession, urns: Collection[int | None]) -> dict[int, str]:
    """The names of these schools: one statement."""
    wanted = {one for one in urns if one is not None}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(wanted)))
    return {row[0]: row[1] for row in found.all()}
