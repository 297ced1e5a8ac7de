"""The job queue (procrastinate): a job is written in the transaction of its cause."""

import uuid
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

STALLED_SECONDS = 30
SOLVING = "solving"  # the queue of what keeps a processor busy: it has workers of its own


def queue(address: str) -> App:
    """A queue over this database; its connections open when it is used."""
    return App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=6))


async def defer(db: AsyncSession, task: str, lock: str | None = None, seconds: int = 0, **values: Any) -> None:
    """Write a job into the session's own transaction: a rollback takes it along. It begins after these seconds."""
    raw = (await (await db.connection()).get_raw_connection()).driver_connection
    later = {"seconds": seconds} if seconds else None
    await _LETTERBOX.configure_task(task, connection=raw, lock=lock, schedule_in=later).defer_async(**values)


async def defer_solving(db: AsyncSession, task: str, hub_id: uuid.UUID, **values: Any) -> None:
    """Write a solving job of a hub: its solves run one after the other, and each waits behind other hubs' earlier ones.

    A hub's second solve comes after everybody's first, its third after their second. The job is told its `hub_id`.
    """
    raw = (await (await db.connection()).get_raw_connection()).driver_connection
    lock = f"{SOLVING} {hub_id}"
    before = text("SELECT count(*) FROM procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing')")
    waiting = (await db.execute(before, {"lock": lock})).scalar_one()
    named = _LETTERBOX.configure_task(task, connection=raw, queue=SOLVING, lock=lock, priority=-waiting)
    await named.defer_async(hub_id=str(hub_id), **values)


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
