"""Replanning after "I cannot": each of a hundred random refusals moves the fewest events that any plan moves."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.judge import judge
from app.domain.schedule.mending import mended
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.kit.errors import NoPlanError
from app.solver.schedule import solve
from app.solver.schedule.repair import Repair, away
from tests.solver.tiny_problems import a_problem, all_plans

WANTED, EACH, FEW_PLANS = 100, 12, 250
BEFORE = date(2026, 8, 1)


def held_plans() -> Iterator[tuple[int, Problem, Plan, list]]:
    """Problems with a plan that is held, and every plan there is."""
    for seed in range(52_000, 53_000):
        problem = a_problem(seed)
        try:
            plan = solve(problem, solver="greedy")
        except NoPlanError:
            continue
        held = replace(problem, plan=plan.events, frozen_before=BEFORE)
        plans = all_plans(held, FEW_PLANS) if plan.events and judge(held, plan).fine else None
        if plans:
            yield seed, held, plan, [events for events, _ in plans]


def refusals(problem: Problem, dice: random.Random) -> list[tuple[str, str]]:
    """(event, person) of some who were asked: whoever leads or is observed, and those who are expected to come."""
    catalog = Catalog(problem)
    observed = {each.id: each.teacher for each in problem.observations}
    found = []
    for name, event in catalog.events.items():
        if name in problem.held:
            continue
        placed = problem.old[name]
        named = {who for _, people in catalog.named(event) for who in people}
        coming = named - set(catalog.absent(event, placed.date, placed.slot))
        found += [(name, who) for who in sorted({event.person, observed.get(name, event.person), *coming})]
    return dice.sample(found, min(EACH, len(found)))


def test_each_of_a_hundred_refusals_moves_the_fewest_events_that_any_plan_moves() -> None:
    seen: Counter[int | None] = Counter()
    for seed, problem, plan, plans in held_plans():
        for name, who in refusals(problem, random.Random(seed)):  # noqa: S311
            day = problem.old[name].date
            after = away(problem, who, [day])
            others = [events for events in plans if all(one.date != day for one in events if one.event == name)]
            fine = [events for events in others if judge(after, Plan("feasible", events, {})).fine]
            fewest = min((sum(problem.old[one.event] != one for one in events) for events in fine), default=None)
            ways = Repair(after, {name: frozenset({day})}).ways(1)
            assert bool(ways.replacements) == (fewest is not None), (seed, name, who, ways.because)
            if fewest is not None:
                way = ways.replacements[0]
                assert (len(way.moves), way.fewest) == (fewest, True), (seed, name, who)
                new = mended(plan, [move.now for move in way.moves])
                assert judge(after, new).fine
                assert sum(problem.old[one.event] != one for one in new.events) == fewest
            seen[fewest] += 1
        if seen.total() - seen[None] >= WANTED:
            break
    assert seen.total() - seen[None] >= WANTED, seen
    assert set(seen) >= {1, 2, None}, seen
