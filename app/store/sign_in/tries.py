"""Counting tries, in rows, so that all processes count together."""

from datetime import datetime

from sqlalchemy import case, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.sign_in import WINDOW, Limit
from app.models.people import PasskeyChallenge, Session, SignInLink, SignInTries


async def count(db: AsyncSession, limit: Limit, whose: bytes, now: datetime) -> tuple[int, datetime]:
    """Count one more try: how many there are in this hour now, and when it began. Two at once wait for each other."""
    over = col(SignInTries.began_at) <= now - WINDOW
    row = insert(SignInTries).values(kind=limit.kind, whose=whose, began_at=now, count=1)
    written = row.on_conflict_do_update(
        index_elements=["kind", "whose"],
        set_={
            "count": case((over, 1), else_=func.least(col(SignInTries.count) + 1, limit.most + 2)),
            "began_at": case((over, now), else_=col(SignInTries.began_at)),
        },
    ).returning(col(SignInTries.count), col(SignInTries.began_at))
    found = (await db.execute(written)).one()
    return found[0], found[1]


async def tidy(db: AsyncSession, now: datetime) -> None:
    """Forget what no longer serves: tries of hours that are over, and links, challenges and sessions that ended."""
    await db.execute(delete(SignInTries).where(col(SignInTries.began_at) <= now - WINDOW))
    await db.execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.expires_at) <= now))
    await db.execute(delete(SignInLink).where(col(SignInLink.expires_at) <= now - WINDOW))
    await db.execute(delete(Session).where(col(Session.expires_at) <= now))
