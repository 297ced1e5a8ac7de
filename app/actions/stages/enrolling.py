"""What is done to enrolments: a school applies, signs, takes part, completes, withdraws, and returns."""

import uuid
from dataclasses import dataclass
from datetime import date

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.schools.keeping import CHECK
from app.domain.stages import moves as rules
from app.domain.stages.ladder import DAY_OF, Did, State
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.models.hubs import Programme
from app.models.stages import Enrolment
from app.store.hubs import details
from app.store.schools import changing
from app.store.stages import enrolments, gate, steps
from app.store.stages.steps import Taken

CHANGED = "Someone changed this while you had it open. Load the page again and make your change once more."


@dataclass(frozen=True, slots=True)
class Enrolling:
    """A school that enters a programme; `day` is when it applied, or returned. No group: the one it is in, if any."""

    urn: int
    programme_id: uuid.UUID
    day: date
    group_id: uuid.UUID | None = None
    because: str = ""


async def enrol(actor: Actor, new: Enrolling) -> uuid.UUID:
    """A school applies to a programme of one year, or returns to one; returns the enrolment.

    Raises NotFoundError, ForbiddenError, BadInputError, and ConflictError: it is enrolled already, took the programme
    as often as that allows, or stands on another stage, from which it moves.
    """
    actor.require(Can.EDIT_STAGES if actor.member.reaches(Can.EDIT_STAGES) else Can.RECRUIT)
    programme, school = await _asked(actor, new)
    history = await enrolments.of_school(actor.db, actor.member.hub_id, new.urn)
    if fault := rules.may_enter(history, programme, school):
        raise ConflictError(fault.because)
    returned = rules.returns(history)
    made = await add(actor, programme, new.urn, State.APPLIED, new)
    if made is None:
        raise ConflictError(f"{school} is in {programme.name} of {spoken_year(programme.year)} already.")
    await changing.add(actor.db, actor.member.hub_id, programme.year, new.urn)
    await step(actor, made, Did.RETURNED if returned else Did.APPLIED, new.day, because=new.because)
    about = f"{school} to {programme.name} of {spoken_year(programme.year)}"
    await actor.record("Returned" if returned else "Applied", about, urn=new.urn, enrolment=str(made.id))
    return made.id


async def _asked(actor: Actor, new: Enrolling) -> tuple[Programme, str]:
    """The programme, and the school's name; raises BadInputError for what cannot be."""
    school = await changing.school_name(actor.db, new.urn)
    if school is None:
        raise NotFoundError
    programme = await details.programme(actor.db, actor.member.hub_id, new.programme_id)
    if programme is None:
        raise BadInputError(CHECK, (Fault("programme", "Choose one of the hub's programmes."),))
    if new.day > today(actor):
        because = f"{spoken_date(new.day)} is still to come. Enter the day on which the school applied."
        raise BadInputError(CHECK, (Fault("day", because),))
    if new.group_id and not await enrolments.group_fits(actor.db, new.group_id, programme.id, new.urn):
        because = f"Choose a Work Group of {programme.name} in {spoken_year(programme.year)} that the school is in."
        raise BadInputError(CHECK, (Fault("group", because),))
    return programme, school


async def add(actor: Actor, programme: Programme, urn: int, state: State, new: Enrolling) -> Enrolment | None:
    """The row of an enrolment, in the Work Group that was named or that the school is in; None when it is there."""
    group_id = new.group_id or await enrolments.group_of(actor.db, programme.id, urn)
    return await enrolments.add(actor.db, programme, urn, state=state, day=new.day, group_id=group_id)


async def signed(actor: Actor, enrolment_id: uuid.UUID, day: date) -> None:
    """The agreement was signed: what had applied has agreed; of what is further on only the step is kept.

    Whoever calls this has asked who may sign. Raises NotFoundError, ConflictError for what has ended.
    """
    enrolment = await _held(actor, enrolment_id, None)
    if enrolment.state in {State.AGREED, State.ACTIVE}:
        enrolment.agreed_on = enrolment.agreed_on or day
        enrolment.version += 1
        await step(actor, enrolment, Did.SIGNED, day)
        return
    await _goes(actor, enrolment, State.AGREED, day)
    await step(actor, enrolment, Did.SIGNED, day)


async def begin(actor: Actor, enrolment_id: uuid.UUID, day: date, *, version: int | None = None) -> None:
    """The school takes part from this day.

    Raises NotFoundError, ForbiddenError, StaleError, BadInputError (the day), ConflictError (the state).
    """
    enrolment = await _mine(actor, enrolment_id, version)
    await _goes(actor, enrolment, State.ACTIVE, day)
    await step(actor, enrolment, Did.BEGAN, day)
    await _noted(actor, enrolment, "Began")


async def complete(actor: Actor, enrolment_id: uuid.UUID, day: date, *, version: int | None = None) -> None:
    """The school completed the programme on this day: a fact that no date brings about. Raises as begin does."""
    enrolment = await _mine(actor, enrolment_id, version)
    await _goes(actor, enrolment, State.COMPLETED, day)
    await step(actor, enrolment, Did.COMPLETED, day)
    await _noted(actor, enrolment, "Completed")


async def withdraw(
    actor: Actor, enrolment_id: uuid.UUID, day: date, because: str, *, version: int | None = None
) -> None:
    """The school leaves the programme, and says why. Raises as begin does, and BadInputError without a because."""
    enrolment = await _mine(actor, enrolment_id, version)
    because = said(because, "Say why the school withdraws, in a sentence.")
    await _goes(actor, enrolment, State.WITHDRAWN, day)
    enrolment.because = because
    await step(actor, enrolment, Did.WITHDREW, day, because=because)
    await _noted(actor, enrolment, "Withdrew")


def said(because: str, otherwise: str) -> str:
    """A because that somebody typed; raises BadInputError with this sentence when there is none."""
    because = because.strip()
    if not because:
        raise BadInputError(CHECK, (Fault("because", otherwise),))
    return because


def today(actor: Actor) -> date:
    """The day it is in London."""
    return in_london(actor.now).date()


async def _mine(actor: Actor, enrolment_id: uuid.UUID, version: int | None) -> Enrolment:
    enrolment = await _held(actor, enrolment_id, version)
    actor.require(Can.EDIT_STAGES, Target(enrolment.hub_id, urns=frozenset({enrolment.urn})))
    return enrolment


async def _held(actor: Actor, enrolment_id: uuid.UUID, version: int | None) -> Enrolment:
    enrolment = await enrolments.locked(actor.db, actor.member, enrolment_id)
    if enrolment is None:
        raise NotFoundError
    if version is not None and enrolment.version != version:
        raise StaleError(CHANGED)
    return enrolment


async def _goes(actor: Actor, enrolment: Enrolment, then: State, day: date) -> None:
    """Write the new state; raises ConflictError for one that cannot follow, BadInputError for a day that cannot be."""
    if fault := rules.may_become(enrolment.state, then):
        raise ConflictError(fault.because)
    if fault := rules.fault_of_day(day, enrolments.since(enrolment), today(actor)):
        raise BadInputError(fault.because, (Fault("day", fault.because),))
    enrolment.state = then.value
    setattr(enrolment, DAY_OF[then], day)
    enrolment.version += 1
    await actor.db.flush()


async def step(
    actor: Actor, enrolment: Enrolment, what: Did, day: date, *, because: str = "", move_id: uuid.UUID | None = None
) -> None:
    """Keep a step of this enrolment with the evidence as it stands."""
    criteria_id, snapshot = await gate.snapshot(actor.db, enrolment.hub_id, enrolment, actor.now)
    taken = Taken(
        enrolment.hub_id,
        enrolment.urn,
        what,
        day,
        actor.now,
        actor.person_id,
        enrolment.id,
        move_id,
        because,
        criteria_id,
        snapshot,
    )
    await steps.add(actor.db, taken)


async def _noted(actor: Actor, enrolment: Enrolment, did: str) -> None:
    school = await changing.school_name(actor.db, enrolment.urn)
    programme = await details.programme(actor.db, enrolment.hub_id, enrolment.programme_id)
    about = f"{school} in {programme.name if programme else enrolment.kind} of {spoken_year(enrolment.year)}"
    await actor.record(did, about, urn=enrolment.urn, enrolment=str(enrolment.id))
