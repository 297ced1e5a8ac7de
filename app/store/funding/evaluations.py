"""Whose evaluation came back: every enrolment of a year, and one of them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.funding import Evaluation
from app.models.hubs import Programme
from app.models.meetings import WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.models.stages import Enrolment
from app.store.stages.facts_asked import among_ids


@dataclass(frozen=True, slots=True)
class Row:
    """An enrolment with its evaluation; `returned_on` is empty until it came back, `by` once they were erased."""

    enrolment_id: uuid.UUID
    urn: int
    school: str
    kind: str
    programme: str
    year: int
    state: str
    group: str
    returned_on: date | None
    by: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Returned:
    """That it came back on this day, by whom it was entered and when."""

    day: date
    by: uuid.UUID | None
    now: datetime


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Row]:
    """Every enrolment of a year, by school; those withdrawn only where one came back: one statement."""
    stays = or_(col(Enrolment.state) != "withdrawn", col(Evaluation.enrolment_id).is_not(None))
    return await _rows(db, col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year, stays)


async def one(db: AsyncSession, hub_id: uuid.UUID, enrolment_id: uuid.UUID) -> Row | None:
    """This enrolment, if it is the hub's: one statement."""
    found = await _rows(db, col(Enrolment.hub_id) == hub_id, col(Enrolment.id) == enrolment_id)
    return found[0] if found else None


async def _rows(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[Row]:
    found = await db.execute(
        select(
            col(Enrolment.id),
            col(Enrolment.urn),
            col(School.name),
            col(Enrolment.kind),
            col(Programme.name),
            col(Enrolment.year),
            col(Enrolment.state),
            func.coalesce(col(WorkGroup.code), ""),
            col(Evaluation.returned_on),
            func.coalesce(col(Person.name), ""),
            col(Evaluation.made_at),
        )
        .select_from(Enrolment)
        .join(School, col(School.urn) == col(Enrolment.urn))
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Enrolment.group_id))
        .outerjoin(Evaluation, col(Evaluation.enrolment_id) == col(Enrolment.id))
        .outerjoin(Person, col(Person.id) == col(Evaluation.by_id))
        .where(*conditions)
        .order_by(func.lower(col(School.name)), col(Enrolment.id))
    )
    return [Row(*tuple[Any, ...](row)) for row in found.all()]


async def known(db: AsyncSession, hub_id: uuid.UUID, enrolments: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these enrolments that are the hub's."""
    found = await db.execute(
        select(col(Enrolment.id)).where(col(Enrolment.hub_id) == hub_id, among_ids(col(Enrolment.id), enrolments))
    )
    return set(found.scalars())


async def put(db: AsyncSession, hub_id: uuid.UUID, enrolments: Collection[uuid.UUID], said: Returned) -> int:
    """Say of these that theirs came back; of how many that was new: those known already keep their day."""
    if not enrolments:
        return 0
    rows = [
        {"enrolment_id": key, "hub_id": hub_id, "returned_on": said.day, "made_at": said.now, "by_id": said.by}
        for key in sorted(enrolments)
    ]
    added = insert(Evaluation).values(rows).on_conflict_do_nothing(index_elements=["enrolment_id"])
    return len((await db.execute(added.returning(col(Evaluation.enrolment_id)))).all())


async def change(db: AsyncSession, hub_id: uuid.UUID, enrolment_id: uuid.UUID, was: date, said: Returned) -> bool:
    """Another day; no where it is not what it was any more."""
    changed = await db.execute(
        update(Evaluation)
        .where(*_this(hub_id, enrolment_id, was))
        .values(returned_on=said.day, made_at=said.now, by_id=said.by)
        .returning(col(Evaluation.enrolment_id))
    )
    return changed.first() is not None


async def remove(db: AsyncSession, hub_id: uuid.UUID, enrolment_id: uuid.UUID, was: date) -> bool:
    """It did not come back; no where it is not what it was any more."""
    gone = await db.execute(
        delete(Evaluation).where(*_this(hub_id, enrolment_id, was)).returning(col(Evaluation.enrolment_id))
    )
    return gone.first() is not None


def _this(hub_id: uuid.UUID, enrolment_id: uuid.UUID, was: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Evaluation.hub_id) == hub_id,
        col(Evaluation.enrolment_id) == enrolment_id,
        col(Evaluation.returned_on) == was,
    )
