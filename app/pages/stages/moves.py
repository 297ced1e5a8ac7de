"""Moves of schools between stages: those that wait for a second person, and those that were settled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.moves import MoveState
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schools.map import LOOKS, Look
from app.store.stages import moves
from app.store.stages.moves import Row

STATE_TAGS = {"proposed": "yellow", "agreed": "green", "declined": "grey", "taken_back": "grey", "reversed": "grey"}
COLUMNS = (
    Column("school", "School"),
    Column("from", "From"),
    Column("to", "To"),
    Column("state", "State"),
    Column("proposed", "Proposed"),
    Column("settled", "Settled"),
)
CSV_HEADER = (
    "School",
    "URN",
    "From",
    "To",
    "State",
    "Not all criteria met",
    "Because",
    "Proposed",
    "Proposed by",
    "Settled",
    "Settled by",
    "Settled because",
    "Reversed",
    "Reversed because",
)


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A move as a row; `override` when not all criteria were met."""

    href: str
    school: str
    urn: int
    came_from: str
    goes_to: str
    look: Look
    kind: str
    year: int
    state: str
    state_says: str
    state_tag: str
    override: bool
    proposed: str
    proposed_by: str
    settled: str
    settled_by: str
    row: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class MovesPage:
    """The page."""

    template: ClassVar[str] = "stages/moves.html"
    listing: Listing
    lines: tuple[MoveLine, ...]


async def load(db: AsyncSession, member: Member, asked: Asked) -> MovesPage:
    """The page: one statement."""
    asked = _newest_first(asked)
    every = [_line(member, row) for row in await moves.every(db, member)]
    chosen = _ordered([one for one in every if _fits(one, asked)], asked)
    empty = Empty(
        "Moves between stages will be here, each with the evidence it rests on. Propose one from a school's enrolment.",
        "Look at the ladder",
        f"/hubs/{member.hub_code}/ladder",
    )
    first = (asked.page - 1) * PAGE_SIZE
    return MovesPage(
        listing=listing(asked, "Moves", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
    )


async def rows(db: AsyncSession, member: Member, asked: Asked) -> list[tuple[object, ...]]:
    """Every move that fits what was asked, under `CSV_HEADER`: one statement."""
    asked = _newest_first(asked)
    every = [_line(member, row) for row in await moves.every(db, member)]
    return [one.row for one in _ordered([one for one in every if _fits(one, asked)], asked)]


def _line(member: Member, one: Row) -> MoveLine:
    row, state = one.row, MoveState(one.row.state)
    came_from, goes_to = named_of(one)
    return MoveLine(
        href=f"/hubs/{member.hub_code}/moves/{row.id}",
        school=one.school,
        urn=row.urn,
        came_from=came_from,
        goes_to=goes_to,
        look=LOOKS.get(one.goes_to.kind, "none"),
        kind=one.goes_to.kind,
        year=one.goes_to.year,
        state=state.value,
        state_says=state.says,
        state_tag=STATE_TAGS[state],
        override=row.override,
        proposed=_day(row.proposed_at),
        proposed_by=one.proposed_by,
        settled=_day(row.settled_at),
        settled_by=one.settled_by,
        row=(
            one.school,
            row.urn,
            came_from,
            goes_to,
            state.says,
            row.override,
            row.because,
            _moment(row.proposed_at),
            one.proposed_by,
            _moment(row.settled_at),
            one.settled_by,
            row.settled_because,
            _moment(row.reversed_at),
            row.reversed_because,
        ),
    )


def named_of(one: Row) -> tuple[str, str]:
    """What a move leads from, and what it leads to, each with its year."""
    return f"{one.was_in}, {spoken_year(one.was.year)}", f"{one.goes_to.name}, {spoken_year(one.goes_to.year)}"


def _day(at: datetime | None) -> str:
    return spoken_date(in_london(at).date()) if at else ""


def _moment(at: datetime | None) -> datetime | None:
    return in_london(at).replace(tzinfo=None) if at else None


def _fits(line: MoveLine, asked: Asked) -> bool:
    said = f"{line.school} {line.urn}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("state") in {"", line.state}
        and asked.value("to") in {"", line.kind}
        and asked.value("year") in {"", str(line.year)}
    )


_ORDERS: dict[str, Callable[[MoveLine], Any]] = {
    "proposed": lambda line: line.row[7],
    "school": lambda line: line.school.casefold(),
    "from": lambda line: line.came_from.casefold(),
    "to": lambda line: line.goes_to.casefold(),
    "state": lambda line: line.state,
    "settled": lambda line: (line.row[9] is None, line.row[9] or line.row[7]),
}


def _newest_first(asked: Asked) -> Asked:
    """The newest proposal comes first unless another order is asked for."""
    return asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "-proposed"})


def _ordered(lines: list[MoveLine], asked: Asked) -> list[MoveLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted(lines, key=_ORDERS[column], reverse=down)


def _filters(asked: Asked, lines: Sequence[MoveLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    states = tuple(Choice(one.value, one.says.capitalize()) for one in MoveState)
    kinds = sorted({(line.kind, line.goes_to.rpartition(",")[0]) for line in lines}, key=lambda one: one[1].casefold())
    years = sorted({line.year for line in lines}, reverse=True)
    return (
        Filter("q", "School or URN", asked.value("q")),
        Filter("state", "State", asked.value("state"), states),
        Filter("to", "To", asked.value("to"), tuple(Choice(*one) for one in dict(kinds).items())),
        Filter("year", "Into", asked.value("year"), tuple(Choice(str(year), spoken_year(year)) for year in years)),
    )
