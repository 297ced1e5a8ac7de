"""What follows from a school that is gone: a successor takes over, or nothing moves. Rules: docs/rules/register.md."""

import uuid
from dataclasses import dataclass

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.stages.ladder import Did
from app.domain.stages.register import LONGEST_BECAUSE
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import in_london
from app.models.stages import SchoolChange
from app.store.feeds import event_changed, people_changed
from app.store.stages import register_changes, register_moving, steps
from app.store.stages.register_moving import Going, Moved
from app.store.stages.steps import Taken

SETTLED = "Somebody has settled this already. Load the page again to see what became of it."
LOOK_AGAIN = "Something has changed since you looked. This is how it stands now: look at it again."
CHECK = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class Done:
    """What was moved, by kind, and to whom."""

    counts: dict[str, int]
    name: str
    successor: str


async def move(actor: Actor, change_id: uuid.UUID, urn: int, version: int) -> Done:
    """Everything open or ahead goes to the successor, in one transaction with one entry in the trail.

    Raises NotFoundError, ForbiddenError, ConflictError (settled), StaleError, or BadInputError for a school that
    cannot take its place.
    """
    actor.require(Can.EDIT_STAGES)
    change = await _open(actor, change_id, version)
    heir = await register_changes.school(actor.db, urn)
    own = await register_changes.school(actor.db, change.urn)
    if heir is None or own is None:
        raise BadInputError(CHECK, (Fault("to", f"No school has the URN {urn}. Look it up in the register."),))
    if urn == change.urn:
        raise BadInputError(CHECK, (Fault("to", "Choose another school than the one that is gone."),))
    if heir[1].lower() == "closed":
        raise BadInputError(CHECK, (Fault("to", f"{heir[0].name} has closed as well. Choose a school that is open."),))
    name, successor = own[0].name, heir[0].name
    because = f"{successor} took the place of {name} in the register."
    going = Going(actor.member.hub_id, change.urn, urn, actor.now, actor.person_id, because)
    moved = await register_moving.move(actor.db, going)
    await _tell(actor, going, moved)
    change.state, change.successor_urn, change.because = "moved", urn, because
    _settle(actor, change, moved.counts)
    await actor.db.flush()
    facts = {one: [str(key) for key in keys] for one, keys in moved.keys.items() if keys and one != "years"}
    before, after = {"URN": change.urn}, {"URN": urn}
    about = f"everything ahead of {name} ({change.urn}) to {successor} ({urn})"
    await actor.record("Moved", about, before=before, after=after, urn=urn, moved=facts)
    return Done(moved.counts, name, successor)


async def keep(actor: Actor, change_id: uuid.UUID, because: str, version: int) -> str:
    """Nothing moves, and why; the school's name. Raises as `move` does."""
    actor.require(Can.EDIT_STAGES)
    change = await _open(actor, change_id, version)
    said = because.strip()
    if not said or len(said) > LONGEST_BECAUSE:
        wanted = "Say why nothing moves." if not said else f"Use at most {LONGEST_BECAUSE} characters."
        raise BadInputError(CHECK, (Fault("because", wanted),))
    change.state, change.because = "kept", said
    _settle(actor, change, {})
    await actor.db.flush()
    own = await register_changes.school(actor.db, change.urn)
    name = own[0].name if own else str(change.urn)
    await actor.record("Kept", f"{name} ({change.urn}) as it is, although the register changed", urn=change.urn)
    return name


async def _open(actor: Actor, change_id: uuid.UUID, version: int) -> SchoolChange:
    change = await register_changes.locked(actor.db, actor.member.hub_id, change_id)
    if change is None:
        raise NotFoundError
    if change.state != "open":
        raise ConflictError(SETTLED)
    if change.version != version:
        raise StaleError(LOOK_AGAIN)
    return change


def _settle(actor: Actor, change: SchoolChange, counts: dict[str, int]) -> None:
    change.moved = dict(counts)
    change.settled_at, change.settled_by = actor.now, actor.person_id
    change.version += 1


async def _tell(actor: Actor, going: Going, moved: Moved) -> None:
    """The school's journey says what happened, and calendars show where dates are now."""
    day = in_london(actor.now).date()
    ended = moved.keys.get("doubles", ())
    told = [(Did.SUCCEEDED, key) for key in moved.keys.get("enrolments", ())] + [(Did.WITHDREW, key) for key in ended]
    snapshot = {"successor": going.new, "moved": moved.counts}
    for did, enrolment in told or [(Did.SUCCEEDED, None)]:
        taken = Taken(
            going.hub_id,
            going.old,
            did,
            day,
            actor.now,
            by_id=actor.person_id,
            enrolment_id=enrolment,
            because=going.because,
            snapshot=snapshot,
        )
        await steps.add(actor.db, taken)
    await event_changed(actor.db, moved.keys.get("dates", ()), actor.now)
    people = {*moved.keys.get("heads", ()), *moved.keys.get("participants", ()), *moved.keys.get("people", ())}
    await people_changed(actor.db, people, actor.now)
