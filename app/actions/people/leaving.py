"""Somebody leaves the hub, or is back: what becomes of their sign-ins, feeds and dates. Rules: docs/rules/people.md."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import academic_year
from app.models.people import Person
from app.store.feeds import event_changed, people_changed
from app.store.meetings import leaving
from app.store.people import directory
from app.store.sign_in import browsers

ALONE = "Nobody else could change the hub then. Give another person such a role first."


async def leave(actor: Actor, person_id: uuid.UUID) -> str:
    """Somebody has left the hub; their name. Raises NotFoundError, and ConflictError while others rely on them."""
    actor.require(Can.EDIT_PEOPLE)
    person = await _found(actor, person_id)
    led = await directory.led_from(actor.db, person_id, academic_year(actor.now.date()))
    if led:
        because = f"{person.name} still leads or visits {', '.join(led)}. Hand these over to somebody else first."
        raise ConflictError(because)
    if dates := (await leaving.ahead(actor.db, person_id, actor.now)).leads:
        said = "a date" if dates == 1 else f"{dates} dates"
        raise ConflictError(f"{person.name} still leads {said} ahead. Hand these over to somebody else first.")
    await depart(actor, person)
    return person.name


async def depart(actor: Actor, person: Person) -> None:
    """Mark somebody as left, whatever they still lead. Raises ConflictError for the last one who can change the hub.

    Their feeds close and their sign-ins open nothing here; their places ahead are free; what has been stays.
    """
    if person.left_on:
        raise ConflictError(f"{person.name} has left already.")
    if await directory.only_lead(actor.db, actor.member.hub_id, person.id):
        raise ConflictError(ALONE)
    person.left_on = actor.now.date()
    person.version += 1
    await actor.db.flush()
    freed = await leaving.free(actor.db, person.id, actor.now)
    await event_changed(actor.db, freed, actor.now, [person.id])
    await people_changed(actor.db, [person.id], actor.now)
    ended = await browsers.end_if_nowhere(actor.db, person.account_id)
    facts = {"person": str(person.id), "dates": len(freed), "sign_ins_ended": ended}
    await actor.record("Left", person.name, **facts)


async def come_back(actor: Actor, person_id: uuid.UUID) -> str:
    """Somebody who had left is back, with a place at what lies ahead of their Work Groups; their name.

    Raises NotFoundError.
    """
    actor.require(Can.EDIT_PEOPLE)
    person = await _found(actor, person_id)
    gone = person.left_on is not None
    person.left_on = None
    person.version += 1
    await actor.db.flush()
    year = academic_year(actor.now.date())
    given = await leaving.book_again(actor.db, person_id, year, actor.now) if gone else []
    await event_changed(actor.db, given, actor.now)
    await people_changed(actor.db, [person_id], actor.now)
    await actor.record("Came back", person.name, person=str(person_id), dates=len(given))
    return person.name


async def _found(actor: Actor, person_id: uuid.UUID) -> Person:
    person = await directory.one(actor.db, actor.member, person_id)
    if person is None or person.erased_at:
        raise NotFoundError
    return person
