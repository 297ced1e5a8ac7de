"""Day columns: all that a person adds to a day, one event or two in their better order, priced by the whole tour."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from app.domain.schedule.candidates import Event, Place, stop
from app.domain.schedule.distance import NEAR, minutes, tour
from app.domain.schedule.occupied import Occupied

Choice = tuple[Event, Place]


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


def day_columns(
    occupied: Occupied, person: str, kinds: tuple[str, ...], places: dict[str, list[Place]], *, both: bool
) -> Iterator[DayColumn]:
    """Every useful column of a person; `kinds` tour together, `both` keeps each half-day of a single event."""
    catalog = occupied.catalog
    by_day: dict[int, dict[str, list[Place]]] = defaultdict(dict)
    for name, every in places.items():
        for place in every:
            by_day[place.day].setdefault(name, []).append(place)
    for day in sorted(by_day):
        here = by_day[day]
        base = route(occupied, person, day, kinds)
        room = 2 - len(occupied.led.get((person, day), ()))
        for name, every in here.items():
            singles = [_column(occupied, person, kinds, ((catalog.events[name], place),), base) for place in every]
            yield from singles if both else _better(singles)
        if room > 1:
            for a, b in combinations(here, 2):
                yield from _pairs(occupied, person, kinds, ((catalog.events[a], here[a]), (catalog.events[b], here[b])))


def _pairs(
    occupied: Occupied,
    person: str,
    kinds: tuple[str, ...],
    two: tuple[tuple[Event, list[Place]], tuple[Event, list[Place]]],
) -> list[DayColumn]:
    """Two events on one day in their better order; none when they are too far apart."""
    (a, a_places), (b, b_places) = two
    first, second = stop(occupied.catalog, a), stop(occupied.catalog, b)
    if minutes(first, second) > NEAR or (a.kind == "visit" and first is second):
        return []
    columns = [
        _column(occupied, person, kinds, ((a, one), (b, other)), 0)
        for one in a_places
        for other in b_places
        if one.slot != other.slot
    ]
    return _better(columns)


def _column(
    occupied: Occupied, person: str, kinds: tuple[str, ...], choices: tuple[Choice, ...], base: int
) -> DayColumn:
    own = sum(place.cost + occupied.gap_cost(event, place) for event, place in choices)
    day = choices[0][1].day
    added = route(occupied, person, day, kinds, choices) - base
    return DayColumn(day, choices, own + added, sum(place.moved for _, place in choices))


def _better(columns: list[DayColumn]) -> list[DayColumn]:
    """The columns that no other beats in both cost and moving."""
    kept: list[DayColumn] = []
    for column in columns:
        if any(other.cost <= column.cost and other.moved <= column.moved for other in kept):
            continue
        kept = [other for other in kept if other.cost < column.cost or other.moved < column.moved]
        kept.append(column)
    return kept
