"""The judge against plans spoiled by hand, one rule at a time, and against costs worked out by hand."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app.domain.schedule.judge import judge
from app.domain.schedule.judge_miles import minutes_between
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Point, read_problem

ALL_DAY = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}
SPANS = [
    ["2026-09-01", "2026-10-16"],
    ["2026-11-02", "2026-12-18"],
    ["2027-01-04", "2027-02-12"],
    ["2027-02-22", "2027-03-25"],
    ["2027-04-12", "2027-05-28"],
    ["2027-06-07", "2027-07-21"],
]


def a_school(name: str, **other: object) -> dict:
    own = {"id": name, "at": [0, 0], "half_terms": SPANS, "maths": ALL_DAY, "hosts": True}
    return own | {"closed": [], "busy": [], "hosted_before": 0, "rather_not_host": []} | other


def a_person(name: str, **other: object) -> dict:
    return {"id": name, "at": [0, 0], "works": ALL_DAY, "away": []} | other


def a_group(name: str, leader: str, *schools: str, **other: object) -> dict:
    members = [{"school": school, "people": [f"t{school}"]} for school in schools]
    own = {"id": name, "leader": leader, "half_terms": [0, 1], "least_gap": 14, "weekday_cost": [0] * 5}
    return own | {"first_host": None, "members": members} | other


def a_raw_problem() -> dict:
    """Two groups, a school that is visited, two observations; everything possible on every working day."""
    far = {"at": [100_000, 0]}
    visits = {"school": "D", "visitor": "p1", "people": ["tD"], "half_terms": [0, 1], "least_gap": 14}
    return {
        "format": "halfterm/schedule-problem/1",
        "closures": ["2026-09-28"],
        "meetings_per_day": 1,
        "frozen_before": None,
        "schools": [a_school("A"), a_school("B"), a_school("C", **far), a_school("D")],
        "people": [a_person(each) for each in ("p1", "p2", "tA", "tB", "tC", "tD")],
        "groups": [a_group("g1", "p1", "A", "B"), a_group("g2", "p2", "C")],
        "visits": [{"id": "v", **visits}],
        "observations": [
            {"id": "o1", "observer": "p1", "teacher": "tA", "school": "A", "after": ["g1", 0], "before": ["g1", 1]},
            {"id": "o2", "observer": "p2", "teacher": "tC", "school": "C", "after": None, "before": None},
        ],
        "fixed": [],
        "plan": None,
        "weights": {},
    }


PLACES = {
    "g1/0": ("2026-09-21", "am", "A"),
    "g1/1": ("2026-11-09", "am", "B"),
    "g2/0": ("2026-09-22", "am", "C"),
    "g2/1": ("2026-11-10", "am", "C"),
    "v/0": ("2026-09-23", "am", None),
    "v/1": ("2026-11-11", "am", None),
    "o1": ("2026-10-01", "am", None),
    "o2": ("2026-10-02", "am", None),
}


def a_plan(**moved: tuple[str, str, str | None]) -> Plan:
    """The plan of all places, some moved: names are written with _ for /."""
    places = PLACES | {name.replace("_", "/"): place for name, place in moved.items()}
    events = tuple(PlacedEvent(name, date.fromisoformat(day), slot, host) for name, (day, slot, host) in places.items())
    return Plan("feasible", events, {})


def broken(raw: dict, plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.rule, each.events) for each in judge(read_problem(raw), plan).violations]


def test_the_plan_as_it_stands_breaks_nothing() -> None:
    judged = judge(read_problem(a_raw_problem()), a_plan())
    assert judged.violations == ()
    assert judged.fine
    assert judged.as_json()["violations"] == []


SPOILED = [
    ("R0 no host", {"g1_0": ("2026-09-21", "am", None)}, "R0", "g1/0"),
    ("R0 a visit with a host", {"v_0": ("2026-09-23", "am", "D")}, "R0", "v/0"),
    ("R1 outside the half term", {"g2_0": ("2026-11-17", "am", "C"), "g2_1": ("2026-12-17", "am", "C")}, "R1", "g2/0"),
    ("R1 visit outside", {"v_1": ("2027-01-12", "am", None)}, "R1", "v/1"),
    ("R1 observed on the day of its first meeting", {"o1": ("2026-09-21", "am", None)}, "R1", "o1"),
    ("R1 observed after its second meeting", {"o1": ("2026-11-10", "am", None)}, "R1", "o1"),
    ("R1 observed before the first day", {"o2": ("2026-08-31", "am", None)}, "R1", "o2"),
    ("R1 observed after the last day", {"o2": ("2027-07-22", "am", None)}, "R1", "o2"),
    ("R2 weekend", {"v_0": ("2026-09-26", "am", None)}, "R2", "v/0"),
    ("R2 closure", {"v_0": ("2026-09-28", "am", None)}, "R2", "v/0"),
    ("R2 holiday", {"o1": ("2026-10-20", "am", None)}, "R2", "o1"),
    ("R6 leader of two things", {"o1": ("2026-09-23", "am", None)}, "R6", "o1"),
    ("R6 nothing beside a meeting", {"v_0": ("2026-09-21", "pm", None)}, "R6", "v/0"),
    ("R8 too close", {"g1_0": ("2026-10-16", "am", "A"), "g1_1": ("2026-10-29", "am", "B")}, "R8", "g1/0"),
    ("R8 visits too close", {"v_0": ("2026-10-16", "am", None), "v_1": ("2026-10-29", "am", None)}, "R8", "v/0"),
    ("R10 too many", {"g2_0": ("2026-09-21", "am", "C")}, "R10", "g2/0"),
    ("R4 no member", {"g1_0": ("2026-09-21", "am", "C")}, "R4", "g1/0"),
]


@pytest.mark.parametrize(("what", "moved", "rule", "event"), SPOILED, ids=[each[0] for each in SPOILED])
def test_a_spoiled_plan_breaks_the_rule(what: str, moved: dict, rule: str, event: str) -> None:
    found = broken(a_raw_problem(), a_plan(**moved))
    assert any(each == rule and event in events for each, events in found), found


Change = Callable[[dict], object]


def _school(n: int, **facts: object) -> Change:
    return lambda raw: raw["schools"][n].update(facts)


def _person(n: int, **facts: object) -> Change:
    return lambda raw: raw["people"][n].update(facts)


FACTS = [
    ("R2 closed", _school(0, closed=["2026-09-21"]), "R2", "g1/0"),
    ("R3 away", _person(0, away=["2026-09-21"]), "R3", "g1/0"),
    ("R3 not that half-day", _person(1, works={"tue": ["pm"], "fri": ["am"]}), "R3", "g2/0"),
    ("R3 visitor", _person(0, away=["2026-09-23"]), "R3", "v/0"),
    ("R4 does not host", _school(0, hosts=False), "R4", "g1/0"),
    ("R4 host busy", _school(0, busy=["2026-09-21"]), "R4", "g1/0"),
    ("R4 no maths at the host", _school(1, maths={"mon": ["pm"]}), "R4", "g1/1"),
    ("R5 nobody from a school", _person(3, away=["2026-09-21"]), "R5", "g1/0"),
    ("R5 nobody to visit", _person(5, away=["2026-09-23"]), "R5", "v/0"),
    ("R5 teacher away", _person(2, away=["2026-10-01"]), "R5", "o1"),
    ("R5 no lesson to observe", _school(0, maths={"mon": ["am"]}), "R5", "o1"),
    ("R5 visited school busy", _school(3, busy=["2026-09-23"]), "R5", "v/0"),
    ("R5 observed school busy", _school(0, busy=["2026-10-01"]), "R5", "o1"),
]


@pytest.mark.parametrize(("what", "change", "rule", "event"), FACTS, ids=[each[0] for each in FACTS])
def test_a_changed_fact_breaks_the_rule(what: str, change: Change, rule: str, event: str) -> None:
    raw = copy.deepcopy(a_raw_problem())
    change(raw)
    assert (rule, (event,)) in broken(raw, a_plan())


def test_r6_two_places_need_a_short_way_and_three_are_too_many() -> None:
    raw = a_raw_problem()
    raw["observations"][1]["observer"] = "p1"
    near = a_plan(o1=("2026-10-01", "am", None), v_0=("2026-10-01", "pm", None))
    assert broken(raw, near) == []
    far = a_plan(o1=("2026-10-01", "am", None), o2=("2026-10-01", "pm", None))
    assert broken(raw, far) == [("R6", ("o1", "o2"))]
    three = a_plan(o1=("2026-10-01", "am", None), o2=("2026-10-01", "pm", None), v_0=("2026-10-01", "pm", None))
    assert ("R6", ("v/0", "o1", "o2")) in broken(raw, three)


def test_r7_a_meeting_or_visit_leaves_no_other_release_but_observations_share_a_day() -> None:
    raw = a_raw_problem()
    raw["observations"][1] |= {"school": "A", "teacher": "tA"}
    assert broken(raw, a_plan(o2=("2026-10-01", "am", None))) == []
    assert broken(raw, a_plan(o2=("2026-09-21", "pm", None))) == [("R7", ("g1/0", "o2"))]
    raw["observations"][1] |= {"school": "D", "teacher": "tD"}
    assert broken(raw, a_plan(o2=("2026-09-23", "pm", None))) == [("R7", ("v/0", "o2"))]


def test_r0_events_twice_unknown_and_missing() -> None:
    problem, plan = read_problem(a_raw_problem()), a_plan()
    twice = replace(plan, events=(*plan.events, plan.events[0], replace(plan.events[0], event="g9/0")))
    judged = judge(problem, twice)
    assert [(each.rule, each.events) for each in judged.violations] == [("R0", ("g1/0",)), ("R0", ("g9/0",))]
    judged = judge(problem, replace(plan, events=plan.events[1:]))
    assert judged.missing == ("g1/0",)
    assert not judged.fine


def test_r9_fixed_events_are_excused_alone_but_bind_others() -> None:
    raw = a_raw_problem()
    raw["fixed"] = [{"event": "v/0", "date": "2026-09-26", "slot": "am"}]
    assert broken(raw, a_plan(v_0=("2026-09-26", "am", None))) == []
    assert broken(raw, a_plan()) == [("R9", ("v/0",))]
    raw["fixed"] = [{"event": "v/0", "date": "2026-09-21", "slot": "am"}]
    assert broken(raw, a_plan(v_0=("2026-09-21", "am", None))) == [("R6", ("g1/0", "v/0"))]
    raw["fixed"].append({"event": "g1/0", "date": "2026-09-21", "slot": "am", "host": "A"})
    assert broken(raw, a_plan(v_0=("2026-09-21", "am", None))) == []


def test_r9_nothing_else_is_placed_before_the_frozen_date() -> None:
    raw = a_raw_problem()
    raw["frozen_before"] = "2026-09-23"
    raw["plan"] = [{"event": "g1/0", "date": "2026-09-21", "slot": "am", "host": "A"}]
    assert broken(raw, a_plan()) == [("R9", ("g2/0",))]


def test_r10_fixed_meetings_count() -> None:
    raw = a_raw_problem()
    raw["fixed"] = [{"event": "g2/0", "date": "2026-09-21", "slot": "am", "host": "C"}]
    assert broken(raw, a_plan(g2_0=("2026-09-21", "am", "C"))) == [("R10", ("g1/0", "g2/0"))]
    raw["fixed"].append({"event": "g1/0", "date": "2026-09-21", "slot": "am", "host": "A"})
    assert broken(raw, a_plan(g2_0=("2026-09-21", "am", "C"))) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (1, 0), 6),
        ((0, 0), (500, 0), 6),
        ((0, 0), (501, 0), 7),
        ((0, 0), (300, 400), 6),
        ((0, 0), (17_500, 0), 40),
        ((0, 0), (17_501, 0), 41),
        (None, (0, 0), 30),
        (None, None, 30),
    ],
)
def test_minutes_are_two_a_kilometre_and_five(a: Point | None, b: Point | None, expected: int) -> None:
    assert minutes_between(a, b) == expected
    assert minutes_between(b, a) == expected


def test_meetings_cost_what_the_table_says() -> None:
    raw = a_raw_problem()
    raw["groups"] = [a_group("g1", "p1", "A", "C", weekday_cost=[7, 0, 0, 0, 0], first_host="C")]
    raw["visits"], raw["observations"] = [], []
    raw["schools"][0] |= {"hosted_before": 2, "rather_not_host": [0]}
    raw["schools"][2] |= {"busy": ["2026-09-03"]}
    raw["groups"][0]["members"][0]["people"] = ["tA", "tB"]
    raw["people"][3]["away"] = ["2026-09-03"]
    plan = Plan(
        "feasible",
        (
            PlacedEvent("g1/0", date(2026, 9, 3), "pm", "A"),
            PlacedEvent("g1/1", date(2026, 11, 9), "am", "A"),
        ),
        {},
    )
    judged = judge(read_problem(raw), plan)
    assert judged.violations == ()
    travel = (5 + 200) // 10  # to C and back is nobody's way: each member's minutes to the host, and the leader's
    first = 1000 + 20 + 15 + 0 + 4 + travel + 16 + 15 + 40
    off = (date(2026, 11, 9) - date(2026, 9, 3)).days - 42
    second = 7 + travel + 16 + 60 + 2 * (off - 7) + 5 * (off - 21)
    assert judged.cost == {"meetings": first + second, "visits": 0, "observations": 0}
    assert judged.absences["meetings"] == 1
    assert judged.worst[0].event == "g1/0"
    assert judged.worst[0].parts[0].what == "absent"
    assert judged.worst[0].parts[0].who == ("tB",)


def test_visits_and_observations_cost_their_tours() -> None:
    raw = a_raw_problem()
    raw["groups"] = []
    raw["schools"][3]["at"] = [1000, 0]  # D, 7 minutes from home
    raw["schools"][0]["at"] = [2000, 0]  # A, 9 minutes from home, 7 from D
    raw["observations"] = [
        {"id": "o1", "observer": "p1", "teacher": "tA", "school": "A", "after": None, "before": None}
    ]
    events = (
        PlacedEvent("v/0", date(2026, 9, 4), "am"),
        PlacedEvent("v/1", date(2026, 11, 11), "pm"),
        PlacedEvent("o1", date(2026, 9, 4), "pm"),
    )
    judged = judge(read_problem(raw), Plan("feasible", events, {}))
    assert judged.violations == ()
    off = (date(2026, 11, 11) - date(2026, 9, 4)).days - 42
    visits = (10 + 4 + 14) + (3 + 14) + 2 * (off - 10) + 4 * (off - 24)
    assert judged.cost == {"meetings": 0, "visits": visits, "observations": 3 + (7 + 7 + 9) - 14}


def test_an_observation_near_its_meeting_costs_once() -> None:
    raw = a_raw_problem()
    near, fair = a_plan(o1=("2026-09-23", "pm", None), v_0=("2026-09-25", "am", None)), a_plan()
    problem = read_problem(raw)
    difference = judge(problem, near).cost["observations"] - judge(problem, fair).cost["observations"]
    assert difference == 10 + 3


def test_moving_costs_by_date_or_else_by_host_and_half_day() -> None:
    raw = a_raw_problem()
    old = a_plan(g1_0=("2026-09-21", "pm", "B"), v_0=("2026-09-24", "am", None), o1=("2026-10-01", "pm", None))
    raw["plan"] = [
        {"event": each.event, "date": each.date.isoformat(), "slot": each.slot}
        | ({"host": each.host} if each.host else {})
        for each in old.events
    ]
    raw["plan"].append({"event": "gone/0", "date": "2026-09-24", "slot": "am"})
    judged = judge(read_problem(raw), a_plan())
    before = judge(read_problem(a_raw_problem()), a_plan())
    assert {stage: judged.cost[stage] - before.cost[stage] for stage in judged.cost} == {
        "meetings": 350,
        "visits": 1000,
        "observations": 100,
    }
    assert judged.as_json()["moved"] == {"dates": 1, "hosts": 1, "half_days": 2}
