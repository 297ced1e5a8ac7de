"""Solving in a process of its own. It imports the solver alone, so that it starts at once."""

from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from app.domain.schedule.plan import Plan, plan_json
from app.domain.schedule.problem import read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule import Progress, solve
from app.solver.schedule.three import Three, three_plans


def solved(problem: dict[str, Any], tell: Callable[[Progress], None] | None = None) -> Plan:
    """The plan of a problem given as JSON values; an infeasible one with its reasons when none exists."""
    try:
        return solve(read_problem(problem), progress=tell)
    except NoPlanError as none:
        return Plan("infeasible", (), {}, (none.because,))


def solve_apart(problem: dict[str, Any], answers: Connection) -> None:
    """What the process runs: ("progress", ...) again and again, then ("plan", ...) go back through the pipe."""

    def tell(seen: Progress) -> None:
        answers.send(("progress", asdict(seen)))

    answers.send(("plan", plan_json(solved(problem, tell))))


def three_apart(problem: dict[str, Any], answers: Connection) -> None:
    """What the process runs for three plans: ("progress", {"favours", ...}) again and again, then ("plans", {...}).

    The last holds "plans", each with what it "favours" and the "plan" as JSON, the hub's own favourite first, and
    "because" with reasons when there are none.
    """
    one_at_a_time = Lock()

    def tell(key: str, seen: Progress) -> None:
        with one_at_a_time:
            answers.send(("progress", {"favours": key, **asdict(seen)}))

    try:
        found = three_plans(read_problem(problem), tell=tell)
    except NoPlanError as none:
        found = Three((), (none.because,))
    plans = [{"favours": each.favours, "plan": plan_json(each.plan)} for each in found.plans]
    answers.send(("plans", {"plans": plans, "because": list(found.because)}))
