"""Adjustments: amounts that no fact earned, written by one person and agreed by a second."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.pence import pounds
from app.domain.funding.statements import WHY_WORDS, Why
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.funding.statement import NOT_KNOWN
from app.pages.funding.statements import pounds_number
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import adjustments
from app.store.funding.adjustments import Row

STATE_WORDS = {"proposed": "To agree", "agreed": "Agreed", "declined": "Declined", "taken_back": "Taken back"}
STATE_TAGS = {"proposed": "yellow", "agreed": "green", "declined": "grey", "taken_back": "grey"}
COLUMNS = (
    Column("made", "Written"),
    Column("school", "School"),
    Column("", "What for"),
    Column("amount", "Amount", number=True),
    Column("state", "State"),
)
CSV_HEADER = (
    "School",
    "URN",
    "Day",
    "Kind",
    "Because",
    "Programme",
    "Amount",
    "State",
    "Written",
    "Written by",
    "Settled",
    "Settled by",
    "Settled because",
    "Statement",
)


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """An adjustment as a row."""

    href: str
    made: str
    by: str
    school: str
    why: str
    because: str
    amount: str
    state: str
    state_tag: str


@dataclass(frozen=True, slots=True)
class AdjustmentsPage:
    """The list."""

    template: ClassVar[str] = "funding/adjustments.html"
    year: str
    years: tuple[YearLink, ...]
    listing: Listing
    lines: tuple[AdjustmentLine, ...]
    home: str
    new_href: str


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> AdjustmentsPage:
    """The list: one statement."""
    asked, year = _newest_first(asked), asked_year(asked, in_london(now).date())
    every = await adjustments.every(db, member.hub_id)
    chosen = _chosen(every, asked, year)
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}"
    new = f"{home}/adjustments/new?year={year}" if member.reaches(Can.CLAIM) else ""
    empty = Empty(
        "Adjustments will be here: amounts that no fact earned, written by one person and agreed by a second.",
        "Write an adjustment" if new else "",
        new,
    )
    return AdjustmentsPage(
        year=spoken_year(year),
        years=year_links(asked, [one.row.year for one in every], year),
        listing=listing(
            asked, "Adjustments", COLUMNS, total=len(chosen), empty=empty, filters=_filters(every, asked, year)
        ),
        lines=tuple(_line(home, one) for one in chosen[first : first + PAGE_SIZE]),
        home=home,
        new_href=new,
    )


async def rows(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """The adjustments that fit, under `CSV_HEADER`: one statement."""
    asked, year = _newest_first(asked), asked_year(asked, in_london(now).date())
    return [_csv(one) for one in _chosen(await adjustments.every(db, member.hub_id), asked, year)]


def _newest_first(asked: Asked) -> Asked:
    """The newest comes first unless another order is asked for."""
    return asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "-made"})


def _chosen(every: Sequence[Row], asked: Asked, year: int) -> list[Row]:
    column, down = asked.order(tuple(_ORDERS))
    fitting = [one for one in every if one.row.year == year and _fits(one, asked)]
    return sorted(fitting, key=_ORDERS[column], reverse=down)


def _fits(one: Row, asked: Asked) -> bool:
    said = f"{one.school} {one.row.urn} {one.row.because}".casefold()
    return all(word in said for word in asked.value("q").casefold().split()) and all(
        asked.value(name) in {"", getattr(one.row, name)} for name in ("state", "why")
    )


_ORDERS: dict[str, Callable[[Row], Any]] = {
    "made": lambda one: (one.row.made_at, str(one.row.id)),
    "school": lambda one: (one.school.casefold(), one.row.made_at),
    "amount": lambda one: (one.row.pence, one.row.made_at),
    "state": lambda one: (one.row.state, one.row.made_at),
}


def _filters(every: Sequence[Row], asked: Asked, year: int) -> tuple[Filter, ...]:
    if not any(one.row.year == year for one in every):
        return ()
    return (
        Filter("q", "School, URN or words", asked.value("q")),
        Filter("state", "State", asked.value("state"), tuple(Choice(*one) for one in STATE_WORDS.items())),
        Filter("why", "Kind", asked.value("why"), tuple(Choice(one.value, says) for one, says in WHY_WORDS.items())),
    )


def _line(home: str, one: Row) -> AdjustmentLine:
    row = one.row
    return AdjustmentLine(
        href=f"{home}/adjustments/{row.id}",
        made=spoken_date(in_london(row.made_at).date()),
        by=one.by or NOT_KNOWN,
        school=one.school,
        why=WHY_WORDS[Why(row.why)],
        because=row.because,
        amount=pounds(row.pence),
        state=STATE_WORDS[row.state],
        state_tag=STATE_TAGS[row.state],
    )


def _csv(one: Row) -> tuple[object, ...]:
    row = one.row
    return (
        one.school,
        row.urn,
        row.day,
        WHY_WORDS[Why(row.why)],
        row.because,
        row.programme,
        pounds_number(row.pence),
        STATE_WORDS[row.state],
        in_london(row.made_at).date(),
        one.by,
        in_london(row.settled_at).date() if row.settled_at else "",
        one.settled_by,
        row.settled_because,
        one.reference,
    )
