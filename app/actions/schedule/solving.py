"""Solving kept proposals outside a request: what is seen is written down as it goes, and somebody may stop it."""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from app.actions.schedule.apart import Said, at_work
from app.actions.schedule.propose import begin, begin_three, fail, fail_three, finish, finish_three
from app.domain.schedule.plan import Plan, read_plan
from app.domain.schedule.seen import Point, with_point
from app.domain.schedule.tastes import TASTES
from app.kit.clock import Clock
from app.solver.schedule.apart import STOP, solve_apart, three_apart
from app.store.database import Database
from app.store.schedule import proposals

BROKEN_OFF = "Solving broke off. Nothing in the calendar changed; propose again."
STOPPED_EMPTY = "Planning was stopped before there was a plan. Propose again, and give it more time."
LISTEN_SECONDS = 0.5

Apart = Callable[[dict[str, Any], Connection], None]


@dataclass(slots=True)
class Errand:
    """What is solved apart: proposals by what they favour, and what was seen of each so far."""

    database: Database
    hub_id: uuid.UUID
    keys: Mapping[str, uuid.UUID]
    begun: float = field(default_factory=time.monotonic)
    seen: dict[str, list[Point]] = field(default_factory=dict)
    stopping: bool = False

    async def solve(self, work: Apart, problem: dict[str, Any]) -> Said | None:
        """The last word of a child process that solves, or nothing when all proposals were set aside meanwhile.

        Raises EOFError when the child died.
        """
        async with at_work(work, problem) as mother:
            while True:
                said = await asyncio.to_thread(_heard, mother)
                last = next((one for one in said if one[0] != "progress"), None)
                if last is not None:
                    return last
                if not await self._write_down([value for _, value in said], mother):
                    return None

    async def _write_down(self, told: Sequence[dict[str, Any]], mother: Connection) -> bool:
        """Keep the newest of what was told, and pass a wish to stop on; whether anybody still waits for the plan."""
        newest: dict[str, dict[str, Any]] = {}
        for value in told:
            favours = value.pop("favours", "")
            point = (round(time.monotonic() - self.begun, 1), value["stage"], value["cost"], value["bound"])
            self.seen[favours] = with_point(self.seen.get(favours, ()), point)
            newest[favours] = value | {"seen": self.seen[favours]}
        async with self.database.transaction(self.hub_id) as db:
            for favours, value in newest.items():
                await proposals.progress(db, self.keys[favours], value)
            wanted, stop = await proposals.still_wanted(db, [*self.keys.values()])
        if stop and not self.stopping:
            self.stopping = True
            with suppress(OSError):  # it has just ended by itself
                await asyncio.to_thread(mother.send, STOP)
        return wanted


def _heard(mother: Connection) -> list[Said]:
    """What the child said since, waiting a moment for it. Raises EOFError when it is gone."""
    said: list[Said] = []
    while mother.poll(0 if said else LISTEN_SECONDS):
        try:
            said.append(mother.recv())
        except EOFError:
            if not said:
                raise
            break
    return said


async def solve_in_background(database: Database, clock: Clock, hub_id: uuid.UUID, proposal_id: uuid.UUID) -> None:
    """Take up a proposal, solve it and keep the plan. One that was set aside meanwhile is left alone."""
    async with database.transaction(hub_id) as db:
        problem = await begin(db, proposal_id)
    if problem is None:
        return
    try:
        said = await Errand(database, hub_id, {"": proposal_id}).solve(solve_apart, problem)
    except EOFError:  # the child died without an answer
        said = ("broken off", None)
    async with database.transaction(hub_id) as db:
        if said is not None and said[0] == "plan":
            await finish(db, proposal_id, read_plan(said[1]), clock())
        elif said is not None:
            await fail(db, proposal_id, STOPPED_EMPTY if said[0] == "nothing" else BROKEN_OFF, clock())


async def solve_three_in_background(database: Database, clock: Clock, hub_id: uuid.UUID, set_id: uuid.UUID) -> None:
    """Take up a set of proposals, solve them together and keep the plans."""
    async with database.transaction(hub_id) as db:
        problem = await begin_three(db, set_id)
        keys = {one.favours: one.id for one in await proposals.of_set(db, set_id)}
    if problem is None:
        return
    try:
        said = await Errand(database, hub_id, keys).solve(three_apart, problem)
    except EOFError:
        said = ("broken off", None)
    async with database.transaction(hub_id) as db:
        if said is not None and said[0] == "plans":
            await finish_three(db, set_id, _plans(said[1]), clock())
            await fail_three(db, set_id, STOPPED_EMPTY, clock())  # whoever had no plan when it was stopped
        elif said is not None:
            await fail_three(db, set_id, BROKEN_OFF, clock())


def _plans(found: dict[str, Any]) -> dict[str, Plan]:
    if found["because"]:  # the same rules for all: none has a plan
        return {taste.key: Plan("infeasible", (), {}, tuple(found["because"])) for taste in TASTES}
    return {each["favours"]: read_plan(each["plan"]) for each in found["plans"]}
