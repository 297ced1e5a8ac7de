"""The Work Groups of a hub in a year: a list to search, sort and narrow."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.kit.periods import in_london, spoken_date, spoken_hours, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.meetings.marks import coming
from app.pages.schools.map import LOOKS, Look
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.meetings import groups, marks
from app.store.meetings.groups import GroupRow
from app.store.meetings.marks import EventMark
from app.store.schools import reading

COLUMNS = (
    Column("code", "Code"),
    Column("name", "Name"),
    Column("programme", "Programme"),
    Column("leader", "Leader"),
    Column("schools", "Schools", number=True),
    Column("people", "People", number=True),
    Column("next", "Next meeting"),
)
CSV_HEADER = ("Code", "Name", "Programme", "Leader", "Schools", "People", "Online", "Next meeting", "Host")


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A Work Group as a row; `few` when it has fewer schools than its programme asks for."""

    id: uuid.UUID
    href: str
    code: str
    name: str
    kind: str
    look: Look
    programme: str
    leader_id: uuid.UUID
    leader: str
    schools: int
    few: bool
    people: int
    online: bool
    next_day: str
    next_words: str
    host: str
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The page."""

    template: ClassVar[str] = "meetings/groups.html"
    year: str
    years: tuple[YearLink, ...]
    listing: Listing
    lines: tuple[GroupLine, ...]
    new_href: str


async def lines_of(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> tuple[GroupLine, ...]:
    """Every Work Group that fits what was asked, in its order: two statements."""
    return _ordered([one for one in await _lines(db, member, asked, now) if _fits(one, asked)], asked)


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> GroupsPage:
    """The page, in three statements whatever the number of Work Groups."""
    year = asked_year(asked, in_london(now).date())
    every = await _lines(db, member, asked, now)
    chosen = _ordered([one for one in every if _fits(one, asked)], asked)
    may_add = Reach.HUB in member.reaches(Can.EDIT_GROUPS)
    new_href = f"/hubs/{member.hub_code}/groups/new?year={year}" if may_add else ""
    begin = ("Make the first Work Group", new_href) if new_href else ()
    empty = Empty(f"The Work Groups of {spoken_year(year)} will be here, each with its leader and schools.", *begin)
    first = (asked.page - 1) * PAGE_SIZE
    return GroupsPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        listing=listing(asked, "Work Groups", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=chosen[first : first + PAGE_SIZE],
        new_href=new_href,
    )


def csv_row(line: GroupLine) -> tuple[object, ...]:
    """A Work Group under `CSV_HEADER`."""
    head = (line.code, line.name, line.programme, line.leader, line.schools, line.people, line.online)
    return (*head, in_london(line.starts_at).replace(tzinfo=None) if line.starts_at else None, line.host)


async def _lines(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[GroupLine]:
    year, today = asked_year(asked, in_london(now).date()), in_london(now).date()
    rows = await groups.of_year(db, member, year)
    meetings: dict[uuid.UUID | None, list[EventMark]] = {}
    for mark in await marks.dates_of(db, member, year, [row.id for row in rows]):
        meetings.setdefault(mark.group_id, []).append(mark)
    return [_line(member, row, coming(meetings.get(row.id, ()), today)) for row in rows]


def _line(member: Member, row: GroupRow, after: EventMark | None) -> GroupLine:
    return GroupLine(
        id=row.id,
        href=f"/hubs/{member.hub_code}/groups/{row.id}",
        code=row.code,
        name=row.name,
        kind=row.kind,
        look=LOOKS.get(row.kind, "none"),
        programme=row.programme,
        leader_id=row.leader_id,
        leader=row.leader,
        schools=row.schools,
        few=row.schools < row.fewest_schools,
        people=row.people,
        online=row.online,
        next_day=spoken_date(after.day) if after else "",
        next_words=f"{spoken_hours(after.starts_at, after.ends_at)}, {_where(after)}" if after else "None planned",
        host=_where(after) if after else "",
        starts_at=after.starts_at if after else None,
    )


def _where(mark: EventMark) -> str:
    return "online" if mark.online else mark.school


def _fits(line: GroupLine, asked: Asked) -> bool:
    said = f"{line.code} {line.name} {line.leader}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("programme") in {"", line.kind}
        and asked.value("leader") in {"", str(line.leader_id)}
    )


_ORDERS: dict[str, Callable[[GroupLine], Any]] = {
    "code": lambda line: line.code.casefold(),
    "name": lambda line: line.name.casefold(),
    "programme": lambda line: line.programme.casefold(),
    "leader": lambda line: line.leader.casefold(),
    "schools": lambda line: line.schools,
    "people": lambda line: line.people,
    "next": lambda line: (line.starts_at is None, line.starts_at.timestamp() if line.starts_at else 0),
}


def _ordered(lines: list[GroupLine], asked: Asked) -> tuple[GroupLine, ...]:
    column, down = asked.order(tuple(_ORDERS))
    return tuple(sorted(lines, key=_ORDERS[column], reverse=down))


def _filters(asked: Asked, lines: Sequence[GroupLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    programmes = sorted({(line.kind, line.programme) for line in lines}, key=lambda one: one[1].casefold())
    leaders = sorted({(str(line.leader_id), line.leader) for line in lines}, key=lambda one: one[1].casefold())
    return (
        Filter("q", "Code, name or leader", asked.value("q")),
        Filter("programme", "Programme", asked.value("programme"), tuple(Choice(*one) for one in programmes)),
        Filter("leader", "Leader", asked.value("leader"), tuple(Choice(*one) for one in leaders)),
    )
