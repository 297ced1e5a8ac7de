"""A hub's grant years as its settings say them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.funding import FundingYear, Statement

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Year:
    """The grant in pence, when to alert (per cent of it), how statements are cut, when they were brought up to date."""

    year: int
    grant_pence: int = 0
    near: int = 5
    per: str = "school"
    every: str = "term"
    renewed_at: datetime | None = None
    version: int = 1


async def of(db: AsyncSession, hub_id: uuid.UUID, year: int) -> Year:
    """The settings of the year, the usual ones where nobody has set any: one statement."""
    found = await db.execute(
        select(FundingYear).where(col(FundingYear.hub_id) == hub_id, col(FundingYear.year) == year)
    )
    row = found.scalar_one_or_none()
    if row is None:
        return Year(year)
    return Year(row.year, row.grant_pence, row.near, row.per, row.every, row.renewed_at, row.version)


async def years(db: AsyncSession, hub_id: uuid.UUID) -> list[int]:
    """The grant years that are set up, the newest first: one statement."""
    year = col(FundingYear.year)
    found = await db.execute(select(year).where(col(FundingYear.hub_id) == hub_id).order_by(year.desc()))
    return list(found.scalars())


async def open_statements(db: AsyncSession, hub_id: uuid.UUID, year: int) -> int:
    """How many statements of the year are open: one statement."""
    found = await db.execute(
        select(func.count())
        .select_from(Statement)
        .where(col(Statement.hub_id) == hub_id, col(Statement.year) == year, col(Statement.state) == OPEN)
    )
    return found.scalar_one()
