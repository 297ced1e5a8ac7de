"""Feeds as rows: whose they are, what they hold, who fetched them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.feeds import CANCELLED_STAYS, Facts
from app.models.feeds import Feed, FeedFetch
from app.models.meetings import Booking, Event, Invitation
from app.models.people import Account, Person
from app.store import visible
from app.store.feeds.changes import LONGEST
from app.store.feeds.facts import event_facts


@dataclass(frozen=True, slots=True)
class Shown:
    """An event of a feed: its kept piece (empty: not rendered yet) and what its stay depends on."""

    id: uuid.UUID
    uid: str
    piece: str
    changed_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None


async def lock_feed(db: AsyncSession, feed_id: uuid.UUID) -> tuple[Feed, str] | None:
    """The feed and its owner's e-mail address, held against anyone who would raise its revision meanwhile."""
    found = await db.execute(select(Feed).where(col(Feed.id) == feed_id).with_for_update())
    feed = found.scalar_one_or_none()
    if feed is None:
        return None
    owner = await db.execute(select(col(Account.email)).where(col(Account.id) == feed.account_id))
    return feed, owner.scalar_one()


async def owner_of(db: AsyncSession, feed_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """The account that a feed belongs to, and its e-mail address."""
    found = await db.execute(
        select(col(Account.id), col(Account.email))
        .join(Feed, col(Feed.account_id) == col(Account.id))
        .where(col(Feed.id) == feed_id)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def events_of(db: AsyncSession, member: Member, now: datetime) -> list[Shown]:
    """What this member has a place in and may see, that can be in a feed now (the rule itself is leaves_at)."""
    mine = select(col(Booking.event_id)).where(col(Booking.person_id) == member.person_id)
    events = (
        visible.events(member)
        .where(
            col(Event.id).in_(mine),
            col(Event.ends_at) > now - LONGEST,
            or_(col(Event.cancelled_at).is_(None), col(Event.cancelled_at) > now - CANCELLED_STAYS),
        )
        .with_only_columns(
            col(Event.id),
            col(Event.uid),
            col(Event.piece),
            col(Event.changed_at),
            col(Event.ends_at),
            col(Event.cancelled_at),
        )
    )
    return [Shown(*row) for row in await db.execute(events)]


async def lock_unrendered(db: AsyncSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Facts]:
    """The facts of those of these events that nobody has rendered yet, held until the transaction ends."""
    held = await db.execute(
        select(col(Event.id))
        .where(col(Event.id).in_(ids), col(Event.piece) == "")
        .order_by(col(Event.id))
        .with_for_update()
    )
    return await event_facts(db, list(held.scalars()))


async def keep_pieces(db: AsyncSession, pieces: dict[uuid.UUID, bytes]) -> None:
    """Keep each event's rendered piece."""
    if pieces:
        await db.execute(update(Event), [{"id": id_, "piece": piece.decode()} for id_, piece in pieces.items()])


async def one_event(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Facts | None:
    """An event that this member may see."""
    found = await db.execute(visible.events(member).where(col(Event.id) == event_id).with_only_columns(col(Event.id)))
    return (await event_facts(db, [event_id])).get(event_id) if found.first() else None


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """A feed as its owner sees it: everything but its token and its body."""

    id: uuid.UUID
    purpose: str
    made_at: datetime
    revision: datetime
    alarm_minutes: int | None


async def own_feeds(db: AsyncSession, account_id: uuid.UUID) -> list[OwnFeed]:
    """The account's feeds that have an address, the oldest first: one statement."""
    found = await db.execute(
        select(col(Feed.id), col(Feed.purpose), col(Feed.made_at), col(Feed.revision), col(Feed.alarm_minutes))
        .where(col(Feed.account_id) == account_id, col(Feed.hash).is_not(None))
        .order_by(col(Feed.made_at), col(Feed.id))
    )
    return [OwnFeed(row[0], row[1], row[2], row[3], row[4]) for row in found.all()]


async def feeds_of(db: AsyncSession, account_id: uuid.UUID) -> list[Feed]:
    """The same as rows to change."""
    found = await db.execute(
        select(Feed)
        .where(col(Feed.account_id) == account_id, col(Feed.hash).is_not(None))
        .order_by(col(Feed.made_at), col(Feed.id))
    )
    return list(found.scalars())


async def own_feed(db: AsyncSession, account_id: uuid.UUID, feed_id: uuid.UUID) -> Feed | None:
    """One of the account's own feeds that has an address, held against changes."""
    found = await db.execute(
        select(Feed)
        .where(col(Feed.id) == feed_id, col(Feed.account_id) == account_id, col(Feed.hash).is_not(None))
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def feed_for(db: AsyncSession, account_id: uuid.UUID, purpose: str) -> Feed | None:
    """The account's feed for this purpose, with or without an address, held against changes."""
    found = await db.execute(
        select(Feed).where(col(Feed.account_id) == account_id, col(Feed.purpose) == purpose).with_for_update()
    )
    return found.scalar_one_or_none()


async def add_feed(db: AsyncSession, feed: Feed) -> None:
    """Put a new feed into the database."""
    db.add(feed)
    await db.flush()


async def guests_of(db: AsyncSession, ids: Sequence[uuid.UUID]) -> list[tuple[tuple[uuid.UUID, str], set[uuid.UUID]]]:
    """Everyone booked on these events (person, e-mail address), each with their events.

    Whoever left is left out, and whoever is invited by mail: a new invitation tells them, and nobody is told twice.
    """
    invited = exists().where(
        col(Invitation.event_id) == col(Booking.event_id),
        col(Invitation.person_id) == col(Booking.person_id),
        col(Invitation.mailed_to) != "",
    )
    found = await db.execute(
        select(col(Person.id), col(Person.email), col(Booking.event_id))
        .join(Booking, col(Booking.person_id) == col(Person.id))
        .where(col(Booking.event_id).in_(ids), col(Person.left_on).is_(None), col(Person.email) != "", ~invited)
        .order_by(col(Person.email), col(Person.id))
    )
    guests: dict[tuple[uuid.UUID, str], set[uuid.UUID]] = {}
    for person_id, email, event_id in found.all():
        guests.setdefault((person_id, email), set()).add(event_id)
    return list(guests.items())


class Visit(NamedTuple):
    """A fetch that was answered: by which program, when, and with which revision."""

    feed_id: uuid.UUID
    client: str
    at: datetime
    revision: datetime


async def note_visits(db: AsyncSession, visits: Sequence[Visit]) -> None:
    """Keep the last fetch of each program; feeds that are gone are passed over. One visit a feed and program."""
    alive = set(
        (await db.execute(select(col(Feed.id)).where(col(Feed.id).in_([visit.feed_id for visit in visits])))).scalars()
    )
    rows = [
        {"feed_id": visit.feed_id, "client": visit.client, "fetched_at": visit.at, "revision": visit.revision}
        for visit in sorted(visits)
        if visit.feed_id in alive
    ]
    if not rows:
        return
    wanted = insert(FeedFetch).values(rows)
    await db.execute(
        wanted.on_conflict_do_update(
            index_elements=["feed_id", "client"],
            set_={
                "fetched_at": func.greatest(col(FeedFetch.fetched_at), wanted.excluded.fetched_at),
                "revision": func.greatest(col(FeedFetch.revision), wanted.excluded.revision),
            },
        )
    )


async def fetches_of(db: AsyncSession, account_id: uuid.UUID) -> list[FeedFetch]:
    """The last fetch of each feed of the account by each program, newest first."""
    found = await db.execute(
        select(FeedFetch)
        .join(Feed, and_(col(Feed.id) == col(FeedFetch.feed_id), col(Feed.account_id) == account_id))
        .order_by(col(FeedFetch.fetched_at).desc(), col(FeedFetch.client))
    )
    return list(found.scalars())


async def forget_fetches(db: AsyncSession, feed_id: uuid.UUID) -> None:
    """A new address has been fetched by nobody yet."""
    await db.execute(delete(FeedFetch).where(col(FeedFetch.feed_id) == feed_id))
