"""Schools as a hub knows them in one academic year, with their public facts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.kit.periods import Span
from app.models.hubs import Closure, HubYear
from app.models.schools import Calendar, HubSchool, School, SchoolDay, SchoolLink
from app.store import visible

FOUND_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school of the hub in a list; `at` is its place on the British National Grid, in metres."""

    urn: int
    name: str
    town: str
    postcode: str
    authority: str
    status: str
    at: tuple[int, int] | None
    calendar_id: uuid.UUID | None
    calendar: str
    hosts: bool
    hosted_before: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub itself knows of a school this year; `maths` as {"mon": ["am"]}, half terms from 0."""

    year: int
    calendar_id: uuid.UUID | None
    maths: dict[str, list[str]]
    hosts: bool
    hosted_before: int
    rather_not_host: tuple[int, ...]
    notes: str
    version: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What GIAS says of a school."""

    urn: int
    name: str
    kind: str
    status: str
    phase: str
    ages: tuple[int | None, int | None]
    pupils: int | None
    ofsted: str
    ofsted_on: date | None
    address: tuple[str, ...]
    authority: str
    website: str
    phone: str
    at: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day on which this one school is closed, or busy with something else."""

    id: uuid.UUID
    day: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundSchool:
    """A school of GIAS; `here` when it is in the hub's list of the year already."""

    urn: int
    name: str
    town: str
    postcode: str
    authority: str
    status: str
    here: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """A school that came before or after this one."""

    urn: int
    kind: str
    name: str = field(default="")


async def of_year(db: AsyncSession, member: Member, year: int) -> list[SchoolRow]:
    """Every school of the year that the member may see, by name: one statement."""
    found = await db.execute(
        visible.schools(member)
        .with_only_columns(
            col(School.urn),
            col(School.name),
            col(School.town),
            col(School.postcode),
            col(School.la_name),
            col(School.status),
            col(School.easting),
            col(School.northing),
            col(HubSchool.calendar_id),
            col(Calendar.name),
            col(HubSchool.hosts),
            col(HubSchool.hosted_before),
        )
        .where(col(HubSchool.year) == year)
        .join(School, col(School.urn) == col(HubSchool.urn))
        .outerjoin(Calendar, col(Calendar.id) == col(HubSchool.calendar_id))
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    return [
        SchoolRow(urn, name, town, postcode, authority, status, _place(east, north), calendar_id, called or "", *own)
        for urn, name, town, postcode, authority, status, east, north, calendar_id, called, *own in found.all()
    ]


async def known(db: AsyncSession, member: Member, year: int, urn: int) -> Known | None:
    """What the hub knows of this school, where the member may see it."""
    found = (
        await db.execute(visible.schools(member).where(col(HubSchool.year) == year, col(HubSchool.urn) == urn))
    ).scalar_one_or_none()
    if found is None:
        return None
    return Known(
        found.year,
        found.calendar_id,
        found.maths,
        found.hosts,
        found.hosted_before,
        tuple(found.rather_not_host),
        found.notes,
        found.version,
    )


async def facts(db: AsyncSession, urn: int) -> Facts | None:
    """What GIAS says of this school."""
    found = await db.get(School, urn)
    if found is None:
        return None
    lines = (found.street, found.locality, found.address3, found.town, found.county, found.postcode)
    return Facts(
        found.urn,
        found.name,
        found.kind,
        found.status,
        found.phase,
        (found.low_age, found.high_age),
        found.pupils,
        found.ofsted,
        found.ofsted_on,
        tuple(line for line in lines if line),
        found.la_name,
        found.website,
        found.phone,
        _place(found.easting, found.northing),
    )


async def links(db: AsyncSession, urn: int) -> list[Linked]:
    """Schools that came before or after this one, with GIAS's own word for how."""
    found = await db.execute(
        select(col(SchoolLink.other_urn), col(SchoolLink.kind), col(School.name))
        .outerjoin(School, col(School.urn) == col(SchoolLink.other_urn))
        .where(col(SchoolLink.urn) == urn)
        .order_by(col(SchoolLink.since), col(SchoolLink.other_urn))
    )
    return [Linked(other, kind, name or "") for other, kind, name in found.all()]


async def own_days(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int], span: Span) -> dict[int, list[OwnDay]]:
    """Closed and busy days of these schools within the span, by school, in order."""
    found = await db.execute(
        select(SchoolDay)
        .where(col(SchoolDay.hub_id) == hub_id, col(SchoolDay.urn).in_(urns), col(SchoolDay.day).between(*span))
        .order_by(col(SchoolDay.day))
    )
    days: dict[int, list[OwnDay]] = {urn: [] for urn in urns}
    for one in found.scalars():
        days[one.urn].append(OwnDay(one.id, one.day, one.kind, one.name))
    return days


async def own_day(db: AsyncSession, hub_id: uuid.UUID, urn: int, day_id: uuid.UUID) -> OwnDay | None:
    """One closed or busy day of this school."""
    found = await db.execute(
        select(SchoolDay).where(col(SchoolDay.id) == day_id, col(SchoolDay.hub_id) == hub_id, col(SchoolDay.urn) == urn)
    )
    one = found.scalar_one_or_none()
    return OwnDay(one.id, one.day, one.kind, one.name) if one else None


async def hub_closures(db: AsyncSession, hub_id: uuid.UUID, span: Span) -> dict[date, str]:
    """The hub's own days without meetings within the span."""
    found = await db.execute(
        select(col(Closure.day), col(Closure.name))
        .where(col(Closure.hub_id) == hub_id, col(Closure.day).between(*span))
        .order_by(col(Closure.day))
    )
    return {row[0]: row[1] for row in found.all()}


async def years(db: AsyncSession, hub_id: uuid.UUID) -> list[int]:
    """The hub's academic years, oldest first."""
    found = await db.execute(select(col(HubYear.year)).where(col(HubYear.hub_id) == hub_id).order_by(col(HubYear.year)))
    return list(found.scalars())


async def find(db: AsyncSession, hub_id: uuid.UUID, year: int, words: str) -> list[FoundSchool]:
    """Open schools of GIAS by URN, postcode, name or town: the first 30, those whose name begins so first."""
    text = " ".join(words.split()).lower()
    like = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    here = select(col(HubSchool.urn)).where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year)
    name = func.lower(col(School.name))
    found = await db.execute(
        select(
            col(School.urn),
            col(School.name),
            col(School.town),
            col(School.postcode),
            col(School.la_name),
            col(School.status),
            col(School.urn).in_(here),
        )
        .where(
            func.lower(col(School.status)) != "closed",
            or_(
                cast(col(School.urn), String) == text,
                name.like(like),
                func.lower(col(School.town)).like(like),
                func.replace(func.lower(col(School.postcode)), " ", "").like(like.replace(" ", "")),
            ),
        )
        .order_by(name.like(like[1:]).desc(), name, col(School.urn))
        .limit(FOUND_AT_MOST)
    )
    return [FoundSchool(*row) for row in found.all()]


def _place(east: int | None, north: int | None) -> tuple[int, int] | None:
    return None if east is None or north is None else (east, north)
