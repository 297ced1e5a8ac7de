"""The tables beside the charts of the hub's picture, and the lines of its bars: the same numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.stages.barriers import LEVER_NAMES
from app.domain.stages.ladder import Stage, State
from app.domain.stages.picture import LEFT, NEW, NOT_ENROLLED, Count, Picture, School
from app.domain.stages.picture_bars import Line, Part
from app.domain.stages.picture_map import away
from app.kit.periods import HALF_TERMS, spoken_date, spoken_year

TURNOVER = ("absences", "nobody", "left", "head")  # keys of rules that tell of absence and turnover: these come first
WEIGHTS = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its words, and whether numbers stand in it."""

    text: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; its first cell leads to `href`."""

    cells: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A chart's numbers."""

    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]


def _table(caption: str, texts: Sequence[str], numbers: Sequence[str], rows: Iterable[Row]) -> Table:
    """Columns of text, then columns of numbers."""
    columns = (*(Heading(text) for text in texts), *(Heading(text, number=True) for text in numbers))
    return Table(caption, columns, tuple(rows))


def _school(school: School, home: str, *cells: object) -> Row:
    return Row((school.name, *(str(cell) for cell in cells)), f"{home}/schools/{school.urn}/journey")


def stands(school: School) -> tuple[str, str]:
    """A school's stage and state in words."""
    if not (school.stage and school.state):
        return "", NOT_ENROLLED
    return school.stage.says, State(school.state).says


def of_map(picture: Picture, home: str) -> Table:
    """Every school: stage, state, Work Group, authority, minutes from whoever leads it."""
    minutes = away(picture)
    rows = (
        _school(
            school,
            home,
            school.urn,
            *stands(school),
            school.group,
            school.authority,
            minutes.get((school.group, school.urn), ""),
        )
        for school in picture.schools
    )
    texts = ("School", "URN", "Stage", "State", "Work Group", "Local authority")
    return _table("Schools by stage", texts, ("Minutes from whoever leads",), rows)


def of_strip(picture: Picture, _home: str) -> Table:
    """A line for each Work Group, half term and kind of which there is anything."""
    rows = (
        Row((group.code, HALF_TERMS[term], kind, *_numbers(count)))
        for group in picture.groups
        for term in range(6)
        for kind, counts in (("Meetings", group.meetings), ("Visits", group.visits))
        if (count := counts[term] if term < len(counts) else Count()) != Count()
    )
    numbers = ("To come", "Held", "Overdue", "Cancelled")
    return _table("Meetings and visits by half term", ("Work Group", "Half term", "Kind"), numbers, rows)


def _numbers(count: Count) -> tuple[str, ...]:
    return tuple(str(number) for number in (count.planned, count.held, count.missed, count.cancelled))


def of_flow(picture: Picture, _home: str) -> Table:
    """Each way that schools went into a year."""
    ordered = sorted(picture.flows, key=lambda flow: -flow.year)
    rows = (Row((spoken_year(one.year), _at(one.source), _at(one.target), str(one.count))) for one in ordered)
    return _table("From stage to stage", ("Into", "From", "To"), ("Schools",), rows)


def _at(stage: str) -> str:
    return {NEW: "new, or back", LEFT: "no longer takes part"}.get(stage) or Stage(stage).says


def of_survival(picture: Picture, _home: str) -> Table:
    """A line for each cohort, a column for each year since it began."""
    most = max((len(one.stays) for one in picture.cohorts), default=0)
    rows = (
        Row((spoken_year(one.year), *map(str, one.stays), *("" for _ in range(most - len(one.stays)))))
        for one in picture.cohorts
    )
    after = [f"{n} {'year' if n == 1 else 'years'} on" for n in range(1, most)]
    return _table("Schools that still take part", ("Began in",), ("Schools", *after), rows)


def of_visits(picture: Picture, home: str) -> Table:
    """Every school that has visits, those at risk first, then those overdue."""
    known = {school.urn: school for school in picture.schools}
    ordered = sorted(
        (one for one in picture.visits if one.allowed and one.urn in known),
        key=lambda one: (not one.at_risk, -one.overdue, known[one.urn].name.casefold()),
    )
    rows = (
        _school(
            known[one.urn],
            home,
            known[one.urn].group,
            "at risk" if one.at_risk else "overdue" if one.overdue else "",
            spoken_date(one.last_day) if one.last_day else "",
            *(one.allowed, one.due, one.held, one.booked, one.left, one.overdue),
        )
        for one in ordered
    )
    texts = ("School", "Work Group", "Calls for", "Last day to book the next")
    return _table("Visits of each school", texts, ("Allowed", "Due", "Held", "Booked", "To book", "Overdue"), rows)


def visit_lines(picture: Picture) -> tuple[Line, ...]:
    """A bar for each stage: held, booked, over without a word, still to book."""
    known = {school.urn: school.stage for school in picture.schools}
    lines = []
    for stage in (*Stage, None):
        own = [one for one in picture.visits if one.allowed and known.get(one.urn) == stage]
        if not own:
            continue
        parts = (
            Part(sum(one.held for one in own), "held", "held"),
            Part(sum(one.booked for one in own), "some", "booked"),
            Part(sum(one.unmarked for one in own), "missed", "over, not marked held"),
            Part(sum(one.left for one in own), "planned", "to book"),
        )
        risk, overdue = sum(one.at_risk for one in own), sum(one.overdue for one in own)
        lines.append(Line(stage.says if stage else "Not enrolled", parts, f"{overdue} overdue, {risk} at risk"))
    return tuple(lines)


def of_barriers(picture: Picture, _home: str) -> Table:
    """Open barriers by lever and weight."""
    rows = (
        Row((_lever(one.lever), one.weight, str(one.count), str(one.overdue)))
        for one in sorted(picture.barriers, key=lambda one: (one.lever, WEIGHTS.index(one.weight)))
    )
    return _table("Open barriers", ("Lever", "Weight"), ("Open", "Past their day"), rows)


def _lever(key: str) -> str:
    return LEVER_NAMES.get(key, key.replace("_", " "))


def barrier_lines(picture: Picture) -> tuple[Line, ...]:
    """A bar for each lever, by weight; levers without any are told too, so that none seems forgotten."""
    if not picture.barriers:
        return ()
    counts = {(one.lever, one.weight): one.count for one in picture.barriers}
    levers = dict.fromkeys([*LEVER_NAMES, *(one.lever for one in picture.barriers)])
    return tuple(
        Line(_lever(key), tuple(Part(counts.get((key, weight), 0), weight, f"{weight} weight") for weight in WEIGHTS))
        for key in levers
    )


def of_flags(picture: Picture, home: str) -> Table:
    """What the rules say of which school, absence and turnover first."""
    known = {school.urn: school for school in picture.schools}
    ordered = sorted((one for one in picture.flags if one.urn in known), key=lambda one: (_order(one.key), one.urn))
    rows = (_school(known[one.urn], home, one.name, one.says, known[one.urn].group) for one in ordered)
    return _table("What the rules say", ("School", "Rule", "Says", "Work Group"), (), rows)


def _order(key: str) -> tuple[int, str]:
    return (TURNOVER.index(key), "") if key in TURNOVER else (len(TURNOVER), key)


def flag_lines(picture: Picture) -> tuple[Line, ...]:
    """A bar for each rule that speaks, absence and turnover first; schools are counted."""
    counts = Counter((one.key, one.name) for one in picture.flags)
    ordered = sorted(counts, key=lambda one: _order(one[0]))
    return tuple(
        Line(name, (Part(counts[key, name], "some", "schools"),), f"{counts[key, name]}") for key, name in ordered
    )
