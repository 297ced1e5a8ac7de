"""Which lines of the ledger are meant: one selection for the screen, CSV, XLSX, PDF and JSON, and what it comes to."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.domain.funding.line import KIND_WORDS, Kind, Line
from app.domain.funding.periods import TERMS, By, financial_span, financial_year, month_span
from app.domain.funding.statements import STATE_WORDS, State
from app.kit.errors import BadInputError, Fault
from app.kit.periods import HALF_TERMS, Span, academic_year, spoken_date, spoken_year, year_span

EVERY_YEAR = "all"
NO_RATE = {Kind.ADJUSTMENT: "Adjustment", Kind.BROUGHT: "Brought forward"}
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a line must be: empty fields ask nothing. `half_terms` (0 to 5) are those of each line's own school."""

    span: Span | None = None
    half_terms: frozenset[int] = frozenset()
    period: str = ""  # what people call span and half terms
    urn: int | None = None
    group: str = ""
    rate: str = ""
    programme: str = ""
    kind: str = ""
    state: str = ""
    statement_id: uuid.UUID | None = None
    words: str = ""

    @property
    def says(self) -> tuple[str, ...]:
        """The selection in words, for the head of a file."""
        named = (
            ("", self.period),
            ("School with the URN ", str(self.urn or "")),
            ("Work Group ", self.group),
            ("Rate ", self.rate),
            ("Programme ", self.programme),
            ("", KIND_WORDS.get(_known(Kind, self.kind) or Kind.DERIVED, "") if self.kind else ""),
            ("Statements that are ", f"“{self.state.replace('_', ' ')}”" if self.state else ""),
            ("Words: ", self.words),
        )
        return tuple(f"{name}{value}" for name, value in named if value)

    @property
    def years(self) -> tuple[int, ...]:
        """The grant years that its days lie in; none where they are not limited."""
        if self.span is None:
            return ()
        return tuple(range(academic_year(self.span.first), academic_year(self.span.last) + 1))


def _known(kinds: type[Kind], word: str) -> Kind | None:
    return next((one for one in kinds if one.value == word), None)


def wanted(asked: Mapping[str, str], today: date) -> Wanted:
    """The selection that an address asks for; without a period it is the present grant year.

    Raises BadInputError with a sentence for days, a period or a URN that cannot be read; other words find nothing.
    """
    span, half_terms, period = _span(asked, today)
    return Wanted(
        span=span,
        half_terms=half_terms,
        period=period,
        urn=_number(asked, "urn"),
        group=asked.get("group", "").strip(),
        rate=asked.get("rate", "").strip(),
        programme=asked.get("programme", "").strip(),
        kind=asked.get("kind", "").strip(),
        state=asked.get("state", "").strip(),
        words=asked.get("q", "").strip(),
    )


def _wrong(name: str, because: str) -> BadInputError:
    return BadInputError(because, (Fault(name, because),))


def _number(asked: Mapping[str, str], name: str) -> int | None:
    text = asked.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _wrong(name, f"“{text[:20]}” is not a number: enter it in digits.")
    return int(text)


Meant = tuple[Span | None, frozenset[int], str]


def _span(asked: Mapping[str, str], today: date) -> Meant:
    if period := asked.get("period", "").strip():
        return _period(period)
    first, last = (asked.get(name, "").strip() for name in ("first", "last"))
    if first or last:
        return _days(first, last, today)
    year = asked.get("year", "").strip()
    if year == EVERY_YEAR:
        return None, frozenset(), "All years"
    return _grant_year(_year(year) if year else academic_year(today))


def _grant_year(year: int) -> Meant:
    return year_span(year), frozenset(), f"Grant year {spoken_year(year)}"


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in _YEARS:
        return int(text)
    raise _wrong("year", f"“{text[:20]}” is not a year: enter the one in which it begins, such as 2026.")


def _days(first: str, last: str, today: date) -> Meant:
    span = Span(
        _day("first", first) if first else year_span(academic_year(_day("last", last))).first,
        _day("last", last) if last else max(today, _day("first", first)),
    )
    if span.last < span.first:
        raise _wrong("last", f"{spoken_date(span.last)} is before {spoken_date(span.first)}: enter a later last day.")
    return span, frozenset(), f"{spoken_date(span.first)} to {spoken_date(span.last)}"


def _day(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _wrong(name, f"“{text[:20]}” is not a day: enter it as 2026-09-24.") from None
    if found.year not in _YEARS:
        raise _wrong(name, f"{found.year} is not a year of this ledger: enter a day from 2000 to 2100.")
    return found


def _period(text: str) -> Meant:
    kind, _, rest = text.partition(".")
    head, _, tail = rest.partition(".")
    if kind == By.MONTH:
        month = month_span(_day("period", f"{rest}-01"))
        return month, frozenset(), f"{month.first:%B} {month.first.year}"
    year = _year(head)
    if kind == By.GRANT_YEAR:
        return _grant_year(year)
    if kind == By.FINANCIAL_YEAR:
        return financial_span(year), frozenset(), f"Financial year {spoken_year(year)}"
    place = int(tail) if tail.isascii() and tail.isdigit() and len(tail) == 1 else -1
    if kind == By.TERM and place in range(3):
        halves = frozenset({2 * place, 2 * place + 1})
        return year_span(year), halves, f"{TERMS[place]} term, {spoken_year(year)}"
    if kind == By.HALF_TERM and place in range(6):
        return year_span(year), frozenset({place}), f"{HALF_TERMS[place]}, {spoken_year(year)}"
    raise _wrong("period", f"“{text[:30]}” is not a period: choose one from the list.")


def period_word(by: By, order: int) -> str:
    """How an address names a period, by its `order` among its kind (domain/funding/periods.py)."""
    if by is By.MONTH:
        return f"{by.value}.{(order - 1) // 12}-{(order - 1) % 12 + 1:02d}"
    if by in {By.GRANT_YEAR, By.FINANCIAL_YEAR}:
        return f"{by.value}.{order}"
    year, place = divmod(order, 3 if by is By.TERM else 6)
    return f"{by.value}.{year}.{place}"


def periods_of(year: int) -> tuple[tuple[str, str], ...]:
    """What can be chosen within a grant year: (how the address names it, what people call it)."""
    words = (
        *(period_word(By.TERM, year * 3 + place) for place in range(3)),
        *(period_word(By.HALF_TERM, year * 6 + place) for place in range(6)),
        *(period_word(By.MONTH, year * 12 + 9 + place) for place in range(12)),
        *(period_word(By.FINANCIAL_YEAR, financial_year(day)) for day in year_span(year)),
    )
    return tuple((word, _period(word)[2]) for word in words)


class Kept(NamedTuple):
    """A line as the ledger keeps it: with its id, its school, its rate's name, and the statement that it is in."""

    id: str
    line: Line
    school: str
    rate_name: str
    statement: str
    state: State

    @property
    def what(self) -> str:
        """What it is paid for: its rate's key, or its kind where no rate pays it."""
        return self.line.rate or self.line.kind.value


@dataclass(slots=True)
class Sum:
    """How many lines, and what they come to in pence."""

    lines: int = 0
    pence: int = 0


@dataclass(slots=True)
class Totals:
    """What a selection comes to, added up while it is read: all of it, by state, by school and by rate."""

    every: Sum = field(default_factory=Sum)
    states: dict[State, Sum] = field(default_factory=dict)
    schools: dict[tuple[str, int], Sum] = field(default_factory=dict)
    rates: dict[tuple[str, str], Sum] = field(default_factory=dict)

    def add(self, kept: Iterable[Kept]) -> None:
        """Count these lines too."""
        for one in kept:
            pence = one.line.pence
            for held in (
                self.every,
                self.states.setdefault(one.state, Sum()),
                self.schools.setdefault((one.school, one.line.urn), Sum()),
                self.rates.setdefault((one.what, one.rate_name), Sum()),
            ):
                held.lines += 1
                held.pence += pence

    @property
    def by_state(self) -> list[tuple[str, Sum]]:
        """In the order of a statement's life."""
        return [(STATE_WORDS[state], self.states[state]) for state in State if state in self.states]


class Reason(NamedTuple):
    """What did not earn, and why, with the names of its school and rate."""

    day: date
    urn: int
    school: str
    rate_name: str
    programme: str
    group: str
    because: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """A rate card in words: which one it is, and each of its rates with what it asks."""

    title: str
    rates: tuple[tuple[str, str, tuple[str, ...]], ...]  # key, sentence, conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says beside its lines."""

    hub: str
    code: str
    title: str
    says: tuple[str, ...]
    first: date  # stands for the time at which a file was made, so that equal lines make equal bytes
    reasons: tuple[Reason, ...] = ()
    rules: tuple[Rules, ...] = ()
