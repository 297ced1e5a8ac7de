"""Minutes between places, in integers (docs/rules/schedule.md, costs)."""

from collections.abc import Sequence
from math import isqrt
from typing import Protocol

from app.domain.schedule.problem import Point

UNKNOWN = 30
NEAR = 40


class Stop(Protocol):
    """Where somebody can be: a school, or the place at which a person's day begins."""

    @property
    def at(self) -> Point | None:
        """National Grid metres; None when it is not known."""


def minutes(a: Stop, b: Stop) -> int:
    """Minutes from a to b: two a kilometre as the crow flies and five to park; 30 when a point is not known."""
    if a is b:
        return 0
    if a.at is None or b.at is None:
        return UNKNOWN
    square = (a.at[0] - b.at[0]) ** 2 + (a.at[1] - b.at[1]) ** 2
    if square == 0:
        return 0
    return 5 + isqrt((square + 249_999) // 250_000 - 1) + 1


def tour(home: Stop, stops: Sequence[Stop]) -> int:
    """Minutes from home through the stops in order and home again; none without stops."""
    if not stops:
        return 0
    legs = zip([home, *stops], [*stops, home], strict=True)
    return sum(minutes(a, b) for a, b in legs)
