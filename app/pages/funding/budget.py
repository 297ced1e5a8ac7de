"""A grant year's budget: what it will cost as planned, what is evidenced, submitted and paid, and what is left."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.forecast_drawing import forecast_chart
from app.domain.funding.ledger import lines
from app.domain.funding.line import Line
from app.domain.funding.pence import pounds
from app.domain.funding.periods import Budget as Spent
from app.domain.funding.periods import By, Month, Period, alerts, budget, forecast, view
from app.domain.funding.rates import Per
from app.domain.funding.statements import State
from app.domain.stages.picture_drawing import Drawing
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages._parts import Asked, Choice, Figure, Filter
from app.pages.schools.years import YearLink, asked_year, year_links
from app.render.stages.picture import chart_file
from app.store.funding import budgets, cards, expected, facts, half_terms, years

BY_WORDS = {
    By.TERM: "Terms",
    By.HALF_TERM: "Half terms",
    By.MONTH: "Months",
    By.FINANCIAL_YEAR: "Financial years",
    By.GRANT_YEAR: "Grant year",
}
MONTH_HEADER = ("month", "expected", "evidenced", "paid", "expected so far", "evidenced so far", "paid so far")
PERIOD_HEADER = ("period", "expected", "evidenced")
NO_MILES = "What leaders will drive is not foreseen: miles count here once somebody has entered them."
GONE = (State.SUBMITTED, State.PART_PAID, State.PAID, State.RECONCILED)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month's amounts as people read them, and all that came before with it."""

    month: str
    expected: str
    evidenced: str
    paid: str
    so_far: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One piece of the year: what is expected and what is evidenced in it."""

    period: str
    expected: str
    evidenced: str


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """The year; `settings` and `card` lead to what changes it, empty for whoever may not."""

    template: ClassVar[str] = "funding/budget.html"
    year: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    alerts: tuple[str, ...]
    hints: tuple[tuple[str, str, str], ...]  # what to do before figures mean something: words, link's words, where to
    drawing: Drawing
    svg: str
    months_csv: str
    months: tuple[MonthLine, ...]
    by: Filter
    path: str
    kept_year: str
    periods: tuple[PeriodLine, ...]
    periods_csv: str
    not_foreseen: str
    settings: str
    card: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A grant year as computed: its settings, the months, the sums, and the lines beneath them."""

    held: years.Year
    months: tuple[Month, ...]
    spent: Spent
    expected: tuple[Line, ...]
    evidenced: tuple[Line, ...]
    submitted: int
    amounts: bool  # whether the card in force has any amount
    miles: bool  # whether it pays for miles

    @property
    def alerts(self) -> tuple[str, ...]:
        """What to know before money runs out; nothing while no grant is set."""
        return alerts(self.spent, self.months, self.held.near) if self.held.grant_pence else ()


async def counted(db: AsyncSession, member: Member, year: int, now: datetime) -> Counted:
    """The year as computed now from facts, the plan and the card in force: a fixed number of statements."""
    card = await cards.in_force(db, member.hub_id, member.hub_code, year)
    held = await years.of(db, member.hub_id, year)
    happened = await facts.of_year(db, member.hub_id, year, now)
    planned = await expected.of_year(db, member.hub_id, year, now)
    typed = await budgets.typed_lines(db, member.hub_id, year)
    paid = await budgets.payments(db, member.hub_id, year)
    states = await budgets.by_state(db, member.hub_id, year)
    # In a thread: a large year takes seconds, in which others are served.
    evidenced = (*(await asyncio.to_thread(lines, card, happened)).lines, *typed)
    foreseen = (*(await asyncio.to_thread(lines, card, planned)).lines, *typed)
    return Counted(
        held=held,
        months=forecast(year, foreseen, evidenced, ((one.day, one.pence) for one in paid)),
        spent=budget(held.grant_pence, foreseen, evidenced, sum(one.pence for one in paid)),
        expected=foreseen,
        evidenced=evidenced,
        submitted=sum(one.pence for state, one in states.items() if state in GONE),
        amounts=any(amount.pence for rate in card.rates for amount in rate.amounts),
        miles=any(amount.pence for rate in card.rates if rate.per is Per.MILE for amount in rate.amounts),
    )


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> BudgetPage:
    """The page: a fixed number of statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    found = await counted(db, member, year, now)
    every = await years.years(db, member.hub_id)
    by = _by(asked)
    here = f"/hubs/{member.hub_code}/funding"
    may = bool(member.reaches(Can.EDIT_RATES))
    files = f"{here}/budget"
    return BudgetPage(
        year=spoken_year(year),
        years=year_links(asked, [*every, academic_year(today)], year),
        figures=_figures(found),
        alerts=found.alerts,
        hints=tuple(_hints(found, here, year)) if may else (),
        drawing=_drawing(found, today),
        svg=f"{files}/chart.svg?year={year}",
        months_csv=f"{files}/months.csv?year={year}",
        months=tuple(_month(one) for one in found.months),
        by=Filter(
            "by", "Cut the year into", by.value, tuple(Choice(one.value, text) for one, text in BY_WORDS.items())
        ),
        path=asked.path,
        kept_year=str(year),
        periods=tuple(
            PeriodLine(name, pounds(foreseen), pounds(done))
            for name, foreseen, done in await _cut(db, member, found, by)
        ),
        periods_csv=f"{files}/periods.csv?year={year}&by={by}",
        not_foreseen=NO_MILES if found.miles else "",
        settings=f"{here}/settings?year={year}" if may else "",
        card=f"/hubs/{member.hub_code}/rate-cards?year={year}",
    )


async def chart(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> str:
    """The forecast as an SVG file."""
    found = await counted(db, member, asked_year(asked, in_london(now).date()), now)
    return chart_file(_drawing(found, in_london(now).date()))


async def months_table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterator[tuple[object, ...]]:
    """The months under `MONTH_HEADER`."""
    found = await counted(db, member, asked_year(asked, in_london(now).date()), now)
    return (
        (
            one.name,
            *map(_number, (one.expected, one.evidenced, one.paid)),
            *map(_number, (one.so_far_expected, one.so_far_evidenced, one.so_far_paid)),
        )
        for one in found.months
    )


async def periods_table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterator[tuple[object, ...]]:
    """The periods under `PERIOD_HEADER`."""
    found = await counted(db, member, asked_year(asked, in_london(now).date()), now)
    cut = await _cut(db, member, found, _by(asked))
    return ((name, _number(foreseen), _number(done)) for name, foreseen, done in cut)


def _number(pence: int) -> Decimal:
    return Decimal(pence).scaleb(-2)


def _by(asked: Asked) -> By:
    said = asked.value("by")
    return By(said) if said in BY_WORDS else By.TERM


def _figures(found: Counted) -> tuple[Figure, ...]:
    spent = found.spent
    grant = Figure("grant", pounds(spent.grant)) if spent.grant else Figure("grant", "Not set")
    return (
        grant,
        Figure("the year as planned", pounds(spent.committed)),
        Figure("evidenced", pounds(spent.evidenced)),
        Figure("still planned", pounds(spent.planned)),
        Figure("submitted", pounds(found.submitted)),
        Figure("paid", pounds(spent.paid)),
        *((Figure("left of the grant", pounds(spent.left)),) if spent.grant else ()),
    )


def _hints(found: Counted, here: str, year: int) -> Iterator[tuple[str, str, str]]:
    if not found.held.grant_pence:
        yield (
            "No grant is set for this year, so nothing can be left of it.",
            "Set the grant",
            f"{here}/settings?year={year}",
        )
    if not found.amounts:
        cards_at = here.removesuffix("/funding")
        told = "Every amount of the rate card is nought, so every line comes to nothing."
        yield told, "Write your rates", f"{cards_at}/rate-cards?year={year}"


def _drawing(found: Counted, today: date) -> Drawing:
    through = sum(month.first <= today for month in found.months)
    return forecast_chart(found.months, found.spent.grant, through, _summary(found, through))


def _summary(found: Counted, through: int) -> str:
    last = found.months[through - 1].name if through else "the beginning"
    spent = found.spent
    grant = f", of a grant of {pounds(spent.grant)}" if spent.grant else ""
    return (
        f"As planned the year comes to {pounds(spent.committed)}{grant}. Up to {last} {pounds(spent.evidenced)} is "
        f"evidenced and {pounds(spent.paid)} paid."
    )


def _month(one: Month) -> MonthLine:
    return MonthLine(
        month=one.name,
        expected=pounds(one.expected),
        evidenced=pounds(one.evidenced),
        paid=pounds(one.paid),
        so_far=(pounds(one.so_far_expected), pounds(one.so_far_evidenced), pounds(one.so_far_paid)),
    )


async def _cut(db: AsyncSession, member: Member, found: Counted, by: By) -> list[tuple[str, int, int]]:
    """The pieces of the year, the earliest first, each with what is expected and evidenced in it."""
    half_term: Callable[[int, date], int] | None = None
    if by in {By.TERM, By.HALF_TERM}:
        half_term = (await half_terms.half_terms(db, member.hub_id)).half_term
    foreseen, done = (_sums(view(some, by, half_term)) for some in (found.expected, found.evidenced))
    return [(one.name, foreseen.get(one, 0), done.get(one, 0)) for one in sorted({*foreseen, *done})]


def _sums(cut: dict[Period, tuple[Line, ...]]) -> dict[Period, int]:
    return {period: sum(line.pence for line in some) for period, some in cut.items()}
