"""Names of schools by URN, for lists of the ledger."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.schools import School


async def names(db: AsyncSession, urns: Collection[int]) -> dict[int, str]:
    """What the register calls these schools: one statement."""
    if not urns:
        return {}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(urns)))
    return {row[0]: row[1] for row in found.all()}
