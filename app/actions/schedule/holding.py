"""Holding the dates of a plan: everybody in it is asked, by one message each, whether they can."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.schedule.accept import sound
from app.actions.schedule.displacing import displace_others
from app.actions.schedule.propose import events_of, show_as_tentative
from app.domain.access import Can
from app.domain.mail.kinds import Kind
from app.domain.meetings.changes import Place, Planned
from app.domain.schedule.holding import Asking, Line, letter, who_is_asked
from app.domain.schedule.plan import Plan
from app.domain.schedule.worst import event_name
from app.kit.errors import ConflictError, NotFoundError
from app.kit.ids import new_id
from app.kit.periods import in_london, spoken_date
from app.models.meetings import Event
from app.models.schedule import DateAnswer, DateAsk, Proposal
from app.store.mail.posting import Written, post
from app.store.schedule import answering, proposals
from app.store.schedule.answering import Ask
from app.store.schedule.apply import standing

NOBODY = "Every date of this plan is certain already or over, so there is nobody to ask. Accept the plan."


@dataclass(frozen=True, slots=True)
class Held:
    """How many people were asked, about how many dates."""

    people: int
    dates: int


async def hold(actor: Actor, proposal_id: uuid.UUID, asking: Asking) -> Held:
    """Hold a plan's dates and ask everybody in it by a personal link; the plans made with it are set aside.

    Raises NotFoundError, ForbiddenError, ConflictError (not ready, held already, nobody to ask) or ChangedFactsError.
    """
    actor.require(Can.ACCEPT_PLAN)
    await proposals.one_planner_at_a_time(actor.db, actor.member.hub_id)
    proposal = await ready(actor, proposal_id)
    if proposal.sent_at is not None:
        raise ConflictError("The dates of this plan are held already. Look at who has answered.")
    plan = await sound(actor.db, proposal, actor.now)
    certain = await certain_places(actor.db, proposal)
    await show_as_tentative(actor.db, proposal, plan, actor.now)
    asked = who_is_asked(events_of(proposal.problem, plan), proposal.problem, certain, in_london(actor.now).date())
    if not asked:
        raise ConflictError(NOBODY)
    await displace_others(actor, proposal, chosen=True, asked_again={uuid.UUID(person) for person in asked})
    proposal.sent_at, proposal.answer_by = actor.now, asking.answer_by
    await _ask(actor, proposal, asked)
    await _write(actor, proposal, plan, asking)
    done = Held(len(asked), sum(len(events) for events in asked.values()))
    about = f"{done.dates:,} dates of the plan for {proposal.year} until {spoken_date(asking.answer_by)}"
    await actor.record("Held", about, proposal=str(proposal.id), people=done.people)
    return done


async def ready(actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    """The proposal, locked, where it is a plan that waits to be accepted. Raises NotFoundError or ConflictError."""
    proposal = await proposals.one(actor.db, proposal_id, lock=True)
    if proposal is None or proposal.hub_id != actor.member.hub_id:
        raise NotFoundError
    if proposal.status != "ready":
        raise ConflictError(f"This plan is {proposal.status}, so its dates cannot be held. Propose a new plan.")
    return proposal


async def certain_places(db: AsyncSession, proposal: Proposal) -> dict[str, Place]:
    """Where the certain events of the year are, by the key of their slot."""
    there = await standing(db, proposal.hub_id, proposal.year)
    return {
        key: Place(event.day, event.slot, event.urn)
        for key, event in there.items()
        if event.status in {"confirmed", "held"}
    }


async def _ask(actor: Actor, proposal: Proposal, asked: Mapping[str, Sequence[Planned]]) -> None:
    there = await standing(actor.db, proposal.hub_id, proposal.year)
    for person, events in asked.items():
        ask = DateAsk(
            id=new_id(),
            hub_id=proposal.hub_id,
            proposal_id=proposal.id,
            person_id=uuid.UUID(person),
            asked_at=actor.now,
        )
        actor.db.add(ask)
        await actor.db.flush()
        actor.db.add_all(an_answer(ask, event, there[event.key]) for event in events)
    await actor.db.flush()


def an_answer(ask: DateAsk, planned: Planned, event: Event) -> DateAnswer:
    """The row for what somebody will say of one date."""
    place = planned.place
    return DateAnswer(
        id=new_id(),
        hub_id=ask.hub_id,
        ask_id=ask.id,
        person_id=ask.person_id,
        event_id=event.id,
        day=place.day,
        slot=place.slot,
    )


async def _write(actor: Actor, proposal: Proposal, plan: Plan, asking: Asking) -> None:
    asks, said = await answering.of_plan(actor.db, proposal.id)
    places = lines(proposal, plan)
    letters = []
    for ask in asks:
        own = [places[one.key] for one in said if one.ask_id == ask.id]
        subject, text = letter(ask.name, actor.member.hub_name, proposal.year, own, asking)
        letters.append(a_letter(ask, (subject, text), actor.person_id))
    await post(actor.db, proposal.hub_id, letters, actor.now)


def a_letter(ask: Ask, words: tuple[str, str], made_by: uuid.UUID | None, kind: Kind = Kind.INVITATION) -> Written:
    """A message with somebody's personal link in place of {dates}; `words` are its subject and text."""
    subject, text = words
    return Written(
        kind=kind,
        to=ask.email,
        subject=subject,
        text=text,
        person_id=ask.person_id,
        links={"dates": ("dates", ask.id)},
        made_by=made_by,
    )


def lines(proposal: Proposal, plan: Plan, keys: Iterable[str] | None = None) -> dict[str, Line]:
    """The dates of a plan in words, by the keys of their slots; of all, or of these."""
    wanted = None if keys is None else set(keys)
    return {
        event.key: Line(
            event.place.day,
            event.place.slot,
            event_name(event.key, proposal.problem, proposal.names),
            proposal.names.get(f"s{event.place.urn}", "") if event.kind == "meeting" else "",
        )
        for event in events_of(proposal.problem, plan)
        if wanted is None or event.key in wanted
    }
