"""What leaving a hub, and coming back, means for the dates that lie ahead; what has been stays."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.meetings import Booking, Event, Participant, WorkGroup
from app.store.meetings.event_changes import free_places
from app.store.meetings.group_places import AHEAD, give


@dataclass(frozen=True, slots=True)
class Ahead:
    """Dates ahead of somebody: how many they come to, in how many they are observed, and how many they lead."""

    comes: int
    observed: int
    leads: int


def _ahead(now: datetime) -> Select[uuid.UUID]:
    return select(col(Event.id)).where(col(Event.starts_at) > now, col(Event.status).in_(AHEAD))


async def ahead(db: AsyncSession, person_id: uuid.UUID, now: datetime) -> Ahead:
    """What lies ahead of this person: three statements."""
    comes = select(col(Booking.event_id)).where(
        col(Booking.person_id) == person_id, col(Booking.part) == "comes", col(Booking.event_id).in_(_ahead(now))
    )
    observed = _ahead(now).where(col(Event.teacher_id) == person_id)
    leads = _ahead(now).where(col(Event.lead_id) == person_id)
    counted = [len((await db.execute(query)).scalars().all()) for query in (comes, observed, leads)]
    return Ahead(*counted)


async def free(db: AsyncSession, person_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """Give up every place of theirs ahead, and cancel what would watch their lesson; the events that changed.

    Events that they lead keep their name until somebody takes them on.
    """
    watched = _ahead(now).where(col(Event.teacher_id) == person_id)
    cancelled = list((await db.execute(select(Event).where(col(Event.id).in_(watched)))).scalars())
    for event in cancelled:
        event.status, event.cancelled_at = "cancelled", now
        event.version += 1
        await db.flush()
        await free_places(db, event.id)
    done = await db.execute(
        delete(Booking)
        .where(
            col(Booking.person_id) == person_id, col(Booking.part) != "observed", col(Booking.event_id).in_(_ahead(now))
        )
        .returning(col(Booking.event_id))
    )
    return sorted({event.id for event in cancelled} | set(done.scalars()))


async def book_again(db: AsyncSession, person_id: uuid.UUID, year: int, now: datetime) -> list[uuid.UUID]:
    """A place again at all that is to come in their Work Groups from this year on; the events."""
    found = await db.execute(
        select(col(Participant.group_id), col(Participant.urn))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(Participant.person_id) == person_id, col(WorkGroup.year) >= year)
    )
    given = []
    for group_id, urn in found.all():
        given += await give(db, group_id, urn, person_id, now)
    return given
