"""Proposing a plan for a hub's year: facts -> problem -> plan -> judgement -> tentative dates."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.schedule.displacing import displace_others
from app.domain.access import Can
from app.domain.meetings.changes import Cancel, Planned, Standing, decide, planned_events
from app.domain.schedule import facts
from app.domain.schedule.judge import judge
from app.domain.schedule.over import left_out
from app.domain.schedule.plan import Plan, plan_json
from app.domain.schedule.problem import read_problem
from app.domain.schedule.tastes import TASTES
from app.kit.errors import ConflictError, NotFoundError
from app.kit.ids import new_id
from app.kit.periods import in_london
from app.models.hubs import Hub
from app.models.schedule import Proposal
from app.store import jobs
from app.store.feeds import event_changed
from app.store.schedule import proposals
from app.store.schedule.apply import Writing, as_standing, cancel, standing, write
from app.store.schedule.facts import read_year


async def propose(actor: Actor, year: int, *, in_background: bool = True) -> uuid.UUID:
    """Keep the year's problem as a new proposal and have it solved. Raises BadInputError when facts are lacking."""
    proposal = await proposals.add(actor.db, _asked(actor, year, await _read(actor, year)))
    await displace_others(actor, proposal)
    await actor.record("Proposed", f"a plan for {year}", proposal=str(proposal.id))
    if in_background:
        hub, key = actor.member.hub_id, str(proposal.id)
        await jobs.defer_solving(actor.db, "solve_proposal", hub, proposal_id=key)
    return proposal.id


async def propose_three(actor: Actor, year: int, *, in_background: bool = True) -> tuple[uuid.UUID, ...]:
    """Keep the year's problem as a set of proposals, one for each taste; their dates stay unseen until one is chosen.

    Raises BadInputError when facts are lacking.
    """
    known, set_id = await _read(actor, year), new_id()
    made = [await proposals.add(actor.db, _asked(actor, year, known, taste.key, set_id)) for taste in TASTES]
    await displace_others(actor, made[0])
    await _strike_out(actor, year)
    await actor.record("Proposed", f"three plans for {year}", proposal=str(made[0].id))
    if in_background:
        await jobs.defer_solving(actor.db, "solve_three", actor.member.hub_id, set_id=str(set_id))
    return tuple(each.id for each in made)


async def _read(actor: Actor, year: int) -> facts.YearFacts:
    actor.require(Can.PLAN)
    return await read_year(actor.db, actor.member.hub_id, year, in_london(actor.now).date())


def _asked(
    actor: Actor, year: int, known: facts.YearFacts, favours: str = "", set_id: uuid.UUID | None = None
) -> Proposal:
    return Proposal(
        hub_id=actor.member.hub_id,
        year=year,
        status="waiting",
        problem=facts.problem(known),
        names=facts.names(known),
        because=left_out(known),
        made_by_id=actor.person_id,
        made_at=actor.now,
        favours=favours,
        set_id=set_id,
    )


async def _strike_out(actor: Actor, year: int) -> None:
    """The proposed dates of plans that others take the place of leave the calendar."""
    await proposals.one_planner_at_a_time(actor.db, actor.member.hub_id)
    there = await standing(actor.db, actor.member.hub_id, year)
    loose = [event for event in there.values() if event.status == "tentative"]
    for event in loose:
        cancel(event, actor.now)
    await actor.db.flush()
    await event_changed(actor.db, [event.id for event in loose], actor.now)


async def stop(actor: Actor, proposal_id: uuid.UUID) -> None:
    """Ask the solver to stop and keep the best so far, of the whole set where plans are made together.

    Raises NotFoundError; ConflictError when it is done already.
    """
    actor.require(Can.PLAN)
    proposal = await proposals.one(actor.db, proposal_id)
    if proposal is None or proposal.hub_id != actor.member.hub_id:
        raise NotFoundError
    if proposal.status not in {"waiting", "solving"}:
        raise ConflictError("Planning has ended already. Look at what it came to.")
    made = await proposals.of_set(actor.db, proposal.set_id) if proposal.set_id else [proposal]
    await proposals.ask_to_stop(actor.db, [one.id for one in made], actor.now)
    await actor.record("Stopped", f"planning {proposal.year}", proposal=str(proposal_id))


async def begin_three(db: AsyncSession, set_id: uuid.UUID) -> dict[str, Any] | None:
    """Take a waiting set up: its problem; None when it was set aside or done meanwhile."""
    waiting = [one for one in await proposals.of_set(db, set_id, lock=True) if one.status in {"waiting", "solving"}]
    for proposal in waiting:
        proposal.status = "solving"
    return waiting[0].problem if waiting else None


async def finish_three(db: AsyncSession, set_id: uuid.UUID, found: Mapping[str, Plan], now: datetime) -> None:
    """Keep the plans of a set, by what each favours; none of them is shown in calendars yet."""
    for proposal in await proposals.of_set(db, set_id, lock=True):
        if proposal.status == "solving" and proposal.favours in found:
            keep(proposal, found[proposal.favours], now)


async def fail_three(db: AsyncSession, set_id: uuid.UUID, because: str, now: datetime) -> None:
    """Note that solving a set broke off."""
    for proposal in await proposals.of_set(db, set_id, lock=True):
        if proposal.status in {"waiting", "solving"}:
            proposal.status, proposal.because, proposal.finished_at = "failed", [because], now


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
    if keep(proposal, plan, now) and proposal.set_id is None:
        await show_as_tentative(db, proposal, plan, now)


def keep(proposal: Proposal, plan: Plan, now: datetime) -> bool:
    """Note on a proposal what the solver found, with the judge's word on it; whether it is a plan to look at."""
    proposal.finished_at = now
    proposal.plan = plan_json(plan)
    if plan.status == "infeasible":
        proposal.status = "impossible"
        proposal.because = [facts.in_words(sentence, proposal.names) for sentence in plan.because]
        return False
    judgement = judge(read_problem(proposal.problem), plan)
    proposal.judgement = judgement.as_json() | {"worst": [asdict(point) for point in judgement.worst[:40]]}
    if not judgement.fine:
        proposal.status = "failed"
        proposal.because = ["The plan broke a rule when it was checked, so it was not kept. Propose again."]
        return False
    proposal.status = "ready"
    return True


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
        for intent in decide(loose, events_of(proposal.problem, plan), in_london(now).date())
        if (intent.key if isinstance(intent, Cancel) else intent.planned.key) not in certain
    ]
    writing = Writing(hub, proposal.year, proposal.id, "tentative", now)
    changed, unbooked = await write(db, writing, there, intents)
    await event_changed(db, changed, now, unbooked)
