"""Photos on their way into a record: piece by piece, again after every break, and judged once whole."""

import hashlib
import re
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Target, Viewer, decide
from app.domain.notes.applying import Concerned
from app.domain.people.rights import SCHOOL_SAID_NO
from app.kit.errors import BadInputError, NotFoundError
from app.render.notes.photos import refuse_kind, remade_aside
from app.store.notes import applying, photos
from app.store.notes.photos import Images, Key
from app.store.people import rights

PIECE = 256 * 1024  # bytes, at most
LARGEST = 12 * 1024 * 1024
MOST = 40  # photos in one record
ABANDONED = timedelta(days=14)

TOO_LARGE = "This photo is larger than 12 MB. Choose a smaller size when you add it."
PIECE_TOO_LARGE = "A piece of a photo is at most 256 kB. Send it in smaller pieces."
TOO_MANY = f"This record has {MOST} photos already. Leave out some of those that wait, or keep them elsewhere."
NO_PLACE = "This piece does not lie within the photo. Ask how much of it has come, and go on from there."
OTHER_SIZE = "This photo was begun with another size. Add it again."
DAMAGED = "The photo did not arrive as it left your device. Add it again."


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a photo, in which transaction, and when."""

    db: AsyncSession
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a photo: how many come before them, and how many the whole photo has."""

    start: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """How many bytes are here from the first on; a `because` says that the photo is refused and forgotten."""

    received: int
    whole: bool
    because: str = ""


async def receive(sender: Sender, event_id: uuid.UUID, sha: str, piece: Piece) -> Received:
    """Take a piece; with the last one the photo is made anew and kept. The same piece again changes nothing.

    A piece that begins after a gap is not kept: `received` says where to go on. Raises NotFoundError where the viewer
    does not take part.
    """
    event, person_id = await _writable(sender, event_id)
    if not re.fullmatch(r"[0-9a-f]{64}", sha):
        raise NotFoundError
    key = Key(event_id, sha)
    because = await _begin(sender, key, event, person_id, piece)
    if because:
        return Received(0, whole=False, because=because)
    so_far = await photos.coming(sender.db, key, hold=True)
    if so_far is None or so_far.whole:
        return Received(piece.size, whole=True)
    if so_far.size != piece.size:
        return Received(so_far.received, whole=False, because=OTHER_SIZE)
    new = piece.data[max(0, so_far.received - piece.start) :] if piece.start <= so_far.received else b""
    if not new:
        return Received(so_far.received, whole=False)
    await photos.add(sender.db, key, event.hub_id, so_far.received, new)
    received = so_far.received + len(new)
    if received < so_far.size:
        return Received(received, whole=False)
    return await _finish(sender, key)


async def _writable(sender: Sender, event_id: uuid.UUID) -> tuple[Concerned, uuid.UUID]:
    event = (await applying.events_of(sender.db, sender.viewer, [event_id])).get(event_id)
    member = sender.viewer.member(event.hub_id) if event else None
    if event is None or member is None:
        raise NotFoundError
    target = Target(event.hub_id, frozenset({member.person_id}))
    if not decide(sender.viewer, Can.WRITE_NOTES, target):
        raise NotFoundError
    return event, member.person_id


async def _begin(sender: Sender, key: Key, event: Concerned, person_id: uuid.UUID, piece: Piece) -> str:
    """Expect the photo if it is new; why not, when it cannot be taken."""
    because = _wrong(piece)
    if because or await photos.coming(sender.db, key):
        return because
    if await rights.photos_refused(sender.db, key.event_id):
        return SCHOOL_SAID_NO
    await photos.drop_abandoned(sender.db, event.hub_id, sender.now - ABANDONED)
    if await photos.count(sender.db, key.event_id) >= MOST:
        return TOO_MANY
    await photos.begin(sender.db, key, event, person_id, piece.size, sender.now)
    return ""


def _wrong(piece: Piece) -> str:
    if not 0 < piece.size <= LARGEST:
        return TOO_LARGE
    if len(piece.data) > PIECE:
        return PIECE_TOO_LARGE
    if piece.start < 0 or not piece.data or piece.start + len(piece.data) > piece.size:
        return NO_PLACE
    if piece.start == 0 and len(piece.data) >= 12:
        try:
            refuse_kind(piece.data[:12])
        except BadInputError as refused:
            return refused.because
    return ""


async def _finish(sender: Sender, key: Key) -> Received:
    """The photo made anew and kept; or refused, and everything of it forgotten."""
    data = await photos.joined(sender.db, key)
    if hashlib.sha256(data).hexdigest() != key.sha:
        return await _refuse(sender, key, DAMAGED)
    try:
        made = await remade_aside(data)
    except BadInputError as refused:
        return await _refuse(sender, key, refused.because)
    await photos.finish(sender.db, key, Images(**asdict(made)), sender.now)
    return Received(len(data), whole=True)


async def _refuse(sender: Sender, key: Key, because: str) -> Received:
    await photos.drop(sender.db, key)
    return Received(0, whole=False, because=because)
