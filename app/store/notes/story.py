"""What one record hands to the next: the time before, its next steps and what people tried since."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Viewer
from app.models.meetings import Event
from app.models.notes import GapTask
from app.models.people import Person
from app.store import visible


@dataclass(frozen=True, slots=True)
class Tried:
    """A gap task of the time before."""

    who: str
    what: str
    by: date | None
    went: str


@dataclass(frozen=True, slots=True)
class Before:
    """The event before another of the same Work Group, visits or teacher."""

    event: Event
    tried: tuple[Tried, ...]


async def last_times(db: AsyncSession, viewer: Viewer, events: Sequence[Event]) -> dict[uuid.UUID, Before]:
    """For each event, the one before it whose record the viewer may read: two statements."""
    if not events:
        return {}
    latest = max(event.starts_at for event in events)
    found = await db.execute(
        select(Event)
        .where(
            visible.of_any(viewer, visible.records),
            col(Event.status) != "cancelled",
            col(Event.starts_at) < latest,
            or_(
                col(Event.group_id).in_({event.group_id for event in events}),
                col(Event.series_id).in_({event.series_id for event in events}),
                col(Event.teacher_id).in_({event.teacher_id for event in events}),
            ),
        )
        .order_by(col(Event.starts_at).desc())
    )
    earlier = list(found.scalars())
    before: dict[uuid.UUID, Event] = {}
    for event in events:
        one = next((old for old in earlier if old.starts_at < event.starts_at and _thread(old) == _thread(event)), None)
        if one:
            before[event.id] = one
    tried = await _tried(db, {event.id for event in before.values()})
    return {event_id: Before(one, tuple(tried.get(one.id, ()))) for event_id, one in before.items()}


def _thread(event: Event) -> tuple[str, uuid.UUID | None]:
    """What events go on from one another by."""
    thread = {"meeting": event.group_id, "visit": event.series_id, "observation": event.teacher_id}
    return event.kind, thread[event.kind]


async def _tried(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Tried]]:
    found = await db.execute(
        select(col(GapTask.event_id), col(Person.name), col(GapTask.what), col(GapTask.due), col(GapTask.went))
        .outerjoin(Person, col(Person.id) == col(GapTask.person_id))
        .where(col(GapTask.event_id).in_(event_ids), col(GapTask.removed).is_(False), col(GapTask.what) != "")
        .order_by(col(Person.name), col(GapTask.item))
    )
    tried: dict[uuid.UUID, list[Tried]] = {}
    for event_id, who, what, by, went in found.all():
        tried.setdefault(event_id, []).append(Tried(who or "", what, by, went))
    return tried
