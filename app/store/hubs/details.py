"""Hubs, their years, closures, programmes and cohorts."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.hubs.programmes import DEFAULTS, ProgrammeTerms
from app.models.hubs import Closure, Hub, HubYear, Programme, SpecialistCohort
from app.models.meetings import WorkGroup
from app.models.people import Person, RoleHeld
from app.store.database import see_hub_named, see_hubs


async def named(db: AsyncSession, code: str) -> Hub | None:
    """The hub with this code, where the wall lets it be found."""
    return (await db.execute(select(Hub).where(col(Hub.code) == code))).scalar_one_or_none()


async def find(db: AsyncSession, code: str) -> Hub | None:
    """The hub with this code, for a command: afterwards the transaction sees this hub."""
    await see_hub_named(db, code)
    found = await named(db, code)
    if found:
        await see_hubs(db, found.id)
    return found


async def add(db: AsyncSession, code: str, name: str, now: datetime) -> Hub:
    """A new hub, which the transaction then sees."""
    hub = Hub(code=code, name=name, created_at=now)
    await see_hubs(db, hub.id)
    db.add(hub)
    await db.flush()
    return hub


async def one(db: AsyncSession, hub_id: uuid.UUID) -> Hub:
    """The hub itself."""
    return (await db.execute(select(Hub).where(col(Hub.id) == hub_id))).scalar_one()


async def years(db: AsyncSession, hub_id: uuid.UUID) -> list[HubYear]:
    """The hub's academic years, the newest first."""
    found = select(HubYear).where(col(HubYear.hub_id) == hub_id).order_by(col(HubYear.year).desc())
    return list((await db.execute(found)).scalars())


async def year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> HubYear | None:
    """One academic year of the hub."""
    return await db.get(HubYear, (hub_id, year))


async def open_year(db: AsyncSession, hub_id: uuid.UUID, year: int, closed: Mapping[date, str]) -> bool:
    """A year with default programmes and these closures; what is there already stays. False when it was there."""
    made = await db.execute(
        insert(HubYear)
        .values(hub_id=hub_id, year=year, weights={})
        .on_conflict_do_nothing()
        .returning(col(HubYear.year))
    )
    is_new = made.scalar_one_or_none() is not None
    if is_new:
        await ensure_programmes(db, hub_id, year)
        for day, name in closed.items():
            await close(db, hub_id, day, name)
    return is_new


async def ensure_programmes(db: AsyncSession, hub_id: uuid.UUID, year: int) -> None:
    """The default programmes of a year, where the hub has none of that kind."""
    rows = [
        {"id": uuid.uuid4(), "hub_id": hub_id, "year": year, "version": 1, **plain_terms(terms)} for terms in DEFAULTS
    ]
    await db.execute(insert(Programme).values(rows).on_conflict_do_nothing(index_elements=["hub_id", "year", "kind"]))


def plain_terms(terms: ProgrammeTerms) -> dict[str, object]:
    """A template's terms as columns."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(terms).items()}


async def close(db: AsyncSession, hub_id: uuid.UUID, day: date, name: str) -> bool:
    """Close a day for the whole hub; False when it was closed already."""
    made = insert(Closure).values(id=uuid.uuid4(), hub_id=hub_id, day=day, name=name)
    done = await db.execute(made.on_conflict_do_nothing(index_elements=["hub_id", "day"]).returning(col(Closure.id)))
    return done.scalar_one_or_none() is not None


async def closures(db: AsyncSession, hub_id: uuid.UUID, first: date, last: date) -> list[Closure]:
    """The hub's own closures between two days, both included, in order."""
    found = select(Closure).where(col(Closure.hub_id) == hub_id, col(Closure.day).between(first, last))
    return list((await db.execute(found.order_by(col(Closure.day)))).scalars())


async def closure(db: AsyncSession, hub_id: uuid.UUID, closure_id: uuid.UUID) -> Closure | None:
    """One closure of the hub."""
    found = select(Closure).where(col(Closure.hub_id) == hub_id, col(Closure.id) == closure_id)
    return (await db.execute(found)).scalar_one_or_none()


async def programmes(db: AsyncSession, hub_id: uuid.UUID, years: Iterable[int]) -> list[tuple[Programme, int]]:
    """The templates of these years, each with its count of Work Groups; the newest year first, then as stages go."""
    groups = select(func.count()).where(col(WorkGroup.programme_id) == col(Programme.id)).scalar_subquery()
    found = await db.execute(
        select(Programme, groups).where(col(Programme.hub_id) == hub_id, col(Programme.year).in_(list(years)))
    )
    order = {terms.kind: place for place, terms in enumerate(DEFAULTS)}
    rows = [(row[0], row[1]) for row in found.all()]
    return sorted(rows, key=lambda row: (-row[0].year, order.get(row[0].kind, 99)))


async def programme(db: AsyncSession, hub_id: uuid.UUID, programme_id: uuid.UUID) -> Programme | None:
    """One template of the hub."""
    found = select(Programme).where(col(Programme.hub_id) == hub_id, col(Programme.id) == programme_id)
    return (await db.execute(found)).scalar_one_or_none()


async def cohorts(db: AsyncSession, hub_id: uuid.UUID) -> list[tuple[SpecialistCohort, list[str]]]:
    """Specialist cohorts by number, each with the names of the hub's people in it."""
    found = await db.execute(
        select(
            SpecialistCohort,
            func.array_remove(func.array_agg(aggregate_order_by(col(Person.name), col(Person.name))), None),
        )
        .outerjoin(Person, (col(Person.cohort_id) == col(SpecialistCohort.id)) & col(Person.left_on).is_(None))
        .where(col(SpecialistCohort.hub_id) == hub_id)
        .group_by(col(SpecialistCohort.id))
        .order_by(col(SpecialistCohort.number))
    )
    return [(row[0], row[1]) for row in found.all()]


async def cohort(db: AsyncSession, hub_id: uuid.UUID, cohort_id: uuid.UUID) -> SpecialistCohort | None:
    """One cohort of the hub."""
    found = select(SpecialistCohort).where(
        col(SpecialistCohort.hub_id) == hub_id, col(SpecialistCohort.id) == cohort_id
    )
    return (await db.execute(found)).scalar_one_or_none()


def add_cohort(db: AsyncSession, hub_id: uuid.UUID, number: int, began: int, notes: str) -> None:
    """A new cohort in the hub's list."""
    db.add(SpecialistCohort(hub_id=hub_id, number=number, began=began, notes=notes))


async def some_people_of_each_role(db: AsyncSession) -> list[tuple[Role, str, str]]:
    """(role, name, e-mail), at most three people a role, in the order of the roles."""
    found = await db.execute(
        select(col(RoleHeld.role), col(Person.name), col(Person.email))
        .join(Person, col(Person.id) == col(RoleHeld.person_id))
        .order_by(col(Person.name))
    )
    held: dict[Role, list[tuple[Role, str, str]]] = {role: [] for role in Role}
    for stored, name, email in found.all():
        role = Role.of(stored)
        if len(held[role]) < 3:
            held[role].append((role, name, email))
    return [one for role in Role for one in held[role]]
