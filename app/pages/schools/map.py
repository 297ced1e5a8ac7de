"""Schools as drawn points on a plain ground: no tiles, only where each lies and what programme it is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Look = Literal["readiness", "development", "sustaining", "introductory", "none"]

LOOKS: dict[str, Look] = {
    "readiness": "readiness",
    "development": "development",
    "embedding": "sustaining",
    "sustaining": "sustaining",
    "introductory": "introductory",
}
KEY: dict[Look, str] = {
    "readiness": "Mastery Readiness",
    "development": "Development",
    "sustaining": "Embedding or Sustaining",
    "introductory": "Introductory",
    "none": "no Work Group yet",
}
WIDTH, TALLEST, MARGIN = 640.0, 720.0, 40.0
SMALLEST_SIDE = 4000.0  # metres: a few schools of one town still lie apart
LETTER, LINE = 6.6, 15.0  # drawing units of a name's letters and lines
BARS_KM = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Spot:
    """A school to be drawn; `at` in metres on the British National Grid."""

    name: str
    href: str
    at: tuple[int, int]
    look: Look


@dataclass(frozen=True, slots=True)
class Point:
    """A school's place on the drawing; without a label where another name stands already."""

    name: str
    href: str
    look: Look
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: Literal["", "start", "end", "middle"]


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What a shape means, and how many schools have it."""

    look: Look
    means: str
    count: int


@dataclass(frozen=True, slots=True)
class SchoolMap:
    """The drawing, north up; the bar shows `bar_km` kilometres."""

    width: float
    height: float
    points: tuple[Point, ...]
    key: tuple[KeyEntry, ...]
    bar: float
    bar_km: int
    summary: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def school_map(spots: Sequence[Spot], without_place: int) -> SchoolMap | None:
    """The drawing of these schools, None without any; `without_place` more have no place in GIAS."""
    if not spots:
        return None
    easts, norths = [spot.at[0] for spot in spots], [spot.at[1] for spot in spots]
    wide, high = max(max(easts) - min(easts), SMALLEST_SIDE), max(max(norths) - min(norths), SMALLEST_SIDE)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    height = high * scale + 2 * MARGIN
    left, top = (WIDTH - (max(easts) - min(easts)) * scale) / 2, (height - (max(norths) - min(norths)) * scale) / 2
    places = [
        (round(left + (spot.at[0] - min(easts)) * scale, 1), round(top + (max(norths) - spot.at[1]) * scale, 1))
        for spot in spots
    ]
    bar_km = max((km for km in BARS_KM if km * 1000 * scale <= WIDTH / 3), default=BARS_KM[0])
    return SchoolMap(
        width=WIDTH,
        height=round(height, 1),
        points=tuple(_points(spots, places)),
        key=_key(spots),
        bar=round(bar_km * 1000 * scale, 1),
        bar_km=bar_km,
        summary=_summary(len(spots), without_place),
    )


def _points(spots: Sequence[Spot], places: Sequence[tuple[float, float]]) -> Iterable[Point]:
    taken = [_Box(x - 8, y - 8, x + 8, y + 8) for x, y in places]
    for spot, (x, y) in zip(spots, places, strict=True):
        yield _labelled(spot, x, y, taken)


def _labelled(spot: Spot, x: float, y: float, taken: list[_Box]) -> Point:
    """The point with its name beside, below or above it, where there is room."""
    long = len(spot.name) * LETTER
    for anchor, left, middle in _places(x, y, long):
        box = _Box(left, middle - LINE / 2, left + long, middle + LINE / 2)
        if left >= 0 and box.right <= WIDTH and not any(box.meets(other) for other in taken):
            taken.append(box)
            at = {"start": left, "end": box.right, "middle": x}[anchor]
            return Point(spot.name, spot.href, spot.look, x, y, round(at, 1), round(middle + 4.5, 1), anchor)
    return Point(spot.name, spot.href, spot.look, x, y, x, y, "")


def _places(x: float, y: float, long: float) -> tuple[tuple[Literal["start", "end", "middle"], float, float], ...]:
    """Where a name may stand: its anchor, its left end and its middle line."""
    return (
        ("start", x + 10, y),
        ("end", x - 10 - long, y),
        ("middle", x - long / 2, y + 16),
        ("middle", x - long / 2, y - 16),
    )


def _key(spots: Sequence[Spot]) -> tuple[KeyEntry, ...]:
    counts = {look: sum(spot.look == look for spot in spots) for look in KEY}
    return tuple(KeyEntry(look, means, counts[look]) for look, means in KEY.items() if counts[look])


def _summary(drawn: int, without: int) -> str:
    said = f"{drawn} schools where they lie, north at the top." if drawn > 1 else "One school where it lies."
    if without:
        said += f" {without} more {'has' if without == 1 else 'have'} no place in GIAS."
    return said
