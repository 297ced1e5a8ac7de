"""My calendar: the viewer's own year in all their hubs, and how their calendar programs follow it."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.feeds import Health
from app.domain.meetings import states
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Column, Empty, Form, Listing, Need, listing
from app.pages.feeds.addresses import NewAddress
from app.pages.feeds.subscriptions import Subscription, subscribe_form, subscriptions
from app.pages.meetings.lists import EventLine, line, marks
from app.pages.ribbon import Ribbon, RibbonEvent, ribbon
from app.pages.schools.years import YearLink, year_links
from app.store.meetings import events, year

AHEAD = timedelta(days=31)  # in August people look at the year that is about to begin
PATH = "/my/calendar"
COLUMNS = (
    Column("date", "When"),
    Column("what", "What"),
    Column("where", "Where"),
    Column("", "State"),
    Column("", "File"),
)


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """A date of one's own, the page that tells more of it, and a file of it alone."""

    event: EventLine
    href: str
    file: str


@dataclass(frozen=True, slots=True)
class MyCalendarPage:
    """When and where one is needed. `address` is there once, right after it was made."""

    template: ClassVar[str] = "feeds/calendar.html"
    year: str
    address: NewAddress | None
    needs: tuple[Need, ...]
    ribbons: tuple[Ribbon, ...]
    years: tuple[YearLink, ...]
    listing: Listing
    events: tuple[OwnEvent, ...]
    subscriptions: tuple[Subscription, ...]
    form: Form


def with_form(page: MyCalendarPage, form: Form) -> MyCalendarPage:
    """The page with what was typed and what to change."""
    return replace(page, form=form)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """The same list as a file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


async def load(
    db: AsyncSession, viewer: Viewer, asked: Asked, now: datetime, address: NewAddress | None = None
) -> MyCalendarPage:
    """The page: two statements, and three for each hub the viewer is in."""
    of, this = _year(asked, now), academic_year(in_london(now).date())
    own = [(member, await _own(db, member, of, now)) for member in viewer.members]
    lines = _sorted(asked, [one for _, some in own for one in some])
    first = (asked.page - 1) * PAGE_SIZE
    feeds = await subscriptions(db, viewer.account_id or uuid.UUID(int=0), now)
    return MyCalendarPage(
        year=spoken_year(of),
        address=address,
        needs=_needs(feeds, address),
        ribbons=tuple([await _ribbon(db, member, of, some, now) for member, some in own]),
        years=year_links(asked, range(this - 1, this + 2), of),
        listing=_listing(asked, of, len(lines)),
        events=tuple(lines[first : first + PAGE_SIZE]),
        subscriptions=feeds,
        form=subscribe_form(),
    )


async def table(db: AsyncSession, viewer: Viewer, asked: Asked, now: datetime) -> OwnTable:
    """Every own date of the year as rows of a file."""
    of = _year(asked, now)
    lines = _sorted(asked, [one for member in viewer.members for one in await _own(db, member, of, now)])
    header = ("Date", "Starts", "Ends", "What", "Where", "State")
    return OwnTable(f"my-calendar-{of}", header, tuple(_cells(one.event) for one in lines))


def _cells(one: EventLine) -> tuple[object, ...]:
    starts, ends = in_london(one.starts), in_london(one.ends)
    where = "Online" if one.online else one.school
    return (starts.date(), f"{starts:%H:%M}", f"{ends:%H:%M}", one.says, where, states.WORDS[one.state])


def _year(asked: Asked, now: datetime) -> int:
    text = asked.value("year")
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    return academic_year(in_london(now + AHEAD).date())


async def _own(db: AsyncSession, member: Member, of: int, now: datetime) -> list[OwnEvent]:
    found = await events.listed(db, member, events.Wanted(of, person=member.person_id), now)
    return [
        OwnEvent(line(row, now), f"/hubs/{member.hub_code}/events/{row.id}", f"{PATH}/events/{row.id}.ics")
        for row in found
    ]


def _sorted(asked: Asked, own: list[OwnEvent]) -> list[OwnEvent]:
    column, down = asked.order(["date", "what", "where"])
    keys = {"what": lambda one: one.event.says.casefold(), "where": lambda one: one.event.school.casefold()}
    by_date = sorted(own, key=lambda one: (one.event.starts, str(one.event.id)), reverse=down and column == "date")
    return sorted(by_date, key=keys[column], reverse=down) if column in keys else by_date


async def _ribbon(db: AsyncSession, member: Member, of: int, own: list[OwnEvent], now: datetime) -> Ribbon:
    found: list[RibbonEvent] = marks([one.event for one in own], f"/hubs/{member.hub_code}")
    return ribbon(
        f"{member.name}, {member.hub_name} in {spoken_year(of)}",
        await year.half_terms(db, member.hub_id, of),
        await year.closures(db, member.hub_id, of),
        found,
        in_london(now).date(),
    )


def _listing(asked: Asked, of: int, total: int) -> Listing:
    return listing(
        asked,
        f"My dates in {spoken_year(of)}",
        (
            Column("date", "When"),
            Column("what", "What"),
            Column("where", "Where"),
            Column("", "State"),
            Column("", "File"),
        ),
        total=total,
        empty=Empty("Your meetings, visits and observations will be here once your hub has planned the year."),
    )


def _needs(feeds: tuple[Subscription, ...], address: NewAddress | None) -> tuple[Need, ...]:
    if not feeds and address is None:
        return (Need("Your calendar program does not show these dates yet.", "Subscribe to them", "#subscribe"),)
    return tuple(
        Need(f"{one.purpose}: {one.says}", "Look at it", one.href, urgency="soon")
        for one in feeds
        if one.health is Health.QUIET
    )
