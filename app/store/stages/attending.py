"""Who takes part in a year's Work Groups and who came to their meetings, by school and without names."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.meetings.attendance import CAME
from app.domain.stages.watched import Meeting, Place
from app.models.meetings import Attendance, Booking, Event, Invitation, Participant, WorkGroup
from app.models.people import Person, RoleHeld

Seat = tuple[int, uuid.UUID, uuid.UUID]  # a school, a Work Group, a person


@dataclass(frozen=True, slots=True)
class _Taker:
    """Somebody who takes part in a Work Group now."""

    urn: int
    head: bool
    left_on: date | None


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands of a guest: the state, the school that was written, and who came in their place."""

    state: str
    urn: int | None
    person_id: uuid.UUID | None


@dataclass(slots=True)
class Attending:
    """All that was read of a year; `meetings` in order of their day."""

    meetings: list[tuple[uuid.UUID, uuid.UUID, date]]
    takers: dict[tuple[uuid.UUID, uuid.UUID], _Taker]
    heads: set[tuple[uuid.UUID, int]]
    said: dict[uuid.UUID, dict[uuid.UUID, _Said]]
    seats: dict[Seat, list[tuple[uuid.UUID, date]]] = field(default_factory=dict)
    by_school: dict[int, list[Seat]] = field(default_factory=dict)
    by_group: dict[uuid.UUID, list[int]] = field(default_factory=lambda: defaultdict(list))  # places in `meetings`

    def __post_init__(self) -> None:
        """Know the meetings of each Work Group: a school looks at those of its own."""
        for place, (_, group, _) in enumerate(self.meetings):
            self.by_group[group].append(place)

    def take_seats(self, booked: Iterable[tuple[uuid.UUID, uuid.UUID, int | None]]) -> None:
        """Say of each booking which school it was of, and of those who were never booked that they take part."""
        of_event: dict[uuid.UUID, list[tuple[uuid.UUID, int | None]]] = defaultdict(list)
        for event, person, urn in booked:
            of_event[event].append((person, urn))
        seats: dict[Seat, list[tuple[uuid.UUID, date]]] = defaultdict(list)
        for event, group, day in self.meetings:
            for person, urn in of_event[event]:
                taker = self.takers.get((group, person))
                school = urn or (taker.urn if taker else None)
                if school:
                    seats[school, group, person].append((event, day))
        for (group, person), taker in self.takers.items():
            seats[taker.urn, group, person] += []
        self.seats = dict(seats)
        of_school: dict[int, list[Seat]] = defaultdict(list)
        for seat in sorted(seats, key=str):
            of_school[seat[0]].append(seat)
        self.by_school = dict(of_school)

    def places(self, urn: int) -> tuple[Place, ...]:
        """Everybody of the school who takes or took part."""
        return tuple(self._place(seat) for seat in self.by_school.get(urn, ()))

    def _place(self, seat: Seat) -> Place:
        urn, group, person = seat
        taker, booked = self.takers.get((group, person)), self.seats[seat]
        stays = taker is not None and taker.urn == urn
        gone = taker.left_on if taker and stays else booked[-1][1] + timedelta(1)
        states = tuple((day, self._state(event, person)) for event, day in booked)
        return Place(group, states, gone, self._is_head(seat))

    def _state(self, event: uuid.UUID, person: uuid.UUID) -> str:
        found = self.said.get(event, {}).get(person)
        return found.state if found else ""

    def _is_head(self, seat: Seat) -> bool:
        urn, group, person = seat
        taker = self.takers.get((group, person))
        return (person, urn) in self.heads or bool(taker and taker.urn == urn and taker.head)

    def of_school(self, urn: int, groups: Collection[uuid.UUID], *, head_at_first: bool) -> tuple[Meeting, ...]:
        """The meetings that began of these Work Groups, as far as the school goes."""
        return tuple(self._meetings(urn, groups, head_at_first=head_at_first))

    def _meetings(self, urn: int, groups: Collection[uuid.UUID], *, head_at_first: bool) -> Iterator[Meeting]:
        firsts: set[uuid.UUID] = set()
        here: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for seat in self.by_school.get(urn, ()):
            for event, _ in self.seats[seat]:
                here[event].add(seat[2])
        for place in sorted(place for group in groups for place in self.by_group.get(group, ())):
            event, group, day = self.meetings[place]
            said = self.said.get(event, {})
            came = [guest for guest, one in said.items() if _came(one) and (guest in here[event] or one.urn == urn)]
            people = {person for guest in came for person in (guest, said[guest].person_id) if person}
            head = any(self._is_head((urn, group, person)) for person in people)
            yield Meeting(
                event, day, bool(said), len(here[event]), len(came), head, head_at_first and group not in firsts
            )
            firsts.add(group)


def _came(one: _Said) -> bool:
    return one.state in CAME


async def attending(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> Attending:
    """Takers, heads, meetings that began, places and what was said: five statements."""
    of_year = col(Event.hub_id) == hub_id, col(Event.year) == year, col(Event.kind) == "meeting"
    begun = *of_year, col(Event.status).in_(("confirmed", "held")), col(Event.ends_at) <= now
    meetings = select(col(Event.id), col(Event.group_id), col(Event.day)).where(
        *begun, col(Event.group_id).is_not(None)
    )
    found = Attending(
        meetings=[(row[0], row[1], row[2]) for row in await _all(db, meetings.order_by(col(Event.starts_at)))],
        takers=await _takers(db, hub_id, year),
        heads=await _heads(db, hub_id),
        said=await _said(db, begun),
    )
    stands_in = select(col(Invitation.id)).where(
        col(Invitation.event_id) == col(Booking.event_id), col(Invitation.stand_in_id) == col(Booking.person_id)
    )
    booked = (
        select(col(Booking.event_id), col(Booking.person_id), col(Booking.urn))
        .join(Event, col(Event.id) == col(Booking.event_id))
        .where(*begun, col(Booking.part) == "comes", ~stands_in.exists())
    )
    found.take_seats((row[0], row[1], row[2]) for row in await _all(db, booked))
    return found


async def _all(db: AsyncSession, asked: Any) -> list[Any]:
    return list((await db.execute(asked)).all())


async def _takers(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[tuple[uuid.UUID, uuid.UUID], _Taker]:
    asked = (
        select(Participant, col(Person.left_on))
        .join(Person, col(Person.id) == col(Participant.person_id))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
    )
    return {
        (one.group_id, one.person_id): _Taker(one.urn, one.role.lower().startswith("head"), left_on)
        for one, left_on in await _all(db, asked)
    }


async def _heads(db: AsyncSession, hub_id: uuid.UUID) -> set[tuple[uuid.UUID, int]]:
    asked = select(col(RoleHeld.person_id), col(RoleHeld.urn)).where(
        col(RoleHeld.hub_id) == hub_id,
        col(RoleHeld.role) == Role.HEADTEACHER.stored,
        col(RoleHeld.urn).is_not(None),
    )
    return {(row[0], row[1]) for row in await _all(db, asked)}


async def _said(db: AsyncSession, begun: tuple[Any, ...]) -> dict[uuid.UUID, dict[uuid.UUID, _Said]]:
    """The newest saying of each guest of these meetings, unless it was taken back."""
    key = col(Attendance.event_id), col(Attendance.guest_id)
    asked = (
        select(*key, col(Attendance.state), col(Attendance.urn), col(Attendance.person_id))
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .where(*begun)
        .order_by(*key, col(Attendance.said_at).desc(), col(Attendance.number).desc())
        .ext(distinct_on(*key))
    )
    found: dict[uuid.UUID, dict[uuid.UUID, _Said]] = defaultdict(dict)
    for event, guest, state, urn, person in await _all(db, asked):
        if state:
            found[event][guest] = _Said(state, urn, person)
    return dict(found)
