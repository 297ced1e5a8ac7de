"""What is done to moves: proposed by one person, agreed or declined by another, taken back, reversed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.actions.access import Actor
from app.actions.stages.enrolling import CHANGED, said, step, today
from app.domain.access import Can, Target
from app.domain.schools.keeping import CHECK
from app.domain.stages import moves as rules
from app.domain.stages.gate import Verdict, from_data
from app.domain.stages.ladder import DAY_OF, Did, State
from app.kit.errors import BadInputError, ConflictError, Fault, ForbiddenError, NotFoundError, StaleError
from app.kit.periods import in_london, spoken_date, spoken_year, year_span
from app.models.hubs import Programme
from app.models.stages import Enrolment, StageMove
from app.store.hubs import details
from app.store.schools import changing
from app.store.stages import enrolments, gate, moves

EVIDENCE_CHANGED = "The evidence has changed since you looked at it. Look at both sides once more, then agree."


@dataclass(frozen=True, slots=True)
class Proposing:
    """That a school moves from an enrolment to a programme; `override`: although not all criteria are met."""

    enrolment_id: uuid.UUID
    programme_id: uuid.UUID
    override: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How a move is agreed: from which day, and whether the school takes part at once or has its place (AGREED).

    `seen`: what the page showed of the evidence (rules.fingerprint); empty for a program that looked by itself.
    """

    day: date
    state: State
    because: str = ""
    seen: str = ""


async def propose(actor: Actor, new: Proposing) -> uuid.UUID:
    """Propose a move with the evidence as it stands; returns the move.

    Raises NotFoundError, ForbiddenError, ConflictError (it waits already, or cannot lead there), and BadInputError:
    criteria are not met and nobody says why it moves all the same.
    """
    enrolment = await enrolments.locked(actor.db, actor.member, new.enrolment_id)
    if enrolment is None:
        raise NotFoundError
    actor.require(Can.PROPOSE_MOVE, Target(enrolment.hub_id, urns=frozenset({enrolment.urn})))
    programme = await _programme(actor, new.programme_id)
    await _refuse_to_move(actor, enrolment, programme)
    criteria_id, snapshot = await gate.snapshot(actor.db, enrolment.hub_id, enrolment, actor.now)
    because = _overridden(new, from_data(snapshot["verdicts"]))
    values = {
        "to_programme_id": programme.id,
        "criteria_id": criteria_id,
        "override": bool(because),
        "because": because,
        "snapshot": snapshot,
        "proposed_at": actor.now,
        "proposed_by": actor.person_id,
    }
    made = await moves.propose(actor.db, enrolment, values)
    if made is None:
        raise ConflictError("A move of this school waits to be agreed already. Look at that one first.")
    await step(actor, enrolment, Did.PROPOSED, today(actor), because=because, move_id=made)
    await _noted(actor, "Proposed", enrolment, programme, move=str(made), override=bool(because))
    return made


def _overridden(new: Proposing, verdicts: tuple[Verdict, ...]) -> str:
    """Why the school moves although something is missing; empty when nothing is."""
    left = rules.unmet(verdicts)
    if not left:
        return ""
    if not new.override:
        because = f"{left} Tick that the school moves all the same, and say why, or wait until they are."
        raise BadInputError(CHECK, (Fault("override", because),))
    return said(new.because, f"{left} Say why the school moves all the same.")


async def agree(actor: Actor, move_id: uuid.UUID, version: int, how: Agreeing) -> uuid.UUID:
    """Agree a move that somebody else proposed: completes what it leads from; returns the enrolment it leads to.

    Raises NotFoundError, ForbiddenError (also for whoever proposed it), StaleError, ConflictError (also when the
    evidence is not what was seen), and BadInputError for its day or a because that is missing.
    """
    move, enrolment = await _to_settle(actor, move_id, version)
    programme = await _programme(actor, move.to_programme_id)
    await _refuse_to_move(actor, enrolment, programme)
    _refuse_day(actor, how, enrolment, programme)
    criteria_id, snapshot = await gate.snapshot(actor.db, enrolment.hub_id, enrolment, actor.now)
    because = _still_met(how, move, from_data(snapshot["verdicts"]))
    before = {"from": moves.as_it_was(enrolment), "to": None}
    to = await _goes_on(actor, programme, enrolment, how, before)
    move.to_id, move.state, move.were = to.id, rules.MoveState.AGREED.value, before
    move.agreed_snapshot = {**snapshot, "criteria": str(criteria_id)}
    _settle(actor, move, because)
    await actor.db.flush()
    await step(actor, enrolment, Did.MOVED, how.day, because=because, move_id=move.id)
    await _noted(actor, "Moved", enrolment, programme, move=str(move.id), to=str(to.id))
    return to.id


def _still_met(how: Agreeing, move: StageMove, now: tuple[Verdict, ...]) -> str:
    """Why it is agreed; raises when the evidence is not what was seen, or got worse and nobody says why it counts."""
    if how.seen and how.seen != rules.fingerprint(now):
        raise ConflictError(EVIDENCE_CHANGED)
    if rules.got_worse(from_data(move.snapshot["verdicts"]), now):
        return said(how.because, "Something that was met is not met any more. Say why the school moves all the same.")
    return how.because.strip()


async def _goes_on(
    actor: Actor, programme: Programme, enrolment: Enrolment, how: Agreeing, before: dict[str, Any]
) -> Enrolment:
    """Completes the one enrolment and begins the other, and notes what was there before."""
    if enrolment.state == State.ACTIVE:
        enrolment.state, enrolment.completed_on = State.COMPLETED.value, how.day
        await step(actor, enrolment, Did.COMPLETED, how.day)
    enrolment.version += 1
    to = await _place(actor, programme, enrolment.urn)
    if to is not None:
        before["to"] = moves.as_it_was(to)
        to.state, to.version = how.state.value, to.version + 1
        setattr(to, DAY_OF[how.state], how.day)
        return to
    group_id = await enrolments.group_of(actor.db, programme.id, enrolment.urn)
    made = await enrolments.add(actor.db, programme, enrolment.urn, state=how.state, day=how.day, group_id=group_id)
    if made is None:
        raise ConflictError(CHANGED)
    await changing.add(actor.db, enrolment.hub_id, programme.year, enrolment.urn)
    return made


async def _place(actor: Actor, programme: Programme, urn: int) -> Enrolment | None:
    """An enrolment in the programme that the school has applied to or agreed to already, held for the change."""
    for one in await enrolments.of_school(actor.db, programme.hub_id, urn):
        if one.programme_id == programme.id and one.state in {State.APPLIED, State.AGREED}:
            return await enrolments.locked(actor.db, actor.member, one.id)
    return None


async def decline(actor: Actor, move_id: uuid.UUID, version: int, because: str) -> None:
    """Decline a move that somebody else proposed, and say why. Raises as agree does."""
    move, enrolment = await _to_settle(actor, move_id, version)
    because = said(because, "Say what is missing, or what should happen first.")
    move.state = rules.MoveState.DECLINED.value
    _settle(actor, move, because)
    await _ended(actor, move, enrolment, "Declined", because)


async def take_back(actor: Actor, move_id: uuid.UUID, version: int) -> None:
    """Take back a move that one proposed oneself. Raises NotFoundError, ForbiddenError, StaleError, ConflictError."""
    move, enrolment = await _held(actor, move_id, version)
    if fault := rules.still_open(move.state):
        raise ConflictError(fault.because)
    if move.proposed_by != actor.person_id:
        raise ForbiddenError("Somebody else proposed this move. You can agree or decline it.")
    move.state = rules.MoveState.TAKEN_BACK.value
    _settle(actor, move, "")
    await _ended(actor, move, enrolment, "Took back", "Taken back by whoever proposed it.")


async def reverse(actor: Actor, move_id: uuid.UUID, version: int, because: str) -> None:
    """Reverse a move: both enrolments are what they were before, and the move stays on record with the because.

    Raises NotFoundError, ForbiddenError, StaleError, BadInputError, and ConflictError: the school has gone further.
    """
    move, enrolment = await _held(actor, move_id, version)
    actor.require(Can.AGREE_MOVE)
    because = said(because, "Say why the move is reversed.")
    if move.state != rules.MoveState.AGREED or move.were is None or move.to_id is None or move.settled_at is None:
        raise ConflictError("Only a move that was agreed, and whose enrolment is still there, can be reversed.")
    to = await enrolments.locked(actor.db, actor.member, move.to_id)
    if to is None:
        raise NotFoundError
    since = in_london(move.settled_at).date()
    if fault := rules.may_reverse(to.state, await moves.further(actor.db, to, since)):
        raise ConflictError(fault.because)
    programme = await _programme(actor, move.to_programme_id)
    await _restore(actor, move, enrolment, to)
    move.state, move.version = rules.MoveState.REVERSED.value, move.version + 1
    move.reversed_at, move.reversed_by, move.reversed_because = actor.now, actor.person_id, because
    await actor.db.flush()
    await step(actor, enrolment, Did.REVERSED, today(actor), because=because, move_id=move.id)
    await _noted(actor, "Reversed", enrolment, programme, move=str(move.id))


async def _restore(actor: Actor, move: StageMove, enrolment: Enrolment, to: Enrolment) -> None:
    were: Mapping[str, Any] = move.were or {}
    moves.restore(enrolment, were["from"])
    if were["to"]:
        moves.restore(to, were["to"])
        return
    move.to_id = None
    await moves.unmake(actor.db, to)


async def _to_settle(actor: Actor, move_id: uuid.UUID, version: int) -> tuple[StageMove, Enrolment]:
    """An open move that somebody else proposed, for whoever may agree it."""
    move, enrolment = await _held(actor, move_id, version)
    actor.require(Can.AGREE_MOVE)
    if fault := rules.still_open(move.state):
        raise ConflictError(fault.because)
    if fault := rules.may_settle(move.state, move.proposed_by, actor.person_id):
        raise ForbiddenError(fault.because)
    return move, enrolment


async def _held(actor: Actor, move_id: uuid.UUID, version: int) -> tuple[StageMove, Enrolment]:
    move = await moves.locked(actor.db, actor.member, move_id)
    enrolment = await enrolments.locked(actor.db, actor.member, move.from_id) if move else None
    if move is None or enrolment is None:
        raise NotFoundError
    if move.version != version:
        raise StaleError(CHANGED)
    return move, enrolment


async def _programme(actor: Actor, programme_id: uuid.UUID) -> Programme:
    found = await details.programme(actor.db, actor.member.hub_id, programme_id)
    if found is None:
        raise BadInputError(CHECK, (Fault("programme", "Choose one of the hub's programmes."),))
    return found


async def _refuse_to_move(actor: Actor, enrolment: Enrolment, programme: Programme) -> None:
    """Raise where the ladder does not lead from this enrolment to that programme."""
    history = await enrolments.of_school(actor.db, enrolment.hub_id, enrolment.urn)
    if fault := rules.may_leave(enrolment, history):
        raise ConflictError(fault.because)
    if await moves.moved_on(actor.db, enrolment.id):
        raise ConflictError("This school has moved on from there already. Propose from where it is now.")
    if fault := rules.may_move(enrolment.kind, enrolment.year, programme):
        raise BadInputError(CHECK, (Fault("programme", fault.because),))
    school = await changing.school_name(actor.db, enrolment.urn)
    if fault := rules.may_take(history, programme, school or "This school"):
        raise BadInputError(fault.because, (Fault("programme", fault.because),))


def _refuse_day(actor: Actor, how: Agreeing, enrolment: Enrolment, programme: Programme) -> None:
    if how.state not in {State.AGREED, State.ACTIVE}:
        raise BadInputError(CHECK, (Fault("state", "Choose whether the school takes part at once."),))
    if fault := rules.fault_of_day(how.day, enrolments.since(enrolment), today(actor)):
        raise BadInputError(CHECK, (Fault("day", fault.because),))
    begins = year_span(programme.year).first
    if how.state == State.ACTIVE and how.day < begins:
        because = f"{spoken_year(programme.year)} begins on {spoken_date(begins)}: until then the school has its place."
        raise BadInputError(CHECK, (Fault("state", because),))


def _settle(actor: Actor, move: StageMove, because: str) -> None:
    move.settled_at, move.settled_by, move.settled_because = actor.now, actor.person_id, because
    move.version += 1


async def _ended(actor: Actor, move: StageMove, enrolment: Enrolment, did: str, because: str) -> None:
    await actor.db.flush()
    await step(actor, enrolment, Did.DECLINED, today(actor), because=because, move_id=move.id)
    await _noted(actor, did, enrolment, await _programme(actor, move.to_programme_id), move=str(move.id))


async def _noted(actor: Actor, did: str, enrolment: Enrolment, programme: Programme, **facts: Any) -> None:
    school = await changing.school_name(actor.db, enrolment.urn)
    about = f"{school} to {programme.name} of {spoken_year(programme.year)}"
    await actor.record(did, about, urn=enrolment.urn, **facts)
