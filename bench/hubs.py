"""Forty medium hubs on two processes: first the meetings of all, then everything; seconds and memory.

Run as `python -m bench.hubs [HUBS]`. Each hub is medium-1 with other dice: its schools lie elsewhere, people are away
on other days, groups like other days of the week. A process ends after some hubs, as in a worker, and its memory with
it; what is told is the most that both could have at once.
"""

import os
import random
import resource
import sys
import time
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from app.domain.schedule.judge import judge
from app.domain.schedule.problem import read_problem
from app.solver.schedule import solve
from bench.solver import raw_problem

HUBS = 40
PROCESSES = 2
EACH = 4  # hubs before a process is followed by a new one
FAR = 6_000  # metres a school may lie elsewhere


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one hub, the most memory its process has used so far, in megabytes, and its processor seconds."""

    status: str
    clean: bool
    memory: float
    seconds: float


def a_hub(seed: int) -> dict[str, Any]:
    """A medium hub of its own."""
    dice, hub = random.Random(seed), deepcopy(raw_problem("medium-1"))
    for place in (*hub["schools"], *hub["people"]):
        if place["at"] is not None:
            place["at"] = [each + dice.randint(-FAR, FAR) for each in place["at"]]
    days = [day for each in hub["people"] for day in each["away"]]
    for person in hub["people"]:
        person["away"] = sorted({dice.choice(days) for _ in person["away"]})
    for group in hub["groups"]:
        dice.shuffle(group["weekday_cost"])
    return hub


def meetings_alone(hub: dict[str, Any]) -> dict[str, Any]:
    """The hub without visits and observations."""
    meetings = {group["id"] for group in hub["groups"]}
    fixed = [each for each in hub["fixed"] if each["event"].split("/")[0] in meetings]
    return hub | {"visits": [], "observations": [], "fixed": fixed}


def solved(hub: dict[str, Any]) -> Came:
    """One hub solved and judged."""
    begun = time.process_time()
    problem = read_problem(hub)
    plan = solve(problem)
    seconds = time.process_time() - begun
    clean = plan.status == "infeasible" or judge(problem, plan).fine
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Came(plan.status, clean, memory, seconds)


def told(what: str, came: Iterable[Came], seconds: float, wanted: int) -> None:
    """One row: how many are proved, in how long, with how much memory."""
    all_of = list(came)
    proved = sum(each.status in {"optimal", "infeasible"} and each.clean for each in all_of)
    none = sum(each.status == "infeasible" for each in all_of)
    memory = PROCESSES * max(each.memory for each in all_of)
    print(
        f"{what:18}{proved} of {len(all_of)} proved ({none} without a plan), {seconds:6.1f} s, wanted {wanted}; "
        f"{sum(each.seconds for each in all_of):.1f} processor seconds, "
        f"at most {memory:.0f} MB in {PROCESSES} processes, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else HUBS
    hubs = [a_hub(seed) for seed in range(count)]
    with get_context("spawn").Pool(PROCESSES, maxtasksperchild=EACH) as pool:
        begun = time.perf_counter()
        came = list(pool.imap_unordered(solved, map(meetings_alone, hubs)))
        told("all meetings", came, time.perf_counter() - begun, 30)
        begun = time.perf_counter()
        came = list(pool.imap_unordered(solved, hubs))
        told("everything", came, time.perf_counter() - begun, 300)
    begun = time.perf_counter()
    told("one hub alone", [solved(hubs[0])], time.perf_counter() - begun, 10)


if __name__ == "__main__":
    main()
