"""Moves of schools between stages: those that wait, and those that were settled."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.stages.ladder import DAY_OF
from app.kit.ids import new_id
from app.models.hubs import Programme
from app.models.meetings import Event, GroupSchool, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.models.stages import Agreement, Enrolment, StageMove
from app.store import visible

DAYS = tuple(DAY_OF.values())
EVIDENCE = ("snapshot", "agreed_snapshot", "were")


@dataclass(frozen=True, slots=True)
class Row:
    """A move with the names of what and whom it names; empty for somebody who was erased."""

    row: StageMove
    school: str
    was: Enrolment  # what it leads from
    was_in: str  # that programme's name
    goes_to: Programme
    proposed_by: str
    settled_by: str
    reversed_by: str


async def waiting(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """How many moves wait for this person: those that somebody else proposed."""
    others = (col(StageMove.proposed_by).is_(None)) | (col(StageMove.proposed_by) != person_id)
    found = await db.execute(
        select(func.count()).where(col(StageMove.hub_id) == hub_id, col(StageMove.state) == "proposed", others)
    )
    return found.scalar_one()


async def every(db: AsyncSession, member: Member) -> list[Row]:
    """Every move that the member may see, the newest first, without its evidence: one statement."""
    return await _rows(db, member, without=EVIDENCE)


async def of_enrolment(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> list[Row]:
    """The moves into and out of an enrolment, the newest first, without their evidence: one statement."""
    mine = or_(col(StageMove.from_id) == enrolment_id, col(StageMove.to_id) == enrolment_id)
    return await _rows(db, member, mine, without=EVIDENCE)


async def one(db: AsyncSession, member: Member, move_id: uuid.UUID) -> Row | None:
    """This move, where the member may see it."""
    return next(iter(await _rows(db, member, col(StageMove.id) == move_id)), None)


async def _rows(
    db: AsyncSession, member: Member, *conditions: ColumnElement[bool], without: Sequence[str] = ()
) -> list[Row]:
    was_in, goes_to = aliased(Programme), aliased(Programme)
    proposer, settler, reverser = aliased(Person), aliased(Person), aliased(Person)
    found = await db.execute(
        select(
            StageMove,
            col(School.name),
            Enrolment,
            col(was_in.name),
            goes_to,
            func.coalesce(col(proposer.name), ""),
            func.coalesce(col(settler.name), ""),
            func.coalesce(col(reverser.name), ""),
        )
        .select_from(StageMove)
        .join(School, col(School.urn) == col(StageMove.urn))
        .join(Enrolment, col(Enrolment.id) == col(StageMove.from_id))
        .join(was_in, col(was_in.id) == col(Enrolment.programme_id))
        .join(goes_to, col(goes_to.id) == col(StageMove.to_programme_id))
        .outerjoin(proposer, col(proposer.id) == col(StageMove.proposed_by))
        .outerjoin(settler, col(settler.id) == col(StageMove.settled_by))
        .outerjoin(reverser, col(reverser.id) == col(StageMove.reversed_by))
        .where(
            col(StageMove.hub_id) == member.hub_id,
            visible.at_schools(member, Can.SEE_STAGES, col(StageMove.urn)),
            *conditions,
        )
        .options(*(defer(getattr(StageMove, name)) for name in without))
        .order_by(col(StageMove.proposed_at).desc(), col(StageMove.id).desc())
    )
    return [Row(*one) for one in found.all()]


async def locked(db: AsyncSession, member: Member, move_id: uuid.UUID) -> StageMove | None:
    """The move's row, held for a change, where the member may see it."""
    found = await db.execute(
        select(StageMove)
        .where(
            col(StageMove.hub_id) == member.hub_id,
            col(StageMove.id) == move_id,
            visible.at_schools(member, Can.SEE_STAGES, col(StageMove.urn)),
        )
        .with_for_update(of=StageMove)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def propose(db: AsyncSession, enrolment: Enrolment, values: Mapping[str, Any]) -> uuid.UUID | None:
    """Keep a proposal; None when one of this enrolment waits already, even one that is made at this moment."""
    made = await db.execute(
        insert(StageMove)
        .values(
            id=new_id(),
            hub_id=enrolment.hub_id,
            urn=enrolment.urn,
            from_id=enrolment.id,
            state="proposed",
            settled_because="",
            reversed_because="",
            version=1,
            **values,
        )
        .on_conflict_do_nothing()
        .returning(col(StageMove.id))
    )
    return made.scalar_one_or_none()


async def moved_on(db: AsyncSession, enrolment_id: uuid.UUID) -> bool:
    """Whether an agreed move leads on from this enrolment."""
    found = await db.execute(
        select(col(StageMove.id)).where(col(StageMove.from_id) == enrolment_id, col(StageMove.state) == "agreed")
    )
    return found.first() is not None


def as_it_was(enrolment: Enrolment) -> dict[str, Any]:
    """An enrolment before a move, for `restore`: its state, days and Work Group."""
    days = {name: day and day.isoformat() for name in DAYS for day in [getattr(enrolment, name)]}
    group = str(enrolment.group_id) if enrolment.group_id else None
    return {"id": str(enrolment.id), "state": enrolment.state, "group_id": group, **days}


def restore(enrolment: Enrolment, was: Mapping[str, Any]) -> None:
    """Write an enrolment as it was before a move."""
    enrolment.state = was["state"]
    enrolment.group_id = uuid.UUID(was["group_id"]) if was["group_id"] else None
    for name in DAYS:
        setattr(enrolment, name, date.fromisoformat(was[name]) if was[name] else None)
    enrolment.version += 1


async def unmake(db: AsyncSession, enrolment: Enrolment) -> None:
    """Take away the enrolment that a move had made; the steps of the journey stay."""
    await db.flush()
    await db.execute(delete(Enrolment).where(col(Enrolment.id) == enrolment.id))


@dataclass(frozen=True, slots=True)
class Further:
    """What happened in an enrolment since a move made it."""

    moved_on: bool
    signed: bool
    held: int  # meetings and visits


async def further(db: AsyncSession, enrolment: Enrolment, since: date) -> Further:
    """Whether an enrolment has gone further since this day: three statements."""
    on = select(func.count()).where(col(StageMove.from_id) == enrolment.id)
    signed = select(func.count()).where(col(Agreement.enrolment_id) == enrolment.id)
    return Further(
        moved_on=bool((await db.execute(on)).scalar_one()),
        signed=bool((await db.execute(signed)).scalar_one()),
        held=await _held(db, enrolment, since),
    )


async def _held(db: AsyncSession, enrolment: Enrolment, since: date) -> int:
    groups = (
        select(col(WorkGroup.id))
        .join(GroupSchool, col(GroupSchool.group_id) == col(WorkGroup.id))
        .where(col(WorkGroup.programme_id) == enrolment.programme_id, col(GroupSchool.urn) == enrolment.urn)
    )
    series = select(col(VisitSeries.id)).where(
        col(VisitSeries.group_id).in_(groups), col(VisitSeries.urn) == enrolment.urn
    )
    found = await db.execute(
        select(func.count()).where(
            col(Event.hub_id) == enrolment.hub_id,
            col(Event.status) == "held",
            col(Event.day) >= since,
            or_(
                (col(Event.kind) == "meeting") & col(Event.group_id).in_(groups),
                col(Event.series_id).in_(series),
            ),
        )
    )
    return found.scalar_one()
