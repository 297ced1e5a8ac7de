"""Who read the records that somebody takes part in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.models.meetings import Event
from app.models.notes import NoteRead
from app.models.people import Person
from app.models.schools import School
from app.store import visible


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's readings of one record on one day, in one way."""

    hub_id: uuid.UUID
    event_id: uuid.UUID
    kind: str
    event_day: date
    school: str
    person_id: uuid.UUID
    name: str
    day: date
    how: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Sought:
    """What the list is narrowed by; empty narrows nothing."""

    person: uuid.UUID | None = None
    how: str = ""
    order: str = "when"
    down: bool = True
    limit: int | None = None
    offset: int = 0


def _of(members: Sequence[Member]) -> ColumnElement[bool]:
    """Readings by others of what these members take part in."""
    return or_(
        *(
            and_(
                col(Event.hub_id) == member.hub_id,
                visible.taking_part(member),
                col(NoteRead.person_id) != member.person_id,
            )
            for member in members
        )
    )


def _narrowed(query: Select[Any], members: Sequence[Member], sought: Sought) -> Select[Any]:
    query = query.where(_of(members))
    if sought.person:
        query = query.where(col(NoteRead.person_id) == sought.person)
    return query.where(col(NoteRead.how) == sought.how) if sought.how else query


async def count(db: AsyncSession, members: Sequence[Member], sought: Sought) -> int:
    """How many readings these filters leave."""
    query = select(func.count()).select_from(NoteRead).join(Event, col(Event.id) == col(NoteRead.event_id))
    return int((await db.execute(_narrowed(query, members, sought))).scalar_one()) if members else 0


async def listed(db: AsyncSession, members: Sequence[Member], sought: Sought) -> list[Look]:
    """The readings: one statement."""
    if not members:
        return []
    keys: dict[str, Any] = {
        "when": col(NoteRead.last_at),
        "who": func.lower(col(Person.name)),
        "what": col(Event.day),
        "how": col(NoteRead.how),
        "times": col(NoteRead.times),
    }
    key = keys[sought.order]
    query: Any = (
        select(
            col(NoteRead.hub_id),
            col(NoteRead.event_id),
            col(Event.kind),
            col(Event.day),
            col(School.name),
            col(NoteRead.person_id),
            col(Person.name),
            col(NoteRead.day),
            col(NoteRead.how),
            col(NoteRead.times),
            col(NoteRead.last_at),
        )
        .join(Event, col(Event.id) == col(NoteRead.event_id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(Person, col(Person.id) == col(NoteRead.person_id))
        .order_by(key.desc() if sought.down else key.asc(), col(NoteRead.id))
        .limit(sought.limit)
        .offset(sought.offset)
    )
    return [Look(*tuple(row)) for row in await db.execute(_narrowed(query, members, sought))]


async def readers(db: AsyncSession, members: Sequence[Member]) -> list[tuple[uuid.UUID, str]]:
    """Everybody who read something, by name."""
    if not members:
        return []
    query = select(col(Person.id), col(Person.name)).join(NoteRead, col(NoteRead.person_id) == col(Person.id))
    query = query.join(Event, col(Event.id) == col(NoteRead.event_id)).where(_of(members)).distinct()
    found = [(row[0], row[1]) for row in await db.execute(query)]
    return sorted(found, key=lambda one: one[1].casefold())
