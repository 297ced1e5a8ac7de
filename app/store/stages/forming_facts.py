"""Reading the facts that groups of a year are formed from, in a fixed number of statements whatever the hub's size."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member, Role
from app.domain.schedule.facts import PersonFacts
from app.domain.stages.forming_facts import (
    SPECIALISTS_LEAD_NOT,
    ComingFacts,
    FormingFacts,
    LeaderFacts,
    ProgrammeFacts,
    UsualFacts,
    half_terms_of,
    years_of,
)
from app.domain.stages.group_codes import Known as KnownCode
from app.domain.stages.specialists import Stand
from app.kit.bank_holidays import bank_holidays
from app.kit.periods import Span, year_span
from app.models.hubs import Closure, Programme
from app.models.meetings import Participant, WorkGroup
from app.models.people import Away, Person, RoleHeld
from app.models.schools import CalendarDay, HalfTerm, HubSchool, School, SchoolDay
from app.store.stages import coming, recruiting, specialists
from app.store.stages.coming import Row
from app.store.stages.specialists import Known


@dataclass(frozen=True, slots=True)
class _Calendars:
    """Term dates and closed days by calendar, and which calendar each school keeps."""

    spans: dict[uuid.UUID, tuple[Span, ...]]
    closed: dict[uuid.UUID, frozenset[date]]
    kept: dict[int, uuid.UUID]


async def of_year(db: AsyncSession, member: Member, year: int) -> FormingFacts:
    """Everything that groups of the year are formed from; some twenty statements."""
    hub_id, span = member.hub_id, year_span(year)
    programmes = await recruiting.programmes(db, hub_id, year)
    rows = await _without_group(db, hub_id, year)
    calendars = await _calendars(db, hub_id, year)
    people = await _people_of(db, hub_id, year, [row.urn for row in rows])
    leaders = await _leaders(db, member, year, programmes)
    ids = {one.person for one in leaders} | {str(who) for some in people.values() for who in some}
    closures = await db.execute(
        select(col(Closure.day)).where(col(Closure.hub_id) == hub_id, col(Closure.day).between(*span))
    )
    return FormingFacts(
        year=year,
        closures=frozenset(closures.scalars()) | frozenset(bank_holidays(year)),
        programmes=tuple(
            ProgrammeFacts(one.kind, one.name, one.fewest_schools, one.most_schools, half_terms_of(one.meetings))
            for one in programmes
        ),
        schools=tuple(await _schools(db, hub_id, year, rows, calendars, people)),
        people=tuple(await _workers(db, hub_id, ids, span)),
        leaders=tuple(leaders),
        usual=await _usual(db, hub_id, year, calendars),
    )


async def _without_group(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Row]:
    """Who comes for a kind of programme and is in no Work Group of it; enrolled stands before proposed."""
    grouped = await coming.groups(db, hub_id, year)
    best: dict[tuple[int, str], Row] = {}
    for row in await coming.of_year(db, hub_id, year):
        if (row.urn, row.kind) not in grouped and (row.source == "enrolled" or (row.urn, row.kind) not in best):
            best[row.urn, row.kind] = row
    return list(best.values())


async def _calendars(db: AsyncSession, hub_id: uuid.UUID, year: int) -> _Calendars:
    """The calendars that the hub's schools keep in a year: three statements."""
    kept = await db.execute(
        select(col(HubSchool.urn), col(HubSchool.calendar_id)).where(
            col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year, col(HubSchool.calendar_id).is_not(None)
        )
    )
    by_school = {urn: calendar_id for urn, calendar_id in kept.all() if calendar_id}
    ids = set(by_school.values())
    spans: dict[uuid.UUID, list[Span]] = defaultdict(list)
    terms = select(HalfTerm).where(col(HalfTerm.calendar_id).in_(ids))
    for term in (await db.execute(terms.order_by(col(HalfTerm.calendar_id), col(HalfTerm.number)))).scalars():
        spans[term.calendar_id].append(Span(term.first, term.last))
    closed: dict[uuid.UUID, set[date]] = defaultdict(set)
    for day in (await db.execute(select(CalendarDay).where(col(CalendarDay.calendar_id).in_(ids)))).scalars():
        closed[day.calendar_id].add(day.day)
    whole = {key: tuple(some) for key, some in spans.items() if len(some) == 6}
    return _Calendars(whole, {key: frozenset(days) for key, days in closed.items()}, by_school)


async def _usual(db: AsyncSession, hub_id: uuid.UUID, year: int, calendars: _Calendars) -> UsualFacts | None:
    """The calendar that most schools keep, or kept in the year before."""
    for of, known in ((year, calendars), (year - 1, None)):
        found = known or await _calendars(db, hub_id, of)
        counted = Counter(key for key in found.kept.values() if key in found.spans)
        if counted:
            most = max(sorted(counted), key=lambda key: counted[key])
            return UsualFacts(of, found.spans[most], found.closed.get(most, frozenset()))
    return None


async def _people_of(
    db: AsyncSession, hub_id: uuid.UUID, year: int, urns: Collection[int]
) -> dict[int, tuple[uuid.UUID, ...]]:
    """Who takes part for each school this year, else who did in the year before, and has not left."""
    found = await db.execute(
        select(col(Participant.urn), col(WorkGroup.year), col(Participant.person_id))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(
            col(WorkGroup.hub_id) == hub_id,
            col(WorkGroup.year).in_((year - 1, year)),
            col(Participant.urn).in_(urns),
            col(Person.left_on).is_(None),
        )
    )
    by_year: dict[int, dict[int, set[uuid.UUID]]] = defaultdict(lambda: defaultdict(set))
    for urn, of, person_id in found.all():
        by_year[urn][of].add(person_id)
    return {urn: tuple(sorted(years[max(years)])) for urn, years in by_year.items()}


async def _schools(
    db: AsyncSession,
    hub_id: uuid.UUID,
    year: int,
    rows: Collection[Row],
    calendars: _Calendars,
    people: dict[int, tuple[uuid.UUID, ...]],
) -> list[ComingFacts]:
    urns = [row.urn for row in rows]
    ages = await db.execute(
        select(col(School.urn), col(School.low_age), col(School.high_age)).where(col(School.urn).in_(urns))
    )
    years = {urn: years_of(low, high) for urn, low, high in ages.all()}
    own: dict[int, set[date]] = defaultdict(set)
    days = select(col(SchoolDay.urn), col(SchoolDay.day)).where(
        col(SchoolDay.hub_id) == hub_id,
        col(SchoolDay.urn).in_(urns),
        col(SchoolDay.kind) == "closed",
        col(SchoolDay.day).between(*year_span(year)),
    )
    for urn, day in (await db.execute(days)).all():
        own[urn].add(day)
    found = []
    for row in rows:
        key = calendars.kept.get(row.urn)
        found.append(
            ComingFacts(
                urn=row.urn,
                name=row.name,
                kind=row.kind,
                at=row.at,
                half_terms=calendars.spans.get(key, ()) if key else (),
                closed=(calendars.closed.get(key, frozenset()) if key else frozenset()) | own[row.urn],
                years=years.get(row.urn, frozenset()),
                people=tuple(str(who) for who in people.get(row.urn, ())),
            )
        )
    return found


async def _leaders(db: AsyncSession, member: Member, year: int, programmes: Collection[Programme]) -> list[LeaderFacts]:
    """Mastery Specialists, and Mastery Readiness Leads for Readiness, each with what they can still take on."""
    hub_id = member.hub_id
    led = await _led(db, hub_id, year)
    roles = await db.execute(
        select(col(RoleHeld.person_id), col(Person.base_urn))
        .join(Person, col(Person.id) == col(RoleHeld.person_id))
        .where(
            col(RoleHeld.hub_id) == hub_id,
            col(RoleHeld.role) == Role.READINESS_LEAD.stored,
            col(Person.left_on).is_(None),
            col(Person.erased_at).is_(None),
        )
    )
    ready = {row[0]: row[1] for row in roles.all()}
    others = frozenset(one.kind for one in programmes if one.kind != SPECIALISTS_LEAD_NOT) if ready else frozenset()
    found: dict[str, LeaderFacts] = {}
    bases = await db.execute(select(col(Person.id), col(Person.base_urn)).where(col(Person.hub_id) == hub_id))
    base_of = {row[0]: row[1] for row in bases.all()}
    for one in await specialists.of_year(db, member, year):
        if one.left_on is None and one.state != Stand.LEFT:
            free = max(0, _most(one, year) - led[one.person_id, year])
            found[str(one.person_id)] = LeaderFacts(str(one.person_id), free, others, base_of.get(one.person_id))
    for person_id, base in ready.items():
        both = found.get(str(person_id))
        free = max(0, max(1, led[person_id, year - 1]) - led[person_id, year])
        kinds = frozenset({SPECIALISTS_LEAD_NOT})
        if both and both.most:
            free, kinds = max(free, both.most), kinds | others
        found[str(person_id)] = LeaderFacts(str(person_id), free, kinds, base)
    return [found[key] for key in sorted(found)]


def _most(one: Known, year: int) -> int:
    """How many groups a Specialist can lead in a year: those whose training ends before it lead then."""
    trained = one.state == Stand.TRAINING and one.began is not None and one.began < year
    return one.most if one.state == Stand.LEADING or trained else 0


async def _led(db: AsyncSession, hub_id: uuid.UUID, year: int) -> Counter[tuple[uuid.UUID, int]]:
    """How many Work Groups each person leads in this year and led in the one before."""
    found = await db.execute(
        select(col(WorkGroup.leader_id), col(WorkGroup.year), func.count())
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year).in_((year - 1, year)))
        .group_by(col(WorkGroup.leader_id), col(WorkGroup.year))
    )
    return Counter({(leader, of): count for leader, of, count in found.all()})


async def _workers(db: AsyncSession, hub_id: uuid.UUID, ids: Collection[str], span: Span) -> list[PersonFacts]:
    known = [uuid.UUID(one) for one in ids]
    away: dict[uuid.UUID, set[date]] = defaultdict(set)
    days = select(col(Away.person_id), col(Away.day)).where(
        col(Away.person_id).in_(known), col(Away.day).between(*span)
    )
    for person_id, day in (await db.execute(days)).all():
        away[person_id].add(day)
    found = await db.execute(
        select(Person, col(School.easting), col(School.northing))
        .outerjoin(School, col(School.urn) == col(Person.base_urn))
        .where(col(Person.hub_id) == hub_id, col(Person.id).in_(known))
        .order_by(col(Person.id))
    )
    return [
        PersonFacts(
            id=str(person.id),
            name=person.name,
            at=None if east is None or north is None else (east, north),
            works=person.works,
            away=frozenset(away[person.id]),
        )
        for person, east, north in found.all()
    ]


async def codes(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[KnownCode]:
    """Codes of the Work Groups of this year and of the one before."""
    found = await db.execute(
        select(col(WorkGroup.code), col(WorkGroup.year), col(Programme.kind))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year).in_((year - 1, year)))
    )
    return [KnownCode(*row) for row in found.all()]
