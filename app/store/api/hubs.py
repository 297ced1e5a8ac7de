"""Hubs, their years, programmes and Specialist cohorts, as the API tells them."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.kit.periods import year_span
from app.models.hubs import Closure, Hub, HubYear, Programme, SpecialistCohort
from app.store.api.shelf import Asked, Order, Row, Slice, hours, narrowed, part


async def hub(db: AsyncSession, member: Member) -> Row | None:
    """The member's hub."""
    found = await db.get(Hub, member.hub_id)
    return None if found is None else _hub(found)


def _hub(hub: Hub) -> Row:
    return {
        "code": hub.code,
        "name": hub.name,
        "half_days": {
            "am": hours(hub.morning_starts, hub.morning_ends),
            "pm": hours(hub.afternoon_starts, hub.afternoon_ends),
        },
        "created_at": hub.created_at,
        "version": hub.version,
    }


async def years(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Academic years with their closures, without the bank holidays."""
    query = select(HubYear).where(col(HubYear.hub_id) == member.hub_id)
    query = narrowed(query, asked, {"year": lambda year: col(HubYear.year) == year})
    rows, following = await part(db, query, Order((col(HubYear.year),), (int,)), asked)
    closures = (
        await db.execute(select(Closure).where(col(Closure.hub_id) == member.hub_id).order_by(col(Closure.day)))
    ).scalars()
    days = list(closures)
    return Slice([_year(row, days) for row in rows], following)


def _year(row: HubYear, closures: list[Closure]) -> Row:
    first, last = year_span(row.year)
    return {
        "year": row.year,
        "first_day": first,
        "last_day": last,
        "meetings_per_day": row.meetings_per_day,
        "weights": row.weights,
        "closures": [{"id": one.id, "day": one.day, "name": one.name} for one in closures if first <= one.day <= last],
    }


async def programmes(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Stages' templates, one a kind and year."""
    query = select(Programme).where(col(Programme.hub_id) == member.hub_id)
    conditions = {
        "id": lambda key: col(Programme.id) == key,
        "year": lambda year: col(Programme.year) == year,
        "kind": lambda kind: col(Programme.kind) == kind,
    }
    rows, following = await part(
        db, narrowed(query, asked, conditions), Order((col(Programme.id),), (uuid.UUID,)), asked
    )
    return Slice([row.model_dump(exclude={"hub_id"}) for row in rows], following)


async def cohorts(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Numbered intakes of Mastery Specialists."""
    query = select(SpecialistCohort).where(col(SpecialistCohort.hub_id) == member.hub_id)
    query = narrowed(
        query,
        asked,
        {
            "id": lambda key: col(SpecialistCohort.id) == key,
            "number": lambda number: col(SpecialistCohort.number) == number,
        },
    )
    rows, following = await part(db, query, Order((col(SpecialistCohort.id),), (uuid.UUID,)), asked)
    return Slice([row.model_dump(exclude={"hub_id"}) for row in rows], following)
