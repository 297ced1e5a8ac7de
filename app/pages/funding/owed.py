"""What one school is paid in a grant year, because of what, when; and what did not earn, and why."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.funding.ledger import lines
from app.domain.funding.line import Unearned
from app.domain.funding.pence import pounds
from app.domain.funding.statements import STATE_WORDS, State
from app.kit.errors import ForbiddenError, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.funding.evidence import EvidenceLink, evidence_links
from app.pages.funding.queries import QueryLine, query_line
from app.pages.funding.statements import STATE_TAGS, pounds_number
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import budgets, cards, facts, ledger_lines, queries, selecting, years
from app.store.funding.ledger_lines import Row
from app.store.schools.changing import in_hub, school_name

WORDS = {
    State.OPEN: "To be claimed",
    State.CLOSED: "Being checked",
    State.APPROVED: "Being checked",
    State.SUBMITTED: "Sent for payment",
    State.PART_PAID: "Sent for payment",
    State.PAID: "Paid",
    State.RECONCILED: "Paid",
}
COLUMNS = (
    Column("", "For"),
    Column("", "Day"),
    Column("", "Because"),
    Column("", "Where it stands"),
    Column("", "Amount", number=True),
)
CSV_HEADER = ("For", "Day", "Because", "Statement", "State", "Queried", "Units", "Amount of a unit", "Amount")
MOST_REASONS = 100


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One line as the school reads it; `query` leads to asking about it, empty while it is asked or may not be."""

    href: str
    what: str
    day: str
    because: str
    state: str
    tag: str
    statement: str
    statement_href: str
    queried: bool
    query: str
    amount: str


@dataclass(frozen=True, slots=True)
class Reason:
    """What did not earn, why, and what shows it."""

    what: str
    day: str
    because: str
    evidence: tuple[EvidenceLink, ...]


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A payment that was recorded."""

    day: str
    amount: str
    statement: str


@dataclass(frozen=True, slots=True)
class OwedPage:
    """The page."""

    template: ClassVar[str] = "funding/owed.html"
    school: str
    school_href: str
    year: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    renewed: str
    listing: Listing
    lines: tuple[OwedLine, ...]
    paid: tuple[PaidLine, ...]
    reasons: tuple[Reason, ...]
    more_reasons: int
    queries: str
    gone: tuple[QueryLine, ...]  # asked about lines that are no longer due


async def load(db: AsyncSession, viewer: Viewer, member: Member, urn: int, asked: Asked, now: datetime) -> OwedPage:
    """The page, in a fixed number of statements. Raises NotFoundError, ForbiddenError for another school."""
    name = await _school(db, viewer, member, urn)
    year = asked_year(asked, in_london(now).date())
    home = f"/hubs/{member.hub_code}"
    held = await years.of(db, member.hub_id, year)
    rows = await ledger_lines.of_school(db, member, urn, year)
    names = await selecting.rate_names(db, member.hub_id)
    may = bool(decide(viewer, Can.QUERY_LINE, Target(member.hub_id, urns=frozenset({urn}))))
    chosen = asked.value("state")
    fitting = [one for one in rows if chosen in {"", WORDS[State(one.statement.state)]}]
    first = (asked.page - 1) * PAGE_SIZE
    reasons = await _unearned(db, member, urn, year, now)
    words = dict.fromkeys(WORDS.values())
    return OwedPage(
        school=name,
        school_href=f"{home}/schools/{urn}",
        year=spoken_year(year),
        years=year_links(asked, [*await years.years(db, member.hub_id), academic_year(in_london(now).date())], year),
        figures=_figures(rows),
        renewed=f"As of {spoken_date(in_london(held.renewed_at).date())}." if held.renewed_at else "",
        listing=listing(
            asked,
            f"What {name} is paid",
            COLUMNS,
            total=len(fitting),
            empty=Empty("Each meeting attended, visit and day of release will be a line here, with what it pays."),
            filters=(Filter("state", "Where it stands", chosen, tuple(Choice(one, one) for one in words)),),
        ),
        lines=tuple(_line(home, one, names, may=may) for one in fitting[first : first + PAGE_SIZE]),
        paid=tuple(
            PaidLine(spoken_date(one.day), pounds(one.pence), one.reference)
            for one in await budgets.payments(db, member.hub_id, year, urn)
        ),
        reasons=reasons[:MOST_REASONS],
        more_reasons=max(0, len(reasons) - MOST_REASONS),
        queries=f"{home}/queries",
        gone=tuple(query_line(member, one) for one in await queries.every(db, member, gone_of=urn)),
    )


async def table(
    db: AsyncSession, viewer: Viewer, member: Member, urn: int, asked: Asked, now: datetime
) -> Iterator[tuple[object, ...]]:
    """Every line under `CSV_HEADER`. Raises NotFoundError, ForbiddenError for another school."""
    await _school(db, viewer, member, urn)
    year = asked_year(asked, in_london(now).date())
    rows = await ledger_lines.of_school(db, member, urn, year)
    names = await selecting.rate_names(db, member.hub_id)
    chosen = asked.value("state")
    return (
        (
            _what(one, names), one.line.day, one.line.because, one.statement.reference,
            WORDS[State(one.statement.state)], bool(one.held), one.line.spoken_quantity,
            pounds_number(one.line.rate_pence), pounds_number(one.line.pence),
        )
        for one in rows
        if chosen in {"", WORDS[State(one.statement.state)]}
    )  # fmt: skip


async def _school(db: AsyncSession, viewer: Viewer, member: Member, urn: int) -> str:
    allowed = decide(viewer, Can.SEE_OWED, Target(member.hub_id, urns=frozenset({urn})))
    if not allowed:
        raise ForbiddenError(getattr(allowed, "because", ""))
    name = await school_name(db, urn)
    here = await in_hub(db, member.hub_id, urn) or await ledger_lines.has_any(db, member.hub_id, urn)
    if name is None or not here:
        raise NotFoundError
    return name


def _figures(rows: Sequence[Row]) -> tuple[Figure, ...]:
    sums = dict.fromkeys(WORDS.values(), 0)
    for one in rows:
        sums[WORDS[State(one.statement.state)]] += one.line.pence
    # What came in part is paid already; a statement of the whole hub does not say whose part came.
    part = {one.statement.id: one.statement for one in rows if one.statement.state == State.PART_PAID}
    came = sum(one.paid for one in part.values() if one.urn is not None)
    sums[WORDS[State.PART_PAID]] -= came
    sums[WORDS[State.PAID]] += came
    held = sum(one.line.pence for one in rows if one.held)
    asked = (Figure("of it queried", pounds(held)),) if held else ()
    return (*(Figure(words.lower(), pounds(pence)) for words, pence in sums.items()), *asked)


def _what(one: Row, names: selecting.RateNames) -> str:
    return selecting.rate_name(names, (one.statement.year, one.line.card_version), one.line.rate, one.line.kind)


def _line(home: str, one: Row, names: selecting.RateNames, *, may: bool) -> OwedLine:
    state = State(one.statement.state)
    own = one.statement.urn is not None
    return OwedLine(
        href=f"{home}/lines/{one.id}",
        what=_what(one, names),
        day=spoken_date(one.line.day),
        because=one.line.because,
        state=WORDS[state],
        tag=STATE_TAGS[state],
        statement=f"{one.statement.reference}, {STATE_WORDS[state].lower()}",
        statement_href=f"{home}/statements/{one.statement.id}" if own else "",
        queried=bool(one.held),
        query=f"{home}/lines/{one.id}/query" if may and not one.held else "",
        amount=pounds(one.line.pence),
    )


async def _unearned(db: AsyncSession, member: Member, urn: int, year: int, now: datetime) -> tuple[Reason, ...]:
    """What the school did that did not earn: computed from the hub's year, as caps and conditions need all of it."""
    card = await cards.in_force(db, member.hub_id, member.hub_code, year)
    happened = await facts.of_year(db, member.hub_id, year, now)
    found = (await asyncio.to_thread(lines, card, happened)).unearned  # a large year takes seconds
    names = {rate.key: rate.name for rate in card.rates}
    own = sorted((one for one in found if one.urn == urn), key=lambda one: (one.day, one.key), reverse=True)
    return tuple(_reason(member, one, names) for one in own)


def _reason(member: Member, one: Unearned, names: dict[str, str]) -> Reason:
    links = evidence_links(member.hub_code, one.evidence, office=bool(member.reaches(Can.SEE_FUNDING)))
    return Reason(names.get(one.rate, "No rate"), spoken_date(one.day), one.because, tuple(links))
