"""When there is no plan: the choices a lead has, each truly tried."""

import json
from pathlib import Path

from app.domain.schedule.problem import read_problem
from app.domain.schedule.relaxing import RUNGS
from app.solver.schedule.relax import relax
from tests.solver.tiny_problems import a_problem, all_plans

DATA = Path(__file__).parent.parent / "data" / "schedule"


def test_a_meeting_without_a_day_gets_choices_with_what_each_means() -> None:
    raw = json.loads((DATA / "infeasible-1.json").read_text())
    raw["groups"], raw["visits"], raw["observations"] = raw["groups"][:1], [], raw["observations"][:7]
    found = relax(read_problem(raw))
    assert found.because[0].startswith("Group g1 in Spring 2 (half term 3, R1) has no possible day")
    by_kind = {each.choice.kind: each for each in found.tried}
    assert [each.exists for each in found.tried] == sorted((each.exists for each in found.tried), reverse=True)
    assert not by_kind["shorter_gap"].exists
    missing = by_kind["one_missing"]
    assert missing.exists
    assert missing.choice.says == "Hold the meeting of g1 in Spring 2 without s142242."
    when, who = missing.choice.consequences
    assert when == "It would be on the morning of Friday 26 February 2027 at s111871."
    assert who == "Nobody from s142242 could come."
    assert by_kind["leave_out"].choice.consequences[1] == "g1 would have 5 meetings this year."


def test_every_choice_is_as_possible_as_it_is_said_to_be() -> None:
    kinds = set()
    for seed in range(42_000, 42_018):
        problem = a_problem(seed)
        plans = all_plans(problem, 200)
        if plans is None:
            continue
        found = relax(problem)
        assert bool(found.because) == (not plans), f"seed {seed}"
        assert bool(found.tried) <= bool(found.because)
        for each in found.tried:
            known = all_plans(each.choice.problem, 200)
            assert each.choice.kind in RUNGS
            assert all(sentence.endswith(".") for sentence in (each.choice.says, *each.choice.consequences))
            if known is not None:
                assert each.exists == bool(known), f"seed {seed}: {each.choice.says}"
                kinds.add((each.choice.kind, each.exists))
    assert len(kinds) > 5, kinds


def test_a_problem_with_a_plan_has_nothing_to_let_go() -> None:
    found = relax(read_problem(json.loads((DATA / "replan-1.json").read_text())))
    assert (found.because, found.tried) == ((), ())
