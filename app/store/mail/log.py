"""The messages of a hub, and somebody's own: counted, listed, looked at."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member, Viewer
from app.domain.mail.choices import State
from app.domain.mail.kinds import Kind
from app.models.mail import MailChoice, Message
from app.models.people import Person
from app.store import visible

ORDERS = ("when", "to", "kind", "subject", "state")
_COLUMNS = {
    "when": col(Message.made_at),
    "to": func.coalesce(col(Person.name), col(Message.to)),
    "kind": col(Message.kind),
    "subject": col(Message.subject),
    "state": col(Message.state),
}
PRIVATE = [kind.value for kind in Kind if kind.law.private]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: of a kind, in a state, to somebody, with these words, written together; sorted and paged."""

    kind: str = ""
    state: str = ""
    person: str = ""
    words: str = ""
    batch: uuid.UUID | None = None
    order: str = "when"
    down: bool = True
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A message with the name of whom it went to, empty for whoever is not in the hub, and of its writer."""

    message: Message
    name: str
    writer: str


async def count(db: AsyncSession, member: Member, wanted: Wanted) -> int:
    """How many messages these filters leave."""
    found = _narrowed(visible.messages(member), wanted).with_only_columns(func.count())
    return (await db.execute(found)).scalar_one()


async def listed(db: AsyncSession, member: Member, wanted: Wanted) -> list[Row]:
    """Messages that the member may see, sorted: one statement."""
    return await _rows(db, _narrowed(visible.messages(member), wanted), wanted)


async def one(db: AsyncSession, member: Member, message_id: uuid.UUID) -> Row | None:
    """One message that the member may see."""
    here = _narrowed(visible.messages(member), Wanted()).where(col(Message.id) == message_id)
    return next(iter(await _rows(db, here, Wanted())), None)


async def unsent(db: AsyncSession, member: Member, batch: uuid.UUID) -> list[uuid.UUID]:
    """Those of messages written together that can still be taken back."""
    here = visible.messages(member).with_only_columns(col(Message.id))
    states = col(Message.state).in_((State.WAITING.value, State.GATHERED.value))
    found = await db.execute(here.where(col(Message.batch_id) == batch, states, col(Message.digest_id).is_(None)))
    return list(found.scalars())


async def own_count(db: AsyncSession, viewer: Viewer, wanted: Wanted) -> int:
    """How many copies the viewer has."""
    return (await db.execute(_narrowed(_own(viewer), wanted).with_only_columns(func.count()))).scalar_one()


async def own(db: AsyncSession, viewer: Viewer, wanted: Wanted) -> list[Row]:
    """The viewer's own copies; a message of the day is shown as the messages in it."""
    return await _rows(db, _narrowed(_own(viewer), wanted), wanted)


async def comes_back(db: AsyncSession, hub_id: uuid.UUID) -> int:
    """To how many people of the hub mail comes back, at the address that they have now."""
    back = exists().where(
        col(Message.person_id) == col(Person.id),
        col(Message.state) == State.BOUNCED.value,
        col(Message.to) == col(Person.email),
    )
    found = select(func.count()).select_from(MailChoice).join(Person, col(Person.id) == col(MailChoice.person_id))
    here = found.where(
        col(MailChoice.hub_id) == hub_id, col(MailChoice.bounced_at).is_not(None), col(Person.left_on).is_(None), back
    )
    return (await db.execute(here)).scalar_one()


async def address_now(db: AsyncSession, person_id: uuid.UUID | None) -> str:
    """Somebody's e-mail address of today; empty for whoever has left or is not in the hub."""
    found = await db.execute(
        select(col(Person.email)).where(col(Person.id) == person_id, col(Person.left_on).is_(None))
    )
    return found.scalar_one_or_none() or ""


async def mark_cleared(db: AsyncSession, person_id: uuid.UUID) -> None:
    """Somebody saw to it that mail reaches this person again."""
    choice = await db.get(MailChoice, person_id)
    if choice is not None:
        choice.bounced_at, choice.bounced_because = None, ""
        await db.flush()


def _own(viewer: Viewer) -> Select[Message]:
    mine = [member.person_id for member in viewer.members]
    return select(Message).where(col(Message.person_id).in_(mine), col(Message.kind) != Kind.DIGEST.value)


def _narrowed(found: Select[Message], wanted: Wanted) -> Select[Message]:
    found = found.outerjoin(Person, col(Person.id) == col(Message.person_id))
    if wanted.kind:
        found = found.where(col(Message.kind) == wanted.kind)
    if wanted.state:
        found = found.where(col(Message.state) == wanted.state)
    if wanted.batch:
        found = found.where(col(Message.batch_id) == wanted.batch)
    for word in wanted.person.split():
        found = found.where(_has(word, col(Person.name), col(Message.to)))
    for word in wanted.words.split():
        in_text = and_(col(Message.kind).not_in(PRIVATE), _has(word, col(Message.text)))
        found = found.where(or_(_has(word, col(Message.subject)), in_text))
    return found


def _has(word: str, *places: Any) -> ColumnElement[bool]:
    return or_(*(place.icontains(word, autoescape=True) for place in places))


async def _rows(db: AsyncSession, found: Select[Message], wanted: Wanted) -> list[Row]:
    order = _COLUMNS.get(wanted.order, _COLUMNS["when"])
    writer = select(col(Person.name)).where(col(Person.id) == col(Message.made_by)).correlate(Message).scalar_subquery()
    ordered = (
        found.with_only_columns(Message, col(Person.name), writer)
        .order_by(order.desc() if wanted.down else order.asc(), col(Message.made_at).desc(), col(Message.id).desc())
        .limit(wanted.limit)
        .offset(wanted.offset)
    )
    rows: Sequence[Any] = (await db.execute(ordered)).all()
    return [Row(row[0], row[1] or "", row[2] or "") for row in rows]
