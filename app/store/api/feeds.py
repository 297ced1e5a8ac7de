"""How somebody's own feeds do, as the API tells it; never their addresses."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.feeds import Feed, FeedFetch
from app.store.api.shelf import EMPTY, Row, groupwise


async def health(db: AsyncSession, account_id: uuid.UUID) -> list[Row]:
    """Each feed: for what, whether it is served, when it last changed, which programs fetched it. Two statements."""
    found = await db.execute(
        select(
            col(Feed.id),
            col(Feed.purpose),
            col(Feed.made_at),
            col(Feed.revision),
            col(Feed.alarm_minutes),
            col(Feed.hash).is_not(None),
        )
        .where(col(Feed.account_id) == account_id)
        .order_by(col(Feed.purpose))
    )
    feeds = list(found.all())
    fetched = await db.execute(
        select(FeedFetch).where(col(FeedFetch.feed_id).in_([feed[0] for feed in feeds])).order_by(col(FeedFetch.client))
    )
    fetches = groupwise(
        (one.feed_id, {"client": one.client, "fetched_at": one.fetched_at, "revision": one.revision})
        for one in fetched.scalars()
    )
    return [
        {
            "purpose": purpose,
            "active": active,
            "made_at": made_at,
            "revision": revision,
            "alarm_minutes": alarm,
            "fetches": fetches.get(key, EMPTY),
        }
        for key, purpose, made_at, revision, alarm, active in feeds
    ]
