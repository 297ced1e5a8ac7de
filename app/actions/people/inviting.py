"""Asking people into a hub: sent, sent again, withdrawn. Rules: docs/rules/people.md."""

import uuid
from collections.abc import Sequence

from app.actions.access import Actor
from app.domain.access import Can, Role
from app.domain.mail.kinds import Kind
from app.domain.people.joining import LASTS, Asking, Invited, faults_of, letter, standing
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.models.people import Joining
from app.store.mail.posting import Written, post
from app.store.meetings import groups
from app.store.people import directory, joinings
from app.store.people.joinings import Listed

CHECK = "Look at what is marked below."


async def invite(actor: Actor, asking: Asking) -> list[uuid.UUID]:
    """Ask people into the hub, each by a message of their own: all of them, or nobody. Raises BadInputError."""
    actor.require(Can.EDIT_PEOPLE)
    faults = faults_of(asking) or await _strange(actor, asking)
    emails = [one.email for one in asking.people]
    await joinings.one_at_a_time(actor.db, actor.member.hub_id, emails)
    faults = faults or await _known(actor, asking)
    if faults:
        raise BadInputError(CHECK, tuple(Fault(path, because) for path, because in faults.items()))
    by = (actor.person_id, actor.now)
    made = [await joinings.add(actor.db, actor.member.hub_id, one, asking, by) for one in asking.people]
    await _send(actor, made)
    for one in made:
        await actor.record("Invited", one.name, joining=str(one.id), roles=one.roles)
    return [one.id for one in made]


async def _strange(actor: Actor, asking: Asking) -> dict[str, str]:
    """A school or Work Group that is not the hub's, or not each other's."""
    schools = await directory.school_names(actor.db, [asking.urn] if asking.urn else [])
    if asking.urn and asking.urn not in schools:
        return {"urn": f"No school with the URN {asking.urn} is known here: choose another."}
    if asking.group_id is None:
        return {}
    group = await groups.one(actor.db, actor.member, asking.group_id)
    if group is None:
        return {"group": "This Work Group is not there any more: choose another."}
    if all(one.urn != asking.urn for one in await groups.schools(actor.db, group)):
        name = schools.get(asking.urn or 0, "This school")
        return {"group": f"{name} is not a school of {group.code}: choose another, or add the school there first."}
    return {}


async def _known(actor: Actor, asking: Asking) -> dict[str, str]:
    """Who is in the hub already, or asked already: a sentence beside where they were typed."""
    emails, hub_id = [one.email for one in asking.people], actor.member.hub_id
    here = await joinings.here_already(actor.db, hub_id, emails)
    waits = await joinings.asked_already(actor.db, hub_id, emails, actor.now)
    said: dict[str, list[str]] = {}
    for one in asking.people:
        email = one.email.strip().lower()
        if email in here:
            said.setdefault(one.path, []).append(f"{here[email]} is in the hub already, with {email}.")
        elif email in waits:
            until = spoken_date(in_london(waits[email].expires_at).date())
            because = f"{waits[email].name} is invited already ({email}), until {until}: send that one again."
            said.setdefault(one.path, []).append(because)
    return {path: " ".join(sentences) for path, sentences in said.items()}


async def send_again(actor: Actor, joining_id: uuid.UUID) -> str:
    """Mail it once more, good for another 14 days; whom to. Raises NotFoundError, ConflictError."""
    actor.require(Can.EDIT_PEOPLE)
    found = (await _held(actor, joining_id)).joining
    await joinings.one_at_a_time(actor.db, found.hub_id, [found.email])
    if found.state == "accepted":
        raise ConflictError(f"{found.name} accepted this invitation already.")
    if here := await joinings.here_already(actor.db, found.hub_id, [found.email]):
        raise ConflictError(f"{next(iter(here.values()))} is in the hub already, with this address.")
    others = await joinings.asked_already(actor.db, found.hub_id, [found.email], actor.now)
    if any(one.id != found.id for one in others.values()):
        raise ConflictError(f"Another invitation to {found.email} waits already: send that one again.")
    found.state, found.settled_at = "waiting", None
    found.asked_by, found.asked_at, found.expires_at = actor.person_id, actor.now, actor.now + LASTS
    await actor.db.flush()
    await _send(actor, [found])
    await actor.record("Invited again", found.name, joining=str(found.id))
    return found.email


async def withdraw(actor: Actor, joining_id: uuid.UUID) -> str:
    """The mailed link opens nothing from now on; whom it was for. Raises NotFoundError, ConflictError."""
    actor.require(Can.EDIT_PEOPLE)
    found = (await _held(actor, joining_id)).joining
    now = standing(found.state, found.expires_at, actor.now)
    if now not in {"waiting", "run out"}:
        raise ConflictError(f"This invitation is {now} already, so it cannot be withdrawn.")
    found.state, found.settled_at = "withdrawn", actor.now
    await actor.record("Withdrew", f"the invitation to {found.name}", joining=str(found.id))
    return found.name


async def _held(actor: Actor, joining_id: uuid.UUID) -> Listed:
    found = await joinings.one(actor.db, actor.member.hub_id, joining_id, lock=True)
    if found is None:
        raise NotFoundError
    return found


async def _send(actor: Actor, made: Sequence[Joining]) -> None:
    letters = []
    for joining in made:
        found = await _held(actor, joining.id)
        subject, text = letter(_in_words(actor, found))
        written = Written(
            Kind.JOIN,
            joining.email,
            subject,
            text,
            links={"join": ("join", joining.id), "privacy": ("page", f"/privacy/{actor.member.hub_code}")},
            made_by=actor.person_id,
        )
        letters.append(written)
    await post(actor.db, actor.member.hub_id, letters, actor.now)


def _in_words(actor: Actor, found: Listed) -> Invited:
    joining = found.joining
    return Invited(
        hub=actor.member.hub_name,
        name=joining.name,
        by=actor.member.name if actor.person_id else "",
        roles=tuple(Role.of(stored) for stored in joining.roles),
        school=found.school,
        group=found.group,
        note=joining.note,
        until=spoken_date(in_london(joining.expires_at).date()),
    )
