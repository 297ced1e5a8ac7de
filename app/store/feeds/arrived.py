"""Mail that came in, and where it belongs: the hub, the event and the person it is about; what nobody could read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.kit.ids import new_id
from app.models.mail import IncomingMail, Message
from app.models.meetings import Booking, Event, Invitation
from app.models.people import Account, Person


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message belongs, as far as that was found out."""

    hub_id: uuid.UUID
    event_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None


async def of_uid(db: AsyncSession, uid: str) -> Event | None:
    """The event with this UID, in any hub that is open."""
    return (await db.execute(select(Event).where(col(Event.uid) == uid))).scalar_one_or_none()


async def of_messages(db: AsyncSession, message_ids: Sequence[str]) -> Place | None:
    """Where the first of these messages of ours belongs that is known in any hub that is open."""
    if not message_ids:
        return None
    found = await db.execute(select(Message).where(col(Message.message_id).in_(list(message_ids))))
    known = {one.message_id: one for one in found.scalars()}
    for message_id in message_ids:
        if one := known.get(message_id):
            return Place(one.hub_id, one.event_id, one.person_id)
    return None


async def person_of(db: AsyncSession, event: Event, emails: Sequence[str]) -> uuid.UUID | None:
    """Whose address the first of these is, of those invited to the event by mail or booked at it.

    The address an invitation went to counts before the one a person has now.
    """
    for email in emails:
        mailed = select(col(Invitation.person_id)).where(
            col(Invitation.event_id) == event.id, func.lower(col(Invitation.mailed_to)) == email
        )
        booked = (
            select(col(Person.id))
            .join(Booking, (col(Booking.person_id) == col(Person.id)) & (col(Booking.event_id) == event.id))
            .join(Account, col(Account.id) == col(Person.account_id))
            .where(or_(func.lower(col(Person.email)) == email, col(Account.email) == email))
        )
        for query in (mailed, booked):
            if person := (await db.execute(query.limit(1))).scalar_one_or_none():
                return person
    return None


async def is_filed(db: AsyncSession, hub_id: uuid.UUID, digest: bytes) -> bool:
    """Whether these very bytes lie here already."""
    found = select(col(IncomingMail.id)).where(col(IncomingMail.hub_id) == hub_id, col(IncomingMail.digest) == digest)
    return (await db.execute(found)).first() is not None


@dataclass(frozen=True, slots=True)
class Strange:
    """A message that could not be taken by itself, and why."""

    digest: bytes
    raw: bytes
    sender: str
    subject: str
    text: str
    because: str


async def file(db: AsyncSession, place: Place, one: Strange, now: datetime) -> bool:
    """Keep it whole for a person; False when it lies here already."""
    values = {
        "id": new_id(),
        "hub_id": place.hub_id,
        "digest": one.digest,
        "came_at": now,
        "sender": one.sender,
        "subject": one.subject,
        "text": one.text,
        "because": one.because,
        "raw": one.raw,
        "event_id": place.event_id,
        "person_id": place.person_id,
        "state": "open",
        "answer": "",
    }
    done = await db.execute(
        insert(IncomingMail)
        .values(values)
        .on_conflict_do_nothing(index_elements=["hub_id", "digest"])
        .returning(col(IncomingMail.id))
    )
    return done.scalar_one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which filed mail: empty fields do not narrow it."""

    state: str = ""
    words: str = ""


async def count(db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted) -> int:
    """How many there are."""
    found = select(func.count()).select_from(IncomingMail).where(*_narrowed(hub_id, wanted))
    return (await db.execute(found)).scalar_one()


async def listed(
    db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted, order: tuple[str, bool], page: tuple[int | None, int]
) -> list[IncomingMail]:
    """Filed mail; `page` is (how many, how many to pass over). What it holds whole is not read."""
    column = {"came": col(IncomingMail.came_at), "from": func.lower(col(IncomingMail.sender))}.get(
        order[0], col(IncomingMail.came_at)
    )
    columns = [column.desc() if order[1] else column.asc(), col(IncomingMail.id)]
    found = await db.execute(
        select(IncomingMail).where(*_narrowed(hub_id, wanted)).order_by(*columns).limit(page[0]).offset(page[1])
    )
    return list(found.scalars())


def _narrowed(hub_id: uuid.UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(IncomingMail.hub_id) == hub_id]
    if wanted.state:
        conditions.append(col(IncomingMail.state) == wanted.state)
    for word in wanted.words.split():
        places = (col(IncomingMail.sender), col(IncomingMail.subject), col(IncomingMail.text))
        conditions.append(or_(*(one.icontains(word, autoescape=True) for one in places)))
    return conditions


async def one(db: AsyncSession, hub_id: uuid.UUID, mail_id: uuid.UUID, *, lock: bool = False) -> IncomingMail | None:
    """One filed message, held for a change with `lock`."""
    found = select(IncomingMail).where(col(IncomingMail.hub_id) == hub_id, col(IncomingMail.id) == mail_id)
    return (await db.execute(found.with_for_update() if lock else found)).scalar_one_or_none()
