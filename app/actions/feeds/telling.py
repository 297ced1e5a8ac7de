"""Mailing a change at once to everyone it touches."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.feeds import Facts, feed_event
from app.kit.periods import in_london, spoken, spoken_date, spoken_hours
from app.render.mail import Letter, change_letter
from app.store import jobs
from app.store.feeds import rows
from app.store.feeds.facts import event_facts


async def letters_of_change(db: AsyncSession, was: dict[uuid.UUID, datetime | None], address: str) -> list[Letter]:
    """A letter for each person booked on these events, which says all that has changed for them.

    `was` is when each event started before, None for one that is new. The events' hub must be open.
    """
    facts = await event_facts(db, list(was))
    ordered = sorted(facts.items(), key=lambda pair: (pair[1].starts, pair[1].uid))
    told = {key: _says(one, was[key], address) for key, one in ordered}
    guests = await rows.addresses_of(db, list(told))
    return [change_letter(to, tuple(told[key] for key in told if key in events)) for to, events in guests.items()]


async def post(db: AsyncSession, letters: list[Letter]) -> None:
    """Put each letter into the queue by itself, so that one bad address holds up nobody else."""
    for letter in letters:
        await jobs.defer(db, "send_letter", to=letter.to, subject=letter.subject, text=letter.text)


def _says(facts: Facts, was: datetime | None, address: str) -> str:
    event = feed_event(facts, address)
    when = f"{spoken_date(in_london(event.starts).date())}, {spoken_hours(event.starts, event.ends)}"
    lines = [event.summary, when]
    if facts.status == "cancelled":
        lines[0] = f"Cancelled: {event.summary}"
    elif was is not None and was != facts.starts:
        lines.append(f"It was {spoken(was)}.")
    return "\n".join([*lines, *([event.location] if event.location else []), event.description])
