"""Many rows into the database by COPY, a block at a time: new ones into their table, others aside to be compared."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

BLOCK = 2_000
NOTHING = "\x01"  # marks an empty cell that is not an empty text; no file holds it
Cells = tuple[Any, ...]
Thing = TypeVar("Thing")


class _TakenBackError(Exception):
    """Leaves a trial that does not stay."""


class Trial:
    """What was tried, and whether it stays."""

    def __init__(self) -> None:
        self.stays = True

    def take_back(self) -> None:
        """Nothing of it stays."""
        self.stays = False

    def settle(self) -> None:
        """Leave the trial; raises its own error, which undoes it, when it does not stay."""
        if not self.stays:
            raise _TakenBackError


@asynccontextmanager
async def trial(db: AsyncSession) -> AsyncIterator[Trial]:
    """Work that stays in the transaction unless it is taken back: a preview is the real thing, undone."""
    made = Trial()
    try:
        async with db.begin_nested():
            yield made
            await db.flush()
            made.settle()
    except _TakenBackError:
        pass


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as files fill it: first its columns of text, never null, then the others, as in a thing's cells.

    `key` is what a row is known by.
    """

    table: str
    texts: tuple[str, ...]
    others: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them in order."""
        return self.texts + self.others

    @property
    def tabs(self) -> int:
        """How many tabs stand in a line."""
        return len(self.columns) - 1

    def copy(self, into: str) -> str:
        """The statement that takes these columns as lines of text."""
        return f"COPY \"{into}\" ({', '.join(self.columns)}) FROM STDIN (NULL '{NOTHING}')"

    def stage(self) -> str:
        """The statement that makes the empty table `staged`."""
        names = ", ".join(self.columns)
        return f'CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {names} FROM "{self.table}" WITH NO DATA'

    @property
    def other(self) -> str:
        """The condition under which a kept row and the staged one of its key say different things."""
        facts = [column for column in self.columns if column not in self.key]
        same_key = " AND ".join(f"kept.{column} = staged.{column}" for column in self.key)
        kept, staged = (", ".join(f"{side}.{fact}" for fact in facts) for side in ("kept", "staged"))
        return f"{same_key} AND ROW({kept}) IS DISTINCT FROM ROW({staged})"

    @property
    def update(self) -> str:
        """The statement that makes kept rows say what staged ones say."""
        taken = ", ".join(f"{column} = staged.{column}" for column in self.columns if column not in self.key)
        return f'UPDATE "{self.table}" kept SET {taken} FROM staged WHERE {self.other}'


Cursor = psycopg.AsyncCursor[tuple[Any, ...]]
Split = Callable[[list[Thing]], tuple[list[Cells], list[Cells]]]
Compare = Callable[[Cursor], Awaitable[None]]


async def copy_in(
    db: AsyncSession, shape: Shape, things: Iterator[Thing], split: Split[Thing], compare: Compare
) -> int:
    """Copy things: `split` tells a block's new rows from those that are there, which `compare` finds in `staged`.

    The next block is read in a thread while the database works on this one; a server goes on answering meanwhile.
    Returns how many rows were new.
    """
    await db.execute(text("DROP TABLE IF EXISTS staged"))
    await db.execute(text(shape.stage()))
    raw: Any = (await (await db.connection()).get_raw_connection()).driver_connection

    def read() -> tuple[int, bytes, bytes]:
        fresh, known = split(list(islice(things, BLOCK)))
        return len(fresh), _written(shape, fresh), _written(shape, known)

    async def send(fresh: bytes, known: bytes) -> None:
        async with raw.cursor() as cursor:
            if fresh:
                async with cursor.copy(shape.copy(shape.table)) as copy:
                    await copy.write(fresh)
            if known:
                async with cursor.copy(shape.copy("staged")) as copy:
                    await copy.write(known)
                await compare(cursor)
                await cursor.execute("TRUNCATE staged")

    count = 0
    with _collector_at_rest():
        block = await asyncio.to_thread(read)
        while block[1] or block[2]:
            count += block[0]
            sending = asyncio.create_task(send(block[1], block[2]))
            try:
                block = await asyncio.to_thread(read)
            finally:
                # Whatever reading came to, the connection must be quiet before anybody else uses it.
                await sending
    return count


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """What lives already is passed over: many short-lived rows would have the collector walk the whole program."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _written(shape: Shape, rows: Sequence[Cells]) -> bytes:
    """Rows in COPY's text format, each line with its end."""
    texts = len(shape.texts)
    lines = [
        "\t".join([*row[:texts], *[NOTHING if cell is None else str(cell) for cell in row[texts:]]]) for row in rows
    ]
    block = "\n".join([*lines, ""]) if lines else ""
    # Cells with a tab, a line end or a backslash are rare: the whole block is looked at before any single cell.
    if "\\" in block or "\r" in block or block.count("\n") != len(rows) or block.count("\t") != len(rows) * shape.tabs:
        block = "".join(_escaped(shape, row) for row in rows)
    return block.encode()


def _escaped(shape: Shape, row: Cells) -> str:
    texts = [str(cell).translate(_MARKS) for cell in row[: len(shape.texts)]]
    return "\t".join([*texts, *(NOTHING if cell is None else str(cell) for cell in row[len(shape.texts) :])]) + "\n"


_MARKS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
