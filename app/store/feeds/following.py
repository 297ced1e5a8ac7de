"""How many people follow their calendar: who has subscribed, and who has not seen the latest change."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.feeds import Feed, FeedFetch
from app.models.meetings import Booking, Event
from app.models.people import Person

Follows = Literal["none", "seen", "behind"]


@dataclass(frozen=True, slots=True)
class Followers:
    """Of how many people how many have subscribed, and how many of those have not seen the latest change."""

    people: int
    subscribed: int
    behind: int


def counted(each: Collection[Follows]) -> Followers:
    """Everybody's state as three numbers."""
    return Followers(len(each), sum(one != "none" for one in each), sum(one == "behind" for one in each))


async def of_event(db: AsyncSession, event_id: uuid.UUID) -> dict[uuid.UUID, Follows]:
    """Everybody booked at this event, and whether a calendar program of theirs has its latest change: one statement."""
    found = await db.execute(
        select(
            col(Person.id), func.count(col(Feed.id)), func.max(col(FeedFetch.revision)), func.max(col(Event.changed_at))
        )
        .select_from(Booking)
        .join(Event, col(Event.id) == col(Booking.event_id))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .outerjoin(Feed, (col(Feed.account_id) == col(Person.account_id)) & col(Feed.hash).is_not(None))
        .outerjoin(FeedFetch, col(FeedFetch.feed_id) == col(Feed.id))
        .where(col(Booking.event_id) == event_id, col(Person.left_on).is_(None))
        .group_by(col(Person.id))
    )
    return {row[0]: _follows(row[1], row[2], row[3]) for row in found.all()}


async def of_people(db: AsyncSession, people: Collection[uuid.UUID]) -> dict[uuid.UUID, Follows]:
    """The same of these people and all that is in their feeds: one statement."""
    found = await db.execute(
        select(
            col(Person.id), func.count(col(Feed.id)), func.max(col(FeedFetch.revision)), func.max(col(Feed.revision))
        )
        .select_from(Person)
        .outerjoin(Feed, (col(Feed.account_id) == col(Person.account_id)) & col(Feed.hash).is_not(None))
        .outerjoin(FeedFetch, col(FeedFetch.feed_id) == col(Feed.id))
        .where(col(Person.id).in_(list(people)), col(Person.left_on).is_(None))
        .group_by(col(Person.id))
    )
    return {row[0]: _follows(row[1], row[2], row[3]) for row in found.all()}


def _follows(feeds: int, fetched: datetime | None, changed: datetime | None) -> Follows:
    if not feeds:
        return "none"
    return "seen" if fetched is not None and changed is not None and fetched >= changed else "behind"
