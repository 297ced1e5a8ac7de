"""Beneath the map's points: Work Groups as outlines with lines to who leads them, and how far one drives in minutes.

Minutes are those of the planner (app/domain/schedule/distance.py): two a kilometre as the crow flies, five to park.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from app.domain.schedule.distance import minutes
from app.domain.schedule.problem import Person
from app.domain.stages.picture import Group, Picture, Place

RINGS = (40, 20)  # minutes from a base, the wider first: the nearer is drawn over it
PER_KM, PARK = 2, 5


@dataclass(frozen=True, slots=True)
class Ring:
    """All that can be reached from a base in so many minutes: a circle in metres."""

    at: Place
    metres: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Ground:
    """In metres on the grid: circles, outlines of Work Groups, lines to each one's middle, where leaders are based."""

    rings: tuple[Ring, ...] = ()
    outlines: tuple[tuple[Place, ...], ...] = ()
    lines: tuple[tuple[Place, Place], ...] = ()
    bases: tuple[Place, ...] = ()


def reach(within: int) -> int:
    """How many metres from a base one can be in so many minutes."""
    return max(0, within - PARK) * 1000 // PER_KM


def hull(places: Iterable[Place]) -> tuple[Place, ...]:
    """The convex outline of places, against the clock; fewer than three corners where they lie in a row."""
    ordered = sorted(set(places))
    if len(ordered) < 3:
        return tuple(ordered)
    lower, upper = _half(ordered), _half(ordered[::-1])
    return (*lower[:-1], *upper[:-1])


def _half(ordered: Sequence[Place]) -> list[Place]:
    found: list[Place] = []
    for place in ordered:
        while len(found) > 1 and _turn(found[-2], found[-1], place) <= 0:
            found.pop()
        found.append(place)
    return found


def _turn(a: Place, b: Place, c: Place) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def middle(places: Sequence[Place]) -> Place | None:
    """Their middle by median, so that one far school does not draw it away; None without any."""
    if not places:
        return None
    return round(median(east for east, _ in places)), round(median(north for _, north in places))


def centre(group: Group, places: Sequence[Place]) -> Place | None:
    """Where a Work Group's lines meet: the base of whoever leads it, else the middle of its schools."""
    return group.base or middle(places)


def ground(picture: Picture, only: str = "") -> Ground:
    """What lies beneath the schools; with `only`, of the Work Group of that code alone."""
    at = {school.urn: school.at for school in picture.schools if school.at}
    groups = [group for group in picture.groups if only in {"", group.code}]
    outlines, lines = [], []
    for group in groups:
        places = [at[urn] for urn in group.members if urn in at]
        heart = centre(group, places)
        lines += [(place, heart) for place in places if heart and place != heart]
        outline = hull(places)
        outlines += [outline] if len(outline) > 2 else []
    bases = tuple(sorted({group.base for group in groups if group.base}))
    rings = tuple(Ring(base, reach(within), within) for within in RINGS for base in bases)
    return Ground(rings, tuple(outlines), tuple(lines), bases)


def away(picture: Picture) -> dict[tuple[str, int], int]:
    """Minutes from the base of whoever leads a Work Group to each of its schools: {(code, URN): minutes}."""
    at = {school.urn: school.at for school in picture.schools if school.at}
    return {
        (group.code, urn): _minutes(group.base, at[urn])
        for group in picture.groups
        if group.base
        for urn in group.members
        if urn in at
    }


def _minutes(one: Place, other: Place) -> int:
    return minutes(*(Person("", at, frozenset(), frozenset()) for at in (one, other)))
