"""Who was never reached: schools of the hub's authorities that no programme, approach or Work Group ever had.

Source: docs/rules/recruitment.md. Distances are straight lines on the British National Grid, in metres.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

# What GIAS calls the phases whose schools teach primary mathematics.
PRIMARY = ("Primary", "Middle deemed primary", "All-through")
At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest school that takes part: which, and how many metres away."""

    name: str
    metres: int


class Nearby:
    """Places of schools (where, name, URN), asked again and again for the nearest."""

    def __init__(self, places: Iterable[tuple[At, str, int]]) -> None:
        self._places = sorted(places)
        self._easts = [at[0] for at, _, _ in self._places]

    def nearest(self, at: At | None, besides: int = 0) -> Near | None:
        """The nearest of them but the one with this URN: it looks east and west until none beyond can be nearer."""
        if at is None or not self._places:
            return None
        start = bisect_left(self._easts, at[0])
        best, found = float("inf"), ""
        for steps in (range(start, len(self._places)), range(start - 1, -1, -1)):
            for place in steps:
                (east, north), name, urn = self._places[place]
                if abs(east - at[0]) > best:
                    break
                away = hypot(east - at[0], north - at[1])
                if away < best and urn != besides:
                    best, found = away, name
        return Near(found, round(best)) if found else None


def kilometres(metres: int | None) -> str:
    """12.4 km; less than 1 km; nothing where it is not known."""
    if metres is None:
        return ""
    return (
        "less than 1 km" if metres < 1000 else f"{metres / 1000:.1f} km" if metres < 10_000 else f"{metres // 1000} km"
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """How far a hub has come in one authority: its open schools, those reached, those never reached."""

    name: str
    schools: int
    never: int
    furthest: int | None  # metres from a school that takes part, of those never reached

    @property
    def reached(self) -> int:
        """How many were."""
        return self.schools - self.never

    @property
    def percent(self) -> int:
        """Of a hundred schools, how many were reached."""
        return round(100 * self.reached / self.schools) if self.schools else 0


def by_authority(schools: Iterable[tuple[str, bool, int | None]]) -> tuple[Authority, ...]:
    """Counts of schools given as (authority, never reached, metres): the most never reached first, then by name."""
    counts: dict[str, list[tuple[bool, int | None]]] = {}
    for name, never, metres in schools:
        counts.setdefault(name, []).append((never, metres))
    made = [
        Authority(name, len(of), sum(never for never, _ in of), _furthest([away for never, away in of if never]))
        for name, of in counts.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.never, one.name)))


def _furthest(metres: Sequence[int | None]) -> int | None:
    return max((one for one in metres if one is not None), default=None)
