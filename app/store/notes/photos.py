"""Photos of records: the pieces that came so far, and the images once whole."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Viewer
from app.domain.notes.applying import Concerned
from app.models.meetings import Event
from app.models.notes import NotePhoto, NotePhotoPart
from app.store import visible


@dataclass(frozen=True, slots=True)
class Key:
    """Which photo of which record; `sha` is the SHA-256 of what the device sends, in hexadecimal."""

    event_id: uuid.UUID
    sha: str


@dataclass(frozen=True, slots=True)
class Coming:
    """How far a photo has come: its bytes in all, and how many of them are here, without a gap, from the first."""

    size: int
    received: int
    whole: bool


async def may_read(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID) -> bool:
    """Whether the viewer reads the record of this event in any of their hubs: one statement."""
    readable = [
        col(Event.id).in_(visible.records(member).with_only_columns(col(Event.id))) for member in viewer.members
    ]
    if not readable:
        return False
    found = await db.execute(select(col(Event.id)).where(col(Event.id) == event_id, or_(*readable)))
    return found.scalar_one_or_none() is not None


async def coming(db: AsyncSession, key: Key, *, hold: bool = False) -> Coming | None:
    """How far the photo has come; with `hold` nobody else adds to it until the transaction ends."""
    query = select(col(NotePhoto.size), col(NotePhoto.done_at)).where(*_is(key))
    row = (await db.execute(query.with_for_update() if hold else query)).one_or_none()
    if row is None:
        return None
    size, done_at = row
    if done_at:
        return Coming(size, size, whole=True)
    pieces = select(func.coalesce(func.sum(func.length(col(NotePhotoPart.piece))), 0)).where(*_part_of(key))
    return Coming(size, int((await db.execute(pieces)).scalar_one()), whole=False)


async def image(db: AsyncSession, key: Key, *, small: bool) -> bytes | None:
    """The stored JPEG, large or small; None where the photo is not known or not whole."""
    column = col(NotePhoto.small) if small else col(NotePhoto.image)
    return (await db.execute(select(column).where(*_is(key)))).scalar_one_or_none()


async def count(db: AsyncSession, event_id: uuid.UUID) -> int:
    """How many photos the record has, those on their way included."""
    found = await db.execute(select(func.count()).select_from(NotePhoto).where(col(NotePhoto.event_id) == event_id))
    return found.scalar_one()


async def begin(db: AsyncSession, key: Key, event: Concerned, person_id: uuid.UUID, size: int, now: datetime) -> None:
    """Expect a photo, unless it is expected already."""
    values = {
        "event_id": key.event_id,
        "sha": key.sha,
        "hub_id": event.hub_id,
        "person_id": person_id,
        "size": size,
        "width": 0,
        "height": 0,
        "begun_at": now,
    }
    await db.execute(insert(NotePhoto).values(**values).on_conflict_do_nothing())


async def add(db: AsyncSession, key: Key, hub_id: uuid.UUID, start: int, piece: bytes) -> None:
    """Keep a piece that begins where the others end."""
    db.add(NotePhotoPart(event_id=key.event_id, sha=key.sha, start=start, hub_id=hub_id, piece=piece))
    await db.flush()


async def joined(db: AsyncSession, key: Key) -> bytes:
    """All pieces, in order."""
    found = await db.execute(select(col(NotePhotoPart.piece)).where(*_part_of(key)).order_by(col(NotePhotoPart.start)))
    return b"".join(found.scalars())


@dataclass(frozen=True, slots=True)
class Images:
    """A whole photo: two JPEGs, and the size of the larger one in pixels."""

    image: bytes
    small: bytes
    width: int
    height: int


async def finish(db: AsyncSession, key: Key, made: Images, now: datetime) -> None:
    """Keep the images; the pieces go."""
    await db.execute(update(NotePhoto).where(*_is(key)).values(**asdict(made), done_at=now))
    await db.execute(delete(NotePhotoPart).where(*_part_of(key)))


async def drop(db: AsyncSession, key: Key) -> None:
    """Forget a photo that is not whole, and its pieces."""
    await db.execute(delete(NotePhoto).where(*_is(key), col(NotePhoto.done_at).is_(None)))


async def drop_abandoned(db: AsyncSession, hub_id: uuid.UUID, before: datetime) -> None:
    """Forget what began to come before this moment and never became whole."""
    await db.execute(
        delete(NotePhoto).where(
            col(NotePhoto.hub_id) == hub_id, col(NotePhoto.done_at).is_(None), col(NotePhoto.begun_at) < before
        )
    )


def _is(key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(NotePhoto.event_id) == key.event_id, col(NotePhoto.sha) == key.sha


def _part_of(key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(NotePhotoPart.event_id) == key.event_id, col(NotePhotoPart.sha) == key.sha
