"""Called in the transaction that changes an event: SEQUENCE, LAST-MODIFIED and the revisions of all who are in it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.feeds import Before, next_revision, shown_digest, told_at_once
from app.models.feeds import Feed
from app.models.meetings import Booking, Event
from app.models.people import Person
from app.store import jobs
from app.store.feeds import invited
from app.store.feeds.facts import event_facts

LONGEST = timedelta(days=366)  # an event that ended before this is in no feed


async def event_changed(
    db: AsyncSession, event_ids: Iterable[uuid.UUID], now: datetime, unbooked: Iterable[uuid.UUID] = ()
) -> None:
    """Events, or who is in them, were created, changed or cancelled: call it after the change, in its transaction.

    Where what a feed shows has changed, SEQUENCE rises by one and `changed_at` moves, unless the caller has raised
    SEQUENCE since the last call. Feeds of everyone booked, and of the people in `unbooked`, who lost their place,
    get a new revision. Changes that are too near for a calendar program are mailed. The hubs of the events must be
    open. A fixed number of statements.
    """
    ids = sorted(set(event_ids))
    locked = select(Event).where(col(Event.id).in_(ids)).order_by(col(Event.id)).with_for_update()
    events = list((await db.execute(locked.execution_options(populate_existing=True))).scalars())
    facts = await event_facts(db, ids)
    moved, cancelled = _dates_gone(events)
    news = [(event, was) for event in events for was in _raised(event, shown_digest(facts[event.id]), now)]
    await db.flush()
    stood_in = await invited.dates_gone(db, moved, cancelled, now)
    unbooked = list(unbooked)
    stood_in |= await invited.places_gone(db, ids, unbooked, now)
    newest = max((event.changed_at for event in events), default=None)
    unbooked = [*unbooked, *stood_in]
    booked = select(col(Booking.person_id)).where(col(Booking.event_id).in_(ids))
    await _raise_revisions(db, now, newest, or_(col(Person.id).in_(booked), col(Person.id).in_(list(unbooked))))
    in_step = await invited.in_step(db, ids)
    for hub_id in sorted({event.hub_id for event, _ in news} | set(in_step)):
        was = {str(event.id): was and was.starts.isoformat() for event, was in news if event.hub_id == hub_id}
        more: dict[str, Any] = {"invited": [str(one) for one in in_step[hub_id]]} if hub_id in in_step else {}
        await jobs.defer(db, "tell_of_changes", hub_id=str(hub_id), was=was, **more)


def _dates_gone(events: Iterable[Event]) -> tuple[dict[uuid.UUID, datetime], dict[uuid.UUID, datetime]]:
    """Events that start at another time than feeds showed last, and those struck out since; each with when it was."""
    shown = {event.id: before for event in events if (before := Shown.read(event.shown))}
    was = {key: datetime.fromtimestamp(one.starts, UTC) for key, one in shown.items()}
    moved = {
        one.id: was[one.id] for one in events if one.id in shown and shown[one.id].starts != _second(one.starts_at)
    }
    cancelled = {
        one.id: was[one.id]
        for one in events
        if one.id in shown and one.status == "cancelled" and shown[one.id].status != "cancelled"
    }
    return moved, {key: at for key, at in cancelled.items() if key not in moved}


def _raised(event: Event, digest: str, now: datetime) -> list[Before | None]:
    """Raise SEQUENCE where feeds will show something else; how it stood before, if that is to be mailed at once."""
    shown = Shown.read(event.shown)
    if shown and digest != shown.digest and shown.sequence == event.sequence:
        event.sequence += 1
    if shown and shown.sequence != event.sequence and shown.second == _second(event.changed_at):
        event.changed_at = next_revision(event.changed_at, now)
    written = Shown(digest, event.sequence, _second(event.changed_at), _second(event.starts_at), event.status)
    event.shown = written.write()
    if shown and shown[:3] == written[:3]:
        return []
    event.piece = ""
    before = Before(datetime.fromtimestamp(shown.starts, UTC), shown.status) if shown else None
    changed = shown is None or digest != shown.digest
    return [before] if changed and told_at_once(before, event.starts_at, event.status, now) else []


class Shown(NamedTuple):
    """What `event.shown` keeps: a digest of what feeds showed last, and how the event stood then (Unix seconds)."""

    digest: str
    sequence: int
    second: int  # of LAST-MODIFIED
    starts: int
    status: str

    @classmethod
    def read(cls, text: str) -> "Shown | None":
        """None for an event that no feed has shown."""
        if not text:
            return None
        digest, sequence, second, starts, status = text.split(" ")
        return cls(digest, int(sequence), int(second), int(starts), status)

    def write(self) -> str:
        """As one line."""
        return " ".join(map(str, self))


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


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


async def unnoticed(db: AsyncSession, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of these events that feeds would now show differently, though nobody has called event_changed."""
    facts = await event_facts(db, ids)
    kept = await db.execute(select(col(Event.id), col(Event.shown)).where(col(Event.id).in_(ids)))
    return [id_ for id_, shown in kept.all() if shown.partition(" ")[0] != shown_digest(facts[id_])]


async def look_again(db: AsyncSession) -> None:
    """Public facts of schools have changed, for every hub: each feed finds out at its next fetch what that changes.

    No hub need be open. Revisions rise only where something is found.
    """
    await db.execute(update(Feed).where(~col(Feed.stale)).values(stale=True))


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
