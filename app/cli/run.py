"""What every command shares: settings, the database, and errors said in one sentence."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import typer
import typer.exceptions

from app.kit.clock import clock_from
from app.kit.errors import BadInputError, CallError, HalftermError, NoPlanError
from app.settings import BadSettingError, Settings, read_settings
from app.store import migrations
from app.store.database import Addresses, Database, addresses

Result = TypeVar("Result")
WRONG_INPUT, WRONG_CALL, NO_PLAN = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: an open database brought up to date."""

    settings: Settings
    addresses: Addresses
    database: Database
    now: datetime


@asynccontextmanager
async def desk(
    settings: Settings | None = None, prepare: Callable[[Addresses], object] | None = None
) -> AsyncIterator[Desk]:
    """Open the database (starting the embedded one), bring its tables up to date, and give all back.

    `prepare`, which makes what the database holds, is done first, while nothing of ours is connected.
    """
    settings = settings or read_settings()
    where = await asyncio.to_thread(addresses, settings, carefree=prepare is not None)
    try:
        if prepare:
            await asyncio.to_thread(prepare, where)
        await asyncio.to_thread(migrations.migrate, where.owner)
        database = Database(where.app, pool_size=3)
        database.source = "command"
        try:
            yield Desk(settings, where, database, clock_from(settings.now)())
        finally:
            await database.close()
    finally:
        await asyncio.to_thread(where.leave)


def at_desk(work: Callable[[Desk], Awaitable[Result]]) -> Result:
    """Run one piece of work against the database and return what it returns."""

    async def once() -> Result:
        async with desk() as here:
            return await work(here)

    return asyncio.run(once())


def say(sentence: str) -> None:
    """One line to whoever reads the errors."""
    print(sentence, file=sys.stderr)  # noqa: T201  a command speaks


def refusals(app: typer.Typer) -> int:
    """Run the command line: its exit status, every refusal one sentence on stderr (`--debug` shows where)."""
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        status = typer.main.get_command(app).main(prog_name="halfterm", standalone_mode=False)
        return status if isinstance(status, int) else 0  # without standalone mode typer.Exit comes back as its number
    except typer.Exit as left:
        return int(left.exit_code)
    except typer.Abort:
        return 130
    except typer.exceptions.TyperException as wrong:
        say(wrong.format_message())
        return WRONG_CALL
    except BadSettingError as wrong:
        say(str(wrong))
        return WRONG_CALL
    except HalftermError as refused:
        if debug:
            raise
        say(refused.because)
        for fault in refused.faults if isinstance(refused, BadInputError) else ():
            say(f"  {fault.path}: {fault.because}")
        return {NoPlanError: NO_PLAN, CallError: WRONG_CALL}.get(type(refused), WRONG_INPUT)
    except OSError as broken:
        if debug:
            raise
        say(f"{broken.filename or 'The system'}: {broken.strerror or broken}.")
        return WRONG_INPUT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
