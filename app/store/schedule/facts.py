"""Reading the facts of a hub's year, in a fixed number of statements whatever its size."""

import uuid
from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.schedule.facts import GroupFacts, PersonFacts, PlacedFacts, SchoolFacts, SeriesFacts, YearFacts
from app.kit.bank_holidays import bank_holidays
from app.kit.periods import Span, year_span
from app.models.hubs import Closure, HubYear, Programme
from app.models.meetings import Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Away, Person
from app.models.schedule import DateRefused
from app.models.schools import CalendarDay, HalfTerm, HubSchool, School, SchoolDay

LEAD_ROLES = ("maths lead", "lead participant")


async def _all(db: AsyncSession, asked: Select[*tuple[Any, ...]]) -> list[Any]:
    return list((await db.execute(asked)).all())


async def read_year(db: AsyncSession, hub_id: uuid.UUID, year: int, today: date) -> YearFacts:
    """Everything the year's plan depends on; seventeen statements."""
    span = year_span(year)
    hub_year = await db.get(HubYear, (hub_id, year))
    closures = await _all(
        db, select(col(Closure.day)).where(col(Closure.hub_id) == hub_id, col(Closure.day).between(*span))
    )
    groups = await _groups(db, hub_id, year)
    series = await _series(db, hub_id, year, groups)
    placed = await _placed(db, hub_id, year)
    urns = {urn for group in groups for urn, _ in group.members} | {each.urn for each in series}
    urns |= {each.host for each in placed if each.host is not None}
    ids = {group.leader for group in groups} | {each.visitor for each in series}
    ids |= {person for group in groups for _, people in group.members for person in people}
    return YearFacts(
        year=year,
        closures=frozenset({row[0] for row in closures} | set(bank_holidays(year))),
        meetings_per_day=hub_year.meetings_per_day if hub_year else None,
        weights=hub_year.weights if hub_year else {},
        schools=tuple(await _schools(db, hub_id, year, urns)),
        people=tuple(await _people(db, hub_id, ids, span)),
        groups=groups,
        series=series,
        placed=tuple(placed),
        today=today,
    )


def _point(easting: int | None, northing: int | None) -> tuple[int, int] | None:
    return None if easting is None or northing is None else (easting, northing)


async def _groups(db: AsyncSession, hub_id: uuid.UUID, year: int) -> tuple[GroupFacts, ...]:
    found = await _all(
        db,
        select(WorkGroup, Programme)
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
        .order_by(col(WorkGroup.code)),
    )
    ids = [group.id for group, _ in found]
    schools: dict[uuid.UUID, list[int]] = defaultdict(list)
    asked = select(col(GroupSchool.group_id), col(GroupSchool.urn)).where(col(GroupSchool.group_id).in_(ids))
    for group_id, urn in await _all(db, asked.order_by(col(GroupSchool.urn))):
        schools[group_id].append(urn)
    people: dict[tuple[uuid.UUID, int], list[tuple[bool, str, str]]] = defaultdict(list)
    takers = select(Participant, col(Person.email)).join(Person, col(Person.id) == col(Participant.person_id))
    here = col(Participant.group_id).in_(ids), col(Person.left_on).is_(None)
    for taking, email in await _all(db, takers.where(*here)):
        leads = taking.role.lower() in LEAD_ROLES
        people[taking.group_id, taking.urn].append((not leads, email, str(taking.person_id)))
    return tuple(
        GroupFacts(
            id=str(group.id),
            code=group.code,
            leader=str(group.leader_id),
            half_terms=tuple(sorted(group.half_terms)),
            least_gap=group.least_gap,
            weekday_cost=tuple(group.weekday_cost),
            first_host=group.first_host_urn,
            members=tuple(
                (urn, tuple(person for *_, person in sorted(people[group.id, urn]))) for urn in schools[group.id]
            ),
            observed=tuple(sorted(programme.observation_half_terms)),
        )
        for group, programme in found
    )


async def _series(
    db: AsyncSession, hub_id: uuid.UUID, year: int, groups: tuple[GroupFacts, ...]
) -> tuple[SeriesFacts, ...]:
    people = {(group.id, urn): taking for group in groups for urn, taking in group.members}
    asked = select(VisitSeries).where(col(VisitSeries.hub_id) == hub_id, col(VisitSeries.year) == year)
    return tuple(
        SeriesFacts(
            id=str(each.id),
            urn=each.urn,
            visitor=str(each.visitor_id),
            people=people.get((str(each.group_id), each.urn), ()),
            half_terms=tuple(sorted(each.half_terms)),
            least_gap=each.least_gap,
        )
        for (each,) in await _all(db, asked.order_by(col(VisitSeries.urn)))
        if each.half_terms
    )


async def _schools(db: AsyncSession, hub_id: uuid.UUID, year: int, urns: set[int]) -> list[SchoolFacts]:
    asked = select(HubSchool, School).join(School, col(School.urn) == col(HubSchool.urn))
    here = col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year, col(HubSchool.urn).in_(urns)
    found = await _all(db, asked.where(*here).order_by(col(HubSchool.urn)))
    calendars = {own.calendar_id for own, _ in found if own.calendar_id}
    spans: dict[uuid.UUID, list[Span]] = defaultdict(list)
    terms = select(HalfTerm).where(col(HalfTerm.calendar_id).in_(calendars))
    for (term,) in await _all(db, terms.order_by(col(HalfTerm.calendar_id), col(HalfTerm.number))):
        spans[term.calendar_id].append(Span(term.first, term.last))
    closed: dict[Any, set[date]] = defaultdict(set)
    for (day,) in await _all(db, select(CalendarDay).where(col(CalendarDay.calendar_id).in_(calendars))):
        closed[day.calendar_id].add(day.day)
    busy: dict[int, set[date]] = defaultdict(set)
    own_days = select(SchoolDay).where(
        col(SchoolDay.hub_id) == hub_id, col(SchoolDay.urn).in_(urns), col(SchoolDay.day).between(*year_span(year))
    )
    for (own_day,) in await _all(db, own_days):
        (busy[own_day.urn] if own_day.kind == "busy" else closed[own_day.urn]).add(own_day.day)
    return [
        SchoolFacts(
            urn=school.urn,
            name=school.name,
            at=(school.easting, school.northing)
            if school.easting is not None and school.northing is not None
            else None,
            half_terms=tuple(spans[own.calendar_id]) if own.calendar_id else (),
            closed=frozenset(closed[own.calendar_id] | closed[school.urn]),
            busy=frozenset(busy[school.urn] - closed[own.calendar_id] - closed[school.urn]),
            maths=own.maths,
            hosts=own.hosts,
            hosted_before=own.hosted_before,
            rather_not_host=tuple(own.rather_not_host),
        )
        for own, school in found
    ]


async def _people(db: AsyncSession, hub_id: uuid.UUID, ids: set[str], span: Span) -> list[PersonFacts]:
    known = [uuid.UUID(each) for each in ids]
    away: dict[uuid.UUID, set[date]] = defaultdict(set)
    days = select(col(Away.person_id), col(Away.day)).where(
        col(Away.person_id).in_(known), col(Away.day).between(*span)
    )
    refused = select(col(DateRefused.person_id), col(DateRefused.day)).where(
        col(DateRefused.person_id).in_(known), col(DateRefused.day).between(*span)
    )
    for person_id, day in [*await _all(db, days), *await _all(db, refused)]:
        away[person_id].add(day)
    asked = (
        select(Person, col(School.easting), col(School.northing))
        .outerjoin(School, col(School.urn) == col(Person.base_urn))
        .where(col(Person.hub_id) == hub_id, col(Person.id).in_(known))
        .order_by(col(Person.id))
    )
    return [
        PersonFacts(
            id=str(person.id),
            name=person.name,
            at=_point(easting, northing),
            works=person.works,
            away=frozenset(away[person.id]),
        )
        for person, easting, northing in await _all(db, asked)
    ]


async def _placed(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[PlacedFacts]:
    certain = col(Event.status).in_(("confirmed", "held"))
    asked = select(Event).where(col(Event.hub_id) == hub_id, col(Event.year) == year, certain)
    return [
        PlacedFacts(
            key=event.slot_key,
            day=event.day,
            slot=event.slot,
            host=event.urn if event.kind == "meeting" else None,
            pinned=event.pinned or event.status == "held",
        )
        for (event,) in await _all(db, asked.order_by(col(Event.slot_key)))
    ]
