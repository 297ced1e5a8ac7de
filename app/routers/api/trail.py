"""What was done in the hub, when and by whom."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime

from app.domain.access import Can
from app.pages.api import Shelf
from app.pages.trail import check_hub
from app.routers.api.doors import List, Narrow, api_router, shelved, told
from app.routers.api.shapes import NO_NUL, AskedText, Named, Some, Told
from app.routers.deps import Through
from app.routers.guard import allow

router = api_router("trail")


class Thing(Told):
    """What something was done to: an id, or a school's URN."""

    kind: str
    id: str


class TrailEntry(Told):
    """One thing that was done. `hash` holds everything above it and `previous`, the hash of the entry before."""

    id: uuid.UUID
    at: datetime
    did: str
    about: str
    facts: dict[str, Any]
    by: Named | None
    who: str
    source: str
    browser: str
    thing: Thing | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    number: int | None
    previous: str
    hash: str


class Chain(Told):
    """Whether the trail is whole: `number` is the last entry that fits, `fault` what the next one's is."""

    whole: bool
    number: int
    hash: str
    forgotten: int
    fault: str


@dataclass
class NarrowTrail(Narrow):
    """What the trail can be narrowed by."""

    since: Annotated[AwareDatetime | None, Query(description="From this moment on.")] = None
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None
    did: AskedText = None
    who: AskedText = None
    kind: Annotated[str | None, Query(max_length=20, pattern=NO_NUL, description="event, group, person, ...")] = None
    thing: Annotated[str | None, Query(max_length=60, pattern=NO_NUL, description="An id, or a school's URN.")] = None
    q: Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="Words in what was done.")] = None


@router.get("/trail", response_model=Some[TrailEntry], summary="The trail")
@allow(Can.SEE_TRAIL)
async def trail(door: Through, asking: List, narrow: Annotated[NarrowTrail, Depends()]) -> Response:
    """Newest first."""
    return await shelved(door, TrailEntry, Shelf.TRAIL, asking.only(narrow))


@router.get("/trail/check", response_model=Chain, summary="Whether the trail is whole")
@allow(Can.SEE_TRAIL)
async def check(door: Through) -> Response:
    """Walks every entry; 409 where there are more than anybody waits for."""
    found = await check_hub(door.db, door.member)
    return JSONResponse(told(Chain, {**asdict(found), "whole": found.whole}))
