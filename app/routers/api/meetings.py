"""Meetings, visits and observations."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from app.actions.access import Actor
from app.actions.meetings import events as actions
from app.domain.access import Can
from app.kit.periods import in_london
from app.pages import api
from app.pages.api import Shelf
from app.routers.api.doors import (
    IN_CONFLICT,
    VERSIONED,
    IfMatch,
    Key,
    List,
    Narrow,
    OnceKey,
    again,
    api_router,
    done,
    held,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    NO_NUL,
    AskedId,
    AskedUrn,
    AskedYear,
    Clock,
    Day,
    EventKind,
    EventStatus,
    Named,
    NamedSchool,
    Sent,
    Slot,
    Some,
    Told,
    Yes,
    left_out,
    sent,
)
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow

router = api_router("events")
CHANGED = {**VERSIONED, **IN_CONFLICT}


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


class EventChange(Sent):
    """What is left out stays. `starts` and `ends` null: the usual times of that half-day."""

    starts: Clock | None = None
    ends: Clock | None = None
    online: Yes = left_out()
    joining_link: Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] = left_out()
    notes: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)] = left_out()
    pinned: Yes = left_out()


@router.patch("/events/{event_id}", response_model=Event, responses=CHANGED, summary="Change an event")
@allow(Can.EDIT_EVENTS)
async def change_event(door: Through, event_id: Key, body: EventChange, if_match: IfMatch = None) -> Response:
    """Its own times, its place, what to bring, and whether the planner may move it."""
    key = known_id(event_id)
    now = held(Event, await api.one(door.db, door.member, Shelf.EVENTS, id=key), if_match)
    new = {**now, **_times(now), **sent(body)}
    details = actions.Details(
        starts=time.fromisoformat(new["starts"]) if new["starts"] else None,
        ends=time.fromisoformat(new["ends"]) if new["ends"] else None,
        online=new["online"],
        joining_link=new["joining_link"],
        notes=new["notes"],
        pinned=new["pinned"],
    )
    await actions.change_details(door.actor, key, now["version"], details)
    return single(door, Event, await again(door, Shelf.EVENTS, id=key))


def _times(now: dict[str, Any]) -> dict[str, str | None]:
    """An event's own times as London clocks show them; none where it keeps the usual ones."""
    return {
        name: f"{in_london(datetime.fromisoformat(now[f'{name}_at'])):%H:%M}" if now["own_times"] else None
        for name in ("starts", "ends")
    }


Turn = Callable[[Actor, uuid.UUID, int], Awaitable[None]]


async def _turned(door: Door, event_id: str, key: str | None, turn: Turn) -> Response:
    async def do() -> tuple[str, Any]:
        one = known_id(event_id)
        now = await api.one(door.db, door.member, Shelf.EVENTS, id=one)
        await turn(door.actor, one, now["version"])
        return "", told(Event, await again(door, Shelf.EVENTS, id=one))

    return await done(door, key, do)


@router.post("/events/{event_id}/held", response_model=Event, responses=IN_CONFLICT, summary="It took place")
@allow(Can.EDIT_EVENTS)
async def mark_held(door: Through, event_id: Key, key: OnceKey = None) -> Response:
    """Notes that a confirmed event took place."""
    return await _turned(door, event_id, key, actions.mark_held)


@router.post("/events/{event_id}/not-held", response_model=Event, responses=IN_CONFLICT, summary="It did not")
@allow(Can.EDIT_EVENTS)
async def mark_not_held(door: Through, event_id: Key, key: OnceKey = None) -> Response:
    """Takes back that it took place."""
    return await _turned(door, event_id, key, actions.mark_not_held)


@router.post("/events/{event_id}/cancel", response_model=Event, responses=IN_CONFLICT, summary="Cancel an event")
@allow(Can.EDIT_EVENTS)
async def cancel(door: Through, event_id: Key, key: OnceKey = None) -> Response:
    """Strikes it out of everybody's calendar."""
    return await _turned(door, event_id, key, actions.cancel)


@router.post("/events/{event_id}/restore", response_model=Event, responses=IN_CONFLICT, summary="Bring an event back")
@allow(Can.EDIT_EVENTS)
async def restore(door: Through, event_id: Key, key: OnceKey = None) -> Response:
    """Undoes a cancellation."""
    return await _turned(door, event_id, key, actions.bring_back)
