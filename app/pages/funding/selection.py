"""The ledger as a list: any selection of its lines with what they come to, by time, rate, school or programme."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.line import KIND_WORDS, Kind
from app.domain.funding.pence import pounds
from app.domain.funding.periods import By, Period, period_of
from app.domain.funding.selection import (
    EVERY_YEAR,
    NO_RATE,
    Kept,
    Sum,
    Wanted,
    period_word,
    periods_of,
    wanted,
)
from app.domain.funding.statements import STATE_WORDS, State
from app.kit.periods import academic_year, in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.schools.years import YearLink, year_links
from app.store.funding import half_terms as calendars
from app.store.funding import programmes
from app.store.funding import selecting as rows
from app.store.funding.programmes import Names
from app.store.funding.selecting import Offered, Part, RateNames, Selecting, Turn

COLUMNS = (
    Column("day", "Day"),
    Column("school", "School"),
    Column("rate", "What"),
    Column("", "Units", number=True),
    Column("pence", "Amount", number=True),
    Column("", "Statement"),
)
SELECTS = ("year", "period", "first", "last", "q", "urn", "rate", "programme", "group", "kind", "state")
VIEWS = {
    **{by.value: words for by, words in (
        (By.MONTH, "Month"),
        (By.HALF_TERM, "Half term"),
        (By.TERM, "Term"),
        (By.GRANT_YEAR, "Grant year"),
        (By.FINANCIAL_YEAR, "Financial year"),
    )},
    "rate": "Rate",
    "school": "School",
    "programme": "Programme",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as a row; `tone` colours the state of its statement."""

    href: str
    day: str
    school: str
    school_href: str
    what: str
    because: str
    group: str
    units: str
    amount: str
    kind: str
    statement: str
    statement_href: str
    state: str


@dataclass(frozen=True, slots=True)
class SumRow:
    """One row of a view: what it is called, and the same list narrowed to it."""

    name: str
    href: str
    lines: str
    amount: str


@dataclass(frozen=True, slots=True)
class View:
    """The selection by something: the ways it can be cut, the rows, and their total."""

    caption: str
    ways: tuple[YearLink, ...]
    rows: tuple[SumRow, ...]
    lines: str
    amount: str


@dataclass(frozen=True, slots=True)
class FileLink:
    """The same selection as a file."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class LinesPage:
    """The ledger's lines."""

    template: ClassVar[str] = "funding/lines.html"
    period: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    files: tuple[FileLink, ...]
    view: View
    listing: Listing
    lines: tuple[LineRow, ...]
    links: tuple[FileLink, ...]


def read(asked: Asked, now: datetime) -> Wanted:
    """The selection of an address; raises BadInputError."""
    return wanted(asked.query, in_london(now).date())


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> LinesPage:
    """The page: eight statements whatever the number of lines, one more for terms, two for words.

    Raises BadInputError.
    """
    selected = read(asked, now)
    chosen = await rows.selecting(db, member.hub_id, selected)
    names, called = await rows.rate_names(db, member.hub_id), await programmes.names(db, member.hub_id)
    states = [(State(key[0]), held) for key, held in await rows.sums(db, chosen, *rows.BY_STATE)]
    every = Sum(sum(held.lines for _, held in states), sum(held.pence for _, held in states))
    column, down = asked.order(tuple(rows.SORTS))
    turn = Turn(column, down, asked.value("after"), asked.value("before"), PAGE_SIZE)
    part = await rows.page(db, chosen, turn, names)
    offer = await rows.offered(db, member.hub_id, selected, names)
    year = selected.years[0] if selected.years else academic_year(in_london(now).date())
    bare = Asked(asked.path, {name: value for name, value in asked.query.items() if name not in {"after", "before"}})
    home = f"/hubs/{member.hub_code}"
    return LinesPage(
        period=selected.period,
        years=_years(bare, offer, selected, year),
        figures=_figures(states, every),
        files=_files(bare),
        view=View(*await _view(db, chosen, bare, (names, called)), f"{every.lines:,}", pounds(every.pence)),
        listing=_listing(bare, part, every, _filters(bare, offer, called, year)),
        lines=tuple(_row(home, one, key) for one, key in zip(part.lines, part.statements, strict=True)),
        links=_links(home, member),
    )


def _years(asked: Asked, offer: Offered, selected: Wanted, year: int) -> tuple[YearLink, ...]:
    bare = Asked(asked.path, {**asked.query, "period": "", "first": "", "last": ""})
    shown = year if selected.period == f"Grant year {spoken_year(year)}" else -1
    links = tuple(one for one in year_links(bare, offer.years, year))
    if not links:
        return ()
    links = tuple(replace(one, here=one.here and shown == year) for one in links)
    return (*links, YearLink("All years", bare.link(year=EVERY_YEAR), asked.value("year") == EVERY_YEAR))


def _figures(states: Sequence[tuple[State, Sum]], every: Sum) -> tuple[Figure, ...]:
    known = dict(states)
    return (
        Figure(f"in {every.lines:,} {'line' if every.lines == 1 else 'lines'}", pounds(every.pence)),
        *(Figure(STATE_WORDS[state].lower(), pounds(known[state].pence)) for state in State if state in known),
    )


def _files(asked: Asked) -> tuple[FileLink, ...]:
    query = urlencode({name: asked.value(name) for name in SELECTS if asked.value(name)})
    return tuple(
        FileLink(form.upper(), f"{asked.path}/lines.{form}{'?' if query else ''}{query}")
        for form in ("xlsx", "csv", "pdf", "json")
    )


def _links(home: str, member: Member) -> tuple[FileLink, ...]:
    found = [FileLink("Statements", f"{home}/statements"), FileLink("Forms of the funder", f"{home}/funder-forms")]
    if member.reaches(Can.CLAIM):
        found.append(FileLink("Exports that make themselves", f"{home}/standing-exports"))
    return tuple(found)


Found = tuple[str, tuple[YearLink, ...], tuple[SumRow, ...]]


async def _view(db: AsyncSession, chosen: Selecting, asked: Asked, called: tuple[RateNames, Names]) -> Found:
    """Caption, ways and rows of the view that is asked; by month when none is."""
    names, programmes_called = called
    by = asked.value("by") if asked.value("by") in VIEWS else By.MONTH.value
    ways = tuple(YearLink(words, asked.link(by=name), name == by) for name, words in VIEWS.items())
    if by == "school":
        found = [
            SumRow(key[1], asked.link(urn=str(key[2])), f"{held.lines:,}", pounds(held.pence))
            for key, held in await rows.sums(db, chosen, *rows.BY_SCHOOL)
        ]
    elif by == "rate":
        found = await _by_rate(db, chosen, asked, names)
    elif by == "programme":
        found = [
            SumRow(
                programmes_called.newest(key[0]) or "No programme",
                asked.link(programme=key[0]),
                f"{held.lines:,}",
                pounds(held.pence),
            )
            for key, held in await rows.sums(db, chosen, *rows.BY_PROGRAMME)
        ]
    else:
        found = await _by_time(db, chosen, asked, By(by))
    return f"By {VIEWS[by].lower()}", ways, tuple(found)


async def _by_rate(db: AsyncSession, chosen: Selecting, asked: Asked, names: RateNames) -> list[SumRow]:
    found: dict[tuple[str, str], Sum] = {}
    for (rate, kind, year, version), held in await rows.sums(db, chosen, *rows.BY_RATE):
        key = rows.rate_name(names, (year, version), rate, Kind(kind)), rate or kind
        _add(found.setdefault(key, Sum()), held)
    return [
        SumRow(name, asked.link(rate=code), f"{held.lines:,}", pounds(held.pence))
        for (name, code), held in sorted(found.items())
    ]


def _add(to: Sum, held: Sum) -> None:
    to.lines += held.lines
    to.pence += held.pence


async def _by_time(db: AsyncSession, chosen: Selecting, asked: Asked, by: By) -> list[SumRow]:
    halves = by in {By.TERM, By.HALF_TERM}
    known = (chosen.half_terms or await calendars.half_terms(db, chosen.hub_id)) if halves else None
    found: dict[Period, Sum] = {}
    for (urn, day), held in await rows.sums(db, chosen, *rows.BY_DAY):
        period = period_of(urn, day, by, known.half_term if known else None)
        _add(found.setdefault(period, Sum()), held)
    return [
        SumRow(
            period.name,
            asked.link(period=period_word(by, period.order), first="", last="", year=""),
            f"{held.lines:,}",
            pounds(held.pence),
        )
        for period, held in sorted(found.items())
    ]


def _listing(asked: Asked, part: Part, every: Sum, filters: tuple[Filter, ...]) -> Listing:
    empty = Empty(
        "Lines will be here: each says what is paid to which school and because of what. "
        "They follow from what happened and from the rates, whenever the ledger is brought up to date."
    )
    made = listing(asked, "Lines", COLUMNS, total=every.lines, empty=empty, filters=filters)
    return replace(
        made,
        count=len(part.lines),
        showing=f"{len(part.lines):,} of {every.lines:,}" if every.lines > PAGE_SIZE else f"{every.lines:,} in all",
        csv="",
        previous=asked.link(before=part.before) if part.before else "",
        next=asked.link(after=part.after) if part.after else "",
    )


def _filters(asked: Asked, offer: Offered, called: Names, year: int) -> tuple[Filter, ...]:
    said = asked.value
    rates = [Choice(code, name) for code, name in offer.rates]
    return (
        Filter("q", "School, URN, reason, rate, programme or statement", said("q")),
        Filter("period", "Period", said("period"), tuple(Choice(*one) for one in periods_of(year))),
        Filter("rate", "What", said("rate"), tuple(rates)),
        *_offers(asked, "programme", "Programme", [(one, called.newest(one)) for one in offer.programmes]),
        *_offers(asked, "group", "Work Group", [(one, one) for one in offer.groups]),
        Filter("kind", "How it came about", said("kind"), tuple(Choice(one.value, KIND_WORDS[one]) for one in Kind)),
        Filter("state", "Statement", said("state"), tuple(Choice(one.value, STATE_WORDS[one]) for one in State)),
    )


def _offers(asked: Asked, name: str, label: str, words: Sequence[tuple[str, str]]) -> tuple[Filter, ...]:
    return (Filter(name, label, asked.value(name), tuple(Choice(*one) for one in words)),) if words else ()


def _row(home: str, one: Kept, statement_id: uuid.UUID) -> LineRow:
    line = one.line
    return LineRow(
        href=f"{home}/lines/{one.id}",
        day=spoken_date(line.day),
        school=one.school,
        school_href=f"{home}/schools/{line.urn}",
        what=one.rate_name,
        because=line.because,
        group=line.group,
        units=line.spoken_quantity,
        amount=pounds(line.pence),
        kind="" if line.kind is Kind.DERIVED or line.kind in NO_RATE else KIND_WORDS[line.kind],
        statement=one.statement,
        statement_href=f"{home}/statements/{statement_id}",
        state=STATE_WORDS[one.state],
    )
