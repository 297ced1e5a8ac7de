"""Handing over what somebody leads: which dates go to whom, what stands against it, and what was chosen then.

Source: docs/rules/people.md. A double booking is never allowed; a day off or away is, when somebody says so.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.meetings.bookings import works_then
from app.kit.periods import spoken_date


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be handed over as a whole; the key names it in forms, `words` to people."""

    key: str
    words: str
    id: uuid.UUID | None = None  # of the Work Group or the visit series


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date ahead that belongs to a thing; `heading` says what it is."""

    id: uuid.UUID
    thing: str
    heading: str
    day: date
    slot: str
    starts: datetime
    ends: datetime
    certain: bool
    teacher_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who might take something on: their half-days, days away, and places that take their time."""

    id: uuid.UUID
    name: str
    works: Mapping[str, Sequence[str]]
    away: frozenset[date] = frozenset()
    taken: tuple[tuple[uuid.UUID, datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """What stands against somebody at a date; a hard one cannot be waved through."""

    because: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """What was chosen for one date: whom (None: it stays), and that a soft clash is no matter."""

    taker: uuid.UUID | None
    all_the_same: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who takes on everything (None: nobody), who single things, and what was said of single dates."""

    everything: uuid.UUID | None = None
    things: Mapping[str, uuid.UUID | None] = field(default_factory=dict)
    dates: Mapping[uuid.UUID, Pick] = field(default_factory=dict)
    all_the_same: bool = False  # days off and away are no matter
    leave_taken: bool = False  # where somebody is booked elsewhere, the date stays

    def of_thing(self, key: str) -> uuid.UUID | None:
        """Who takes this on; None: it stays where it is."""
        return self.things.get(key, self.everything)

    def takers(self) -> set[uuid.UUID]:
        """Everybody who was chosen for anything."""
        named = {self.everything, *self.things.values(), *(pick.taker for pick in self.dates.values())}
        return {one for one in named if one}


@dataclass(frozen=True, slots=True)
class Going:
    """A date that goes to somebody, whatever soft clash was waved through."""

    ahead: Ahead
    taker: Taker
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A date that would go to somebody whom something stands against: a choice is needed."""

    ahead: Ahead
    taker: Taker
    clash: Clash


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of every date ahead."""

    going: tuple[Going, ...]
    staying: tuple[Ahead, ...]
    unsettled: tuple[Unsettled, ...]


def clash_of(taker: Taker, ahead: Ahead) -> Clash | None:
    """What stands against this person at this date; None when nothing does."""
    if taker.id == ahead.teacher_id:
        return Clash(f"{taker.name} teaches the lesson that is watched.", hard=True)
    if ahead.certain and any(
        event != ahead.id and starts < ahead.ends and ahead.starts < ends for event, starts, ends in taker.taken
    ):
        return Clash(f"{taker.name} is booked elsewhere then.", hard=True)
    if ahead.day in taker.away:
        return Clash(f"{taker.name} is away on {spoken_date(ahead.day)}.")
    if not works_then(taker.works, (), ahead.day, ahead.slot):
        half = "morning" if ahead.slot == "am" else "afternoon"
        return Clash(f"{taker.name} does not work on {ahead.day:%A} {half}s.")
    return None


def settle(dates: Iterable[Ahead], takers: Mapping[uuid.UUID, Taker], chosen: Chosen) -> Settled:
    """What becomes of each date: it goes, stays, or somebody must say. A choice for one date outweighs its thing's."""
    going: list[Going] = []
    staying: list[Ahead] = []
    unsettled: list[Unsettled] = []
    added: dict[uuid.UUID, list[tuple[uuid.UUID, datetime, datetime]]] = {}
    for ahead in dates:
        pick = chosen.dates.get(ahead.id, Pick(chosen.of_thing(ahead.thing)))
        taker = takers.get(pick.taker) if pick.taker else None
        if taker is None:
            staying.append(ahead)
            continue
        own = added.setdefault(taker.id, [])
        busy = Taker(taker.id, taker.name, taker.works, taker.away, (*taker.taken, *own))
        clash = clash_of(busy, ahead)
        if clash and clash.hard and chosen.leave_taken and ahead.id not in chosen.dates:
            staying.append(ahead)
            continue
        if clash and (clash.hard or not (pick.all_the_same or chosen.all_the_same)):
            unsettled.append(Unsettled(ahead, taker, clash))
            continue
        going.append(Going(ahead, taker, clash))
        if ahead.certain:
            own.append((ahead.id, ahead.starts, ahead.ends))
    return Settled(tuple(going), tuple(staying), tuple(unsettled))


def seen(dates: Iterable[Ahead], more: Iterable[str] = ()) -> str:
    """A short digest of what was on the page, so that nothing is handed over that nobody saw."""
    told = [*sorted(f"{one.id} {one.starts.isoformat()} {one.certain}" for one in dates), *more]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
