"""A drawing as plain values: shapes with a look each, words beside them; templates/_parts/chart.html writes it as SVG.

A look is a class for the page (assets/scss/_chart.scss: light, dark, print) and the same colours as attributes, so that
a file that leaves the page looks as it did there. Colours: those of the design, AA on both papers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]
LETTER = 0.56  # of the size of letters: how wide one is on average


@dataclass(frozen=True, slots=True)
class Paint:
    """What fills a look, what draws its edge, how wide, in which dashes, how solid."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: str = "none"
    opacity: float = 1.0


INK, PAPER, QUIET, LINE = "#14213d", "#ffffff", "#4b5563", "#c9c4b6"
STAGE_FILLS = {"readiness": "#e69f00", "development": "#0072b2", "sustaining": "#009e73", "introductory": "#6b7a90"}
PAINTS: dict[str, Paint] = {
    **{name: Paint(fill, INK, 0.8) for name, fill in STAGE_FILLS.items()},
    **{f"{name}-band": Paint(fill, opacity=0.42) for name, fill in STAGE_FILLS.items()},
    "left-band": Paint(QUIET, opacity=0.35),
    "held": Paint("#0b5d8a", "#0b5d8a"),
    "some": Paint("#cfe2f0", "#0b5d8a"),
    "planned": Paint(PAPER, "#4b5563", 1.2, "3 2"),
    "missed": Paint("#fbe6e4", "#b3261e", 1.8),
    "none": Paint("none", LINE),
    "high": Paint("#7a1a14", "#7a1a14"),
    "medium": Paint("#d98a80", "#7a1a14"),
    "low": Paint("#fbe6e4", "#7a1a14"),
    "axis": Paint("none", LINE),
    "line": Paint("none", "#0b5d8a", 2.2),
    "line-quiet": Paint("none", QUIET, 1.8),
    "lead": Paint("none", LINE, 1.0),
    "dot": Paint(PAPER, "#0b5d8a", 2.0),
    "dot-quiet": Paint(PAPER, QUIET, 1.8),
    "tick": Paint("none", PAPER, 2.0),
    "alarm": Paint("none", "#b3261e", 2.4),
    "words": Paint(INK),
    "quiet": Paint(QUIET),
    "bad": Paint("#7a1a14"),
    "on-held": Paint(PAPER),
    "on-high": Paint(PAPER),
    "on-development": Paint(PAPER),
    "on-introductory": Paint(PAPER),
    "on-readiness": Paint(INK),
    "on-sustaining": Paint(INK),
    "on-medium": Paint(INK),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `says` is told to whoever points at it."""

    x: float
    y: float
    width: float
    height: float
    look: str
    says: str = ""

    @property
    def paint(self) -> Paint:
        """Its colours."""
        return PAINTS[self.look]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path in SVG's letters: a line, a band between two bars, a sign."""

    d: str
    look: str
    says: str = ""
    dash: str = ""

    @property
    def paint(self) -> Paint:
        """Its colours."""
        return PAINTS[self.look]

    @property
    def dashes(self) -> str:
        """Its own dashes, else those of its look."""
        return self.dash or self.paint.dash


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text, at its baseline."""

    x: float
    y: float
    text: str
    look: str = "words"
    size: float = 13.0
    anchor: Anchor = "start"
    bold: bool = False

    @property
    def paint(self) -> Paint:
        """Its colour."""
        return PAINTS[self.look]

    @property
    def weight(self) -> str:
        """As SVG says it."""
        return "700" if self.bold else "400"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bands lie lowest, then bars, strokes and words. `says` is what a screen reader tells in its place."""

    name: str
    width: float
    height: float
    says: str
    bands: tuple[Stroke, ...] = ()
    bars: tuple[Bar, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    words: tuple[Words, ...] = ()


def nothing(name: str, says: str) -> Drawing:
    """A file for a chart of which there is nothing to draw: it says so."""
    return Drawing(name, max(340.0, long(says) + 20), 40.0, says, words=(Words(10, 25, says),))


def long(text: str, size: float = 13.0) -> float:
    """About how wide a text is, in drawing units."""
    return len(text) * size * LETTER


def cut(text: str, room: float, size: float = 13.0) -> str:
    """The text, shortened with an ellipsis where it is wider than its room."""
    if long(text, size) <= room:
        return text
    return text[: max(1, int(room / (size * LETTER)) - 1)].rstrip() + "…"


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Points in a row as a path."""
    joined = "L".join(f"{round(x, 1)} {round(y, 1)}" for x, y in points)
    return f"M{joined}{'Z' if closed else ''}"


def tick(x: float, y: float) -> str:
    """A tick, about ten units wide, around a point."""
    return path([(x - 5, y), (x - 1.5, y + 4), (x + 5, y - 4.5)])


def alarm(x: float, y: float) -> str:
    """An exclamation mark, eleven units high, around a point."""
    return f"M{round(x, 1)} {round(y - 5.5, 1)}V{round(y + 2, 1)}M{round(x, 1)} {round(y + 4, 1)}V{round(y + 6, 1)}"
