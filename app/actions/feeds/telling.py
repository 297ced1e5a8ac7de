"""Mailing a change at once to everyone it touches."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.feeds import Facts, feed_event
from app.domain.mail.choices import NEAR
from app.domain.mail.kinds import Kind
from app.kit.periods import in_london, spoken, spoken_date, spoken_hours
from app.render.mail import change_letter
from app.store.feeds import rows
from app.store.feeds.facts import event_facts
from app.store.mail.posting import Written, post

Was = dict[uuid.UUID, datetime | None]


async def tell(db: AsyncSession, hub_id: uuid.UUID, was: Was, address: str, now: datetime) -> None:
    """Write to each person booked on these events; the hub must be open."""
    await post(db, hub_id, await letters_of_change(db, was, address, now), now)


async def letters_of_change(db: AsyncSession, was: Was, address: str, now: datetime) -> list[Written]:
    """A letter for each person booked on these events, which says all that has changed for them.

    `was` is when each event started before, None for one that is new. The events' hub must be open.
    """
    facts = await event_facts(db, list(was))
    ordered = sorted(facts.items(), key=lambda pair: (pair[1].starts, pair[1].uid))
    told = {key: _says(one, was[key], address) for key, one in ordered}
    near = {key for key, one in ordered if _is_near(one.starts, now) or _is_near(was[key], now)}
    guests = await rows.guests_of(db, list(told))
    return [_letter(guest, [key for key in told if key in events], facts, told, near) for guest, events in guests]


def _letter(
    guest: tuple[uuid.UUID, str],
    events: list[uuid.UUID],
    facts: dict[uuid.UUID, Facts],
    told: dict[uuid.UUID, str],
    near: set[uuid.UUID],
) -> Written:
    person_id, email = guest
    letter = change_letter(email, tuple(told[key] for key in events))
    cancelled = all(facts[key].status == "cancelled" for key in events)
    return Written(
        Kind.CANCELLATION if cancelled else Kind.CHANGE,
        letter.to,
        letter.subject,
        letter.text,
        person_id=person_id,
        event_id=events[0] if len(events) == 1 else None,
        at_once=bool(near & set(events)),
    )


def _is_near(starts: datetime | None, now: datetime) -> bool:
    return starts is not None and now < starts <= now + NEAR


def _says(facts: Facts, was: datetime | None, address: str) -> str:
    event = feed_event(facts, address)
    when = f"{spoken_date(in_london(event.starts).date())}, {spoken_hours(event.starts, event.ends)}"
    lines = [event.summary, when]
    if facts.status == "cancelled":
        lines[0] = f"Cancelled: {event.summary}"
    elif was is not None and was != facts.starts:
        lines.append(f"It was {spoken(was)}.")
    return "\n".join([*lines, *([event.location] if event.location else []), event.description])
