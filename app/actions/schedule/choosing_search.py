"""Looking for what could be let go where there is no plan, outside a request, with its progress written down."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.schedule.apart import Said, at_work, heard
from app.domain.schedule import facts
from app.domain.schedule.exceptions import excepted, of_problem
from app.kit.clock import Clock
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.solver.schedule.relax_apart import relax_apart
from app.store.database import Database
from app.store.schedule import choices, proposals
from app.store.schedule.facts import read_year

SECONDS = 60.0
BROKEN_OFF = "Looking for ways out broke off. Nothing has changed; look again."


@dataclass(frozen=True, slots=True)
class Search:
    """The problem as the facts make it today, and what people call the things in it."""

    problem: dict[str, Any]
    names: dict[str, str]


async def find_choices(database: Database, clock: Clock, hub_id: uuid.UUID, proposal_id: uuid.UUID) -> None:
    """Look for what could be let go and keep it with the proposal, where somebody asked for it."""
    async with database.transaction(hub_id) as db:
        search = await _begin(db, proposal_id, clock())
    if search is None:
        return
    try:
        kind, found = await _apart(database, hub_id, proposal_id, search.problem)
    except EOFError:  # the child died without an answer
        kind, found = "none", BROKEN_OFF
    async with database.transaction(hub_id) as db:
        proposal = await proposals.one(db, proposal_id, lock=True)
        if proposal is not None:
            proposal.choices = _nothing(found) if kind == "none" else _found(found, search.names, clock())


async def _begin(db: AsyncSession, proposal_id: uuid.UUID, now: datetime) -> Search | None:
    proposal = await proposals.one(db, proposal_id, lock=True)
    if proposal is None or (proposal.choices or {}).get("state") not in {"waiting", "looking"}:
        return None
    known = await read_year(db, proposal.hub_id, proposal.year, in_london(now).date())
    try:
        problem = facts.problem(known)
    except BadInputError as lacking:
        proposal.choices = _nothing(" ".join([lacking.because, *(fault.because for fault in lacking.faults)]))
        return None
    proposal.choices = {"state": "looking"}
    names = {**proposal.names, **facts.names(known)}
    return Search(excepted(problem, of_problem(problem, proposal.exceptions)), names)


async def _apart(database: Database, hub_id: uuid.UUID, proposal_id: uuid.UUID, problem: dict[str, Any]) -> Said:
    """The last word of a child process that searches. Raises EOFError when it died."""
    async with at_work(relax_apart, problem, SECONDS) as mother:
        while True:
            kind, value = await heard(mother)
            if kind != "progress":
                return kind, value
            async with database.transaction(hub_id) as db:
                await choices.keep(db, proposal_id, {"state": "looking", **value})


def _nothing(because: str) -> dict[str, Any]:
    return {"state": "none", "because": [because], "offers": []}


def _found(found: dict[str, Any], names: dict[str, str], now: datetime) -> dict[str, Any]:
    """What was found, in the hub's own words."""

    def told(sentence: str) -> str:
        return facts.in_words(sentence, names)

    offers = [
        {**offer, "says": told(offer["says"]), "means": [told(each) for each in offer["means"]]}
        for offer in found["offers"]
    ]
    because = [told(each) for each in found["because"]]
    return {"state": "found", "because": because, "offers": offers, "at": now.isoformat()}
