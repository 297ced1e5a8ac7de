"""Choosing what to let go where there is no plan: dates let through, facts changed, and a new plan asked for."""

import uuid
from collections.abc import Collection
from typing import Any

from app.actions.access import Actor
from app.actions.schedule import choosing_facts
from app.actions.schedule.displacing import displace_others
from app.domain.access import Can
from app.domain.schedule import facts, letting_go
from app.domain.schedule.exceptions import excepted, of_problem, too_near
from app.domain.schedule.over import left_out
from app.domain.schedule.problem import read_problem
from app.domain.schedule.worst import event_name
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.models.schedule import Proposal
from app.store import jobs
from app.store.schedule import proposals
from app.store.schedule.facts import read_year

GONE = "A date that would be let through is not planned any more, or is pinned elsewhere. Look for ways out again."


async def look(actor: Actor, proposal_id: uuid.UUID) -> None:
    """Have it found out what could be let go. Raises NotFoundError, ConflictError for a plan that lacks nothing."""
    actor.require(Can.PLAN)
    proposal = await _of_hub(actor, proposal_id)
    if proposal.status not in {"impossible", "ready"}:
        raise ConflictError(f"This plan is {proposal.status}: ways out are looked for where no plan exists.")
    if (proposal.choices or {}).get("state") in {"waiting", "looking"}:
        return
    proposal.choices = {"state": "waiting"}
    await jobs.defer_solving(actor.db, "find_choices", actor.member.hub_id, proposal_id=str(proposal_id))
    await actor.record("Looked for ways out", f"of the plan for {proposal.year}", proposal=str(proposal_id))


async def choose(actor: Actor, proposal_id: uuid.UUID, keys: Collection[str], seen: str) -> uuid.UUID:
    """Let these things go and ask for a new plan; returns its proposal. All of it is done, or nothing.

    Raises NotFoundError, StaleError, BadInputError (nothing chosen, two for one date, facts lacking), ConflictError,
    ForbiddenError when a fact is not the actor's to change.
    """
    actor.require(Can.PLAN)
    proposal = await _of_hub(actor, proposal_id)
    offers = letting_go.chosen(proposal.choices, keys, seen)
    await choosing_facts.change(actor, proposal.year, [offer for offer in offers if not offer.is_place])
    known = await read_year(actor.db, actor.member.hub_id, proposal.year, in_london(actor.now).date())
    anew = {offer.event for offer in offers}
    kept = [one for one in proposal.exceptions if one["event"] not in anew]
    places = [*kept, *letting_go.places(offers)]
    asked = await _asked(actor, proposal.year, known, places)
    said = [offer.says for offer in offers]
    await actor.record("Proposed", f"a plan for {proposal.year} that lets go", proposal=str(asked.id), lets_go=said)
    return asked.id


async def propose_with(actor: Actor, year: int, places: Collection[dict[str, Any]]) -> uuid.UUID:
    """Ask for a plan of the year with these places let through. Raises BadInputError, ConflictError."""
    actor.require(Can.PLAN)
    known = await read_year(actor.db, actor.member.hub_id, year, in_london(actor.now).date())
    asked = await _asked(actor, year, known, list(places))
    await actor.record("Proposed", f"a plan for {year} with {len(places)} dates kept", proposal=str(asked.id))
    return asked.id


async def _of_hub(actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    proposal = await proposals.one(actor.db, proposal_id, lock=True)
    if proposal is None or proposal.hub_id != actor.member.hub_id:
        raise NotFoundError
    return proposal


async def _asked(actor: Actor, year: int, known: facts.YearFacts, places: list[dict[str, Any]]) -> Proposal:
    problem, pinned = facts.problem(known), {event.key for event in known.placed if event.pinned}
    pinned_elsewhere = [one for one in places if one["event"] in pinned]
    if pinned_elsewhere or len(of_problem(problem, places)) != len(places):
        raise ConflictError(GONE)
    _refuse_too_near(problem, places, facts.names(known))
    proposal = Proposal(
        hub_id=actor.member.hub_id,
        year=year,
        status="waiting",
        problem=excepted(problem, places),
        names=facts.names(known),
        exceptions=places,
        because=left_out(known),
        made_by_id=actor.person_id,
        made_at=actor.now,
    )
    await proposals.add(actor.db, proposal)
    await displace_others(actor, proposal)
    await jobs.defer_solving(actor.db, "solve_proposal", actor.member.hub_id, proposal_id=str(proposal.id))
    return proposal


def _refuse_too_near(problem: dict[str, Any], places: list[dict[str, Any]], names: dict[str, str]) -> None:
    """What is held is excused from the rules between held dates, so they are asked before."""
    fixed = excepted({**problem, "fixed": []}, places)["fixed"]
    near = too_near(read_problem(problem), read_problem({**problem, "fixed": fixed}).fixed)
    if near is not None:
        what = event_name(near.event, problem, names)
        because = f"{what} cannot be on {spoken_date(near.date)}: another date that is kept is on that day or too near."
        raise ConflictError(f"{because} Leave one of them out.")
