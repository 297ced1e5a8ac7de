"""The solver on the sample problems: cost, bound and seconds of each stage, the best known, and the greedy ratio.

Run as `python -m bench.solver [SAMPLE ...]`. `large-1` is made here: twice medium-1 under one roof. `lead-10` is one
lead of ten schools: the busiest visitor of room-1 with the schools of both.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.domain.schedule.judge import judge
from app.domain.schedule.plan import STAGES
from app.domain.schedule.problem import Problem, read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule import Progress, solve

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


class Stopwatch:
    """Processor seconds of each stage, the meetings' with reading and laying out the problem; by the clock in all."""

    def __init__(self) -> None:
        """Starts now."""
        self.began = self.last = time.process_time()
        self.wall = time.perf_counter()
        self.stages = dict.fromkeys(STAGES, 0.0)

    def heard(self, seen: Progress) -> None:
        """A stage has ended, or begins: what has passed is that of the stage before."""
        if seen.done and seen.cost is not None:
            now = time.process_time()
            self.stages[seen.stage] += now - self.last
            self.last = now

    def ended(self) -> tuple[float, float]:
        """Seconds by the clock and of the processor since the start."""
        return time.perf_counter() - self.wall, time.process_time() - self.began


def greedy_costs(problem: Problem) -> dict[str, int]:
    """What the greedy plan costs in each stage; nothing where it is stuck or there is no plan."""
    try:
        return {stage: each.cost for stage, each in solve(problem, solver="greedy").stages.items()}
    except NoPlanError:
        return {}


def measured(name: str) -> Iterator[str]:
    """The rows of one sample: the whole, then each stage."""
    watch = Stopwatch()
    problem = read_problem(raw_problem(name))
    plan = solve(problem, progress=watch.heard)
    wall, user = watch.ended()
    judged = "-" if plan.status == "infeasible" else "clean" if judge(problem, plan).fine else "BROKEN"
    greedy = greedy_costs(problem) if plan.stages else {}
    ratio = sum(greedy.values()) / sum(each.cost for each in plan.stages.values()) if greedy else 0
    yield f"{name:13}{plan.status:14}{'':27}{judged:>8}{wall:8.2f}{user:8.2f}{_times(ratio)}"
    for (stage, each), best in zip(plan.stages.items(), BEST[name] or (None,) * len(STAGES), strict=False):
        known = "-" if best is None else "as cheap" if each.cost == best else f"{best}!"
        times = greedy[stage] / each.cost if greedy else 0
        row = f"{'':13}{stage:14}{each.cost:9}{each.bound:9}{known:>9}"
        yield f"{row}{'':16}{watch.stages[stage]:8.2f}{_times(times)}"


def _times(ratio: float) -> str:
    return f"{ratio:8.2f}" if ratio else f"{'-':>8}"


def main() -> None:
    heads = f"{'cost':>9}{'bound':>9}{'best':>9}{'judged':>8}{'wall s':>8}{'user s':>8}{'greedy':>8}"
    print(f"{'sample':13}{'stage':14}{heads}   load {os.getloadavg()[0]:.1f}")
    for name in sys.argv[1:] or BEST:
        for row in measured(name):
            print(row, flush=True)


if __name__ == "__main__":
    main()
