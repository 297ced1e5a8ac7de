"""Hubs, academic years, programmes and Specialist cohorts."""

import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from app.actions import hubs as actions
from app.domain.access import Can
from app.domain.hubs.details import Hours
from app.domain.hubs.programmes import ProgrammeTerms
from app.kit.errors import ConflictError, NotFoundError
from app.pages import api
from app.pages.api import Shelf, Slice
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
    listed,
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    NO_NUL,
    AskedYear,
    Few,
    HalfDays,
    HalfTerms,
    Line,
    Name,
    NamedDay,
    ProgrammeKind,
    RoleName,
    Sent,
    SentDays,
    SentHalfDays,
    SentYear,
    Some,
    Told,
    Year,
    left_out,
    sent,
)
from app.routers.deps import Through, known_id
from app.routers.guard import allow, signed_in

router = api_router("hubs")
beside = api_router("hubs", of_a_hub=False)
HOURS = {
    "morning_starts": "/half_days/am/starts",
    "morning_ends": "/half_days/am/ends",
    "afternoon_starts": "/half_days/pm/starts",
    "afternoon_ends": "/half_days/pm/ends",
}


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
    most_times: int | None = Field(description="How often one school may take it; null: as often as it wants.")
    code: str = Field(description="The funder's, as claims name it; empty: its kind.")
    version: int


class Cohort(Told):
    """A national intake of Mastery Specialists."""

    id: uuid.UUID
    number: int
    began: int
    notes: str


class HubChange(Sent):
    """What is left out stays."""

    name: Name = left_out()
    half_days: SentHalfDays = left_out()


class YearChange(Sent):
    """The most meetings on one day; null for any number."""

    meetings_per_day: Annotated[int, Field(strict=True, ge=1, le=200)] | None


class ProgrammeChange(Sent):
    """What is left out stays."""

    name: Name = left_out()
    fewest_schools: Few = left_out()
    most_schools: Few = left_out()
    meetings: Few = left_out()
    visits: Few = left_out()
    visit_half_terms: HalfTerms = left_out()
    observation_half_terms: HalfTerms = left_out()
    least_gap: Few = left_out()
    participants: Few = left_out()
    people: Line = left_out()
    led_by: Line = left_out()
    head_attends: Line = left_out()
    years: Few = left_out()
    most_times: Few | None = left_out()
    code: Line = left_out()


class SentCohort(Sent):
    """A national intake of Mastery Specialists."""

    number: Few
    began: Year
    notes: Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] = ""


@dataclass
class NarrowProgrammes(Narrow):
    """What programmes can be narrowed by."""

    year: AskedYear = None
    kind: Annotated[ProgrammeKind | None, Query()] = None


@beside.get("/me", response_model=Me, summary="Who am I")
@signed_in("everyone may ask who they are", tokens_too=True)
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
@signed_in("everyone may list the hubs they are in", tokens_too=True)
async def hubs(door: Through, asking: List) -> Response:
    """The hubs that you are part of, by their codes."""
    members = sorted(door.viewer.members, key=lambda member: member.hub_code)
    rest = [member for member in members if member.hub_code > asking.after]
    rows = [await api.hub(door.db, member) for member in rest[: asking.limit]]
    following = rows[-1]["code"] if len(rest) > asking.limit else None
    return listed(door, Hub, Slice(rows, following))


@router.get("", response_model=Hub, summary="One hub")
@signed_in("whoever is in a hub may know its name and its half-days", tokens_too=True)
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


@router.patch("", response_model=Hub, responses=VERSIONED, summary="Change the hub")
@allow(Can.EDIT_HUB)
async def change_hub(door: Through, body: HubChange, if_match: IfMatch = None) -> Response:
    """Its name and the times of its half-days."""
    now = held(Hub, await api.hub(door.db, door.member), if_match)
    new = {**now, **sent(body)}
    am, pm = new["half_days"]["am"], new["half_days"]["pm"]
    times = (time.fromisoformat(at) for half in (am, pm) for at in (half["starts"], half["ends"]))
    with renamed(HOURS):
        await actions.change_hub(door.actor, actions.HubDetails(new["name"], Hours(*times), now["version"]))
    await api.forget(door.db)
    return single(door, Hub, await api.hub(door.db, door.member))


@router.post("/years", status_code=201, response_model=HubYear, responses=IN_CONFLICT, summary="Open an academic year")
@allow(Can.EDIT_HUB)
async def open_year(door: Through, body: SentYear, key: OnceKey = None) -> Response:
    """Begins an academic year with the default programmes and the test week closed."""

    async def do() -> tuple[str, Any]:
        if not await actions.open_year(door.actor, body.year):
            raise ConflictError("This academic year is there already.")
        return address(door, Shelf.YEARS, body.year), told(HubYear, await again(door, Shelf.YEARS, year=body.year))

    return await created(door, key, do)


@router.patch("/years/{year}", response_model=HubYear, responses=VERSIONED, summary="Change an academic year")
@allow(Can.EDIT_HUB)
async def change_year(door: Through, year: Key, body: YearChange, if_match: IfMatch = None) -> Response:
    """How many meetings the hub can hold on one day."""
    number = known_year(year)
    held(HubYear, await api.one(door.db, door.member, Shelf.YEARS, year=number), if_match)
    await actions.limit_meetings(door.actor, number, body.meetings_per_day)
    return single(door, HubYear, await again(door, Shelf.YEARS, year=number))


@router.post("/years/{year}/closures", response_model=HubYear, summary="Close days")
@allow(Can.EDIT_HUB)
async def close_days(door: Through, year: Key, body: SentDays, key: OnceKey = None) -> Response:
    """Days on which nobody in the hub meets; answers the whole year."""
    number = known_year(year)

    async def do() -> tuple[str, Any]:
        await api.one(door.db, door.member, Shelf.YEARS, year=number)
        await actions.close_days(door.actor, number, body.first, body.last, body.name)
        return "", told(HubYear, await again(door, Shelf.YEARS, year=number))

    return await done(door, key, do)


@router.delete(
    "/years/{year}/closures/{closure_id}", response_model=HubYear, responses=VERSIONED, summary="Open a closed day"
)
@allow(Can.EDIT_HUB)
async def open_day(door: Through, year: Key, closure_id: Key, if_match: IfMatch = None) -> Response:
    """Takes a closure away; If-Match is the year's ETag, and the answer the whole year."""
    number, closure = known_year(year), known_id(closure_id)
    now = held(HubYear, await api.one(door.db, door.member, Shelf.YEARS, year=number), if_match)
    if str(closure) not in {one["id"] for one in now["closures"]}:
        raise NotFoundError
    await actions.open_day(door.actor, closure)
    return single(door, HubYear, await again(door, Shelf.YEARS, year=number))


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


@router.patch("/programmes/{programme_id}", response_model=Programme, responses=VERSIONED, summary="Change a programme")
@allow(Can.EDIT_HUB)
async def change_programme(
    door: Through, programme_id: Key, body: ProgrammeChange, if_match: IfMatch = None
) -> Response:
    """A stage's template for its year."""
    key = known_id(programme_id)
    now = held(Programme, await api.one(door.db, door.member, Shelf.PROGRAMMES, id=key), if_match)
    new = {**now, **sent(body)}
    terms = {field.name: new[field.name] for field in fields(ProgrammeTerms)}
    terms |= {name: tuple(terms[name]) for name in ("visit_half_terms", "observation_half_terms")}
    await actions.change_programme(door.actor, key, ProgrammeTerms(**terms), now["version"])
    return single(door, Programme, await again(door, Shelf.PROGRAMMES, id=key))


@router.get("/cohorts/{cohort_id}", response_model=Cohort, summary="One Specialist cohort")
@allow(Can.SEE_HUB)
async def cohort(door: Through, cohort_id: Key) -> Response:
    """One national intake of Mastery Specialists."""
    return single(door, Cohort, await api.one(door.db, door.member, Shelf.COHORTS, id=known_id(cohort_id)))


@router.post("/cohorts", status_code=201, response_model=Cohort, summary="Add a Specialist cohort")
@allow(Can.EDIT_HUB)
async def add_cohort(door: Through, body: SentCohort, key: OnceKey = None) -> Response:
    """One more national intake of Mastery Specialists."""

    async def do() -> tuple[str, Any]:
        await actions.write_cohort(door.actor, None, body.number, body.began, body.notes)
        row = await again(door, Shelf.COHORTS, number=body.number)
        return address(door, Shelf.COHORTS, row["id"]), told(Cohort, row)

    return await created(door, key, do)


@router.put("/cohorts/{cohort_id}", response_model=Cohort, responses=VERSIONED, summary="Change a Specialist cohort")
@allow(Can.EDIT_HUB)
async def change_cohort(door: Through, cohort_id: Key, body: SentCohort, if_match: IfMatch = None) -> Response:
    """Writes it anew."""
    key = known_id(cohort_id)
    held(Cohort, await api.one(door.db, door.member, Shelf.COHORTS, id=key), if_match)
    await actions.write_cohort(door.actor, key, body.number, body.began, body.notes)
    return single(door, Cohort, await again(door, Shelf.COHORTS, id=key))
