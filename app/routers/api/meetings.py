"""Work Groups with their members; meetings, visits and observations."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.domain.access import Can
from app.pages import api
from app.pages.api import Shelf
from app.routers.api.doors import Key, List, Narrow, api_router, shelved, single
from app.routers.api.shapes import (
    NO_NUL,
    AskedId,
    AskedUrn,
    AskedYear,
    Day,
    EventKind,
    EventStatus,
    HalfDays,
    Named,
    NamedSchool,
    Slot,
    Some,
    Told,
)
from app.routers.deps import Through, known_id
from app.routers.guard import allow

router = api_router("meetings")


class GroupProgramme(Told):
    """A Work Group's stage."""

    id: uuid.UUID
    kind: str
    name: str


class Participant(Named):
    """A teacher of a member school."""

    urn: int
    role: str


class VisitSeries(Told):
    """The visits that one school gets in one academic year."""

    id: uuid.UUID
    urn: int
    visitor_id: uuid.UUID
    half_terms: list[int]
    least_gap: int


class Group(Told):
    """A Work Group with its members, as far as you may see them."""

    id: uuid.UUID
    year: int
    code: str
    name: str
    programme: GroupProgramme
    leader: Named
    half_terms: list[int] = Field(description="In which of the half terms 0 to 5 it meets.")
    least_gap: int = Field(description="Days between two meetings.")
    weekday_cost: list[int] = Field(description="What each weekday costs the planner: higher is less wanted.")
    first_host_urn: int | None
    online: bool
    joining_link: str
    half_days: HalfDays
    schools: list[NamedSchool]
    participants: list[Participant]
    visits: list[VisitSeries]
    version: int


class GroupCode(Told):
    """A Work Group's code."""

    id: uuid.UUID
    code: str


class Coming(Named):
    """Somebody's place at an event."""

    part: str = Field(description="leads, comes or observed")
    expected: bool = Field(description="Works that half-day and is not away.")


class Event(Told):
    """One half-day in the calendar."""

    id: uuid.UUID
    year: int
    kind: EventKind
    status: EventStatus
    half_term: int
    day: date
    slot: Slot
    starts_at: datetime
    ends_at: datetime
    own_times: bool = Field(description="Times set by hand for this event alone.")
    online: bool
    joining_link: str
    school: NamedSchool = Field(description="The host, or the school that is visited.")
    group: GroupCode | None
    lead: Named = Field(description="Who leads, visits or observes.")
    teacher: Named | None = Field(description="The observed teacher.")
    people: list[Coming]
    notes: str
    pinned: bool = Field(description="The planner may not move it.")
    uid: str = Field(description="Its UID in calendars.")
    sequence: int
    changed_at: datetime
    cancelled_at: datetime | None
    version: int


@dataclass
class NarrowGroups(Narrow):
    """What Work Groups can be narrowed by."""

    year: AskedYear = None
    called: Annotated[str | None, Query(alias="code", max_length=60, pattern=NO_NUL)] = None
    leader: AskedId = None
    programme: AskedId = None
    school: AskedUrn = None


@dataclass
class NarrowEvents(Narrow):
    """What events can be narrowed by."""

    year: AskedYear = None
    kind: Annotated[EventKind | None, Query()] = None
    status: Annotated[EventStatus | None, Query()] = None
    since: Annotated[Day | None, Query(alias="from", description="On this day or later.")] = None
    until: Annotated[Day | None, Query(alias="to", description="On this day or earlier.")] = None
    half_term: Annotated[int | None, Query(ge=0, le=5, description="0 Autumn 1 to 5 Summer 2.")] = None
    group: AskedId = None
    school: AskedUrn = None
    person: AskedId = None


@router.get("/groups", response_model=Some[Group], summary="Work Groups")
@allow(Can.SEE_GROUPS)
async def groups(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowGroups, Depends()],
) -> Response:
    """Work Groups that you may see, with their schools, participants and visits."""
    return await shelved(door, Group, Shelf.GROUPS, asking.only(narrow))


@router.get("/groups/{group_id}", response_model=Group, summary="One Work Group")
@allow(Can.SEE_GROUPS)
async def group(door: Through, group_id: Key) -> Response:
    """One Work Group that you may see."""
    return single(door, Group, await api.one(door.db, door.member, Shelf.GROUPS, id=known_id(group_id)))


@router.get("/events", response_model=Some[Event], summary="Meetings, visits and observations")
@allow(Can.SEE_EVENTS)
async def events(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowEvents, Depends()],
) -> Response:
    """Events that you may see, by day."""
    return await shelved(door, Event, Shelf.EVENTS, asking.only(narrow))


@router.get("/events/{event_id}", response_model=Event, summary="One event")
@allow(Can.SEE_EVENTS)
async def event(door: Through, event_id: Key) -> Response:
    """One event that you may see."""
    return single(door, Event, await api.one(door.db, door.member, Shelf.EVENTS, id=known_id(event_id)))
