"""Planning again around those who cannot come: as few dates as possible move, and only those in them are asked anew."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from app.actions.access import Actor
from app.actions.schedule.accept import ChangedFactsError
from app.actions.schedule.holding import a_letter, an_answer, certain_places, lines, ready
from app.actions.schedule.propose import events_of, show_as_tentative
from app.domain.access import Can
from app.domain.meetings.changes import Planned
from app.domain.schedule.holding import Asking, again_letter, who_is_asked
from app.domain.schedule.judge import judge
from app.domain.schedule.mending import against, mended, mending_problem
from app.domain.schedule.plan import PlacedEvent, Plan, plan_json, read_plan
from app.domain.schedule.problem import read_problem
from app.kit.errors import ConflictError
from app.kit.ids import new_id
from app.kit.periods import in_london, spoken_date
from app.models.schedule import DateAnswer, DateAsk, Proposal
from app.store.mail.posting import post
from app.store.schedule import answering, proposals
from app.store.schedule.apply import standing

CHANGED = "This plan was mended while you had the page open. Look again what moves."
NOT_HELD = "The dates of this plan are not held, so nobody was asked. Hold them first."
NOTHING = "Nothing was chosen that moves a date or lets somebody miss one."


@dataclass(frozen=True, slots=True)
class Mending:
    """What a lead chose: the moves they saw, refusals whose date stays, and `mended`, how often it was before."""

    moves: tuple[PlacedEvent, ...]
    missed: frozenset[uuid.UUID]
    mended: int
    asking: Asking


@dataclass(frozen=True, slots=True)
class Replanned:
    """How many dates moved, and how many people were asked anew."""

    dates: int
    people: int


async def replan(actor: Actor, proposal_id: uuid.UUID, mending: Mending) -> Replanned:
    """Put the chosen moves into a held plan; whoever is in a moved date is asked anew, the other answers stay.

    Raises NotFoundError, ForbiddenError, ChangedFactsError, or ConflictError: not held, mended meanwhile, or a rule is
    against a move.
    """
    actor.require(Can.ACCEPT_PLAN)
    await proposals.one_planner_at_a_time(actor.db, actor.member.hub_id)
    proposal = await ready(actor, proposal_id)
    if proposal.sent_at is None:
        raise ConflictError(NOT_HELD)
    if proposal.mended != mending.mended:
        raise ConflictError(CHANGED)
    if not mending.moves and not mending.missed:
        raise ConflictError(NOTHING)
    await _note_missed(actor, proposal, mending)
    people = await _move(actor, proposal, mending) if mending.moves else 0
    about = f"{len(mending.moves)} dates of the plan for {proposal.year} around those who cannot come"
    await actor.record("Replanned", about, proposal=str(proposal.id), people=people, missed=len(mending.missed))
    return Replanned(len(mending.moves), people)


async def _note_missed(actor: Actor, proposal: Proposal, mending: Mending) -> None:
    _, said = await answering.of_plan(actor.db, proposal.id)
    refused = [one.id for one in said if one.answer == "cannot"]
    await answering.miss(actor.db, {key: key in mending.missed for key in refused})


async def _move(actor: Actor, proposal: Proposal, mending: Mending) -> int:
    today = in_london(actor.now).date()
    raw, changes = await answering.as_answered(actor.db, proposal.hub_id, proposal, today)
    if changes:
        raise ChangedFactsError(changes)
    before = read_plan(proposal.plan)
    after = mended(before, mending.moves)
    judged = judge(mending_problem(raw, before, today), after)
    if not judged.fine:
        raise ConflictError(f"{against(judged, raw, proposal.names)} Look again what moves.")
    told = judge(read_problem(raw), after)
    proposal.plan = plan_json(after)
    proposal.judgement = told.as_json() | {"worst": [asdict(point) for point in told.worst[:40]]}
    proposal.mended += 1
    proposal.answer_by = max(mending.asking.answer_by, proposal.answer_by or mending.asking.answer_by)
    certain = await certain_places(actor.db, proposal)
    await show_as_tentative(actor.db, proposal, after, actor.now)
    keys = {each.event for each in mending.moves}
    moved = [each for each in events_of(raw, after) if each.key in keys]
    asked = who_is_asked(moved, raw, certain, today)
    await _ask_anew(actor, proposal, moved, asked)
    await _tell(actor, proposal, (after, keys), list(asked), mending.asking)
    return len(asked)


async def _ask_anew(
    actor: Actor, proposal: Proposal, moved: Sequence[Planned], asked: dict[str, list[Planned]]
) -> None:
    """What was said of the earlier days goes; whoever is in them now is asked, also who was not before."""
    there = await standing(actor.db, proposal.hub_id, proposal.year)
    await answering.forget(actor.db, proposal.id, [there[event.key].id for event in moved if event.key in there])
    known = {str(ask.person_id): ask for ask in await answering.locked_all(actor.db, proposal.id)}
    for person, events in asked.items():
        ask = known.get(person) or DateAsk(
            id=new_id(),
            hub_id=proposal.hub_id,
            proposal_id=proposal.id,
            person_id=uuid.UUID(person),
            asked_at=actor.now,
        )
        ask.asked_at, ask.nudged_at, ask.version = actor.now, None, ask.version + 1
        actor.db.add(ask)
        await actor.db.flush()
        rows: list[DateAnswer] = [an_answer(ask, event, there[event.key]) for event in events]
        actor.db.add_all(rows)
    await actor.db.flush()


async def _tell(
    actor: Actor, proposal: Proposal, now: tuple[Plan, Collection[str]], people: Collection[str], asking: Asking
) -> None:
    """One message to each who is in a moved date."""
    asks, said = await answering.of_plan(actor.db, proposal.id)
    plan, keys = now
    places, hub = lines(proposal, plan, keys), actor.member.hub_name
    letters = []
    for ask in asks:
        own = [places[one.key] for one in said if one.ask_id == ask.id and one.key in places]
        if own and str(ask.person_id) in people:
            letters.append(a_letter(ask, again_letter(ask.name, hub, own, asking), actor.person_id))
    await post(actor.db, proposal.hub_id, letters, actor.now)


async def extend(actor: Actor, proposal_id: uuid.UUID, asking: Asking) -> str:
    """Give people until another day to answer; that day in words. Raises NotFoundError or ConflictError."""
    actor.require(Can.PLAN)
    proposal = await ready(actor, proposal_id)
    if proposal.sent_at is None:
        raise ConflictError(NOT_HELD)
    proposal.answer_by = asking.answer_by
    words = spoken_date(asking.answer_by)
    await actor.record("Extended", f"the time to answer, until {words}", proposal=str(proposal.id))
    return words
