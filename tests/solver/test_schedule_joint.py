"""Meetings leave room for visits and observations: where the cheapest dates would leave somebody nowhere to go.

Each problem is first solved as a hub would by hand: the cheapest meetings, then the rest. Where that gets stuck, the
solver's plan is whole, as cheap as any whole plan is, and never given up.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.schedule.judge import judge
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import read_problem
from app.solver.schedule import solve
from tests.solver.tiny_problems import a_raw_problem, all_plans, best_in_order, moving

FEW_PLACES = 1500
# made-up problems of which the cheapest meetings leave a visit or an observation without a place
STUCK = (60046, 60053, 60057, 60112, 60188, 60242, 60293, 60369, 60395, 60564, 60730, 60844, 60939, 60989, 61069, 61174)
HALF_TERM = ["2026-09-07", "2026-09-25"]
MONDAYS = ["2026-09-07", "2026-09-14", "2026-09-21"]
BOTH = ["am", "pm"]


def one_after_the_other(raw: dict[str, Any]) -> Plan:
    """What comes of the rest when the meetings are first set at their cheapest."""
    groups = {group["id"] for group in raw["groups"]}
    meetings = solve(read_problem(raw | {"visits": [], "observations": [], "fixed": []}))
    pins = [
        {"event": each.event, "date": each.date.isoformat(), "slot": each.slot, "host": each.host}
        for each in meetings.events
    ]
    others = [each for each in raw["fixed"] if each["event"].split("/")[0] not in groups]
    return solve(read_problem(raw | {"fixed": pins + others}))


@pytest.mark.parametrize("seed", STUCK)
def test_where_the_cheapest_meetings_leave_no_room_the_plan_is_the_best_of_all_that_are_whole(seed: int) -> None:
    raw = a_raw_problem(seed)
    assert one_after_the_other(raw).status == "infeasible"
    problem = read_problem(raw)
    plan = solve(problem)
    judged = judge(problem, plan)
    assert judged.fine
    assert plan.status == "optimal"
    plans = all_plans(problem, FEW_PLACES)
    if plans is not None:
        assert (moving(problem, judged), *judged.cost.values()) == best_in_order(problem, plans, plan.events)


def a_lead(mondays_away: tuple[str, ...] = ()) -> dict[str, Any]:
    """One lead with Mondays alone, who runs a group of two schools and visits a third in the same half term."""
    later = [[f"2027-0{n}-02", f"2027-0{n}-02"] for n in range(1, 6)]
    school = {
        "at": [280000, 90000],
        "half_terms": [HALF_TERM, *later],
        "closed": [],
        "busy": [],
        "maths": {"mon": BOTH},
        "hosts": True,
        "hosted_before": 0,
        "rather_not_host": [],
    }
    return {
        "format": "halfterm/schedule-problem/1",
        "closures": [],
        "meetings_per_day": None,
        "frozen_before": None,
        "schools": [school | {"id": name} for name in ("s1", "s2", "s3")],
        "people": [{"id": "lead", "at": None, "works": {"mon": BOTH}, "away": list(mondays_away)}],
        "groups": [
            {
                "id": "g1",
                "leader": "lead",
                "half_terms": [0],
                "least_gap": 0,
                "weekday_cost": [0, 0, 0, 0, 0],
                "first_host": None,
                "members": [{"school": "s1", "people": []}, {"school": "s2", "people": []}],
            }
        ],
        "visits": [
            {"id": "v1", "school": "s3", "visitor": "lead", "people": [], "half_terms": [0], "least_gap": 0},
        ],
        "observations": [],
        "fixed": [],
        "plan": None,
        "weights": {},
    }


def test_a_lead_who_visits_leaves_the_only_day_of_a_visit_free_of_meetings() -> None:
    raw = a_lead()
    middle = MONDAYS[1]  # the cheapest: the others are near an edge of the half term
    raw["schools"][2]["busy"] = [MONDAYS[0], MONDAYS[2]]
    assert one_after_the_other(raw).status == "infeasible"
    plan = solve(read_problem(raw))
    assert plan.status == "optimal"
    placed = {each.event: each.date.isoformat() for each in plan.events}
    assert placed["v1/0"] == middle
    assert placed["g1/0"] in {MONDAYS[0], MONDAYS[2]}


def test_a_meeting_moves_on_so_that_an_observation_before_it_has_a_day() -> None:
    raw = a_lead(mondays_away=(MONDAYS[0],))
    raw["people"].append({"id": "teacher", "at": None, "works": {"mon": BOTH}, "away": []})
    raw["observations"] = [
        {"id": "o1", "observer": "lead", "teacher": "teacher", "school": "s1", "after": None, "before": ["g1", 0]}
    ]
    raw["visits"] = []
    assert one_after_the_other(raw).status == "infeasible"
    plan = solve(read_problem(raw))
    assert plan.status == "optimal"
    assert [(each.event, each.date.isoformat()) for each in plan.events] == [("g1/0", MONDAYS[2]), ("o1", MONDAYS[1])]


def test_a_lead_with_fewer_days_than_meetings_and_visits_is_named_instead_of_left_out() -> None:
    raw = a_lead(mondays_away=(MONDAYS[0], MONDAYS[2]))
    plan = solve(read_problem(raw))
    assert plan.status == "infeasible"
    assert "lead" in plan.because[0]
    assert "g1" in plan.because[0]


def test_the_cheapest_meetings_of_a_readiness_lead_can_leave_no_room_and_a_little_dearer_ones_do() -> None:
    raw = json.loads((Path(__file__).parent.parent / "data" / "schedule" / "room-1.json").read_text())
    cheapest = solve(read_problem(raw | {"visits": [], "observations": []}))
    assert cheapest.stages["meetings"].cost == 286
    assert one_after_the_other(raw).status == "infeasible"  # the whole, 293 for the meetings, is held with the samples
