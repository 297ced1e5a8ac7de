"""Who is invited by mail: read and held for one event, and told when its date stands no more."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.feeds.inviting import moved_words, needed_no_more
from app.domain.mail.kinds import Kind
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, Invitation
from app.models.people import Person
from app.store.mail.posting import Written, choices_of, post
from app.store.meetings import answers


@dataclass(frozen=True, slots=True)
class Guest:
    """A person who is to be kept in step with one event: their row, held, and how they stand."""

    row: Invitation
    name: str
    email: str
    has_place: bool


async def in_step(db: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Of these events, by hub, those that somebody is invited to by mail, or will be by themselves: one statement."""
    mailed = exists().where(col(Invitation.event_id) == col(Event.id), col(Invitation.mailed_to) != "")
    found = await db.execute(
        select(col(Event.hub_id), col(Event.id))
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .where(col(Event.id).in_(list(ids)), or_(col(Hub.invites), mailed))
        .order_by(col(Event.hub_id), col(Event.id))
    )
    by_hub: dict[uuid.UUID, list[uuid.UUID]] = {}
    for hub_id, event_id in found.all():
        by_hub.setdefault(hub_id, []).append(event_id)
    return by_hub


async def invites_by_itself(db: AsyncSession, hub_id: uuid.UUID) -> bool:
    """Whether the hub mails invitations without being asked each time."""
    return (await db.get_one(Hub, hub_id)).invites


async def hold(
    db: AsyncSession, event_id: uuid.UUID, everyone: bool, only: Collection[uuid.UUID] | None = None
) -> list[Guest]:
    """Who was invited to the event by mail, and with `everyone` (or `only` some of them) who has a place at it.

    Their rows are held until the transaction ends, so that two jobs at once mail nothing twice. Whoever does not
    want invitations by mail is left out until they are asked by somebody.
    """
    booked = await _booked(db, event_id)
    wanted = [one for one in booked if only is None or one in only] if everyone else []
    unwilling = {
        person for person, choice in (await choices_of(db, wanted)).items() if Kind.INVITATION in choice.stopped
    }
    mailed = select(col(Invitation.person_id)).where(
        col(Invitation.event_id) == event_id, col(Invitation.mailed_to) != ""
    )
    people = {one for one in wanted if one not in unwilling} | set((await db.execute(mailed)).scalars())
    rows = await answers.rows_of(db, event_id, people)
    found = await db.execute(select(Person).where(col(Person.id).in_(people)))
    known = {one.id: one for one in found.scalars()}
    return [_guest(row, known[row.person_id], booked) for row in rows if row.person_id in known]


def _guest(row: Invitation, person: Person, booked: Collection[uuid.UUID]) -> Guest:
    return Guest(row, person.name, person.email, person.id in booked and person.left_on is None)


async def _booked(db: AsyncSession, event_id: uuid.UUID) -> list[uuid.UUID]:
    found = await db.execute(
        select(col(Booking.person_id))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .where(col(Booking.event_id) == event_id, col(Person.left_on).is_(None))
    )
    return list(found.scalars())


async def dates_gone(
    db: AsyncSession, moved: Mapping[uuid.UUID, datetime], cancelled: Mapping[uuid.UUID, datetime], now: datetime
) -> set[uuid.UUID]:
    """Events that have another date, or none: answers stand no more, and stand-ins from elsewhere are told.

    Both maps say when each event was. Returns the people of the hub who stood in and lost that place.
    """
    if not moved and not cancelled:
        return set()
    await _tell_strangers(db, moved, cancelled, now)
    return {person for _, person in await answers.ask_again(db, list(moved))} if moved else set()


async def places_gone(
    db: AsyncSession, ids: Collection[uuid.UUID], unbooked: Collection[uuid.UUID], now: datetime
) -> set[uuid.UUID]:
    """Whoever lost a place needs nobody in it: stand-ins lose theirs, and those from elsewhere are told.

    Returns the people of the hub who stood in.
    """
    if not unbooked:
        return set()
    booked = exists().where(
        col(Booking.event_id) == col(Invitation.event_id), col(Booking.person_id) == col(Invitation.person_id)
    )
    found = await db.execute(
        select(Invitation, col(Person.name))
        .join(Person, col(Person.id) == col(Invitation.person_id))
        .where(
            col(Invitation.event_id).in_(list(ids)),
            col(Invitation.person_id).in_(list(unbooked)),
            or_(col(Invitation.stand_in_id).is_not(None), col(Invitation.stand_in_email) != ""),
            ~booked,
        )
        .with_for_update(of=Invitation)
    )
    stood_in = set()
    for row, name in found.all():
        if row.stand_in_id is not None:
            await answers.unseat(db, row.event_id, row.stand_in_id)
            stood_in.add(row.stand_in_id)
        else:
            said = needed_no_more(name)
            letter = Written(Kind.CANCELLATION, row.stand_in_email, said.subject, said.text, event_id=row.event_id)
            await post(db, row.hub_id, [letter], now)
        row.stand_in_id, row.stand_in_name, row.stand_in_email = None, "", ""
        row.version += 1
    await db.flush()
    return stood_in


async def _tell_strangers(
    db: AsyncSession, moved: Mapping[uuid.UUID, datetime], cancelled: Mapping[uuid.UUID, datetime], now: datetime
) -> None:
    found = await db.execute(
        select(Invitation, col(Person.name), col(Event.kind), col(Event.hub_id))
        .join(Person, col(Person.id) == col(Invitation.person_id))
        .join(Event, col(Event.id) == col(Invitation.event_id))
        .where(col(Invitation.event_id).in_([*moved, *cancelled]), col(Invitation.stand_in_email) != "")
    )
    letters: dict[uuid.UUID, list[Written]] = {}
    for row, asker, kind, hub_id in found.all():
        was = moved.get(row.event_id) or cancelled[row.event_id]
        name = {"meeting": "The Work Group meeting", "visit": "The visit"}.get(kind, "The lesson observation")
        said = moved_words(name, was, asker, cancelled=row.event_id in cancelled)
        letters.setdefault(hub_id, []).append(
            Written(Kind.CHANGE, row.stand_in_email, said.subject, said.text, event_id=row.event_id)
        )
    for hub_id, some in letters.items():
        await post(db, hub_id, some, now)


async def coming(db: AsyncSession, hub_id: uuid.UUID, group_id: uuid.UUID, now: datetime) -> Sequence[Event]:
    """The group's fixed meetings that are still to come, in order."""
    found = await db.execute(
        select(Event)
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.group_id) == group_id,
            col(Event.status) == "confirmed",
            col(Event.ends_at) > now,
        )
        .order_by(col(Event.starts_at))
    )
    return found.scalars().all()


def mailed_to(row: Invitation, to: str, sequence: int, now: datetime) -> None:
    """A REQUEST left for this person."""
    row.mailed_to, row.mailed_sequence, row.mailed_at, row.cancelled_at = to, sequence, now, None


def withdrawn(row: Invitation, sequence: int, now: datetime) -> None:
    """A CANCEL left for this person."""
    row.mailed_sequence, row.cancelled_at = sequence, now
