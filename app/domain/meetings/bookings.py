"""Who is where, when: each person's places, and which of them take the person's time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

PARTS = ("leads", "observed", "comes")  # the first outweighs the next when two fall together


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place at an event; `account` counts a human once, whatever hub they are seen from."""

    event: str
    person: str
    account: int
    part: str
    starts: datetime
    ends: datetime
    certain: bool  # the event is confirmed, not merely proposed


def works_then(works: Mapping[str, Iterable[str]], away: Iterable[date], day: date, slot: str) -> bool:
    """Whether somebody with these working half-days and days away is at work then."""
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
    return slot in works.get(weekday, ()) and day not in set(away)


def holding(seats: Iterable[Seat]) -> frozenset[tuple[str, str]]:
    """The (event, person) seats that take a person's time: certain ones, no two of one human at once.

    Where two fall together, leading outweighs being observed, and that outweighs coming along.
    """
    taken: dict[int, list[tuple[datetime, datetime]]] = {}
    held = set()
    for seat in sorted(seats, key=lambda seat: (PARTS.index(seat.part), seat.starts, seat.event)):
        own = taken.setdefault(seat.account, [])
        if seat.certain and all(seat.ends <= starts or ends <= seat.starts for starts, ends in own):
            own.append((seat.starts, seat.ends))
            held.add((seat.event, seat.person))
    return frozenset(held)
