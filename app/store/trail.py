"""Writing and reading the trail."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.trail import TrailEntry


async def record(
    db: AsyncSession, hub_id: uuid.UUID, account_id: uuid.UUID | None, now: datetime, did: str, about: str, **facts: Any
) -> None:
    """Note that something was done, in the transaction that does it."""
    db.add(TrailEntry(hub_id=hub_id, at=now, account_id=account_id, did=did, about=about, facts=facts))
