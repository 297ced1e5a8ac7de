"""Work Groups with their schools, people and visits, read behind the law."""

import uuid
from dataclasses import dataclass
from datetime import time

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.models.hubs import Programme
from app.models.meetings import Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School
from app.store import visible


@dataclass(frozen=True, slots=True)
class Membership:
    """A school in a Work Group of the year."""

    urn: int
    group_id: uuid.UUID
    code: str
    kind: str
    programme: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A Work Group in a list."""

    id: uuid.UUID
    code: str
    name: str
    kind: str
    programme: str
    fewest_schools: int
    leader_id: uuid.UUID
    leader: str
    online: bool
    half_terms: list[int]
    schools: int
    people: int


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme of the year, and what it asks for; half terms from 0, the gap in days."""

    id: uuid.UUID
    kind: str
    name: str
    fewest_schools: int
    most_schools: int
    participants: int
    visit_half_terms: tuple[int, ...]
    observation_half_terms: tuple[int, ...]
    least_gap: int
    people: str
    led_by: str


@dataclass(frozen=True, slots=True)
class Group:
    """One Work Group whole. Its own times are (morning starts, ends, afternoon starts, ends)."""

    id: uuid.UUID
    year: int
    code: str
    name: str
    programme: ProgrammeRow
    leader_id: uuid.UUID
    leader: str
    half_terms: tuple[int, ...]
    least_gap: int
    weekday_cost: tuple[int, ...]
    first_host: int | None
    online: bool
    joining_link: str
    times: tuple[time | None, time | None, time | None, time | None]
    version: int


@dataclass(frozen=True, slots=True)
class MemberSchool:
    """A member school of a Work Group."""

    urn: int
    name: str
    town: str
    hosts: bool | None
    calendar_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Taker:
    """Someone who takes part in a Work Group for a school."""

    person_id: uuid.UUID
    name: str
    urn: int
    role: str
    works: dict[str, list[str]]
    left: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Who visits a school this year, and in which half terms (from 0)."""

    urn: int
    school: str
    group_id: uuid.UUID
    group: str
    visitor_id: uuid.UUID
    visitor: str
    half_terms: tuple[int, ...]
    least_gap: int


@dataclass(frozen=True, slots=True)
class PersonName:
    """Someone to choose from."""

    id: uuid.UUID
    name: str
    base_urn: int | None


async def memberships(db: AsyncSession, member: Member, year: int) -> list[Membership]:
    """Which schools are in which Work Groups that the member may see, by code: one statement."""
    found = await db.execute(
        visible.groups(member)
        .with_only_columns(
            col(GroupSchool.urn), col(WorkGroup.id), col(WorkGroup.code), col(Programme.kind), col(Programme.name)
        )
        .where(col(WorkGroup.year) == year)
        .join(GroupSchool, col(GroupSchool.group_id) == col(WorkGroup.id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .order_by(col(WorkGroup.code))
    )
    return [Membership(*row) for row in found.all()]


async def of_year(db: AsyncSession, member: Member, year: int) -> list[GroupRow]:
    """Every Work Group of the year that the member may see, by code: one statement."""
    schools = (
        select(func.count()).select_from(GroupSchool).where(col(GroupSchool.group_id) == col(WorkGroup.id))
    ).scalar_subquery()
    people = (
        select(func.count()).select_from(Participant).where(col(Participant.group_id) == col(WorkGroup.id))
    ).scalar_subquery()
    found = await db.execute(
        visible.groups(member)
        .with_only_columns(
            col(WorkGroup.id),
            col(WorkGroup.code),
            col(WorkGroup.name),
            col(Programme.kind),
            col(Programme.name),
            col(Programme.fewest_schools),
            col(WorkGroup.leader_id),
            col(Person.name),
            col(WorkGroup.online),
            col(WorkGroup.half_terms),
            schools,
            people,
        )
        .where(col(WorkGroup.year) == year)
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .join(Person, col(Person.id) == col(WorkGroup.leader_id))
        .order_by(col(WorkGroup.code))
    )
    return [GroupRow(*tuple(row)) for row in found.all()]


async def one(db: AsyncSession, member: Member, group_id: uuid.UUID) -> Group | None:
    """This Work Group, where the member may see it."""
    found = (
        await db.execute(
            visible.groups(member)
            .add_columns(Programme, col(Person.name))
            .where(col(WorkGroup.id) == group_id)
            .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
            .join(Person, col(Person.id) == col(WorkGroup.leader_id))
        )
    ).one_or_none()
    if found is None:
        return None
    group, programme, leader = found
    return Group(
        group.id,
        group.year,
        group.code,
        group.name,
        _programme(programme),
        group.leader_id,
        leader,
        tuple(sorted(group.half_terms)),
        group.least_gap,
        tuple(group.weekday_cost),
        group.first_host_urn,
        group.online,
        group.joining_link,
        (group.morning_starts, group.morning_ends, group.afternoon_starts, group.afternoon_ends),
        group.version,
    )


async def schools(db: AsyncSession, of: Group) -> list[MemberSchool]:
    """The member schools of a Work Group, by name, with what the hub knows of them this year."""
    found = await db.execute(
        select(col(School.urn), col(School.name), col(School.town), col(HubSchool.hosts), col(HubSchool.calendar_id))
        .join(GroupSchool, col(GroupSchool.urn) == col(School.urn))
        .outerjoin(
            HubSchool,
            (col(HubSchool.urn) == col(School.urn))
            & (col(HubSchool.year) == of.year)
            & (col(HubSchool.hub_id) == col(GroupSchool.hub_id)),
        )
        .where(col(GroupSchool.group_id) == of.id)
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    return [MemberSchool(*row) for row in found.all()]


async def takers(db: AsyncSession, group_id: uuid.UUID) -> list[Taker]:
    """Who takes part in a Work Group, by name."""
    found = await db.execute(
        select(
            col(Person.id),
            col(Person.name),
            col(Participant.urn),
            col(Participant.role),
            col(Person.works),
            col(Person.left_on).is_not(None),
        )
        .join(Participant, col(Participant.person_id) == col(Person.id))
        .where(col(Participant.group_id) == group_id)
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [Taker(*row) for row in found.all()]


async def takers_of_school(db: AsyncSession, member: Member, year: int, urn: int) -> list[tuple[Taker, str]]:
    """Who takes part for a school in Work Groups the member may see, each with the group's code, by name."""
    groups = visible.groups(member).with_only_columns(col(WorkGroup.id)).where(col(WorkGroup.year) == year)
    found = await db.execute(
        select(
            col(Person.id),
            col(Person.name),
            col(Participant.urn),
            col(Participant.role),
            col(Person.works),
            col(Person.left_on).is_not(None),
            col(WorkGroup.code),
        )
        .join(Participant, col(Participant.person_id) == col(Person.id))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(Participant.urn) == urn, col(WorkGroup.id).in_(groups))
        .order_by(func.lower(col(Person.name)), col(WorkGroup.code))
    )
    return [(Taker(*row[:6]), row[6]) for row in found.all()]


async def series_of_group(db: AsyncSession, group_id: uuid.UUID) -> list[Series]:
    """The visit series that belong to a Work Group, by school."""
    found = await db.execute(_series().where(col(VisitSeries.group_id) == group_id))
    return [_one_series(row) for row in found.all()]


async def has_dates(db: AsyncSession, group_id: uuid.UUID) -> bool:
    """Whether a date of the Work Group, or of its visits, was ever in the calendar, cancelled ones too."""
    visits = select(col(VisitSeries.id)).where(col(VisitSeries.group_id) == group_id)
    of_it = or_(col(Event.group_id) == group_id, col(Event.series_id).in_(visits))
    return bool((await db.execute(select(select(col(Event.id)).where(of_it).exists()))).scalar_one())


async def series_of_school(db: AsyncSession, hub_id: uuid.UUID, year: int, urn: int) -> Series | None:
    """The visit series of a school this year, whichever Work Group it belongs to."""
    found = await db.execute(
        _series().where(col(VisitSeries.hub_id) == hub_id, col(VisitSeries.year) == year, col(VisitSeries.urn) == urn)
    )
    row = found.one_or_none()
    return _one_series(row) if row else None


async def programmes(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[ProgrammeRow]:
    """The hub's programmes of the year, by name."""
    found = await db.execute(
        select(Programme)
        .where(col(Programme.hub_id) == hub_id, col(Programme.year) == year)
        .order_by(func.lower(col(Programme.name)))
    )
    return [_programme(one) for one in found.scalars()]


async def codes_from(db: AsyncSession, member: Member, year: int) -> list[tuple[uuid.UUID, str, int]]:
    """Work Groups of this academic year and later that the member may see, as (id, code, year), to choose from."""
    query = visible.groups(member).with_only_columns(col(WorkGroup.id), col(WorkGroup.code), col(WorkGroup.year))
    found = await db.execute(
        query.where(col(WorkGroup.year) >= year).order_by(col(WorkGroup.year), col(WorkGroup.code))
    )
    return [(row[0], row[1], row[2]) for row in found.all()]


async def people(db: AsyncSession, member: Member) -> list[PersonName]:
    """People the member may see who have not left, by name."""
    found = await db.execute(
        visible.people(member)
        .with_only_columns(col(Person.id), col(Person.name), col(Person.base_urn))
        .where(col(Person.left_on).is_(None))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [PersonName(*row) for row in found.all()]


def _series() -> Select[VisitSeries, str, str, str]:
    return (
        select(VisitSeries, col(School.name), col(WorkGroup.code), col(Person.name))
        .join(School, col(School.urn) == col(VisitSeries.urn))
        .join(WorkGroup, col(WorkGroup.id) == col(VisitSeries.group_id))
        .join(Person, col(Person.id) == col(VisitSeries.visitor_id))
        .order_by(func.lower(col(School.name)))
    )


def _one_series(row: Row[VisitSeries, str, str, str]) -> Series:
    series, school, group, visitor = row
    half_terms = tuple(sorted(series.half_terms))
    return Series(series.urn, school, series.group_id, group, series.visitor_id, visitor, half_terms, series.least_gap)


def _programme(row: Programme) -> ProgrammeRow:
    return ProgrammeRow(
        row.id,
        row.kind,
        row.name,
        row.fewest_schools,
        row.most_schools,
        row.participants,
        tuple(sorted(row.visit_half_terms)),
        tuple(sorted(row.observation_half_terms)),
        row.least_gap,
        row.people,
        row.led_by,
    )
