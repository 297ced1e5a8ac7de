"""Solving in a process of its own. It imports the solver alone, so that it starts at once."""

from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any

from app.domain.schedule.plan import Plan, plan_json
from app.domain.schedule.problem import read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule import Progress, solve


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
