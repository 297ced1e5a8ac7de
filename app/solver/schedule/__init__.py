"""The one optimiser of the house: a problem in, a plan out, the same bytes every time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.kit.errors import NoPlanError
from app.solver.schedule.exact import solve_exact
from app.solver.schedule.greedy import solve_greedy
from app.solver.schedule.model import Clock
from app.solver.schedule.progress import Progress
from app.solver.schedule.watching import Watch

__all__ = ["Progress", "Watch", "solve"]


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    solver: Literal["exact", "greedy"] = "exact",
    progress: Callable[[Progress], None] | None = None,
    watch: Watch | None = None,
) -> Plan:
    """The plan of a problem in at most about `seconds` (None: as long as it takes), or an infeasible one with reasons.

    `progress` hears when a stage begins and ends, `watch` also of each better cost and bound, and it can stop the
    solve. When time runs out, or it is stopped, the plan is "feasible", the greedy one if there is no better. Raises
    NoPlanError when that finds no place for an event either: this does not prove that there is no plan.
    """

    def say(stage: str, cost: int | None, bound: int | None, done: int, of: int) -> None:
        if progress is not None:
            progress(Progress(stage, cost, bound, done, of))

    catalog = Catalog(problem)
    if solver == "greedy":
        return solve_greedy(catalog, say)
    try:
        return solve_exact(catalog, replace(Clock.of(seconds), watch=watch), say)
    except NoPlanError as late:
        if seconds is None and not (watch and watch.is_stopped()):
            raise
        try:
            return solve_greedy(catalog, say)  # a plan that breaks no rule is better than none
        except NoPlanError:
            raise late from None
