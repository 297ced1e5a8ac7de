"""Messages on their way out: held while they are sent, and what became of them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.mail.choices import State
from app.models.hubs import Hub
from app.models.mail import MailChoice, Message
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a message: its hub's name, its writer's address, and whether its reader has left."""

    hub: str
    writer: str
    reader_left: bool


async def hold(db: AsyncSession, message_id: uuid.UUID) -> Message | None:
    """The message, held: whoever else would send it waits, and then sees what became of it."""
    found = await db.execute(select(Message).where(col(Message.id) == message_id).with_for_update())
    return found.scalar_one_or_none()


async def around(db: AsyncSession, row: Message) -> Around:
    """The hub, the writer and the reader of a message: one statement."""
    reader = aliased(Person)
    found = await db.execute(
        select(col(Hub.name), col(Person.email), col(reader.left_on))
        .select_from(Hub)
        .outerjoin(Person, col(Person.id) == row.made_by)
        .outerjoin(reader, col(reader.id) == row.person_id)
        .where(col(Hub.id) == row.hub_id)
    )
    hub, writer, left = found.one()
    return Around(hub, writer or "", left is not None)


async def sent(db: AsyncSession, row: Message, now: datetime) -> None:
    """A mail server took it, and with it whatever was gathered in it."""
    row.state, row.sent_at, row.because = State.SENT.value, now, ""
    await db.flush()
    gathered = update(Message).where(col(Message.digest_id) == row.id)
    await db.execute(gathered.values(state=State.SENT.value, sent_at=now, message_id=row.message_id))


async def failed(db: AsyncSession, row: Message, because: str) -> None:
    """It did not leave, and is not tried again."""
    await _fallen(db, row, State.FAILED, because)


async def stop(db: AsyncSession, row: Message, because: str) -> None:
    """It is not to leave any more."""
    await _fallen(db, row, State.STOPPED, because)


async def came_back(db: AsyncSession, row: Message, because: str, now: datetime) -> None:
    """Its address takes no mail: the message says so, and so does what we know of the person."""
    await _fallen(db, row, State.BOUNCED, because)
    if row.person_id:
        known = insert(MailChoice).values(
            person_id=row.person_id,
            hub_id=row.hub_id,
            digest=False,
            stopped=[],
            bounced_at=now,
            bounced_because=because,
        )
        said = {"bounced_at": now, "bounced_because": because}
        await db.execute(known.on_conflict_do_update(index_elements=["person_id"], set_=said))


async def _fallen(db: AsyncSession, row: Message, state: State, because: str) -> None:
    row.state, row.because = state.value, because[:500]
    await db.flush()
    gathered = update(Message).where(col(Message.digest_id) == row.id)
    await db.execute(gathered.values(state=state.value, because=row.because))


async def bounced(db: AsyncSession, message_id_header: str, because: str, now: datetime) -> Message | None:
    """A delivery status notification came in about the message with this Message-ID: the message, None if unknown.

    The hub must be open. What came back already stays as it was.
    """
    found = await db.execute(
        select(Message)
        .where(col(Message.message_id) == message_id_header.strip(), col(Message.digest_id).is_(None))
        .with_for_update()
    )
    row = found.scalars().first()
    if row is not None and row.state != State.BOUNCED:
        await came_back(db, row, because, now)
    return row


async def gathered(db: AsyncSession, now: datetime) -> Sequence[Message]:
    """What waits for a message of the day that is due, in order, held; what another job holds is passed over."""
    found = await db.execute(
        select(Message)
        .where(
            col(Message.state) == State.GATHERED.value,
            col(Message.digest_id).is_(None),
            col(Message.due_at) <= now,
        )
        .order_by(col(Message.made_at), col(Message.id))
        .with_for_update(skip_locked=True)
    )
    return found.scalars().all()


async def put_into(db: AsyncSession, rows: Sequence[Message], digest_id: uuid.UUID) -> None:
    """These messages go out in that one."""
    for row in rows:
        row.digest_id = digest_id
    await db.flush()


async def take_back(db: AsyncSession, row: Message, because: str) -> int:
    """Stop a message that has not left, and all that were written with it: how many."""
    written_with = col(Message.id) == row.id
    if row.batch_id:
        written_with = or_(written_with, col(Message.batch_id) == row.batch_id)
    unsent = col(Message.state).in_((State.WAITING.value, State.GATHERED.value))
    stopped = update(Message).where(written_with, unsent, col(Message.digest_id).is_(None))
    done = await db.execute(
        stopped.values(state=State.STOPPED.value, because=because).returning(col(Message.id)),
        execution_options={"synchronize_session": False},
    )
    return len(done.all())
