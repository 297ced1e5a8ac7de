"""The heat strip: a row for each Work Group, six half terms, and in each how many meetings and visits were held.

Never by shade alone: each cell says "held of all", with a tick where all were held and an exclamation mark where some
are over and nobody said that they were held.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.stages.picture import Count, Group
from app.domain.stages.picture_drawing import Bar, Drawing, Stroke, Words, alarm, cut, tick
from app.kit.periods import HALF_TERMS

LABEL, CELL, GAP, ROW, TOP, KEY = 132.0, 58.0, 8.0, 30.0, 76.0, 26.0
TERM = 2 * CELL + GAP
WIDTH = LABEL + 6 * TERM
KINDS = ("meetings", "visits")
KEYS = (
    ("held", "2/2", "all held"),
    ("some", "1/2", "some held"),
    ("planned", "0/2", "to come"),
    ("missed", "1/2", "over, nobody said it was held"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one half term of one Work Group has of one kind."""

    count: Count

    @property
    def look(self) -> str:
        """Its shade."""
        if self.count.missed:
            return "missed"
        if not self.count.stands:
            return "none"
        if self.count.held == self.count.stands:
            return "held"
        return "some" if self.count.held else "planned"

    @property
    def text(self) -> str:
        """Held of all; called off ones are told where nothing else stands."""
        if self.count.stands:
            return f"{self.count.held}/{self.count.stands}"
        return f"{self.count.cancelled} off" if self.count.cancelled else ""


def says(count: Count, kind: str) -> str:
    """A cell in words: 3 visits: 1 held, 1 to come, 1 overdue."""
    one = kind[:-1] if count.stands == 1 else kind
    parts = (
        (count.held, "held"),
        (count.planned, "to come"),
        (count.missed, "overdue"),
        (count.cancelled, "called off"),
    )
    told = ", ".join(f"{number} {word}" for number, word in parts if number)
    return f"{count.stands} {one}: {told}" if told else f"no {kind}"


def strip(groups: Sequence[Group], summary: str) -> Drawing:
    """The drawing; its height grows with the Work Groups."""
    bars: list[Bar] = []
    strokes: list[Stroke] = []
    words: list[Words] = [*_heads()]
    _key(bars, strokes, words)
    for number, group in enumerate(groups):
        y = TOP + number * ROW
        words.append(Words(0, y + 19, cut(group.code, LABEL - 8), bold=True))
        for term in range(6):
            for place, kind in enumerate(KINDS):
                x = LABEL + term * TERM + place * CELL
                _cell(Cell(_of(group, kind, term)), x, y, (bars, strokes, words), _named(group, term, kind))
    return Drawing("strip", WIDTH, TOP + len(groups) * ROW + 6, summary, (), tuple(bars), tuple(strokes), tuple(words))


def _of(group: Group, kind: str, term: int) -> Count:
    counts = group.meetings if kind == "meetings" else group.visits
    return counts[term] if term < len(counts) else Count()


def _named(group: Group, term: int, kind: str) -> str:
    return f"{group.code}, {HALF_TERMS[term]}: {says(_of(group, kind, term), kind)}"


def _heads() -> Iterator[Words]:
    for term, name in enumerate(HALF_TERMS):
        x = LABEL + term * TERM
        yield Words(x + 2, TOP - 26, name, bold=True)
        yield Words(x + 2, TOP - 9, "meetings", "quiet", 11.5)
        yield Words(x + CELL + 2, TOP - 9, "visits", "quiet", 11.5)


def _cell(cell: Cell, x: float, y: float, into: tuple[list[Bar], list[Stroke], list[Words]], told: str) -> None:
    """One cell: shade, number and sign."""
    bars, strokes, words = into
    bars.append(Bar(x + 1, y + 2, CELL - 3, ROW - 5, cell.look, told))
    if not cell.text:
        return
    sign = cell.look in {"held", "missed"}
    ink = {"held": "on-held", "missed": "bad"}.get(cell.look, "words" if cell.count.stands else "quiet")
    words.append(Words(x + (CELL - 2) / 2 - (8 if sign else 0), y + 19, cell.text, ink, 13, "middle"))
    if cell.look == "held":
        strokes.append(Stroke(tick(x + CELL - 14, y + ROW / 2), "tick"))
    elif cell.look == "missed":
        strokes.append(Stroke(alarm(x + CELL - 13, y + ROW / 2 - 1), "alarm"))


def _key(bars: list[Bar], strokes: list[Stroke], words: list[Words]) -> None:
    x = 0.0
    samples = {"held": Count(held=2), "some": Count(1, 1), "planned": Count(2), "missed": Count(held=1, missed=1)}
    for look, _, means in KEYS:
        _cell(Cell(samples[look]), x, 0, (bars, strokes, words), "")
        words.append(Words(x + CELL + 4, 19, means, "quiet", 12.5))
        x += CELL + 24 + len(means) * 7
