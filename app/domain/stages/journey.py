"""A school's journey on one line: ten academic years, what it was enrolled in, visits and reviews, who came and went.

Pure arithmetic over plain values; templates/_parts/journey.html draws it. Source: docs/rules/school-plans.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from app.domain.stages.ladder import RUNGS, State
from app.kit.periods import academic_year, spoken_year, year_span

YEARS = 10
AHEAD = 1  # of which the coming year is one
BAND = 160.0  # drawing units of one year
WIDTH = BAND * YEARS
NAMES_HEIGHT = 30.0
BAR_HEIGHT, BAR_GAP = 46.0, 6.0
LEAST_BAR = 118.0  # of a bar that ended early: its words still fit
SIZES = ((19.0, 4), (13.0, 8))  # room of a mark and how many lie above each other: smaller where there are many
PEOPLE_HEIGHT = 44.0
PAD = 10.0

MarkKind = Literal["visit", "areas", "conditions"]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A school in a programme of one year, with the days on which it began and ended."""

    urn: int
    year: int
    kind: str
    programme: str
    state: str
    began: date | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A visit (`state` as the ribbon knows it) or a review on a day."""

    kind: MarkKind
    day: date
    state: str = "held"


@dataclass(frozen=True, slots=True)
class PeopleYear:
    """Who takes part for the school in a year, who is new in it, and who of the year before takes part no more."""

    year: int
    here: frozenset[UUID]
    came: frozenset[UUID]
    went: frozenset[UUID]

    @property
    def says(self) -> str:
        """4 people, 2 came, 1 went."""
        parts = [f"{len(self.here)} {'person' if len(self.here) == 1 else 'people'}"]
        parts += [f"{len(self.came)} came"] if self.came else []
        parts += [f"{len(self.went)} went"] if self.went else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Band:
    """A year's place."""

    name: str
    x: float
    now: bool
    even: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """An enrolment's place: the look of its stage, its name and its state in words."""

    look: str
    name: str
    state: str
    x: float
    y: float
    width: float
    ended: bool  # it withdrew: dashed


@dataclass(frozen=True, slots=True)
class Mark:
    """A visit's or a review's place; `shape` names its drawing."""

    shape: str
    x: float
    y: float
    size: float

    @property
    def place(self) -> str:
        """Where SVG puts it: shapes are drawn 18 wide around nothing."""
        return f"translate({self.x} {self.y}) scale({self.size / 18:.3f})"


@dataclass(frozen=True, slots=True)
class More:
    """How many marks found no room here."""

    count: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of one year: a thin bar as high as they are many, and what changed."""

    says: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Rung:
    """A year of the upright journey, or several in a row in which nothing was: its bars, its marks, its people."""

    name: str
    now: bool
    bars: tuple[Bar, ...]
    marks: tuple[str, ...]
    says: str
    people: str


@dataclass(frozen=True, slots=True)
class Line:
    """The drawing; `summary` says in a sentence what it shows, `today` is a place or None."""

    caption: str
    summary: str
    width: float
    height: float
    bottom: float
    bands: tuple[Band, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    more: tuple[More, ...]
    crews: tuple[Crew, ...]
    crew_line: float
    today: float | None
    upright: tuple[Rung, ...]  # the latest year first, for a phone


def years_shown(today: date, until: int | None = None) -> tuple[int, ...]:
    """Ten academic years: the eight before this one, this one and the next; `until` is another last year."""
    last = until if until is not None else academic_year(today) + AHEAD
    return tuple(range(last - YEARS + 1, last + 1))


def people_years(taking_part: Mapping[int, frozenset[UUID]], years: Sequence[int], this_year: int) -> list[PeopleYear]:
    """Who came and went, year by year. Nobody has gone from a year that has not begun."""
    made = []
    for year in years:
        here, before = taking_part.get(year, frozenset()), taking_part.get(year - 1, frozenset())
        went = before - here if year <= this_year else frozenset()
        if here or went:
            made.append(PeopleYear(year, here, here - before, went))
    return made


@dataclass(frozen=True, slots=True)
class Told:
    """All that the line is drawn from."""

    school: str
    enrolled: Sequence[Enrolled]
    happened: Sequence[Happened]
    people: Sequence[PeopleYear]
    years: tuple[int, ...]
    today: date


def line(told: Told) -> Line:
    """The drawing of these years; what lies outside them is left out."""
    enrolled = [one for one in told.enrolled if one.year in told.years]
    bars = _bars(told, enrolled)
    lanes = max((bar.y for bar in bars), default=NAMES_HEIGHT + BAR_GAP) + BAR_HEIGHT + BAR_GAP
    drawn = _marks(told, lanes)
    crew_line = drawn.bottom + PEOPLE_HEIGHT
    caption = f"{told.school}, {spoken_year(told.years[0])} to {spoken_year(told.years[-1])}"
    return Line(
        caption=caption,
        summary=_summary(told, enrolled),
        width=WIDTH,
        height=crew_line + PAD,
        bottom=drawn.bottom,
        bands=tuple(
            Band(spoken_year(year), k * BAND, year == academic_year(told.today), bool(k % 2))
            for k, year in enumerate(told.years)
        ),
        bars=bars,
        marks=drawn.marks,
        more=drawn.more,
        crews=_crews(told, crew_line),
        crew_line=crew_line,
        today=place(told.today, told.years),
        upright=_upright(told, bars),
    )


def _upright(told: Told, bars: Sequence[Bar]) -> tuple[Rung, ...]:
    """Year by year, the latest first; years in a row in which nothing was are one."""
    rungs: list[Rung] = []
    for k, year in reversed(list(enumerate(told.years))):
        rung = _rung(told, year, [bar for bar in bars if k * BAND <= bar.x < (k + 1) * BAND])
        before = rungs[-1] if rungs else None
        if before and _nothing(before) and _nothing(rung):
            rungs[-1] = replace(rung, name=f"{rung.name} to {before.name.rpartition(' to ')[2]}")
        else:
            rungs.append(rung)
    return tuple(rungs)


def _rung(told: Told, year: int, bars: Sequence[Bar]) -> Rung:
    happened = sorted((one for one in told.happened if academic_year(one.day) == year), key=lambda one: one.day)
    visits = [one for one in happened if one.kind == "visit" and one.state != "cancelled"]
    reviews = len(happened) - sum(one.kind == "visit" for one in happened)
    says = [f"{_many(len(visits), 'visit')}, {sum(one.state == 'held' for one in visits)} held"] if visits else []
    says += [_many(reviews, "review")] if reviews else []
    return Rung(
        name=spoken_year(year),
        now=year == academic_year(told.today),
        bars=tuple(bars),
        marks=tuple(_shape(one) for one in happened),
        says="; ".join(says),
        people=next((one.says for one in told.people if one.year == year), ""),
    )


def _nothing(rung: Rung) -> bool:
    return not (rung.bars or rung.marks or rung.people or rung.now)


def place(day: date, years: tuple[int, ...]) -> float | None:
    """Where a day lies on the line, in drawing units; None outside of it."""
    year = academic_year(day)
    if year not in years:
        return None
    span = year_span(year)
    share = (day - span.first).days / ((span.last - span.first).days + 1)
    return round((years.index(year) + share) * BAND, 1)


def _bars(told: Told, enrolled: Iterable[Enrolled]) -> tuple[Bar, ...]:
    """One bar for each enrolment in the topmost lane that is free in its year."""
    lanes: dict[int, int] = {}
    bars = []
    for one in sorted(enrolled, key=lambda one: (one.year, list(RUNGS).index(one.kind), one.urn)):
        lane = lanes.get(one.year, 0)
        lanes[one.year] = lane + 1
        left = told.years.index(one.year) * BAND + 3
        bars.append(
            Bar(
                look=RUNGS[one.kind].value,
                name=one.programme if len(one.programme) <= 16 else one.kind.capitalize(),
                state=State(one.state).says,
                x=left,
                y=NAMES_HEIGHT + BAR_GAP + lane * (BAR_HEIGHT + BAR_GAP),
                width=_width(one, told.years, left),
                ended=one.state == State.WITHDRAWN,
            )
        )
    return tuple(bars)


def _width(one: Enrolled, years: tuple[int, ...], left: float) -> float:
    """The whole year's, but for what was left early."""
    whole = BAND - 6
    if one.state != State.WITHDRAWN or one.ended is None:
        return whole
    end = place(one.ended, years)
    return whole if end is None else min(whole, max(LEAST_BAR, round(end - left, 1)))


@dataclass(frozen=True, slots=True)
class _Drawn:
    marks: tuple[Mark, ...]
    more: tuple[More, ...]
    bottom: float


def _marks(told: Told, top: float) -> _Drawn:
    """Marks in the topmost lane with room for them; a size smaller where there are too many."""
    placed = [
        (one, x)
        for one in sorted(told.happened, key=lambda one: (one.day, one.kind))
        if (x := place(one.day, told.years)) is not None
    ]
    drawn = _laid(placed, top, *SIZES[0])
    return _laid(placed, top, *SIZES[1]) if drawn.more else drawn


def _laid(placed: Sequence[tuple[Happened, float]], top: float, size: float, most: int) -> _Drawn:
    lanes: list[float] = []
    marks: list[Mark] = []
    more: list[More] = []
    for one, x in placed:
        lane = next((k for k, last in enumerate(lanes) if x - last >= size), len(lanes))
        if lane == most:
            more = _counted(more, x, top + (most + 0.8) * size)
            continue
        lanes[lane : lane + 1] = [x]
        marks.append(Mark(_shape(one), x, round(top + (lane + 0.5) * size, 1), size))
    used = max(1, len(lanes)) + (1 if more else 0)
    return _Drawn(tuple(marks), tuple(more), round(top + used * size + BAR_GAP, 1))


def _counted(more: Sequence[More], x: float, y: float) -> list[More]:
    """One more that found no room: told with those beside it."""
    if more and x - more[-1].x < BAND / 4:
        return [*more[:-1], More(more[-1].count + 1, more[-1].x, y)]
    return [*more, More(1, x, y)]


def _shape(one: Happened) -> str:
    if one.kind != "visit":
        return f"review-{one.kind}"
    return "visit" if one.state == "confirmed" else f"visit-{one.state}"


def _crews(told: Told, bottom: float) -> tuple[Crew, ...]:
    most = max((len(one.here) for one in told.people), default=1) or 1
    return tuple(
        Crew(
            says=_changes(one),
            x=told.years.index(one.year) * BAND + 3,
            y=round(bottom - 3 - 12 * len(one.here) / most, 1),
            width=BAND - 6,
            height=round(3 + 12 * len(one.here) / most, 1),
        )
        for one in told.people
        if one.year in told.years
    )


def _changes(one: PeopleYear) -> str:
    """4 people +2 −1."""  # noqa: RUF002  a minus sign is what the picture shows
    parts = [f"{len(one.here)} {'person' if len(one.here) == 1 else 'people'}"]
    parts += [f"+{len(one.came)}"] if one.came else []
    parts += [f"\N{MINUS SIGN}{len(one.went)}"] if one.went else []
    return " ".join(parts)


def _summary(told: Told, enrolled: Sequence[Enrolled]) -> str:
    """In a sentence or two: which programmes in which years, how many visits and reviews."""
    if not enrolled:
        first = f"{told.school} has been in no programme in these ten years."
    else:
        said = [
            f"{one.programme} in {spoken_year(one.year)} ({State(one.state).says})"
            for one in sorted(enrolled, key=lambda one: one.year)
        ]
        first = f"{told.school}: {_listed(said)}."
    shown = [one for one in told.happened if academic_year(one.day) in told.years]
    visits = [one for one in shown if one.kind == "visit" and one.state != "cancelled"]
    held = sum(one.state == "held" for one in visits)
    reviews = len({(one.kind, one.day) for one in shown if one.kind != "visit"})
    counted = f" {_many(len(visits), 'visit')}, of which {held} held; {_many(reviews, 'review')}."
    return first + counted


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
