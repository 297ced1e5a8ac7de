"""Forming groups: reading problems, pricing groups, judging them rule by rule, and what every move costs."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.schedule.forming import Forming, read_forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.schedule.forming_moves import WAITS, Moves, moved
from app.domain.schedule.forming_plan import Formation, formation_bytes, named, read_formation
from app.domain.schedule.forming_table import Table
from app.kit.errors import BadInputError
from tests.forming_problems import spans

WEEK = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}


def a_raw_forming() -> dict:
    """Two specialists, five schools on a line of ten kilometres each, groups of two or three."""
    schools = [
        {"id": f"s{n}", "programme": "dev", "at": [10_000 * n, 0], "half_terms": spans(), "people": [f"t{n}"]}
        for n in range(5)
    ]
    people = [{"id": f"t{n}", "works": dict(WEEK)} for n in range(5)]
    leaders = [{"id": f"p{n}", "at": [40_000 * n, 0], "works": {"mon": ["am"]}} for n in range(2)]
    return {
        "format": "halfterm/forming-problem/1",
        "programmes": [{"id": "dev", "fewest": 2, "most": 3}],
        "schools": schools,
        "people": people + leaders,
        "specialists": [{"person": "p0"}, {"person": "p1"}],
    }


def a_forming(**change: object) -> Forming:
    return read_forming({**a_raw_forming(), **change})


def groups(*schools: str, leaders: tuple[str, ...] = ("p0", "p1")) -> Formation:
    pieces = [(leader, "dev", each.split()) for leader, each in zip(leaders, schools, strict=True)]
    return Formation("feasible", named(pieces))


GOOD = groups("s0 s1 s2", "s3 s4")


def rules(forming: Forming, formation: Formation) -> set[str]:
    return {each.rule for each in judge_groups(forming, formation).violations}


def with_a_slash(raw: dict) -> None:
    raw["people"].append({"id": "a/b", "works": {}})
    raw["specialists"].append({"person": "a/b"})


WRONG: list[tuple[str, Callable[[dict], object], str]] = [
    ("format", lambda raw: raw.update(format="halfterm/forming-problem/2"), "$.format"),
    ("unknown key", lambda raw: raw["schools"][0].update(colour="red"), "$.schools[0].colour"),
    ("missing key", lambda raw: raw.pop("specialists"), "$.specialists"),
    ("unknown programme", lambda raw: raw["schools"][1].update(programme="x"), "$.schools[1].programme"),
    ("unknown person", lambda raw: raw["schools"][1].update(people=["x"]), "$.schools[1].people[0]"),
    ("unknown leader", lambda raw: raw.update(led_by=[{"school": "s0", "leader": "t0"}]), "$.led_by[0].leader"),
    ("one alone", lambda raw: raw.update(together=[["s0"]]), "$.together[0]"),
    ("twice", lambda raw: raw["schools"].append(raw["schools"][0]), "$.schools"),
    ("five half terms", lambda raw: raw["schools"][0]["half_terms"].pop(), "$.schools[0].half_terms"),
    ("most below fewest", lambda raw: raw["programmes"][0].update(most=1), "$.programmes[0].most"),
    ("unknown weight", lambda raw: raw.update(weights={"late": 1}), "$.weights.late"),
    ("year group", lambda raw: raw["schools"][0].update(years=[14]), "$.schools[0].years[0]"),
    ("a slash", with_a_slash, "$.specialists[2].person"),
]


@pytest.mark.parametrize(("change", "path"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_a_bad_file_is_refused_with_the_path_of_the_bad_value(change: Callable[[dict], object], path: str) -> None:
    raw = copy.deepcopy(a_raw_forming())
    change(raw)
    with pytest.raises(BadInputError) as refused:
        read_forming(raw)
    assert path in [fault.path for fault in refused.value.faults]


def test_groups_are_the_same_after_a_file() -> None:
    formation = replace(GOOD, waiting=("s9",), cost=7, bound=5, because=("so",))
    assert read_formation(json.loads(formation_bytes(formation))) == formation


def test_a_group_costs_the_way_to_its_middle_school_and_more_when_that_is_far() -> None:
    priced = Table(a_forming()).priced("p1", ["s0", "s1", "s2"])
    assert (priced.middle, priced.minutes, priced.leader_minutes) == ("s2", {"s0": 45, "s1": 25, "s2": 0}, 45)
    assert priced.cost == 60 + (45 + 2 * 15) + 25 + (45 + 2 * 15)
    assert priced.worst == 45


def test_a_school_with_other_year_groups_than_the_middle_one_costs_more() -> None:
    raw = a_raw_forming()
    raw["schools"][0]["years"], raw["schools"][1]["years"] = [1], [2, 3]
    table = Table(read_forming(raw))
    assert table.priced("p0", ["s0", "s1"]).other_years == ("s1",)
    assert table.cost("p0", ["s0", "s1"]) == 60 + 25 + 15


def test_a_day_counts_once_however_many_half_days_of_it_fit() -> None:
    raw = a_raw_forming()
    before = Table(read_forming(raw)).common("p0", ["s0"])
    raw["people"][5]["works"] = {"mon": ["am", "pm"]}
    assert Table(read_forming(raw)).common("p0", ["s0"]) == before


def test_good_groups_break_no_rule_and_cost_what_the_table_says() -> None:
    forming = a_forming()
    judged, table = judge_groups(forming, GOOD), Table(forming)
    assert judged.fine
    assert judged.cost == sum(table.cost(each.leader, each.schools) for each in GOOD.groups)


def test_each_rule_is_told_when_it_is_broken() -> None:
    assert rules(a_forming(), groups("s0 s1", "s3 s4")) == {"F1"}
    assert rules(a_forming(), groups("s0 s1 s2", "s2 s3 s4")) == {"F1"}
    assert rules(a_forming(), groups("s0 s1 s2", "s3 x")) == {"F1"}
    assert "F2" in rules(a_forming(specialists=[{"person": "p0", "programmes": []}, {"person": "p1"}], programmes=[
        {"id": "dev", "fewest": 2, "most": 3}, {"id": "sus", "fewest": 1, "most": 9}]),
        replace(GOOD, groups=(GOOD.groups[0], replace(GOOD.groups[1], programme="sus"))))  # fmt: skip
    assert rules(a_forming(), groups("s0 s1 s2 s3", "s4")) == {"F3"}
    assert rules(a_forming(programmes=[{"id": "dev", "fewest": 2, "most": 3, "days": 30}]), GOOD) == {"F4"}
    assert rules(a_forming(), groups("s0 s1 s2", "s3 s4", leaders=("p0", "p0"))) == {"F6"}
    assert rules(a_forming(together=[["s0", "s4"]]), GOOD) == {"F7"}
    assert rules(a_forming(led_by=[{"school": "s0", "leader": "p1"}]), GOOD) == {"F7"}
    assert rules(a_forming(apart=[["s0", "s1"]]), GOOD) == {"F8"}
    assert rules(a_forming(), replace(groups("s0 s1", "s3 s4"), waiting=("s2",))) == {"F9"}


def test_a_school_with_its_own_specialist_is_placed_only_when_asked() -> None:
    raw = a_raw_forming()
    raw["schools"][0]["own_specialist"] = True
    assert rules(read_forming(raw), GOOD) == {"F5"}
    assert not rules(read_forming(raw), groups("s1 s2", "s3 s4"))
    raw["schools"][0]["asked"] = True
    assert not rules(read_forming(raw), GOOD)


def test_every_move_says_what_it_costs_and_what_forbids_it() -> None:
    forming = a_forming()
    options = {(each.school, each.group): each for each in Moves(forming, GOOD).every()}
    assert len(options) == 10
    table = Table(forming)
    now = sum(table.cost(each.leader, each.schools) for each in GOOD.groups)
    after = table.cost("p0", ["s0", "s1"]) + table.cost("p1", ["s2", "s3", "s4"])
    assert options["s2", "p1/1"].cost == after - now
    assert options["s2", "p1/1"].allowed
    assert options["s3", "p0/1"].forbids == (
        "p1/1 would have 1 school, fewer than 2 (F3).",
        "p0/1 would have 4 schools, more than 3 (F3).",
    )
    assert options["s0", "p0/1"].cost == 0


def test_a_move_that_pins_or_days_forbid_says_so() -> None:
    raw = a_raw_forming()
    raw["people"][2]["works"] = {"tue": ["am"]}
    forming = read_forming({**raw, "apart": [["s0", "s3"]], "led_by": [{"school": "s1", "leader": "p0"}]})
    moves = Moves(forming, GOOD)
    assert "(F4)" in moves.of("s2")[1].forbids[0]
    assert "(F8)" in moves.of("s0")[1].forbids[0]
    assert "(F7)" in moves.of("s1")[1].forbids[0]


def test_two_schools_change_places_and_the_cheapest_exchange_comes_first() -> None:
    forming = a_forming()
    found = Moves(forming, GOOD).exchanges("s2")
    assert [each.other for each in found] == ["s3", "s4"]
    after = moved(forming, GOOD, found[0])
    assert [each.schools for each in after.groups] == [("s0", "s1", "s3"), ("s2", "s4")]
    assert judge_groups(forming, after).fine


def test_who_may_wait_is_offered_to_wait_and_to_come_back() -> None:
    raw = a_raw_forming()
    raw["schools"][2]["may_wait"] = True
    forming = read_forming(raw)
    waits = Moves(forming, GOOD).of("s2")[-1]
    assert waits.group == WAITS
    assert waits.allowed
    after = moved(forming, GOOD, waits)
    assert after.waiting == ("s2",)
    back = Moves(forming, after).of("s2")[0]
    assert back.cost == -waits.cost


def test_a_school_that_is_nowhere_has_no_moves() -> None:
    with pytest.raises(BadInputError):
        Moves(a_forming(), groups("s0 s1", "s3 s4")).of("s2")
