"""The visits a school may have in a year: what is due, booked and held, and until when the rest still fits.

Source: docs/rules/visits.md.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.kit.periods import Span, spoken_date, usual_half_term, year_span

SOON = 28  # days: fewer than these to the last day on which the rest still fits, and it is at risk
USUAL_END = (7, 20)  # where no calendar says when the summer term ends: month and day
Became = Literal["held", "booked", "unmarked"]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One school's visits of one year. `due`: those whose half term has begun; `overdue`: of those that are over.

    `unmarked`: over, but nobody said whether they were held. `last_day`: the last on which the first of those still to
    book can be, so that all fit before `ends`, the last school day; empty when nothing is left or no day was ever
    enough. `fits`: how many of those left still fit from today.
    """

    urn: int
    allowed: int
    due: int
    booked: int
    held: int
    overdue: int
    at_risk: bool
    last_day: date | None
    unmarked: int = 0
    fits: int = 0
    ends: date | None = None

    @property
    def left(self) -> int:
        """Visits still to book."""
        return max(0, self.allowed - self.held - self.booked - self.unmarked)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is in the calendar, and what became of it by now."""

    day: date
    became: Became
    id: uuid.UUID | None = None  # the event


@dataclass(frozen=True, slots=True)
class Year:
    """A school's year: its half terms in order, and the days in them on which nobody is there to visit."""

    terms: tuple[Span, ...]
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a school's entitlement is worked out from; `half_terms` has one number (from 0) for each visit."""

    urn: int
    half_terms: tuple[int, ...]
    least_gap: int
    year: Year
    visits: tuple[Visit, ...] = ()


def usual_year(year: int) -> Year:
    """Half terms as most of England keeps them, for a school without a calendar in a hub without one."""
    span = year_span(year)
    end = date(year + 1, *USUAL_END)
    found: dict[int, list[date]] = {}
    day = span.first
    while day <= end:
        found.setdefault(usual_half_term(day), []).append(day)
        day += timedelta(1)
    return Year(tuple(Span(days[0], days[-1]) for _, days in sorted(found.items())))


def half_term_of(terms: Sequence[Span], day: date) -> int:
    """The half term (from 0) that a day belongs to; a holiday goes with the one before it."""
    return max(0, sum(span.first <= day for span in terms) - 1)


def windows(half_terms: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """For each visit the first and the last half term in which it is due.

    A template with at most one visit in each term means once a term: the visit has the whole term.
    """
    wanted = sorted(half_terms)
    by_term = len({one // 2 for one in wanted}) == len(wanted)
    return tuple((one, one | 1 if by_term else one) for one in wanted)


def _begun(terms: Sequence[Span], half_term: int, today: date) -> bool:
    return half_term < len(terms) and terms[half_term].first <= today


def _over(terms: Sequence[Span], half_term: int, today: date) -> bool:
    return bool(terms) and terms[min(half_term, len(terms) - 1)].last < today


def due_then(half_terms: Iterable[int], terms: Sequence[Span], today: date) -> int:
    """How many visits were due by this day: those whose half term had begun."""
    return sum(_begun(terms, first, today) for first, _ in windows(half_terms))


def late_then(half_terms: Iterable[int], terms: Sequence[Span], today: date, held: int) -> int:
    """How many visits should have been held by this day and were not."""
    return max(0, sum(_over(terms, last, today) for _, last in windows(half_terms)) - held)


def entitlement(facts: Facts, today: date) -> Entitlement:
    """Where a school's visits stand on this day."""
    counts = {state: sum(one.became == state for one in facts.visits) for state in ("held", "booked", "unmarked")}
    allowed, terms = len(facts.half_terms), facts.year.terms
    left = max(0, allowed - sum(counts.values()))
    latest = latest_days(facts, left)
    still = sum(day >= today for day in latest)
    last_day = min(latest) if left and len(latest) == left else None
    ends = next(_backwards(facts.year), None)
    close = last_day is None or (last_day - today).days < SOON
    return Entitlement(
        urn=facts.urn,
        allowed=allowed,
        due=due_then(facts.half_terms, terms, today),
        booked=counts["booked"],
        held=counts["held"],
        overdue=late_then(facts.half_terms, terms, today, counts["held"]),
        at_risk=bool(left) and close and ends is not None and today <= ends,
        last_day=last_day,
        unmarked=counts["unmarked"],
        fits=still,
        ends=ends,
    )


@dataclass(frozen=True, slots=True)
class ThisHalfTerm:
    """What is left of a school's visits in the half term of a day, which ends on `ends`.

    `to_book`: due by now, in this half term's window, and neither held nor booked in it. `to_hold`: booked in it.
    `to_mark`: over, and nobody said whether they were held.
    """

    half_term: int
    ends: date
    to_book: int
    to_hold: tuple[Visit, ...]
    to_mark: tuple[Visit, ...]

    @property
    def anything(self) -> bool:
        """Whether anything is left to do."""
        return bool(self.to_book or self.to_hold or self.to_mark)


def this_half_term(facts: Facts, today: date) -> ThisHalfTerm:
    """What is left to book, to hold and to mark in the half term of this day; in a holiday, in the next one."""
    terms = facts.year.terms
    now = half_term_of(terms, today)
    if now + 1 < len(terms) and terms[now].last < today:
        now += 1  # in a holiday what comes next is what can still be done
    begun = [(first, last) for first, last in windows(facts.half_terms) if first <= now]
    until = max((last for _, last in begun), default=now)
    became = {state: [one for one in facts.visits if one.became == state] for state in ("held", "booked", "unmarked")}
    placed = sum(half_term_of(terms, one.day) <= until for one in became["booked"])
    to_book = len(begun) - len(became["held"]) - len(became["unmarked"]) - placed
    left = 0 if _over(terms, now, today) else len(facts.half_terms) - len(facts.visits)
    return ThisHalfTerm(
        half_term=now,
        ends=terms[now].last if now < len(terms) else today,
        to_book=max(0, min(to_book, left)),
        to_hold=tuple(one for one in became["booked"] if half_term_of(terms, one.day) == now),
        to_mark=tuple(became["unmarked"]),
    )


def latest_days(facts: Facts, count: int) -> list[date]:
    """The latest school days for so many more visits, the last first, each far enough from every other visit.

    Choosing from the end of the year backwards leaves the most room before: no other choice has a later first day.
    """
    taken = [one.day for one in facts.visits]
    gap = timedelta(facts.least_gap)
    found: list[date] = []
    if not count:
        return found
    for day in _backwards(facts.year):
        if all(abs(day - other) >= gap and day != other for other in (*taken, *found[-1:])):
            found.append(day)
            if len(found) == count:
                break
    return found


def _backwards(year: Year) -> Iterator[date]:
    """Days on which the school can be visited, from the end of its year."""
    for span in reversed(year.terms):
        day = span.last
        while day >= span.first:
            if day.weekday() < 5 and day not in year.closed:
                yield day
            day -= timedelta(1)


def counted(number: int, one: str = "visit") -> str:
    """1 visit, 2 visits."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def says(one: Entitlement, school: str, today: date) -> str:
    """What is left to book, and until when, in a sentence or two; empty when nothing is."""
    if not one.left or one.ends is None:
        return ""
    if one.ends < today:
        return f"{counted(one.left)} at {school} {'was' if one.left == 1 else 'were'} never made."
    begins = f"You have {counted(one.left)} left to book at {school} before {spoken_date(one.ends)}"
    if not one.fits:
        return f"{begins}, and no day is left on which one fits."
    if one.fits < one.left:
        return f"{begins}, and only {one.fits} still fit{'s' if one.fits == 1 else ''}."
    if one.left > 1 and one.last_day:
        return f"{begins}: the first by {spoken_date(one.last_day)} at the latest, so that all fit."
    return f"{begins}."
