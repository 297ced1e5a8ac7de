"""The year ribbon: six half terms as wide as they are long, today, closures, and each event a mark on its day.

Pure arithmetic over plain values; templates/_parts/ribbon.html draws it, lying on a desk and upright on a phone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from app.kit.periods import HALF_TERMS, Span, spoken_date

Kind = Literal["meeting", "visit", "observation"]
State = Literal["tentative", "confirmed", "held", "cancelled", "missed"]

WIDTH = 1000.0  # drawing units over the whole year
BAR_TOP, BAR_HEIGHT = 20.0, 26.0
MARKS_TOP = BAR_TOP + BAR_HEIGHT + 12.0
SIZES = ((17.0, 5), (13.0, 10))  # room for one mark and how many lie above each other: smaller where there are many
STEP_WIDTH = 340.0  # the longest step of the upright ribbon
KINDS: tuple[Kind, ...] = ("meeting", "visit", "observation")
STATES: dict[State, str] = {
    "tentative": "proposed",
    "confirmed": "planned",
    "held": "held",
    "cancelled": "cancelled",
    "missed": "overdue",
}


def shape(kind: Kind, state: State) -> str:
    """The drawing of an event: meeting, visit-held, observation-tentative."""
    return kind if state == "confirmed" else f"{kind}-{state}"


@dataclass(frozen=True, slots=True)
class RibbonEvent:
    """What the ribbon needs of an event; `says` names it, `hosted_here` puts a roof over it."""

    kind: Kind
    state: State
    day: date
    says: str
    href: str = ""
    hosted_here: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A half term's place on a strip, in drawing units."""

    name: str
    dates: str
    x: float
    width: float
    even: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Hatch:
    """Closed days in a row."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """An event's place: its centre and size, in drawing units."""

    kind: Kind
    state: State
    x: float
    y: float
    size: float
    roof: bool

    @property
    def shape(self) -> str:
        """The name of its drawing in templates/_parts/marks.html."""
        return shape(self.kind, self.state)

    @property
    def place(self) -> str:
        """Where SVG puts it: shapes are drawn 17 wide around nothing."""
        return f"translate({self.x} {self.y}) scale({self.size / SIZES[0][0]:.3f})"


@dataclass(frozen=True, slots=True)
class More:
    """How many events found no room above each other here, even small."""

    count: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Strip:
    """One drawing: the whole year, or one half term of it. `today` is a place, or None on other days."""

    width: float
    height: float
    mark: float
    blocks: tuple[Block, ...]
    hatches: tuple[Hatch, ...]
    marks: tuple[Mark, ...]
    more: tuple[More, ...]
    today: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """An event in words, and where it leads."""

    when: str
    says: str
    state: str
    href: str


@dataclass(frozen=True, slots=True)
class Step:
    """One half term: its words, its strip for the upright ribbon, its events in words."""

    name: str
    dates: str
    strip: Strip
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The year ribbon. `summary` says in words what the drawing shows; `list_href` leads to the events as a list."""

    caption: str
    summary: str
    year: Strip
    steps: tuple[Step, ...]
    list_href: str = ""


def ribbon(
    caption: str,
    half_terms: Sequence[Span],
    closures: Iterable[date],
    events: Iterable[RibbonEvent],
    today: date,
    list_href: str = "",
) -> Ribbon:
    """The ribbon of one year: `half_terms` in order, not overlapping. Events on holidays stand in the gaps.

    With a `list_href` the events are not told in words beneath: a hub's hundreds are a page of their own.
    """
    ordered = tuple(sorted(events, key=lambda event: (event.day, event.kind, event.says)))
    facts = _Facts(tuple(zip(HALF_TERMS, half_terms, strict=False)), tuple(sorted(set(closures))), ordered, today)
    if not facts.terms:
        return Ribbon(caption, "The half terms of this year are not known yet.", _EMPTY, ())
    return Ribbon(
        caption=caption,
        summary=_summary(facts),
        year=_strip(facts, facts.whole, WIDTH / _length(facts.whole)),
        steps=_steps(facts, words=not list_href),
        list_href=list_href,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    terms: tuple[tuple[str, Span], ...]
    shut: tuple[date, ...]
    events: tuple[RibbonEvent, ...]
    today: date

    @property
    def whole(self) -> Span:
        """The year, made longer where an event lies outside it."""
        days = [self.terms[0][1].first, self.terms[-1][1].last, *(event.day for event in self.events)]
        return Span(min(days), max(days))


_EMPTY = Strip(WIDTH, MARKS_TOP, SIZES[0][0], (), (), (), (), None)


def _length(span: Span) -> int:
    return (span.last - span.first).days + 1


def _strip(facts: _Facts, span: Span, scale: float) -> Strip:
    """The drawing of these days at so many units a day."""

    def place(day: date) -> float:
        return round((day - span.first).days * scale, 1)

    def width(part: Span) -> float:
        return round(_length(part) * scale, 1)

    terms = [(name, term) for name, term in facts.terms if span.holds(term.first)]
    shut = [day for day in facts.shut if any(term.holds(day) for _, term in terms)]
    placed = [(event, round(place(event.day) + scale / 2, 1)) for event in facts.events if span.holds(event.day)]
    drawn = _marks(placed, *SIZES[0])
    if drawn.more:
        drawn = _marks(placed, *SIZES[1])
    return Strip(
        width=width(span),
        height=MARKS_TOP + max(1, drawn.lanes) * drawn.size,
        mark=drawn.size,
        blocks=tuple(
            Block(name, _dates(term), place(term.first), width(term), name.endswith("2"), term.holds(facts.today))
            for name, term in terms
        ),
        hatches=tuple(Hatch(place(run.first), width(run)) for run in _runs(shut)),
        marks=drawn.marks,
        more=drawn.more,
        today=round(place(facts.today) + scale / 2, 1) if span.holds(facts.today) else None,
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    size: float
    lanes: int
    marks: tuple[Mark, ...]
    more: tuple[More, ...]


def _marks(placed: Sequence[tuple[RibbonEvent, float]], size: float, most: int) -> _Drawn:
    """Marks in the topmost lane with room for them; what finds no lane is counted where it would have stood."""
    lanes: list[float] = []
    marks: list[Mark] = []
    more: list[More] = []
    for event, x in placed:
        lane = 0
        while lane < len(lanes) and x - lanes[lane] < size:
            lane += 1
        if lane == most:
            _count(more, x, MARKS_TOP + (most + 0.7) * size, size)
            continue
        lanes[lane : lane + 1] = [x]
        marks.append(Mark(event.kind, event.state, x, MARKS_TOP + (lane + 0.5) * size, size, event.hosted_here))
    return _Drawn(size, len(lanes) + bool(more), tuple(marks), tuple(more))


def _count(more: list[More], x: float, y: float, size: float) -> None:
    if more and x - more[-1].x < 2 * size:
        more[-1] = More(more[-1].count + 1, more[-1].x, y)
    else:
        more.append(More(1, x, y))


def _steps(facts: _Facts, *, words: bool) -> tuple[Step, ...]:
    """Each half term with the holiday after it, all on one scale, so that none of the year is lost."""
    starts = [facts.whole.first, *(term.first for _, term in facts.terms[1:]), facts.whole.last + timedelta(1)]
    spans = [Span(first, after - timedelta(1)) for first, after in pairwise(starts)]
    scale = STEP_WIDTH / max(_length(span) for span in spans)
    return tuple(
        Step(
            name=name,
            dates=_dates(term),
            strip=_strip(facts, span, scale),
            sentences=tuple(_sentence(event) for event in facts.events if words and span.holds(event.day)),
        )
        for (name, term), span in zip(facts.terms, spans, strict=True)
    )


def _sentence(event: RibbonEvent) -> Sentence:
    here = ", hosted here" if event.hosted_here else ""
    return Sentence(spoken_date(event.day), f"{event.says}{here}", STATES[event.state], event.href)


def _summary(facts: _Facts) -> str:
    """Where today is, then how many events of each kind stand in which state."""
    said = [f"Today is {spoken_date(facts.today)}, {_whereabouts(facts)}."]
    for kind in KINDS:
        states = Counter(event.state for event in facts.events if event.kind == kind)
        if states:
            counts = ", ".join(f"{states[state]} {word}" for state, word in STATES.items() if states[state])
            said.append(f"{kind.capitalize()}s: {counts}.")
    return " ".join(said)


def _whereabouts(facts: _Facts) -> str:
    for name, term in facts.terms:
        if term.holds(facts.today):
            return f"in {name}"
        if facts.today < term.first:
            return f"before {name} begins on {spoken_date(term.first)}"
    return "after the last half term"


def _runs(days: Sequence[date]) -> list[Span]:
    """Sorted days as runs of neighbours; a weekend between two closed days belongs to the run."""
    runs: list[Span] = []
    for day in days:
        if runs and (day - runs[-1].last).days <= (3 if day.weekday() == 0 else 1):
            runs[-1] = Span(runs[-1].first, day)
        else:
            runs.append(Span(day, day))
    return runs


def _dates(span: Span) -> str:
    """3 September to 23 October."""
    return f"{span.first.day} {span.first:%B} to {span.last.day} {span.last:%B}"
