"""Saying how far somebody drove to an event that they led (docs/rules/money.md, "What happened")."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can, Target, decide
from app.domain.funding.travelling import read_miles, spoken_miles
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import spoken, spoken_date
from app.kit.typed import Typed
from app.store.funding import travel
from app.store.funding.travel import Driven, Driver, Trip

CHANGED = "Somebody else has changed this meanwhile. Look at what it says now."


async def say(actor: Actor, event_id: uuid.UUID, typed: Typed) -> int:
    """Keep the miles of each field that the form has, `miles-PERSON`; an empty one takes an entry away. How many.

    Raises NotFoundError, ForbiddenError, ConflictError (ahead, cancelled, online), StaleError or BadInputError.
    """
    trip = await travel.trip(actor.db, actor.member, event_id)
    if trip is None:
        raise NotFoundError
    actor.require(Can.CLAIM_TRAVEL, Target(actor.member.hub_id, frozenset({trip.lead_id})))
    refuse_unless_done(trip, actor)
    await travel.hold(actor.db, event_id)
    said: list[Driven] = []
    faults: list[Fault] = []
    for one in await travel.drivers(actor.db, event_id):
        name = f"miles-{one.id}"
        if name not in typed.values or not may_say(actor, one):
            continue
        try:
            metres = read_miles(typed.text(name)) if typed.text(name) else 0
        except ValueError as problem:
            faults.append(Fault(name, str(problem)))
            continue
        if metres != (one.metres or 0):
            if typed.text(f"seen-{one.id}") != str(one.metres or 0):
                raise StaleError(CHANGED)
            said.append(Driven(one.id, metres, actor.person_id, actor.now))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    await travel.put(actor.db, actor.member.hub_id, event_id, said)
    await _tell(actor, trip, said)
    return len(said)


def may_say(actor: Actor, one: Driver) -> bool:
    """Whether this person may say it of that one: the office of everybody, others of themselves."""
    return bool(decide(actor.viewer, Can.CLAIM_TRAVEL, Target(actor.member.hub_id, frozenset({one.id}))))


def refuse_unless_done(trip: Trip, actor: Actor) -> None:
    """Distances are said of what began: raises ConflictError with the reason."""
    if trip.status not in {"confirmed", "held"}:
        word = "was cancelled" if trip.status == "cancelled" else "is not fixed yet"
        raise ConflictError(f"This date {word}, so nobody can have driven to it.")
    if trip.starts_at > actor.now:
        raise ConflictError(f"This begins on {spoken(trip.starts_at)}. Say how far it was afterwards.")


async def _tell(actor: Actor, trip: Trip, said: list[Driven]) -> None:
    for one in said:
        about = f"how far somebody drove on {spoken_date(trip.day)}"
        after = {"miles": spoken_miles(one.metres)}
        await actor.record("Entered", about, after=after, event=str(trip.id), driver=str(one.person_id))
