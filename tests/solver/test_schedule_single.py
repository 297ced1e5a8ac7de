"""One event at every place beside a plan: the judge says the same, place by place, on small made-up problems."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.schedule.bars import WORDS, said
from app.domain.schedule.candidates import Catalog
from app.domain.schedule.differences import differences, told
from app.domain.schedule.frames import Frames, Option
from app.domain.schedule.judge import Judgement, judge
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Problem, read_problem
from app.domain.schedule.single import Board
from app.domain.schedule.why_date import why_this_date
from app.kit.errors import NoPlanError
from app.solver.schedule import solve
from app.solver.schedule.rest import Rest
from tests.solver.tiny_problems import a_problem

DATA = Path(__file__).parent.parent / "data" / "schedule"


def a_plan(problem: Problem) -> Plan | None:
    try:
        plan = solve(problem, solver="greedy")
    except NoPlanError:
        plan = solve(problem)
    return None if plan.status == "infeasible" else plan


def everywhere(problem: Problem, name: str) -> Iterator[PlacedEvent]:
    """Every day from before the first to after the last half term of interest, each half-day, each school as host."""
    first = min(school.half_terms[0][0] for school in problem.schools) - timedelta(2)
    hosts = [school.id for school in problem.schools] if name in problem.meeting_names else [None]
    for n in range(18):
        for slot in ("am", "pm"):
            for host in hosts:
                yield PlacedEvent(name, first + timedelta(n), slot, host)


def judged_at(problem: Problem, plan: Plan, placed: PlacedEvent) -> Judgement:
    events = tuple(placed if each.event == placed.event else each for each in plan.events)
    return judge(problem, replace(plan, events=events))


def as_judged(option: Option, name: str) -> set[tuple[str, frozenset[str]]]:
    return {(bar.rule, frozenset({name, *bar.others})) for bar in option.bars}


def dated(problem: Problem, seed: int) -> Board | None:
    plan = a_plan(problem)
    if plan is None:
        return None
    before = judge(problem, plan)
    assert before.fine
    board = Board(Frames(Catalog(problem)), plan.events)
    for name in problem.event_names:
        listed = board.options(name)
        known = {option.as_placed(name): option for option in (*listed.free, *listed.barred)}
        for placed in everywhere(problem, name):
            option = board.look(placed)
            after = judged_at(problem, plan, placed)
            broken = {(each.rule, frozenset(each.events)) for each in after.violations}
            assert as_judged(option, name) == broken, f"seed {seed}: {placed} {option}"
            if not broken:
                assert placed in known, f"seed {seed}: {placed}"
                change = sum(after.cost.values()) - sum(before.cost.values())
                assert option.change == change, f"seed {seed}: {placed}"
            listed_there = known.get(placed, option)
            assert bool(listed_there.bars) == bool(option.bars), f"seed {seed}: {placed}"
            assert set(listed_there.bars) <= set(option.bars), f"seed {seed}: {placed}"
            assert all(said(board.catalog, board.catalog.events[name], bar).endswith(".") for bar in option.bars)
    return board


@pytest.mark.parametrize("start", [40_000, 40_020])
def test_what_a_place_costs_and_what_forbids_it_is_what_the_judge_says(start: int) -> None:
    looked_at = [dated(a_problem(seed), seed) for seed in range(start, start + 20)]
    assert sum(board is not None for board in looked_at) > 5


def taken_out_one_by_one(problem: Problem, seed: int) -> bool:
    plan = a_plan(problem)
    if plan is None:
        return False
    frames, dice = Frames(Catalog(problem)), random.Random(seed)  # noqa: S311 - an order, no secret
    rest, out = Rest(Board(frames, plan.events)), set()
    for name in dice.sample(problem.event_names, len(problem.event_names)):
        out.add(name)
        rest.take_out(sorted(out))
        anew = Board(frames, [each for each in plan.events if each.event not in out])
        for other in sorted(out):
            assert sorted(rest.reach(other)) == sorted(anew.reach(other)), f"seed {seed}: {other} without {name}"
    return True


@pytest.mark.parametrize("start", [40_100, 40_115])
def test_what_is_kept_of_the_places_beside_ever_fewer_events_stays_true(start: int) -> None:
    assert sum(taken_out_one_by_one(a_problem(seed), seed) for seed in range(start, start + 15)) > 4


def test_every_bar_has_its_words() -> None:
    assert all(words.endswith(".") for words in WORDS.values())


def test_a_date_is_explained_by_every_other_day_of_its_window() -> None:
    problem = read_problem(json.loads((DATA / "readiness-1.json").read_text()))
    plan = solve(problem, solver="greedy")
    board = Board(Frames(Catalog(problem)), plan.events)
    looks = {look.day: look for look in why_this_date(board, "g1/2")}
    now = board.placed["g1/2"]
    assert looks[now.date].change is not None
    assert looks[now.date].change <= 0
    assert all((look.change is None) == bool(look.because) for look in looks.values())
    assert {look.day.isoweekday() for look in looks.values()} == {1, 2, 3, 4, 5}
    barred = [look for look in looks.values() if look.because]
    assert any("does not work then or is away" in sentence for look in barred for sentence in look.because)
    every = [look for name in problem.event_names for look in why_this_date(board, name)]
    assert any(look.gives_way for look in every)


def test_two_plans_differ_by_what_the_judge_charges_each() -> None:
    problem = read_problem(json.loads((DATA / "readiness-1.json").read_text()))
    plan = solve(problem, solver="greedy")
    board = Board(Frames(Catalog(problem)), plan.events)
    option = board.best("g1/2")[-1].as_placed("g1/2")
    found = differences(problem, plan.events, board.moved(option).placed.values())
    assert found.moved == ((board.placed["g1/2"], option),)
    assert found.change == board.look(option).change
    people, schools = told(board.catalog, ["g1/2"])
    assert set(schools) == {member.school for member in problem.groups[0].members}
    assert problem.groups[0].leader in people
