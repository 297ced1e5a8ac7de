"""Who is to be reminded of what, and who was."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.mail.kinds import Kind
from app.models.hubs import Hub
from app.models.mail import Message
from app.models.meetings import Booking, Event, Invitation
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody expected at an event who did not say no."""

    event_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    email: str
    answer: str


async def hold_hub(db: AsyncSession, hub_id: uuid.UUID) -> None:
    """One job at a time reminds a hub: whoever comes second sees what the first has written."""
    await db.execute(select(col(Hub.id)).where(col(Hub.id) == hub_id).with_for_update(key_share=True))


async def dates_ahead(db: AsyncSession, now: datetime, within: timedelta) -> list[Event]:
    """Confirmed dates that begin from now on, the next first. Of the hubs in sight."""
    found = await db.execute(
        select(Event)
        .where(col(Event.status) == "confirmed", col(Event.starts_at) > now, col(Event.starts_at) <= now + within)
        .order_by(col(Event.starts_at), col(Event.id))
    )
    return list(found.scalars())


async def guests(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> list[Guest]:
    """Everyone expected at these events, but whoever said no, has left or has no address: one statement."""
    answered = and_(
        col(Invitation.event_id) == col(Booking.event_id), col(Invitation.person_id) == col(Booking.person_id)
    )
    found = await db.execute(
        select(col(Booking.event_id), col(Person.id), col(Person.name), col(Person.email), col(Invitation.answer))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .outerjoin(Invitation, answered)
        .where(
            col(Booking.event_id).in_(list(event_ids)),
            col(Booking.expected),
            col(Person.left_on).is_(None),
            col(Person.email) != "",
            col(Invitation.answer).is_distinct_from("no"),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return [Guest(row[0], row[1], row[2], row[3], row[4] or "") for row in found]


async def reminded(db: AsyncSession, batches: Collection[uuid.UUID]) -> set[tuple[uuid.UUID | None, uuid.UUID | None]]:
    """Who has a message of these reminders already, whatever became of it: (batch, person)."""
    found = await db.execute(
        select(col(Message.batch_id), col(Message.person_id)).where(
            col(Message.batch_id).in_(list(batches)), col(Message.kind) == Kind.REMINDER.value
        )
    )
    return {(row[0], row[1]) for row in found}
