"""The devices that keep notes, and what each last said still waits on it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Viewer
from app.models.meetings import Event
from app.models.notes import NoteDevice, NoteOp
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Seen:
    """A device that asked or sent: its name, how much waits on it and since when (as the server's clock has it)."""

    device_id: uuid.UUID
    name: str
    waiting: int
    since: datetime | None


_SEEN = text("""
    INSERT INTO note_device (device_id, person_id, hub_id, name, seen_at, waiting, waiting_since)
    SELECT :device, person_id, hub_id, :name, :now, :waiting, CAST(:since AS timestamptz)
    FROM unnest(CAST(:people AS uuid[]), CAST(:hubs AS uuid[])) AS mine (person_id, hub_id) ORDER BY person_id
    ON CONFLICT (device_id, person_id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at,
        waiting = excluded.waiting, waiting_since = excluded.waiting_since
""")


async def seen(db: AsyncSession, viewer: Viewer, device: Seen, now: datetime) -> None:
    """Remember the device for each of the viewer's hubs: one statement."""
    values = {
        "device": device.device_id,
        "name": device.name,
        "now": now,
        "waiting": device.waiting,
        "since": device.since,
        "people": [member.person_id for member in viewer.members],
        "hubs": [member.hub_id for member in viewer.members],
    }
    await db.execute(_SEEN, values)


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody whose writing has not arrived: what their device is called, and what waits or is missing."""

    person_id: uuid.UUID
    email: str
    device: str
    waiting: int
    since: datetime


async def silent(db: AsyncSession, now: datetime, after: timedelta) -> list[Silent]:
    """Whose device last said that writing waits on it, or who led something with a device that has not come since.

    Of the hubs in sight; nobody who was written to since. `after` is how long it has waited.
    """
    led = (
        select(func.max(col(Event.ends_at)))
        .where(
            col(Event.lead_id) == col(NoteDevice.person_id),
            col(Event.status).in_(("confirmed", "held")),
            col(Event.ends_at) > col(NoteDevice.seen_at),
            col(Event.ends_at) < now - after,
            ~select(col(NoteOp.op_id))
            .where(col(NoteOp.event_id) == col(Event.id), col(NoteOp.person_id) == col(NoteDevice.person_id))
            .exists(),
        )
        .scalar_subquery()
    )
    waits = and_(col(NoteDevice.waiting) > 0, col(NoteDevice.waiting_since) < now - after)
    found = await db.execute(
        select(
            col(NoteDevice.person_id),
            col(Person.email),
            col(NoteDevice.name),
            col(NoteDevice.waiting),
            func.coalesce(case((waits, col(NoteDevice.waiting_since))), led),
        )
        .ext(distinct_on(col(NoteDevice.person_id)))
        .join(Person, col(Person.id) == col(NoteDevice.person_id))
        .where(
            or_(waits, led.is_not(None)),
            or_(col(NoteDevice.told_at).is_(None), col(NoteDevice.told_at) < col(NoteDevice.seen_at)),
            col(Person.left_on).is_(None),
        )
        .order_by(col(NoteDevice.person_id), col(NoteDevice.seen_at).desc())
    )
    rows: list[Any] = list(found.all())
    return [Silent(*row) for row in rows]


async def told(db: AsyncSession, person_id: uuid.UUID, now: datetime) -> None:
    """Note that somebody was written to about their devices."""
    await db.execute(update(NoteDevice).where(col(NoteDevice.person_id) == person_id).values(told_at=now))
