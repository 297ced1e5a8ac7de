"""Forming groups: small made-up problems, each compared with every grouping there is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.schedule.forming import read_forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.schedule.forming_moves import Moves, moved
from app.kit.errors import NoPlanError
from app.solver.schedule.forming import form_groups
from tests.forming_problems import a_few
from tests.solver.forming_brute import Brute

SEEDS = st.integers(min_value=0, max_value=10_000_000)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(SEEDS)
def test_the_exact_groups_are_the_cheapest_of_all_or_there_are_none(seed: int) -> None:
    forming = read_forming(a_few(seed))
    best, formation = Brute(forming).least(), form_groups(forming)
    if best is None:
        assert formation.status == "infeasible"
        assert formation.because
        return
    judged = judge_groups(forming, formation)
    assert judged.fine, judged.violations
    assert (formation.status, formation.cost, formation.bound, judged.cost) == ("optimal", best, best, best)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS)
def test_the_quick_groups_keep_every_rule_and_are_never_cheaper(seed: int) -> None:
    forming = read_forming(a_few(seed))
    exact = form_groups(forming)
    for solver in ("greedy", "better"):
        try:
            quick = form_groups(forming, solver=solver)
        except NoPlanError:
            continue
        assert (quick.status == "infeasible") <= (exact.status == "infeasible")
        if quick.status != "infeasible":
            judged = judge_groups(forming, quick)
            assert judged.fine, judged.violations
            assert judged.cost == quick.cost >= exact.cost


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS)
def test_a_move_costs_what_the_judge_says_and_is_allowed_when_he_finds_nothing(seed: int) -> None:
    forming = read_forming(a_few(seed))
    formation = form_groups(forming)
    moves = Moves(forming, formation)
    options = [*moves.every(), *(each for school in moves.where for each in moves.exchanges(school))]
    for option in options:
        after = moved(forming, formation, option)
        judged = judge_groups(forming, after)
        assert judged.cost == after.cost == formation.cost + option.cost
        assert option.allowed == judged.fine, (option, judged.violations)
