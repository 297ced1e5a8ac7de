"""Many rows into the database by COPY, a block at a time: new ones into their table, others aside to be compared."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

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
    """A table as files fill it: first its columns of text, never null, then the others, as in a thing's cells."""

    table: str
    texts: tuple[str, ...]
    others: tuple[str, ...]

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


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows were new and are in their table, and how many wait in `staged` to be compared."""

    fresh: int
    staged: int


Split = Callable[[list[Thing]], tuple[list[Cells], list[Cells]]]


async def copy_in(db: AsyncSession, shape: Shape, things: Iterator[Thing], split: Split[Thing]) -> Copied:
    """Copy things: `split` tells a block's new rows, which go into the table, from those that go into `staged`.

    The next block is read in a thread while the database takes this one: both work, and a server goes on answering.
    """
    await db.execute(text("DROP TABLE IF EXISTS staged"))
    await db.execute(text(shape.stage()))
    raw: Any = (await (await db.connection()).get_raw_connection()).driver_connection

    def read() -> tuple[int, bytes, int, bytes]:
        fresh, known = split(list(islice(things, BLOCK)))
        return len(fresh), _written(shape, fresh), len(known), _written(shape, known)

    async def send(into: str, lines: bytes) -> None:
        if lines:
            async with raw.cursor() as cursor, cursor.copy(shape.copy(into)) as copy:
                await copy.write(lines)

    async def send_both(block: tuple[int, bytes, int, bytes]) -> None:
        await send(shape.table, block[1])
        await send("staged", block[3])

    fresh = staged = 0
    with _collector_at_rest():
        block = await asyncio.to_thread(read)
        while block[0] or block[2]:
            fresh, staged = fresh + block[0], staged + block[2]
            sending = asyncio.create_task(send_both(block))
            try:
                block = await asyncio.to_thread(read)
            finally:
                # Whatever reading came to, the connection must be quiet before anybody else uses it.
                await sending
    return Copied(fresh, staged)


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
    block = "\n".join([*lines, ""])
    # Cells with a tab, a line end or a backslash are rare: the whole block is looked at before any single cell.
    if "\\" in block or "\r" in block or block.count("\n") != len(rows) or block.count("\t") != len(rows) * shape.tabs:
        block = "".join(_escaped(shape, row) for row in rows)
    return block.encode()


def _escaped(shape: Shape, row: Cells) -> str:
    texts = [str(cell).translate(_MARKS) for cell in row[: len(shape.texts)]]
    return "\t".join([*texts, *(NOTHING if cell is None else str(cell) for cell in row[len(shape.texts) :])]) + "\n"


_MARKS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
