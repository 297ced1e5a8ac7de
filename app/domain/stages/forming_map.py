"""Groups on their way, drawn: schools where they lie with the number of their group, and where leaders start from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.stages.picture_drawing import Drawing, Stroke, Words, long, path
from app.domain.stages.picture_map import hull

At = tuple[int, int]  # metres on the British National Grid
Spot = tuple[float, float]
WIDTH, TALLEST, MARGIN, FOOT = 640.0, 760.0, 30.0, 46.0
SMALLEST_SIDE = 8000.0  # metres
DOT, MIDDLE, HALF = 8.0, 10.5, 11.0  # half the width of signs, in drawing units
BARS_KM = (1, 2, 5, 10, 20, 50, 100)
LOOKS = {
    "readiness": "readiness",
    "development": "development",
    "embedding": "sustaining",
    "sustaining": "sustaining",
    "introductory": "introductory",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A school with a place."""

    name: str
    at: At


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group to be drawn: its number, what it is called, its programme, its schools, the middle one, its base."""

    number: int
    name: str
    kind: str
    schools: tuple[Placed, ...]
    middle: At | None
    base: At | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """From metres to the drawing."""

    east: int
    north: int
    scale: float
    height: float = field(default=0.0)

    def to(self, at: At) -> Spot:
        return round(MARGIN + (at[0] - self.east) * self.scale, 1), round(MARGIN + (self.north - at[1]) * self.scale, 1)


def groups_map(groups: Sequence[Drawn], waiting: Sequence[Placed] = ()) -> Drawing | None:
    """The drawing, north up; None where nothing has a place."""
    schools = [one for group in groups for one in group.schools]
    places = [*(one.at for one in schools), *(one.at for one in waiting), *(each.base for each in groups if each.base)]
    if not places:
        return None
    frame = _frame(places)
    shapes = [_group(group, frame) for group in groups]
    bases = _bases(groups, frame)
    waits = [Stroke(_circle(*frame.to(one.at), 6), "dot-quiet", f"{one.name} waits") for one in waiting]
    return Drawing(
        name="groups",
        width=WIDTH,
        height=frame.height,
        says=_says(len(groups), len(schools), len(waiting)),
        bands=tuple(band for shape in shapes for band in shape.bands),
        strokes=(*bases.strokes, *(each for shape in shapes for each in shape.strokes), *waits, *_key(frame)),
        words=(*bases.words, *(each for shape in shapes for each in shape.words), *_key_words(frame)),
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    bands: tuple[Stroke, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    words: tuple[Words, ...] = ()


def _frame(places: Sequence[At]) -> _Frame:
    east, north = min(at[0] for at in places), max(at[1] for at in places)
    wide = max(max(at[0] for at in places) - east, SMALLEST_SIDE)
    high = max(north - min(at[1] for at in places), SMALLEST_SIDE)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN - FOOT) / high)
    return _Frame(east, north, scale, round(high * scale + 2 * MARGIN + FOOT, 1))


def _group(group: Drawn, frame: _Frame) -> _Shape:
    """Its outline, a line from each school to the middle one, a dot with its number for each school."""
    look = LOOKS.get(group.kind, "introductory")
    outline = hull(one.at for one in group.schools)
    bands = [Stroke(path([frame.to(at) for at in outline], closed=True), f"{look}-band", group.name)]
    middle = group.middle
    ways = [
        Stroke(path([frame.to(one.at), frame.to(middle)]), "lead")
        for one in group.schools
        if middle and one.at != middle
    ]
    dots = [
        Stroke(
            _circle(*frame.to(one.at), MIDDLE if one.at == middle else DOT), look, f"{one.name}, group {group.number}"
        )
        for one in group.schools
    ]
    words = [_number(frame.to(one.at), str(group.number), f"on-{look}") for one in group.schools]
    return _Shape(tuple(bands if len(outline) > 2 else ()), (*ways, *dots), tuple(words))


def _bases(groups: Iterable[Drawn], frame: _Frame) -> _Shape:
    """A box where leaders start from, in it the numbers of their groups; beneath the schools, which may lie there."""
    at_base: dict[At, list[int]] = {}
    for group in groups:
        if group.base:
            at_base.setdefault(group.base, []).append(group.number)
    strokes, words = [], []
    for at, numbers in sorted(at_base.items()):
        x, y = frame.to(at)
        said = ", ".join(map(str, numbers))
        who = f"Where the leader of group {said} starts" if len(numbers) == 1 else f"The leaders of {said} start here"
        strokes.append(Stroke(_box(x, y, max(HALF, 4 + long(said, 11.0) / 2)), "dot", who))
        words.append(Words(x, round(y + 4, 1), said, "words", 11.0, "middle", bold=True))
    return _Shape((), tuple(strokes), tuple(words))


def _number(at: Spot, text: str, look: str) -> Words:
    return Words(at[0], round(at[1] + 3.5, 1), text, look, 10.0, "middle")


def _key(frame: _Frame) -> tuple[Stroke, ...]:
    bar, foot, up = _bar(frame) * 1000 * frame.scale, frame.height - 14, frame.height - 19
    return (
        Stroke(path([(MARGIN, up), (MARGIN, foot), (MARGIN + bar, foot), (MARGIN + bar, up)]), "line-quiet"),
        Stroke(_box(352, foot - 4, 7, 7), "dot"),
        Stroke(_circle(538, foot - 4, 6), "dot-quiet"),
    )


def _key_words(frame: _Frame) -> tuple[Words, ...]:
    foot = frame.height - 14
    return (
        Words(MARGIN, foot - 10, f"{_bar(frame)} km", "quiet"),
        Words(364, foot, "where a leader starts", "quiet"),
        Words(550, foot, "waits", "quiet"),
    )


def _bar(frame: _Frame) -> int:
    return max((km for km in BARS_KM if km * 1000 * frame.scale <= WIDTH / 3), default=BARS_KM[0])


def _circle(x: float, y: float, radius: float) -> str:
    r = round(radius, 1)
    return f"M{round(x - r, 1)} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"


def _box(x: float, y: float, wide: float, high: float = HALF) -> str:
    """Around a point; half its width and height."""
    corners = [(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)]
    return path(corners, closed=True)


def _says(groups: int, schools: int, waiting: int) -> str:
    said = f"{schools} {'school' if schools == 1 else 'schools'} in {groups} {'group' if groups == 1 else 'groups'}"
    waits = f", {waiting} waiting" if waiting else ""
    return f"{said}{waits}, where they lie, north at the top. The table holds the same."
