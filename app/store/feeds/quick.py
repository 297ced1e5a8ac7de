"""The one indexed row read behind every answer of a feed: its own small pool, no transaction, no ORM."""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg_pool import AsyncConnectionPool

ROW = "SELECT id, etag, revision, valid_until, stale, {} FROM feed WHERE hash = %s"
# A body that the asker has already stays in the database. Four short statements, because every parameter costs.
BODY = {False: ROW.format("body"), True: ROW.format("body_gzip")}
BODY_UNLESS = {
    zipped: ROW.format(f"CASE WHEN position(etag IN %s) > 0 THEN NULL ELSE {column} END")
    for zipped, column in ((False, "body"), (True, "body_gzip"))
}


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

    async def read(self, digest: bytes, tags: str, *, zipped: bool) -> Kept | None:
        """The feed with this token's hash, without its body where its ETag is among the tags, each in its quotes.

        A connection that broke meanwhile is replaced once.
        """
        asked = (BODY_UNLESS[zipped], (tags, digest)) if tags else (BODY[zipped], (digest,))
        if not self._open:
            await self._start()
        try:
            return await self._read(*asked)
        except psycopg.OperationalError:
            await self._pool.check()
            return await self._read(*asked)

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

    async def _read(self, statement: str, values: tuple[object, ...]) -> Kept | None:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statement, values, binary=True)
            row = await cursor.fetchone()
        return None if row is None else Kept(*row)
