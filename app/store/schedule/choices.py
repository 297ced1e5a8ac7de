"""What could be let go, kept with the proposal that has no plan."""

import uuid
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.schedule import Proposal


async def keep(db: AsyncSession, proposal_id: uuid.UUID, choices: dict[str, Any]) -> None:
    """Note what was found, or how far the search is."""
    await db.execute(update(Proposal).where(col(Proposal.id) == proposal_id).values(choices=choices))
