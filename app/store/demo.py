"""What making the demo reads."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.hubs import Programme
from app.models.meetings import Event


async def programme(db: AsyncSession, hub_id: uuid.UUID, year: int, kind: str) -> Programme:
    """The year's programme of this kind."""
    here = col(Programme.hub_id) == hub_id, col(Programme.year) == year, col(Programme.kind) == kind
    return (await db.execute(select(Programme).where(*here))).scalar_one()


async def events_before(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> list[Event]:
    """Confirmed events that have ended, the oldest first."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "confirmed", col(Event.ends_at) < now
    return list((await db.execute(select(Event).where(*here).order_by(col(Event.ends_at), col(Event.id)))).scalars())
