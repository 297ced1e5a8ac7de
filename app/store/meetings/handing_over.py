"""What somebody leads from now on, who could take it on, and the writing of who does."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import GRANTS, Can
from app.domain.meetings.handing_over import Ahead, Going, Taker, Thing
from app.kit.periods import spoken_year
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.people import Account, Away, Person, RoleHeld
from app.models.schools import School
from app.store.meetings.group_places import AHEAD

SINGLES = {"meeting": "Single meetings", "visit": "Single visits", "observation": "Lesson observations"}


@dataclass(frozen=True, slots=True)
class Led:
    """What somebody leads from now on: Work Groups, visits, and the dates ahead; each date belongs to a thing."""

    groups: tuple[Thing, ...]
    visits: tuple[Thing, ...]
    singles: tuple[Thing, ...]
    dates: tuple[Ahead, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        """All of them, in the order in which a page asks."""
        return (*self.groups, *self.visits, *self.singles)


async def led(db: AsyncSession, person_id: uuid.UUID, year: int, now: datetime) -> Led:
    """What this person leads or visits from this academic year on: three statements."""
    found = await db.execute(
        select(col(WorkGroup.id), col(WorkGroup.code), col(WorkGroup.year))
        .where(col(WorkGroup.leader_id) == person_id, col(WorkGroup.year) >= year)
        .order_by(col(WorkGroup.year), col(WorkGroup.code))
    )
    groups = tuple(
        Thing(f"group-{row[0]}", f"Work Group {row[1]}, {spoken_year(row[2])}", row[0]) for row in found.all()
    )
    found = await db.execute(
        select(col(VisitSeries.id), col(School.name), col(VisitSeries.year))
        .join(School, col(School.urn) == col(VisitSeries.urn))
        .where(col(VisitSeries.visitor_id) == person_id, col(VisitSeries.year) >= year)
        .order_by(col(VisitSeries.year), func.lower(col(School.name)))
    )
    visits = tuple(
        Thing(f"visits-{row[0]}", f"Visits to {row[1]}, {spoken_year(row[2])}", row[0]) for row in found.all()
    )
    dates = await _dates(db, person_id, now, {one.key for one in (*groups, *visits)})
    kinds = [kind for kind in SINGLES if any(one.thing == f"single-{kind}" for one in dates)]
    return Led(groups, visits, tuple(Thing(f"single-{kind}", SINGLES[kind]) for kind in kinds), dates)


async def _dates(db: AsyncSession, person_id: uuid.UUID, now: datetime, things: set[str]) -> tuple[Ahead, ...]:
    rows = await db.execute(
        _worded()
        .where(col(Event.lead_id) == person_id, col(Event.starts_at) > now, col(Event.status).in_(AHEAD))
        .order_by(col(Event.starts_at), col(Event.id))
    )
    return tuple(_ahead(row, things) for row in rows.all())


def _worded() -> Any:
    return (
        select(Event, col(School.name), func.coalesce(col(WorkGroup.code), ""), func.coalesce(col(Person.name), ""))
        .join(School, col(School.urn) == col(Event.urn))
        .outerjoin(Person, col(Person.id) == col(Event.teacher_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
    )


def _ahead(row: Any, things: Collection[str]) -> Ahead:
    event, school, group, teacher = row
    words = {
        "meeting": f"Meeting of {group or 'a Work Group'} {'online' if event.online else f'at {school}'}",
        "visit": f"Visit to {school}",
        "observation": f"Lesson observation of {teacher or 'a teacher'} at {school}",
    }
    of = f"visits-{event.series_id}" if event.kind == "visit" else f"group-{event.group_id}"
    whole = of in things and event.kind != "observation"
    return Ahead(
        id=event.id,
        thing=of if whole else f"single-{event.kind}",
        heading=words[event.kind],
        day=event.day,
        slot=event.slot,
        starts=event.starts_at,
        ends=event.ends_at,
        certain=event.status == "confirmed",
        teacher_id=event.teacher_id,
    )


async def one_date(db: AsyncSession, event_id: uuid.UUID) -> Ahead:
    """One event as a date to hand over."""
    row = (await db.execute(_worded().where(col(Event.id) == event_id))).one()
    return _ahead(row, ())


async def takers(db: AsyncSession, hub_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Taker]:
    """These people of the hub who have not left, with what takes their time: three statements."""
    found = await db.execute(
        select(Person, col(Account.number))
        .join(Account, col(Account.id) == col(Person.account_id))
        .where(col(Person.hub_id) == hub_id, col(Person.id).in_(list(ids)), col(Person.left_on).is_(None))
    )
    people = {row[1]: row[0] for row in found.all()}
    away: dict[uuid.UUID, set[date]] = defaultdict(set)
    days = select(col(Away.person_id), col(Away.day)).where(
        col(Away.person_id).in_([one.id for one in people.values()])
    )
    for person_id, day in (await db.execute(days)).all():
        away[person_id].add(day)
    taken: dict[int, list[tuple[uuid.UUID, datetime, datetime]]] = defaultdict(list)
    held = select(Booking).where(col(Booking.account_number).in_(list(people)), col(Booking.holds))
    for booking in (await db.execute(held)).scalars():
        taken[booking.account_number].append((booking.event_id, booking.during.lower, booking.during.upper))
    return {
        person.id: Taker(person.id, person.name, person.works, frozenset(away[person.id]), tuple(taken[number]))
        for number, person in people.items()
    }


async def able(db: AsyncSession, hub_id: uuid.UUID) -> set[uuid.UUID]:
    """Whoever in the hub holds a role that lets them lead."""
    leading = [role.stored for role, cans in GRANTS.items() if Can.EDIT_EVENTS in cans]
    found = select(col(RoleHeld.person_id)).where(col(RoleHeld.hub_id) == hub_id, col(RoleHeld.role).in_(leading))
    return set((await db.execute(found)).scalars())


async def hold(db: AsyncSession, person_id: uuid.UUID, now: datetime) -> None:
    """Nobody else changes these events until the transaction ends."""
    mine = select(col(Event.id)).where(col(Event.lead_id) == person_id, col(Event.starts_at) > now)
    await db.execute(mine.order_by(col(Event.id)).with_for_update())


async def give_groups(db: AsyncSession, things: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """These Work Groups have these leaders from now on."""
    for group_id, taker in things.items():
        values = {"leader_id": taker, "version": col(WorkGroup.version) + 1}
        await db.execute(update(WorkGroup).where(col(WorkGroup.id) == group_id).values(**values))


async def give_visits(db: AsyncSession, things: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """These visits have these visitors from now on."""
    for series_id, taker in things.items():
        await db.execute(update(VisitSeries).where(col(VisitSeries.id) == series_id).values(visitor_id=taker))


async def give_date(db: AsyncSession, going: Going, leaver: uuid.UUID) -> bool:
    """The date has another leader, with a place that takes their time; False, and nothing changed, when that is taken.

    The wall hides other hubs' places; the database knows them all the same, and refuses.
    """
    ahead, taker = going.ahead, going.taker
    account = select(col(Account.number)).join(Person, col(Person.account_id) == col(Account.id))
    number = (await db.execute(account.where(col(Person.id) == taker.id))).scalar_one()
    place = {"part": "leads", "holds": ahead.certain, "expected": True}
    event = await db.get_one(Event, ahead.id, populate_existing=True)
    key = {"event_id": ahead.id, "person_id": taker.id, "hub_id": event.hub_id, "account_number": number}
    during = Range(ahead.starts, ahead.ends, bounds="[)")
    try:
        async with db.begin_nested():
            await db.execute(delete(Booking).where(col(Booking.event_id) == ahead.id, col(Booking.person_id) == leaver))
            await db.execute(
                insert(Booking)
                .values(**key, **place, during=during)
                .on_conflict_do_update(index_elements=["event_id", "person_id"], set_=place)
            )
    except IntegrityError as clash:
        if "booking_one_place_at_a_time" not in str(clash.orig):
            raise
        return False
    event.lead_id = taker.id
    event.version += 1
    await db.flush()
    return True


async def booked_at(db: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who is booked at these events: people, each with their events."""
    found = await db.execute(
        select(col(Booking.person_id), col(Booking.event_id)).where(col(Booking.event_id).in_(list(ids)))
    )
    kept: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for person_id, event_id in found.all():
        kept[person_id].append(event_id)
    return kept


async def open_without_leader(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> dict[uuid.UUID, int]:
    """Dates ahead that are led by somebody who has left: how many, by person."""
    found = await db.execute(
        select(col(Event.lead_id), func.count())
        .join(Person, col(Person.id) == col(Event.lead_id))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.starts_at) > now,
            col(Event.status).in_(AHEAD),
            col(Person.left_on).is_not(None),
        )
        .group_by(col(Event.lead_id))
    )
    return {row[0]: row[1] for row in found.all()}
