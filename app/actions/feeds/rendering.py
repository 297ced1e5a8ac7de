"""Making a feed's body anew: every event is rendered once per change, a feed is a join of kept pieces."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.feeds import entity_tag, feed_event, in_window, leaves_at, next_revision, valid_until
from app.kit.errors import NotFoundError
from app.models.feeds import Feed
from app.render.feeds import NAME, calendar, event_piece, single, zipped
from app.store import people
from app.store.database import Database
from app.store.feeds import event_changed, rows
from app.store.feeds.changes import unnoticed


async def refresh_feed(database: Database, feed_id: uuid.UUID, now: datetime, address: str) -> None:
    """Make a feed's body anew where it is out of date; `address` is the site's.

    Two transactions, so that nobody who holds a feed waits for an event: first the pieces that nobody has
    rendered yet, then the feed.
    """
    async with database.transaction() as db:
        await _keep_pieces(db, feed_id, now, address)
    async with database.transaction() as db:
        found = await rows.lock_feed(db, feed_id)
        if found is None or not _out_of_date(found[0], now):
            return
        feed, email = found
        events = await _events(db, feed.account_id, email, now)
        if all(event.piece for event in events):  # else an event changed between the two: it stays stale, ask again
            _keep(feed, events, now)


def _out_of_date(feed: Feed, now: datetime) -> bool:
    return feed.stale or (feed.valid_until is not None and feed.valid_until <= now)


async def _keep_pieces(db: AsyncSession, feed_id: uuid.UUID, now: datetime, address: str) -> None:
    owner = await rows.owner_of(db, feed_id)
    if owner is None:
        return
    events = await _events(db, *owner, now)
    ids = [event.id for event in events]
    changed = await unnoticed(db, ids)
    if changed:  # a school's address, say, that came with a national file
        await event_changed(db, changed, now)
    if changed or not all(event.piece for event in events):
        facts = await rows.lock_unrendered(db, ids)
        await rows.keep_pieces(db, {id_: event_piece(feed_event(one, address)) for id_, one in facts.items()})


async def one_event_file(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID, address: str) -> bytes:
    """The `.ics` file of one event that the viewer may see; raises NotFoundError."""
    for member in viewer.members:
        facts = await rows.one_event(db, member, event_id)
        if facts is not None:
            return single(event_piece(feed_event(facts, address)))
    raise NotFoundError


async def _events(db: AsyncSession, account_id: uuid.UUID, email: str, now: datetime) -> Sequence[rows.Shown]:
    """What the account may see and has a place in, over all its hubs, as it stands in the window now."""
    viewer = await people.viewer(db, account_id, email)
    found = [event for member in viewer.members for event in await rows.events_of(db, member, now)]
    return [event for event in found if in_window(event.ends_at, event.cancelled_at, now)]


def _keep(feed: Feed, events: Sequence[rows.Shown], now: datetime) -> None:
    """A change has raised the revision already; time alone has not."""
    body = calendar(NAME, [(event.uid, event.piece.encode()) for event in events], feed.alarm_minutes)
    newest = max((event.changed_at for event in events), default=None)
    if not feed.stale or (newest and newest > feed.revision):
        feed.revision = next_revision(feed.revision, now, newest)
    feed.body, feed.body_gzip, feed.etag = body, zipped(body), entity_tag(body)
    feed.valid_until = valid_until(leaves_at(event.ends_at, event.cancelled_at) for event in events)
    feed.stale = False
