"""Views of the same lines by time, and expected against evidenced against paid (docs/rules/money.md, "Periods")."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.funding.line import Line
from app.domain.funding.pence import pounds
from app.kit.periods import HALF_TERMS, Span, academic_year, spoken_year, usual_half_term, year_span

TERMS = ("Autumn", "Spring", "Summer")
MONTHS = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)
HalfTermOf = Callable[[int, date], int]  # (URN, day) -> 0 to 5: a half term belongs to the school


class By(StrEnum):
    """How the year is cut."""

    GRANT_YEAR = "grant_year"
    FINANCIAL_YEAR = "financial_year"
    TERM = "term"
    HALF_TERM = "half_term"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One piece of time: `order` sorts it among its kind, `name` is what people call it."""

    order: int
    name: str


def financial_year(day: date) -> int:
    """The year in which the financial year of this day began (1 April)."""
    return day.year if day.month >= 4 else day.year - 1


def financial_span(year: int) -> Span:
    """1 April to 31 March."""
    return Span(date(year, 4, 1), date(year + 1, 3, 31))


def month_span(day: date) -> Span:
    """The first and the last day of the day's month."""
    first = day.replace(day=1)
    after = (first + timedelta(31)).replace(day=1)
    return Span(first, after - timedelta(1))


def period_of(urn: int, day: date, by: By, half_term_of: HalfTermOf | None = None) -> Period:
    """The piece of time in which a school's day lies; half terms by its own calendar where one is given."""
    year = academic_year(day)
    if by is By.GRANT_YEAR:
        return Period(year, f"Grant year {spoken_year(year)}")
    if by is By.FINANCIAL_YEAR:
        year = financial_year(day)
        return Period(year, f"Financial year {spoken_year(year)}")
    if by is By.MONTH:
        return Period(day.year * 12 + day.month, f"{day:%B} {day.year}")
    half = usual_half_term(day) if half_term_of is None else half_term_of(urn, day)
    if by is By.HALF_TERM:
        return Period(year * 6 + half, f"{HALF_TERMS[half]}, {spoken_year(year)}")
    return Period(year * 3 + half // 2, f"{TERMS[half // 2]}, {spoken_year(year)}")


def view(lines: Iterable[Line], by: By, half_term_of: HalfTermOf | None = None) -> dict[Period, tuple[Line, ...]]:
    """The lines by period, earliest first, each line in exactly one."""
    found: dict[Period, list[Line]] = {}
    for line in lines:
        found.setdefault(period_of(line.urn, line.day, by, half_term_of), []).append(line)
    return {period: tuple(found[period]) for period in sorted(found)}


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a grant year in pence, and all that came before with it (`so_far_*`)."""

    first: date
    expected: int
    evidenced: int
    paid: int
    so_far_expected: int
    so_far_evidenced: int
    so_far_paid: int

    @property
    def name(self) -> str:
        """September 2026."""
        return f"{self.first:%B} {self.first.year}"


def forecast(
    year: int, expected: Iterable[Line], evidenced: Iterable[Line], paid: Iterable[tuple[date, int]]
) -> tuple[Month, ...]:
    """The twelve months of a grant year: lines of what the plan holds, lines of what happened, and payments by day.

    What lies outside the year counts in its first or last month, so that each column sums to all that was given.
    """
    span = year_span(year)
    columns = (
        _by_month(((line.day, line.pence) for line in expected), span),
        _by_month(((line.day, line.pence) for line in evidenced), span),
        _by_month(paid, span),
    )
    found: list[Month] = []
    so_far = [0, 0, 0]
    for month in MONTHS:
        of = [column.get(month, 0) for column in columns]
        so_far = [before + now for before, now in zip(so_far, of, strict=True)]
        found.append(Month(date(year + (month < 9), month, 1), *of, *so_far))
    return tuple(found)


def _by_month(amounts: Iterable[tuple[date, int]], span: Span) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for day, pence in amounts:
        month = min(max(day, span.first), span.last).month
        found[month] = found.get(month, 0) + pence
    return found


@dataclass(frozen=True, slots=True)
class Budget:
    """A grant year against its grant, in pence: `planned` is expected and not evidenced yet, `left` what remains."""

    grant: int
    planned: int
    evidenced: int
    paid: int

    @property
    def committed(self) -> int:
        """What the year will cost as it stands: evidenced, and planned besides."""
        return self.planned + self.evidenced

    @property
    def left(self) -> int:
        """What of the grant is not committed; negative is an overspend to come."""
        return self.grant - self.committed


def budget(grant: int, expected: Sequence[Line], evidenced: Sequence[Line], paid: int) -> Budget:
    """The year's budget; a thing expected and evidenced, by key and URN, counts once, as it is evidenced."""
    done = {(line.key, line.urn) for line in evidenced}
    planned = sum(line.pence for line in expected if (line.key, line.urn) not in done)
    return Budget(grant, planned, sum(line.pence for line in evidenced), paid)


def alerts(spent: Budget, months: Iterable[Month], near: int = 5) -> tuple[str, ...]:
    """What to know before money runs out, in sentences: an overspend and its month, or under `near` per cent left."""
    if spent.left < 0:
        more, grant = pounds(-spent.left), pounds(spent.grant)
        found = [f"The year as planned comes to {pounds(spent.committed)}: {more} more than the grant of {grant}."]
        over = next((month for month in months if month.so_far_expected > spent.grant), None)
        return (*found, f"The grant is used up in {over.name}, if all goes as planned.") if over else tuple(found)
    if spent.left * 100 < spent.grant * near:
        return (f"{pounds(spent.left)} of the grant of {pounds(spent.grant)} is left once the plan is carried out.",)
    return ()
