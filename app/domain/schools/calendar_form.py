"""A calendar as a person types it: six half terms and days without pupils, each fault beside its field."""

from datetime import date

from app.domain.imports import Rejected, read_date
from app.domain.schools.calendars import SchoolCalendar, calendar_from
from app.domain.schools.term_dates import Entry
from app.kit.errors import BadInputError, Fault
from app.kit.periods import HALF_TERMS, Span, spoken_date, spoken_year
from app.kit.typed import Typed

LONGEST_NAME = 100
MOST_DAYS = 60
KINDS = ("inset", "closed")
CHECK = "Look at what is marked below."
_DAYS_FROM = 100  # rows of days stand after those of half terms


def read_calendar(typed: Typed, year: int) -> SchoolCalendar:
    """The calendar of the year. Raises BadInputError whose faults name fields: first_0, last_0, day_0, ..."""
    faults: list[Fault] = []
    name = " ".join(typed.text("name").split())
    if not name:
        faults.append(Fault("name", "Give the calendar a name, such as the authority's or the school's."))
    elif len(name) > LONGEST_NAME:
        faults.append(Fault("name", f"Keep the name to {LONGEST_NAME} characters."))
    lines = [*_half_term_lines(typed, name, faults), *_day_lines(typed, name, faults)]
    if not faults:
        faults += [Fault(_path(fault), fault.because) for fault in _checked(lines, year)]
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    made = calendar_from(lines)
    assert isinstance(made, SchoolCalendar)  # noqa: S101  its faults were raised above
    return made


def typed_rows(typed: Typed) -> int:
    """How many rows of days were sent."""
    return sum(1 for number in range(MOST_DAYS) if f"day_{number}" in typed.values)


def _checked(lines: list[Entry], year: int) -> list[Rejected]:
    made = calendar_from(lines)
    if not isinstance(made, SchoolCalendar):
        return made
    if made.year != year:
        because = f"These are dates of {spoken_year(made.year)}, and this calendar is for {spoken_year(year)}."
        return [Rejected(0, "from", "", because)]
    return []


def _path(fault: Rejected) -> str:
    """The field that a line's column stands for; a fault of the whole calendar stands at its first field."""
    if fault.row >= _DAYS_FROM:
        return f"day_{fault.row - _DAYS_FROM}"
    return f"{'last' if fault.column == 'to' else 'first'}_{fault.row}"


def _half_term_lines(typed: Typed, name: str, faults: list[Fault]) -> list[Entry]:
    lines = []
    for number, called in enumerate(HALF_TERMS):
        found = []
        for path, which in ((f"first_{number}", "first"), (f"last_{number}", "last")):
            try:
                found.append(read_date(typed.text(path)))
            except ValueError:
                faults.append(Fault(path, f"Write the {which} day of {called} with day, month and year."))
        if len(found) == 2 and found[1] < found[0]:
            because = f"{called} ends before it begins on {spoken_date(found[0])}: correct one of the two days."
            faults.append(Fault(f"last_{number}", because))
        elif len(found) == 2:
            lines.append(Entry(number, name, "half term", called, Span(*found)))
    return lines


def _day_lines(typed: Typed, name: str, faults: list[Fault]) -> list[Entry]:
    lines: list[Entry] = []
    for number in range(typed_rows(typed)):
        day, called, kind = (typed.text(f"{part}_{number}") for part in ("day", "called", "kind"))
        if not day:
            if called:
                faults.append(Fault(f"day_{number}", f"Write the day of {called}, or empty its name."))
            continue
        try:
            on = read_date(day)
        except ValueError:
            faults.append(Fault(f"day_{number}", "Write the day with day, month and year, or empty it."))
            continue
        because = _day_fault(on, called, lines)
        if because:
            faults.append(Fault(f"day_{number}", because))
        kind = kind if kind in KINDS else "inset"
        lines.append(Entry(_DAYS_FROM + number, name, kind, called, Span(on, on)))
    return lines


def _day_fault(on: date, called: str, lines: list[Entry]) -> str:
    if any(line.span.first == on for line in lines):
        return "This day is in the list already: keep it once."
    return f"Keep the name to {LONGEST_NAME} characters." if len(called) > LONGEST_NAME else ""
