"""Moves of schools to another stage: proposed, agreed by another person, reversed."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.actions.access import Actor
from app.actions.stages import moving
from app.actions.stages.moving import Agreeing, Proposing
from app.domain.access import Can
from app.domain.stages.ladder import State
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
    renamed,
    shelved,
    single,
    told,
)
from app.routers.api.shapes import (
    AskedUrn,
    Day,
    Named,
    NamedSchool,
    Sent,
    Some,
    Told,
    Yes,
)
from app.routers.api.stages import PLACES, Because, Criterion, StageProgramme, Verb
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow

router = api_router("stages")
MoveState = Literal["proposed", "agreed", "declined", "taken_back", "reversed"]


class Move(Told):
    """A move of a school to another stage, with the evidence as it stood when it was proposed, and agreed."""

    id: uuid.UUID
    school: NamedSchool
    from_id: uuid.UUID = Field(description="The enrolment that it leads from.")
    to_programme: StageProgramme
    to_id: uuid.UUID | None = Field(description="The enrolment that it made.")
    state: MoveState
    criteria_id: uuid.UUID
    override: bool = Field(description="Proposed although not all criteria were met.")
    because: str
    evidence: list[Criterion]
    agreed_evidence: list[Criterion] | None
    proposed_at: datetime
    proposed_by: Named | None
    settled_at: datetime | None
    settled_by: Named | None
    settled_because: str
    reversed_at: datetime | None
    reversed_by: Named | None
    reversed_because: str
    version: int


class SentProposal(Sent):
    """Where a school moves to; with criteria that are not met, `override` and a because."""

    enrolment_id: uuid.UUID
    programme_id: uuid.UUID
    override: Yes = False
    because: Because = ""


class SentAgreement(Sent):
    """How a move is agreed."""

    day: Day
    state: Literal["agreed", "active"] = Field(description="active: it takes part from that day.")
    because: Because = ""


class SentBecause(Sent):
    """Why."""

    because: Because


@dataclass
class NarrowMoves(Narrow):
    """What moves can be narrowed by."""

    school: AskedUrn = None
    state: Annotated[MoveState | None, Query()] = None


@router.get("/moves", response_model=Some[Move], summary="Moves to another stage")
@allow(Can.SEE_STAGES)
async def list_moves(door: Through, asking: List, narrow: Annotated[NarrowMoves, Depends()]) -> Response:
    """Moves of the schools whose journey you may see."""
    return await shelved(door, Move, Shelf.MOVES, asking.only(narrow))


@router.get("/moves/{move_id}", response_model=Move, summary="One move")
@allow(Can.SEE_STAGES)
async def move(door: Through, move_id: Key) -> Response:
    """One move, with its evidence."""
    return single(door, Move, await api.one(door.db, door.member, Shelf.MOVES, id=known_id(move_id)))


@router.post("/moves", status_code=201, response_model=Move, responses=IN_CONFLICT, summary="Propose a move")
@allow(Can.PROPOSE_MOVE)
async def propose(door: Through, body: SentProposal, key: OnceKey = None) -> Response:
    """The evidence goes along as it stands. Another person agrees."""

    async def do() -> tuple[str, Any]:
        new = Proposing(body.enrolment_id, body.programme_id, body.override, body.because)
        with renamed(PLACES):
            made = await moving.propose(door.actor, new)
        return address(door, Shelf.MOVES, made), told(Move, await again(door, Shelf.MOVES, id=made))

    return await created(door, key, do)


async def _settled(door: Door, move_id: str, asked: tuple[str | None, str | None], do: Verb) -> Response:
    """Settles the move that the caller has read; `asked` are Idempotency-Key and If-Match."""

    async def settle() -> tuple[str, Any]:
        one = known_id(move_id)
        now = held(Move, await api.one(door.db, door.member, Shelf.MOVES, id=one), asked[1])
        await do(door.actor, one, now["version"])
        return "", told(Move, await again(door, Shelf.MOVES, id=one))

    return await done(door, asked[0], settle)


@router.post(
    "/moves/{move_id}/agree", response_model=Move, responses={**VERSIONED, **IN_CONFLICT}, summary="Agree a move"
)
@allow(Can.AGREE_MOVE)
async def agree(
    door: Through, move_id: Key, body: SentAgreement, key: OnceKey = None, if_match: IfMatch = None
) -> Response:
    """By another person than proposed it. Completes the one enrolment and makes the next."""

    async def do(actor: Actor, one: uuid.UUID, version: int) -> None:
        await moving.agree(actor, one, version, Agreeing(body.day, State(body.state), body.because))

    return await _settled(door, move_id, (key, if_match), do)


@router.post(
    "/moves/{move_id}/decline", response_model=Move, responses={**VERSIONED, **IN_CONFLICT}, summary="Decline a move"
)
@allow(Can.AGREE_MOVE)
async def decline(
    door: Through, move_id: Key, body: SentBecause, key: OnceKey = None, if_match: IfMatch = None
) -> Response:
    """By another person than proposed it, with a because."""

    async def do(actor: Actor, one: uuid.UUID, version: int) -> None:
        await moving.decline(actor, one, version, body.because)

    return await _settled(door, move_id, (key, if_match), do)


@router.post(
    "/moves/{move_id}/take-back",
    response_model=Move,
    responses={**VERSIONED, **IN_CONFLICT},
    summary="Take a move back",
)
@allow(Can.PROPOSE_MOVE)
async def take_back(door: Through, move_id: Key, key: OnceKey = None, if_match: IfMatch = None) -> Response:
    """By whoever proposed it."""
    return await _settled(door, move_id, (key, if_match), moving.take_back)


@router.post(
    "/moves/{move_id}/reverse", response_model=Move, responses={**VERSIONED, **IN_CONFLICT}, summary="Reverse a move"
)
@allow(Can.AGREE_MOVE)
async def reverse(
    door: Through, move_id: Key, body: SentBecause, key: OnceKey = None, if_match: IfMatch = None
) -> Response:
    """Both enrolments become what they were; the move stays on record with the because."""

    async def do(actor: Actor, one: uuid.UUID, version: int) -> None:
        await moving.reverse(actor, one, version, body.because)

    return await _settled(door, move_id, (key, if_match), do)
