"""Who came over the year: events with counts, events of which nothing was said, and absences in a row."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.meetings import states
from app.kit.periods import HALF_TERMS, in_london, spoken_date, spoken_hours, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.meetings.lists import year_of
from app.store.meetings import attendance_lists, events
from app.store.meetings.attendance_lists import Counted, Missing, Wanted

View = Literal["events", "unsaid", "absences"]
VIEWS: dict[View, str] = {
    "events": "All that took place",
    "unsaid": "Nothing said yet",
    "absences": "Two absences in a row",
}
EMPTY = {
    "events": "Meetings, visits and observations that have begun will be here, with how many came.",
    "unsaid": "Of everything that is over it was said who came. Well done.",
    "absences": "Nobody has missed two meetings of a Work Group in a row.",
}


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One of the lists, and its address with the same filters."""

    text: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: how many were booked, came and were absent, as far as the viewer may see them."""

    href: str
    day: str
    hours: str
    says: str
    group: str
    lead: str
    booked: int
    came: int
    absent: int
    said: int


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Somebody who missed meetings in a row."""

    href: str
    name: str
    school: str
    group_href: str
    group: str
    count: int
    last: str


@dataclass(frozen=True, slots=True)
class AttendanceListPage:
    """One of the lists, in the view that the address asks for."""

    template: ClassVar[str] = "meetings/attendance_list.html"
    year: str
    views: tuple[ViewLink, ...]
    whole: bool
    listing: Listing
    events: tuple[EventRow, ...]
    people: tuple[MissingRow, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The same list as a file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def view_of(asked: Asked) -> View:
    """The list that the address asks for."""
    known: dict[str, View] = {"unsaid": "unsaid", "absences": "absences"}
    return known.get(asked.value("view"), "events")


def _wanted(asked: Asked, now: datetime) -> Wanted:
    half_term, urn = asked.value("half_term"), asked.value("school")
    return Wanted(
        year=year_of(asked, now),
        group=_id(asked.value("group")),
        half_term=int(half_term) - 1 if half_term in {"1", "2", "3", "4", "5", "6"} else None,
        urn=int(urn) if urn.isascii() and urn.isdigit() and len(urn) < 9 else None,
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)


EVENT_ORDERS: dict[str, Callable[[Counted], Any]] = {
    "date": lambda one: one.starts_at,
    "group": lambda one: one.group,
    "lead": lambda one: one.lead.lower(),
    "came": lambda one: (one.came / one.booked, one.booked),
    "absent": lambda one: one.absent,
}
PEOPLE_ORDERS: dict[str, Callable[[Missing], Any]] = {
    "name": lambda one: one.name.lower(),
    "school": lambda one: one.school.lower(),
    "group": lambda one: one.group,
    "count": lambda one: one.count,
    "last": lambda one: one.last,
}


async def _events(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[Counted]:
    found = await attendance_lists.counted(db, member, _wanted(asked, now), now)
    if view_of(asked) == "unsaid":
        found = [one for one in found if one.ends_at < now and not one.said]
    column, down = asked.order(list(EVENT_ORDERS))
    return sorted(found, key=EVENT_ORDERS[column], reverse=down)


async def _people(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[Missing]:
    found = await attendance_lists.missing(db, member, _wanted(asked, now), now)
    column, down = asked.order(list(PEOPLE_ORDERS))
    return sorted(found, key=PEOPLE_ORDERS[column], reverse=down)


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> AttendanceListPage:
    """One page of a list: three statements."""
    view, of = view_of(asked), year_of(asked, now)
    people = await _people(db, member, asked, now) if view == "absences" else []
    took_place = [] if view == "absences" else await _events(db, member, asked, now)
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}"
    return AttendanceListPage(
        year=spoken_year(of),
        views=_views(asked, view),
        whole=Reach.HUB in member.reaches(Can.SEE_ATTENDANCE),
        listing=listing(
            asked,
            f"{VIEWS[view]} in {spoken_year(of)}",
            _columns(view),
            total=len(people) + len(took_place),
            empty=Empty(EMPTY[view]),
            filters=await _filters(db, member, asked, of),
        ),
        events=tuple(_event_row(one, home) for one in took_place[first : first + PAGE_SIZE]),
        people=tuple(_missing_row(one, home) for one in people[first : first + PAGE_SIZE]),
    )


def _views(asked: Asked, view: View) -> tuple[ViewLink, ...]:
    return tuple(
        ViewLink(text, asked.link(view="" if one == "events" else one, sort="", page=""), one == view)
        for one, text in VIEWS.items()
    )


def _columns(view: View) -> tuple[Column, ...]:
    if view == "absences":
        return (
            Column("name", "Name"),
            Column("school", "School"),
            Column("group", "Work Group"),
            Column("count", "Missed in a row", number=True),
            Column("last", "The last of them"),
        )
    return (
        Column("date", "Date"),
        Column("", "What"),
        Column("group", "Work Group"),
        Column("lead", "Led by"),
        Column("came", "Came", number=True),
        Column("absent", "Absent", number=True),
    )


async def _filters(db: AsyncSession, member: Member, asked: Asked, of: int) -> tuple[Filter, ...]:
    codes = await events.group_codes(db, member, of)
    schools = await attendance_lists.schools(db, member, of)
    terms = tuple(Choice(str(number), name) for number, name in enumerate(HALF_TERMS, start=1))
    return (
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(str(key), code) for key, code in codes)),
        Filter("half_term", "Half term", asked.value("half_term"), terms),
        Filter("school", "School", asked.value("school"), tuple(Choice(str(urn), name) for urn, name in schools)),
    )


def _event_row(one: Counted, home: str) -> EventRow:
    return EventRow(
        href=f"{home}/events/{one.id}/attendance",
        day=spoken_date(one.day),
        hours=spoken_hours(one.starts_at, one.ends_at),
        says=_says(one),
        group=one.group,
        lead=one.lead,
        booked=one.booked,
        came=one.came,
        absent=one.absent,
        said=one.said,
    )


def _says(one: Counted) -> str:
    return states.says(
        one.kind, school=one.school, group=one.group, lead=one.lead, teacher=one.teacher, online=one.online
    )


def _missing_row(one: Missing, home: str) -> MissingRow:
    return MissingRow(
        href=f"{home}/people/{one.person_id}",
        name=one.name,
        school=one.school,
        group_href=f"{home}/groups/{one.group_id}",
        group=one.group,
        count=one.count,
        last=spoken_date(one.last),
    )


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Table:
    """Every row that the address asks for, on all pages: one statement."""
    view, of = view_of(asked), year_of(asked, now)
    if view == "absences":
        header: tuple[str, ...] = ("Name", "School", "URN", "Work Group", "Missed in a row", "The last of them")
        return Table(f"absences-{of}", header, _cells(await _people(db, member, asked, now)))
    header = ("Date", "Starts", "Ends", "Kind", "What", "Work Group", "Led by", "Booked", "Came", "Absent", "Not said")
    return Table(f"attendance-{of}", header, tuple(_event_cells(one) for one in await _events(db, member, asked, now)))


def _cells(people: Sequence[Missing]) -> tuple[tuple[object, ...], ...]:
    return tuple((one.name, one.school, one.urn, one.group, one.count, one.last) for one in people)


def _event_cells(one: Counted) -> tuple[object, ...]:
    starts, ends = in_london(one.starts_at), in_london(one.ends_at)
    return (
        one.day,
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        one.kind,
        _says(one),
        one.group,
        one.lead,
        one.booked,
        one.came,
        one.absent,
        one.booked - one.said,
    )
