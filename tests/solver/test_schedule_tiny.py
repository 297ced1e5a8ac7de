"""Five hundred small made-up problems, each compared with every plan there is, where these are not too many."""

import pytest

from app.domain.schedule.judge import Judgement, judge
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.kit.errors import NoPlanError
from app.solver.schedule import solve
from tests.solver.tiny_problems import a_problem, all_plans, best_in_order, moving

FEW_PLACES = 1500
BATCHES = [range(start, start + 40) for start in range(40_000, 40_520, 40)]


@pytest.mark.slow
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"from-{seeds.start}")
def test_the_exact_solver_finds_the_best_of_all_plans_or_proves_that_none_exists(seeds: range) -> None:
    compared = 0
    for seed in seeds:
        problem = a_problem(seed)
        plan = solve(problem)
        judged = None if plan.status == "infeasible" else _as_good_as_it_says(problem, plan, seed)
        _greedy_is_no_better(problem, plan, seed)
        plans = all_plans(problem, FEW_PLACES)
        if plans is None:
            continue
        compared += 1
        assert (judged is None) == (not plans), f"seed {seed}: {plan.because}"
        if judged is not None:
            costs = (moving(problem, judged), *judged.cost.values())
            assert costs == best_in_order(problem, plans, plan.events), f"seed {seed}"
    assert compared > 15


def _as_good_as_it_says(problem: Problem, plan: Plan, seed: int) -> Judgement:
    judged = judge(problem, plan)
    assert judged.fine, f"seed {seed}: {judged.violations} {judged.missing}"
    assert plan.status == "optimal", f"seed {seed}"
    assert {stage: (cost, cost) for stage, cost in judged.cost.items()} == {
        stage: (each.cost, each.bound) for stage, each in plan.stages.items()
    }, f"seed {seed}"
    return judged


def _greedy_is_no_better(problem: Problem, plan: Plan, seed: int) -> None:
    """A greedy plan is whole, no cheaper, and there is none where the exact solver says that none exists."""
    try:
        greedy = solve(problem, solver="greedy")
    except NoPlanError:
        return
    if plan.status == "infeasible":
        assert plan.because, f"seed {seed}"
        assert greedy.status == "infeasible", f"seed {seed}"
    if greedy.status == "infeasible":
        return
    judged = judge(problem, greedy)
    assert judged.fine, f"seed {seed}: {judged.violations} {judged.missing}"
    assert judged.cost == {stage: each.cost for stage, each in greedy.stages.items()}, f"seed {seed}"
    if problem.plan is None:
        assert judged.cost["meetings"] >= plan.stages["meetings"].cost, f"seed {seed}"
