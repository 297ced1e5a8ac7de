"""What is done about schools on their way: approached, taken a step further or back, enrolled, taken off the list."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from app.actions.access import Actor
from app.actions.stages.enrolling import Enrolling, enrol
from app.domain.access import Can
from app.domain.stages import recruiting as rules
from app.domain.stages.ladder import Did
from app.domain.stages.recruiting import New, Referral, Step, Way
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import spoken_year
from app.models.stages import Approach
from app.store.schools import changing
from app.store.stages import recruiting, steps
from app.store.stages.steps import Taken

CHANGED = "Someone changed this while you had it open. Load the page again and make your change once more."
CHECK = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class Made:
    """What came of approaching schools: the new rows, and how many were on the list before."""

    ids: tuple[uuid.UUID, ...]
    already: int


async def approach(actor: Actor, new: New, step: Step) -> Made:
    """Put open schools on the list of a year with a first step. Raises ForbiddenError, or BadInputError."""
    actor.require(Can.RECRUIT)
    await _open_schools(actor, new.urns)
    rows = await recruiting.add(actor.db, actor.member.hub_id, new, actor.now)
    for row in rows:
        _write(row, step)
    await actor.db.flush()
    names = {one.urn: one.name for one in await recruiting.schools(actor.db, [row.urn for row in rows])}
    for row in rows:
        await actor.record(_did(step.what), f"{names[row.urn]} for {spoken_year(row.year)}", **_facts(row))
    return Made(tuple(row.id for row in rows), len(new.urns) - len(rows))


async def _open_schools(actor: Actor, urns: tuple[int, ...]) -> None:
    """Raises BadInputError unless each is an open school of GIAS."""
    found = {one.urn: one for one in await recruiting.schools(actor.db, urns)}
    missing = [str(urn) for urn in urns if urn not in found]
    closed = [one.name for one in found.values() if one.status.casefold() == "closed"]
    if not urns:
        raise _wrong("urns", "Choose at least one school.")
    if missing:
        because = f"GIAS knows no school {', '.join(missing[:5])}. Check the number, or import the newest GIAS file."
        raise _wrong("urns", because)
    if closed:
        raise _wrong("urns", f"{', '.join(closed[:5])} has closed. Take it off, or choose its successor.")


async def take(actor: Actor, approach_id: uuid.UUID, version: int, step: Step) -> Approach:
    """A school on the list takes a step. Raises NotFoundError, ForbiddenError, StaleError, ConflictError."""
    row = await _held(actor, approach_id, version)
    if refused := rules.may_take(row, step):
        raise BadInputError(refused.because, (Fault("day", refused.because),))
    before = _told(row)
    _write(row, step)
    await _done(actor, row, _did(step.what), before)
    return row


async def step_back(actor: Actor, approach_id: uuid.UUID, version: int) -> Approach:
    """Take back the last step, and with it what was said of it: a school that declined is where it was before.

    Raises NotFoundError, ForbiddenError, StaleError, or ConflictError where there is none.
    """
    row = await _held(actor, approach_id, version)
    way = rules.state_of(row)
    if way is Way.ENROLLED:
        raise ConflictError("This school is enrolled. Withdraw it on the page of its enrolment.")
    if way is Way.LISTED:
        raise ConflictError("Nothing has happened yet that could be taken back.")
    before = _told(row)
    _write(row, Step(way))
    await _done(actor, row, "Took back", before)
    return row


async def change(actor: Actor, approach_id: uuid.UUID, version: int, new: Referral) -> None:
    """Write the programme, its year and the referral anew.

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError, or BadInputError: that year has it already.
    """
    row = await _held(actor, approach_id, version)
    if row.enrolment_id:
        raise ConflictError("This school is enrolled: what it is enrolled in stands on the page of its enrolment.")
    if await recruiting.taken(actor.db, row.hub_id, new.year, row.urn, row.id):
        raise _wrong("year", f"This school is on the list of {spoken_year(new.year)} already.")
    before = _told(row)
    row.year, row.kind = new.year, new.kind
    row.referred_on, row.referred_by, row.reasons, row.words = new.day, new.by, list(new.reasons), new.words
    await _done(actor, row, "Changed", before)


async def remove(actor: Actor, approach_id: uuid.UUID) -> str:
    """Take a school off the list; its name. Raises NotFoundError, ForbiddenError, ConflictError once it is enrolled."""
    row = await _held(actor, approach_id, None)
    if row.enrolment_id:
        raise ConflictError("This school is enrolled. Withdraw it on the page of its enrolment.")
    name = await changing.school_name(actor.db, row.urn) or "The school"
    await actor.db.delete(row)
    await actor.record("Removed", f"{name} from the list of {spoken_year(row.year)}", before=_told(row), **_facts(row))
    return name


async def enrol_school(actor: Actor, approach_id: uuid.UUID, version: int, into: tuple[uuid.UUID, date]) -> uuid.UUID:
    """Enrol a school of the list into a programme, as applied on a day; its referral begins its journey.

    Returns the enrolment. Raises StaleError, and what `enrolling.enrol` raises.
    """
    row = await _held(actor, approach_id, version)
    if row.enrolment_id:
        raise ConflictError("This school is enrolled already.")
    if row.referred_on:
        why = "; ".join(rules.reasons_in_words(row.reasons, row.words))
        step = Taken(
            row.hub_id,
            row.urn,
            Did.REFERRED,
            row.referred_on,
            actor.now - timedelta(microseconds=1),  # it stands before the application, which is written in a moment
            actor.person_id,
            because=why[:500],
            snapshot={"reasons": list(row.reasons)},  # what its journey begins with: nothing is shown yet
        )
        await steps.add(actor.db, step)
    made = await enrol(actor, Enrolling(urn=row.urn, programme_id=into[0], day=into[1]))
    row.enrolment_id, row.applied_on = made, row.applied_on or into[1]
    row.version += 1
    await actor.db.flush()
    return made


async def _held(actor: Actor, approach_id: uuid.UUID, version: int | None) -> Approach:
    actor.require(Can.RECRUIT)
    row = await recruiting.held(actor.db, actor.member, approach_id)
    if row is None:
        raise NotFoundError
    if version is not None and row.version != version:
        raise StaleError(CHANGED)
    return row


def _write(row: Approach, step: Step) -> None:
    """Write a step into the row; a step without a day is taken out again with all that was said of it."""
    if step.what is Way.LISTED:
        return
    setattr(row, rules.DAY_OF[step.what], step.day)
    if step.what is Way.REFERRED:
        row.referred_by, row.reasons, row.words = step.by, list(step.reasons), step.words
    elif step.what is Way.APPLIED:
        row.applied_by = step.by
    elif step.what is Way.DECLINED:
        row.because = step.because


async def _done(actor: Actor, row: Approach, did: str, before: dict[str, object]) -> None:
    row.version += 1
    await actor.db.flush()
    about = f"{await changing.school_name(actor.db, row.urn)} for {spoken_year(row.year)}"
    await actor.record(did, about, before=before, after=_told(row), **_facts(row))


def _did(way: Way) -> str:
    return {Way.LISTED: "Listed", Way.INTERESTED: "Noted the interest of"}.get(way, way.value.capitalize())


def _facts(row: Approach) -> dict[str, object]:
    return {"urn": row.urn, "approach": str(row.id)}


def _told(row: Approach) -> dict[str, object]:
    """What the trail keeps; whoever applied is named on the page alone."""
    days = {f"{way.value} on": str(day) for way in rules.STEPS if (day := rules.day_of(row, way))}
    return {"year": row.year, "programme": row.kind, "reasons": list(row.reasons), "because": row.because, **days}


def _wrong(field: str, because: str) -> BadInputError:
    return BadInputError(CHECK, (Fault(field, because),))
