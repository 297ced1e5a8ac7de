"""Records in numbers, and in what stage each is: no text ever leaves the database here."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.kit.periods import Span
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.notes import Note, NoteAnswer, NoteHead, NoteOp, NoteVersion
from app.models.people import Person
from app.models.schools import School
from app.store import visible

_STAGE = case(
    (col(Note.state).is_(None), "none"),
    (col(Note.state) == "agreed", "agreed"),
    (col(Note.state) == "submitted", "submitted"),
    else_="open",
)


@dataclass(frozen=True, slots=True)
class Part:
    """Events of one kind (and half term) whose records are in one stage: how many, and of how many people."""

    half_term: int
    kind: str
    stage: str  # none, open, submitted, agreed
    events: int
    people: int


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that is over and whose record is not agreed."""

    id: uuid.UUID
    kind: str
    day: date
    starts_at: datetime
    online: bool
    school: str
    group: str
    lead: str
    teacher: str
    state: str  # empty where nobody has written yet
    asked: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that stands in a submitted record: its field, the row it is of, and the value where it is one."""

    event_id: uuid.UUID
    field: str
    row: str
    value: Any


async def stages(db: AsyncSession, member: Member, year: int, now: datetime, half_terms: Sequence[Span]) -> list[Part]:
    """The hub's events that are over, by the stage of their records: one statement.

    By the half term of their day, a holiday going with the one before it; without `half_terms` the whole year as -1.
    """
    half_term = (
        case(
            *((col(Event.day) < after.first, number) for number, after in enumerate(half_terms[1:])),
            else_=len(half_terms) - 1,
        )
        if len(half_terms) > 1
        else literal(-1)
    )
    found = await db.execute(
        select(half_term, col(Event.kind), _STAGE, func.count(col(Event.id).distinct()), _people())
        .outerjoin(Note, col(Note.event_id) == col(Event.id))
        .outerjoin(Booking, col(Booking.event_id) == col(Event.id))
        .where(*_over(member, year, now))
        .group_by(text("1"), col(Event.kind), _STAGE)
    )
    rows: list[Any] = list(found.all())
    return [Part(*row) for row in rows]


def _people() -> Any:
    return func.count(col(Booking.person_id).distinct())


def _over(member: Member, year: int, now: datetime) -> tuple[Any, ...]:
    return (
        col(Event.hub_id) == member.hub_id,
        col(Event.year) == year,
        col(Event.status).in_(("confirmed", "held")),
        col(Event.ends_at) < now,
    )


async def pending(db: AsyncSession, member: Member, year: int, now: datetime) -> list[Pending]:
    """Events that are over and whose record is not agreed, the oldest first: one statement."""
    lead, teacher = aliased(Person), aliased(Person)
    asked = (
        select(col(NoteAnswer.version_id))
        .join(NoteVersion, col(NoteVersion.id) == col(NoteAnswer.version_id))
        .where(
            col(NoteVersion.event_id) == col(Event.id),
            col(NoteVersion.superseded_at).is_(None),
            col(NoteVersion.agreed_at).is_(None),
            col(NoteAnswer.agrees).is_(False),
            col(NoteAnswer.person_id) != col(NoteVersion.submitted_by),
        )
        .exists()
    )
    found = await db.execute(
        visible.events(member)
        .with_only_columns(
            col(Event.id),
            col(Event.kind),
            col(Event.day),
            col(Event.starts_at),
            col(Event.online),
            col(School.name),
            func.coalesce(col(WorkGroup.code), ""),
            col(lead.name),
            func.coalesce(col(teacher.name), ""),
            func.coalesce(col(Note.state), ""),
            asked,
        )
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .outerjoin(Note, col(Note.event_id) == col(Event.id))
        .where(*_over(member, year, now), or_(col(Note.state).is_(None), col(Note.state) != "agreed"))
        .order_by(col(Event.starts_at), col(Event.id))
    )
    rows: list[Any] = list(found.all())
    return [Pending(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Fields whose value is a choice; fields whose rows somebody wrote in; parts of rows that are a choice."""

    choices: Collection[str]
    rows: Collection[str]
    parts: Collection[tuple[str, str]]


async def choices(db: AsyncSession, member: Member, year: int, wanted: Wanted) -> list[Chosen]:
    """What was chosen in submitted records, and in which rows somebody wrote, never what: one statement."""
    path = col(NoteOp.path)
    field = func.split_part(path, "#", 1)
    valued = or_(path.in_(wanted.choices), *(path.like(f"{name}#%.{part}") for name, part in wanted.parts))
    row = func.split_part(func.split_part(path, "#", 2), ".", 1)
    found = await db.execute(
        select(col(NoteOp.event_id), field, row, case((valued, col(NoteOp.value))))
        .join(NoteHead, (col(NoteHead.event_id) == col(NoteOp.event_id)) & (col(NoteHead.op_id) == col(NoteOp.op_id)))
        .join(Note, col(Note.event_id) == col(NoteOp.event_id))
        .join(Event, col(Event.id) == col(NoteOp.event_id))
        .where(
            col(Event.hub_id) == member.hub_id,
            col(Event.year) == year,
            col(Note.state) != "open",
            or_(valued, field.in_(wanted.rows)),
            col(NoteOp.owner_id).is_(None),
            func.length(col(NoteOp.words)) > 0,
        )
        .distinct()
    )
    rows: list[Any] = list(found.all())
    return [Chosen(*one) for one in rows]


async def takers(db: AsyncSession, event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Who takes part in each of these events: one statement."""
    found = await db.execute(
        select(col(Booking.event_id), col(Booking.person_id)).where(col(Booking.event_id).in_(event_ids))
    )
    made: dict[uuid.UUID, set[uuid.UUID]] = {}
    for event_id, person_id in found.all():
        made.setdefault(event_id, set()).add(person_id)
    return made
