"""The steps of schools' journeys: added with the evidence as it stood, and never changed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.stages.ladder import Did
from app.models.people import Person
from app.models.stages import StageStep
from app.store import visible


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that a school took. `snapshot` names nobody: ids, days, numbers (store/stages/gate.py makes it)."""

    hub_id: uuid.UUID
    urn: int
    what: Did
    day: date
    at: datetime
    by_id: uuid.UUID | None = None
    enrolment_id: uuid.UUID | None = None
    move_id: uuid.UUID | None = None
    because: str = ""
    criteria_id: uuid.UUID | None = None
    snapshot: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A step with the name of whoever recorded it; empty for a command or somebody who was erased."""

    row: StageStep
    by: str


async def add(db: AsyncSession, taken: Taken) -> uuid.UUID:
    """Keep a step; returns its id."""
    step = StageStep(
        hub_id=taken.hub_id,
        urn=taken.urn,
        enrolment_id=taken.enrolment_id,
        move_id=taken.move_id,
        what=taken.what.value,
        day=taken.day,
        at=taken.at,
        by_id=taken.by_id,
        because=taken.because,
        criteria_id=taken.criteria_id,
        snapshot=dict(taken.snapshot),
    )
    db.add(step)
    await db.flush()
    return step.id


async def of_school(db: AsyncSession, member: Member, urn: int) -> list[Step]:
    """Every step of a school that the member may see, the earliest first: one statement."""
    return await _steps(db, member, col(StageStep.urn) == urn)


async def of_enrolment(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> list[Step]:
    """Every step of one enrolment that the member may see, the earliest first: one statement."""
    return await _steps(db, member, col(StageStep.enrolment_id) == enrolment_id)


async def _steps(db: AsyncSession, member: Member, condition: Any) -> list[Step]:
    found = await db.execute(
        select(StageStep, col(Person.name))
        .outerjoin(Person, col(Person.id) == col(StageStep.by_id))
        .where(
            col(StageStep.hub_id) == member.hub_id,
            visible.at_schools(member, Can.SEE_STAGES, col(StageStep.urn)),
            condition,
        )
        .order_by(col(StageStep.at), col(StageStep.id))
    )
    return [Step(row, name or "") for row, name in found.all()]
