"""Called in the transaction that changes an event: SEQUENCE, LAST-MODIFIED and the revisions of all who are in it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.feeds import next_revision, shown_digest
from app.models.feeds import Feed
from app.models.meetings import Booking, Event
from app.models.people import Person
from app.store.feeds.facts import event_facts

LONGEST = timedelta(days=366)  # an event that ended before this is in no feed


async def event_changed(
    db: AsyncSession, event_ids: Iterable[uuid.UUID], now: datetime, unbooked: Iterable[uuid.UUID] = ()
) -> None:
    """Events, or who is in them, were created, changed or cancelled: call it after the change, in its transaction.

    Where what a feed shows has changed, SEQUENCE rises by one and `changed_at` moves, unless the caller has raised
    SEQUENCE since the last call. Feeds of everyone booked, and of the people in `unbooked`, who lost their place,
    get a new revision. The hubs of the events must be open. A fixed number of statements.
    """
    ids = sorted(set(event_ids))
    locked = select(Event).where(col(Event.id).in_(ids)).order_by(col(Event.id)).with_for_update()
    events = list((await db.execute(locked.execution_options(populate_existing=True))).scalars())
    facts = await event_facts(db, ids)
    for event in events:
        _raise_sequence(event, shown_digest(facts[event.id]), now)
    await db.flush()
    newest = max((event.changed_at for event in events), default=None)
    booked = select(col(Booking.person_id)).where(col(Booking.event_id).in_(ids))
    await _raise_revisions(db, now, newest, or_(col(Person.id).in_(booked), col(Person.id).in_(list(unbooked))))


def _raise_sequence(event: Event, digest: str, now: datetime) -> None:
    """`shown` keeps what feeds showed last, with the SEQUENCE and the Unix second of LAST-MODIFIED it had."""
    kept, _, marks = event.shown.partition(" ")
    sequence, _, second = marks.partition(" ")
    if kept and digest != kept and sequence == str(event.sequence):
        event.sequence += 1
    if kept and sequence != str(event.sequence) and second == _second(event.changed_at):
        event.changed_at = next_revision(event.changed_at, now)
    shown = f"{digest} {event.sequence} {_second(event.changed_at)}"
    if event.shown != shown:
        event.shown = shown
        event.piece = ""


def _second(moment: datetime) -> str:
    return str(int(moment.timestamp()))


async def facts_changed(
    db: AsyncSession,
    now: datetime,
    *,
    urns: Iterable[int] = (),
    groups: Iterable[uuid.UUID] = (),
    leads: Iterable[uuid.UUID] = (),
) -> None:
    """Something that events say has changed: a school's name, address or notes, a group's code, a leader's name."""
    found = await db.execute(
        select(col(Event.id)).where(
            col(Event.ends_at) > now - LONGEST,
            or_(
                col(Event.urn).in_(list(urns)),
                col(Event.group_id).in_(list(groups)),
                col(Event.lead_id).in_(list(leads)),
            ),
        )
    )
    ids = list(found.scalars())
    if ids:
        await event_changed(db, ids, now)


async def people_changed(db: AsyncSession, person_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """What these people may see has changed (a role, leaving the hub): their feeds are made anew."""
    await _raise_revisions(db, now, None, col(Person.id).in_(list(person_ids)))


async def _raise_revisions(db: AsyncSession, now: datetime, newest: datetime | None, who: ColumnElement[bool]) -> None:
    """Locked in one order, so that two changes that touch the same people wait and do not block each other."""
    accounts = select(col(Person.account_id)).where(who)
    feeds = await db.execute(
        select(col(Feed.id), col(Feed.revision))
        .where(col(Feed.account_id).in_(accounts))
        .order_by(col(Feed.id))
        .with_for_update()
    )
    raised = [{"id": id_, "revision": next_revision(revision, now, newest), "stale": True} for id_, revision in feeds]
    if raised:
        await db.execute(update(Feed), raised)
