"""The year as a grid of weeks by groups: half terms shaded, closures hatched, each event a mark in its week.

Plain values all the way: a cell knows its class and its marks, so that the template only writes them down.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.kit.periods import HALF_TERMS, Span, spoken_date
from app.pages.ribbon import STATES, Kind, State, shape


@dataclass(frozen=True, slots=True)
class GridGroup:
    """A row to be drawn; `half_terms` are its own where they differ from the hub's."""

    id: str
    name: str
    href: str
    stage: str = ""
    half_terms: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class GridEvent:
    """An event to be drawn in the row of its group; `look` is the CSS class of its mark."""

    group: str
    kind: Kind
    state: State
    day: date
    says: str
    href: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class GridMark:
    """A mark in a cell: what it is, its words, where it leads; `look` is its CSS class."""

    kind: Kind
    state: State
    words: str
    href: str
    look: str = ""

    @property
    def shape(self) -> str:
        """The name of its drawing."""
        return shape(self.kind, self.state)


@dataclass(frozen=True, slots=True)
class GridCell:
    """One week of one group; `look` is its CSS class."""

    look: str
    marks: tuple[GridMark, ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    """A group and its weeks."""

    name: str
    href: str
    stage: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class GridTerm:
    """A heading over `weeks` columns: a half term, or a holiday without a name."""

    name: str
    weeks: int
    look: str


@dataclass(frozen=True, slots=True)
class GridWeek:
    """A column: its Monday in short ("7 Sep") and in full, and its look."""

    short: str
    spoken: str
    look: str


@dataclass(frozen=True, slots=True)
class YearGrid:
    """The grid: a column for each week from the Monday on which it begins.

    A week belongs to the half term that holds most of its school days.
    """

    caption: str
    begins: str
    terms: tuple[GridTerm, ...]
    weeks: tuple[GridWeek, ...]
    rows: tuple[GridRow, ...]


def year_grid(
    caption: str,
    groups: Sequence[GridGroup],
    half_terms: Sequence[Span],
    closures: Iterable[date],
    events: Iterable[GridEvent],
    today: date,
) -> YearGrid:
    """The grid from the first to the last week of the half terms, made longer where an event lies outside them."""
    drawn = list(events)
    shut = frozenset(closures)
    mondays = _mondays(half_terms, drawn)
    looks = _looks(mondays, half_terms, shut, today)
    cells = _marks(drawn)
    own = {spans: _looks(mondays, spans, shut, today) for spans in {group.half_terms for group in groups} if spans}
    return YearGrid(
        caption=caption,
        begins=str(mondays[0]) if mondays else "",
        terms=_terms(mondays, half_terms),
        weeks=tuple(
            GridWeek(f"{monday.day} {monday:%b}", f"Week of {spoken_date(monday)}", look)
            for monday, look in zip(mondays, looks, strict=True)
        ),
        rows=tuple(_row(group, mondays, own.get(group.half_terms, looks), cells) for group in groups),
    )


def _row(
    group: GridGroup,
    mondays: Sequence[date],
    looks: Sequence[str],
    marks: dict[tuple[str, date], list[GridMark]],
) -> GridRow:
    cells = (
        GridCell(look, tuple(marks.get((group.id, monday), ()))) for monday, look in zip(mondays, looks, strict=True)
    )
    return GridRow(group.name, group.href, group.stage, tuple(cells))


def _marks(events: Iterable[GridEvent]) -> dict[tuple[str, date], list[GridMark]]:
    marks: dict[tuple[str, date], list[GridMark]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.day, event.kind, event.says)):
        words = f"{spoken_date(event.day)}: {event.says}, {STATES[event.state]}"
        marks[event.group, _monday(event.day)].append(GridMark(event.kind, event.state, words, event.href, event.look))
    return marks


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _mondays(half_terms: Sequence[Span], events: Sequence[GridEvent]) -> list[date]:
    days = [*(term.first for term in half_terms), *(term.last for term in half_terms), *(event.day for event in events)]
    if not days:
        return []
    first, last = _monday(min(days)), _monday(max(days))
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def _term_of(monday: date, half_terms: Sequence[Span]) -> int:
    """Index of the half term with most of the week's five days; -1 in a holiday week."""
    shares = [sum(term.holds(monday + timedelta(n)) for n in range(5)) for term in half_terms]
    most = max(shares, default=0)
    return shares.index(most) if most else -1


def _looks(mondays: Sequence[date], half_terms: Sequence[Span], shut: frozenset[date], today: date) -> list[str]:
    """CSS classes of each week: odd or even half term or away, shut where a school day is closed, now."""
    looks = []
    for monday in mondays:
        index = _term_of(monday, half_terms)
        look = "away" if index < 0 else "even" if index % 2 else "odd"
        week = [monday + timedelta(n) for n in range(5)]
        if index >= 0 and any(day in shut and half_terms[index].holds(day) for day in week):
            look += " shut"
        looks.append(look + " now" if monday == _monday(today) else look)
    return looks


def _terms(mondays: Sequence[date], half_terms: Sequence[Span]) -> tuple[GridTerm, ...]:
    headings = []
    for index, weeks in groupby(_term_of(monday, half_terms) for monday in mondays):
        name = HALF_TERMS[index % 6] if index >= 0 else ""
        headings.append(GridTerm(name, len(list(weeks)), "away" if index < 0 else "even" if index % 2 else "odd"))
    return tuple(headings)
