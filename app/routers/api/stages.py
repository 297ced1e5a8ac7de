"""Schools on the ladder: enrolments, and each school's journey."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from app.actions.access import Actor
from app.actions.stages import enrolling
from app.actions.stages.enrolling import Enrolling
from app.domain.access import Can
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
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    NO_NUL,
    AskedUrn,
    AskedYear,
    Day,
    Named,
    NamedSchool,
    ProgrammeKind,
    Sent,
    Some,
    Told,
    Urn,
)
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow

router = api_router("stages")
PLACES = {"programme": "/programme_id", "group": "/group_id"}
Stage = Literal["readiness", "development", "sustaining", "introductory"]
EnrolmentState = Literal["applied", "agreed", "active", "completed", "withdrawn"]
Because = Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)]


class StageProgramme(Told):
    """A programme of one academic year."""

    id: uuid.UUID
    kind: str
    name: str
    year: int


class StageGroup(Told):
    """The Work Group of an enrolment."""

    id: uuid.UUID
    code: str


class Enrolment(Told):
    """A school in one programme of one academic year; each day says when a state began."""

    id: uuid.UUID
    school: NamedSchool
    year: int
    kind: str
    stage: Stage
    programme: StageProgramme
    group: StageGroup | None
    state: EnrolmentState = Field(description="agreed: its agreement is signed. active: it takes part.")
    applied_on: date | None
    agreed_on: date | None
    began_on: date | None
    completed_on: date | None
    withdrawn_on: date | None
    because: str = Field(description="Why it withdrew.")
    version: int


class Proof(Told):
    """A fact behind a criterion."""

    kind: str
    id: uuid.UUID
    day: date | None
    counts: bool = Field(description="False for what a later version of a record took back, among others.")
    event_id: uuid.UUID | None = None


class Criterion(Told):
    """How far one criterion was."""

    key: str
    says: str
    state: Literal["met", "partly", "missing", "expired"]
    have: str
    wants: str = Field(description="What would meet it.")
    by: date | None
    proof: list[Proof]


class JourneyStep(Told):
    """One step, with the evidence as it stood."""

    id: uuid.UUID
    what: str
    day: date
    at: datetime = Field(description="When it was recorded.")
    by: Named | None
    because: str
    enrolment_id: uuid.UUID | None
    move_id: uuid.UUID | None
    evidence: list[Criterion]


class Journey(Told):
    """A school's way so far, the earliest first."""

    urn: int
    name: str
    enrolments: list[Enrolment]
    steps: list[JourneyStep]


class SentEnrolment(Sent):
    """A school that enters a programme, or returns to one."""

    urn: Urn
    programme_id: uuid.UUID
    day: Day = Field(description="When it applied.")
    group_id: uuid.UUID | None = Field(None, description="Null: the one Work Group of the programme that it is in.")
    because: Because = ""


class SentStep(Sent):
    """The day of a step, and why where it has one."""

    day: Day
    because: Because = ""


@dataclass
class NarrowEnrolments(Narrow):
    """What enrolments can be narrowed by."""

    year: AskedYear = None
    school: AskedUrn = None
    state: Annotated[EnrolmentState | None, Query()] = None
    kind: Annotated[ProgrammeKind | None, Query(description="Of programme.")] = None


@router.get("/enrolments", response_model=Some[Enrolment], summary="Enrolments")
@allow(Can.SEE_STAGES)
async def enrolments(door: Through, asking: List, narrow: Annotated[NarrowEnrolments, Depends()]) -> Response:
    """Schools in programmes, of the schools whose journey you may see."""
    return await shelved(door, Enrolment, Shelf.ENROLMENTS, asking.only(narrow))


@router.get("/enrolments/{enrolment_id}", response_model=Enrolment, summary="One enrolment")
@allow(Can.SEE_STAGES)
async def enrolment(door: Through, enrolment_id: Key) -> Response:
    """One school in one programme of a year."""
    return single(door, Enrolment, await api.one(door.db, door.member, Shelf.ENROLMENTS, id=known_id(enrolment_id)))


@router.post("/enrolments", status_code=201, response_model=Enrolment, responses=IN_CONFLICT, summary="Enrol a school")
@allow(Can.EDIT_STAGES)
async def enrol(door: Through, body: SentEnrolment, key: OnceKey = None) -> Response:
    """It applies; whoever withdrew before returns. To another stage it comes by a move."""

    async def do() -> tuple[str, Any]:
        new = Enrolling(body.urn, body.programme_id, body.day, body.group_id, body.because)
        with renamed(PLACES):
            made = await enrolling.enrol(door.actor, new)
        place = address(door, Shelf.ENROLMENTS, made)
        return place, told(Enrolment, await again(door, Shelf.ENROLMENTS, id=made))

    return await created(door, key, do)


Verb = Callable[[Actor, uuid.UUID, int], Awaitable[Any]]


async def _stepped(door: Door, enrolment_id: str, asked: tuple[str | None, str | None], do: Verb) -> Response:
    """Takes a step of the enrolment that the caller has read; `asked` are Idempotency-Key and If-Match."""

    async def step() -> tuple[str, Any]:
        one = known_id(enrolment_id)
        now = held(Enrolment, await api.one(door.db, door.member, Shelf.ENROLMENTS, id=one), asked[1])
        await do(door.actor, one, now["version"])
        return "", told(Enrolment, await again(door, Shelf.ENROLMENTS, id=one))

    return await done(door, asked[0], step)


@router.post(
    "/enrolments/{enrolment_id}/begin",
    response_model=Enrolment,
    responses={**VERSIONED, **IN_CONFLICT},
    summary="It takes part",
)
@allow(Can.EDIT_STAGES)
async def begin(
    door: Through, enrolment_id: Key, body: SentStep, key: OnceKey = None, if_match: IfMatch = None
) -> Response:
    """From this day; its agreement is signed before."""

    async def do(actor: Actor, one: uuid.UUID, version: int) -> None:
        await enrolling.begin(actor, one, body.day, version=version)

    return await _stepped(door, enrolment_id, (key, if_match), do)


@router.post(
    "/enrolments/{enrolment_id}/complete",
    response_model=Enrolment,
    responses={**VERSIONED, **IN_CONFLICT},
    summary="It completed the programme",
)
@allow(Can.EDIT_STAGES)
async def complete(
    door: Through, enrolment_id: Key, body: SentStep, key: OnceKey = None, if_match: IfMatch = None
) -> Response:
    """A fact of its own: no date brings it about."""

    async def do(actor: Actor, one: uuid.UUID, version: int) -> None:
        await enrolling.complete(actor, one, body.day, version=version)

    return await _stepped(door, enrolment_id, (key, if_match), do)


@router.post(
    "/enrolments/{enrolment_id}/withdraw",
    response_model=Enrolment,
    responses={**VERSIONED, **IN_CONFLICT},
    summary="It withdraws",
)
@allow(Can.EDIT_STAGES)
async def withdraw(
    door: Through, enrolment_id: Key, body: SentStep, key: OnceKey = None, if_match: IfMatch = None
) -> Response:
    """With a because. What it did until then stays."""

    async def do(actor: Actor, one: uuid.UUID, version: int) -> None:
        await enrolling.withdraw(actor, one, body.day, body.because, version=version)

    return await _stepped(door, enrolment_id, (key, if_match), do)


@router.get("/schools/{urn}/journey", response_model=Journey, summary="A school's journey")
@allow(Can.SEE_STAGES)
async def journey(door: Through, urn: Key) -> Response:
    """All that it was ever enrolled in, and each step with its evidence."""
    return single(door, Journey, await api.journey(door.db, door.member, known_urn(urn)))
