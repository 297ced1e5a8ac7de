"""Mending a plan: the fewest moves, compared with every plan there is, and what is said about them."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from app.domain.schedule.judge import judge
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Problem, read_problem
from app.kit.errors import BadInputError, NoPlanError
from app.solver.schedule import solve
from app.solver.schedule.repair import Repair, Replacement, away, closed, refused
from tests.solver.tiny_problems import a_problem, all_plans

DATA = Path(__file__).parent.parent / "data" / "schedule"
FEW_PLACES = 2000
BATCHES = [range(start, start + 60) for start in range(41_000, 41_180, 60)]


def planned(problem: Problem) -> Problem | None:
    """The problem with a plan that stands."""
    try:
        plan = solve(problem, solver="greedy")
    except NoPlanError:
        return None
    standing = replace(problem, plan=plan.events, frozen_before=None)
    return standing if plan.events and judge(standing, plan).fine else None


def mended(problem: Problem, way: Replacement) -> tuple[PlacedEvent, ...]:
    return tuple({**problem.old, **{move.event: move.now for move in way.moves}}.values())


def fewest_of_all(problem: Problem, plans: list, name: str, days: frozenset[date]) -> int | None:
    """The fewest events that move over all plans in which this event is on none of these days."""
    counts = [
        sum(problem.old[each.event] != each for each in events)
        for events, _ in plans
        if next(each.date for each in events if each.event == name) not in days
    ]
    return min(counts, default=None)


def refusals(problem: Problem, name: str) -> list[frozenset[date]]:
    """The day of the event; and with it every other day on which it could be without another event moving."""
    day = frozenset({problem.old[name].date})
    alone = Repair(problem, {name: day}).board.options(name).free
    return [day, day | {date.fromordinal(option.day) for option in alone}]


def refuse(problem: Problem, plans: list, name: str, days: frozenset[date]) -> tuple[str, int]:
    """Mends the plan and holds it against all plans; tells how far one had to look, and how many events move."""
    fewest = fewest_of_all(problem, plans, name, days)
    found = Repair(problem, {name: days}).ways()
    assert found.hit == (name,)
    assert bool(found.replacements) == (fewest is not None), found.because
    assert bool(found.because) == (not found.replacements)
    for n, way in enumerate(found.replacements):
        assert judge(problem, Plan("feasible", mended(problem, way), {})).fine
        assert all(move.was == problem.old[move.event] for move in way.moves)
        assert way.moves[0].event == name
        assert way.fewest == (len(way.moves) == fewest)
        assert n or way.fewest, f"{len(way.moves)} moves, {fewest} would do"
    return (found.replacements[0].step if found.replacements else "none"), fewest or 0


@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"from-{seeds.start}")
def test_a_refusal_moves_as_few_events_as_any_plan_does(seeds: range) -> None:
    seen: Counter[tuple[str, int]] = Counter()
    for seed in seeds:
        problem = planned(a_problem(seed))
        plans = all_plans(problem, FEW_PLACES) if problem else None
        if problem is None or plans is None:
            continue
        for name in problem.event_names:
            for days in refusals(problem, name) if name not in problem.held else ():
                seen[refuse(problem, plans, name, days)] += 1
    assert sum(seen.values()) >= 34, seen


def a_standing_year(name: str) -> Problem:
    problem = read_problem(json.loads((DATA / f"{name}.json").read_text()))
    return replace(problem, plan=solve(problem, solver="greedy").events)


def test_a_leader_who_is_ill_gets_three_other_days_and_those_to_be_told() -> None:
    year = a_standing_year("readiness-1")
    meeting = year.old["g1/3"]
    repair = Repair(away(year, "p1", [meeting.date]))
    found = repair.ways()
    assert found.hit == ("g1/3",)
    assert len({way.moves[0].now.date for way in found.replacements}) == 3
    for way in found.replacements:
        (move,) = way.moves
        assert (way.step, way.fewest) == ("alone", True)
        assert move.because == "p1 does not work then or is away."
        assert set(move.schools) == {member.school for member in year.groups[0].members}
        assert "p1" in move.people
    costs = [repair.board.look(way.moves[0].now).change for way in found.replacements]
    assert costs == sorted(costs)
    for way, cost in zip(found.replacements, costs, strict=True):
        known = repair.differences(way)
        assert known.moved == ((meeting, way.moves[0].now),)
        assert known.change == cost - year.weights.moved_date
        assert {(move.event, each) for move in way.moves for each in move.cannot} == set(known.absent)
        assert {(move.event, each) for move in way.moves for each in move.can} == set(known.back)


def test_those_who_make_way_are_told_for_whom() -> None:
    year = a_standing_year("readiness-1")
    days = refusals(year, "g1/3")[1]
    found = Repair(year, {"g1/3": days}).ways()
    way = found.replacements[0]
    assert len(way.moves) > 1
    assert way.moves[0].because == "Somebody in it has said that they cannot come on that day."
    assert way.moves[1].because.startswith("It makes way for the meeting of g1 in Spring 2. ")


def test_a_school_that_closes_frees_its_own_events_alone() -> None:
    year = a_standing_year("readiness-1")
    meeting = year.old["g1/3"]
    school = year.groups[0].members[0].school
    assert Repair(closed(year, school, [meeting.date])).hit == ("g1/3",)


def test_a_participant_who_cannot_come_is_missed_where_the_event_need_not_move() -> None:
    year = a_standing_year("small-1")
    someone = next(member for member in year.groups[0].members if len(member.people) > 1).people[0]
    changed = refused(year, someone, "g1/0")
    assert year.old["g1/0"].date in next(each.away for each in changed.people if each.id == someone)
    assert Repair(changed).ways().replacements == ()


def test_pinned_unknown_and_unplanned_events_are_refused_with_a_sentence() -> None:
    year = a_standing_year("readiness-1")
    meeting = year.old["g1/3"]
    pinned = replace(year, fixed=(meeting,))
    with pytest.raises(BadInputError, match="The meeting of g1 in Spring 2 is pinned or past"):
        Repair(pinned, {"g1/3": frozenset({meeting.date})})
    with pytest.raises(BadInputError, match="no event of this year"):
        Repair(year, {"x/3": frozenset({meeting.date})})
    with pytest.raises(BadInputError, match="no plan yet"):
        Repair(replace(year, plan=None))


def test_two_that_fall_at_once_move_as_few_events_as_any_plan_does() -> None:
    seen: Counter[int] = Counter()
    for seed in range(43_000, 43_040):
        problem = planned(a_problem(seed))
        plans = all_plans(problem, 1500) if problem else None
        if problem is None or plans is None:
            continue
        free = [name for name in problem.event_names if name not in problem.held]
        for pair in list(combinations(free, 2))[:3]:
            gone = {name: problem.old[name].date for name in pair}
            without = [events for events, _ in plans if all(each.date != gone.get(each.event) for each in events)]
            counts = [sum(problem.old[each.event] != each for each in events) for events in without]
            found = Repair(problem, {name: frozenset({day}) for name, day in gone.items()}).ways()
            assert found.hit == pair
            assert bool(found.replacements) == bool(counts), f"seed {seed}"
            if counts:
                way = found.replacements[0]
                assert (len(way.moves), way.fewest) == (min(counts), True), f"seed {seed}"
                assert judge(problem, Plan("feasible", mended(problem, way), {})).fine
                seen[len(way.moves)] += 1
    assert set(seen) >= {2, 3}
