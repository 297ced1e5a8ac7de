"""The certain dates of a year as moving them by hand reads them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.schedule.wishes import Wish
from app.models.meetings import Event


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date: `key` names what it is for, `urn` is the host or the visited school."""

    id: uuid.UUID
    key: str
    kind: str
    status: str
    version: int
    day: date
    slot: str
    urn: int
    starts_at: datetime
    lead_id: uuid.UUID
    group_id: uuid.UUID | None
    pinned: bool

    @property
    def here(self) -> Wish:
        """Where it is, as a wish: asking for it brings the date back here."""
        return Wish(self.id, self.version, self.day, self.slot, self.urn)


async def certain(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[uuid.UUID, Ahead]:
    """Every confirmed or held date of the year by its id: one statement."""
    rows = await db.execute(
        select(
            col(Event.id),
            col(Event.slot_key),
            col(Event.kind),
            col(Event.status),
            col(Event.version),
            col(Event.day),
            col(Event.slot),
            col(Event.urn),
            col(Event.starts_at),
            col(Event.lead_id),
            col(Event.group_id),
            col(Event.pinned),
        ).where(col(Event.hub_id) == hub_id, col(Event.year) == year, col(Event.status).in_(("confirmed", "held")))
    )
    return {row[0]: Ahead(*tuple(row)) for row in rows}
