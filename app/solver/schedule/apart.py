"""Solving in a process of its own. It imports the solver alone, so that it starts at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from threading import Event, Lock, Thread
from typing import Any

from app.domain.schedule.plan import Plan, plan_json
from app.domain.schedule.problem import read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule import Progress, Watch, solve
from app.solver.schedule.three import Three, three_plans

STOP = "stop"


def solved(problem: dict[str, Any], tell: Callable[[Progress], None] | None = None) -> Plan:
    """The plan of a problem given as JSON values; an infeasible one with its reasons when none exists."""
    try:
        return solve(read_problem(problem), progress=tell)
    except NoPlanError as none:
        return Plan("infeasible", (), {}, (none.because,))


def solve_apart(problem: dict[str, Any], answers: Connection) -> None:
    """What the process runs: ("progress", ...) again and again, then ("plan", ...) go back through the pipe.

    "stop" through the pipe keeps the best so far; ("nothing", because) is the answer where there is none yet.
    """
    stop, one_at_a_time = _stopping(answers), Lock()

    def tell(seen: Progress) -> None:
        with one_at_a_time:
            answers.send(("progress", asdict(seen)))

    try:
        plan = solve(read_problem(problem), progress=tell, watch=Watch(tell, stop.is_set))
    except NoPlanError as none:
        if stop.is_set():
            answers.send(("nothing", none.because))
            return
        plan = Plan("infeasible", (), {}, (none.because,))
    answers.send(("plan", plan_json(plan)))


def three_apart(problem: dict[str, Any], answers: Connection) -> None:
    """What the process runs for three plans: ("progress", {"favours", ...}) again and again, then ("plans", {...}).

    The last holds "plans", each with what it "favours" and the "plan" as JSON, the hub's own favourite first, and
    "because" with reasons when there are none. After "stop" through the pipe a plan may be lacking.
    """
    stop, one_at_a_time = _stopping(answers), Lock()

    def tell(key: str, seen: Progress) -> None:
        with one_at_a_time:
            answers.send(("progress", {"favours": key, **asdict(seen)}))

    try:
        found = three_plans(read_problem(problem), tell=tell, stopped=stop.is_set)
    except NoPlanError as none:
        found = Three((), (none.because,))
    plans = [{"favours": each.favours, "plan": plan_json(each.plan)} for each in found.plans]
    answers.send(("plans", {"plans": plans, "because": list(found.because)}))


def _stopping(answers: Connection) -> Event:
    """Set when "stop" comes through the pipe, or nobody is at its other end any more."""
    stop = Event()

    def listen() -> None:
        with suppress(OSError):  # a pipe that only speaks
            try:
                answers.recv()
            except EOFError:
                stop.set()
            else:
                stop.set()

    Thread(target=listen, daemon=True).start()
    return stop
