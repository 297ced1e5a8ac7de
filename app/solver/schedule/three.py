"""Three plans of one problem that differ in what they favour, two at a time."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.domain.schedule.comparing import Compared, side_by_side
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.domain.schedule.tastes import TASTES, Taste, favouring
from app.solver.schedule import solve
from app.solver.schedule.progress import Progress

Tell = Callable[[str, Progress], None]


@dataclass(frozen=True, slots=True)
class Three:
    """The plans, the one that the hub's own weights like best first; or, without any, why there is none."""

    plans: tuple[Compared, ...]
    because: tuple[str, ...] = ()


def three_plans(problem: Problem, *, seconds: float | None = None, tell: Tell | None = None) -> Three:
    """One plan for each taste, each in at most about `seconds`; `tell` hears (taste's key, progress), from any thread.

    Raises NoPlanError when time runs out with neither a plan nor a proof that there is none.
    """

    def one(taste: Taste) -> Plan:
        def say(seen: Progress) -> None:
            if tell is not None:
                tell(taste.key, seen)

        return solve(favouring(problem, taste), seconds=seconds, progress=say)

    with ThreadPoolExecutor(max_workers=min(len(TASTES), os.cpu_count() or 1)) as threads:
        plans = list(threads.map(one, TASTES))
    for plan in plans:  # they have the same rules: one without a plan speaks for all
        if plan.status == "infeasible":
            return Three((), plan.because)
    return Three(side_by_side(problem, [(taste.key, plan) for taste, plan in zip(TASTES, plans, strict=True)]))
