"""Whether the server's parts answer."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.store import jobs
from app.store.migrations import newest, version_seen


async def readiness(db: AsyncSession) -> dict[str, bool]:
    """Database, migrations and queue: whether each is as it must be."""
    return {
        "database": True,
        "migrations": await version_seen(db) == newest(),
        "queue": await jobs.reachable(db),
    }
