"""A call with a key is done once: sent again, it is answered as before."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import BadInputError, Fault
from app.store import once

OTHER = "This key was sent with another call before. Take a new key for every new call."


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call was answered with: its status, where the thing is found, and its body."""

    status: int
    place: str
    body: Any


async def claim(db: AsyncSession, account_id: uuid.UUID, key: str, request: bytes, now: datetime) -> Answered | None:
    """Take the key for this call: None when it is to be done now, else the answer given before.

    Raises BadInputError when the key was used for another call.
    """
    before = await once.claim(db, account_id, key, request, now)
    if before is None:
        return None
    if before.request_hash != request:
        raise BadInputError(OTHER, (Fault("/header/Idempotency-Key", OTHER),))
    return Answered(**json.loads(before.body))


async def answer(db: AsyncSession, account_id: uuid.UUID, key: str, given: Answered) -> None:
    """Keep the answer for the next time, in the transaction of what was done."""
    await once.answer(db, account_id, key, given.status, json.dumps(asdict(given)).encode())
