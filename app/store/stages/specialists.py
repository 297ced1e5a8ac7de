"""Mastery Specialists: how far they are, what they can lead, and what they lead this year."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member, Role
from app.domain.stages.specialists import Said
from app.kit.errors import StaleError
from app.models.hubs import SpecialistCohort
from app.models.meetings import WorkGroup
from app.models.people import Person, RoleHeld
from app.models.stages import Specialist
from app.store import visible

CHANGED = "Someone changed this while you had it open. Load the page again and make your change once more."


@dataclass(frozen=True, slots=True)
class Known:
    """One Specialist; `state` is empty until somebody says how far they are."""

    person_id: uuid.UUID
    name: str
    left_on: date | None
    cohort: int | None
    began: int | None
    state: str
    since: date | None
    most: int
    note: str
    version: int
    groups: tuple[str, ...]


async def of_year(db: AsyncSession, member: Member, year: int, person_id: uuid.UUID | None = None) -> list[Known]:
    """Whoever is or was a Specialist, with the codes of what they lead in the year: one statement."""
    led = (
        select(
            col(WorkGroup.leader_id).label("leader"),
            func.array_agg(aggregate_order_by(col(WorkGroup.code), col(WorkGroup.code))).label("codes"),
        )
        .where(col(WorkGroup.hub_id) == member.hub_id, col(WorkGroup.year) == year)
        .group_by(col(WorkGroup.leader_id))
        .subquery()
    )
    role = select(col(RoleHeld.person_id)).where(
        col(RoleHeld.hub_id) == member.hub_id, col(RoleHeld.role) == Role.SPECIALIST.stored
    )
    seen = visible.people(member).with_only_columns(col(Person.id))
    wanted = (
        select(Person, SpecialistCohort, Specialist, led.c.codes)
        .outerjoin(Specialist, col(Specialist.person_id) == col(Person.id))
        .outerjoin(SpecialistCohort, col(SpecialistCohort.id) == col(Person.cohort_id))
        .outerjoin(led, led.c.leader == col(Person.id))
        .where(
            col(Person.id).in_(seen),
            col(Person.erased_at).is_(None),
            or_(
                col(Specialist.person_id).is_not(None),
                col(Person.left_on).is_(None) & (col(Person.id).in_(role) | col(Person.cohort_id).is_not(None)),
            ),
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    if person_id:
        wanted = wanted.where(col(Person.id) == person_id)
    return [_known(*row) for row in (await db.execute(wanted)).all()]


def _known(person: Person, cohort: SpecialistCohort | None, said: Specialist | None, codes: list[str] | None) -> Known:
    return Known(
        person_id=person.id,
        name=person.name,
        left_on=person.left_on,
        cohort=cohort.number if cohort else None,
        began=cohort.began if cohort else None,
        state=said.state if said else "",
        since=said.since if said else None,
        most=said.most_groups if said else 0,
        note=said.note if said else "",
        version=said.version if said else 0,
        groups=tuple(codes or ()),
    )


async def write(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID, said: Said, version: int) -> None:
    """Say how far somebody is; version 0: nobody had said it. Raises StaleError."""
    values = {"state": said.state.value, "since": said.since, "most_groups": said.most, "note": said.note}
    statement = insert(Specialist).values(person_id=person_id, hub_id=hub_id, version=1, **values)
    done = await db.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"],
            set_={**values, "version": col(Specialist.version) + 1},
            where=col(Specialist.version) == version,
        ).returning(col(Specialist.version))
    )
    if done.first() is None:
        raise StaleError(CHANGED)
