"""Devices that keep notes: what is remembered of them, and the letter when writing waits too long on one."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.mail.kinds import Kind
from app.kit.periods import in_london, spoken_date
from app.store.mail.posting import Written, post
from app.store.notes import devices, reads

LETTER_AFTER = timedelta(days=5)


async def kept_elsewhere(db: AsyncSession, viewer: Viewer, event_ids: Sequence[uuid.UUID], now: datetime) -> None:
    """Note that a device or program of the viewer's keeps these records: that is reading them."""
    for member in viewer.members:
        await reads.notes_read(db, member, event_ids, "offline copy", now)


async def seen(
    db: AsyncSession,
    viewer: Viewer,
    device: tuple[uuid.UUID, str],
    waiting: tuple[int, datetime | None],
    now: datetime,
) -> None:
    """Remember a device (id, name) and how much waits on it (number, since)."""
    count, since = waiting
    await devices.seen(db, viewer, devices.Seen(*device, count, since if count else None), now)


async def remind(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> int:
    """Write to whoever's writing has waited on a device for five days: how many letters. The hub must be open."""
    silent = await devices.silent(db, now, LETTER_AFTER)
    for one in silent:
        since = spoken_date(in_london(one.since).date())
        named = one.device or "One of your devices"
        if one.waiting:
            pieces = "1 piece" if one.waiting == 1 else f"{one.waiting} pieces"
            what = f"{named} has held {pieces} of your writing since {since}, and Halfterm has not got it yet."
        else:
            what = f"Nothing has arrived yet of what you led on {since}. Your notes may still be on {named}."
        text = (
            f"{what}\n\nOpen My notes on that device while it is online, and it sends itself.\n\n"
            "Open My notes: {notes}\n\n"
            "If the device is lost or was cleared, what was written on it is there no more. "
            "You can write in the record again at any time.\n"
        )
        links = {"notes": ("page", "/my/notes")}
        subject = "Your notes have not arrived yet"
        await post(db, hub_id, [Written(Kind.DEVICE, one.email, subject, text, one.person_id, links)], now)
        await devices.told(db, one.person_id, now)
    return len(silent)
