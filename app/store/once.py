"""An API call that is sent again with the same key is done once, and answered alike."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.once import OnceKey

DAYS = 7


async def claim(db: AsyncSession, account_id: uuid.UUID, key: str, request: bytes, now: datetime) -> OnceKey | None:
    """Take the key for this request: None when it is ours now, else what was answered before.

    Two at once: the second waits here until the first has committed or failed.
    """
    old = now - timedelta(days=DAYS)
    await db.execute(delete(OnceKey).where(col(OnceKey.account_id) == account_id, col(OnceKey.made_at) < old))
    taken = await db.execute(
        insert(OnceKey)
        .values(account_id=account_id, key=key, request_hash=request, status=0, body=b"", made_at=now)
        .on_conflict_do_nothing()
        .returning(col(OnceKey.key))
    )
    if taken.scalar_one_or_none() is not None:
        return None
    return (
        await db.execute(select(OnceKey).where(col(OnceKey.account_id) == account_id, col(OnceKey.key) == key))
    ).scalar_one_or_none()


async def answer(db: AsyncSession, account_id: uuid.UUID, key: str, status: int, body: bytes) -> None:
    """Keep what was answered, in the transaction of what was done."""
    await db.execute(
        update(OnceKey)
        .where(col(OnceKey.account_id) == account_id, col(OnceKey.key) == key)
        .values(status=status, body=body)
    )
