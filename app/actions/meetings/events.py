"""What is done to one meeting, visit or observation: its details, held or not, cancelled and brought back."""

import uuid
from dataclasses import dataclass
from datetime import time
from urllib.parse import urlsplit

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.meetings import states
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import in_london, refuse_clock_change, spoken_date
from app.models.meetings import Event
from app.store.feeds import event_changed
from app.store.meetings import event_changes, events

CHANGED = "Someone changed this while you had it open. Load the page again and make your change once more."


@dataclass(frozen=True, slots=True)
class Details:
    """What can be written of an event by hand; empty times are the usual ones of its half-day."""

    starts: time | None
    ends: time | None
    online: bool
    joining_link: str
    notes: str
    pinned: bool


async def change_details(actor: Actor, event_id: uuid.UUID, version: int, new: Details) -> None:
    """Write an event's own times, its place, what to bring, and whether the planner may move it.

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError (cancelled), or BadInputError.
    """
    event = await _mine(actor, event_id, version)
    if event.status == "cancelled":
        raise ConflictError("This was cancelled. Bring it back before you change it.")
    before, link = _told(event), new.joining_link.strip()
    if link and urlsplit(link).scheme not in {"http", "https"}:
        fault = Fault("joining_link", "Enter the whole address, beginning with https://")
        raise BadInputError("The joining link is not a web address.", (fault,))
    usual = await events.usual(actor.db, event)
    wanted = (new.starts or usual[0], new.ends or usual[1])
    refuse_clock_change(event.day, *wanted)
    event.starts_at, event.ends_at = states.times_of(event.day, *wanted)
    event.own_times = wanted != usual
    event.online, event.joining_link = new.online, link if new.online else ""
    event.notes, event.pinned = new.notes.strip(), new.pinned
    if not await event_changes.move_places(actor.db, event):
        fault = Fault("starts", "Somebody at this is booked elsewhere at that time. Choose other times.")
        raise BadInputError("Somebody is booked elsewhere then.", (fault,))
    await _done(actor, event, "Changed", before)


def _told(event: Event) -> dict[str, object]:
    """What the trail keeps of an event's details; its joining link is a key to a room and stays out."""
    return {
        "starts": event.starts_at.isoformat(),
        "ends": event.ends_at.isoformat(),
        "own times": event.own_times,
        "online": event.online,
        "what to bring": event.notes,
        "pinned": event.pinned,
    }


async def mark_held(actor: Actor, event_id: uuid.UUID, version: int) -> None:
    """Note that it took place. Raises ConflictError before it has begun, and for what is not confirmed."""
    event = await _mine(actor, event_id, version)
    if event.status != "confirmed":
        raise ConflictError(f"This is {states.WORDS[event.status].lower()}, so it cannot be marked as held.")
    if event.starts_at > actor.now:
        day = spoken_date(in_london(event.starts_at).date())
        raise ConflictError(f"This is on {day}. Mark it as held when it has begun.")
    event.status = "held"
    await _done(actor, event, "Marked as held")


async def mark_not_held(actor: Actor, event_id: uuid.UUID, version: int) -> None:
    """Take back that it took place."""
    event = await _mine(actor, event_id, version)
    if event.status != "held":
        raise ConflictError("This is not marked as held.")
    event.status = "confirmed"
    await _done(actor, event, "Marked as not held")


async def cancel(actor: Actor, event_id: uuid.UUID, version: int) -> None:
    """Strike it out of everybody's calendar. Raises ConflictError for what was held or is cancelled."""
    event = await _mine(actor, event_id, version)
    if event.status in {"held", "cancelled"}:
        raise ConflictError(f"This is {states.WORDS[event.status].lower()}, so it cannot be cancelled.")
    event.status, event.cancelled_at = "cancelled", actor.now
    await event_changes.free_places(actor.db, event.id)
    await _done(actor, event, "Cancelled")


async def bring_back(actor: Actor, event_id: uuid.UUID, version: int) -> None:
    """Undo a cancellation. Raises ConflictError when whoever leads it or is observed has been booked elsewhere."""
    event = await _mine(actor, event_id, version)
    if event.status != "cancelled":
        raise ConflictError("This is not cancelled.")
    event.status, event.cancelled_at = "confirmed", None
    if await event_changes.take_places(actor.db, event.id):
        raise ConflictError(
            "Whoever leads this is booked elsewhere at that time now. Propose a new plan to find a day."
        )
    await _done(actor, event, "Brought back")


async def pin(actor: Actor, event_id: uuid.UUID, version: int, *, pinned: bool) -> None:
    """Say whether it keeps its date and place whatever else moves. Raises ConflictError for what is cancelled."""
    event = await _mine(actor, event_id, version)
    if event.status == "cancelled":
        raise ConflictError("This was cancelled. Bring it back before you change it.")
    before, event.pinned = _told(event), pinned
    await _done(actor, event, "Pinned" if pinned else "Unpinned", before)


async def _mine(actor: Actor, event_id: uuid.UUID, version: int) -> Event:
    event = await events.locked(actor.db, actor.member, event_id)
    if event is None:
        raise NotFoundError
    target = Target(event.hub_id, frozenset({event.lead_id}), event.group_id, frozenset({event.urn}))
    actor.require(Can.EDIT_EVENTS, target)
    if event.version != version:
        raise StaleError(CHANGED)
    return event


async def _done(actor: Actor, event: Event, did: str, before: dict[str, object] | None = None) -> None:
    event.version += 1
    await actor.db.flush()
    await event_changed(actor.db, [event.id], actor.now)
    about, after = f"the {event.kind} on {spoken_date(event.day)}", _told(event) if before else None
    await actor.record(did, about, before=before, after=after, event=str(event.id))
