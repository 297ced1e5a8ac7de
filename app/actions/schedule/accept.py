"""Accepting a proposal: the calendar becomes the plan, in one transaction, or nothing changes."""

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.schedule.displacing import displace_others, tell_who_was_asked
from app.actions.schedule.propose import events_of
from app.domain.access import Can
from app.domain.meetings.changes import Create, Intent, Move, counts, decide
from app.domain.schedule.judge import judge
from app.domain.schedule.mending import against
from app.domain.schedule.plan import Plan, read_plan
from app.domain.schedule.problem import read_problem
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.models.hubs import Hub
from app.models.schedule import Proposal
from app.store.feeds import event_changed
from app.store.schedule import answering, exceptions, proposals
from app.store.schedule.apply import Writing, as_standing, cancel, standing, write


class ChangedFactsError(ConflictError):
    """The proposal stands on facts that have changed since; `changes` are sentences."""

    title = "Something has changed since this plan was made"

    def __init__(self, changes: list[str]) -> None:
        super().__init__("This plan can no longer be accepted. " + " ".join(changes) + " Propose a new plan.")
        self.changes = tuple(changes)
        self.faults = tuple(Fault("facts", sentence) for sentence in changes)


async def accept(actor: Actor, proposal_id: uuid.UUID) -> dict[str, int]:
    """Write the proposal's dates; returns how many were kept, created, moved and cancelled.

    Raises NotFoundError, ConflictError (not ready, or a person is booked elsewhere) or ChangedFactsError.
    """
    actor.require(Can.ACCEPT_PLAN)
    await proposals.one_planner_at_a_time(actor.db, actor.member.hub_id)
    proposal = await _ready(actor, proposal_id)
    plan = await sound(actor.db, proposal, actor.now)
    hub = await actor.db.get_one(Hub, proposal.hub_id)
    there = await standing(actor.db, hub.id, proposal.year)
    now_there = [as_standing(event) for event in there.values()]
    intents = decide(now_there, events_of(proposal.problem, plan), in_london(actor.now).date())
    _refuse_the_past(intents, actor.now, replanned=bool(proposal.problem["plan"]))
    writing = Writing(hub, proposal.year, proposal.id, "confirmed", actor.now)
    try:
        changed, unbooked = await write(actor.db, writing, there, intents)
    except IntegrityError as clash:
        if "booking_one_place_at_a_time" not in str(clash.orig):
            raise
        because = (
            "Somebody in this plan is booked in another hub at the same time. Propose a new plan without that day."
        )
        raise ConflictError(because) from None
    await exceptions.pin(actor.db, hub.id, proposal.year, [one["event"] for one in proposal.exceptions])
    await event_changed(actor.db, changed, actor.now, unbooked)
    proposal.status, proposal.accepted_at = "accepted", actor.now
    await displace_others(actor, proposal, chosen=True)
    done = counts(intents)
    await actor.record("Accepted", f"the plan for {proposal.year}", proposal=str(proposal.id), **done)
    return done


async def _ready(actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    proposal = await proposals.one(actor.db, proposal_id, lock=True)
    if proposal is None or proposal.hub_id != actor.member.hub_id:
        raise NotFoundError
    if proposal.status == "accepted":
        raise ConflictError("This plan was accepted already. The calendar shows it.")
    if proposal.status != "ready":
        raise ConflictError(f"This plan cannot be accepted: it is {proposal.status}. Propose a new plan.")
    return proposal


async def sound(db: AsyncSession, proposal: Proposal, now: datetime) -> Plan:
    """The plan, where it stands on facts that are still so and breaks no rule, also after what people said of it.

    Raises ChangedFactsError, or ConflictError where a rule is against it.
    """
    raw, changes = await answering.as_answered(db, proposal.hub_id, proposal, in_london(now).date())
    if changes:
        raise ChangedFactsError(changes)
    plan = read_plan(proposal.plan)
    judged = judge(read_problem(raw), plan)
    if not judged.fine and proposal.sent_at:
        raise ConflictError(f"{against(judged, raw, proposal.names)} Replan first.")
    if not judged.fine:
        raise ConflictError("This plan breaks a rule, so it cannot be accepted. Propose a new plan.")
    return plan


def _refuse_the_past(intents: list[Intent], now: datetime, *, replanned: bool) -> None:
    """A mended plan moves nothing into days that have gone by since it was made."""
    if not replanned:
        return
    today = in_london(now).date()
    for intent in intents:
        if isinstance(intent, Create | Move) and intent.planned.place.day < today:
            day = spoken_date(intent.planned.place.day)
            raise ConflictError(f"This plan has a new date on {day}, which has passed. Propose a new plan.")


async def set_aside(actor: Actor, proposal_id: uuid.UUID) -> None:
    """Drop a proposal: its tentative dates are struck out."""
    actor.require(Can.PLAN)
    proposal = await proposals.one(actor.db, proposal_id, lock=True)
    if proposal is None or proposal.hub_id != actor.member.hub_id:
        raise NotFoundError
    if proposal.status == "accepted":
        raise ConflictError("This plan was accepted, so it cannot be set aside. Propose a new one to change dates.")
    proposal.status, proposal.finished_at = "set aside", actor.now
    await actor.db.flush()
    if proposal.sent_at is not None:
        await tell_who_was_asked(actor, proposal.id, proposal.year)
    if await proposals.shows_another(actor.db, proposal):
        await actor.record("Set aside", f"a proposed plan for {proposal.year}", proposal=str(proposal.id))
        return
    there = await standing(actor.db, proposal.hub_id, proposal.year)
    loose = [event for event in there.values() if event.status == "tentative"]
    for event in loose:
        cancel(event, actor.now)
    await actor.db.flush()
    await event_changed(actor.db, [event.id for event in loose], actor.now)
    await actor.record("Set aside", f"a proposed plan for {proposal.year}", proposal=str(proposal.id))
