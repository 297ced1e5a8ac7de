"""The solver on the sample problems: cost of each stage against the best known, seconds, and the greedy plan's ratio.

Run as `python -m bench.solver [SAMPLE ...]`.
"""

import json
import sys
import time
from pathlib import Path

from app.domain.schedule.judge import judge
from app.domain.schedule.plan import STAGES
from app.domain.schedule.problem import Problem, read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule import solve

DATA = Path(__file__).parent.parent / "tests" / "data" / "schedule"
BEST = {
    "small-1": (31234, 2827, 3588),
    "small-2": (8380, 6562, 4305),
    "medium-1": (32949, 11402, 9312),
    "infeasible-1": (),
    "replan-1": (32245, 2827, 3588),
    "readiness-1": (286, 1866, 313),
    "room-1": (293, 1864, 313),
}


def greedy_ratio(problem: Problem, best: tuple[int, ...]) -> str:
    try:
        plan = solve(problem, solver="greedy")
    except NoPlanError:
        return "stuck"
    if plan.status == "infeasible":
        return "-"
    return " ".join(f"{plan.stages[stage].cost / cost:.2f}" for stage, cost in zip(STAGES, best, strict=True))


def main() -> None:
    print(
        f"{'sample':13}{'status':11}{'cost':20}{'best known':20}{'judged':8}{'wall s':>7}{'user s':>7}  greedy / best"
    )
    for name in sys.argv[1:] or BEST:
        wall, user = time.perf_counter(), time.process_time()
        problem = read_problem(json.loads((DATA / f"{name}.json").read_text()))
        plan = solve(problem)
        wall, user = time.perf_counter() - wall, time.process_time() - user
        costs = " ".join(str(plan.stages[stage].cost) for stage in STAGES if stage in plan.stages)
        judged = "-" if plan.status == "infeasible" else "clean" if judge(problem, plan).fine else "BROKEN"
        best = " ".join(map(str, BEST[name]))
        row = f"{name:13}{plan.status:11}{costs:20}{best:20}{judged:8}{wall:7.2f}{user:7.2f}"
        print(f"{row}  {greedy_ratio(problem, BEST[name])}", flush=True)


if __name__ == "__main__":
    main()
