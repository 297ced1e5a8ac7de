"""Saying whose evaluation came back, and on which day (docs/rules/money.md, "What counts")."""

import uuid
from collections.abc import Collection
from datetime import date

from app.actions.access import Actor
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, NotFoundError, StaleError
from app.kit.periods import in_london, spoken_date
from app.store.funding import evaluations
from app.store.funding.evaluations import Returned, Row

CHANGED = "Somebody else has changed this meanwhile. Look at what it says now."
EARLIEST = date(2000, 1, 1)


async def enter(actor: Actor, enrolments: Collection[uuid.UUID], day: date) -> int:
    """Say of these schools that theirs came back on this day; those known already keep theirs. How many were new.

    Raises ForbiddenError, NotFoundError for what is not the hub's, or BadInputError.
    """
    actor.require(Can.CLAIM)
    faults = [*_of_day(actor, day)]
    if not enrolments:
        faults.append(Fault("enrolment", "Tick the schools whose evaluation came back."))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    if await evaluations.known(actor.db, actor.member.hub_id, enrolments) != set(enrolments):
        raise NotFoundError
    new = await evaluations.put(actor.db, actor.member.hub_id, enrolments, Returned(day, actor.person_id, actor.now))
    if new:
        await actor.record("Entered", "evaluations that came back", count=new, day=day.isoformat())
    return new


async def say(actor: Actor, enrolment_id: uuid.UUID, day: date, seen: date | None) -> Row:
    """One school's, entered or put right; `seen` is the day that the page showed.

    Raises ForbiddenError, NotFoundError, StaleError or BadInputError.
    """
    actor.require(Can.CLAIM)
    row = await _known(actor, enrolment_id)
    if faults := _of_day(actor, day):
        raise BadInputError("Look at what is marked below.", faults)
    said, hub_id = Returned(day, actor.person_id, actor.now), actor.member.hub_id
    if seen is None:
        kept = bool(await evaluations.put(actor.db, hub_id, [enrolment_id], said))
    else:
        kept = await evaluations.change(actor.db, hub_id, enrolment_id, seen, said)
    if not kept:
        raise StaleError(CHANGED)
    before = {"returned on": spoken_date(seen)} if seen else {}
    after = {"returned on": spoken_date(day)}
    await actor.record("Entered", f"the evaluation of {row.school}", before=before, after=after, urn=row.urn)
    return row


async def take_back(actor: Actor, enrolment_id: uuid.UUID, seen: date | None) -> Row:
    """It did not come back after all; raises ForbiddenError, NotFoundError or StaleError."""
    actor.require(Can.CLAIM)
    row = await _known(actor, enrolment_id)
    if seen is None or not await evaluations.remove(actor.db, actor.member.hub_id, enrolment_id, seen):
        raise StaleError(CHANGED)
    before = {"returned on": spoken_date(seen)}
    await actor.record("Took back", f"the evaluation of {row.school}", before=before, after={}, urn=row.urn)
    return row


async def _known(actor: Actor, enrolment_id: uuid.UUID) -> Row:
    row = await evaluations.one(actor.db, actor.member.hub_id, enrolment_id)
    if row is None:
        raise NotFoundError
    return row


def _of_day(actor: Actor, day: date) -> tuple[Fault, ...]:
    if not EARLIEST <= day <= in_london(actor.now).date():
        return (Fault("returned_on", "Enter the day on which it came back: today or before."),)
    return ()
