"""Who came to meetings, visits and observations."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.domain.access import Can
from app.pages.api import Shelf
from app.routers.api.doors import List, Narrow, api_router, shelved
from app.routers.api.meetings import GroupCode
from app.routers.api.shapes import AskedId, AskedUrn, AskedYear, Day, EventKind, Named, NamedSchool, Some, Told
from app.routers.deps import Through
from app.routers.guard import allow

router = api_router("attendance")
State = Literal["present", "part", "absent", "stand_in", "visitor"]


class EventAttended(Told):
    """The event that it is said of."""

    id: uuid.UUID
    kind: EventKind
    year: int
    half_term: int
    day: date
    group: GroupCode | None


class Attended(Told):
    """What stands of one guest of one event: the newest that was said."""

    id: uuid.UUID = Field(description="Of this saying: a correction is another one.")
    event: EventAttended
    guest: Named | None = Field(description="Who was booked; null for a visitor from elsewhere.")
    school: NamedSchool | None = Field(description="The school they came from.")
    state: State
    minutes: int | None = Field(description="How long they were there, of a part.")
    because: str = Field(description="Of an absence; empty for whoever may not read it.")
    stand_in: Named | None = Field(description="Who came in their place, if a person of the hub.")
    name: str = Field(description="Of a visitor, or of a stand-in from elsewhere.")
    organisation: str = Field(description="Of a visitor who is of no school of the hub.")
    how: str = Field(description="code, grid or device")
    correction: str = Field(description="Why it was corrected late.")
    said_at: datetime


@dataclass
class NarrowAttendance(Narrow):
    """What attendance can be narrowed by."""

    year: AskedYear = None
    kind: Annotated[EventKind | None, Query()] = None
    state: Annotated[State | None, Query()] = None
    since: Annotated[Day | None, Query(alias="from", description="Of events on this day or later.")] = None
    until: Annotated[Day | None, Query(alias="to", description="Of events on this day or earlier.")] = None
    half_term: Annotated[int | None, Query(ge=0, le=5, description="0 Autumn 1 to 5 Summer 2.")] = None
    event: AskedId = None
    group: AskedId = None
    school: AskedUrn = None
    person: AskedId = None


@router.get("/attendance", response_model=Some[Attended], summary="Who came")
@allow(Can.SEE_ATTENDANCE)
async def attendance(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowAttendance, Depends()],
) -> Response:
    """What stands of those whom you may see, in the order in which it came in."""
    return await shelved(door, Attended, Shelf.ATTENDANCE, asking.only(narrow))
