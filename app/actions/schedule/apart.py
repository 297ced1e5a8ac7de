"""Work in a process of its own: a long solve must not keep pages waiting, and dies with whoever asked for it."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

Said = tuple[str, Any]


@asynccontextmanager
async def at_work(work: Callable[..., None], *told: object) -> AsyncIterator[Connection]:
    """A child process that does this work; it is told these things and, last, its end of the pipe.

    What it says comes out of the other end; once it is gone, reading there raises EOFError.
    """
    spawned = multiprocessing.get_context("spawn")
    mother, child = spawned.Pipe()
    worker = spawned.Process(target=work, args=(*told, child), daemon=False)
    await asyncio.to_thread(worker.start)
    child.close()
    try:
        yield mother
    finally:
        worker.terminate()
        await asyncio.to_thread(worker.join)
        mother.close()


async def heard(mother: Connection) -> Said:
    """The next thing the child says. Raises EOFError when it is gone."""
    said: Said = await asyncio.to_thread(mother.recv)
    return said
