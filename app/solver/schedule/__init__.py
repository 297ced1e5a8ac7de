"""The one optimiser of the house: a problem in, a plan out, the same bytes every time."""

from collections.abc import Callable
from typing import Literal

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.solver.schedule.exact import solve_exact
from app.solver.schedule.greedy import solve_greedy
from app.solver.schedule.model import Clock
from app.solver.schedule.progress import Progress

__all__ = ["Progress", "solve"]


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    solver: Literal["exact", "greedy"] = "exact",
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The plan of a problem in at most about `seconds` (None: as long as it takes), or an infeasible one with reasons.

    Raises NoPlanError when time ran out without a plan, or when the greedy solver found no place for an event:
    neither proves that there is no plan.
    """

    def say(stage: str, cost: int | None, bound: int | None, done: int, of: int) -> None:
        if progress is not None:
            progress(Progress(stage, cost, bound, done, of))

    catalog = Catalog(problem)
    if solver == "greedy":
        return solve_greedy(catalog, say)
    return solve_exact(catalog, Clock.of(seconds), say)
