"""What making the demo reads."""

import uuid
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.hubs import Programme
from app.models.mail import Message
from app.models.meetings import Booking, Event, Participant
from app.models.people import Person


async def programme(db: AsyncSession, hub_id: uuid.UUID, year: int, kind: str) -> Programme:
    """The year's programme of this kind."""
    here = col(Programme.hub_id) == hub_id, col(Programme.year) == year, col(Programme.kind) == kind
    return (await db.execute(select(Programme).where(*here))).scalar_one()


async def events_before(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> list[Event]:
    """Confirmed events that have ended, the oldest first."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "confirmed", col(Event.ends_at) < now
    return list((await db.execute(select(Event).where(*here).order_by(col(Event.ends_at), col(Event.id)))).scalars())


async def meetings_after(db: AsyncSession, hub_id: uuid.UUID, now: datetime, most: int) -> list[Event]:
    """The next so many meetings whose dates are fixed."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "confirmed", col(Event.kind) == "meeting"
    found = select(Event).where(*here, col(Event.starts_at) > now).order_by(col(Event.starts_at), col(Event.id))
    return list((await db.execute(found.limit(most))).scalars())


async def held(db: AsyncSession, hub_id: uuid.UUID) -> list[Event]:
    """Events that were held, the oldest first."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "held"
    return list((await db.execute(select(Event).where(*here).order_by(col(Event.ends_at), col(Event.id)))).scalars())


async def taking_part(db: AsyncSession, event: Event) -> list[Person]:
    """Who was booked at an event; whoever led it comes first."""
    found = await db.execute(
        select(Person)
        .join(Booking, col(Booking.person_id) == col(Person.id))
        .where(col(Booking.event_id) == event.id)
        .order_by((col(Person.id) == event.lead_id).desc(), (col(Booking.part) == "observed").desc(), col(Person.id))
    )
    return list(found.scalars())


async def some_teachers(db: AsyncSession, hub_id: uuid.UUID, most: int) -> list[Person]:
    """So many people who take part in Work Groups, by name."""
    here = col(Person.id).in_(select(col(Participant.person_id)).where(col(Participant.hub_id) == hub_id))
    return list((await db.execute(select(Person).where(here).order_by(col(Person.name)).limit(most))).scalars())


async def forget_letters(db: AsyncSession) -> None:
    """Letters of the past were read in the past: none of them goes out now."""
    jobs = "task_name IN ('send_letter', 'send_message') AND status = 'todo'"
    await db.execute(text(f"DELETE FROM procrastinate_jobs WHERE {jobs}"))
    await db.execute(
        update(Message).where(col(Message.state) == "waiting").values(state="sent", sent_at=col(Message.due_at))
    )
