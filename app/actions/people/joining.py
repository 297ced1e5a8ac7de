"""What somebody who was asked into a hub answers: they join, or decline. Rules: docs/rules/people.md."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.sign_in.knocking import Knock, Opened, open_session
from app.domain.access import Member, Role, Viewer
from app.domain.meetings.groups import TakerChange
from app.domain.people.joining import standing
from app.domain.people.written import LONGEST_NAME, WrittenPerson
from app.domain.sign_in import How
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import academic_year
from app.models.meetings import WorkGroup
from app.models.people import Joining, Person
from app.store.feeds import event_changed, people_changed
from app.store.meetings import group_changes, group_places, leaving
from app.store.people import accounts, directory, joinings
from app.store.people.joinings import Becoming, ByLink

CHECK = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class Accepting:
    """What whoever was asked says of themselves: their name as they spell it, and their working half-days."""

    token: str
    name: str
    works: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody is in: the hub's code and name, how many dates they have, and their session (none: they had one)."""

    hub_code: str
    hub: str
    dates: int
    opened: Opened | None


async def accept(db: AsyncSession, accepting: Accepting, knock: Knock, viewer: Viewer) -> Joined | None:
    """Become a person of the hub, once; None when the link opens nothing (any more).

    Raises BadInputError, and ConflictError when somebody else is signed in.
    """
    found = await _waiting(db, accepting.token, knock, viewer)
    if found is None:
        return None
    name = " ".join(accepting.name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadInputError(CHECK, (Fault("name", f"Enter your name, at most {LONGEST_NAME} characters."),))
    joining = found.listed.joining
    becoming = await _become(db, joining, WrittenPerson(name=name, email=joining.email, works=accepting.works), knock)
    actor = _as(db, found, becoming.person, knock)
    dates = await _take_part(actor, joining, becoming)
    joining.state, joining.settled_at, joining.person_id = "accepted", knock.now, becoming.person.id
    await db.flush()
    facts = {"person": str(becoming.person.id), "joining": str(joining.id), "roles": joining.roles}
    await actor.record("Came back" if becoming.back else "Joined", name, **facts)
    account_id = becoming.person.account_id
    opened = None if viewer.account_id == account_id else await open_session(db, account_id, knock, How.LINK)
    return Joined(found.hub.code, found.hub.name, dates, opened)


async def decline(db: AsyncSession, token: str, knock: Knock, viewer: Viewer) -> str | None:
    """Say no; the hub's name, or None when the link opens nothing (any more). Raises ConflictError as `accept` does."""
    found = await _waiting(db, token, knock, viewer)
    if found is None:
        return None
    joining = found.listed.joining
    joining.state, joining.settled_at = "declined", knock.now
    nobody = Member(found.hub.id, found.hub.code, found.hub.name, uuid.UUID(int=0), joining.name, frozenset())
    about = f"the invitation to {joining.name}"
    await Actor(db, Viewer(), nobody, knock.now).record("Declined", about, joining=str(joining.id))
    return found.hub.name


async def _waiting(db: AsyncSession, token: str, knock: Knock, viewer: Viewer) -> ByLink | None:
    """The invitation, held so that of two who answer at once one waits and then finds it answered."""
    found = await joinings.by_link(db, knock.secret, token, lock=True)
    if found is None:
        return None
    joining = found.listed.joining
    if standing(joining.state, joining.expires_at, knock.now) != "waiting":
        return None
    if viewer.account_id and viewer.email.lower() != joining.email.lower():
        raise ConflictError(f"You are signed in as {viewer.email}. This is for {joining.email}: sign out first.")
    await joinings.one_at_a_time(db, joining.hub_id, [joining.email])
    return found


async def _become(db: AsyncSession, joining: Joining, written: WrittenPerson, knock: Knock) -> Becoming:
    account = await accounts.ensure_account(db, joining.email, knock.now)
    person = await joinings.person_of(db, joining.hub_id, account.id)
    back = person is not None and person.left_on is not None
    if person is None:
        person = await directory.add_person(db, joining.hub_id, written, knock.now)
    else:
        person.name, person.left_on = written.name, None
        person.works = {day: list(halves) for day, halves in written.works.items()}
        person.version += 1
    person.base_urn = joining.urn or person.base_urn
    await joinings.give_roles(db, person, [Role.of(stored) for stored in joining.roles], joining.urn)
    return Becoming(person, back)


async def _take_part(actor: Actor, joining: Joining, becoming: Becoming) -> int:
    """Their Work Group, and a place at all that is to come; at how many events. A group that went is left out."""
    db, person, now = actor.db, becoming.person, actor.now
    given = []
    if becoming.back:
        given = await leaving.book_again(db, person.id, academic_year(now.date()), now)
    group = await db.get(WorkGroup, joining.group_id) if joining.group_id else None
    if group is not None and joining.urn and await group_changes.has_school(db, group.id, joining.urn):
        if await group_changes.add_taker(db, joining.hub_id, group.id, TakerChange(person.id, joining.urn, "teacher")):
            await group_changes.touched(db, group.id)
        given += await group_places.give(db, group.id, joining.urn, person.id, now)
    await event_changed(db, given, now)
    await people_changed(db, [person.id], now)
    return len(set(given))


def _as(db: AsyncSession, found: ByLink, person: Person, knock: Knock) -> Actor:
    """Whoever accepts acts in their own name."""
    member = Member(found.hub.id, found.hub.code, found.hub.name, person.id, person.name, frozenset())
    return Actor(db, Viewer(person.account_id, person.email, (member,)), member, knock.now)
