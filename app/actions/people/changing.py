"""What is done to people of a hub: added, changed, away."""

import uuid
from datetime import date
from typing import Any

from app.actions.access import Actor
from app.domain.access import Can, Role
from app.domain.people.working_days import in_words
from app.domain.people.written import WrittenPerson, faults_of
from app.kit.errors import BadInputError, Fault, NotFoundError, StaleError
from app.kit.periods import spoken_date
from app.models.people import Person
from app.store.feeds import facts_changed, people_changed
from app.store.people import booked, directory

CHECK = "Look at what is marked below."
STALE = "Somebody else saved this person after you opened the page. Load it again to see what they wrote."
MOST_AWAY_DAYS = 120


async def add_person(actor: Actor, written: WrittenPerson) -> uuid.UUID:
    """A new person of the hub; raises BadInputError."""
    actor.require(Can.EDIT_PEOPLE)
    await _check(actor, written)
    person = await directory.add_person(actor.db, actor.member.hub_id, written, actor.now)
    roles = [role.stored for role in written.roles]
    await actor.record("Added", person.name, person=str(person.id), roles=roles)
    return person.id


async def change_person(actor: Actor, person_id: uuid.UUID, written: WrittenPerson, version: int) -> None:
    """Write a person anew; raises BadInputError, StaleError, ConflictError or NotFoundError."""
    actor.require(Can.EDIT_PEOPLE)
    person = await _found(actor, person_id)
    await _check(actor, written)
    if person.version != version:
        raise StaleError(STALE)
    await _keep_someone_in_charge(actor, person, written)
    before = await _told(actor, person)
    await people_changed(actor.db, [person_id], actor.now)  # another e-mail address is another account: both change
    await directory.change_person(actor.db, person, written, actor.now)
    await actor.db.flush()
    await booked.expect_anew(actor.db, person, actor.now)
    await people_changed(actor.db, [person_id], actor.now)
    if before["name"] != person.name:
        await facts_changed(actor.db, actor.now, leads=[person_id])
    facts = {"person": str(person_id), "roles": [role.stored for role in written.roles]}
    await actor.record("Changed", person.name, before=before, after=await _told(actor, person), **facts)


async def _told(actor: Actor, person: Person) -> dict[str, Any]:
    """What the trail keeps of a person."""
    roles = await directory.roles(actor.db, person.id)
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "works": in_words(person.works),
        "roles": sorted({role.value for role, _, _ in roles}),
        "head_of": sorted(urn for _, urn, _ in roles if urn),
        "base_urn": person.base_urn,
    }


async def _found(actor: Actor, person_id: uuid.UUID) -> Person:
    person = await directory.one(actor.db, actor.member, person_id)
    if person is None or person.erased_at:
        raise NotFoundError
    return person


async def _check(actor: Actor, written: WrittenPerson) -> None:
    found = faults_of(written)
    schools = await directory.school_names(
        actor.db, [*written.head_of, *([written.base_urn] if written.base_urn else [])]
    )
    unknown = [urn for urn in written.head_of if urn not in schools]
    if unknown and "head_of" not in found:
        found["head_of"] = f"No school with the URN {unknown[0]} is known here: correct it, or import schools first."
    if written.base_urn and written.base_urn not in schools:
        found["base_urn"] = f"No school with the URN {written.base_urn} is known here: choose another."
    if written.cohort and written.cohort not in map(str, await directory.cohort_numbers(actor.db, actor.member.hub_id)):
        found["cohort"] = "This cohort is not in the hub's list any more: choose another."
    if found:
        raise BadInputError(CHECK, tuple(Fault(path, because) for path, because in found.items()))


async def _keep_someone_in_charge(actor: Actor, person: Person, written: WrittenPerson) -> None:
    in_charge = {Role.HUB_LEAD, Role.ASSISTANT_LEAD, Role.COORDINATOR}
    if not in_charge & set(written.roles) and await directory.only_lead(actor.db, actor.member.hub_id, person.id):
        because = "Nobody else could change the hub then. Give another person such a role first."
        raise BadInputError(CHECK, (Fault("roles", because),))


async def note_away(actor: Actor, person_id: uuid.UUID, first: date, last: date, name: str) -> int:
    """Note that somebody cannot come from first to last, both included; how many weekdays that adds.

    Raises BadInputError for days backwards or too many, and NotFoundError.
    """
    actor.require(Can.EDIT_PEOPLE)
    person = await _found(actor, person_id)
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    weekdays = [day for day in days if day.weekday() < 5]
    if last < first:
        raise BadInputError(CHECK, (Fault("last", "The last day cannot come before the first."),))
    if len(days) > MOST_AWAY_DAYS:
        raise BadInputError(CHECK, (Fault("last", f"Note at most {MOST_AWAY_DAYS} days at once."),))
    if not weekdays:
        raise BadInputError(CHECK, (Fault("first", "These days are a weekend: nobody meets then anyway."),))
    added = [day for day in weekdays if await directory.add_away(actor.db, person, day, name.strip()[:60])]
    if added:
        await booked.expect_anew(actor.db, person, actor.now)
        await actor.record("Noted away", person.name, person=str(person_id), days=[str(day) for day in added])
    return len(added)


async def take_back_away(actor: Actor, person_id: uuid.UUID, away_id: uuid.UUID) -> date:
    """Take a day away back; which day it was. Raises NotFoundError."""
    actor.require(Can.EDIT_PEOPLE)
    person = await _found(actor, person_id)
    away = await directory.remove_away(actor.db, person_id, away_id)
    if away is None:
        raise NotFoundError
    await actor.db.flush()
    await booked.expect_anew(actor.db, person, actor.now)
    await actor.record("Took back", f"{person.name} away on {spoken_date(away.day)}", person=str(person_id))
    return away.day
