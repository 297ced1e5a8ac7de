"""Three plans of one problem that differ in what they favour, two at a time."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.domain.schedule.comparing import Compared, side_by_side
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.domain.schedule.tastes import TASTES, Taste, favouring
from app.kit.errors import NoPlanError
from app.solver.schedule import Watch, solve
from app.solver.schedule.progress import Progress

Tell = Callable[[str, Progress], None]


@dataclass(frozen=True, slots=True)
class Three:
    """The plans, the one that the hub's own weights like best first; or, without any, why there is none."""

    plans: tuple[Compared, ...]
    because: tuple[str, ...] = ()


def three_plans(
    problem: Problem,
    *,
    seconds: float | None = None,
    tell: Tell | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Three:
    """One plan for each taste, each in at most about `seconds`; `tell` hears (taste's key, progress), from any thread.

    Once `stopped` says so, the best so far is kept of each; a taste that has none by then is left out. Raises
    NoPlanError when time runs out with neither a plan nor a proof that there is none.
    """

    def one(taste: Taste) -> Plan | None:
        def say(seen: Progress) -> None:
            if tell is not None:
                tell(taste.key, seen)

        watch = Watch(say, stopped) if stopped is not None else None
        try:
            return solve(favouring(problem, taste), seconds=seconds, progress=say, watch=watch)
        except NoPlanError:
            if watch is not None and watch.is_stopped():
                return None
            raise

    with ThreadPoolExecutor(max_workers=min(len(TASTES), os.cpu_count() or 1)) as threads:
        plans = [(taste.key, plan) for taste, plan in zip(TASTES, threads.map(one, TASTES), strict=True) if plan]
    for _, plan in plans:  # they have the same rules: one without a plan speaks for all
        if plan.status == "infeasible":
            return Three((), plan.because)
    return Three(side_by_side(problem, plans))
