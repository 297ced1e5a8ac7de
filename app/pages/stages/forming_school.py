"""Where else a school could be: what each move and exchange costs, or the rule that forbids it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.schedule.forming_moves import WAITS, Moves, Option
from app.domain.stages.forming_groups import Groups, Step, minutes_more
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.stages.forming_known import key_of, ready

COLUMNS = (
    Column("change", "All journeys together"),
    Column("group", "Where"),
    Column("other", "In exchange for"),
    Column("minutes", "Its own journey", number=True),
    Column("", "What is against it"),
    Column("", "Choose"),
)
CSV_HEADER = ("Where", "In exchange for", "Minutes more or less", "Minutes of its own journey", "Against it")
WHAT = {"move": "Moves", "exchange": "Exchanges"}
FITS = {"yes": "Nothing is against it", "no": "A rule is against it"}
THOSE_THAT_WAIT = "Wait, in no group"
OTHER_PROGRAMME = "Another programme"


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place for the school. `to` and `other` are what the form sends: a group (empty: it waits) and a school."""

    where: str
    number: int
    other: str
    change: int
    says: str
    minutes: int | None
    against: tuple[str, ...]
    to: str
    other_key: str
    choose: str
    full: str


@dataclass(frozen=True, slots=True)
class FormingSchoolPage:
    """The page of one school."""

    template: ClassVar[str] = "stages/forming_school.html"
    address: str
    back: str
    heading: str
    urn: int
    name: str
    kind: str
    now: str
    can_move: bool
    listing: Listing
    lines: tuple[PlaceLine, ...]
    version: int


async def load(db: AsyncSession, member: Member, forming_id: uuid.UUID, urn: int, asked: Asked) -> FormingSchoolPage:
    """The page: one statement; every place is tried. Raises NotFoundError, ConflictError when there are no groups."""
    row, groups = await ready(db, member, forming_id, urn)
    key = key_of(groups, urn, asked.value("kind"))
    every = _lines(groups, key)
    chosen = _asked_for(every, asked)
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}/formings/{row.id}"
    return FormingSchoolPage(
        address=f"{home}/schools/{urn}",
        back=home,
        heading="Groups on their way",
        urn=urn,
        name=groups.names[key],
        kind=asked.value("kind"),
        now=_now(groups, key),
        can_move=Reach.HUB in member.reaches(Can.PLAN),
        listing=listing(
            asked,
            "Where else it could be",
            COLUMNS,
            total=len(chosen),
            empty=Empty("There is no other group."),
            filters=(
                Filter("q", "Leader or school", asked.value("q")),
                Filter("what", "What", asked.value("what"), tuple(Choice(*one) for one in WHAT.items())),
                Filter("fits", "Rules", asked.value("fits"), tuple(Choice(*one) for one in FITS.items())),
            ),
        ),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        version=row.version,
    )


async def rows_of(
    db: AsyncSession, member: Member, forming_id: uuid.UUID, urn: int, asked: Asked
) -> list[tuple[object, ...]]:
    """Every place that fits what was asked, under CSV_HEADER."""
    _, groups = await ready(db, member, forming_id, urn)
    lines = _asked_for(_lines(groups, key_of(groups, urn, asked.value("kind"))), asked)
    return [(one.where, one.other, one.change, one.minutes, " ".join(one.against)) for one in lines]


async def read_step(db: AsyncSession, member: Member, forming_id: uuid.UUID, urn: int, typed: Typed) -> Step:
    """The move that the form asks for. Raises NotFoundError, ConflictError when there are no groups."""
    _, groups = await ready(db, member, forming_id, urn)
    return Step(key_of(groups, urn, typed.text("kind")), typed.text("to"), typed.text("other"))


def _now(groups: Groups, key: str) -> str:
    here = next((each for each in groups.now.groups if key in each.schools), None)
    if here is None:
        return "It waits, and is in no group."
    priced = Moves(groups.forming, groups.now).table.priced(here.leader, here.schools)
    where = groups.names[here.id]
    if priced.middle == key:
        return f"It is the middle school of {where}: the others travel to it."
    return f"It is in {where}, and travels {priced.minutes[key]} minutes to {groups.names[priced.middle]}."


def _lines(groups: Groups, key: str) -> list[PlaceLine]:
    moves = Moves(groups.forming, groups.now)
    here = moves.where[key]
    options = [one for one in moves.of(key) if one.group != here]
    return [_line(groups, moves, one) for one in (*options, *moves.exchanges(key))]


def _line(groups: Groups, moves: Moves, one: Option) -> PlaceLine:
    called = groups.names
    where = called[one.group] if one.group != WAITS else THOSE_THAT_WAIT
    other = called[one.other] if one.other else ""
    elsewhere = bool(one.group) and moves.group[one.group].programme != groups.forming.school[one.school].programme
    return PlaceLine(
        where=where,
        number=groups.number.get(one.group, len(groups.number) + 1),
        other=other,
        change=one.cost,
        says=OTHER_PROGRAMME if elsewhere else minutes_more(one.cost).capitalize(),
        minutes=None if elsewhere else _minutes(moves, one),
        against=tuple(dict.fromkeys(groups.said(because) for because in one.forbids)),
        to=one.group,
        other_key=one.other,
        choose="Exchange" if other else "Move it there" if one.group else "Let it wait",
        full=f"for {other}" if other else f"to {where}" if one.group else "",
    )


def _minutes(moves: Moves, one: Option) -> int | None:
    """Its journey to the middle school of the group as it would be then."""
    if one.group == WAITS:
        return None
    group = moves.group[one.group]
    schools = [*(each for each in group.schools if each != one.other), one.school]
    return moves.table.priced(group.leader, schools).minutes[one.school]


_ORDERS: dict[str, Callable[[PlaceLine], Any]] = {
    "change": lambda one: (bool(one.against), one.change, one.number, one.other.casefold()),
    "group": lambda one: (one.number, one.other.casefold()),
    "other": lambda one: (one.other.casefold(), one.number),
    "minutes": lambda one: (one.minutes is None, one.minutes or 0, one.number, one.other.casefold()),
}


def _asked_for(lines: Sequence[PlaceLine], asked: Asked) -> list[PlaceLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down)


def _fits(line: PlaceLine, asked: Asked) -> bool:
    said = f"{line.where} {line.other}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("what") in {"", "exchange" if line.other else "move"}
        and asked.value("fits") in {"", "no" if line.against else "yes"}
    )
