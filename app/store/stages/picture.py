"""The hub's picture of a year, made by a fixed number of statements."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages import picture_years as years
from app.domain.stages.entitlement import Entitlement
from app.domain.stages.entitlement import entitlement as entitled
from app.domain.stages.ladder import standing
from app.domain.stages.picture import Barriers, Count, Flagged, Group, Picture, School, Visits
from app.domain.stages.risk import BY_KEY
from app.domain.stages.risk import flags as raised
from app.kit.periods import in_london
from app.models.hubs import Hub, Programme
from app.models.meetings import Event, GroupSchool, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool
from app.models.schools import School as Register
from app.models.stages import Barrier, Enrolment
from app.store.stages import entitlement, flags

WEIGHTS = ("high", "medium", "low")
Cells = dict[tuple[uuid.UUID, str, int], dict[str, int]]


@dataclass(frozen=True, slots=True)
class _Year:
    """Which hub's, which year."""

    hub_id: uuid.UUID
    year: int


@dataclass(frozen=True, slots=True)
class _Enrolled(years.Enrolled):
    """An enrolment with the code of the Work Group it names, if any."""

    group: str


async def make(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> Picture:
    """The picture of this year as it stands now: seven statements, and eighteen for visits and flags."""
    of, today = _Year(hub_id, year), in_london(now).date()
    name, enrolled = await _hub(db, hub_id), await _enrolments(db, of)
    groups = await _groups(db, of)
    members = await _members(db, of)
    schools = await _schools(db, of, {one.urn for one in enrolled if one.year == year} | _urns(members))
    cells = await _cells(db, of, now)
    barriers = await _barriers(db, hub_id, today)
    taking = await entitlement.taking_part(db, hub_id, year, now)
    said = await _flags(db, of, now, taking)
    stages = years.stages(enrolled, year)
    return Picture(
        hub=name,
        year=year,
        day=today,
        schools=_placed(schools, [one for one in enrolled if one.year == year], _codes(groups, members)),
        groups=tuple(_group(row, members.get(row.id, ()), cells) for row in groups),
        flows=years.flows(stages, year),
        cohorts=years.cohorts(stages, year),
        visits=tuple(_visits(entitled(one.facts, today)) for one in taking.values() if not one.withdrawn),
        barriers=barriers,
        flags=said,
    )


async def _hub(db: AsyncSession, hub_id: uuid.UUID) -> str:
    return (await db.execute(select(col(Hub.name)).where(col(Hub.id) == hub_id))).scalar_one()


async def _enrolments(db: AsyncSession, of: _Year) -> list[_Enrolled]:
    """Of every year up to this one: the years are told from them."""
    found = await db.execute(
        select(
            col(Enrolment.urn),
            col(Enrolment.kind),
            col(Enrolment.year),
            col(Enrolment.state),
            func.coalesce(col(WorkGroup.code), ""),
        )
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Enrolment.group_id))
        .where(col(Enrolment.hub_id) == of.hub_id, col(Enrolment.year) <= of.year)
    )
    return [_Enrolled(*row) for row in found.all()]


async def _groups(db: AsyncSession, of: _Year) -> Sequence[Any]:
    found = await db.execute(
        select(
            col(WorkGroup.id),
            col(WorkGroup.code),
            col(Programme.kind),
            col(Register.easting),
            col(Register.northing),
            func.coalesce(col(Register.name), "").label("base"),
        )
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .join(Person, col(Person.id) == col(WorkGroup.leader_id))
        .outerjoin(Register, col(Register.urn) == col(Person.base_urn))
        .where(col(WorkGroup.hub_id) == of.hub_id, col(WorkGroup.year) == of.year)
        .order_by(col(WorkGroup.code))
    )
    return found.all()


async def _members(db: AsyncSession, of: _Year) -> dict[uuid.UUID, tuple[int, ...]]:
    found = await db.execute(
        select(col(GroupSchool.group_id), func.array_agg(col(GroupSchool.urn)))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .where(col(GroupSchool.hub_id) == of.hub_id, col(WorkGroup.year) == of.year)
        .group_by(col(GroupSchool.group_id))
    )
    return {row[0]: tuple(sorted(row[1])) for row in found.all()}


def _urns(members: dict[uuid.UUID, tuple[int, ...]]) -> set[int]:
    return {urn for urns in members.values() for urn in urns}


def _codes(groups: Sequence[Any], members: dict[uuid.UUID, tuple[int, ...]]) -> dict[int, str]:
    """The first Work Group that each school is in."""
    return {urn: row.code for row in reversed(groups) for urn in members.get(row.id, ())}


async def _schools(db: AsyncSession, of: _Year, others: Iterable[int]) -> list[School]:
    """Schools that work with the hub in the year, and others that it names; as the register has them."""
    own = select(col(HubSchool.urn)).where(col(HubSchool.hub_id) == of.hub_id, col(HubSchool.year) == of.year)
    found = await db.execute(
        select(
            col(Register.urn),
            col(Register.name),
            col(Register.easting),
            col(Register.northing),
            col(Register.la_name),
        )
        .where(col(Register.urn).in_(own) | col(Register.urn).in_(sorted(others)))
        .order_by(func.lower(col(Register.name)), col(Register.urn))
    )
    return [School(row[0], row[1], _place(row[2], row[3]), row[4]) for row in found.all()]


def _place(easting: int | None, northing: int | None) -> tuple[int, int] | None:
    return None if easting is None or northing is None else (easting, northing)


def _placed(schools: Iterable[School], enrolled: Iterable[_Enrolled], codes: dict[int, str]) -> tuple[School, ...]:
    """Each school with where it stands in the year."""
    own: dict[int, list[_Enrolled]] = {}
    for one in enrolled:
        own.setdefault(one.urn, []).append(one)
    return tuple(_stands(school, own.get(school.urn, []), codes) for school in schools)


def _stands(school: School, own: list[_Enrolled], codes: dict[int, str]) -> School:
    here = standing(own, own[0].year) if own else None
    group = (here.group if here else "") or codes.get(school.urn, "")
    kind, state = (here.kind, here.state) if here else ("", "")
    return School(school.urn, school.name, school.at, school.authority, kind, state, group)


async def _cells(db: AsyncSession, of: _Year, now: datetime) -> Cells:
    """How many meetings and visits of each Work Group and half term are to come, held, overdue, called off."""
    over = (col(Event.status) == "confirmed") & (col(Event.ends_at) < now)
    became = case((over, "missed"), (col(Event.status).in_(["held", "cancelled"]), col(Event.status)), else_="planned")
    group = func.coalesce(col(Event.group_id), col(VisitSeries.group_id))
    found = await db.execute(
        select(group, col(Event.kind), col(Event.half_term), became, func.count())
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .where(col(Event.hub_id) == of.hub_id, col(Event.year) == of.year, col(Event.kind).in_(["meeting", "visit"]))
        .group_by(group, col(Event.kind), col(Event.half_term), became)
    )
    cells: Cells = {}
    for group_id, kind, term, state, count in found.all():
        cells.setdefault((group_id, kind, term), {})[state] = count
    return cells


def _group(row: Any, members: tuple[int, ...], cells: Cells) -> Group:
    terms = {
        kind: tuple(Count(**cells.get((row.id, kind, term), {})) for term in range(6)) for kind in ("meeting", "visit")
    }
    base = _place(row.easting, row.northing)
    return Group(row.code, row.kind, base, row.base, members, terms["meeting"], terms["visit"])


def _visits(one: Entitlement) -> Visits:
    left = (one.at_risk, one.last_day, one.unmarked)
    return Visits(one.urn, one.allowed, one.due, one.booked, one.held, one.overdue, *left)


async def _flags(
    db: AsyncSession, of: _Year, now: datetime, taking: dict[int, entitlement.Taking]
) -> tuple[Flagged, ...]:
    """What the rules say today, of schools that were read already: eight statements."""
    today, rules = in_london(now).date(), await flags.rules(db, of.hub_id)
    watched = await flags.watched_of(db, of.hub_id, of.year, now, taking)
    return tuple(
        Flagged(urn, flag.key, BY_KEY[flag.key].name, flag.says)
        for urn, one in sorted(watched.items())
        for flag in raised(one, rules, today)
    )


async def _barriers(db: AsyncSession, hub_id: uuid.UUID, today: date) -> tuple[Barriers, ...]:
    """Open ones, by lever and weight, the heaviest first."""
    found = await db.execute(
        select(
            col(Barrier.lever),
            col(Barrier.weight),
            func.count(),
            func.count(case((col(Barrier.due) < today, 1))),
        )
        .where(col(Barrier.hub_id) == hub_id, col(Barrier.state) == "open")
        .group_by(col(Barrier.lever), col(Barrier.weight))
        .order_by(col(Barrier.lever), func.array_position(list(WEIGHTS), col(Barrier.weight)))
    )
    return tuple(Barriers(*row) for row in found.all())


async def years_of(db: AsyncSession, hub_id: uuid.UUID) -> list[int]:
    """The years of which there is something to draw: one statement."""
    enrolled = select(col(Enrolment.year)).where(col(Enrolment.hub_id) == hub_id)
    grouped = select(col(WorkGroup.year)).where(col(WorkGroup.hub_id) == hub_id)
    return sorted((await db.execute(enrolled.union(grouped))).scalars())
