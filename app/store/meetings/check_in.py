"""Events at which people check in by a code, found by the letters on the screen."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.meetings.check_in import DESK, LETTERS, WRONG_CODES
from app.domain.sign_in import WINDOW
from app.models.meetings import CheckIn
from app.models.people import SignInTries
from app.store.database import see_hubs, see_key

TRIES = 20


def any_letters() -> str:
    """Four letters at random."""
    return "".join(secrets.choice(LETTERS) for _ in range(DESK))


async def of_event(db: AsyncSession, event_id: uuid.UUID) -> CheckIn | None:
    """The check-in of an event, open or closed; of the hubs in sight."""
    return await db.get(CheckIn, event_id)


async def open_for(
    db: AsyncSession, hub_id: uuid.UUID, event_id: uuid.UUID, now: datetime, letters: Callable[[], str] = any_letters
) -> CheckIn:
    """Open it, under letters that no other event anywhere has; once opened, an event keeps its letters."""
    known = await of_event(db, event_id)
    for _ in range(TRIES):
        if known is not None:
            known.closed_at = None
            await db.flush()
            return known
        row = {"event_id": event_id, "hub_id": hub_id, "desk": letters(), "opened_at": now}
        await db.execute(insert(CheckIn).values(row).on_conflict_do_nothing())
        known = await of_event(db, event_id)
    raise RuntimeError("no letters are free for another check-in")


async def find(db: AsyncSession, desk: str) -> CheckIn | None:
    """The check-in with these letters on its screen, whatever hub it is of; the wall opens for that hub."""
    await see_key(db, desk)
    found = (await db.execute(select(CheckIn).where(col(CheckIn.desk) == desk))).scalar_one_or_none()
    if found is not None:
        await see_hubs(db, found.hub_id)
    return found


async def wrong_so_far(db: AsyncSession, whose: bytes, now: datetime) -> tuple[int, datetime | None]:
    """How many wrong codes a network typed in this hour, and when it began; counts nothing."""
    row = await db.get(SignInTries, (WRONG_CODES.kind, whose))
    return (row.count, row.began_at) if row and row.began_at > now - WINDOW else (0, None)
