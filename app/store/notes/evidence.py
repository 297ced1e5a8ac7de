"""Evidence rows: added with a version, superseded with it, and never gone."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.notes.evidence import Finding
from app.kit.ids import new_id
from app.models.notes import Evidence
from app.store.notes.about import About


async def add(db: AsyncSession, about: About, version_id: uuid.UUID, found: Sequence[Finding], now: datetime) -> None:
    """Keep what a version shows."""
    if not found:
        return
    rows = [
        {
            "id": new_id(),
            "hub_id": about.hub_id,
            "event_id": about.id,
            "version_id": version_id,
            "urn": one.urn,
            "kind": one.kind,
            "key": one.key,
            "facts": one.facts,
            "day": about.day,
            "made_at": now,
        }
        for one in found
    ]
    await db.execute(insert(Evidence), rows)


async def supersede(db: AsyncSession, version_id: uuid.UUID, now: datetime) -> None:
    """What this version showed no longer counts."""
    mine = (col(Evidence.version_id) == version_id) & col(Evidence.superseded_at).is_(None)
    await db.execute(update(Evidence).where(mine).values(superseded_at=now))


async def reinstate(db: AsyncSession, version_id: uuid.UUID) -> None:
    """What this version showed counts again: the one that took its place was withdrawn."""
    await db.execute(update(Evidence).where(col(Evidence.version_id) == version_id).values(superseded_at=None))


async def standing(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> list[Evidence]:
    """The evidence of a school that counts, the earliest day first: one statement."""
    found = await db.execute(
        select(Evidence)
        .where(
            col(Evidence.hub_id) == hub_id,
            col(Evidence.urn) == urn,
            col(Evidence.superseded_at).is_(None),
        )
        .order_by(col(Evidence.day), col(Evidence.made_at), col(Evidence.key), col(Evidence.id))
    )
    return list(found.scalars())
