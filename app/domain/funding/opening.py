"""Which statement takes a line: one that is open, else the next to open, as the hub cuts its year.

Source: docs/rules/money.md, "Statements".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.domain.funding.periods import By, month_span, period_of
from app.domain.funding.statements import Statement, open_for
from app.kit.periods import Span, spoken_date, usual_half_term, year_span

SCHOOL = "school"  # a statement for each school, else one of the hub


@dataclass(frozen=True, slots=True)
class Opening:
    """A statement to open: of a school, or of the hub (`urn` empty), for a period of a grant year."""

    year: int
    period: Span
    urn: int | None = None


@lru_cache(maxsize=64)
def cut(every: str, year: int) -> tuple[Span, ...]:
    """The periods of a grant year, the earliest first: itself, its terms, half terms or months.

    Terms and half terms are those usual in England: one statement is of one period, whatever a school's calendar says.
    """
    whole = year_span(year)
    if every == By.GRANT_YEAR:
        return (whole,)
    ends = []
    day = whole.first
    while day <= whole.last:
        last = month_span(day).last if every == By.MONTH else _last_of(day, 2 if every == By.TERM else 1)
        ends.append(Span(day, last))
        day = last + timedelta(1)
    return tuple(ends)


def _last_of(first: date, halves: int) -> date:
    """The last day of the half term, or of the term of two, that this day is in."""
    here, day = usual_half_term(first) // halves, first
    while usual_half_term(day + timedelta(1)) // halves == here:
        day += timedelta(1)
    return day


def next_period(every: str, year: int, day: date, closed: Iterable[Span] = ()) -> Span:
    """The period in which a line of this day is claimed: the first that ends after it and that nobody has closed.

    Where all are closed it is the last one, once more.
    """
    periods = cut(every, year)
    done = max((one.last for one in closed), default=date.min)
    return next((one for one in periods if one.last >= day and one.last > done), periods[-1])


def placed(
    per: str, every: str, year: int, statements: Iterable[Statement], wanted: Sequence[tuple[int, date]]
) -> list[Statement | Opening]:
    """The statement for each line, by its URN and day: one that is open, or one to open; the same for several.

    `statements` are all of the year, closed ones too.
    """
    of: dict[int | None, list[Statement]] = {}
    for one in statements:
        of.setdefault(one.urn, []).append(one)
    known: dict[tuple[int, date], Statement | Opening] = {}
    planned: dict[int | None, list[Opening]] = {}
    for urn, day in sorted(set(wanted), key=lambda one: (one[1], one[0])):
        payee = urn if per == SCHOOL else None
        found = open_for((*of.get(urn, ()), *of.get(None, ())), urn, day)
        ready = next((one for one in planned.get(payee, ()) if one.period.last >= day), None)
        if found is None and ready is None:
            closed = (one.period for one in of.get(payee, ()) if one.frozen)
            ready = Opening(year, next_period(every, year, day, closed), payee)
            planned.setdefault(payee, []).append(ready)
        known[urn, day] = found or ready or Opening(year, year_span(year), payee)
    return [known[want] for want in wanted]


def spoken_period(year: int, period: Span) -> str:
    """A statement's period as people call it: Autumn, 2026/27; else its first and last day."""
    for every in (By.GRANT_YEAR, By.TERM, By.HALF_TERM, By.MONTH):
        if period in cut(every, year):
            return period_of(0, period.first, every).name
    return f"{spoken_date(period.first)} to {spoken_date(period.last)}"
