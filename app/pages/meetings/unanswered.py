"""Who has not answered yet, for fixed dates to come; those chosen are asked again with one button."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.states import says
from app.kit.periods import HALF_TERMS, academic_year, in_london, spoken, spoken_date, spoken_hours
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.store.meetings import dates, events
from app.store.meetings.dates import Waiting, Wanted

CSV_HEADER = ("Name", "E-mail", "School", "Day", "Starts", "What", "Work Group", "Half term", "Invited", "Asked again")
COLUMNS = (Column("name", "Name"), Column("date", "When"), Column("group", "What"), Column("asked", "Asked"))
WITHIN = ("7", "14", "30", "60")


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Somebody whose answer is missing; `key` names event and person in the form, empty: asked today already."""

    key: str
    name: str
    school: str
    day: str
    hours: str
    what: str
    href: str
    asked: str
    asked_today: bool


@dataclass(frozen=True, slots=True)
class UnansweredPage:
    """The list, and where the form goes that asks those chosen; `back` is the list as it was looked at."""

    template: ClassVar[str] = "meetings/unanswered.html"
    listing: Listing
    people: tuple[WaitingLine, ...]
    action: str
    back: str
    can_ask: bool


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> UnansweredPage:
    """The page: two statements."""
    asked = asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "date"})
    found = await _found(db, member, asked, now)
    codes = await events.group_codes(db, member, academic_year(in_london(now).date()))
    home = f"/hubs/{member.hub_code}"
    first = (asked.page - 1) * PAGE_SIZE
    lines = tuple(_line(one, home, now) for one in found[first : first + PAGE_SIZE])
    return UnansweredPage(
        listing=listing(
            asked,
            "No answer yet",
            COLUMNS,
            total=len(found),
            empty=Empty("Everybody has answered, or no fixed date is to come."),
            filters=_filters(asked, codes),
        ),
        people=lines,
        action=f"{home}/answers",
        back=asked.link(),
        can_ask=any(not one.asked_today for one in lines),
    )


async def rows(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """Everybody that the address asks for, under `CSV_HEADER`: one statement."""
    return [
        (
            one.name,
            one.email,
            one.school,
            in_london(one.starts_at).date(),
            f"{in_london(one.starts_at):%H:%M}",
            _what(one),
            one.group,
            HALF_TERMS[one.half_term % 6],
            spoken(one.mailed_at) if one.mailed_at else "",
            spoken(one.reminded_at) if one.reminded_at else "",
        )
        for one in await _found(db, member, asked, now)
    ]


async def _found(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[Waiting]:
    half_term, within = asked.value("half_term"), asked.value("within")
    wanted = Wanted(
        group=_id(asked.value("group")),
        half_term=int(half_term) - 1 if half_term in {"1", "2", "3", "4", "5", "6"} else None,
        until=now + timedelta(days=int(within)) if within in WITHIN else None,
        words=asked.value("q")[:100],
    )
    return await dates.unanswered(db, member, wanted, now, asked.order(("date", "name", "group", "asked")))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)


def _what(one: Waiting) -> str:
    if one.kind == "observation":
        return f"Lesson observation at {one.host}"
    return says(one.kind, school=one.host, group=one.group, lead="A visitor", teacher="", online=one.online)


def _line(one: Waiting, home: str, now: datetime) -> WaitingLine:
    today = one.reminded_at is not None and in_london(one.reminded_at).date() == in_london(now).date()
    said = "Not invited by mail yet"
    if one.reminded_at:
        said = f"Asked again on {spoken(one.reminded_at)}"
    elif one.mailed_at:
        said = f"Invited on {spoken(one.mailed_at)}"
    return WaitingLine(
        key=f"{one.event_id}.{one.person_id}",
        name=one.name,
        school=one.school,
        day=spoken_date(in_london(one.starts_at).date()),
        hours=spoken_hours(one.starts_at, one.ends_at),
        what=_what(one),
        href=f"{home}/events/{one.event_id}/people",
        asked=said,
        asked_today=today,
    )


def _filters(asked: Asked, codes: Sequence[tuple[uuid.UUID, str]]) -> tuple[Filter, ...]:
    return (
        Filter("q", "Person or school", asked.value("q")),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(str(key), code) for key, code in codes)),
        Filter(
            "half_term",
            "Half term",
            asked.value("half_term"),
            tuple(Choice(str(number), name) for number, name in enumerate(HALF_TERMS, start=1)),
        ),
        Filter("within", "Within", asked.value("within"), tuple(Choice(days, f"{days} days") for days in WITHIN)),
    )
