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
NAMED_RINGS = 16
SMALLEST_SIDE = 4000.0  # metres: a few schools of one town still lie apart
LETTER, LINE = 6.6, 15.0  # drawing units of a name's letters and lines
TILE = 48.0
BARS_KM = (1, 2, 5, 10, 20, 50, 100)
Place = tuple[int, int]  # metres east and north on the British National Grid


@dataclass(frozen=True, slots=True)
class Spot:
    """A school to be drawn; `at` in metres on the British National Grid."""

    name: str
    href: str
    at: tuple[int, int]
    look: Look


@dataclass(frozen=True, slots=True)
class Beneath:
    """What lies under the points, in metres: circles as (middle, radius, minutes), outlines, lines, bases."""

    rings: tuple[tuple[Place, int, int], ...] = ()
    outlines: tuple[tuple[Place, ...], ...] = ()
    lines: tuple[tuple[Place, Place], ...] = ()
    bases: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Circle:
    """What is within so many minutes of somewhere, on the drawing."""

    x: float
    y: float
    r: float
    minutes: int


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
    circles: tuple[Circle, ...] = ()
    outlines: tuple[str, ...] = ()  # paths
    lines: str = ""  # one path
    bases: str = ""  # one path: a ring around each

    @property
    def ring_names(self) -> tuple[Circle, ...]:
        """Circles that say how far they reach, inside their upper edge: all, unless there are many."""
        return _named(self.circles)

    @property
    def reaches(self) -> tuple[int, ...]:
        """The minutes that circles stand for, the wider first."""
        return tuple(dict.fromkeys(circle.minutes for circle in self.circles))


def _named(circles: tuple[Circle, ...]) -> tuple[Circle, ...]:
    return tuple(one for one in circles if one.y - one.r > 4) if len(circles) <= NAMED_RINGS else ()


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


@dataclass(frozen=True, slots=True)
class _Frame:
    """From metres to the drawing: where north-west lies on it, and units a metre."""

    west: int
    north: int
    left: float
    top: float
    scale: float
    height: float

    def to(self, at: Place) -> tuple[float, float]:
        x, y = self.left + (at[0] - self.west) * self.scale, self.top + (self.north - at[1]) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, places: Iterable[Place]) -> str:
        return "M" + "L".join("{} {}".format(*self.to(at)) for at in places)


def _frame(places: Sequence[Place]) -> _Frame:
    easts, norths = [at[0] for at in places], [at[1] for at in places]
    wide, high = max(max(easts) - min(easts), SMALLEST_SIDE), max(max(norths) - min(norths), SMALLEST_SIDE)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    height = high * scale + 2 * MARGIN
    left, top = (WIDTH - (max(easts) - min(easts)) * scale) / 2, (height - (max(norths) - min(norths)) * scale) / 2
    return _Frame(min(easts), max(norths), left, top, scale, round(height, 1))


NOTHING = Beneath()


def school_map(spots: Sequence[Spot], without_place: int, beneath: Beneath = NOTHING) -> SchoolMap | None:
    """The drawing of these schools, None without any; `without_place` more have no place in GIAS."""
    if not spots:
        return None
    frame = _frame([*(spot.at for spot in spots), *(at for line in beneath.lines for at in line)])
    bar_km = max((km for km in BARS_KM if km * 1000 * frame.scale <= WIDTH / 3), default=BARS_KM[0])
    rings = ((frame.to(at), round(metres * frame.scale, 1), within) for at, metres, within in beneath.rings)
    circles = tuple(Circle(*at, r, within) for at, r, within in rings)
    return SchoolMap(
        width=WIDTH,
        height=frame.height,
        points=tuple(_points(spots, [frame.to(spot.at) for spot in spots], _named(circles))),
        key=_key(spots),
        bar=round(bar_km * 1000 * frame.scale, 1),
        bar_km=bar_km,
        summary=_summary(len(spots), without_place),
        circles=circles,
        outlines=tuple(f"{frame.path(outline)}Z" for outline in beneath.outlines),
        lines="".join(frame.path(line) for line in beneath.lines),
        bases="".join("M{} {}m-11 0a11 11 0 1 0 22 0a11 11 0 1 0 -22 0".format(*frame.to(at)) for at in beneath.bases),
    )


class _Taken:
    """Boxes that are drawn already, by the tiles of the drawing they touch: only neighbours are compared."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], list[_Box]] = {}

    def add(self, box: _Box) -> None:
        for tile in self._touched(box):
            self._tiles.setdefault(tile, []).append(box)

    def free(self, box: _Box) -> bool:
        return not any(box.meets(other) for tile in self._touched(box) for other in self._tiles.get(tile, ()))

    @staticmethod
    def _touched(box: _Box) -> Iterable[tuple[int, int]]:
        for column in range(int(box.left // TILE), int(box.right // TILE) + 1):
            for row in range(int(box.top // TILE), int(box.bottom // TILE) + 1):
                yield column, row


def _points(spots: Sequence[Spot], places: Sequence[tuple[float, float]], rings: Iterable[Circle]) -> Iterable[Point]:
    taken = _Taken()
    for ring in rings:
        taken.add(_Box(ring.x - 22, ring.y - ring.r, ring.x + 22, ring.y - ring.r + LINE))
    for x, y in places:
        taken.add(_Box(x - 8, y - 8, x + 8, y + 8))
    for spot, (x, y) in zip(spots, places, strict=True):
        yield _labelled(spot, x, y, taken)


def _labelled(spot: Spot, x: float, y: float, taken: _Taken) -> Point:
    """The point with its name beside, below or above it, where there is room."""
    long = len(spot.name) * LETTER
    for anchor, left, middle in _places(x, y, long):
        box = _Box(left, middle - LINE / 2, left + long, middle + LINE / 2)
        if left >= 0 and box.right <= WIDTH and taken.free(box):
            taken.add(box)
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
