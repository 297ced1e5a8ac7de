"""Settling mail that no program could read: a person says which answer it is, or that there is nothing to do."""

import uuid
from dataclasses import dataclass

from app.actions.access import Actor
from app.actions.meetings.answering import By, Said, answer
from app.domain.access import Can
from app.domain.meetings.answers import NOBODY, WORDS, StandIn
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.store.feeds import arrived

NOTHING = "nothing"
CHECK = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person made of it: an answer (yes, maybe, no) of somebody to an event, or `nothing` to do."""

    answer: str
    event_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    because: str = ""
    stand_in: StandIn = NOBODY


async def settle(actor: Actor, mail_id: uuid.UUID, made: Settled) -> None:
    """Write down what the message said, and that it is settled.

    Raises NotFoundError, ConflictError (settled already, or the date takes no answer) or BadInputError.
    """
    actor.require(Can.SEE_MESSAGES)
    row = await arrived.one(actor.db, actor.member.hub_id, mail_id, lock=True)
    if row is None:
        raise NotFoundError
    if row.state != "open":
        raise ConflictError("This message is settled already. Load the page again to see what became of it.")
    if made.answer != NOTHING:
        await _answered(actor, made)
    row.state, row.settled_at, row.settled_by = "settled", actor.now, actor.person_id
    row.event_id = made.event_id or row.event_id
    row.person_id = made.person_id or row.person_id
    row.answer = "Nothing to do" if made.answer == NOTHING else WORDS[made.answer]
    facts = {"person": str(row.person_id)} if row.person_id else {}
    facts |= {"event": str(row.event_id)} if row.event_id else {}
    await actor.record("Settled", f"mail that came in: {row.answer.lower()}", **facts)


async def _answered(actor: Actor, made: Settled) -> None:
    faults = [] if made.event_id else [Fault("event", "Choose the date that it is about.")]
    faults += [] if made.person_id else [Fault("person", "Choose whose answer it is.")]
    if made.event_id is None or made.person_id is None:
        raise BadInputError(CHECK, tuple(faults))
    by = By(actor.member.name, actor.person_id, actor.viewer.account_id)
    said = Said(
        actor.member.hub_id,
        (made.event_id, made.person_id),
        made.answer,
        made.because,
        made.stand_in,
        how="office",
        by=by,
    )
    try:
        await answer(actor.db, said, actor.now)
    except NotFoundError:
        because = "This person has no place at that date. Choose another date or person."
        raise BadInputError(CHECK, (Fault("person", because),)) from None
