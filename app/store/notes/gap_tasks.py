"""Gap tasks as rows: kept in step with the records they are written in."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.notes.applying import Concerned, Taken
from app.domain.notes.tasks import Task, named, written
from app.models.notes import GapTask
from app.models.people import Person


async def project(db: AsyncSession, event: Concerned, taken: Sequence[Taken], writer: uuid.UUID, now: datetime) -> None:
    """Bring the gap tasks of a record to what these operations wrote; a task that names nobody is its writer's."""
    if not taken:
        return
    known = await _people(db, event.hub_id, named((one.place.path.part, one.op.value) for one in taken))
    rows = {row.item: row for row in await _rows(db, event.id, {one.place.path.item for one in taken})}
    for one in taken:
        path = one.place.path
        row = rows.get(path.item)
        if row is None:
            row = GapTask(
                event_id=event.id, item=path.item, hub_id=event.hub_id, group_id=event.group_id, person_id=writer
            )
            rows[path.item] = row
            db.add(row)
        task = written(path.part, one.op.value, now, _task(row))
        if task.person not in known:
            task = replace(task, person=row.person_id)
        _put(row, task)


async def _rows(db: AsyncSession, event_id: uuid.UUID, items: Collection[str]) -> Sequence[GapTask]:
    found = await db.execute(select(GapTask).where(col(GapTask.event_id) == event_id, col(GapTask.item).in_(items)))
    return found.scalars().all()


async def _people(db: AsyncSession, hub_id: uuid.UUID, named_here: Collection[uuid.UUID]) -> set[uuid.UUID]:
    if not named_here:
        return set()
    found = await db.execute(select(col(Person.id)).where(col(Person.hub_id) == hub_id, col(Person.id).in_(named_here)))
    return set(found.scalars())


def _task(row: GapTask) -> Task:
    return Task(row.what, row.person_id, row.due, row.went, row.went_at, row.photo, row.removed)


def _put(row: GapTask, task: Task) -> None:
    row.what, row.person_id, row.due = task.what, task.person, task.due
    row.went, row.went_at, row.photo, row.removed = task.went, task.went_at, task.photo, task.removed
