"""What is done to barriers: named, changed, dealt with or dropped, opened again."""

import uuid
from dataclasses import dataclass

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.schools.keeping import CHECK
from app.domain.stages.barriers import BarrierChange, Owner, own
from app.kit.errors import BadInputError, ConflictError, NotFoundError, StaleError
from app.kit.periods import academic_year, in_london
from app.models.stages import Barrier
from app.store.stages import barriers, journey, leaders

CHANGED = "Someone changed this barrier while you had it open. Load the page again and make your change once more."
TAKEN_UP = "This barrier of the record was taken up already. Look for it among the school's barriers."


@dataclass(frozen=True, slots=True)
class Found:
    """Where a barrier comes from: a review, or an item of a record; empty when somebody names it themselves."""

    review_id: uuid.UUID | None = None
    event_id: uuid.UUID | None = None
    item: str = ""


async def name_barrier(actor: Actor, urn: int, new: BarrierChange, found: Found | None = None) -> uuid.UUID:
    """A barrier of a school; returns it.

    Raises NotFoundError, ForbiddenError, BadInputError for an owner who is no leader, ConflictError when the record's
    item was taken up already.
    """
    school = await planned_with(actor, urn)
    from_record = found or Found()
    if from_record.event_id:
        named = await barriers.one_named(actor.db, actor.member, from_record.event_id, from_record.item)
        if named is None or named.urn != urn:
            raise ConflictError(TAKEN_UP)
    await _check_owner(actor, urn, new.owner)
    made = Barrier(
        hub_id=actor.member.hub_id,
        urn=urn,
        lever=new.lever,
        what=new.what,
        weight=new.weight.value,
        owner_id=new.owner.person_id,
        owner=new.owner.part,
        due=new.due,
        review_id=from_record.review_id,
        event_id=from_record.event_id,
        item=from_record.item,
        made_at=actor.now,
        made_by=actor.person_id,
    )
    if not await barriers.add(actor.db, made):
        raise ConflictError(TAKEN_UP)
    await actor.record("Named", f"a barrier of {school}", urn=urn, barrier=str(made.id))
    return made.id


async def change_barrier(actor: Actor, barrier_id: uuid.UUID, version: int, new: BarrierChange) -> None:
    """Write a barrier. Raises NotFoundError, ForbiddenError, BadInputError, StaleError."""
    barrier, school = await _mine(actor, barrier_id, version)
    if new.owner != Owner(barrier.owner_id, barrier.owner):
        await _check_owner(actor, barrier.urn, new.owner)
    before = _told(barrier)
    barrier.lever, barrier.what, barrier.weight, barrier.due = new.lever, new.what, new.weight.value, new.due
    barrier.owner_id, barrier.owner = new.owner.person_id, new.owner.part
    barrier.version += 1
    await actor.db.flush()
    facts = {"urn": barrier.urn, "barrier": str(barrier_id)}
    await actor.record("Changed", f"a barrier of {school}", before=before, after=_told(barrier), **facts)


async def close_barrier(actor: Actor, barrier_id: uuid.UUID, version: int, how: tuple[str, str]) -> None:
    """A barrier is dealt with or dropped, with a because: `how` is (done or dropped, because).

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError when it is closed already.
    """
    barrier, school = await _mine(actor, barrier_id, version)
    if barrier.state != "open":
        raise ConflictError("This barrier is closed already. Open it again first, if that was too early.")
    barrier.state, barrier.because = how
    barrier.closed_at, barrier.closed_by = actor.now, actor.person_id
    barrier.version += 1
    await actor.db.flush()
    did = "Dealt with" if barrier.state == "done" else "Dropped"
    await actor.record(did, f"a barrier of {school}", urn=barrier.urn, barrier=str(barrier_id))


async def open_again(actor: Actor, barrier_id: uuid.UUID) -> None:
    """A closed barrier stands again; what was said at its end stays in the trail.

    Raises NotFoundError, ForbiddenError, ConflictError.
    """
    barrier, school = await _mine(actor, barrier_id)
    if barrier.state == "open":
        raise ConflictError("This barrier is open.")
    before = {"state": barrier.state, "because": barrier.because}
    barrier.state, barrier.because = "open", ""
    barrier.closed_at = barrier.closed_by = None
    barrier.version += 1
    await actor.db.flush()
    facts = {"urn": barrier.urn, "barrier": str(barrier_id)}
    await actor.record("Opened again", f"a barrier of {school}", before=before, after={"state": "open"}, **facts)


async def planned_with(actor: Actor, urn: int) -> str:
    """The name of a school that whoever acts may plan with. Raises NotFoundError, ForbiddenError."""
    school = await journey.known(actor.db, actor.member, urn)
    if school is None:
        raise NotFoundError
    actor.require(Can.PLAN_SCHOOL, Target(actor.member.hub_id, urns=frozenset({urn})))
    return school


async def _check_owner(actor: Actor, urn: int, owner: Owner) -> None:
    """The rule again where it is written: whatever way a barrier comes, no participant owns it."""
    year = academic_year(in_london(actor.now).date())
    known = await leaders.of_school(actor.db, actor.member.hub_id, urn, year)
    person = next((one for one in known if one.id == owner.person_id), None)
    if owner.person_id and person is None:
        raise NotFoundError
    if wrong := own(person, owner.part, [one.name for one in known if one.takes_part]):
        raise BadInputError(CHECK, (wrong,))


async def _mine(actor: Actor, barrier_id: uuid.UUID, version: int | None = None) -> tuple[Barrier, str]:
    barrier = await barriers.locked(actor.db, actor.member, barrier_id)
    if barrier is None:
        raise NotFoundError
    school = await planned_with(actor, barrier.urn)
    if version is not None and barrier.version != version:
        raise StaleError(CHANGED)
    return barrier, school


def _told(barrier: Barrier) -> dict[str, object]:
    """What the trail keeps of a barrier: not its words."""
    return {
        "lever": barrier.lever,
        "weight": barrier.weight,
        "due": barrier.due.isoformat(),
        "owner": str(barrier.owner_id or barrier.owner),
    }
