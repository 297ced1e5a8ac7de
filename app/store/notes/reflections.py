"""Reflections: rows that whoever wrote them reads, and whomever they share one with; counts of people."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.notes.frameworks import Framework
from app.models.meetings import Participant, WorkGroup
from app.models.notes import Reflection
from app.models.notes import ReflectionFramework as Row
from app.models.people import Person
from app.store import visible
from app.store.notes.frameworks import as_framework


@dataclass(frozen=True, slots=True)
class Own:
    """One reflection of the viewer's, with the framework as it was then."""

    id: uuid.UUID
    hub_id: uuid.UUID
    framework: Framework
    indicator: str
    where: str
    words: str
    said_at: datetime
    shared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """A reflection that its writer shares with the viewer, by name and the Work Groups that the viewer leads."""

    own: Own
    name: str
    groups: tuple[str, ...]


async def of_person(db: AsyncSession, people: Collection[uuid.UUID], key: str = "") -> list[Own]:
    """What these people, who are one viewer in several hubs, wrote; the newest first: one statement."""
    wanted = (
        select(Reflection, Row)
        .join(Row, col(Row.id) == col(Reflection.framework_id))
        .where(col(Reflection.person_id).in_(people))
        .order_by(col(Reflection.said_at).desc(), col(Reflection.id).desc())
    )
    if key:
        wanted = wanted.where(col(Row.key) == key)
    return [_own(one, row) for one, row in (await db.execute(wanted)).all()]


def _own(one: Reflection, row: Row) -> Own:
    return Own(one.id, one.hub_id, as_framework(row), one.indicator, one.where, one.words, one.said_at, one.shared_at)


async def leads_of(db: AsyncSession, person_id: uuid.UUID, year: int) -> list[tuple[str, str]]:
    """Who leads a Work Group in which this person takes part in the year, with its code: one statement."""
    found = await db.execute(
        select(col(Person.name), col(WorkGroup.code))
        .join(WorkGroup, col(WorkGroup.leader_id) == col(Person.id))
        .join(Participant, col(Participant.group_id) == col(WorkGroup.id))
        .where(
            col(Participant.person_id) == person_id, col(WorkGroup.year) == year, col(WorkGroup.leader_id) != person_id
        )
        .order_by(col(WorkGroup.code))
    )
    return [(row[0], row[1]) for row in found.all()]


async def shared_with(db: AsyncSession, member: Member, year: int, since: datetime) -> list[Shared]:
    """What this member may read of others' since they led their Work Groups; what was shared last comes first."""
    codes = (
        select(func.array_agg(aggregate_order_by(col(WorkGroup.code), col(WorkGroup.code))))
        .join(Participant, col(Participant.group_id) == col(WorkGroup.id))
        .where(
            col(Participant.person_id) == col(Reflection.person_id),
            col(WorkGroup.leader_id) == member.person_id,
            col(WorkGroup.year) == year,
        )
        .correlate(Reflection)
        .scalar_subquery()
    )
    wanted = (
        visible.shared_reflections(member, year, since)
        .with_only_columns(Reflection, Row, col(Person.name), codes)
        .join(Row, col(Row.id) == col(Reflection.framework_id))
        .join(Person, col(Person.id) == col(Reflection.person_id))
        .where(col(Person.left_on).is_(None))
        .order_by(col(Reflection.shared_at).desc(), col(Reflection.id).desc())
    )
    return [
        Shared(_own(one, row), name, tuple(codes or ())) for one, row, name, codes in (await db.execute(wanted)).all()
    ]


async def own_row(db: AsyncSession, people: Collection[uuid.UUID], key: uuid.UUID) -> Reflection | None:
    """One of the viewer's own, to be changed; another's is as unknown as none."""
    wanted = select(Reflection).where(col(Reflection.id) == key, col(Reflection.person_id).in_(people))
    return (await db.execute(wanted.with_for_update())).scalar_one_or_none()


async def places(db: AsyncSession, hub_id: uuid.UUID, key: str) -> dict[tuple[str, str], int]:
    """How many people stand at each step of each indicator, by what each said last: one statement.

    These are bare counts: whoever shows them asks domain/notes/frameworks_counts.py first.
    """
    last = (
        select(col(Reflection.indicator), col(Reflection.where))
        .join(Row, col(Row.id) == col(Reflection.framework_id))
        .where(col(Reflection.hub_id) == hub_id, col(Row.key) == key)
        .ext(distinct_on(col(Reflection.person_id), col(Reflection.indicator)))
        .order_by(
            col(Reflection.person_id),
            col(Reflection.indicator),
            col(Reflection.said_at).desc(),
            col(Reflection.id).desc(),
        )
        .subquery()
    )
    found = await db.execute(
        select(last.c.indicator, last.c.where, func.count()).group_by(last.c.indicator, last.c.where)
    )
    return {(indicator, where): count for indicator, where, count in found.all()}
