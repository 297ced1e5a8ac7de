"""Schools of GIAS, schools of a hub, and their calendars."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.domain.access import Can
from app.pages import api
from app.pages.api import Shelf
from app.routers.api.doors import Key, List, Narrow, api_router, known_urn, listed, shelved, single
from app.routers.api.shapes import AskedId, AskedText, AskedUrn, AskedYear, Some, Told
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
    days: list[SchoolDay]
    version: int


class HalfTermDates(Told):
    """One of six teaching blocks, first and last day included."""

    number: int
    first: date
    last: date


class Calendar(Told):
    """Term dates that one school or several keep in one academic year."""

    id: uuid.UUID
    year: int
    name: str
    half_terms: list[HalfTermDates]
    days: list[SchoolDay]
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


@dataclass
class NarrowCalendars(Narrow):
    """What calendars can be narrowed by."""

    year: AskedYear = None


@beside.get("/schools", response_model=Some[Establishment], summary="Search all schools")
@signed_in("GIAS is public: the same facts for everyone")
async def establishments(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowEstablishments, Depends()],
) -> Response:
    """Schools of England, as Get Information About Schools lists them; `search` takes a name or a postcode."""
    return listed(door, Establishment, await api.establishments(door.db, asking.only(narrow)))


@beside.get("/schools/{urn}", response_model=Establishment, summary="Any school")
@signed_in("GIAS is public: the same facts for everyone")
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
