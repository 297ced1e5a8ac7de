"""Small made-up problems, each compared with every plan there is."""

import pytest

from app.domain.schedule.judge import judge
from app.domain.schedule.problem import Problem
from app.kit.errors import NoPlanError
from app.solver.schedule import solve
from tests.solver.tiny_problems import a_problem, all_plans, best_in_order, moving

FEW_PLACES = 1500
BATCHES = [range(start, start + 40) for start in range(40_000, 40_240, 40)]


@pytest.mark.slow
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"from-{seeds.start}")
def test_the_exact_solver_finds_the_best_of_all_plans_or_proves_that_none_exists(seeds: range) -> None:
    looked_at = 0
    for seed in seeds:
        problem = a_problem(seed)
        plans = all_plans(problem, FEW_PLACES)
        if plans is None:
            continue
        looked_at += 1
        plan = solve(problem)
        assert (plan.status == "infeasible") == (not plans), f"seed {seed}: {plan.because}"
        if not plans:
            assert plan.because, f"seed {seed}"
            continue
        judged = judge(problem, plan)
        assert judged.fine, f"seed {seed}: {judged.violations} {judged.missing}"
        assert plan.status == "optimal", f"seed {seed}"
        assert judged.cost == {stage: each.cost for stage, each in plan.stages.items()}, f"seed {seed}"
        costs = (moving(problem, judged), *judged.cost.values())
        assert costs == best_in_order(problem, plans, plan.events), f"seed {seed}"
        _greedy_is_no_better(problem, seed, judged.cost["meetings"])
    assert looked_at > 15


def _greedy_is_no_better(problem: Problem, seed: int, least: int) -> None:
    try:
        plan = solve(problem, solver="greedy")
    except NoPlanError:
        return
    judged = judge(problem, plan)
    assert judged.fine, f"seed {seed}: {judged.violations} {judged.missing}"
    assert judged.cost == {stage: each.cost for stage, each in plan.stages.items()}, f"seed {seed}"
    if problem.plan is None:
        assert judged.cost["meetings"] >= least, f"seed {seed}"
