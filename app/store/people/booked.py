"""What a change of a person means for the events they are booked at."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.meetings.bookings import works_then
from app.kit.errors import ConflictError
from app.models.meetings import Booking, Event
from app.models.people import Account, Away, Person


async def expect_anew(db: AsyncSession, person: Person, now: datetime) -> None:
    """Whether somebody who only comes along is expected at what lies ahead, after their days have changed."""
    away = (await db.execute(select(col(Away.day)).where(col(Away.person_id) == person.id))).scalars().all()
    found = await db.execute(
        select(Booking, col(Event.day), col(Event.slot))
        .join(Event, col(Event.id) == col(Booking.event_id))
        .where(col(Booking.person_id) == person.id, col(Booking.part) == "comes", col(Event.starts_at) > now)
    )
    for booking, day, slot in found.all():
        booking.expected = works_then(person.works, away, day, slot)
    await db.flush()


async def rebook(db: AsyncSession, person_id: uuid.UUID, account: Account) -> None:
    """Bookings hold the number of an account: with another address they go along. Raises ConflictError."""
    moved = update(Booking).where(col(Booking.person_id) == person_id).values(account_number=account.number)
    try:
        await db.execute(moved)
    except IntegrityError as clash:
        because = "The new address is somebody's who is booked elsewhere at the same time. Choose another."
        raise ConflictError(because) from clash
