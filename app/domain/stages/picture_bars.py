"""Bars that lie: a line for each thing counted, cut into parts that are told by shade and by number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.stages.picture_drawing import Bar, Drawing, Words, long

WIDTH, LINE, BAR, KEY = 340.0, 46.0, 20.0, 24.0
INKS = {"held": "on-held", "high": "on-high", "missed": "bad", "low": "bad", "medium": "on-medium"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how many, in which look, and what the look means."""

    count: int
    look: str
    means: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing counted; `note` stands at the end of its words."""

    words: str
    parts: tuple[Part, ...]
    note: str = ""

    @property
    def total(self) -> int:
        """All its parts together."""
        return sum(part.count for part in self.parts)


def bars(name: str, lines: Sequence[Line], summary: str) -> Drawing:
    """The drawing, to the longest bar's scale; on top what each look means, where there are several."""
    most = max((line.total for line in lines), default=0)
    scale = WIDTH / max(1, most)
    drawn: list[Bar] = []
    words: list[Words] = []
    top = _key(lines, drawn, words)
    for number, line in enumerate(lines):
        y = top + number * LINE
        words.append(Words(0, y + 14, line.words, bold=True))
        words.append(Words(WIDTH, y + 14, line.note or str(line.total), "quiet", 13, "end"))
        _parts(line, y + BAR, scale, (drawn, words))
    return Drawing(name, WIDTH, top + len(lines) * LINE, summary, bars=tuple(drawn), words=tuple(words))


def _parts(line: Line, y: float, scale: float, into: tuple[list[Bar], list[Words]]) -> None:
    x = 0.0
    for part in line.parts:
        if not part.count:
            continue
        width = round(part.count * scale, 1)
        into[0].append(
            Bar(round(x + 0.5, 1), y, max(1.0, width - 1), BAR, part.look, f"{line.words}: {part.count} {part.means}")
        )
        text = str(part.count)
        if width > long(text) + 4:
            ink = INKS.get(part.look, "words")
            into[1].append(Words(round(x + width / 2, 1), y + 14.5, text, ink, 13, "middle"))
        x += width


def _key(lines: Sequence[Line], drawn: list[Bar], words: list[Words]) -> float:
    """A sample of each look with its meaning, in as many rows as are needed; how high they are together."""
    looks = _looks(lines)
    if len(looks) < 2:
        return 0.0
    x, y = 0.0, 0.0
    for look, means in looks.items():
        room = 22 + long(means, 11.5) + 12
        if x and x + room > WIDTH:
            x, y = 0.0, y + KEY
        drawn.append(Bar(x + 1, y + 3, 15, 13, look))
        words.append(Words(x + 22, y + 14, means, "quiet", 12.5))
        x += room
    return y + KEY + 8


def _looks(lines: Iterable[Line]) -> dict[str, str]:
    return {part.look: part.means for line in lines for part in line.parts}
