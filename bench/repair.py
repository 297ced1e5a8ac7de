"""Mending a plan: one event at all its places, then what falls through with its group, with the hub.

Run as `python -m bench.repair [SAMPLE ...]`. An event falls on its day: `alone`. It falls on every day on which it
could be without anyone else moving: somebody must make way, in the `group` or in the `hub`. Times are those of the
processor, after the plan is laid out; `first` is the best way out, `three` three of them. Against: one event at all its
places.
"""

import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.domain.schedule.problem import Problem, read_problem
from app.solver.schedule import solve
from app.solver.schedule.repair import Repair

DATA = Path(__file__).parent.parent / "tests" / "data" / "schedule"
SAMPLES = ("small-1", "small-2", "medium-1", "room-1")
EVENTS = 40


def standing(name: str) -> Problem:
    problem = read_problem(json.loads((DATA / f"{name}.json").read_text()))
    return replace(problem, plan=solve(problem).events)


def timed(repair: Repair, most: int) -> tuple[float, str, int]:
    began = time.thread_time()
    found = repair.ways(most)
    took = (time.thread_time() - began) * 1000
    first = found.replacements[0] if found.replacements else None
    return took, first.step if first else "none", len(first.moves) if first else 0


def main() -> None:
    dice = random.Random(1)
    print(f"{'sample':11}{'step':12}{'moves':16}{'times':>6}{'median ms':>10}{'p95 ms':>9}{'most ms':>9}{'of one':>8}")
    for sample in sys.argv[1:] or SAMPLES:
        problem = standing(sample)
        repair = Repair(problem)
        free = [name for name in problem.event_names if name not in problem.held]
        names = dice.sample(free, min(EVENTS, len(free)))
        taken: dict[str, list[float]] = defaultdict(list)
        moves: dict[str, Counter[int]] = defaultdict(Counter)
        for name in names:
            repair.board.options(name)  # compiles the event's window
            for _ in range(5):
                began = time.thread_time()
                options = repair.board.options(name)
                taken["one"].append((time.thread_time() - began) * 1000)
            days = frozenset({problem.old[name].date})
            taken["alone"].append(timed(Repair(problem, {name: days}), 3)[0])
            fallen = {name: days | {date.fromordinal(option.day) for option in options.free}}
            for kind, most in (("first", 1), ("three", 3)):
                took, step, count = timed(Repair(problem, fallen), most)
                taken[f"{step} {kind}"].append(took)
                moves[f"{step} {kind}"][count] += 1
        one = statistics.median(taken["one"])
        for kind, times in sorted(taken.items()):
            times.sort()
            counts = ", ".join(f"{n}: {many}" for n, many in sorted(moves[kind].items()))
            middle, late = statistics.median(times), times[min(len(times) - 1, int(0.95 * len(times)))]
            print(
                f"{sample:11}{kind:12}{counts:16}{len(times):>6}{middle:>9.2f}{late:>9.2f}{times[-1]:>9.2f}"
                f"{middle / one:>9.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
