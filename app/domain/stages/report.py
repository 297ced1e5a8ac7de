"""The report to the Strategic Board: one range of days, counted, with small numbers kept back. It names nobody.

Source: docs/rules/board-report.md. Page, PDF and CSV are made from the same sections, so that none shows more.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from app.domain.imports import read_date
from app.domain.notes.defaults_visit import AREAS, LEVERS, STANDS
from app.domain.notes.themes import Tally
from app.domain.stages.ladder import NAMES, NEXT, RUNGS, Stage, State
from app.domain.stages.suppression import KEPT, Cell, alone, split
from app.kit.errors import BadInputError, Fault
from app.kit.periods import academic_year, spoken_date, spoken_year, year_span

EARLIEST = date(2014, 9, 1)  # Maths Hubs began in that year
LONGEST = timedelta(days=3 * 366)
AHEAD = timedelta(days=366)
STANDING = frozenset({State.AGREED, State.ACTIVE, State.COMPLETED})  # what counts as taking part in a year
KINDS = {"meeting": "Meetings", "visit": "Visits", "observation": "Lesson observations"}
BECAME = {"held": "Held", "unmarked": "Over, not marked as held", "ahead": "To come", "cancelled": "Cancelled"}
CAME = {"came": "Came", "absent": "Did not come", "unsaid": "Nobody said"}
STEPS = {
    "referred": "Referred",
    "invited": "Invited",
    "interested": "Showed interest",
    "applied": "Applied",
    "declined": "Declined",
}
# Why a school withdrew is written in words, which may name somebody: they are counted by what they speak of.
BECAUSE: tuple[tuple[str, str], ...] = (
    ("Closed, merged, or joined a trust", r"\b(clos|merg|trust|academ|amalgam)"),
    ("Other priorities", r"\b(priorit|ofsted|inspect|another programme|other programme)"),
    ("No cover or no time for the release days", r"\b(cover|releas|capacity|workload|time|suppl)"),
    ("Money", r"\b(money|budget|cost|fund|afford)"),
    ("Staff left or changed", r"\b(left|leav|staff|turnover|head|teacher|maternity|sick|ill)"),
)
OTHERWISE = "Another reason"


@dataclass(frozen=True, slots=True)
class Range:
    """The days that are reported, both included."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last

    @property
    def says(self) -> str:
        """In words."""
        return f"{spoken_date(self.first)} to {spoken_date(self.last)}"


class Enrolled(Protocol):
    """A stored enrolment, as far as the report reads it."""

    urn: int
    kind: str
    year: int
    state: str
    applied_on: date | None
    agreed_on: date | None
    began_on: date | None
    completed_on: date | None
    withdrawn_on: date | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted in the range; `areas` by area and standing, `moves` by the stages they lead from and to."""

    stages: Mapping[Stage, int] = field(default_factory=dict)
    joined: int = 0
    completed: Mapping[Stage, int] = field(default_factory=dict)
    withdrawn: Mapping[str, int] = field(default_factory=dict)
    moves: Mapping[tuple[Stage, Stage], int] = field(default_factory=dict)
    events: Mapping[tuple[str, str], int] = field(default_factory=dict)
    came: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[tuple[str, str], int] = field(default_factory=dict)
    barriers_open: Mapping[str, int] = field(default_factory=dict)
    barriers_done: Mapping[str, int] = field(default_factory=dict)
    recruited: Mapping[str, int] = field(default_factory=dict)
    themes: tuple[tuple[str, tuple[Tally, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a section."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the report: what it asks, what to know about it, its columns after the first, its rows."""

    key: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def usual_range(today: date) -> Range:
    """This academic year to today."""
    return Range(year_span(academic_year(today)).first, today)


def read_range(first: str, last: str, today: date) -> Range:
    """The range that an address asks for; what it does not say is this academic year to today.

    Raises BadInputError with a sentence for each day that cannot be.
    """
    faults: list[Fault] = []
    ends = _day(last, "to", today, faults)
    if not EARLIEST <= ends <= today + AHEAD:
        faults.append(Fault("to", f"Choose a last day from {spoken_date(EARLIEST)} to a year from today."))
        ends = today
    begins = _day(first, "from", year_span(academic_year(ends)).first, faults)
    if not faults:
        faults += _odd(Range(begins, ends))
    if faults:
        raise BadInputError("Check the days of the report.", tuple(faults))
    return Range(begins, ends)


def _day(typed: str, path: str, otherwise: date, faults: list[Fault]) -> date:
    if not typed:
        return otherwise
    try:
        return read_date(typed)
    except ValueError as wrong:
        faults.append(Fault(path, str(wrong)))
        return otherwise


def _odd(chosen: Range) -> list[Fault]:
    if chosen.last < chosen.first:
        return [Fault("to", "Choose a last day that is not before the first.")]
    if chosen.first < EARLIEST:
        return [Fault("from", f"Choose a first day from {spoken_date(EARLIEST)}: Maths Hubs began in that year.")]
    if chosen.last - chosen.first > LONGEST:
        return [Fault("from", "Choose at most three years.")]
    return []


def state_on(one: Enrolled, day: date) -> State | None:
    """How far an enrolment was on a day; None when it was not yet. One without any days is as far as it is now."""
    days = (
        (State.WITHDRAWN, one.withdrawn_on),
        (State.COMPLETED, one.completed_on),
        (State.ACTIVE, one.began_on),
        (State.AGREED, one.agreed_on),
        (State.APPLIED, one.applied_on),
    )
    if not any(when for _, when in days):
        return State(one.state)
    return next((state for state, when in days if when and when <= day), None)


def schools_on(enrolments: Iterable[Enrolled], day: date) -> dict[int, Stage]:
    """The schools that took part in the academic year of a day, as of that day, each with its highest stage."""
    year, order = academic_year(day), list(RUNGS)
    best: dict[int, str] = {}
    for one in enrolments:
        if one.year == year and state_on(one, day) in STANDING:
            known = best.get(one.urn)
            best[one.urn] = one.kind if known is None else max(known, one.kind, key=order.index)
    return {urn: RUNGS[kind] for urn, kind in best.items()}


def joined(enrolments: Iterable[Enrolled], chosen: Range) -> int:
    """How many schools took part for the first time with this hub in the range."""
    first: dict[int, date] = {}
    for one in enrolments:
        begun = min((day for day in (one.agreed_on, one.began_on) if day), default=None)
        if begun:
            first[one.urn] = min(begun, first.get(one.urn, begun))
    return sum(chosen.holds(day) for day in first.values())


def completed(enrolments: Iterable[Enrolled], chosen: Range) -> Counter[Stage]:
    """Programmes that schools completed in the range, by stage."""
    return Counter(RUNGS[one.kind] for one in enrolments if chosen.holds(one.completed_on))


def withdrawn(enrolments: Iterable[Enrolled], chosen: Range) -> Counter[str]:
    """Schools that withdrew in the range, by what their because speaks of."""
    gone = (one for one in enrolments if one.state == State.WITHDRAWN and chosen.holds(one.withdrawn_on))
    return Counter(reason_of(one.because) for one in gone)


def reason_of(because: str) -> str:
    """What a because speaks of: the first kind of reason whose words are in it."""
    said = because.casefold()
    return next((name for name, words in BECAUSE if re.search(words, said)), OTHERWISE)


def share(came: Mapping[str, int]) -> str:
    """Places taken, of those of which somebody said so, in per cent; kept back where its numbers are."""
    shown = split([came.get(key, 0) for key in CAME])
    told = came.get("came", 0) + came.get("absent", 0)
    if any(cell.number is None for cell in (shown.total, *shown.parts)) or not told:
        return KEPT.says if told else "nobody said yet"
    return f"{round(100 * came['came'] / told)} in 100"


def sections(counts: Counts, chosen: Range) -> tuple[Section, ...]:
    """The whole report. Every whole that is shown with its parts goes through `split`."""
    day, year = spoken_date(chosen.last), spoken_year(academic_year(chosen.last))
    return (
        _one("stages", f"Schools that take part in {year}, by stage", f"As of {day}. Each school counts once.",
             _split_rows({NAMES[stage]: counts.stages.get(stage, 0) for stage in Stage})),
        _one("joined", "Schools that joined", "They took part for the first time with this hub.",
             (Row("Schools", (alone(counts.joined).says,)),)),
        _one("completed", "Programmes completed, by stage", "",
             _split_rows({NAMES[stage]: counts.completed.get(stage, 0) for stage in Stage})),
        _one("moves", "Moves between stages", "Agreed in these days, and not reversed since.",
             _split_rows({f"{one.says} to {two.says}": counts.moves.get((one, two), 0) for one, two in routes()})),
        _one("withdrawn", "Schools that withdrew, and why", "Counted by what the school's own words speak of.",
             _split_rows({name: counts.withdrawn.get(name, 0) for name in (*(one for one, _ in BECAUSE), OTHERWISE)})),
        _events(counts),
        _came(counts),
        _areas(counts, day),
        _barriers(counts, day),
        *_themes(counts),
        _one("recruitment", "Recruitment", "Steps that schools took in these days.",
             tuple(Row(label, (alone(counts.recruited.get(key, 0)).says,)) for key, label in STEPS.items())),
    )  # fmt: skip


def routes() -> tuple[tuple[Stage, Stage], ...]:
    """Every way from one stage to another or again, in the order of the ladder."""
    known = ((RUNGS[kind], RUNGS[then]) for kind, every in NEXT.items() for then in every)
    return tuple(dict.fromkeys(known))


def _one(key: str, title: str, note: str, rows: tuple[Row, ...]) -> Section:
    return Section(key, title, note, ("How many",), rows)


def _split_rows(counts: Mapping[str, int]) -> tuple[Row, ...]:
    """Each part and the whole; of nothing at all, one line."""
    shown = split(list(counts.values()))
    if shown.total.number == 0:
        return (Row("In all", (shown.total.says,)),)
    parts = (Row(label, (cell.says,)) for label, cell in zip(counts, shown.parts, strict=True))
    return (*parts, Row("In all", (shown.total.says,)))


def _across(label: str, counts: Sequence[int]) -> Row:
    """A row whose last cell is the whole."""
    shown = split(counts)
    return Row(label, tuple(cell.says for cell in (*shown.parts, shown.total)))


def _events(counts: Counts) -> Section:
    rows = tuple(
        _across(label, [counts.events.get((kind, became), 0) for became in BECAME]) for kind, label in KINDS.items()
    )
    title = "Meetings, visits and lesson observations"
    return Section("events", title, "As they stand now.", (*BECAME.values(), "Planned in all"), rows)


def _came(counts: Counts) -> Section:
    rows = _split_rows({label: counts.came.get(key, 0) for key, label in CAME.items()})
    note = "Places at Work Group meetings of these days that are over. A stand-in took the place."
    share_row = Row("Share of places taken, where somebody said", (share(counts.came),))
    return _one("attendance", "Who came to meetings", note, (*rows, share_row))


def _areas(counts: Counts, day: str) -> Section:
    rows = tuple(
        _across(area.label, [counts.areas.get((area.key, stand.key), 0) for stand in STANDS]) for area in AREAS
    )
    note = f"The newest review of each school that takes part, as of {day}, out of submitted records."
    return Section("areas", "Where schools stand in the five areas", note, (*_labels(), "Reviewed in all"), rows)


def _labels() -> tuple[str, ...]:
    return tuple(stand.label for stand in STANDS)


def _barriers(counts: Counts, day: str) -> Section:
    columns = [
        split([found.get(lever.key, 0) for lever in LEVERS]) for found in (counts.barriers_open, counts.barriers_done)
    ]
    rows = [Row(lever.label, tuple(one.parts[at].says for one in columns)) for at, lever in enumerate(LEVERS)]
    rows.append(Row("In all", tuple(one.total.says for one in columns)))
    title = "Barriers in schools' systems, by lever"
    return Section("barriers", title, "", (f"Open on {day}", "Dealt with in these days"), tuple(rows))


def _themes(counts: Counts) -> list[Section]:
    note = "How many submitted records chose each."
    return [
        _one(f"theme-{at}", title, note, tuple(Row(one.label, (_tally(one).says,)) for one in tallies))
        for at, (title, tallies) in enumerate(counts.themes, 1)
    ]


def _tally(one: Tally) -> Cell:
    """What stands for too few people is kept back already."""
    return KEPT if one.records is None else alone(one.records)
