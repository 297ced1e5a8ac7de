"""A year of a hub as it is copied forward, and what the next year holds already: a fixed number of statements."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.hubs.programmes import DEFAULTS, ProgrammeTerms
from app.domain.meetings.copying import Listed, NewYear, OldGroup, OldSchool, OldTaker, OldVisits, OldYear
from app.domain.meetings.groups import GroupChange, SeriesChange
from app.models.hubs import HubYear, Programme
from app.models.meetings import Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person, RoleHeld
from app.models.schools import Calendar, HubSchool, School

CERTAIN = ("confirmed", "held")
CLOSED = "closed"


async def _all(db: AsyncSession, asked: Select[*tuple[Any, ...]]) -> list[Any]:
    return list((await db.execute(asked)).all())


async def old_year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> OldYear | None:
    """The year that is copied; None when the hub has no such year. Eight statements."""
    hub_year = await db.get(HubYear, (hub_id, year))
    if hub_year is None:
        return None
    schools = await _schools(db, hub_id, year)
    return OldYear(
        year=year,
        meetings_per_day=hub_year.meetings_per_day,
        weights=hub_year.weights,
        programmes={terms.kind: terms for terms, _ in await _programmes(db, hub_id, year)},
        groups=await _groups(db, hub_id, year),
        schools=schools,
    )


async def new_year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> NewYear:
    """What the year after it holds already; a year that has not begun holds what it would begin with."""
    hub_year = await db.get(HubYear, (hub_id, year), populate_existing=True)
    programmes = {terms.kind: (terms, version) for terms, version in await _programmes(db, hub_id, year)}
    if hub_year is None:
        programmes = {terms.kind: (terms, 1) for terms in DEFAULTS}
    groups = select(col(WorkGroup.code)).where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
    members = (
        select(col(Programme.kind), col(GroupSchool.urn), col(WorkGroup.code))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
    )
    visited = (
        select(col(VisitSeries.urn), col(WorkGroup.code))
        .join(WorkGroup, col(WorkGroup.id) == col(VisitSeries.group_id))
        .where(col(VisitSeries.hub_id) == hub_id, col(VisitSeries.year) == year)
    )
    calendars = select(col(Calendar.name), col(Calendar.id)).where(
        col(Calendar.hub_id) == hub_id, col(Calendar.year) == year
    )
    listed = select(col(HubSchool.urn)).where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year)
    return NewYear(
        year=year,
        is_open=hub_year is not None,
        meetings_per_day=hub_year.meetings_per_day if hub_year else None,
        weights=hub_year.weights if hub_year else {},
        programmes=programmes,
        codes=frozenset(row[0].lower() for row in await _all(db, groups)),
        members={(kind, urn): code for kind, urn, code in await _all(db, members)},
        visited={urn: code for urn, code in await _all(db, visited)},  # noqa: C416  rows are no pairs to dict()
        calendars={name.lower(): key for name, key in await _all(db, calendars)},
        schools=frozenset(row[0] for row in await _all(db, listed)),
        leaders=await _leaders(db, hub_id),
    )


async def _leaders(db: AsyncSession, hub_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Specialists and Readiness Leads who have not left, by name."""
    roles = [Role.SPECIALIST.stored, Role.READINESS_LEAD.stored]
    held = select(col(RoleHeld.person_id)).where(col(RoleHeld.hub_id) == hub_id, col(RoleHeld.role).in_(roles))
    asked = select(col(Person.id), col(Person.name)).where(
        col(Person.hub_id) == hub_id,
        col(Person.id).in_(held),
        col(Person.left_on).is_(None),
        col(Person.erased_at).is_(None),
    )
    return {key: name for key, name in await _all(db, asked.order_by(col(Person.name), col(Person.id)))}  # noqa: C416  rows are no pairs to dict()


async def _programmes(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[tuple[ProgrammeTerms, int]]:
    asked = select(Programme).where(col(Programme.hub_id) == hub_id, col(Programme.year) == year)
    names = ProgrammeTerms.__dataclass_fields__
    order = {terms.kind: place for place, terms in enumerate(DEFAULTS)}
    found = []
    for (row,) in await _all(db, asked.order_by(col(Programme.kind))):
        values = {name: getattr(row, name) for name in names}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        found.append((ProgrammeTerms(**plain), row.version))
    return sorted(found, key=lambda one: order.get(one[0].kind, 99))


async def _schools(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[int, Listed]:
    """The hub's schools of the year, with how often each hosted then."""
    hosted = (
        select(func.count())
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.year) == year,
            col(Event.kind) == "meeting",
            col(Event.status).in_(CERTAIN),
            col(Event.urn) == col(HubSchool.urn),
        )
        .scalar_subquery()
    )
    asked = (
        select(HubSchool, col(School.name), col(School.status), col(Calendar.name), hosted)
        .join(School, col(School.urn) == col(HubSchool.urn))
        .outerjoin(Calendar, col(Calendar.id) == col(HubSchool.calendar_id))
        .where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year)
        .order_by(col(School.name), col(School.urn))
    )
    return {
        own.urn: Listed(
            urn=own.urn,
            name=name,
            is_open=status.lower() != CLOSED,
            calendar=calendar or "",
            maths=own.maths,
            hosts=own.hosts,
            hosted_before=own.hosted_before,
            hosted=many,
            rather_not_host=tuple(own.rather_not_host),
            notes=own.notes,
        )
        for own, name, status, calendar, many in await _all(db, asked)
    }


async def _groups(db: AsyncSession, hub_id: uuid.UUID, year: int) -> tuple[OldGroup, ...]:
    asked = (
        select(WorkGroup, col(Programme.kind), Person)
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .join(Person, col(Person.id) == col(WorkGroup.leader_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
        .order_by(col(WorkGroup.code))
    )
    found = await _all(db, asked)
    ids = [group.id for group, _, _ in found]
    schools, meetings = await _members(db, ids), await _meetings(db, ids)
    return tuple(
        OldGroup(
            id=group.id,
            change=_as_it_is(group),
            kind=kind,
            leader=leader.name,
            leader_stays=_stays(leader),
            schools=tuple(schools[group.id]),
            meetings=tuple(meetings[group.id]),
        )
        for group, kind, leader in found
    )


def _as_it_is(group: WorkGroup) -> GroupChange:
    return GroupChange(
        code=group.code,
        name=group.name,
        programme_id=group.programme_id,
        leader_id=group.leader_id,
        half_terms=tuple(group.half_terms),
        least_gap=group.least_gap,
        weekday_cost=tuple(group.weekday_cost),
        first_host=group.first_host_urn,
        online=group.online,
        joining_link=group.joining_link,
        times=(group.morning_starts, group.morning_ends, group.afternoon_starts, group.afternoon_ends),
    )


def _stays(person: Person) -> bool:
    return person.left_on is None and person.erased_at is None


async def _members(db: AsyncSession, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[OldSchool]]:
    """The schools of these groups by name, with their people and visits."""
    of_people = (
        select(Participant, Person)
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(col(Participant.group_id).in_(ids))
        .order_by(col(Person.name), col(Person.id))
    )
    takers: dict[tuple[uuid.UUID, int], list[OldTaker]] = defaultdict(list)
    for row, person in await _all(db, of_people):
        takers[row.group_id, row.urn].append(OldTaker(person.id, person.name, row.role, _stays(person)))
    of_visits = (
        select(VisitSeries, Person)
        .join(Person, col(Person.id) == col(VisitSeries.visitor_id))
        .where(col(VisitSeries.group_id).in_(ids))
    )
    visits = {
        (row.group_id, row.urn): OldVisits(
            SeriesChange(person.id, tuple(row.half_terms), row.least_gap), person.name, _stays(person)
        )
        for row, person in await _all(db, of_visits)
    }
    of_schools = (
        select(col(GroupSchool.group_id), School)
        .join(School, col(School.urn) == col(GroupSchool.urn))
        .where(col(GroupSchool.group_id).in_(ids))
        .order_by(col(School.name), col(School.urn))
    )
    found: dict[uuid.UUID, list[OldSchool]] = defaultdict(list)
    for group_id, school in await _all(db, of_schools):
        at = (group_id, school.urn)
        people = tuple(takers[at])
        found[group_id].append(
            OldSchool(school.urn, school.name, school.status.lower() != CLOSED, people, visits.get(at))
        )
    return found


async def _meetings(db: AsyncSession, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, bool]]]:
    asked = select(col(Event.group_id), col(Event.day), col(Event.pinned)).where(
        col(Event.group_id).in_(ids), col(Event.kind) == "meeting", col(Event.status).in_(CERTAIN)
    )
    found: dict[uuid.UUID, list[tuple[date, bool]]] = defaultdict(list)
    for group_id, day, pinned in await _all(db, asked.order_by(col(Event.day))):
        found[group_id].append((day, pinned))
    return found
