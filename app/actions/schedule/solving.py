"""Solving a kept proposal outside a request, with its progress written down as it goes."""

import asyncio
import multiprocessing
import uuid
from typing import Any

from app.actions.schedule.propose import begin, fail, finish
from app.domain.schedule.plan import Plan, read_plan
from app.kit.clock import Clock
from app.solver.schedule.apart import solve_apart
from app.store.database import Database
from app.store.schedule import proposals

BROKEN_OFF = "Solving broke off. Nothing in the calendar changed; propose again."


async def _solved_apart(database: Database, hub_id: uuid.UUID, proposal_id: uuid.UUID, problem: dict[str, Any]) -> Plan:
    """Solve in a child process: a long solve must not keep pages waiting, and dies with whoever asked for it."""
    mother, child = multiprocessing.get_context("spawn").Pipe(duplex=False)
    worker = multiprocessing.get_context("spawn").Process(target=solve_apart, args=(problem, child), daemon=False)
    await asyncio.to_thread(worker.start)
    child.close()
    try:
        while True:
            kind, value = await asyncio.to_thread(mother.recv)
            if kind == "plan":
                return read_plan(value)
            async with database.transaction(hub_id) as db:
                await proposals.progress(db, proposal_id, value)
    finally:
        worker.terminate()
        await asyncio.to_thread(worker.join)
        mother.close()


async def solve_in_background(database: Database, clock: Clock, hub_id: uuid.UUID, proposal_id: uuid.UUID) -> None:
    """Take up a proposal, solve it and keep the plan. One that was set aside meanwhile is left alone."""
    async with database.transaction(hub_id) as db:
        problem = await begin(db, proposal_id)
    if problem is None:
        return
    try:
        plan = await _solved_apart(database, hub_id, proposal_id, problem)
    except EOFError:  # the child died without an answer
        async with database.transaction(hub_id) as db:
            await fail(db, proposal_id, BROKEN_OFF, clock())
        return
    async with database.transaction(hub_id) as db:
        await finish(db, proposal_id, plan, clock())
