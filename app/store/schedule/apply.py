"""Writing what a plan means into the calendar: events under their lasting identities, and who is at them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.meetings.bookings import Seat, holding, works_then
from app.domain.meetings.changes import Cancel, Create, Intent, Keep, Move, Place, Planned, Standing
from app.kit.ids import new_id
from app.kit.periods import in_london, london, year_span
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, WorkGroup
from app.models.people import Account, Away, Person
from app.models.schedule import DateRefused
from app.store.meetings.events import usual_times


@dataclass(frozen=True, slots=True)
class Writing:
    """What the events are written for: a proposal's tentative dates, the accepted plan, or (None) a move by hand.

    A move by hand leaves what is the event's own: its room online and the plan it came from.
    """

    hub: Hub
    year: int
    proposal_id: uuid.UUID | None
    status: str  # tentative, confirmed
    now: datetime


async def standing(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[str, Event]:
    """Every event of the year by its slot's key, cancelled ones too: a slot keeps its identity."""
    asked = select(Event).where(col(Event.hub_id) == hub_id, col(Event.year) == year)
    return {event.slot_key: event for event in (await db.execute(asked)).scalars()}


def as_standing(event: Event) -> Standing:
    """An event as the rules see it."""
    teacher = str(event.teacher_id) if event.teacher_id else None
    place = Place(event.day, event.slot, event.urn)
    return Standing(event.slot_key, event.status, place, str(event.lead_id), teacher)


async def write(
    db: AsyncSession, writing: Writing, there: dict[str, Event], intents: Sequence[Intent]
) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Apply the intents. Returns the ids of the events that changed, and of the people who lost a place."""
    groups = {str(group.id): group for group in await _groups(db, writing)}
    concerned: list[tuple[Event, Planned]] = []
    changed: set[uuid.UUID] = set()
    for intent in intents:
        if isinstance(intent, Cancel):
            cancel(there[intent.key], writing.now)
            changed.add(there[intent.key].id)
            continue
        event, moved = _written(writing, there, intent, groups.get(intent.planned.group or ""))
        db.add(event)
        concerned.append((event, intent.planned))
        if moved:
            changed.add(event.id)
    await db.flush()
    cancelled = [there[intent.key].id for intent in intents if isinstance(intent, Cancel)]
    before = await _booked(db, [event.id for event, _ in concerned] + cancelled)
    after = await _book(db, writing, [pair for pair in concerned if pair[0].status != "held"], cancelled)
    rebooked = {event for event, _ in before ^ after} - set(cancelled)
    unbooked = {person for event, person in before - after if event not in cancelled}
    return changed | rebooked, unbooked


async def _groups(db: AsyncSession, writing: Writing) -> Iterable[WorkGroup]:
    asked = select(WorkGroup).where(col(WorkGroup.hub_id) == writing.hub.id, col(WorkGroup.year) == writing.year)
    return (await db.execute(asked)).scalars()


def touch(event: Event, now: datetime) -> None:
    """A change that calendars must take: SEQUENCE rises and LAST-MODIFIED moves on, in whole seconds."""
    event.sequence += 1
    event.version += 1
    event.changed_at = max(now.replace(microsecond=0), event.changed_at + timedelta(seconds=1))


def cancel(event: Event, now: datetime) -> None:
    """Strike an event out; its identity stays for calendars to see."""
    event.status = "cancelled"
    event.cancelled_at = now
    touch(event, now)


def _written(
    writing: Writing, there: dict[str, Event], intent: Keep | Create | Move, group: WorkGroup | None
) -> tuple[Event, bool]:
    """The event as it shall be, and whether calendars see a difference."""
    planned = intent.planned
    old = there.get(planned.key)
    if isinstance(intent, Keep) and old is not None:
        if old.status == "tentative" and writing.status == "confirmed":
            old.status, old.proposal_id = "confirmed", writing.proposal_id
            touch(old, writing.now)
            return old, True
        return old, False
    event = old or _new(writing, planned)
    event.day, event.slot, event.urn = planned.place.day, planned.place.slot, planned.place.urn
    event.lead_id = uuid.UUID(planned.lead)
    event.teacher_id = uuid.UUID(planned.teacher) if planned.teacher else None
    event.status, event.cancelled_at = writing.status, None
    if writing.proposal_id or old is None:
        event.proposal_id = writing.proposal_id
        event.online = group.online if group and planned.kind == "meeting" else False
        event.joining_link = group.joining_link if group and event.online else ""
    event.starts_at, event.ends_at = _times(writing.hub, group, event, keep=old is not None and event.own_times)
    if old is not None:
        touch(event, writing.now)
    return event, True


def _new(writing: Writing, planned: Planned) -> Event:
    key = new_id()
    return Event(
        id=key,
        hub_id=writing.hub.id,
        year=writing.year,
        slot_key=planned.key,
        kind=planned.kind,
        half_term=planned.half_term,
        status=writing.status,
        day=planned.place.day,
        slot=planned.place.slot,
        urn=planned.place.urn,
        group_id=uuid.UUID(planned.group) if planned.group else None,
        series_id=uuid.UUID(planned.series) if planned.series else None,
        uid=f"{key}@halfterm",
        changed_at=writing.now.replace(microsecond=0),
    )


def _times(hub: Hub, group: WorkGroup | None, event: Event, *, keep: bool) -> tuple[datetime, datetime]:
    """The event's own clock times where it has some, else its group's, else the hub's."""
    if keep:
        return tuple(london(event.day, in_london(at).time()) for at in (event.starts_at, event.ends_at))  # type: ignore[return-value]
    starts, ends = usual_times(hub, group, event.slot)
    return london(event.day, starts), london(event.day, ends)


async def _booked(db: AsyncSession, events: list[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    asked = select(col(Booking.event_id), col(Booking.person_id)).where(col(Booking.event_id).in_(events))
    return {(row[0], row[1]) for row in await db.execute(asked)}


async def _book(
    db: AsyncSession, writing: Writing, concerned: list[tuple[Event, Planned]], cancelled: list[uuid.UUID]
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Make the bookings of these events anew, and give back the time of cancelled ones."""
    parts = [(event, uuid.UUID(person), part) for event, planned in concerned for person, part in _parts(planned)]
    people = {person.id: (person, account) for person, account in await _people(db, {who for _, who, _ in parts})}
    away = await _away(db, set(people), writing.year)
    seats = [
        Seat(str(event.id), str(who), people[who][1], part, event.starts_at, event.ends_at, event.status == "confirmed")
        for event, who, part in parts
    ]
    await db.execute(update(Booking).where(col(Booking.event_id).in_(cancelled)).values(holds=False))
    await db.execute(delete(Booking).where(col(Booking.event_id).in_([event.id for event, _ in concerned])))
    held = holding(seats + await _held_already(db, writing.hub.id))
    made = [
        Booking(
            event_id=event.id,
            person_id=who,
            hub_id=writing.hub.id,
            account_number=people[who][1],
            part=part,
            expected=part != "comes" or works_then(people[who][0].works, away.get(who, ()), event.day, event.slot),
            holds=(str(event.id), str(who)) in held,
            during=Range(event.starts_at, event.ends_at, bounds="[)"),
        )
        for event, who, part in parts
    ]
    db.add_all(made)
    await db.flush()
    return {(booking.event_id, booking.person_id) for booking in made}


def _parts(planned: Planned) -> list[tuple[str, str]]:
    """(person, part) of everybody at the event, each once."""
    observed = [(planned.teacher, "observed")] if planned.teacher else []
    coming = [(person, "comes") for person in planned.people]
    everybody: dict[str, str] = {}
    for person, part in [(planned.lead, "leads"), *observed, *coming]:
        everybody.setdefault(person, part)
    return list(everybody.items())


async def _people(db: AsyncSession, ids: set[uuid.UUID]) -> list[tuple[Person, int]]:
    asked = select(Person, col(Account.number)).join(Account, col(Account.id) == col(Person.account_id))
    return [(row[0], row[1]) for row in await db.execute(asked.where(col(Person.id).in_(ids)))]


async def _away(db: AsyncSession, ids: set[uuid.UUID], year: int) -> dict[uuid.UUID, set[date]]:
    """Days away, and days on which they said they cannot."""
    span, days = year_span(year), dict[uuid.UUID, set[date]]()
    for table in (Away, DateRefused):
        asked = select(col(table.person_id), col(table.day)).where(col(table.person_id).in_(ids))
        for person, day in await db.execute(asked.where(col(table.day).between(*span))):
            days.setdefault(person, set()).add(day)
    return days


def _ends(during: Range[datetime]) -> tuple[datetime, datetime]:
    assert during.lower is not None and during.upper is not None  # noqa: S101, PT018  written so by _book
    return during.lower, during.upper


async def _held_already(db: AsyncSession, hub_id: uuid.UUID) -> list[Seat]:
    """Places of the hub's other certain events: nobody is to be booked over them."""
    asked = select(Booking).where(col(Booking.hub_id) == hub_id, col(Booking.holds))
    return [
        Seat(str(one.event_id), str(one.person_id), one.account_number, "leads", *_ends(one.during), certain=True)
        for one in (await db.execute(asked)).scalars()
    ]
