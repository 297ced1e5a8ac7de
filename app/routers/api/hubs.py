"""Hubs, academic years, programmes and Specialist cohorts."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.domain.access import Can
from app.kit.errors import NotFoundError
from app.pages import api
from app.pages.api import Shelf, Slice
from app.routers.api.doors import Key, List, Narrow, api_router, listed, shelved, single
from app.routers.api.shapes import AskedYear, HalfDays, NamedDay, ProgrammeKind, RoleName, Some, Told
from app.routers.deps import Through, known_id
from app.routers.guard import allow, signed_in

router = api_router("hubs")
beside = api_router("hubs", of_a_hub=False)


class Membership(Told):
    """Who you are in one hub."""

    hub: str
    person_id: uuid.UUID
    name: str
    roles: list[RoleName]


class Me(Told):
    """Whoever asks."""

    email: str
    memberships: list[Membership]


class Hub(Told):
    """A Maths Hub."""

    code: str
    name: str
    half_days: HalfDays
    created_at: datetime
    version: int


class Closure(NamedDay):
    """A day on which nobody in the hub meets."""

    id: uuid.UUID


class HubYear(Told):
    """An academic year of a hub, with the days on which nobody meets."""

    year: int
    first_day: date
    last_day: date
    meetings_per_day: int | None = Field(description="The most meetings on one day; null for any number.")
    weights: dict[str, int] = Field(description="What the planner is told to weigh differently.")
    closures: list[Closure]
    bank_holidays: list[NamedDay]


class Programme(Told):
    """A stage's template for one academic year."""

    id: uuid.UUID
    year: int
    kind: ProgrammeKind | str
    name: str
    fewest_schools: int
    most_schools: int
    meetings: int
    visits: int
    visit_half_terms: list[int]
    observation_half_terms: list[int]
    least_gap: int = Field(description="Days between two meetings, and between two visits of a school.")
    participants: int = Field(description="From each school.")
    people: str
    led_by: str
    head_attends: str
    years: int
    version: int


class Cohort(Told):
    """A national intake of Mastery Specialists."""

    id: uuid.UUID
    number: int
    began: int
    notes: str


@dataclass
class NarrowProgrammes(Narrow):
    """What programmes can be narrowed by."""

    year: AskedYear = None
    kind: Annotated[ProgrammeKind | None, Query()] = None


@beside.get("/me", response_model=Me, summary="Who am I")
@signed_in("everyone may ask who they are")
async def me(door: Through) -> Response:
    """Your e-mail address, and who you are in each of your hubs."""
    memberships = [
        {
            "hub": member.hub_code,
            "person_id": member.person_id,
            "name": member.name,
            "roles": sorted(role.stored for role in member.roles),
        }
        for member in door.viewer.members
    ]
    return single(door, Me, {"email": door.viewer.email, "memberships": memberships})


@beside.get("/hubs", response_model=Some[Hub], summary="Your hubs")
@signed_in("everyone may list the hubs they are in")
async def hubs(door: Through, asking: List) -> Response:
    """The hubs that you are part of, by their codes."""
    members = sorted(door.viewer.members, key=lambda member: member.hub_code)
    rest = [member for member in members if member.hub_code > asking.after]
    rows = [await api.hub(door.db, member) for member in rest[: asking.limit]]
    following = rows[-1]["code"] if len(rest) > asking.limit else None
    return listed(door, Hub, Slice(rows, following))


@router.get("", response_model=Hub, summary="One hub")
@signed_in("whoever is in a hub may know its name and its half-days")
async def hub(door: Through) -> Response:
    """A hub that you are part of."""
    return single(door, Hub, await api.hub(door.db, door.member))


@router.get("/years", response_model=Some[HubYear], summary="Academic years")
@allow(Can.SEE_HUB)
async def years(door: Through, asking: List) -> Response:
    """Academic years with their closures and bank holidays."""
    return await shelved(door, HubYear, Shelf.YEARS, asking.only())


@router.get("/years/{year}", response_model=HubYear, summary="One academic year")
@allow(Can.SEE_HUB)
async def year(door: Through, year: Key) -> Response:
    """One academic year: 2026 is 2026/27."""
    return single(door, HubYear, await api.one(door.db, door.member, Shelf.YEARS, year=known_year(year)))


def known_year(text: str) -> int:
    """A year from an address; nonsense is as unknown as any other year."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFoundError
    return int(text)


@router.get("/programmes", response_model=Some[Programme], summary="Programmes")
@allow(Can.SEE_HUB)
async def programmes(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowProgrammes, Depends()],
) -> Response:
    """The stages' templates of each academic year."""
    return await shelved(door, Programme, Shelf.PROGRAMMES, asking.only(narrow))


@router.get("/programmes/{programme_id}", response_model=Programme, summary="One programme")
@allow(Can.SEE_HUB)
async def programme(door: Through, programme_id: Key) -> Response:
    """One stage's template."""
    found = await api.one(door.db, door.member, Shelf.PROGRAMMES, id=known_id(programme_id))
    return single(door, Programme, found)


@router.get("/cohorts", response_model=Some[Cohort], summary="Specialist cohorts")
@allow(Can.SEE_HUB)
async def cohorts(door: Through, asking: List) -> Response:
    """Numbered national intakes of Mastery Specialists, as the hub keeps them."""
    return await shelved(door, Cohort, Shelf.COHORTS, asking.only())
