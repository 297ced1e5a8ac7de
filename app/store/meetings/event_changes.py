"""Writes one event: its times, its standing, and the places of the people at it."""

import uuid

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.meetings import Booking, Event


async def move_places(db: AsyncSession, event: Event) -> bool:
    """Everybody's place takes the event's times; False, and nothing changed, when somebody is elsewhere then."""
    during = Range(event.starts_at, event.ends_at, bounds="[)")
    try:
        async with db.begin_nested():
            await db.execute(update(Booking).where(col(Booking.event_id) == event.id).values(during=during))
    except IntegrityError as clash:
        if "booking_one_place_at_a_time" not in str(clash.orig):
            raise
        return False
    return True


async def free_places(db: AsyncSession, event_id: uuid.UUID) -> None:
    """Give everybody at this event their time back."""
    await db.execute(update(Booking).where(col(Booking.event_id) == event_id).values(holds=False))


async def take_places(db: AsyncSession, event_id: uuid.UUID) -> int:
    """Everybody who is free then gets their place back; returns how many of those leading or observed are not."""
    other = aliased(Booking)
    taken = exists().where(
        and_(
            col(other.account_number) == col(Booking.account_number),
            col(other.event_id) != event_id,
            col(other.holds),
            col(other.during).op("&&")(col(Booking.during)),
        )
    )
    await db.execute(update(Booking).where(col(Booking.event_id) == event_id, ~taken).values(holds=True))
    left = await db.execute(
        select(func.count()).where(
            col(Booking.event_id) == event_id, ~col(Booking.holds), col(Booking.part).in_(["leads", "observed"])
        )
    )
    return int(left.scalar_one())
