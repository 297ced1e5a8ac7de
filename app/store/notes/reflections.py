"""Reflections: rows that only whoever wrote them reads, and counts of people."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.notes.frameworks import Framework
from app.models.notes import Reflection
from app.models.notes import ReflectionFramework as Row
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
    return [
        Own(one.id, one.hub_id, as_framework(row), one.indicator, one.where, one.words, one.said_at)
        for one, row in (await db.execute(wanted)).all()
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
