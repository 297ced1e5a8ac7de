"""What goes by the clock reaches every hub, each in a transaction of its own."""

import uuid
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app import worker
from app.actions.funding import renewing
from app.settings import read_settings
from app.store.database import Database
from tests.actions.test_mail_gathering import FORTNIGHT, a_date, reminders
from tests.makers import NOW, a_hub

JOBS = sorted(
    (one.task for one in worker.tasks.periodic_registry.periodic_tasks.values()), key=lambda task: str(task.name)
)


def context(database: Database) -> Any:
    shop = worker.Workshop(read_settings(now=NOW), database, lambda: FORTNIGHT)
    return SimpleNamespace(additional_context={"workshop": shop})


async def test_people_of_every_hub_are_reminded(database: Database) -> None:
    async with database.transaction() as db:
        hubs = {event.hub_id for _, event in [await a_date(db), await a_date(db)]}
    await worker.remind_of_dates.func(context(database), 0)
    for hub_id in hubs:
        async with database.transaction(hub_id) as db:
            assert await reminders(db)


async def test_a_hub_in_which_a_job_fails_keeps_no_other_from_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as db:
        hubs = {(await a_hub(db)).id, (await a_hub(db)).id}
    seen = set()

    async def act(_db: AsyncSession, hub_id: uuid.UUID, _now: datetime) -> None:
        seen.add(hub_id)
        if len(seen) == 1:
            raise ValueError("broken")

    monkeypatch.setattr(renewing, "renew_hub", act)
    with pytest.raises(ExceptionGroup, match="in some hubs"):
        await worker.renew_ledgers.func(context(database), 0)
    assert seen == hubs


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.name))
async def test_each_job_of_the_clock_comes_to_its_end(job: Any, database: Database) -> None:
    async with database.transaction() as db:
        await a_date(db)
    assert await job.func(context(database), 0) is None


def test_the_clock_has_its_jobs() -> None:
    assert {"remind_of_dates", "gather_messages", "remind_of_devices"} <= {str(job.name) for job in JOBS}
