"""Photos of a record, for whoever reads it."""

import re
import uuid
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.kit.errors import NotFoundError
from app.store.notes import photos


@dataclass(frozen=True, slots=True)
class HowFar:
    """How many bytes of a photo are here, from the first on, and whether it is whole."""

    received: int
    whole: bool


async def how_far(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID, sha: str) -> HowFar:
    """How far a photo has come; one that nobody began has come nowhere. Raises NotFoundError."""
    key = await _readable(db, viewer, event_id, sha)
    so_far = await photos.coming(db, key)
    return HowFar(so_far.received, so_far.whole) if so_far else HowFar(0, whole=False)


async def jpeg(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID, sha: str, *, small: bool) -> bytes:
    """The photo as a JPEG. Raises NotFoundError, also until all of it has come."""
    key = await _readable(db, viewer, event_id, sha)
    image = await photos.image(db, key, small=small)
    if image is None:
        raise NotFoundError
    return image


async def _readable(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID, sha: str) -> photos.Key:
    if not re.fullmatch(r"[0-9a-f]{64}", sha) or not await photos.may_read(db, viewer, event_id):
        raise NotFoundError
    return photos.Key(event_id, sha)
