"""Answering a fetch of a feed: one row read when nothing has changed, a new body when something has."""

import asyncio
import hashlib
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.actions.feeds.rendering import refresh_feed
from app.domain.feeds import Asked, asked_for, client_of, http_date, wants_gzip, zipped_tag
from app.kit.errors import HalftermError
from app.store.database import Database
from app.store.feeds import rows
from app.store.feeds.quick import Kept, QuickReader

TRIES = 5
WRITE_AFTER_SECONDS = 2
log = structlog.get_logger()


class BusyError(HalftermError):
    """The calendar changes faster than it can be read."""

    status = 503
    title = "This calendar is changing just now"


@dataclass(frozen=True, slots=True)
class Question:
    """What a calendar program asks: the token's exact bytes and the headers that matter."""

    token: bytes
    if_none_match: str | None = None
    if_modified_since: str | None = None
    accept_encoding: str | None = None
    user_agent: str = ""
    only_looks: bool = False  # HEAD brings nobody a calendar


@dataclass(frozen=True, slots=True)
class Answer:
    """What it is told; no body: it has the newest already."""

    etag: str
    last_modified: str
    zipped: bool
    body: bytes | None


class FeedCounter:
    """Where feeds are handed out; notes who came, a little later and all at once."""

    def __init__(self, database: Database, address: str) -> None:
        self._database = database
        self._address = address
        self._reader = QuickReader(database.address)
        self._visits: dict[tuple[uuid.UUID, str], rows.Visit] = {}
        self._writing: asyncio.Task[None] | None = None
        database.before_close.append(self.close)

    async def answer(self, question: Question, now: datetime) -> Answer | None:
        """The answer, None when no feed has this token; raises BusyError.

        Every token takes the same path: a hash and one indexed read.
        """
        asked = asked_for(question.if_none_match, question.if_modified_since)
        zipped = wants_gzip(question.accept_encoding)
        kept = await self._kept(hashlib.sha256(question.token).digest(), asked, now, zipped=zipped)
        if kept is None:
            return None
        if not question.only_looks:
            self._note(kept, question.user_agent, now)
        unchanged = asked.unchanged(kept.etag, kept.revision)
        return Answer(
            etag=zipped_tag(kept.etag) if zipped else kept.etag,
            last_modified=http_date(kept.revision),
            zipped=zipped,
            body=None if unchanged else kept.body,
        )

    async def _kept(self, digest: bytes, asked: Asked, now: datetime, *, zipped: bool) -> Kept | None:
        tags = "".join(f'"{tag}"' for tag in asked.tags)
        for _ in range(TRIES):
            kept = await self._reader.read(digest, tags, zipped=zipped)
            if kept is None or kept.good(now):
                return kept
            await refresh_feed(self._database, kept.id, now, self._address)
        raise BusyError("Ask again in a minute.")

    def _note(self, kept: Kept, user_agent: str, now: datetime) -> None:
        client = client_of(user_agent)
        self._visits[kept.id, client] = rows.Visit(kept.id, client, now, kept.revision)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_AFTER_SECONDS)
        self._writing = None
        await self.write_visits()

    async def write_visits(self) -> None:
        """Write down who has come since the last time; what cannot be written now is tried with the next."""
        visits, self._visits = self._visits, {}
        if not visits:
            return
        try:
            async with self._database.transaction() as db:
                await rows.note_visits(db, list(visits.values()))
        except Exception:  # noqa: BLE001  who fetched is a comfort: losing it must stop nothing
            log.warning("visits of feeds could not be written", count=len(visits))
            self._visits = visits | self._visits

    async def close(self) -> None:
        """Write what is left and give the connections back."""
        if self._writing is not None:
            self._writing.cancel()
            with suppress(asyncio.CancelledError):
                await self._writing
            self._writing = None
        await self.write_visits()
        await self._reader.close()
