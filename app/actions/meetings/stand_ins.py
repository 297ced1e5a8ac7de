"""Who comes in somebody's place: their booking, and the letters that ask them or tell them they are not needed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.mail.kinds import Kind
from app.domain.meetings.answers import NOBODY, StandIn
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_date, spoken_hours
from app.models.meetings import Event, Invitation
from app.models.schools import School
from app.store.feeds import event_changed
from app.store.mail.posting import Written, post
from app.store.meetings import answers


async def known(db: AsyncSession, row: Invitation, said: StandIn) -> StandIn:
    """The stand-in as they are kept: a person of the hub by their id, also where only their address was written.

    Raises BadInputError for somebody who is not of the hub, or is the person themselves.
    """
    if not said:
        return NOBODY
    if said.person_id is None:
        stranger = StandIn(None, " ".join(said.name.split()), said.email.strip().lower())
        found = await answers.person_at(db, row.hub_id, stranger.email)
        if found is None or found.id == row.person_id or await answers.is_booked(db, row.event_id, found.id):
            # What somebody of the hub does elsewhere is told to nobody who only knows their address.
            return StandIn(found.id) if found and found.id == row.stand_in_id else stranger
        return StandIn(found.id)
    person = await answers.person(db, row.hub_id, said.person_id)
    if person is None or person.id == row.person_id:
        raise _refused("Choose somebody in the list, or write a name and an e-mail address.")
    return StandIn(person.id)


def _refused(because: str) -> BadInputError:
    return BadInputError("Look at what is marked below.", (Fault("stand_in", because),))


async def change(db: AsyncSession, row: Invitation, event: Event, new: StandIn, now: datetime) -> None:
    """Give the new stand-in a place and the details; take both back from the one before.

    Raises BadInputError when the new one has a place already, or is booked elsewhere then.
    """
    old = StandIn(row.stand_in_id, row.stand_in_name, row.stand_in_email)
    if old == new:
        return
    row.stand_in_id, row.stand_in_name, row.stand_in_email = new.person_id, new.name, new.email
    await _leave(db, row, event, old, now)
    if new.person_id is not None:
        if await answers.is_booked(db, event.id, new.person_id):
            raise _refused("They are coming already. Choose somebody else.")
        if not await answers.seat(db, event, new.person_id):
            raise _refused("They are booked elsewhere at that time. Choose somebody else.")
    await db.flush()
    if old.person_id or new.person_id:
        await event_changed(db, [event.id], now, [old.person_id] if old.person_id else [])
    if new:
        await _write(db, row, event, (new, "comes"), now)


async def _leave(db: AsyncSession, row: Invitation, event: Event, old: StandIn, now: datetime) -> None:
    if old.person_id is not None:
        await answers.unseat(db, event.id, old.person_id)
    if old:
        await _write(db, row, event, (old, "leaves"), now)


async def _write(db: AsyncSession, row: Invitation, event: Event, who: tuple[StandIn, str], now: datetime) -> None:
    stand_in, does = who
    person = await answers.person(db, row.hub_id, stand_in.person_id)
    whose = await answers.person(db, row.hub_id, row.person_id)
    asks = whose.name if whose else "Somebody"
    when = f"{spoken_date(event.day)}, {spoken_hours(event.starts_at, event.ends_at)}"
    if does == "comes":
        subject, first = f"You come in {asks}'s place: {when}", f"{asks} has named you to come in their place."
        last = "If you cannot come, tell them." if person is None else "It is in your own calendar in Halfterm too."
    else:
        subject, first = f"You are no longer asked to come: {when}", f"{asks} no longer needs you to come for them."
        last = "You need do nothing."
    name = person.name if person else stand_in.name
    what = await _details(db, event, full=does == "comes")
    letter = Written(
        kind=Kind.INVITATION if does == "comes" else Kind.CANCELLATION,
        to=person.email if person else stand_in.email,
        subject=subject,
        text=f"Hello {name}\n\n{first}\n\n{when}\n{what}\n\n{last}",
        person_id=person.id if person else None,
        event_id=event.id,
    )
    if letter.to:
        await post(db, row.hub_id, [letter], now)


async def _details(db: AsyncSession, event: Event, *, full: bool) -> str:
    """What and where, for somebody who may have no account here: nothing that only those inside may see."""
    school = await db.get_one(School, event.urn)
    words = {"meeting": "A Work Group meets", "visit": "A visit", "observation": "A lesson is watched"}
    lines = [f"{words[event.kind]} {'online' if event.online else 'at ' + school.name}"]
    if full and event.online and event.joining_link:
        lines.append(f"Join at {event.joining_link}")
    if full and not event.online:
        address = (school.street, school.locality, school.town, school.postcode)
        lines.append(", ".join(part for part in address if part))
    if full and event.notes:
        lines.append(event.notes)
    return "\n".join(lines)
