"""Erasing somebody: they go out of every row and file of the hub, and a pseudonym stays where things are counted."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.meetings.certificates import told
from app.domain.people.forgetting import pseudonym, sought
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import academic_year, in_london
from app.models.people import Person
from app.render.meetings.certificate import Issue, certificate_pdf
from app.store.meetings import leaving
from app.store.people import directory, forgetting, raw_bytes, rights
from app.store.people.forgetting import Forgotten

TYPED = "Type their name exactly as it stands above, so that nobody else is erased by a slip."
YOURSELF = "You cannot erase yourself: ask a colleague who looks after personal data in the hub."
LAST = "Nobody else could change the hub then. Give another person such a role first."
MOST_ALSO, SHORTEST = 10, 3


@dataclass(frozen=True, slots=True)
class Site:
    """Where files are, and the address of the page that checks certificates."""

    data_dir: Path
    check: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was typed to confirm: the name, and further words by which the person is known."""

    name: str
    also: Sequence[str] = ()


async def erase(actor: Actor, site: Site, person_id: uuid.UUID, confirmed: Confirmed) -> str:
    """Erase a person of the hub for good; the pseudonym that stays.

    Raises NotFoundError, ConflictError while something rests on them, and BadInputError for a name that is another's.
    """
    actor.require(Can.PROTECT_DATA)
    person = await directory.one(actor.db, actor.member, person_id)
    if person is None or person.erased_at:
        raise NotFoundError
    because = await in_the_way(actor, person)
    if because:
        raise ConflictError(because)
    if " ".join(confirmed.name.split()) != " ".join(person.name.split()):
        raise BadInputError("Look at what is marked below.", (Fault("name", TYPED),))
    what = await what_of(actor, person, confirmed.also)
    await forget(actor, what, site)
    await actor.record("Erased", what.pseudonym, person=str(person_id))
    return what.pseudonym


async def what_of(actor: Actor, person: Person, also: Sequence[str] = ()) -> Forgotten:
    """What is to be forgotten of a person; raises BadInputError for words too short to be a name."""
    words = [one for one in also if one.strip()]
    if len(words) > MOST_ALSO or any(len(one.strip()) < SHORTEST for one in words):
        because = f"Enter at most {MOST_ALSO} words or names, one a line, each of at least {SHORTEST} letters."
        raise BadInputError("Look at what is marked below.", (Fault("also", because),))
    held = await directory.roles(actor.db, person.id)
    account = await rights.address_of(actor.db, person)
    emails = (person.email, account)
    return Forgotten(
        person, sought(person.name, emails, person.phone, words), pseudonym(person.id, [r for r, *_ in held]), actor.now
    )


async def forget(actor: Actor, what: Forgotten, site: Site) -> None:
    """Take them out of rows, papers and files; their open requests are settled by it."""
    await rights.settle_of_erased(actor.db, what.person.id, actor.person_id, actor.now)
    papers = await forgetting.forget(actor.db, what)
    for one in await raw_bytes.papers_to_make(actor.db, papers):
        issue = Issue(one.code, site.check, one.made_at, str(one.says.get("by", "")))
        one.pdf = certificate_pdf(one.kind, one.year, told(one.says), issue)
        one.digest = hashlib.sha256(one.pdf).digest()
    await actor.db.flush()
    await raw_bytes.forget_files(site.data_dir, what.sought)


async def why_not(actor: Actor, person_id: uuid.UUID) -> str:
    """Why this person cannot be erased yet, for the page that asks; empty when nothing is in the way."""
    actor.require(Can.PROTECT_DATA)
    person = await directory.one(actor.db, actor.member, person_id)
    return "" if person is None else await in_the_way(actor, person)


async def in_the_way(actor: Actor, person: Person) -> str:
    """Why this person cannot be erased yet; empty when nothing is in the way."""
    if person.id == actor.member.person_id:
        return YOURSELF
    led = await directory.led_from(actor.db, person.id, academic_year(in_london(actor.now).date()))
    if led:
        return f"{person.name} still leads or visits {', '.join(led)}. Hand these over to somebody else first."
    if (await leaving.ahead(actor.db, person.id, actor.now)).leads:
        return f"{person.name} still leads something that lies ahead. Hand it over to somebody else first."
    if await directory.only_lead(actor.db, actor.member.hub_id, person.id):
        return LAST
    return ""
