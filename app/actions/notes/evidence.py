"""What submitted versions show, kept in step with them."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.notes.evidence import agreed, findings
from app.store.notes import evidence
from app.store.notes.about import About
from app.store.notes.versions import Place


async def take_up(
    db: AsyncSession, about: About, version_id: uuid.UUID, places: Collection[Place], now: datetime
) -> None:
    """Keep what a submitted version shows."""
    await evidence.add(db, about, version_id, findings(about.form, list(places), about.happened), now)


async def take_up_agreement(
    db: AsyncSession, about: About, version_id: uuid.UUID, people: Collection[uuid.UUID], now: datetime
) -> None:
    """Keep that both sides agreed."""
    await evidence.add(db, about, version_id, agreed(about.happened, people), now)
