"""Places that were let through, in the calendar: pinned, so that planning again leaves them where they are."""

import uuid
from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.meetings import Event


async def pin(db: AsyncSession, hub_id: uuid.UUID, year: int, keys: Collection[str]) -> None:
    """Pin the certain dates of a year that are for these slots."""
    if keys:
        here = col(Event.hub_id) == hub_id, col(Event.year) == year, col(Event.slot_key).in_(keys)
        await db.execute(update(Event).where(*here, col(Event.status) == "confirmed").values(pinned=True))
