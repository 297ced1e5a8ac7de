"""Days, half-days, half terms and the academic year; London time in, UTC out."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.kit.errors import BadInputError, Fault

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
HALF_TERMS = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")


class Slot(StrEnum):
    """A half-day."""

    AM = "am"
    PM = "pm"


class Span(NamedTuple):
    """First and last day, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.first <= day <= self.last


def academic_year(day: date) -> int:
    """The year in which the academic year of this day began (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def usual_half_term(day: date) -> int:
    """The half term (0 to 5) that most of England is in about this day; its schools' own calendars know better."""
    ends = ((10, 31), (12, 31), (2, 17), (4, 5), (5, 31), (8, 31))
    return min(range(6), key=lambda term: ((ends[term][0] - 9) % 12, ends[term][1]) < ((day.month - 9) % 12, day.day))


def year_span(year: int) -> Span:
    """1 September to 31 August."""
    return Span(date(year, 9, 1), date(year + 1, 8, 31))


def london(day: date, at: time) -> datetime:
    """A London wall-clock time as UTC."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def in_london(moment: datetime) -> datetime:
    """An instant on the London wall clock; a naive datetime is refused."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is refused")
    return moment.astimezone(LONDON)


def clocks_change(day: date, at: time) -> bool:
    """Whether this wall-clock time lies in 01:00-01:59 of a night on which London changes its clocks.

    That hour happens twice or not at all, and calendar programs disagree on it (docs/rules/feeds.md).
    """
    before, after = (datetime.combine(day, edge, LONDON).utcoffset() for edge in (time(0), time(4)))
    return at.hour == 1 and before != after


def refuse_clock_change(day: date, starts: time, ends: time, path: str = "starts") -> None:
    """Refuse a meeting that starts or ends in the hour in which the clocks change: raises BadInputError."""
    for at in (starts, ends):
        if clocks_change(day, at):
            because = (
                f"The clocks change on {spoken_date(day)}, and {spoken_time(at)} is not one clear time that night. "
                "Choose a time before 1am or from 2am."
            )
            raise BadInputError(because, (Fault(path, because),))


def days(span: Span) -> list[date]:
    """Every day of the span, in order."""
    return [span.first + timedelta(n) for n in range((span.last - span.first).days + 1)]


@lru_cache(maxsize=2048)
def spoken_date(day: date) -> str:
    """Thursday 24 September 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def spoken_time(at: time) -> str:
    """9.30am, 1pm, 12 noon, midnight."""
    if at.hour == 12 and at.minute == 0:
        return "12 noon"
    if at.hour == 0 and at.minute == 0:
        return "midnight"
    minutes = f".{at.minute:02d}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at.hour < 12 else 'pm'}"


def spoken(moment: datetime) -> str:
    """Thursday 24 September 2026, 9.30am (London)."""
    local = in_london(moment)
    return f"{spoken_date(local.date())}, {spoken_time(local.time())}"


def spoken_hours(starts: datetime, ends: datetime) -> str:
    """9.15am to 12 noon."""
    return f"{spoken_time(in_london(starts).time())} to {spoken_time(in_london(ends).time())}"


def spoken_year(year: int) -> str:
    """2026/27."""
    return f"{year}/{(year + 1) % 100:02d}"
