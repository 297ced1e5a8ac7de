"""A school's year: six half terms in order, with INSET days and closures; or one sentence for each fault."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.imports import Rejected, folded, rejected
from app.domain.schools.half_terms import half_terms
from app.domain.schools.term_dates import Entry
from app.kit.periods import Span, days

INSET_REACH = timedelta(days=14)
LONGEST_CLOSURE_DAYS = 14


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which the school is shut to pupils: `kind` is "inset" or "closed"."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """One calendar's academic year; days off may lie just outside the half terms, as INSET days do."""

    name: str
    year: int
    half_terms: tuple[Span, ...]
    days_off: tuple[DayOff, ...]


def calendars(
    entries: Iterable[Entry], *, broken: frozenset[str] = frozenset(), passing_over: bool = False
) -> tuple[list[SchoolCalendar], list[Rejected]]:
    """The calendars that the lines make, one for each name and year, and what is wrong with the others.

    Names in `broken` have a row that was refused and are left out: half a year is worse than none. With
    `passing_over`, years that are not whole are left out silently when another year of that name is whole: an
    authority's file reaches into last year and the next.
    """
    made: list[SchoolCalendar] = []
    faults: list[Rejected] = []
    for name, years in _by_name_and_year(entries).items():
        if name in broken:
            continue
        answers = [calendar_from(lines) for lines in years.values()]
        whole = [answer for answer in answers if isinstance(answer, SchoolCalendar)]
        made += whole
        if not (passing_over and whole):
            faults += [fault for answer in answers if not isinstance(answer, SchoolCalendar) for fault in answer]
    return made, faults


def calendar_from(lines: Sequence[Entry]) -> SchoolCalendar | list[Rejected]:
    """One calendar's year from its lines (at least one), or what is wrong with it."""
    blocks, faults = half_terms(lines)
    if faults:
        return faults
    spans = tuple(block.span for block in blocks)
    off = sorted((line for line in lines if line.kind in {"inset", "closed"}), key=lambda line: (line.span, line.kind))
    faults = list(_day_off_faults(off, spans))
    return faults or SchoolCalendar(lines[0].calendar, blocks[1].year, spans, tuple(_days_off(off)))


def _by_name_and_year(entries: Iterable[Entry]) -> dict[str, dict[int, list[Entry]]]:
    found: dict[str, dict[int, list[Entry]]] = {}
    for entry in entries:
        years = found.setdefault(folded(entry.calendar), {})
        years.setdefault(entry.year, []).append(entry)
        if entry.is_summer_holiday:
            # It ends one year and begins the next; both may need it to find their first or last day.
            years.setdefault(entry.year + 1, []).append(entry)
    for years in found.values():
        for year in [year for year, lines in years.items() if all(line.is_summer_holiday for line in lines)]:
            if len(years) > 1:
                del years[year]
    return found


def _day_off_faults(off: Sequence[Entry], spans: Sequence[Span]) -> Iterator[Rejected]:
    for line in off:
        first, last = line.span
        if (last - first).days >= LONGEST_CLOSURE_DAYS:
            because = "More than two weeks shut is a holiday: leave it out, and give the half terms around it."
            yield rejected(line.row, "to", last.isoformat(), because)
        elif line.kind == "inset" and not any(
            span.first - INSET_REACH <= first and last <= span.last + INSET_REACH for span in spans
        ):
            because = "This INSET day is more than two weeks away from every half term: check its date."
            yield rejected(line.row, "from", first.isoformat(), because)


def _days_off(off: Sequence[Entry]) -> Iterator[DayOff]:
    """Each day once: the first line that names it keeps it."""
    seen: set[date] = set()
    for line in off:
        for day in days(line.span):
            if day not in seen and day.weekday() <= 4:
                seen.add(day)
                yield DayOff(day, line.kind, line.name or ("INSET" if line.kind == "inset" else "Closed"))
