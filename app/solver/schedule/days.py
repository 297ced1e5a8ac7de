"""Day columns: all that a person adds to a day, one event or two in their better order, priced by the whole tour."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from app.domain.schedule.candidates import Event, Place, stop
from app.domain.schedule.distance import NEAR, minutes, tour
from app.domain.schedule.occupied import Occupied

Choice = tuple[Event, Place]
Choices = tuple[Event, list[Place]]


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One or two events on a day of a person; the cost holds their own costs and what they add to the tour."""

    day: int
    choices: tuple[Choice, ...]
    cost: int
    moved: int


def route(occupied: Occupied, person: str, day: int, kinds: tuple[str, ...], more: tuple[Choice, ...] = ()) -> int:
    """Minutes of a person's day: home, the placed events of these kinds and the further ones in order, home."""
    catalog = occupied.catalog
    there = [(slot, event) for event, slot in occupied.led.get((person, day), ()) if event.kind in kinds]
    there += [(place.slot, event) for event, place in more]
    if len(there) > 1:
        there.sort(key=lambda each: (each[0], catalog.order[each[1].name]))
    return tour(catalog.problem.person[person], [stop(catalog, event) for _, event in there])


@dataclass(slots=True)
class _Tours:
    """Tours of one person's days; on a day without anything placed a tour depends on its stops alone."""

    occupied: Occupied
    person: str
    kinds: tuple[str, ...]
    known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def minutes(self, day: int, choices: tuple[Choice, ...]) -> int:
        """The tour of a day with these events, which are in the order of their half-days."""
        if (self.person, day) in self.occupied.led:
            return route(self.occupied, self.person, day, self.kinds, choices)
        stops = tuple(event.schools[0] for event, _ in choices)
        if stops not in self.known:
            self.known[stops] = route(self.occupied, self.person, day, self.kinds, choices)
        return self.known[stops]


def day_columns(
    occupied: Occupied, person: str, kinds: tuple[str, ...], places: dict[str, list[Place]], *, both: bool
) -> Iterator[DayColumn]:
    """Every useful column of a person; `kinds` tour together, `both` keeps each half-day of a single event."""
    catalog, tours = occupied.catalog, _Tours(occupied, person, kinds)
    by_day: dict[int, dict[str, list[Place]]] = defaultdict(dict)
    for name, every in places.items():
        for place in every:
            by_day[place.day].setdefault(name, []).append(place)
    for day in sorted(by_day):
        here = by_day[day]
        base = tours.minutes(day, ())
        room = 2 - len(occupied.led.get((person, day), ()))
        for name, every in here.items():
            singles = [_column(tours, day, ((catalog.events[name], place),), base) for place in every]
            yield from singles if both else _better(singles)
        if room > 1:
            for a, b in combinations(here, 2):
                yield from _pairs(tours, day, (catalog.events[a], here[a]), (catalog.events[b], here[b]))


def _pairs(tours: _Tours, day: int, one: Choices, other: Choices) -> list[DayColumn]:
    """Two events on one day in their better order; none when they are too far apart."""
    (a, a_places), (b, b_places) = one, other
    first, second = stop(tours.occupied.catalog, a), stop(tours.occupied.catalog, b)
    if (a.kind == "visit" and first is second) or minutes(first, second) > NEAR:
        return []
    columns = [
        _column(tours, day, ((a, here), (b, there)) if here.slot < there.slot else ((b, there), (a, here)), 0)
        for here in a_places
        for there in b_places
        if here.slot != there.slot
    ]
    return _better(columns)


def _column(tours: _Tours, day: int, choices: tuple[Choice, ...], base: int) -> DayColumn:
    cost, moved = tours.minutes(day, choices) - base, 0
    for _, place in choices:
        cost += place.cost
        moved += place.moved
    return DayColumn(day, choices, cost, moved)


def _better(columns: list[DayColumn]) -> list[DayColumn]:
    """The columns that no other beats in both cost and moving."""
    if len(columns) < 2:
        return columns
    kept: list[DayColumn] = []
    for column in columns:
        if any(other.cost <= column.cost and other.moved <= column.moved for other in kept):
            continue
        kept = [other for other in kept if other.cost < column.cost or other.moved < column.moved]
        kept.append(column)
    return kept
