"""What a device keeps of attendance: the events that somebody leads, with whoever is asked to them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.meetings import states
from app.domain.meetings.attendance import Said, State, hours, is_late, newest
from app.kit.periods import spoken_date, spoken_hours
from app.store.meetings import attendance, rolls
from app.store.meetings.rolls import Guest, Roll

AROUND = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class GuestTold:
    """Somebody who is asked, or a visitor, with what stands of them; `state` is empty for nothing said."""

    guest: uuid.UUID
    name: str
    school: str
    expected: bool
    answer: str
    state: str
    because: str
    minutes: int | None
    name_of_stand_in: str


@dataclass(frozen=True, slots=True)
class EventTold:
    """An event with its guests; `late` means that a change needs a because, `minutes` is how long it lasts."""

    event: uuid.UUID
    hub: str
    heading: str
    day: str
    hours: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    guests: tuple[GuestTold, ...]
    visitors: tuple[GuestTold, ...]
    late: bool


async def load(db: AsyncSession, viewer: Viewer, now: datetime) -> tuple[EventTold, ...]:
    """The fixed events that the viewer leads within 14 days either side, in all their hubs: five statements."""
    found = await rolls.led_around(db, viewer, now, AROUND)
    ids = [roll.id for roll in found]
    guests = await rolls.guests(db, ids)
    said = await attendance.said_of(db, ids)
    every = [one for ops in said.values() for one in ops]
    names = await rolls.names(db, {one.person_id for one in every})
    schools = await rolls.schools(db, {one.urn for one in every})
    return tuple(_event(roll, guests[roll.id], said[roll.id], (names, schools), now) for roll in found)


def _event(
    roll: Roll,
    guests: Sequence[Guest],
    ops: Sequence[Said],
    known: tuple[dict[uuid.UUID, str], dict[int, str]],
    now: datetime,
) -> EventTold:
    names, schools = known
    stands = newest(ops)
    asked = {guest.id for guest in guests} | {roll.lead_id}  # whoever leads is no guest
    visitors = [op for key, op in stands.items() if key not in asked and op.state]
    return EventTold(
        event=roll.id,
        hub=roll.hub,
        heading=heading(roll),
        day=spoken_date(roll.day),
        hours=spoken_hours(roll.starts_at, roll.ends_at),
        starts_at=roll.starts_at,
        ends_at=roll.ends_at,
        minutes=hours(roll),
        guests=tuple(_guest(one, stands.get(one.id), names) for one in guests),
        visitors=tuple(_visitor(one, names, schools) for one in visitors),
        late=is_late(roll, now, certified=roll.certified),
    )


def heading(roll: Roll) -> str:
    """An event in a few words."""
    return states.says(
        roll.kind, school=roll.school, group=roll.group, lead=roll.lead, teacher=roll.teacher, online=roll.online
    )


def stand_in(op: Said, names: dict[uuid.UUID, str]) -> str:
    """Who came in somebody's place, by name."""
    if op.state != State.STAND_IN:
        return ""
    return op.name or (names.get(op.person_id, "") if op.person_id else "")


def _guest(one: Guest, op: Said | None, names: dict[uuid.UUID, str]) -> GuestTold:
    said = op if op and op.state else None
    return GuestTold(
        guest=one.id,
        name=one.name,
        school=one.school,
        expected=one.expected,
        answer=one.answer,
        state=said.state if said else "",
        because=said.because if said else "",
        minutes=said.minutes if said else None,
        name_of_stand_in=stand_in(said, names) if said else one.stand_in,
    )


def _visitor(op: Said, names: dict[uuid.UUID, str], schools: dict[int, str]) -> GuestTold:
    return GuestTold(
        guest=op.guest_id,
        name=op.name or (names.get(op.person_id, "") if op.person_id else ""),
        school=op.organisation or schools.get(op.urn or 0, ""),
        expected=False,
        answer="",
        state=op.state,
        because="",
        minutes=None,
        name_of_stand_in="",
    )
