"""Schools of GIAS, schools of a hub, and their calendars."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from app.actions import schools as actions
from app.domain.access import Can
from app.domain.schools import keeping
from app.kit.typed import Typed
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
    address,
    again,
    api_router,
    created,
    done,
    held,
    known_urn,
    listed,
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    NO_NUL,
    AskedId,
    AskedText,
    AskedUrn,
    AskedYear,
    Day,
    HalfTerms,
    Sent,
    Some,
    Told,
    Urn,
    Works,
    Year,
    Yes,
    left_out,
    sent,
)
from app.routers.deps import Through, known_id
from app.routers.guard import allow, signed_in

router = api_router("schools")
beside = api_router("schools", of_a_hub=False)


class SchoolLink(Told):
    """What a school became, or came from."""

    urn: int
    kind: str
    since: date | None


class Establishment(Told):
    """A school as Get Information About Schools lists it."""

    urn: int
    name: str
    la_code: int
    la_name: str
    kind: str
    status: str
    phase: str
    low_age: int | None
    high_age: int | None
    pupils: int | None
    ofsted: str
    ofsted_on: date | None
    street: str
    locality: str
    town: str
    county: str
    postcode: str
    website: str
    phone: str
    easting: int | None = Field(description="British National Grid, metres.")
    northing: int | None
    latitude: float | None
    longitude: float | None
    opened_on: date | None
    closed_on: date | None
    links: list[SchoolLink]


class SchoolDay(Told):
    """A school's own day: closed to everyone, or busy."""

    day: date
    kind: str
    name: str


class OwnDay(SchoolDay):
    """A school's own day, with its id."""

    id: uuid.UUID


class School(Told):
    """A school that works with the hub, in one academic year."""

    id: uuid.UUID
    year: int
    urn: int
    name: str
    status: str
    la_code: int
    la_name: str
    town: str
    postcode: str
    latitude: float | None
    longitude: float | None
    calendar_id: uuid.UUID | None
    maths: dict[str, list[str]] = Field(description="Half-days with a maths lesson to watch.")
    hosts: bool
    hosted_before: int
    rather_not_host: list[int]
    notes: str
    days: list[OwnDay]
    version: int


@dataclass
class NarrowEstablishments(Narrow):
    """What the search in all schools can be narrowed by."""

    search: AskedText = None
    la: Annotated[int | None, Query(ge=0, le=99999, description="Only this local authority.")] = None
    open: Annotated[bool | None, Query(description="Whether it is open.")] = None


@dataclass
class NarrowSchools(Narrow):
    """What the hub's schools can be narrowed by."""

    year: AskedYear = None
    urn: AskedUrn = None
    calendar: AskedId = None
    group: AskedId = None
    search: AskedText = None


@beside.get("/schools", response_model=Some[Establishment], summary="Search all schools")
@signed_in("GIAS is public: the same facts for everyone", tokens_too=True)
async def establishments(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowEstablishments, Depends()],
) -> Response:
    """Schools of England, as Get Information About Schools lists them; `search` takes a name or a postcode."""
    return listed(door, Establishment, await api.establishments(door.db, asking.only(narrow)))


@beside.get("/schools/{urn}", response_model=Establishment, summary="Any school")
@signed_in("GIAS is public: the same facts for everyone", tokens_too=True)
async def establishment(door: Through, urn: Key) -> Response:
    """One school of England by its URN, with its predecessors and successors."""
    return single(door, Establishment, await api.establishment(door.db, known_urn(urn)))


@router.get("/schools", response_model=Some[School], summary="Schools of the hub")
@allow(Can.SEE_SCHOOLS)
async def schools(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowSchools, Depends()],
) -> Response:
    """Schools that you may see, one entry an academic year."""
    return await shelved(door, School, Shelf.SCHOOLS, asking.only(narrow))


@router.get("/schools/{school_id}", response_model=School, summary="One school of the hub")
@allow(Can.SEE_SCHOOLS)
async def school(door: Through, school_id: Key) -> Response:
    """One school in one academic year, by the id of that entry."""
    return single(door, School, await api.one(door.db, door.member, Shelf.SCHOOLS, id=known_id(school_id)))


class SentSchool(Sent):
    """A school of GIAS that begins to work with the hub."""

    urn: Urn
    year: Year


class SchoolChange(Sent):
    """What is left out stays."""

    calendar_id: uuid.UUID | None = None
    maths: Works = left_out()
    hosts: Yes = left_out()
    hosted_before: Annotated[int, Field(strict=True, ge=0, le=99)] = left_out()
    rather_not_host: HalfTerms = left_out()
    notes: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)] = left_out()


class SentSchoolDay(Sent):
    """A day on which the school is closed to everyone, or busy."""

    day: Day
    kind: Literal["closed", "busy"]
    name: Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)] = ""


@router.post(
    "/schools", status_code=201, response_model=School, responses=IN_CONFLICT, summary="Add a school to the hub's year"
)
@allow(Can.EDIT_SCHOOLS)
async def add_school(door: Through, body: SentSchool, key: OnceKey = None) -> Response:
    """A school of GIAS works with the hub in this academic year."""

    async def do() -> tuple[str, Any]:
        await actions.add_school(door.actor, body.year, body.urn)
        row = await again(door, Shelf.SCHOOLS, urn=body.urn, year=body.year)
        return address(door, Shelf.SCHOOLS, row["id"]), told(School, row)

    return await created(door, key, do)


@router.patch("/schools/{school_id}", response_model=School, responses=VERSIONED, summary="Change a school")
@allow(Can.EDIT_SCHOOLS)
async def change_school(door: Through, school_id: Key, body: SchoolChange, if_match: IfMatch = None) -> Response:
    """Its calendar, its maths lessons, whether it hosts, and notes, for one academic year."""
    key = known_id(school_id)
    now = held(School, await api.one(door.db, door.member, Shelf.SCHOOLS, id=key), if_match)
    new = {**now, **sent(body)}
    calendar = str(new["calendar_id"] or "")
    typed = Typed(
        {
            "calendar": (calendar,),
            "hosted_before": (str(new["hosted_before"]),),
            "notes": (new["notes"],),
            "hosts": ("yes" if new["hosts"] else "no",),
            "maths": tuple(f"{day}-{slot}" for day, slots in new["maths"].items() for slot in slots),
            "rather_not_host": tuple(str(number) for number in new["rather_not_host"]),
        }
    )
    with renamed({"calendar": "/calendar_id"}):
        change = keeping.read_school(typed, (calendar,))
        await actions.change_school(door.actor, now["year"], now["urn"], now["version"], change)
    return single(door, School, await again(door, Shelf.SCHOOLS, id=key))


@router.post("/schools/{school_id}/days", response_model=School, summary="Note a school's own day")
@allow(Can.EDIT_SCHOOLS)
async def add_day(door: Through, school_id: Key, body: SentSchoolDay, key: OnceKey = None) -> Response:
    """A day on which the school is closed or busy; answers the school."""

    async def do() -> tuple[str, Any]:
        one = known_id(school_id)
        now = await api.one(door.db, door.member, Shelf.SCHOOLS, id=one)
        typed = Typed({"day": (str(body.day),), "kind": (body.kind,), "called": (body.name,)})
        with renamed({"called": "/name"}):
            await actions.add_day(door.actor, now["urn"], keeping.read_day(typed, now["year"]))
        return "", told(School, await again(door, Shelf.SCHOOLS, id=one))

    return await done(door, key, do)


@router.delete(
    "/schools/{school_id}/days/{day_id}", response_model=School, responses=VERSIONED, summary="Take a school's day back"
)
@allow(Can.EDIT_SCHOOLS)
async def remove_day(door: Through, school_id: Key, day_id: Key, if_match: IfMatch = None) -> Response:
    """If-Match is the school's ETag, and the answer the school."""
    key, day = known_id(school_id), known_id(day_id)
    now = held(School, await api.one(door.db, door.member, Shelf.SCHOOLS, id=key), if_match)
    await actions.remove_day(door.actor, now["urn"], day)
    return single(door, School, await again(door, Shelf.SCHOOLS, id=key))
