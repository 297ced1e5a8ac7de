"""Why there is no plan, in a hub's words."""

import json
from datetime import date
from pathlib import Path

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.problem import read_problem
from app.solver.schedule import solve

DATA = Path(__file__).parent.parent / "data" / "schedule"


def a_raw_problem(name: str) -> dict:
    return json.loads((DATA / f"{name}.json").read_text())


def the_days(raw: dict, event: str) -> set[date]:
    return {date.fromordinal(place.day) for place in Catalog(read_problem(raw)).places(event)}


def test_two_groups_whose_leader_has_one_day_for_both_are_named_with_the_half_term() -> None:
    raw = a_raw_problem("small-1")
    first, second = the_days(raw, "g1/2"), the_days(raw, "g6/2")
    keep = min(first & second)
    leader = next(each for each in raw["people"] if each["id"] == "p1")
    leader["away"] += [day.isoformat() for day in (first | second) - {keep}]
    plan = solve(read_problem(raw))
    assert plan.status == "infeasible"
    (because,) = plan.because
    assert "group g1 in Spring 1 (half term 2) and group g6 in Spring 1 (half term 2)" in because
    assert "p1 leads 2 of the groups" in because


def test_a_group_that_cannot_keep_its_gaps_is_named() -> None:
    raw = a_raw_problem("small-1")
    raw["groups"][2]["least_gap"] = 90
    (because,) = solve(read_problem(raw)).because
    assert because.startswith("Each event of group g3")
    assert "R8" in because


def test_a_visitor_without_enough_days_is_named() -> None:
    raw = a_raw_problem("room-1")
    visitor = next(each for each in raw["people"] if each["id"] == "p1")
    days = sorted(set.union(*(the_days(raw, f"{v['id']}/0") for v in raw["visits"] if v["visitor"] == "p1")))
    visitor["away"] += [day.isoformat() for day in days[3:]]
    (because,) = solve(read_problem(raw)).because
    assert "the visits of p1" in because or "has no possible day" in because


def test_a_visit_held_off_by_a_fixed_event_says_so() -> None:
    raw = a_raw_problem("small-1")
    visit = raw["visits"][0]
    days = sorted(the_days(raw, f"{visit['id']}/0"))
    visitor = next(each for each in raw["people"] if each["id"] == visit["visitor"])
    visitor["away"] += [day.isoformat() for day in days[1:]]
    raw["fixed"] = [
        {"event": f"{other['id']}/0", "date": days[0].isoformat(), "slot": slot}
        for other, slot in zip(
            [each for each in raw["visits"][1:] if each["visitor"] == visit["visitor"]], ("am", "pm"), strict=False
        )
    ]
    plan = solve(read_problem(raw))
    assert plan.status == "infeasible"
    assert any(
        f"Visit {visit['id']} to {visit['school']} in Autumn 1" in each and "taken by fixed events" in each
        for each in plan.because
    )
