"""The solver on the sample problems: cost of each stage against the best known, seconds, and the greedy plan's ratio.

Run as `python -m bench.solver [SAMPLE ...]`. `large-1` is made here: twice medium-1 under one roof. `lead-10` is one
lead of ten schools: the busiest visitor of room-1 with the schools of both.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

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
    "lead-10": (),
    "large-1": (),
}
NAMED = {"id", "school", "leader", "visitor", "observer", "teacher", "first_host"}


def another(part: object, key: str = "") -> object:
    """A second hub: every id with a mark, every place 60 km further east."""
    if isinstance(part, dict):
        return {name: another(value, name) for name, value in part.items()}
    if key == "at" and isinstance(part, list):
        return [part[0] + 60_000, part[1]]
    if key in {"after", "before"} and isinstance(part, list):
        return [f"{part[0]}x", part[1]]
    if isinstance(part, list):
        return [f"{each}x" if key == "people" and isinstance(each, str) else another(each) for each in part]
    return f"{part}x" if key in NAMED and isinstance(part, str) else part


def large() -> dict[str, Any]:
    """30 groups with some 210 schools, 60 schools that are visited, one cap of meetings a day for all."""
    hub: dict[str, Any] = json.loads((DATA / "medium-1.json").read_text())
    second = another(hub)
    assert isinstance(second, dict)
    both = {part: hub[part] + second[part] for part in ("schools", "people", "groups", "visits", "observations")}
    return hub | both | {"meetings_per_day": 2 * hub["meetings_per_day"]}


def lead_of_ten() -> dict[str, Any]:
    """One lead of two groups and ten schools, six visits each."""
    hub: dict[str, Any] = json.loads((DATA / "room-1.json").read_text())
    lead = hub["visits"][0]["visitor"]
    return hub | {"visits": [each | {"visitor": lead} for each in hub["visits"][:10]]}


MADE = {"large-1": large, "lead-10": lead_of_ten}


def raw_problem(name: str) -> dict[str, Any]:
    if name in MADE:
        return MADE[name]()
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return found


def greedy_ratio(problem: Problem, best: tuple[int, ...]) -> str:
    try:
        plan = solve(problem, solver="greedy")
    except NoPlanError:
        return "stuck"
    if plan.status == "infeasible":
        return "-"
    return " ".join(f"{plan.stages[stage].cost / cost:.2f}" for stage, cost in zip(STAGES, best, strict=True) if cost)


def main() -> None:
    print(
        f"{'sample':13}{'status':11}{'cost':20}{'best known':20}{'judged':8}{'wall s':>7}{'user s':>7}  greedy / best"
    )
    for name in sys.argv[1:] or BEST:
        wall, user = time.perf_counter(), time.process_time()
        problem = read_problem(raw_problem(name))
        plan = solve(problem)
        wall, user = time.perf_counter() - wall, time.process_time() - user
        costs = " ".join(str(plan.stages[stage].cost) for stage in STAGES if stage in plan.stages)
        judged = "-" if plan.status == "infeasible" else "clean" if judge(problem, plan).fine else "BROKEN"
        best = " ".join(map(str, BEST[name]))
        row = f"{name:13}{plan.status:11}{costs:20}{best:20}{judged:8}{wall:7.2f}{user:7.2f}"
        known = BEST[name] or tuple(plan.stages[stage].cost for stage in STAGES if stage in plan.stages)
        print(f"{row}  {greedy_ratio(problem, known)}", flush=True)


if __name__ == "__main__":
    main()
