"""What of the notebook goes along when somebody hands over their Work Groups, and what stays with them."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.meetings import Event
from app.models.notes import GapTask, Note


def _open(person_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(col(GapTask.person_id) == person_id, ~col(GapTask.removed), col(GapTask.went) == "")


async def open_tasks(db: AsyncSession, person_id: uuid.UUID) -> dict[uuid.UUID | None, int]:
    """How many gap tasks wait for this person, by Work Group; their text is for those who take part."""
    found = select(col(GapTask.group_id), func.count()).where(_open(person_id)).group_by(col(GapTask.group_id))
    return {row[0]: row[1] for row in (await db.execute(found)).all()}


async def give_tasks(db: AsyncSession, person_id: uuid.UUID, groups: Mapping[uuid.UUID, uuid.UUID]) -> int:
    """Their open gap tasks of these Work Groups go to whoever leads each now: how many. The records stay as written."""
    given = 0
    for group_id, taker in groups.items():
        done = await db.execute(
            update(GapTask)
            .where(_open(person_id), col(GapTask.group_id) == group_id)
            .values(person_id=taker)
            .returning(col(GapTask.item))
        )
        given += len(done.all())
    return given


async def unfinished(db: AsyncSession, person_id: uuid.UUID, now: datetime) -> int:
    """How many records of dates that they led are begun and not agreed."""
    found = (
        select(func.count())
        .select_from(Note)
        .join(Event, col(Event.id) == col(Note.event_id))
        .where(col(Event.lead_id) == person_id, col(Event.ends_at) <= now, col(Note.state) != "agreed")
    )
    return int((await db.execute(found)).scalar_one())
