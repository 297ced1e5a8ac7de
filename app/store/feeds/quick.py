"""The one indexed row read behind every answer of a feed: its own small pool, no transaction, no ORM."""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg_pool import AsyncConnectionPool

# A body that the asker has already stays in the database: what is compared here, domain/feeds/requests.py decides.
READ = """
    SELECT id, etag, revision, valid_until, stale,
           CASE WHEN etag = ANY (%s) OR revision <= %s::timestamptz THEN NULL
                WHEN %s THEN body_gzip ELSE body END
    FROM feed WHERE hash = %s
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A feed as it was last rendered; no body when the asker has it already."""

    id: uuid.UUID
    etag: str
    revision: datetime
    valid_until: datetime | None
    stale: bool
    body: bytes | None

    def good(self, now: datetime) -> bool:
        """Whether what is kept may still be served."""
        return not self.stale and (self.valid_until is None or now < self.valid_until)


class QuickReader:
    """Reads feeds by their token's hash."""

    def __init__(self, address: str) -> None:
        self._pool = AsyncConnectionPool(
            address, min_size=1, max_size=4, open=False, kwargs={"autocommit": True, "prepare_threshold": 1}
        )
        self._opening = asyncio.Lock()
        self._open = False

    async def read(self, digest: bytes, tags: list[str], since: datetime | None, *, zipped: bool) -> Kept | None:
        """The feed with this token's hash; a connection that broke meanwhile is replaced once."""
        if not self._open:
            await self._start()
        try:
            return await self._read((tags, since, zipped, digest))
        except psycopg.OperationalError:
            await self._pool.check()
            return await self._read((tags, since, zipped, digest))

    async def close(self) -> None:
        """Give the connections back."""
        if self._open:
            self._open = False
            await self._pool.close()

    async def _start(self) -> None:
        async with self._opening:
            if not self._open:
                await self._pool.open()
                self._open = True

    async def _read(self, asked: tuple[list[str], datetime | None, bool, bytes]) -> Kept | None:
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(READ, asked)
            row = await cursor.fetchone()
        return None if row is None else Kept(*row)
