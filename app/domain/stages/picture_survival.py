"""The survival curve: a line for each cohort, from the year it began to now, labelled where it ends.

Height is the part of the cohort that takes part in a year. Lines differ by their dashes and by the sign on each year.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.stages.picture import Cohort
from app.domain.stages.picture_drawing import Drawing, Stroke, Words, path
from app.kit.periods import spoken_year

LEFT, RIGHT, TOP, HIGH, STEP, LABEL = 52.0, 176.0, 20.0, 300.0, 74.0, 17.0
ASIDE = 1.5
DASHES = ("none", "9 4", "2 4", "12 4 2 4")
SIGNS = 4  # circle, square, triangle, diamond
AXIS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Curve:
    """A cohort's line: a point for each year, and where its label stands, clear of the others."""

    cohort: Cohort
    points: tuple[tuple[float, float], ...]
    label_y: float


def curves(cohorts: Sequence[Cohort]) -> tuple[Curve, ...]:
    """The lines, all ending in the same year."""
    long = max((len(cohort.stays) for cohort in cohorts), default=0)
    kept = [cohort for cohort in cohorts if cohort.stays and cohort.stays[0]]
    drawn = [(cohort, _points(cohort, long, _aside(number, len(kept)))) for number, cohort in enumerate(kept)]
    spread = apart([points[-1][1] for _, points in drawn], LABEL, TOP + HIGH)
    return tuple(Curve(cohort, points, y) for (cohort, points), y in zip(drawn, spread, strict=True))


def _aside(number: int, many: int) -> float:
    """Lines of equal height lie beside each other, none beneath another."""
    return (number - (many - 1) / 2) * ASIDE


def _points(cohort: Cohort, long: int, aside: float) -> tuple[tuple[float, float], ...]:
    begins = long - len(cohort.stays)
    return tuple(
        (LEFT + (begins + n) * STEP, round(TOP + HIGH * (1 - count / cohort.stays[0]) + aside, 1))
        for n, count in enumerate(cohort.stays)
    )


def apart(wanted: Sequence[float], least: float, lowest: float) -> list[float]:
    """Heights as near to those wanted as can be, in their order, at least so far from each other, above the lowest."""
    order = sorted(range(len(wanted)), key=lambda number: (wanted[number], number))
    placed = list(wanted)
    above = -least
    for number in order:
        placed[number] = above = max(wanted[number], above + least)
    below = lowest + least
    for number in reversed(order):
        placed[number] = below = min(placed[number], below - least)
    return placed


def survival(cohorts: Sequence[Cohort], summary: str) -> Drawing:
    """The drawing of all cohorts."""
    lines = curves(cohorts)
    long = max((len(cohort.stays) for cohort in cohorts), default=1)
    end = LEFT + (long - 1) * STEP
    last = max((cohort.year + len(cohort.stays) - 1 for cohort in cohorts), default=0)
    years = [(LEFT + n * STEP, spoken_year(last - long + 1 + n)) for n in range(long)]
    leads = [Stroke(path([curve.points[-1], (end + 22, curve.label_y)]), "lead") for curve in lines]
    strokes = [*_axis(end), *leads, *_lines(lines)]
    words = [Words(x, TOP + HIGH + 22, year, "quiet", 12.5, "middle") for x, year in years]
    words += [Words(LEFT - 12, _height(part) + 4, f"{part}%", "quiet", 12.5, "end") for part in AXIS]
    words += [*_labels(lines, end)]
    return Drawing("survival", end + RIGHT, TOP + HIGH + 36, summary, strokes=tuple(strokes), words=tuple(words))


def _height(part: int) -> float:
    return TOP + HIGH * (1 - part / 100)


def _axis(end: float) -> Iterable[Stroke]:
    for part in AXIS:
        yield Stroke(path([(LEFT - 6, _height(part)), (end, _height(part))]), "axis")


def _lines(lines: Sequence[Curve]) -> Iterable[Stroke]:
    for number, curve in enumerate(lines):
        quiet = "-quiet" if number % 2 else ""
        if len(curve.points) > 1:
            yield Stroke(path(curve.points), f"line{quiet}", says(curve.cohort), DASHES[number % len(DASHES)])
        for point in curve.points:
            yield Stroke(sign(number, *point), f"dot{quiet}", dash="none")


def sign(number: int, x: float, y: float) -> str:
    """The sign of a line: circle, square, triangle or diamond around a point."""
    kind = number % SIGNS
    if kind == 0:
        return f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"
    shapes = {
        1: [(x - 3.6, y - 3.6), (x + 3.6, y - 3.6), (x + 3.6, y + 3.6), (x - 3.6, y + 3.6)],
        2: [(x, y - 5), (x + 4.6, y + 3.6), (x - 4.6, y + 3.6)],
        3: [(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)],
    }
    return path(shapes[kind], closed=True)


def says(cohort: Cohort) -> str:
    """A cohort in words: 2019/20: 9 of 24 still take part."""
    return f"{spoken_year(cohort.year)}: {cohort.stays[-1]} of {cohort.stays[0]} take part"


def _labels(lines: Sequence[Curve], end: float) -> Iterable[Words]:
    for curve in lines:
        text = f"{spoken_year(curve.cohort.year)}: {curve.cohort.stays[-1]} of {curve.cohort.stays[0]}"
        yield Words(end + 26, round(curve.label_y + 4.5, 1), text, bold=True)
