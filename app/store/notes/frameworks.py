"""A hub's reflection frameworks in all their versions, and the drafts of the next ones."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.notes.frameworks import Framework, from_data, to_data
from app.domain.notes.frameworks_defaults import FRAMEWORKS
from app.models.notes import ReflectionFramework as Row


@dataclass(frozen=True, slots=True)
class Version:
    """A framework as it was published, since when; one that only ships has no row and no moment."""

    framework: Framework
    published_at: datetime | None = None
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The next version while it is written."""

    framework: Framework
    changed_at: datetime


async def versions(db: AsyncSession, hub_id: uuid.UUID, key: str) -> list[Version]:
    """Published versions of one framework, the newest first; empty for a key that this hub does not have."""
    found = await db.execute(
        select(Row)
        .where(col(Row.hub_id) == hub_id, col(Row.key) == key, col(Row.published_at).is_not(None))
        .order_by(col(Row.version).desc())
    )
    rows = [as_version(row) for row in found.scalars()]
    return rows or ([Version(FRAMEWORKS[key])] if key in FRAMEWORKS else [])


async def newest(db: AsyncSession, hubs: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Version]]:
    """The newest published version of every framework of each hub, those that ship first: one statement."""
    found = await db.execute(
        select(Row)
        .where(col(Row.hub_id).in_(hubs), col(Row.published_at).is_not(None))
        .ext(distinct_on(col(Row.hub_id), col(Row.key)))
        .order_by(col(Row.hub_id), col(Row.key), col(Row.version).desc())
    )
    known = {hub: {key: Version(shipped) for key, shipped in FRAMEWORKS.items()} for hub in hubs}
    for row in found.scalars():
        known[row.hub_id][row.key] = as_version(row)
    return known


async def drafts(db: AsyncSession, hub_id: uuid.UUID) -> dict[str, Draft]:
    """Every draft of the hub, by key."""
    found = select(Row).where(col(Row.hub_id) == hub_id, col(Row.published_at).is_(None)).order_by(col(Row.key))
    return {row.key: Draft(as_framework(row), row.made_at) for row in (await db.execute(found)).scalars()}


async def locked_draft(db: AsyncSession, hub_id: uuid.UUID, key: str) -> Row | None:
    """The draft's row, held until the transaction ends."""
    wanted = select(Row).where(col(Row.hub_id) == hub_id, col(Row.key) == key, col(Row.published_at).is_(None))
    return (await db.execute(wanted.with_for_update())).scalar_one_or_none()


async def keep(
    db: AsyncSession, hub_id: uuid.UUID, framework: Framework, now: datetime, published_at: datetime | None = None
) -> None:
    """A draft, or a published version; when this version was made at the same moment, that one stays."""
    values = {
        "id": Row(hub_id=hub_id, key=framework.key, version=framework.version, name="", made_at=now).id,
        "hub_id": hub_id,
        "key": framework.key,
        "version": framework.version,
        "made_at": now,
        "published_at": published_at,
        **told(framework),
    }
    await db.execute(insert(Row).values(**values).on_conflict_do_nothing())


async def stored(db: AsyncSession, hub_id: uuid.UUID, version: Version, now: datetime) -> uuid.UUID:
    """The row of this version; one that only ships becomes the hub's version 1 now."""
    if version.id is not None:
        return version.id
    await keep(db, hub_id, version.framework, now, published_at=now)
    key, number = version.framework.key, version.framework.version
    found = select(col(Row.id)).where(col(Row.hub_id) == hub_id, col(Row.key) == key, col(Row.version) == number)
    return (await db.execute(found)).scalar_one()


def told(framework: Framework) -> dict[str, object]:
    """What of a framework is columns."""
    return {"name": framework.name, "intro": framework.intro, "indicators": to_data(framework)}


def as_version(row: Row) -> Version:
    """A stored version as the rules know it."""
    return Version(as_framework(row), row.published_at, row.id)


def as_framework(row: Row) -> Framework:
    """A stored framework as the rules know it."""
    return from_data(Framework(key=row.key, version=row.version, name=row.name, intro=row.intro), row.indicators)
