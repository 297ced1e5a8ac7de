"""Somebody changes school. Rules: docs/rules/people.md."""

import uuid
from collections.abc import Sequence
from datetime import time, timedelta

from app.actions.access import Actor
from app.domain.access import Can, Role
from app.domain.mail.kinds import Kind
from app.domain.people.moving_school import HEADS, Moving, Part
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import academic_year, in_london, london, spoken_date
from app.models.people import Person
from app.store.feeds import event_changed, people_changed
from app.store.mail.posting import Written, post
from app.store.meetings import changing_school
from app.store.people import directory, roles_held

CHECK = "Look at what is marked below."
LONGEST = timedelta(days=366)


async def change_school(actor: Actor, person_id: uuid.UUID, moving: Moving) -> str:
    """They work at another school from a day on; its name. What has been keeps the school that they came from.

    Raises NotFoundError, BadInputError, ConflictError when they have left.
    """
    actor.require(Can.EDIT_PEOPLE)
    person = await directory.one(actor.db, actor.member, person_id)
    if person is None:
        raise NotFoundError
    if person.left_on:
        raise ConflictError(f"{person.name} has left the hub. Bring them back first.")
    name = await _checked(actor, person, moving)
    since = max(actor.now, london(moving.day, time()))
    before = await _told(actor, person)
    year = academic_year(in_london(actor.now).date())
    parts = await changing_school.parts(actor.db, person_id, year, moving.urn)
    await changing_school.keep_where_from(actor.db, person_id, person.base_urn, since)
    touched = []
    for part in parts:
        if part.urn == moving.urn:
            continue
        if moving.keeps(part):
            touched += await changing_school.come_from(actor.db, part, person_id, moving.urn, since)
        else:
            touched += await changing_school.leave_group(actor.db, part, person_id, since)
    touched += await changing_school.watched_no_more(actor.db, person_id, moving.urn, (actor.now, since))
    old, person.base_urn = person.base_urn, moving.urn
    person.version += 1
    await roles_held.change_head(actor.db, person, moving.head, old, moving.urn)
    await actor.db.flush()
    await event_changed(actor.db, touched, actor.now, [person_id])
    await people_changed(actor.db, [person_id], actor.now)
    facts = {"person": str(person_id), "from": moving.day.isoformat(), "events": [str(one) for one in set(touched)]}
    await actor.record("Changed school", person.name, before=before, after=await _told(actor, person), **facts)
    await post(actor.db, actor.member.hub_id, [_letter(actor, person, name, moving, parts)], actor.now)
    return name


async def _checked(actor: Actor, person: Person, moving: Moving) -> str:
    schools = await directory.schools_of_hub(actor.db, actor.member.hub_id)
    faults = []
    if moving.urn not in schools:
        faults.append(Fault("urn", "Choose one of the hub's schools."))
    elif moving.urn == person.base_urn:
        faults.append(Fault("urn", f"{person.name} is at this school already."))
    if abs(moving.day - in_london(actor.now).date()) > LONGEST:
        faults.append(Fault("day", "Choose a day within a year of today."))
    heads = [urn for role, urn, _ in await directory.roles(actor.db, person.id) if role is Role.HEADTEACHER]
    if heads and not moving.head:
        faults.append(Fault("head", "Say what becomes of being head."))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    return schools[moving.urn]


async def _told(actor: Actor, person: Person) -> dict[str, object]:
    """What the trail keeps."""
    roles = await directory.roles(actor.db, person.id)
    places = await directory.places(actor.db, actor.member, person.id)
    return {
        "base_urn": person.base_urn,
        "head_of": sorted(urn for _, urn, _ in roles if urn),
        "takes_part": [f"{place.code} from {place.school}" for place in places if not place.leads],
    }


def _letter(actor: Actor, person: Person, school: str, moving: Moving, parts: Sequence[Part]) -> Written:
    said = [f"Hello {person.name}", f"From {spoken_date(moving.day)} the hub has you at {school}."]
    kept = [part.code for part in parts if moving.keeps(part) or part.urn == moving.urn]
    left = [part.code for part in parts if part.code not in kept]
    if kept:
        said.append(f"You go on coming to {', '.join(kept)}, from {school}.")
    if left:
        said.append(f"You no longer take part in {', '.join(left)}, and your places at its dates are free.")
    if moving.head:
        said.append(f"{HEADS[moving.head]}.")
    said += ["If something here is not so, tell the hub's office. Your dates: {see}", actor.member.hub_name]
    links = {"see": ("page", f"/hubs/{actor.member.hub_code}")}
    subject = f"You are at {school} from {spoken_date(moving.day)}"
    return Written(Kind.CHANGE, person.email, subject, "\n\n".join(said), person.id, links, made_by=actor.person_id)
