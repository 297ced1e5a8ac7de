"""Proposing a plan for a hub's year: facts -> problem -> plan -> judgement -> tentative dates."""

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.meetings.changes import Cancel, Planned, Standing, decide, planned_events
from app.domain.schedule import facts
from app.domain.schedule.judge import judge
from app.domain.schedule.plan import Plan, plan_json
from app.domain.schedule.problem import read_problem
from app.kit.errors import NotFoundError
from app.kit.periods import in_london
from app.models.hubs import Hub
from app.models.schedule import Proposal
from app.store import jobs
from app.store.feeds import event_changed
from app.store.schedule import proposals
from app.store.schedule.apply import Writing, as_standing, standing, write
from app.store.schedule.facts import read_year


async def propose(actor: Actor, year: int, *, in_background: bool = True) -> uuid.UUID:
    """Keep the year's problem as a new proposal and have it solved. Raises BadInputError when facts are lacking."""
    actor.require(Can.PLAN)
    known = await read_year(actor.db, actor.member.hub_id, year, in_london(actor.now).date())
    proposal = await proposals.add(
        actor.db,
        Proposal(
            hub_id=actor.member.hub_id,
            year=year,
            status="waiting",
            problem=facts.problem(known),
            names=facts.names(known),
            made_by_id=actor.person_id,
            made_at=actor.now,
        ),
    )
    await proposals.set_aside_others(actor.db, proposal, actor.now)
    await actor.record("Proposed", f"a plan for {year}", proposal=str(proposal.id))
    if in_background:
        hub, key = str(actor.member.hub_id), str(proposal.id)
        await jobs.defer(actor.db, "solve_proposal", hub_id=hub, proposal_id=key)
    return proposal.id


async def begin(db: AsyncSession, proposal_id: uuid.UUID) -> dict[str, Any] | None:
    """Take a waiting proposal up: its problem; None when it was set aside or done meanwhile."""
    proposal = await proposals.one(db, proposal_id, lock=True)
    if proposal is None or proposal.status not in {"waiting", "solving"}:
        return None
    proposal.status = "solving"
    return proposal.problem


async def finish(db: AsyncSession, proposal_id: uuid.UUID, plan: Plan, now: datetime) -> None:
    """Keep what the solver found, with the judge's word on it, and show the dates as tentative."""
    proposal = await proposals.one(db, proposal_id, lock=True)
    if proposal is None:
        raise NotFoundError
    if proposal.status != "solving":
        return
    proposal.finished_at = now
    proposal.plan = plan_json(plan)
    if plan.status == "infeasible":
        proposal.status = "impossible"
        proposal.because = [facts.in_words(sentence, proposal.names) for sentence in plan.because]
        return
    judgement = judge(read_problem(proposal.problem), plan)
    proposal.judgement = judgement.as_json() | {"worst": [asdict(point) for point in judgement.worst[:40]]}
    if not judgement.fine:
        proposal.status = "failed"
        proposal.because = ["The plan broke a rule when it was checked, so it was not kept. Propose again."]
        return
    proposal.status = "ready"
    await show_as_tentative(db, proposal, plan, now)


async def fail(db: AsyncSession, proposal_id: uuid.UUID, because: str, now: datetime) -> None:
    """Note that solving broke off."""
    proposal = await proposals.one(db, proposal_id, lock=True)
    if proposal is not None and proposal.status in {"waiting", "solving"}:
        proposal.status, proposal.because, proposal.finished_at = "failed", [because], now


def events_of(problem: dict[str, Any], plan: Plan) -> list[Planned]:
    """The plan's events with everything the calendar needs."""
    return planned_events(problem, [(event.event, event.date, event.slot, event.host) for event in plan.events])


async def show_as_tentative(db: AsyncSession, proposal: Proposal, plan: Plan, now: datetime) -> None:
    """Proposed dates appear as tentative; what is certain already stays until the plan is accepted."""
    await proposals.one_planner_at_a_time(db, proposal.hub_id)
    hub = await db.get_one(Hub, proposal.hub_id)
    there = await standing(db, hub.id, proposal.year)
    loose: list[Standing] = [as_standing(event) for event in there.values()]
    certain = {event.key for event in loose if event.status in {"confirmed", "held"}}
    intents = [
        intent
        for intent in decide(loose, events_of(proposal.problem, plan))
        if (intent.key if isinstance(intent, Cancel) else intent.planned.key) not in certain
    ]
    writing = Writing(hub, proposal.year, proposal.id, "tentative", now)
    changed, unbooked = await write(db, writing, there, intents)
    await event_changed(db, changed, now, unbooked)
