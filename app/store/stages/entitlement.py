"""What each school's visits of a year rest on: its programme, its own series, its calendar, and what is booked."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.entitlement import (
    Became,
    Entitlement,
    Facts,
    Visit,
    Year,
    entitlement,
    this_half_term,
    usual_year,
)
from app.domain.stages.ladder import State, standing
from app.kit.periods import Span, academic_year, in_london, year_span
from app.models.hubs import Programme
from app.models.meetings import Event, GroupSchool, VisitSeries, WorkGroup
from app.models.schools import CalendarDay, HalfTerm, HubSchool, School, SchoolDay
from app.models.stages import Enrolment
from app.store.meetings.year import closures
from app.store.stages import succession

GIVES = frozenset({State.AGREED, State.ACTIVE, State.COMPLETED})  # what gives visits, beside a place in a Work Group


@dataclass(frozen=True, slots=True)
class Taking:
    """A school in a year: the enrolment and the programmes it takes part in, who visits it, and its visits."""

    facts: Facts
    programmes: tuple[Programme, ...]
    groups: tuple[uuid.UUID, ...]
    enrolment: Enrolment | None = None
    visitor_id: uuid.UUID | None = None

    @property
    def withdrawn_on(self) -> date | None:
        """The day since which the school no longer takes part."""
        gone = self.enrolment and self.enrolment.state == State.WITHDRAWN
        return self.enrolment.withdrawn_on if gone and self.enrolment else None

    @property
    def withdrawn(self) -> bool:
        """Whether it no longer takes part."""
        return bool(self.enrolment and self.enrolment.state == State.WITHDRAWN)


@dataclass(slots=True)
class _Place:
    """What was found of a school, while it is read."""

    groups: dict[uuid.UUID, tuple[Programme, uuid.UUID]] = field(default_factory=dict)
    series: VisitSeries | None = None
    enrolments: list[Enrolment] = field(default_factory=list)


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> dict[int, Entitlement]:
    """Where the visits of each school that takes part in the year stand, by URN: ten statements."""
    today = in_london(now).date()
    found = await taking_part(db, hub_id, year, now)
    return {urn: entitlement(one.facts, today) for urn, one in found.items() if not one.withdrawn}


async def left_now(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> int:
    """How many visits this person has left to book in this half term: ten statements."""
    today = in_london(now).date()
    found = await taking_part(db, hub_id, academic_year(today), now)
    mine = (one for one in found.values() if one.visitor_id == person_id and not one.withdrawn)
    return sum(this_half_term(one.facts, today).to_book for one in mine)


async def taking_part(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> dict[int, Taking]:
    """Every school of the year's Work Groups, series and enrolments, with those that withdrew: ten statements."""
    places = await _places(db, hub_id, year)
    years = await _years(db, hub_id, year, set(places))
    visits = await _visits(db, hub_id, year, now)
    of_kind = {row.id: row for row in await _all(db, select(Programme).where(col(Programme.hub_id) == hub_id))}
    return {
        urn: _taking(urn, place, of_kind, years[urn], visits.get(urn, ()))
        for urn, place in sorted(places.items())
        if place.groups or place.series or place.enrolments
    }


async def _all(db: AsyncSession, asked: Any) -> list[Any]:
    return list((await db.execute(asked)).scalars())


async def _places(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[int, _Place]:
    places: dict[int, _Place] = defaultdict(_Place)
    in_groups = await db.execute(
        select(col(GroupSchool.urn), WorkGroup, Programme)
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
        .order_by(col(WorkGroup.code))
    )
    for urn, group, programme in in_groups.all():
        places[urn].groups[group.id] = (programme, group.leader_id)
    of_series = select(VisitSeries).where(col(VisitSeries.hub_id) == hub_id, col(VisitSeries.year) == year)
    for series in await _all(db, of_series):
        places[series.urn].series = series
    enrolled = select(Enrolment).where(col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year)
    for enrolment in await _all(db, enrolled):
        places[enrolment.urn].enrolments.append(enrolment)
    return places


async def _years(db: AsyncSession, hub_id: uuid.UUID, year: int, urns: set[int]) -> dict[int, Year]:
    """Each school's calendar; where it has none, that of most schools of its authority, else of the hub."""
    found = await db.execute(
        select(col(School.urn), col(School.la_code), col(HubSchool.calendar_id))
        .outerjoin(
            HubSchool,
            (col(HubSchool.urn) == col(School.urn)) & (col(HubSchool.hub_id) == hub_id) & (col(HubSchool.year) == year),
        )
        .where(col(School.urn).in_(urns))
    )
    rows = [(urn, la_code, calendar) for urn, la_code, calendar in found.all()]
    calendars = await _calendars(db, hub_id, year)
    closed = set(await closures(db, hub_id, year))
    own: dict[int, set[date]] = defaultdict(set)
    days = select(SchoolDay).where(col(SchoolDay.hub_id) == hub_id, col(SchoolDay.day).between(*year_span(year)))
    for day in await _all(db, days):
        own[day.urn].add(day.day)
    usual = usual_year(year)
    kept = _nearest(rows)
    found_years = {}
    for urn, la_code, calendar in rows:
        chosen = calendar or kept.get(la_code) or kept.get(None)
        of = calendars.get(chosen, usual) if chosen else usual
        found_years[urn] = Year(of.terms, of.closed | closed | own[urn])
    return found_years


def _nearest(rows: Iterable[tuple[int, int, uuid.UUID | None]]) -> Mapping[int | None, uuid.UUID]:
    """The calendar that most schools keep, by authority, and under None of them all."""
    counts: dict[int | None, Counter[uuid.UUID]] = defaultdict(Counter)
    for _, la_code, calendar in rows:
        if calendar:
            counts[la_code][calendar] += 1
            counts[None][calendar] += 1
    return {la_code: min(kept, key=lambda one: (-kept[one], str(one))) for la_code, kept in counts.items()}


async def _calendars(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[uuid.UUID, Year]:
    terms: dict[uuid.UUID, list[Span]] = defaultdict(list)
    near = year_span(year)
    blocks = select(HalfTerm).where(col(HalfTerm.hub_id) == hub_id, col(HalfTerm.last).between(*near))
    for block in await _all(db, blocks.order_by(col(HalfTerm.number))):
        terms[block.calendar_id].append(Span(block.first, block.last))
    off: dict[uuid.UUID, set[date]] = defaultdict(set)
    days = select(CalendarDay).where(col(CalendarDay.hub_id) == hub_id, col(CalendarDay.day).between(*near))
    for day in await _all(db, days):
        off[day.calendar_id].add(day.day)
    return {key: Year(tuple(spans), frozenset(off[key])) for key, spans in terms.items()}


async def _visits(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> dict[int, tuple[Visit, ...]]:
    asked = select(
        succession.counts_for(hub_id, Event.urn), col(Event.day), col(Event.status), col(Event.ends_at), col(Event.id)
    ).where(
        col(Event.hub_id) == hub_id,
        col(Event.year) == year,
        col(Event.kind) == "visit",
        col(Event.status).in_(("confirmed", "held")),
    )
    found: dict[int, list[Visit]] = defaultdict(list)
    for urn, day, status, ends, key in (await db.execute(asked.order_by(col(Event.starts_at)))).all():
        became: Became = "held" if status == "held" else "booked" if ends > now else "unmarked"
        found[urn].append(Visit(day, became, key))
    return {urn: tuple(visits) for urn, visits in found.items()}


def _taking(
    urn: int, place: _Place, programmes: Mapping[uuid.UUID, Programme], year: Year, visits: tuple[Visit, ...]
) -> Taking:
    enrolment = standing(place.enrolments, place.enrolments[0].year) if place.enrolments else None
    of_groups = tuple(programme for programme, _ in place.groups.values())
    enrolled = programmes.get(enrolment.programme_id) if enrolment and enrolment.state in GIVES else None
    most = max(of_groups, key=lambda one: one.visits, default=None)
    programme = enrolled or most
    half_terms: Iterable[int] = programme.visit_half_terms if programme else ()
    gap = programme.least_gap if programme else 14
    if place.series and place.series.half_terms:
        half_terms, gap = place.series.half_terms, place.series.least_gap
    leader = next((leader for _, leader in place.groups.values()), None)
    return Taking(
        facts=Facts(urn, tuple(sorted(half_terms)), gap, year, visits),
        programmes=(enrolled, *of_groups) if enrolled else of_groups,
        groups=tuple(place.groups),
        enrolment=enrolment,
        visitor_id=place.series.visitor_id if place.series else leader,
    )
