"""Schools of GIAS, a hub's schools and their calendars, as the API tells them."""

import uuid

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.models.meetings import GroupSchool
from app.models.schools import Calendar, CalendarDay, HalfTerm, HubSchool, School, SchoolDay, SchoolLink
from app.store import visible
from app.store.api.shelf import EMPTY, Asked, Order, Row, Slice, groupwise, narrowed, part

ESTABLISHMENTS = {
    "urn": lambda urn: col(School.urn) == urn,
    "la": lambda code: col(School.la_code) == code,
    "search": lambda words: or_(
        col(School.name).icontains(words, autoescape=True), col(School.postcode).istartswith(words, autoescape=True)
    ),
    "open": lambda is_open: col(School.status).istartswith("open") == is_open,
}
OF_A_HUB = {
    "id": lambda key: col(HubSchool.id) == key,
    "urn": lambda urn: col(HubSchool.urn) == urn,
    "year": lambda year: col(HubSchool.year) == year,
    "calendar": lambda key: col(HubSchool.calendar_id) == key,
    "group": lambda key: col(HubSchool.urn).in_(
        select(col(GroupSchool.urn)).where(col(GroupSchool.group_id) == key),
    ),
    "search": lambda words: col(HubSchool.urn).in_(
        select(col(School.urn)).where(col(School.name).icontains(words, autoescape=True))
    ),
}
KEPT = [
    "urn",
    "name",
    "la_code",
    "la_name",
    "kind",
    "status",
    "phase",
    "low_age",
    "high_age",
    "pupils",
    "ofsted",
    "ofsted_on",
    "street",
    "locality",
    "town",
    "county",
    "postcode",
    "website",
    "phone",
    "easting",
    "northing",
    "latitude",
    "longitude",
    "opened_on",
    "closed_on",
]
SHOWN = ("name", "la_code", "la_name", "town", "postcode", "latitude", "longitude", "status")


async def establishments(db: AsyncSession, asked: Asked) -> Slice:
    """Schools as GIAS lists them, with what came before and after each: two statements."""
    rows, following = await part(
        db, narrowed(select(School), asked, ESTABLISHMENTS), Order((col(School.urn),), (int,)), asked
    )
    links = await db.execute(
        select(SchoolLink)
        .where(col(SchoolLink.urn).in_([row.urn for row in rows]))
        .order_by(col(SchoolLink.other_urn), col(SchoolLink.kind))
    )
    linked = groupwise(
        (one.urn, {"urn": one.other_urn, "kind": one.kind, "since": one.since}) for one in links.scalars()
    )
    return Slice(
        [{name: getattr(row, name) for name in KEPT} | {"links": linked.get(row.urn, EMPTY)} for row in rows], following
    )


async def some(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Schools of the hub that this member may see, one a year: three statements."""
    query = narrowed(visible.schools(member), asked, OF_A_HUB)
    rows, following = await part(db, query, Order((col(HubSchool.id),), (uuid.UUID,)), asked)
    urns = [row.urn for row in rows]
    facts = {one.urn: one for one in (await db.execute(select(School).where(col(School.urn).in_(urns)))).scalars()}
    own = await db.execute(
        select(SchoolDay)
        .where(col(SchoolDay.urn).in_(urns), col(SchoolDay.hub_id) == member.hub_id)
        .order_by(col(SchoolDay.day))
    )
    days = groupwise(
        (one.urn, {"id": one.id, "day": one.day, "kind": one.kind, "name": one.name}) for one in own.scalars()
    )
    return Slice([_school(row, facts[row.urn], days.get(row.urn, EMPTY)) for row in rows], following)


def _school(row: HubSchool, facts: School, days: object) -> Row:
    return row.model_dump(exclude={"hub_id"}) | {name: getattr(facts, name) for name in SHOWN} | {"days": days}


async def calendars(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Calendars with half terms and days without pupils: three statements."""
    conditions = {
        "id": lambda key: col(Calendar.id) == key,
        "year": lambda year: col(Calendar.year) == year,
    }
    query = narrowed(select(Calendar).where(col(Calendar.hub_id) == member.hub_id), asked, conditions)
    rows, following = await part(db, query, Order((col(Calendar.id),), (uuid.UUID,)), asked)
    ids = [row.id for row in rows]
    blocks = await db.execute(select(HalfTerm).where(col(HalfTerm.calendar_id).in_(ids)).order_by(col(HalfTerm.number)))
    half_terms = groupwise(
        (one.calendar_id, {"number": one.number, "first": one.first, "last": one.last}) for one in blocks.scalars()
    )
    found = await db.execute(
        select(CalendarDay).where(col(CalendarDay.calendar_id).in_(ids)).order_by(col(CalendarDay.day))
    )
    days = groupwise((one.calendar_id, {"day": one.day, "kind": one.kind, "name": one.name}) for one in found.scalars())
    return Slice(
        [
            row.model_dump(exclude={"hub_id"})
            | {"half_terms": half_terms.get(row.id, EMPTY), "days": days.get(row.id, EMPTY)}
            for row in rows
        ],
        following,
    )
