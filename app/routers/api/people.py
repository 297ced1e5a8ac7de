"""People of a hub, with roles and working days."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.actions import people as actions
from app.actions.access import Actor
from app.domain.access import Can, Role
from app.domain.people.written import WrittenPerson
from app.kit.errors import BadInputError, Fault, NotFoundError
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
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    AskedText,
    Email,
    Name,
    NamedDay,
    Phone,
    RoleName,
    Sent,
    SentDays,
    Some,
    Told,
    Urn,
    Works,
    left_out,
    sent,
)
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow

router = api_router("people")
CHANGED = {**VERSIONED, **IN_CONFLICT}
PLACES = {"head_of": "/roles", "cohort": "/cohort_id"}


class RoleHeld(Told):
    """A role; a headteacher's names the school."""

    role: RoleName
    urn: int | None


class Away(NamedDay):
    """A day on which somebody cannot come."""

    id: uuid.UUID


class Person(Told):
    """Somebody in a hub."""

    id: uuid.UUID
    name: str
    email: str
    phone: str = Field(description="For the office, leaders of their Work Groups and themselves; else empty.")
    roles: list[RoleHeld]
    works: dict[str, list[str]] = Field(description='Half-days of the week, like {"mon": ["am", "pm"]}.')
    away: list[Away] = Field(description="Days on which they cannot come; why is told to coordinators only.")
    base_urn: int | None = Field(description="The school they travel from.")
    cohort_id: uuid.UUID | None
    left_on: date | None
    version: int


class SentRole(Sent):
    """A role; a headteacher's names the school."""

    role: RoleName
    urn: Urn | None = None


class SentPerson(Sent):
    """Somebody new in the hub."""

    name: Name
    email: Email
    phone: Phone = ""
    roles: Annotated[list[SentRole], Field(max_length=20)] = Field(default_factory=list)
    works: Works = Field(default_factory=dict)
    base_urn: Urn | None = None
    cohort_id: uuid.UUID | None = None


class PersonChange(Sent):
    """What is left out stays."""

    name: Name = left_out()
    email: Email = left_out()
    phone: Phone = left_out()
    roles: Annotated[list[SentRole], Field(max_length=20)] = left_out()
    works: Works = left_out()
    base_urn: Urn | None = None
    cohort_id: uuid.UUID | None = None


@dataclass
class NarrowPeople(Narrow):
    """What people can be narrowed by."""

    role: Annotated[RoleName | None, Query()] = None
    email: AskedText = None
    search: AskedText = None
    left: Annotated[bool | None, Query(description="Whether they have left the hub.")] = None


@router.get("/people", response_model=Some[Person], summary="People")
@allow(Can.SEE_PEOPLE)
async def people(
    door: Through,
    asking: List,
    narrow: Annotated[NarrowPeople, Depends()],
) -> Response:
    """People that you may see; `search` looks into names and e-mail addresses."""
    return await shelved(door, Person, Shelf.PEOPLE, asking.only(narrow))


@router.get("/people/{person_id}", response_model=Person, summary="One person")
@allow(Can.SEE_PEOPLE)
async def person(door: Through, person_id: Key) -> Response:
    """One person that you may see."""
    return single(door, Person, await api.one(door.db, door.member, Shelf.PEOPLE, id=known_id(person_id)))


@router.post("/people", status_code=201, response_model=Person, summary="Add a person")
@allow(Can.EDIT_PEOPLE)
async def add_person(door: Through, body: SentPerson, key: OnceKey = None) -> Response:
    """Somebody new in the hub; with a role they can sign in."""

    async def do() -> tuple[str, Any]:
        with renamed(PLACES):
            made = await actions.add_person(door.actor, await _written(door, body.model_dump()))
        return address(door, Shelf.PEOPLE, made), told(Person, await again(door, Shelf.PEOPLE, id=made))

    return await created(door, key, do)


@router.patch("/people/{person_id}", response_model=Person, responses=CHANGED, summary="Change a person")
@allow(Can.EDIT_PEOPLE)
async def change_person(door: Through, person_id: Key, body: PersonChange, if_match: IfMatch = None) -> Response:
    """Name, e-mail address, roles, working days, the school they travel from."""
    key = known_id(person_id)
    now = held(Person, await api.one(door.db, door.member, Shelf.PEOPLE, id=key), if_match)
    with renamed(PLACES):
        written = await _written(door, {**now, **sent(body)})
        await actions.change_person(door.actor, key, written, now["version"])
    return single(door, Person, await again(door, Shelf.PEOPLE, id=key))


async def _written(door: Door, new: dict[str, Any]) -> WrittenPerson:
    cohort = ""
    if new["cohort_id"]:
        found = await api.some(door.db, door.member, Shelf.COHORTS, Asked(only={"id": new["cohort_id"]}))
        if not found.items:
            raise BadInputError("This cohort is not known.", (Fault("cohort", "Lists of cohorts tell their ids."),))
        cohort = str(found.items[0]["number"])
    return WrittenPerson(
        name=new["name"],
        email=new["email"],
        phone=new["phone"],
        roles=tuple(dict.fromkeys(Role.of(one["role"]) for one in new["roles"])),
        head_of=tuple(dict.fromkeys(one["urn"] for one in new["roles"] if one.get("urn") is not None)),
        works={day: slots for day, slots in new["works"].items() if slots},
        base_urn=new["base_urn"],
        cohort=cohort,
    )


@router.post("/people/{person_id}/away", response_model=Person, summary="Note days away")
@allow(Can.EDIT_PEOPLE)
async def note_away(door: Through, person_id: Key, body: SentDays, key: OnceKey = None) -> Response:
    """Days on which they cannot come; answers the person."""

    async def do() -> tuple[str, Any]:
        one = known_id(person_id)
        await actions.note_away(door.actor, one, body.first, body.last, body.name)
        return "", told(Person, await again(door, Shelf.PEOPLE, id=one))

    return await done(door, key, do)


@router.delete(
    "/people/{person_id}/away/{away_id}", response_model=Person, responses=VERSIONED, summary="Take a day away back"
)
@allow(Can.EDIT_PEOPLE)
async def take_back_away(door: Through, person_id: Key, away_id: Key, if_match: IfMatch = None) -> Response:
    """If-Match is the person's ETag, and the answer the person."""
    key, away = known_id(person_id), known_id(away_id)
    now = held(Person, await api.one(door.db, door.member, Shelf.PEOPLE, id=key), if_match)
    if str(away) not in {one["id"] for one in now["away"]}:
        raise NotFoundError
    await actions.take_back_away(door.actor, key, away)
    return single(door, Person, await again(door, Shelf.PEOPLE, id=key))


@router.post("/people/{person_id}/leave", response_model=Person, responses=IN_CONFLICT, summary="Somebody has left")
@allow(Can.EDIT_PEOPLE)
async def leave(door: Through, person_id: Key, key: OnceKey = None) -> Response:
    """They sign in no more; refused while they lead or visit."""
    return await _turned(door, person_id, key, actions.leave)


@router.post("/people/{person_id}/come-back", response_model=Person, summary="Somebody is back")
@allow(Can.EDIT_PEOPLE)
async def come_back(door: Through, person_id: Key, key: OnceKey = None) -> Response:
    """They can sign in again."""
    return await _turned(door, person_id, key, actions.come_back)


async def _turned(
    door: Door, person_id: str, key: str | None, turn: Callable[[Actor, uuid.UUID], Awaitable[str]]
) -> Response:
    async def do() -> tuple[str, Any]:
        one = known_id(person_id)
        await turn(door.actor, one)
        return "", told(Person, await again(door, Shelf.PEOPLE, id=one))

    return await done(door, key, do)
