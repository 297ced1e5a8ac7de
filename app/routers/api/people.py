"""People of a hub, with roles and working days."""

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
from app.routers.api.doors import Key, List, Narrow, api_router, shelved, single
from app.routers.api.shapes import AskedText, NamedDay, RoleName, Some, Told
from app.routers.deps import Through, known_id
from app.routers.guard import allow

router = api_router("people")


class RoleHeld(Told):
    """A role; a headteacher's names the school."""

    role: RoleName
    urn: int | None


class Person(Told):
    """Somebody in a hub."""

    id: uuid.UUID
    name: str
    email: str
    roles: list[RoleHeld]
    works: dict[str, list[str]] = Field(description='Half-days of the week, like {"mon": ["am", "pm"]}.')
    away: list[NamedDay] = Field(description="Days on which they cannot come; why is told to coordinators only.")
    base_urn: int | None = Field(description="The school they travel from.")
    cohort_id: uuid.UUID | None
    left_on: date | None
    version: int


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
