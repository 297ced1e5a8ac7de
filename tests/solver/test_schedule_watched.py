"""A solve that somebody looks on: the same plan, honest costs and bounds on the way, and a stop that keeps the best."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.schedule.judge import judge
from app.domain.schedule.plan import STAGES, plan_bytes
from app.domain.schedule.problem import Problem, read_problem
from app.solver.schedule import Progress, Watch, solve
from app.solver.schedule import watching as eyes

DATA = Path(__file__).parent.parent / "data" / "schedule"


def part_of(name: str) -> Problem:
    problem = read_problem(json.loads((DATA / f"{name}.json").read_text()))
    return replace(problem, groups=problem.groups[:4], visits=problem.visits[:6], observations=())


@pytest.fixture
def every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes, "OFTEN", -1.0)


def never() -> bool:
    return False


@pytest.mark.usefixtures("every_word")
@pytest.mark.parametrize("name", ["small-1", "readiness-1", "replan-1"])
def test_looking_on_changes_no_byte_and_what_is_told_is_honest(name: str) -> None:
    problem, told = part_of(name), list[Progress]()
    problem = replace(problem, fixed=(), plan=None, frozen_before=None) if name == "replan-1" else problem
    plan = solve(problem, watch=Watch(told.append, never))
    assert plan_bytes(plan) == plan_bytes(solve(problem))
    assert {seen.stage for seen in told} <= set(STAGES)
    assert any(seen.bound is not None for seen in told)
    for seen in told:
        stage = plan.stages[seen.stage]
        assert seen.part <= seen.parts
        if seen.cost is not None and seen.bound is not None:
            assert seen.bound <= seen.cost
        if seen.parts == 1:
            assert seen.bound is None or seen.bound <= stage.cost
            assert seen.cost is None or seen.cost >= stage.cost
    last = [seen for seen in told if seen.stage == "meetings"][-1]
    assert (last.cost, last.bound) == (plan.stages["meetings"].cost, plan.stages["meetings"].bound)


@pytest.mark.parametrize("name", ["small-1", "readiness-1", "room-1"])
def test_a_stop_keeps_a_whole_plan_and_says_how_far_from_the_best_it_may_be(name: str) -> None:
    problem = part_of(name)
    best = solve(problem)
    stopped = solve(problem, watch=Watch(lambda _: None, lambda: True))
    assert stopped.status in {"feasible", "optimal"}
    assert judge(problem, stopped).fine
    assert all(stage.bound <= stage.cost for stage in stopped.stages.values())
    assert stopped.stages["meetings"].bound <= best.stages["meetings"].cost <= stopped.stages["meetings"].cost


def test_a_stop_without_any_time_left_fills_the_plan_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes, "GRACE", 0.0)
    problem = part_of("small-1")
    stopped = solve(problem, watch=Watch(lambda _: None, lambda: True))
    assert judge(problem, stopped).fine


def test_a_stop_says_nothing_of_a_problem_without_a_plan_that_is_not_proved() -> None:
    whole = read_problem(json.loads((DATA / "infeasible-1.json").read_text()))
    problem = replace(whole, groups=whole.groups[:1], visits=(), observations=())
    assert solve(problem, watch=Watch(lambda _: None, lambda: True)).status == "infeasible"  # a group has no day at all
