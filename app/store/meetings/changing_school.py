"""What a change of school means for somebody's Work Groups and dates; what has been keeps the school they came from."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.people.moving_school import Part
from app.models.meetings import Booking, Event, GroupSchool, Participant, WorkGroup
from app.models.schools import School
from app.store.meetings.event_changes import free_places
from app.store.meetings.group_places import AHEAD, give, take_back


async def parts(db: AsyncSession, person_id: uuid.UUID, year: int, new: int | None) -> list[Part]:
    """Their Work Groups from this academic year on, and whether the new school is a member: one statement."""
    member = select(col(GroupSchool.urn)).where(
        col(GroupSchool.group_id) == col(WorkGroup.id), col(GroupSchool.urn) == (new or 0)
    )
    found = await db.execute(
        select(col(WorkGroup.id), col(WorkGroup.code), col(Participant.urn), col(School.name), member.exists())
        .join(Participant, col(Participant.group_id) == col(WorkGroup.id))
        .join(School, col(School.urn) == col(Participant.urn))
        .where(col(Participant.person_id) == person_id, col(WorkGroup.year) >= year)
        .order_by(col(WorkGroup.year), col(WorkGroup.code))
    )
    return [Part(*row) for row in found.all()]


async def keep_where_from(db: AsyncSession, person_id: uuid.UUID, base: int | None, before: datetime) -> None:
    """Places at what began before then keep the school that they came from."""
    own = (
        select(col(Participant.urn))
        .join(Event, col(Event.group_id) == col(Participant.group_id))
        .where(col(Event.id) == col(Booking.event_id), col(Participant.person_id) == person_id)
        .correlate(Booking)
        .scalar_subquery()
    )
    began = select(col(Event.id)).where(col(Event.starts_at) < before)
    await db.execute(
        update(Booking)
        .where(col(Booking.person_id) == person_id, col(Booking.urn).is_(None), col(Booking.event_id).in_(began))
        .values(urn=func.coalesce(own, base))
        .execution_options(synchronize_session=False)
    )


async def leave_group(db: AsyncSession, part: Part, person_id: uuid.UUID, since: datetime) -> list[uuid.UUID]:
    """They take part no more, and their places from then on are free; the events."""
    lost = await take_back(db, part.group_id, part.urn, [person_id], since)
    await _touch(db, part.group_id)
    own = col(Participant.group_id) == part.group_id, col(Participant.person_id) == person_id
    await db.execute(delete(Participant).where(*own))
    return lost


async def come_from(db: AsyncSession, part: Part, person_id: uuid.UUID, new: int, since: datetime) -> list[uuid.UUID]:
    """They go on coming, from the new school: its visits are theirs from then on, the old one's no more; the events."""
    lost = await take_back(db, part.group_id, part.urn, [person_id], since)
    own = col(Participant.group_id) == part.group_id, col(Participant.person_id) == person_id
    await db.execute(update(Participant).where(*own).values(urn=new))
    given = await give(db, part.group_id, new, person_id, since)
    await _touch(db, part.group_id)
    return sorted({*lost, *given})


async def watched_no_more(
    db: AsyncSession, person_id: uuid.UUID, new: int, when: tuple[datetime, datetime]
) -> list[uuid.UUID]:
    """Observations of their lessons anywhere but at the new school are cancelled; `when` is (now, from when on)."""
    now, since = when
    found = await db.execute(
        select(Event).where(
            col(Event.teacher_id) == person_id,
            col(Event.urn) != new,
            col(Event.starts_at) >= since,
            col(Event.status).in_(AHEAD),
        )
    )
    events: Sequence[Event] = found.scalars().all()
    for event in events:
        event.status, event.cancelled_at = "cancelled", now
        event.version += 1
        await db.flush()
        await free_places(db, event.id)
    return [event.id for event in events]


async def _touch(db: AsyncSession, group_id: uuid.UUID) -> None:
    await db.execute(update(WorkGroup).where(col(WorkGroup.id) == group_id).values(version=col(WorkGroup.version) + 1))
