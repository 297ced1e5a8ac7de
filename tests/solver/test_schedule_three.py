"""Three plans that differ in what they favour, and how they are compared."""

import json
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path

import pytest

from app.domain.schedule.comparing import Compared, compared, side_by_side
from app.domain.schedule.judge import judge
from app.domain.schedule.plan import read_plan
from app.domain.schedule.problem import Problem, read_problem
from app.domain.schedule.tastes import TASTES, favouring
from app.domain.schedule.weights import MOST, Weights
from app.solver.schedule import solve
from app.solver.schedule.apart import three_apart
from app.solver.schedule.progress import Progress
from app.solver.schedule.three import Three, three_plans

DATA = Path(__file__).parent.parent / "data" / "schedule"


def meetings_only(name: str) -> Problem:
    problem = read_problem(json.loads((DATA / f"{name}.json").read_text()))
    return replace(problem, groups=problem.groups[:3], visits=problem.visits[:2], observations=())


def by_taste(three: Three) -> dict[str, Compared]:
    return {each.favours: each for each in three.plans}


def test_each_plan_is_best_at_what_it_favours_and_breaks_no_rule() -> None:
    problem, told = meetings_only("small-1"), list[tuple[str, Progress]]()
    three = three_plans(problem, tell=lambda key, seen: told.append((key, seen)))
    found = by_taste(three)
    assert set(found) == {taste.key for taste in TASTES} == {key for key, _ in told}
    assert all(each.judgement.fine for each in three.plans)
    assert [each.cost for each in three.plans] == sorted(each.cost for each in three.plans)
    missed = {key: sum(times for _, times in each.absences) for key, each in found.items()}
    assert missed["absences"] == min(missed.values())
    assert found["travel"].minutes == min(each.minutes for each in three.plans)
    assert found["even"].uneven == min(each.uneven for each in three.plans)
    assert found["travel"].minutes < found["even"].minutes
    assert len({each.plan.events for each in three.plans}) > 1


def test_a_plan_is_measured_by_the_hubs_own_weights() -> None:
    problem = meetings_only("readiness-1")
    plan = solve(favouring(problem, TASTES[1]), solver="greedy")
    found = compared(problem, "travel", plan)
    assert found.judgement == judge(problem, plan)
    assert sum(times for _, times in found.hosts) == len(problem.meeting_names)
    assert {gaps.series: len(gaps.days) for gaps in found.gaps} == {
        each.id: len(each.half_terms) - 1 for each in (*problem.groups, *problem.visits)
    }


def test_equal_plans_are_said_to_be_the_same() -> None:
    problem = meetings_only("readiness-1")
    plan = solve(problem, solver="greedy")
    first, second = side_by_side(problem, [("absences", plan), ("travel", plan)])
    assert (first.same_as, second.same_as) == (None, "absences")


def test_without_a_plan_the_reasons_are_told_once() -> None:
    whole = read_problem(json.loads((DATA / "infeasible-1.json").read_text()))
    three = three_plans(replace(whole, groups=whole.groups[:1], visits=(), observations=()))
    assert three.plans == ()
    assert "Group g1 in Spring 2" in three.because[0]


@pytest.mark.parametrize("taste", TASTES, ids=lambda taste: taste.key)
def test_leaning_keeps_moves_and_the_bounds_of_weights(taste: object) -> None:
    assert taste in TASTES
    own = Weights(meeting_absent=MOST, visit_friday=0, visit_afternoon=1, meeting_travel_divisor=1)
    bent = TASTES[TASTES.index(taste)].weights(own)
    assert (bent.moved_date, bent.moved_host, bent.moved_half_day) == (1000, 250, 100)
    assert bent.meeting_absent <= MOST
    assert (bent.visit_friday, bent.visit_afternoon) == (0, 1)
    assert bent.meeting_travel_divisor >= 1


def test_three_plans_come_out_of_a_process_of_their_own() -> None:
    raw = json.loads((DATA / "readiness-1.json").read_text())
    raw["groups"], raw["visits"], raw["observations"] = raw["groups"][:1], [], []
    mother, child = Pipe(duplex=False)
    three_apart(raw, child)
    child.close()
    told = []
    while not told or told[-1][0] == "progress":
        told.append(mother.recv())
    kind, found = told[-1]
    assert kind == "plans"
    assert found["because"] == []
    assert {each["favours"] for each in found["plans"]} == {taste.key for taste in TASTES}
    assert all(judge(read_problem(raw), read_plan(each["plan"])).fine for each in found["plans"])
    assert {said["favours"] for what, said in told if what == "progress"} == {taste.key for taste in TASTES}
