"""Every time that Work Groups of a coming year were proposed, and the button for the next."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.stages.forming_facts import FormingFacts, lacking
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.schools.years import YearLink, year_links
from app.pages.stages.forming_known import STATES
from app.pages.stages.recruiting import coming_year
from app.store.stages import forming_facts, formings, recruiting
from app.store.stages.formings import FormingLine as Row

COLUMNS = (
    Column("made", "Proposed"),
    Column("state", "State"),
    Column("groups", "Groups", number=True),
    Column("by", "By"),
)
CSV_HEADER = ("Proposed", "For", "State", "Groups", "By", "Id")


@dataclass(frozen=True, slots=True)
class FormingsLine:
    """One of them in the list."""

    id: uuid.UUID
    href: str
    made: str
    state: str
    groups: int
    by: str


@dataclass(frozen=True, slots=True)
class FormingsPage:
    """The list of a year. `lacks` says what must be known before groups can be proposed; then there is no button."""

    template: ClassVar[str] = "stages/formings.html"
    address: str
    year: str
    year_number: int
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    lacks: tuple[str, ...]
    can_propose: bool
    open: str
    coming: str
    specialists: str
    listing: Listing
    lines: tuple[FormingsLine, ...]


async def load(db: AsyncSession, member: Member, asked: Asked, today: date) -> FormingsPage:
    """The page, in a fixed number of statements."""
    year, home = coming_year(asked, today), f"/hubs/{member.hub_code}"
    rows = await formings.listed(db, member.hub_id, year)
    facts = await forming_facts.of_year(db, member, year)
    chosen = _asked_for(rows, asked)
    first = (asked.page - 1) * PAGE_SIZE
    lacks = tuple(fault.because for fault in lacking(facts))
    open_one = next((row for row in rows if row.status in formings.OPEN), None)
    states = tuple(Choice(name, words) for name, words in STATES.items())
    return FormingsPage(
        address=f"{home}/formings",
        year=spoken_year(year),
        year_number=year,
        years=year_links(asked, await recruiting.years(db, member.hub_id), year),
        figures=_figures(facts),
        lacks=lacks,
        can_propose=not lacks and Reach.HUB in member.reaches(Can.PLAN),
        open=f"{home}/formings/{open_one.id}" if open_one else "",
        coming=f"{home}/recruitment/next?year={year}",
        specialists=f"{home}/specialists",
        listing=listing(
            asked,
            "Proposed groups",
            COLUMNS,
            total=len(chosen),
            empty=Empty(f"Groups that were proposed for {spoken_year(year)} will be here."),
            filters=(Filter("state", "State", asked.value("state"), states),) if rows else (),
        ),
        lines=tuple(_line(home, row) for row in chosen[first : first + PAGE_SIZE]),
    )


async def rows_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> list[tuple[object, ...]]:
    """The list as rows under CSV_HEADER."""
    year = coming_year(asked, today)
    return [
        (spoken(row.made_at), spoken_year(row.year), STATES[row.status], row.groups, row.made_by, row.id)
        for row in _asked_for(await formings.listed(db, member.hub_id, year), asked)
    ]


def read_year(text: str) -> int:
    """The academic year that a form sends; raises BadInputError."""
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:6]) <= 2100):
        fault = Fault("year", "Give the year in which the academic year begins, like 2027.")
        raise BadInputError("There is no such academic year.", (fault,))
    return int(text)


_ORDERS: dict[str, Callable[[Row], Any]] = {
    "made": lambda row: -row.made_at.timestamp(),
    "state": lambda row: list(STATES).index(row.status),
    "groups": lambda row: row.groups,
    "by": lambda row: row.made_by.casefold(),
}


def _asked_for(rows: list[Row], asked: Asked) -> list[Row]:
    state = asked.value("state")
    column, down = asked.order(tuple(_ORDERS))
    return sorted((row for row in rows if state in {"", row.status}), key=_ORDERS[column], reverse=down)


def _line(home: str, row: Row) -> FormingsLine:
    href = f"{home}/formings/{row.id}"
    return FormingsLine(row.id, href, spoken(row.made_at), STATES[row.status], row.groups, row.made_by)


def _figures(facts: FormingFacts) -> tuple[Figure, ...]:
    waiting = {one.name: sum(school.kind == one.kind for school in facts.schools) for one in facts.programmes}
    figures = [Figure(f"{name}: schools in no Work Group", f"{count:,}") for name, count in waiting.items() if count]
    if figures:
        figures.append(Figure("Work Groups that can still be led", f"{sum(one.most for one in facts.leaders):,}"))
    return tuple(figures)
