"""Checking in: the leader opens it, and whoever is there says so by the code on the screen (decision 16)."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.meetings.attendance import WORDS, refuse_unless_on, said_of_wish
from app.actions.sign_in.knocking import Knock, too_many
from app.domain.access import Can, Member, Target, Viewer
from app.domain.meetings import check_in as rules
from app.domain.meetings.attendance import State, Wish, newest
from app.domain.meetings.attendance_form import LONGEST
from app.domain.meetings.check_in import Key
from app.domain.sign_in import WINDOW
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import spoken_date
from app.store.database import see_hubs
from app.store.meetings import attendance, check_in, rolls
from app.store.meetings.rolls import Guest, Roll

CLOSED = "Checking in is not open for this now. Ask whoever leads it to write you in."
CHOOSE = "Choose your name, or say that you are a visitor."
SAME_SAYING = uuid.UUID("019f0c1e-6b1a-7c55-9d0e-3f5b8a2c7d41")  # names are worked out from it


async def open_it(actor: Actor, event_id: uuid.UUID) -> None:
    """Open checking in, from an hour before the event until an hour after it.

    Raises NotFoundError, ForbiddenError or ConflictError (not the time for it).
    """
    roll = await _mine(actor, event_id)
    refuse_unless_on(roll, actor.now)
    if not rules.can_open(roll, actor.now):
        raise ConflictError("This has been over for more than an hour. Say who came on its page.")
    await check_in.open_for(actor.db, roll.hub_id, roll.id, actor.now)
    await actor.record("Opened checking in for", _about(roll), event=str(event_id))


async def close_it(actor: Actor, event_id: uuid.UUID) -> None:
    """Close it; whoever comes later is written in by hand. Raises NotFoundError or ForbiddenError."""
    roll = await _mine(actor, event_id)
    known = await check_in.of_event(actor.db, event_id)
    if known is None or known.closed_at is not None:
        return
    known.closed_at = actor.now
    await actor.record("Closed checking in for", _about(roll), event=str(event_id))


async def _mine(actor: Actor, event_id: uuid.UUID) -> Roll:
    roll = await rolls.one(actor.db, actor.member, event_id)
    if roll is None:
        raise NotFoundError
    actor.require(Can.TAKE_ATTENDANCE, Target(roll.hub_id, frozenset({roll.lead_id})))
    return roll


def _about(roll: Roll) -> str:
    return f"the {WORDS[roll.kind]} on {spoken_date(roll.day)}"


async def with_code(db: AsyncSession, code: str, secret: bytes, now: datetime) -> Key | None:
    """What a typed code opens; None when it is of no event, or no longer on the screen."""
    read = rules.read_code(code)
    found = await check_in.find(db, read[0]) if read else None
    if read is None or found is None or not rules.is_right(secret, found.event_id, read[1], now):
        return None
    return Key(found.hub_id, found.event_id, rules.new_pass(secret, found.hub_id, found.event_id, now))


async def wrong_code(db: AsyncSession, knock: Knock) -> datetime | None:
    """Count a typed code that opens nothing: until when this network must wait, None while it need not."""
    until, _ = await too_many(db, rules.WRONG_CODES, knock.network, knock.now)
    return until


async def waits(db: AsyncSession, knock: Knock) -> datetime | None:
    """Until when this network must wait before it types another code, right or wrong; None while it need not."""
    count, began = await check_in.wrong_so_far(db, knock.network, knock.now)
    return began + WINDOW if began and count > rules.WRONG_CODES.most else None


@dataclass(frozen=True, slots=True)
class Hereness:
    """Who says they are here: themselves when signed in, a guest by choosing a name, or a visitor by writing one."""

    who: str = ""  # me, visitor, or a guest's id
    name: str = ""
    school: str = ""
    instead_of: str = ""  # the guest's id in whose place a visitor came


async def say_here(db: AsyncSession, viewer: Viewer, key: Key, said: Hereness, now: datetime) -> tuple[Roll, str]:
    """Record that somebody is here, once however often it is said; the event, and their name.

    Raises ConflictError when checking in is closed, or BadInputError naming the field.
    """
    roll = await open_roll(db, key, now)
    member = viewer.member(roll.hub_id)
    about = member.person_id if said.who == "me" and member else _id(said.instead_of or said.who)
    guests = (await rolls.guests(db, [roll.id], about=about))[roll.id]
    name, wish = await _wish(db, viewer, (roll, guests), said)
    before = newest(await attendance.said_of_guest(db, roll.id, wish.guest_id)).get(wish.guest_id)
    if not (before and before.state in (State.PRESENT, State.PART, wish.state)):
        # The same id for all who say it at once: the database keeps one.
        once = uuid.uuid5(SAME_SAYING, f"{roll.id} {wish.guest_id} {before.number if before else 0}")
        new = said_of_wish(wish, roll, now, by=member.person_id if member else None, correction="")
        await attendance.keep(db, [replace(new, op_id=once, how="code")])
    return roll, name


def _id(text: str) -> uuid.UUID:
    """An id; for anything else one that nobody has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


async def _wish(db: AsyncSession, viewer: Viewer, of: tuple[Roll, list[Guest]], said: Hereness) -> tuple[str, Wish]:
    """Who is here, by name and as a wish to say so."""
    roll, guests = of
    member = viewer.member(roll.hub_id)
    if said.who == "visitor":
        return _visitor(roll, guests, said, await rolls.school_names(db, roll.hub_id, roll.year))
    if said.who == "me" and member:
        return _person(roll, guests, member)
    guest = _guest(guests, said.who)
    if guest is None:
        raise BadInputError(CHOOSE, (Fault("who", CHOOSE),))
    return guest.name, _present(guest)


def _present(guest: Guest) -> Wish:
    return Wish(guest_id=guest.id, seen=0, state=State.PRESENT, person_id=guest.id, urn=guest.urn)


def _person(roll: Roll, guests: list[Guest], member: Member) -> tuple[str, Wish]:
    """Somebody signed in: a guest, a guest's stand-in, or somebody of the hub who was not asked."""
    if member.person_id == roll.lead_id:
        raise ConflictError("You lead this, so you need not check in.")
    own = next((one for one in guests if one.id == member.person_id), None)
    if own:
        return own.name, _present(own)
    instead = next((one for one in guests if one.stand_in_id == member.person_id), None)
    if instead:
        wish = replace(_present(instead), state=State.STAND_IN, person_id=member.person_id)
        return member.name, wish
    return member.name, Wish(guest_id=member.person_id, seen=0, state=State.VISITOR, person_id=member.person_id)


def _visitor(roll: Roll, guests: list[Guest], said: Hereness, schools: dict[str, int]) -> tuple[str, Wish]:
    name, school = " ".join(said.name.split()), " ".join(said.school.split())
    if not name:
        raise BadInputError("Write your name.", (Fault("name", "Write your name."),))
    if max(len(name), len(school)) > LONGEST:
        raise BadInputError("That is too long.", (Fault("name", f"Use at most {LONGEST} characters."),))
    instead = _guest(guests, said.instead_of)
    if instead:
        return name, replace(_present(instead), state=State.STAND_IN, person_id=None, name=name)
    urn = schools.get(school)
    guest_id = uuid.uuid5(SAME_SAYING, f"visitor {roll.id} {name.lower()} {school.lower()}")
    organisation = "" if urn else school
    wish = Wish(guest_id=guest_id, seen=0, state=State.VISITOR, name=name, urn=urn, organisation=organisation)
    return name, wish


def _guest(guests: list[Guest], chosen: str) -> Guest | None:
    return next((one for one in guests if str(one.id) == chosen), None)


async def open_roll(db: AsyncSession, key: Key, now: datetime) -> Roll:
    """The event that a key opens; the wall is open then. Raises ConflictError when checking in is closed."""
    await see_hubs(db, key.hub_id)
    found = await check_in.of_event(db, key.event_id)
    roll = await rolls.by_key(db, key.event_id)
    if found is None or roll is None or found.closed_at is not None or not rules.can_open(roll, now):
        raise ConflictError(CLOSED)
    if roll.status not in rolls.STANDS:
        raise ConflictError(CLOSED)
    return roll
