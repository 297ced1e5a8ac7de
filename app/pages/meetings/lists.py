"""Meetings, visits and observations of a year, each as a list with the year's ribbon above it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings import states
from app.kit.periods import HALF_TERMS, academic_year, in_london, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.ribbon import Kind, Ribbon, RibbonEvent, ribbon
from app.store.meetings import events, year

ListKind = Literal["meetings", "visits", "observations"]
KINDS: dict[ListKind, Kind] = {"meetings": "meeting", "visits": "visit", "observations": "observation"}
LEADS: dict[ListKind, str] = {"meetings": "Led by", "visits": "Visitor", "observations": "Observer"}
HEADINGS: dict[ListKind, str] = {
    "meetings": "When do Work Groups meet?",
    "visits": "Which visits are there?",
    "observations": "Which lessons are watched?",
}
NONE_YET: dict[ListKind, str] = {
    "meetings": "The meetings of each Work Group will be here, one each half term, once the year has a plan.",
    "visits": "Visits to schools will be here once the year has a plan.",
    "observations": "Lessons that a Specialist watches between meetings will be here once the year has a plan.",
}


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list: what it says of itself, when, where, and how it stands."""

    id: uuid.UUID
    kind: Kind
    state: states.State
    says: str
    starts: datetime
    ends: datetime
    half_term: str
    online: bool
    urn: int
    school: str
    group_id: uuid.UUID | None
    group: str
    lead: str
    teacher: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class EventsPage:
    """One kind of events of one year. `address` is the hub's own path."""

    template: ClassVar[str] = "meetings/list.html"
    heading: str
    lead_word: str
    observed: bool
    address: str
    year: str
    ribbon: Ribbon
    listing: Listing
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class EventsTable:
    """The same list as a file: its header, and every row that was asked for."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def line(row: events.EventRow, now: datetime) -> EventLine:
    """An event of the database as a line of a list."""
    said = states.says(
        row.kind, school=row.school, group=row.group, lead=row.lead, teacher=row.teacher, online=row.online
    )
    return EventLine(
        id=row.id,
        kind=cast("Kind", row.kind),
        state=states.state(row.status, row.ends_at, now),
        says=said,
        starts=row.starts_at,
        ends=row.ends_at,
        half_term=HALF_TERMS[row.half_term % 6],
        online=row.online,
        urn=row.urn,
        school=row.school,
        group_id=row.group_id,
        group=row.group,
        lead=row.lead,
        teacher=row.teacher,
        pinned=row.pinned,
    )


def marks(rows: Sequence[EventLine], address: str, home: int | None = None) -> list[RibbonEvent]:
    """Lines as marks on a ribbon; `home` is the URN of the viewer's school, over whose events stands a roof."""
    return [
        RibbonEvent(
            kind=row.kind,
            state=row.state,
            day=in_london(row.starts).date(),
            says=row.says,
            href=f"{address}/events/{row.id}",
            hosted_here=home is not None and row.kind == "meeting" and row.urn == home,
        )
        for row in rows
    ]


def year_of(asked: Asked, now: datetime) -> int:
    """The academic year that the address asks for, else this one."""
    text = asked.value("year")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else academic_year(in_london(now).date())


def _wanted(asked: Asked, kind: ListKind, now: datetime) -> events.Wanted:
    half_term, group = asked.value("half_term"), asked.value("group")
    return events.Wanted(
        year=year_of(asked, now),
        kind=KINDS[kind],
        half_term=int(half_term) - 1 if half_term in {"1", "2", "3", "4", "5", "6"} else None,
        status=asked.value("status") if asked.value("status") in states.WORDS else "",
        group=_id(group),
        words=asked.value("q")[:100],
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)


async def _lines(
    db: AsyncSession, member: Member, asked: Asked, kind: ListKind, now: datetime
) -> tuple[EventLine, ...]:
    column, down = asked.order(["date", "group", "school", "lead", "status"])
    found = await events.listed(db, member, _wanted(asked, kind, now), now, cast("events.Order", column), down=down)
    return tuple(line(row, now) for row in found)


async def load(db: AsyncSession, member: Member, asked: Asked, kind: ListKind, now: datetime) -> EventsPage:
    """One page of the list, and the ribbon of all of it: four statements."""
    lines = await _lines(db, member, asked, kind, now)
    of = year_of(asked, now)
    codes = await events.group_codes(db, member, of)
    address = f"/hubs/{member.hub_code}"
    first = (asked.page - 1) * PAGE_SIZE
    return EventsPage(
        heading=HEADINGS[kind],
        lead_word=LEADS[kind],
        observed=kind == "observations",
        address=address,
        year=spoken_year(of),
        ribbon=ribbon(
            f"{kind.capitalize()} in {spoken_year(of)}",
            await year.half_terms(db, member.hub_id, of),
            await year.closures(db, member.hub_id, of),
            marks(lines, address),
            in_london(now).date(),
        ),
        listing=listing(
            asked,
            f"{kind.capitalize()} in {spoken_year(of)}",
            _columns(kind),
            total=len(lines),
            empty=_empty(kind, member),
            filters=_filters(asked, codes),
        ),
        events=lines[first : first + PAGE_SIZE],
    )


def _empty(kind: ListKind, member: Member) -> Empty:
    """What will be here, and for those who plan where to begin."""
    if not member.reaches(Can.PLAN):
        return Empty(NONE_YET[kind])
    return Empty(NONE_YET[kind], "See the plan", f"/hubs/{member.hub_code}/proposals")


def _columns(kind: ListKind) -> tuple[Column, ...]:
    teacher = (Column("", "Teacher"),) if kind == "observations" else ()
    return (
        Column("date", "Date"),
        Column("group", "Work Group"),
        Column("school", "Where" if kind == "meetings" else "School"),
        *teacher,
        Column("lead", LEADS[kind]),
        Column("status", "State"),
    )


def _filters(asked: Asked, codes: Sequence[tuple[uuid.UUID, str]]) -> tuple[Filter, ...]:
    terms = tuple(Choice(str(number), name) for number, name in enumerate(HALF_TERMS, start=1))
    standing = tuple(Choice(value, word) for value, word in states.WORDS.items())
    return (
        Filter("q", "School or person", asked.value("q")),
        Filter("half_term", "Half term", asked.value("half_term"), terms),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(str(key), code) for key, code in codes)),
        Filter("status", "State", asked.value("status"), standing),
    )


async def table(db: AsyncSession, member: Member, asked: Asked, kind: ListKind, now: datetime) -> EventsTable:
    """Every row that the list's address asks for, on all its pages: one statement."""
    lines = await _lines(db, member, asked, kind, now)
    header = ("Date", "Starts", "Ends", "Half term", "Work Group", "School", "URN", LEADS[kind], "Teacher", "State")
    return EventsTable(name=f"{kind}-{year_of(asked, now)}", header=header, rows=tuple(_cells(one) for one in lines))


def _cells(one: EventLine) -> tuple[object, ...]:
    starts, ends = in_london(one.starts), in_london(one.ends)
    return (
        starts.date(),
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        one.half_term,
        one.group,
        "Online" if one.online else one.school,
        one.urn,
        one.lead,
        one.teacher,
        states.WORDS[one.state],
    )
