"""The shape of a hub's year: the half terms most of its schools keep, and the days on which nobody meets."""

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.kit.bank_holidays import bank_holidays
from app.kit.periods import Span, year_span
from app.models.hubs import Closure
from app.models.meetings import GroupSchool, WorkGroup
from app.models.schools import Calendar, HalfTerm, HubSchool


async def half_terms(db: AsyncSession, hub_id: uuid.UUID, year: int) -> tuple[Span, ...]:
    """The half terms of the calendar that most schools of the hub keep; none when there is no calendar yet."""
    kept = select(func.count(col(HubSchool.id))).where(col(HubSchool.calendar_id) == col(Calendar.id)).scalar_subquery()
    most = (
        select(col(Calendar.id))
        .where(col(Calendar.hub_id) == hub_id, col(Calendar.year) == year)
        .order_by(kept.desc(), col(Calendar.name))
        .limit(1)
        .scalar_subquery()
    )
    found = await db.execute(
        select(col(HalfTerm.first), col(HalfTerm.last))
        .where(col(HalfTerm.calendar_id) == most)
        .order_by(col(HalfTerm.number))
    )
    return tuple(Span(row[0], row[1]) for row in found.all())


async def closures(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[date, str]:
    """Bank holidays and the hub's own days without meetings, each with its name: one statement."""
    found = await db.execute(
        select(col(Closure.day), col(Closure.name)).where(
            col(Closure.hub_id) == hub_id, col(Closure.day).between(*year_span(year))
        )
    )
    return {**bank_holidays(year), **{row[0]: row[1] for row in found.all()}}


async def group_half_terms(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[uuid.UUID, tuple[Span, ...]]:
    """For each Work Group the days that lie inside half terms of every member school: one statement.

    A Work Group without calendars is left out; an empty half term ends before it begins and is left out too.
    """
    found = await db.execute(
        select(
            col(GroupSchool.group_id),
            col(HalfTerm.number),
            func.max(col(HalfTerm.first)),
            func.min(col(HalfTerm.last)),
        )
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .join(HubSchool, (col(HubSchool.urn) == col(GroupSchool.urn)) & (col(HubSchool.year) == col(WorkGroup.year)))
        .join(HalfTerm, col(HalfTerm.calendar_id) == col(HubSchool.calendar_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(HubSchool.hub_id) == hub_id, col(WorkGroup.year) == year)
        .group_by(col(GroupSchool.group_id), col(HalfTerm.number))
        .order_by(col(GroupSchool.group_id), col(HalfTerm.number))
    )
    spans: dict[uuid.UUID, list[Span]] = {}
    for group, _, first, last in found.all():
        if first <= last:
            spans.setdefault(group, []).append(Span(first, last))
    return {group: tuple(terms) for group, terms in spans.items()}
