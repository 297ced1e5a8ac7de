"""What a participant sheet may name: schools by URN, and the calendars of the year."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.imports import folded
from app.domain.people.participant_rows import Known
from app.models.schools import Calendar, School, SchoolLink


async def known(db: AsyncSession, hub_id: uuid.UUID, year: int, urns: Iterable[int]) -> Known:
    """Of these URNs those that exist, those that have closed (and who continues them), and the year's calendars."""
    found = await db.execute(select(col(School.urn), col(School.name), col(School.status)).where(_among(urns)))
    schools = {urn: (name, status.lower() == "closed") for urn, name, status in found.all()}
    closed = [urn for urn, (_, is_closed) in schools.items() if is_closed]
    heirs = await _heirs(db, closed)
    calendars = await db.execute(
        select(col(Calendar.name)).where(col(Calendar.hub_id) == hub_id, col(Calendar.year) == year)
    )
    return Known(
        schools={urn: name for urn, (name, _) in schools.items()},
        calendars={folded(name): name for name in calendars.scalars()},
        closed={urn: heirs.get(urn, "") for urn in closed},
    )


def _among(urns: Iterable[int]) -> ColumnElement[bool]:
    return col(School.urn).in_(sorted(set(urns)))


async def _heirs(db: AsyncSession, closed: list[int]) -> dict[int, str]:
    """The open school that continues each closed one, as "Oak Lane (145001)"."""
    found = await db.execute(
        select(col(SchoolLink.urn), col(School.name), col(School.urn))
        .join(School, col(School.urn) == col(SchoolLink.other_urn))
        .where(
            col(SchoolLink.urn).in_(closed),
            func.lower(col(SchoolLink.kind)).startswith("successor"),
            func.lower(col(School.status)) != "closed",
        )
    )
    return {urn: f"{name} ({other})" for urn, name, other in found.all()}
