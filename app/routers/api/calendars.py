"""Calendars: term dates that one school or several keep."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from app.actions import schools as actions
from app.domain.access import Can
from app.domain.schools.calendar_form import read_calendar
from app.domain.schools.calendars import SchoolCalendar
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_year
from app.kit.typed import Typed
from app.pages import api
from app.pages.api import Asked, Shelf
from app.routers.api.doors import (
    IN_CONFLICT,
    VERSIONED,
    IfMatch,
    Key,
    List,
    Narrow,
    OnceKey,
    address,
    again,
    api_router,
    created,
    held,
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import NO_NUL, AskedYear, Day, Name, Sent, Some, Told, Year
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow

router = api_router("calendars")
DATES = {"first": "/half_terms/{}/first", "last": "/half_terms/{}/last", "day": "/days/{}/day"}


class HalfTermDates(Told):
    """One of six teaching blocks, first and last day included."""

    number: int
    first: date
    last: date


class CalendarDay(Told):
    """A day without pupils."""

    day: date
    kind: str
    name: str


class Calendar(Told):
    """Term dates that one school or several keep in one academic year."""

    id: uuid.UUID
    year: int
    name: str
    half_terms: list[HalfTermDates]
    days: list[CalendarDay]
    version: int


class SentHalfTerm(Sent):
    """A teaching block, first and last day included."""

    first: Day
    last: Day


class SentCalendarDay(Sent):
    """A day without pupils."""

    day: Day
    kind: Literal["inset", "closed"] = "inset"
    name: Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)] = "INSET"


class CalendarDates(Sent):
    """A whole calendar: six half terms in order, and its days without pupils."""

    name: Name
    half_terms: Annotated[list[SentHalfTerm], Field(min_length=6, max_length=6)]
    days: Annotated[list[SentCalendarDay], Field(max_length=60)] = Field(default_factory=list)


class SentCalendar(CalendarDates):
    """A new calendar."""

    year: Year


@dataclass
class NarrowCalendars(Narrow):
    """What calendars can be narrowed by."""

    year: AskedYear = None


@router.get("/calendars", response_model=Some[Calendar], summary="Calendars")
@allow(Can.SEE_SCHOOLS)
async def calendars(door: Through, asking: List, narrow: Annotated[NarrowCalendars, Depends()]) -> Response:
    """Term dates with INSET days and closures."""
    return await shelved(door, Calendar, Shelf.CALENDARS, asking.only(narrow))


@router.get("/calendars/{calendar_id}", response_model=Calendar, summary="One calendar")
@allow(Can.SEE_SCHOOLS)
async def calendar(door: Through, calendar_id: Key) -> Response:
    """One calendar."""
    return single(door, Calendar, await api.one(door.db, door.member, Shelf.CALENDARS, id=known_id(calendar_id)))


@router.post(
    "/schools/{school_id}/own-calendar",
    status_code=201,
    response_model=Calendar,
    responses=IN_CONFLICT,
    summary="Give a school a calendar of its own",
)
@allow(Can.EDIT_SCHOOLS)
async def copy_calendar(door: Through, school_id: Key, key: OnceKey = None) -> Response:
    """A copy of the calendar that it shares, to be changed for this school alone."""

    async def do() -> tuple[str, Any]:
        now = await api.one(door.db, door.member, Shelf.SCHOOLS, id=known_id(school_id))
        made = await actions.copy_calendar(door.actor, now["year"], now["urn"])
        return address(door, Shelf.CALENDARS, made), told(Calendar, await again(door, Shelf.CALENDARS, id=made))

    return await created(door, key, do)


def _calendar(body: CalendarDates, year: int) -> SchoolCalendar:
    """The calendar, by the rules that the form has."""
    values = {"name": (body.name,)}
    for number, block in enumerate(body.half_terms):
        values |= {f"first_{number}": (str(block.first),), f"last_{number}": (str(block.last),)}
    for number, day in enumerate(body.days):
        values |= {f"day_{number}": (str(day.day),), f"called_{number}": (day.name,), f"kind_{number}": (day.kind,)}
    return read_calendar(Typed(values), year)


@router.post("/calendars", status_code=201, response_model=Calendar, summary="Add a calendar")
@allow(Can.EDIT_SCHOOLS)
async def add_calendar(door: Through, body: SentCalendar, key: OnceKey = None) -> Response:
    """Term dates for one academic year."""

    async def do() -> tuple[str, Any]:
        await _year_is_open(door, body.year)
        with renamed(DATES):
            made = await actions.new_calendar(door.actor, _calendar(body, body.year))
        return address(door, Shelf.CALENDARS, made), told(Calendar, await again(door, Shelf.CALENDARS, id=made))

    return await created(door, key, do)


async def _year_is_open(door: Door, year: int) -> None:
    found = await api.some(door.db, door.member, Shelf.YEARS, Asked(only={"year": year}))
    if not found.items:
        because = f"The hub has not opened {spoken_year(year)} yet: do that first."
        raise BadInputError(because, (Fault("year", because),))


@router.put("/calendars/{calendar_id}", response_model=Calendar, responses=VERSIONED, summary="Write a calendar anew")
@allow(Can.EDIT_SCHOOLS)
async def change_calendar(door: Through, calendar_id: Key, body: CalendarDates, if_match: IfMatch = None) -> Response:
    """All its half terms and days without pupils."""
    key = known_id(calendar_id)
    now = held(Calendar, await api.one(door.db, door.member, Shelf.CALENDARS, id=key), if_match)
    with renamed(DATES):
        await actions.change_calendar(door.actor, key, now["version"], _calendar(body, now["year"]))
    return single(door, Calendar, await again(door, Shelf.CALENDARS, id=key))
