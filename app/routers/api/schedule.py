"""Proposals: a plan for a year, how far it is, and what it says."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from app.actions.schedule import accept as accepting
from app.actions.schedule import propose as proposing
from app.domain.access import Can
from app.pages import api
from app.pages.api import Shelf
from app.routers.api.doors import (
    IN_CONFLICT,
    Key,
    List,
    Narrow,
    OnceKey,
    address,
    again,
    api_router,
    done,
    shelved,
    single,
    taken,
    told,
)
from app.routers.api.shapes import AskedYear, Named, SentYear, Some, Told
from app.routers.deps import Through, known_id
from app.routers.guard import allow

router = api_router("schedule")
ProposalStatus = Literal["waiting", "solving", "ready", "impossible", "failed", "accepted", "set aside"]


class ProposalLine(Told):
    """A proposal in a list: without the plan itself."""

    id: uuid.UUID
    year: int
    status: ProposalStatus
    progress: dict[str, Any] = Field(description="How far the planner is.")
    because: list[str] = Field(description="Why there is no plan, in sentences.")
    made_by: Named | None
    made_at: datetime
    finished_at: datetime | None
    accepted_at: datetime | None


class Proposal(ProposalLine):
    """A proposal with its plan, once there is one."""

    plan: dict[str, Any] | None
    judgement: dict[str, Any] | None = Field(description="What each rule says of the plan, and its cost.")
    names: dict[str, str] = Field(description="The plan's ids in words.")


@dataclass
class NarrowProposals(Narrow):
    """What proposals can be narrowed by."""

    year: AskedYear = None
    status: Annotated[ProposalStatus | None, Query()] = None


@router.get("/proposals", response_model=Some[ProposalLine], summary="Proposals")
@allow(Can.PLAN)
async def proposals(door: Through, asking: List, narrow: Annotated[NarrowProposals, Depends()]) -> Response:
    """Plans that were proposed, oldest first."""
    return await shelved(door, ProposalLine, Shelf.PROPOSALS, asking.only(narrow))


@router.get("/proposals/{proposal_id}", response_model=Proposal, summary="One proposal")
@allow(Can.PLAN)
async def proposal(door: Through, proposal_id: Key) -> Response:
    """One proposal with its plan."""
    return single(door, Proposal, await api.one(door.db, door.member, Shelf.PROPOSALS, id=known_id(proposal_id)))


@router.get("/proposals/{proposal_id}/problem", response_model=dict[str, Any], summary="A proposal's problem")
@allow(Can.PLAN)
async def problem(door: Through, proposal_id: Key) -> Response:
    """What the plan was worked out from: a file for `halfterm schedule solve`."""
    return JSONResponse(await api.problem(door.db, door.member, known_id(proposal_id)))


class Accepted(Told):
    """What accepting a plan did to the calendar."""

    kept: int
    created: int
    moved: int
    cancelled: int


@router.post("/proposals", status_code=202, response_model=Proposal, summary="Propose a plan")
@allow(Can.PLAN)
async def propose(door: Through, body: SentYear, key: OnceKey = None) -> Response:
    """Starts the planner in the background; ask for the proposal again until it is ready or impossible."""

    async def do() -> tuple[str, Any]:
        made = await proposing.propose(door.actor, body.year)
        return address(door, Shelf.PROPOSALS, made), told(Proposal, await again(door, Shelf.PROPOSALS, id=made))

    return await taken(door, key, do)


@router.post("/proposals/{proposal_id}/accept", response_model=Accepted, responses=IN_CONFLICT, summary="Accept a plan")
@allow(Can.ACCEPT_PLAN)
async def accept_plan(door: Through, proposal_id: Key, key: OnceKey = None) -> Response:
    """Writes its dates into everybody's calendar, all or none; refused when the facts have changed since."""

    async def do() -> tuple[str, Any]:
        return "", told(Accepted, await accepting.accept(door.actor, known_id(proposal_id)))

    return await done(door, key, do)


@router.post(
    "/proposals/{proposal_id}/set-aside", response_model=Proposal, responses=IN_CONFLICT, summary="Set a plan aside"
)
@allow(Can.PLAN)
async def set_aside(door: Through, proposal_id: Key, key: OnceKey = None) -> Response:
    """Drops a proposal: its tentative dates are struck out."""

    async def do() -> tuple[str, Any]:
        one = known_id(proposal_id)
        await accepting.set_aside(door.actor, one)
        return "", told(Proposal, await again(door, Shelf.PROPOSALS, id=one))

    return await done(door, key, do)
