"""What goes by the clock reaches every hub, each in a transaction of its own."""

from types import SimpleNamespace
from typing import Any

import pytest

from app import worker
from app.settings import read_settings
from app.store.database import Database
from tests.actions.test_mail_gathering import FORTNIGHT, a_date, reminders
from tests.makers import NOW

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


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.name))
async def test_each_job_of_the_clock_comes_to_its_end(job: Any, database: Database) -> None:
    async with database.transaction() as db:
        await a_date(db)
    assert await job.func(context(database), 0) is None


def test_the_clock_has_its_jobs() -> None:
    assert {"remind_of_dates", "gather_messages", "remind_of_devices"} <= {str(job.name) for job in JOBS}
