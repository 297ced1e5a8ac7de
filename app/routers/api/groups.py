"""Work Groups with their schools, participants and visits."""

import uuid
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from app.actions.meetings import groups as actions
from app.domain.access import Can
from app.domain.meetings.groups import GroupChange, SeriesChange, TakerChange
from app.kit.errors import BadInputError, Fault
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
    done,
    held,
    known_urn,
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    NO_NUL,
    AskedId,
    AskedUrn,
    AskedYear,
    HalfDays,
    HalfTerms,
    Named,
    NamedSchool,
    Sent,
    SentHours,
    Some,
    Told,
    Urn,
    Year,
    Yes,
    left_out,
    sent,
)
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow

router = api_router("groups")
PLACES = {"person": "/person_id", "visitor": "/visitor_id"}
GroupName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]
Called = Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)]
Link = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https?://[^\s\x00]+)?$")]
Gap = Annotated[int, Field(strict=True, ge=0, le=60, description="Days.")]
Costs = Annotated[
    list[Annotated[int, Field(strict=True, ge=0, le=100)]],
    Field(min_length=5, max_length=5, description="Monday to Friday: 0 is fine, 5 rather not, 15 the last resort."),
]
SomeHalfTerms = Annotated[HalfTerms, Field(min_length=1)]


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


class OwnHalfDays(Sent):
    """Times of a Work Group's own; null where the hub's hold."""

    am: SentHours | None = None
    pm: SentHours | None = None


class SentGroup(Sent):
    """A new Work Group, without schools yet."""

    year: Year
    code: GroupName
    name: Called = ""
    programme_id: uuid.UUID
    leader_id: uuid.UUID
    half_terms: SomeHalfTerms = Field(default_factory=lambda: [0, 1, 2, 3, 4, 5])
    least_gap: Gap = 14
    weekday_cost: Costs = Field(default_factory=lambda: [0, 0, 0, 0, 0])
    online: Yes = False
    joining_link: Link = ""
    half_days: OwnHalfDays = Field(default_factory=OwnHalfDays)


class ChangedGroup(Sent):
    """What is left out stays."""

    code: GroupName = left_out()
    name: Called = left_out()
    programme_id: uuid.UUID = left_out()
    leader_id: uuid.UUID = left_out()
    half_terms: SomeHalfTerms = left_out()
    least_gap: Gap = left_out()
    weekday_cost: Costs = left_out()
    first_host_urn: Urn | None = None
    online: Yes = left_out()
    joining_link: Link = left_out()
    half_days: OwnHalfDays = left_out()


class Joining(Sent):
    """A school of the hub that joins."""

    urn: Urn
    with_visits: Yes = Field(default=True, description="Plan the visits that its programme asks for.")


class Taking(Sent):
    """A person who takes part for a member school."""

    person_id: uuid.UUID
    urn: Urn
    role: Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)] = "teacher"


class Visiting(Sent):
    """Who visits a member school, and when; no half terms: nobody does."""

    visitor_id: uuid.UUID | None = None
    half_terms: HalfTerms
    least_gap: Gap = 14


@dataclass
class NarrowGroups(Narrow):
    """What Work Groups can be narrowed by."""

    year: AskedYear = None
    called: Annotated[str | None, Query(alias="code", max_length=60, pattern=NO_NUL)] = None
    leader: AskedId = None
    programme: AskedId = None
    school: AskedUrn = None


@router.get("/groups", response_model=Some[Group], summary="Work Groups")
@allow(Can.SEE_GROUPS)
async def groups(door: Through, asking: List, narrow: Annotated[NarrowGroups, Depends()]) -> Response:
    """Work Groups that you may see, with their schools, participants and visits."""
    return await shelved(door, Group, Shelf.GROUPS, asking.only(narrow))


@router.get("/groups/{group_id}", response_model=Group, summary="One Work Group")
@allow(Can.SEE_GROUPS)
async def group(door: Through, group_id: Key) -> Response:
    """One Work Group that you may see."""
    return single(door, Group, await api.one(door.db, door.member, Shelf.GROUPS, id=known_id(group_id)))


@router.post("/groups", status_code=201, response_model=Group, summary="Make a Work Group")
@allow(Can.EDIT_GROUPS)
async def make_group(door: Through, body: SentGroup, key: OnceKey = None) -> Response:
    """A Work Group of an academic year that is open; schools join it afterwards."""

    async def do() -> tuple[str, Any]:
        change = await _change(door, body.year, {**body.model_dump(), "first_host_urn": None}, [])
        made = await actions.new_group(door.actor, body.year, change)
        return address(door, Shelf.GROUPS, made), told(Group, await again(door, Shelf.GROUPS, id=made))

    return await created(door, key, do)


@router.patch("/groups/{group_id}", response_model=Group, responses=VERSIONED, summary="Change a Work Group")
@allow(Can.EDIT_GROUPS)
async def change_group(door: Through, group_id: Key, body: ChangedGroup, if_match: IfMatch = None) -> Response:
    """Meetings that are still to come follow its times and its place."""
    key = known_id(group_id)
    now = held(Group, await api.one(door.db, door.member, Shelf.GROUPS, id=key), if_match)
    old = {**now, "programme_id": now["programme"]["id"], "leader_id": now["leader"]["id"]}
    change = await _change(door, now["year"], {**old, **sent(body)}, now["schools"])
    await actions.change_group(door.actor, key, now["version"], change)
    return single(door, Group, await again(door, Shelf.GROUPS, id=key))


async def _change(door: Door, year: int, new: dict[str, Any], schools: list[dict[str, Any]]) -> GroupChange:
    """The change, once what it names is known to be there; raises BadInputError."""
    faults = []
    if not await _there(door, Shelf.PROGRAMMES, id=new["programme_id"], year=year):
        faults.append(Fault("/programme_id", "Choose a programme of that academic year."))
    if not await _there(door, Shelf.PEOPLE, id=new["leader_id"]):
        faults.append(Fault("/leader_id", "Choose somebody of the hub."))
    host = new["first_host_urn"]
    if host is not None and host not in {one["urn"] for one in schools}:
        faults.append(Fault("/first_host_urn", "Choose one of the member schools."))
    times = _times(new["half_days"], faults)
    if faults:
        raise BadInputError("The Work Group names what is not there.", tuple(faults))
    return GroupChange(
        code=new["code"],
        name=new["name"],
        programme_id=uuid.UUID(str(new["programme_id"])),
        leader_id=uuid.UUID(str(new["leader_id"])),
        half_terms=tuple(sorted(set(new["half_terms"]))),
        least_gap=new["least_gap"],
        weekday_cost=tuple(new["weekday_cost"]),
        first_host=host,
        online=new["online"],
        joining_link=new["joining_link"] if new["online"] else "",
        times=times,
    )


async def _there(door: Door, shelf: Shelf, **key: Any) -> bool:
    return bool((await api.some(door.db, door.member, shelf, Asked(limit=1, only=key))).items)


Times = tuple[time | None, time | None, time | None, time | None]


def _times(half_days: dict[str, Any], faults: list[Fault]) -> Times:
    found: list[time | None] = []
    for half in ("am", "pm"):
        hours = half_days.get(half)
        pair = [time.fromisoformat(hours[at]) if hours else None for at in ("starts", "ends")]
        if pair[0] and pair[1] and pair[1] <= pair[0]:
            faults.append(Fault(f"/half_days/{half}/ends", "It has to end after it starts."))
        found += pair
    return (found[0], found[1], found[2], found[3])


@router.post("/groups/{group_id}/schools", response_model=Group, responses=IN_CONFLICT, summary="A school joins")
@allow(Can.EDIT_GROUPS)
async def add_school(door: Through, group_id: Key, body: Joining, key: OnceKey = None) -> Response:
    """A school of the hub's year joins the Work Group."""

    async def do() -> tuple[str, Any]:
        one = known_id(group_id)
        await actions.add_school(door.actor, one, body.urn, with_visits=body.with_visits)
        return "", told(Group, await again(door, Shelf.GROUPS, id=one))

    return await done(door, key, do)


@router.delete("/groups/{group_id}/schools/{urn}", response_model=Group, responses=VERSIONED, summary="A school leaves")
@allow(Can.EDIT_GROUPS)
async def remove_school(door: Through, group_id: Key, urn: Key, if_match: IfMatch = None) -> Response:
    """With its people and visits; If-Match is the Work Group's ETag."""
    key = known_id(group_id)
    held(Group, await api.one(door.db, door.member, Shelf.GROUPS, id=key), if_match)
    await actions.remove_school(door.actor, key, known_urn(urn))
    return single(door, Group, await again(door, Shelf.GROUPS, id=key))


@router.post("/groups/{group_id}/participants", response_model=Group, summary="Somebody takes part")
@allow(Can.EDIT_GROUPS)
async def add_participant(door: Through, group_id: Key, body: Taking, key: OnceKey = None) -> Response:
    """They get a place at all that is still to come."""

    async def do() -> tuple[str, Any]:
        one = known_id(group_id)
        with renamed(PLACES):
            await actions.add_taker(door.actor, one, TakerChange(body.person_id, body.urn, body.role))
        return "", told(Group, await again(door, Shelf.GROUPS, id=one))

    return await done(door, key, do)


@router.delete(
    "/groups/{group_id}/participants/{person_id}",
    response_model=Group,
    responses=VERSIONED,
    summary="Somebody takes part no more",
)
@allow(Can.EDIT_GROUPS)
async def remove_participant(door: Through, group_id: Key, person_id: Key, if_match: IfMatch = None) -> Response:
    """They give up their places; If-Match is the Work Group's ETag."""
    key = known_id(group_id)
    held(Group, await api.one(door.db, door.member, Shelf.GROUPS, id=key), if_match)
    await actions.remove_taker(door.actor, key, known_id(person_id))
    return single(door, Group, await again(door, Shelf.GROUPS, id=key))


@router.put(
    "/groups/{group_id}/visits/{urn}",
    response_model=Group,
    responses={**VERSIONED, **IN_CONFLICT},
    summary="Who visits a school",
)
@allow(Can.EDIT_GROUPS)
async def set_visits(door: Through, group_id: Key, urn: Key, body: Visiting, if_match: IfMatch = None) -> Response:
    """The visits of one member school; If-Match is the Work Group's ETag."""
    key = known_id(group_id)
    held(Group, await api.one(door.db, door.member, Shelf.GROUPS, id=key), if_match)
    known = body.visitor_id is None or await _there(door, Shelf.PEOPLE, id=body.visitor_id)
    if not known or (body.half_terms and body.visitor_id is None):
        because = "Choose somebody of the hub who visits the school."
        raise BadInputError(because, (Fault("/visitor_id", because),))
    visits = SeriesChange(body.visitor_id, tuple(sorted(set(body.half_terms))), body.least_gap)
    await actions.set_visits(door.actor, key, known_urn(urn), visits)
    return single(door, Group, await again(door, Shelf.GROUPS, id=key))
