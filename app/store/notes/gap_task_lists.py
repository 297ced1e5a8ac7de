"""Gap tasks of a person over all their records, and where how they went is written."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member, Viewer
from app.models.hubs import Hub
from app.models.meetings import Event, VisitSeries, WorkGroup
from app.models.notes import GapTask, Note, NoteHead
from app.models.notes import NoteForm as FormRow
from app.models.people import Person
from app.models.schools import School
from app.store import visible


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A gap task with the event that it came from; `may_write` when the viewer takes part in that."""

    event_id: uuid.UUID
    item: str
    what: str
    due: date | None
    went: str
    went_at: datetime | None
    photo: str  # its SHA-256, empty without one
    kind: str
    day: date
    online: bool
    hub: str
    school: str
    group: str
    lead: str
    teacher: str
    may_write: bool
    rev: int
    form_version: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is written how a task went, and the operations that stand there."""

    path: str
    heads: tuple[uuid.UUID, ...]


async def mine(db: AsyncSession, viewer: Viewer) -> list[OwnTask]:
    """Every gap task of the viewer in records that they may read, the newest event first: one statement."""
    if not viewer.members:
        return []
    lead, teacher = aliased(Person), aliased(Person)
    taking_part = or_(
        *(and_(col(Event.hub_id) == member.hub_id, visible.taking_part(member)) for member in viewer.members)
    )
    found = await db.execute(
        select(
            col(GapTask.event_id),
            col(GapTask.item),
            col(GapTask.what),
            col(GapTask.due),
            col(GapTask.went),
            col(GapTask.went_at),
            col(GapTask.photo),
            col(Event.kind),
            col(Event.day),
            col(Event.online),
            col(Hub.code),
            col(School.name),
            func.coalesce(col(WorkGroup.code), ""),
            col(lead.name),
            func.coalesce(col(teacher.name), ""),
            taking_part,
            col(Note.rev),
            col(FormRow.version),
        )
        .join(Event, col(Event.id) == col(GapTask.event_id))
        .join(Note, col(Note.event_id) == col(Event.id))
        .join(FormRow, col(FormRow.id) == col(Note.form_id))
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .where(_theirs(viewer))
        .order_by(col(Event.starts_at).desc(), col(GapTask.item))
    )
    rows: list[Any] = list(found.all())
    return [OwnTask(*row) for row in rows]


def _theirs(viewer: Viewer) -> Any:
    readable = [
        col(GapTask.event_id).in_(visible.records(member).with_only_columns(col(Event.id))) for member in viewer.members
    ]
    return and_(
        col(GapTask.person_id).in_([member.person_id for member in viewer.members]),
        col(GapTask.removed).is_(False),
        col(GapTask.what) != "",
        or_(*readable),
    )


async def spots(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], Spot]:
    """By event and item, where it is written how it went: one statement.

    A task's other boxes tell its field and, where each writes their own, its person.
    """
    found = await db.execute(
        select(col(NoteHead.event_id), col(NoteHead.path), col(NoteHead.op_id))
        .join(
            GapTask,
            and_(
                col(GapTask.event_id) == col(NoteHead.event_id),
                func.split_part(func.split_part(col(NoteHead.path), "#", 2), ".", 1) == col(GapTask.item),
            ),
        )
        .where(col(NoteHead.event_id).in_(event_ids))
        .order_by(col(NoteHead.path), col(NoteHead.op_id))
    )
    made: dict[tuple[uuid.UUID, str], Spot] = {}
    for event_id, path, op_id in found.all():
        before, _, part = path.rpartition(".")
        key = (event_id, before.partition("#")[2])
        spot = made.get(key, Spot(f"{before}.went", ()))
        made[key] = Spot(spot.path, (*spot.heads, op_id) if part == "went" else spot.heads)
    return made


async def due(db: AsyncSession, member: Member, by: date) -> list[date]:
    """The days by which the member's open tasks are to be tried, up to this day: one statement."""
    found = await db.execute(
        select(col(GapTask.due))
        .where(
            col(GapTask.person_id) == member.person_id,
            col(GapTask.removed).is_(False),
            col(GapTask.what) != "",
            col(GapTask.went) == "",
            col(GapTask.due) <= by,
            col(GapTask.event_id).in_(visible.records(member).with_only_columns(col(Event.id))),
        )
        .order_by(col(GapTask.due))
    )
    return [day for day in found.scalars() if day is not None]
