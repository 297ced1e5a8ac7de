"""The job queue (procrastinate): a job is written in the transaction of its cause."""

from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

STALLED_SECONDS = 30


def queue(address: str) -> App:
    """A queue over this database; its connections open when it is used."""
    return App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4))


async def defer(db: AsyncSession, task: str, lock: str | None = None, seconds: int = 0, **values: Any) -> None:
    """Write a job into the session's own transaction: a rollback takes it along. It begins after these seconds."""
    raw = (await (await db.connection()).get_raw_connection()).driver_connection
    await _named(task, raw, lock, seconds).defer_async(**values)


def _named(task: str, connection: Any, lock: str | None, seconds: int) -> Any:
    later = {"seconds": seconds} if seconds else None
    return _LETTERBOX.configure_task(task, connection=connection, lock=lock, schedule_in=later)


_LETTERBOX = App(connector=PsycopgConnector())  # never opened: it only addresses jobs


async def take_up_the_fallen(app: App) -> int:
    """Give jobs of killed workers back to the queue: how many."""
    fallen = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    count = 0
    for job in fallen:
        await app.job_manager.retry_job(job)
        count += 1
    return count


async def reachable(db: AsyncSession) -> bool:
    """Whether the queue's tables are there."""
    return bool((await db.execute(text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL"))).scalar_one())
