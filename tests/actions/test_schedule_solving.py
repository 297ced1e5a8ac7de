"""Who is solved when, what is kept of a solve while it runs, and a stop."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate import App
from procrastinate.jobs import Job, Status
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.actions.access import operator
from app.actions.schedule.propose import begin, propose, propose_three, stop
from app.actions.schedule.solving import solve_in_background, solve_three_in_background
from app.domain.schedule.judge import judge
from app.domain.schedule.plan import read_plan
from app.domain.schedule.problem import read_problem
from app.kit.clock import clock_from
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.schedule import Proposal
from app.store import jobs
from app.store.database import Database
from app.worker import make_queue
from tests.makers import NOW, a_group, a_hub, a_programme, a_visit_series


async def a_hub_to_plan(db: AsyncSession) -> Hub:
    hub = await a_hub(db)
    team = await a_group(db, hub, schools=3, programme=await a_programme(db, hub))
    await a_visit_series(db, team, (0, 2, 4))
    return hub


async def kept(database: Database, hub: Hub) -> list[Proposal]:
    async with database.transaction(hub.id) as db:
        return list((await db.execute(select(Proposal).order_by(col(Proposal.id)))).scalars())


@asynccontextmanager
async def a_queue(database: Database) -> AsyncIterator[tuple[App, int]]:
    """The queue of solving jobs, and the number of a worker at it."""
    queue = make_queue(database.address)
    async with queue.open_async():
        yield queue, await queue.job_manager.register_worker()


async def next_of(queue: App, worker: int) -> Job | None:
    return await queue.job_manager.fetch_job(queues=[jobs.SOLVING], worker_id=worker)


async def done(queue: App, job: Job | None) -> None:
    assert job is not None
    await queue.job_manager.finish_job(job=job, status=Status.SUCCEEDED, delete_job=True)


def whose(job: Job | None) -> str:
    assert job is not None
    return f"{job.task_kwargs['hub_id']} {job.task_kwargs['proposal_id']}"


async def test_a_hubs_second_solve_waits_behind_another_hubs_first(database: Database) -> None:
    greedy, modest = uuid.uuid4(), uuid.uuid4()
    async with database.transaction() as db:
        for hub, key in ((greedy, "1"), (greedy, "2"), (greedy, "3"), (modest, "1"), (modest, "2")):
            await jobs.defer_solving(db, "solve_proposal", hub, proposal_id=key)
    async with a_queue(database) as (queue, worker):
        first, second = await next_of(queue, worker), await next_of(queue, worker)
        assert [whose(first), whose(second)] == [f"{greedy} 1", f"{modest} 1"]
        assert await next_of(queue, worker) is None  # each hub has one that runs
        await done(queue, second)
        third = await next_of(queue, worker)
        assert whose(third) == f"{modest} 2"
        await done(queue, first)
        await done(queue, third)
        for expected in ("2", "3"):
            job = await next_of(queue, worker)
            assert whose(job) == f"{greedy} {expected}"
            await done(queue, job)


async def test_what_was_seen_stays_with_the_plan(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub_to_plan(db)
    async with database.transaction(hub.id) as db:
        key = await propose(operator(db, hub.id, hub.code, NOW), 2026)
    await solve_in_background(database, clock_from(NOW), hub.id, key)
    (found,) = await kept(database, hub)
    assert found.status == "ready"
    assert {point[1] for point in found.progress["seen"]} <= {"meetings", "visits", "observations"}


async def test_three_plans_are_solved_together_and_no_calendar_shows_them(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub_to_plan(db)
    async with database.transaction(hub.id) as db:
        keys = await propose_three(operator(db, hub.id, hub.code, NOW), 2026)
    found = await kept(database, hub)
    assert {one.id for one in found} == set(keys)
    set_id = found[0].set_id
    assert set_id is not None
    await solve_three_in_background(database, clock_from(NOW), hub.id, set_id)
    found = await kept(database, hub)
    assert {(one.status, one.favours) for one in found} == {("ready", key) for key in ("absences", "travel", "even")}
    assert all(judge(read_problem(one.problem), read_plan(one.plan)).fine for one in found)
    async with database.transaction(hub.id) as db:
        assert (await db.execute(select(Event))).first() is None


async def test_a_new_plan_ends_the_work_on_the_one_before(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub_to_plan(db)
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        three = await propose_three(actor, 2026)
        one = await propose(actor, 2026)
        assert await begin(db, three[0]) is None
        (*others, last) = sorted(await _states(db), key=lambda each: each[0] == one)
    assert [state for _, state in others] == ["set aside"] * 3
    assert last == (one, "waiting")


async def _states(db: AsyncSession) -> list[tuple[uuid.UUID, str]]:
    await db.flush()
    found = await db.execute(select(col(Proposal.id), col(Proposal.status)).execution_options(populate_existing=True))
    return [(row[0], row[1]) for row in found]


async def test_a_stop_keeps_a_whole_plan(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub_to_plan(db)
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        key = await propose(actor, 2026)
        await stop(actor, key)
    await asyncio.wait_for(solve_in_background(database, clock_from(NOW), hub.id, key), 30)
    (found,) = await kept(database, hub)
    assert (found.status, found.stop_at) == ("ready", NOW)
    assert judge(read_problem(found.problem), read_plan(found.plan)).fine
