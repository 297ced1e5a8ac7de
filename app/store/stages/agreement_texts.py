"""What a hub has its headteachers sign: every version of each kind, and the draft of the next one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.agreement_texts import SHIPPED
from app.kit.ids import new_id
from app.models.stages import Agreement, AgreementText


@dataclass(frozen=True, slots=True)
class Standing:
    """The text in use for one kind: published, or the one that ships, which has no id and no moment yet."""

    kind: str
    version: int
    text: str
    id: uuid.UUID | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version, and how many agreements were signed with it."""

    row: AgreementText
    signed: int


async def every(db: AsyncSession, hub_id: uuid.UUID) -> list[Version]:
    """Every version that is stored, by kind, the newest first: one statement."""
    signed = (
        select(func.count()).select_from(Agreement).where(col(Agreement.text_id) == col(AgreementText.id))
    ).scalar_subquery()
    found = await db.execute(
        select(AgreementText, signed)
        .where(col(AgreementText.hub_id) == hub_id)
        .order_by(col(AgreementText.kind), col(AgreementText.version).desc())
    )
    return [Version(row, count) for row, count in found.all()]


async def standing(db: AsyncSession, hub_id: uuid.UUID, kind: str) -> Standing:
    """The text in use: the newest that was published, else the one that ships."""
    found = await db.execute(
        select(AgreementText)
        .where(
            col(AgreementText.hub_id) == hub_id,
            col(AgreementText.kind) == kind,
            col(AgreementText.published_at).is_not(None),
        )
        .order_by(col(AgreementText.version).desc())
        .limit(1)
    )
    row = found.scalar_one_or_none()
    if row is None:
        return Standing(kind, 1, SHIPPED[kind])
    return Standing(kind, row.version, row.text, row.id, row.published_at)


async def stored(db: AsyncSession, hub_id: uuid.UUID, kind: str, now: datetime) -> Standing:
    """The text in use with its id; the one that ships becomes the hub's version 1."""
    found = await standing(db, hub_id, kind)
    if found.id is None:
        await _insert(db, hub_id, found, now, published_at=now)
        found = await standing(db, hub_id, kind)
    return found


async def begin(db: AsyncSession, hub_id: uuid.UUID, kind: str, text: str, now: datetime) -> uuid.UUID | None:
    """A draft of the next version; None when somebody began one before."""
    await stored(db, hub_id, kind, now)
    if await draft(db, hub_id, kind):
        return None
    newest = await db.execute(
        select(func.max(col(AgreementText.version))).where(
            col(AgreementText.hub_id) == hub_id, col(AgreementText.kind) == kind
        )
    )
    return await _insert(db, hub_id, Standing(kind, (newest.scalar_one() or 0) + 1, text), now, published_at=None)


async def draft(db: AsyncSession, hub_id: uuid.UUID, kind: str) -> uuid.UUID | None:
    """The draft of a kind, if there is one."""
    found = await db.execute(
        select(col(AgreementText.id))
        .where(
            col(AgreementText.hub_id) == hub_id,
            col(AgreementText.kind) == kind,
            col(AgreementText.published_at).is_(None),
        )
        .limit(1)
    )
    return found.scalar_one_or_none()


async def one(db: AsyncSession, hub_id: uuid.UUID, text_id: uuid.UUID) -> AgreementText | None:
    """One version."""
    found = await db.execute(
        select(AgreementText).where(col(AgreementText.hub_id) == hub_id, col(AgreementText.id) == text_id)
    )
    return found.scalar_one_or_none()


async def held(db: AsyncSession, hub_id: uuid.UUID, text_id: uuid.UUID) -> AgreementText | None:
    """One version, held for a change."""
    found = await db.execute(
        select(AgreementText)
        .where(col(AgreementText.hub_id) == hub_id, col(AgreementText.id) == text_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def _insert(
    db: AsyncSession, hub_id: uuid.UUID, new: Standing, now: datetime, *, published_at: datetime | None
) -> uuid.UUID | None:
    made = await db.execute(
        insert(AgreementText)
        .values(
            id=new_id(),
            hub_id=hub_id,
            kind=new.kind,
            version=new.version,
            text=new.text,
            made_at=now,
            published_at=published_at,
        )
        .on_conflict_do_nothing(index_elements=["hub_id", "kind", "version"])
        .returning(col(AgreementText.id))
    )
    return made.scalar_one_or_none()
