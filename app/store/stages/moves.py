"""Moves of schools between stages: those that wait, and those that were settled."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.stages import StageMove


async def waiting(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """How many moves wait for this person: those that somebody else proposed."""
    others = (col(StageMove.proposed_by).is_(None)) | (col(StageMove.proposed_by) != person_id)
    found = await db.execute(
        select(func.count()).where(col(StageMove.hub_id) == hub_id, col(StageMove.state) == "proposed", others)
    )
    return found.scalar_one()
