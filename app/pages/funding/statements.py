"""The statements of a hub: what is open, what waits for a second person, what was sent and paid."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.opening import spoken_period
from app.domain.funding.pence import pounds
from app.domain.funding.statements import FROM, NEEDS, STATE_WORDS, STEP_WORDS, State, Step
from app.kit.periods import Span, in_london, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import statements
from app.store.funding.statements import Row

STATE_TAGS = {
    State.OPEN: "blue",
    State.CLOSED: "yellow",
    State.APPROVED: "turquoise",
    State.SUBMITTED: "purple",
    State.PART_PAID: "yellow",
    State.PAID: "green",
    State.RECONCILED: "grey",
}
HUBS = "The hub"
AT_ONCE = (Step.CLOSE, Step.APPROVE, Step.SUBMIT)  # what is done to several statements together
COLUMNS = (
    Column("reference", "Statement"),
    Column("school", "Paid to"),
    Column("period", "Period"),
    Column("state", "State"),
    Column("lines", "Lines", number=True),
    Column("amount", "Amount", number=True),
    Column("paid", "Paid", number=True),
)
CSV_HEADER = (
    "Statement",
    "School",
    "URN",
    "Grant year",
    "First day",
    "Last day",
    "State",
    "Lines",
    "Queried lines",
    "Amount",
    "Paid",
    "Left",
    "Closed",
    "Closed by",
    "Approved by",
    "Digest",
)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement as a row; `can_tick` where the viewer may do something with several at once."""

    id: str
    href: str
    reference: str
    school: str
    period: str
    state: str
    state_tag: str
    lines: str
    queried: int
    amount: str
    paid: str
    can_tick: bool


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Something that can be done with the ticked statements: where it leads, and its words."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """The page."""

    template: ClassVar[str] = "funding/statements.html"
    year: str
    year_number: int
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[StatementLine, ...]
    at_once: tuple[AtOnce, ...]
    home: str
    office: bool


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> StatementsPage:
    """The page: one statement."""
    year = asked_year(asked, in_london(now).date())
    every = await statements.every(db, member)
    of_year = [one for one in every if one.row.year == year]
    chosen = _ordered([one for one in of_year if fits(one, asked)], asked)
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}"
    at_once = _at_once(member, of_year)
    empty = Empty(
        "Statements will be here. They are opened when the ledger is brought up to date and something was earned.",
        "Look at the rate card" if member.reaches(Can.SEE_FUNDING) else "",
        f"{home}/rate-cards",
    )
    filters = _filters(asked, of_year)
    return StatementsPage(
        year=spoken_year(year),
        year_number=year,
        years=year_links(asked, [one.row.year for one in every], year),
        figures=_figures(chosen),
        listing=listing(asked, "Statements", COLUMNS, total=len(chosen), empty=empty, filters=filters),
        lines=tuple(line(member, one) for one in chosen[first : first + PAGE_SIZE]),
        at_once=tuple(AtOnce(STEP_WORDS[step], f"{home}/statements/{step.value}") for step in at_once),
        home=home,
        office=bool(member.reaches(Can.SEE_FUNDING)),
    )


async def rows(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """The statements that fit, under `CSV_HEADER`, amounts in pounds: one statement."""
    year = asked_year(asked, in_london(now).date())
    every = [one for one in await statements.every(db, member) if one.row.year == year and fits(one, asked)]
    return [_csv(one) for one in _ordered(every, asked)]


def line(member: Member, one: Row) -> StatementLine:
    """A statement as a row of a list."""
    row, state = one.row, State(one.row.state)
    return StatementLine(
        id=str(row.id),
        href=f"/hubs/{member.hub_code}/statements/{row.id}",
        reference=row.reference,
        school=one.school or HUBS,
        period=period_of(one),
        state=STATE_WORDS[state],
        state_tag=STATE_TAGS[state],
        lines=f"{one.lines:,}",
        queried=one.queried,
        amount=pounds(one.pence),
        paid=pounds(row.paid) if row.paid or state in {State.PAID, State.RECONCILED} else "",
        can_tick=any(state in FROM[step] and _may(member, step) for step in AT_ONCE),
    )


def period_of(one: Row) -> str:
    """A statement's period in words."""
    return spoken_period(one.row.year, Span(one.row.first, one.row.last))


def _may(member: Member, step: Step) -> bool:
    return bool(member.reaches(NEEDS[step]))


def _at_once(member: Member, rows_of: Sequence[Row]) -> list[Step]:
    """What can be done with some of these statements together, by this member."""
    states = {State(one.row.state) for one in rows_of}
    return [step for step in AT_ONCE if _may(member, step) and states & set(FROM[step])]


def _figures(chosen: Iterable[Row]) -> tuple[Figure, ...]:
    """What the statements come to, by where they stand, and what is paid of them."""
    sums: dict[State, int] = {}
    paid = 0
    for one in chosen:
        state = State(one.row.state)
        sums[state] = sums.get(state, 0) + one.pence
        paid += one.row.paid
    if not sums:
        return ()
    found = [Figure("in all", pounds(sum(sums.values())))]
    found += [Figure(STATE_WORDS[state].lower(), pounds(sums[state])) for state in State if state in sums]
    return (*found, Figure("was paid of it", pounds(paid)))


def _period_key(one: Row) -> str:
    return f"{one.row.first.isoformat()}_{one.row.last.isoformat()}"


def fits(one: Row, asked: Asked) -> bool:
    """Whether the filters of the address leave the statement in."""
    said = f"{one.row.reference} {one.school or HUBS} {one.row.urn or ''}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("state") in {"", one.row.state}
        and asked.value("period") in {"", _period_key(one)}
        and asked.value("urn") in {"", str(one.row.urn or "")}
        and (not asked.value("queried") or bool(one.queried))
    )


_STATES = tuple(State)
_ORDERS: dict[str, Callable[[Row], Any]] = {
    "reference": lambda one: one.row.reference,
    "school": lambda one: (one.row.urn is not None, one.school.casefold(), one.row.reference),
    "period": lambda one: (one.row.first, one.row.last, one.row.reference),
    "state": lambda one: (_STATES.index(State(one.row.state)), one.row.reference),
    "lines": lambda one: (one.lines, one.row.reference),
    "amount": lambda one: (one.pence, one.row.reference),
    "paid": lambda one: (one.row.paid, one.row.reference),
}


def _ordered(found: list[Row], asked: Asked) -> list[Row]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted(found, key=_ORDERS[column], reverse=down)


def _filters(asked: Asked, found: Sequence[Row]) -> tuple[Filter, ...]:
    if not found:
        return ()
    periods = {_period_key(one): period_of(one) for one in sorted(found, key=_ORDERS["period"])}
    states = [state for state in State if any(one.row.state == state for one in found)]
    return (
        Filter("q", "School, URN or reference", asked.value("q")),
        Filter("state", "State", asked.value("state"), tuple(Choice(one.value, STATE_WORDS[one]) for one in states)),
        Filter("period", "Period", asked.value("period"), tuple(Choice(*one) for one in periods.items())),
    )


def pounds_number(pence: int) -> Decimal:
    """Pounds as a spreadsheet reads them, a number also below nought: -1234.50."""
    return Decimal(pence).scaleb(-2)


def _csv(one: Row) -> tuple[object, ...]:
    row = one.row
    return (
        row.reference,
        one.school or HUBS,
        row.urn or "",
        spoken_year(row.year),
        row.first,
        row.last,
        STATE_WORDS[State(row.state)],
        one.lines,
        one.queried,
        pounds_number(one.pence),
        pounds_number(row.paid),
        pounds_number(one.pence - row.paid),
        day_of(row.closed_at),
        one.closed_by,
        one.approved_by,
        row.digest,
    )


def day_of(at: datetime | None) -> date | str:
    """The London day of a moment."""
    return in_london(at).date() if at else ""
