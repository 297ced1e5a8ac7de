"""What a change of a Work Group means for events that are planned: who has a place at them, when and where they are."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.meetings.bookings import works_then
from app.kit.errors import BadInputError, Fault
from app.kit.periods import london
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.people import Account, Away, Person
from app.store.meetings.event_changes import move_places
from app.store.meetings.events import usual_times

AHEAD = ("tentative", "confirmed")


def _ahead(group_id: uuid.UUID, urn: int, now: datetime) -> Select[Event]:
    """Meetings of the group and visits to this school that are still to come."""
    series = select(col(VisitSeries.id)).where(col(VisitSeries.group_id) == group_id, col(VisitSeries.urn) == urn)
    return select(Event).where(
        col(Event.starts_at) > now,
        col(Event.status).in_(AHEAD),
        or_(
            and_(col(Event.kind) == "meeting", col(Event.group_id) == group_id),
            and_(col(Event.kind) == "visit", col(Event.series_id).in_(series)),
        ),
    )


async def give(db: AsyncSession, group_id: uuid.UUID, urn: int, person_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """A place for this person at all that is still to come; returns the events. Where they are booked, it holds not."""
    found = await db.execute(
        select(Person, col(Account.number))
        .join(Account, col(Account.id) == col(Person.account_id))
        .where(col(Person.id) == person_id)
    )
    person, account = found.one()
    away = set((await db.execute(select(col(Away.day)).where(col(Away.person_id) == person_id))).scalars())
    there = set((await db.execute(select(col(Booking.event_id)).where(col(Booking.person_id) == person_id))).scalars())
    taken = await _taken(db, account)
    ahead = (await db.execute(_ahead(group_id, urn, now).order_by(col(Event.starts_at)))).scalars()
    events = [event for event in ahead if event.id not in there]
    for event in events:
        free = all(event.ends_at <= starts or ends <= event.starts_at for starts, ends in taken)
        holds = event.status == "confirmed" and free
        db.add(
            Booking(
                event_id=event.id,
                person_id=person_id,
                hub_id=event.hub_id,
                account_number=account,
                part="comes",
                expected=works_then(person.works, away, event.day, event.slot),
                holds=holds,
                during=Range(event.starts_at, event.ends_at, bounds="[)"),
            )
        )
        if holds:
            taken.append((event.starts_at, event.ends_at))
    await db.flush()
    return [event.id for event in events]


async def _taken(db: AsyncSession, account: int) -> list[tuple[datetime, datetime]]:
    found = await db.execute(
        select(col(Booking.during)).where(col(Booking.account_number) == account, col(Booking.holds))
    )
    return [(during.lower, during.upper) for during in found.scalars()]


async def take_back(
    db: AsyncSession, group_id: uuid.UUID, urn: int, people: Collection[uuid.UUID], now: datetime
) -> list[uuid.UUID]:
    """These people's places at all that is still to come; returns the events they lost one at. What was, stays."""
    ahead = _ahead(group_id, urn, now).with_only_columns(col(Event.id))
    done = await db.execute(
        delete(Booking)
        .where(col(Booking.event_id).in_(ahead), col(Booking.person_id).in_(people), col(Booking.part) == "comes")
        .returning(col(Booking.event_id))
    )
    return list(done.scalars())


async def follow(db: AsyncSession, group: WorkGroup, was: tuple[bool, str], now: datetime) -> list[uuid.UUID]:
    """Meetings to come take the group's new times, and its new place or link where they had its old (`was`).

    Returns the meetings that changed. Raises BadInputError when somebody is booked elsewhere then.
    """
    hub = await db.get_one(Hub, group.hub_id)
    found = await db.execute(
        select(Event).where(
            col(Event.group_id) == group.id,
            col(Event.kind) == "meeting",
            col(Event.starts_at) > now,
            col(Event.status).in_(AHEAD),
        )
    )
    changed = []
    for event in found.scalars():
        before = (event.starts_at, event.ends_at, event.online, event.joining_link)
        if not event.own_times:
            starts, ends = usual_times(hub, group, event.slot)
            event.starts_at, event.ends_at = london(event.day, starts), london(event.day, ends)
        if (event.online, event.joining_link) == was:
            event.online, event.joining_link = group.online, group.joining_link
        if before == (event.starts_at, event.ends_at, event.online, event.joining_link):
            continue
        event.version += 1
        await db.flush()
        if before[:2] != (event.starts_at, event.ends_at) and not await move_places(db, event):
            field = "morning_starts" if event.slot == "am" else "afternoon_starts"
            because = (
                f"With these times somebody would be at two places at once on {event.day:%d/%m/%Y}: choose others."
            )
            raise BadInputError(because, (Fault(field, because),))
        changed.append(event.id)
    return changed
