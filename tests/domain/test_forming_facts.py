"""What a hub knows becomes a forming problem; wishes, codes, the drawing and what changed since."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.schedule.facts import PersonFacts
from app.domain.schedule.forming import read_forming
from app.domain.schedule.forming_plan import formation_json
from app.domain.stages.forming_changed import changed
from app.domain.stages.forming_facts import (
    ComingFacts,
    FormingFacts,
    LeaderFacts,
    ProgrammeFacts,
    UsualFacts,
    half_terms_of,
    lacking,
    names,
    problem,
    told,
    years_of,
)
from app.domain.stages.forming_groups import Groups, Step, minutes_more
from app.domain.stages.forming_map import Drawn, Placed, groups_map
from app.domain.stages.forming_pins import EVERY, Pins, Rule, gathered, read_pins, rules_of
from app.domain.stages.group_codes import Known, proposed
from app.kit.errors import BadInputError
from app.kit.periods import WEEKDAYS, Span
from app.kit.typed import Typed
from app.solver.schedule.forming import form_groups
from tests.makers import HALF_TERMS

SPANS = tuple(Span(*span) for span in HALF_TERMS)
ALL_DAY = dict.fromkeys(WEEKDAYS, ("am", "pm"))
NOTHING: frozenset[date] = frozenset()


def a_school(number: int, **columns: Any) -> ComingFacts:
    at = (200_000 + 1_000 * number, 60_000)
    made = ComingFacts(number, f"School {number}", "development", at, SPANS, NOTHING, frozenset(), ())
    return replace(made, **columns)


def a_hub(schools: int = 4, **columns: Any) -> FormingFacts:
    made = FormingFacts(
        year=2026,
        closures=NOTHING,
        programmes=(ProgrammeFacts("development", "Development", 2, 3, (0, 1, 2, 3, 4, 5)),),
        schools=tuple(a_school(number) for number in range(1, schools + 1)),
        people=(PersonFacts("p1", "Otto March", (201_000, 60_000), ALL_DAY, NOTHING),),
        leaders=(LeaderFacts("p1", 2, frozenset(), None),),
    )
    return replace(made, **columns)


def formed(facts: FormingFacts, pins: Pins | None = None) -> tuple[Groups, dict[str, Any]]:
    made = problem(facts, pins or Pins())
    return Groups(made, names(facts), formation_json(form_groups(read_forming(made)))), made


def test_ages_say_year_groups_and_meetings_half_terms() -> None:
    assert years_of(4, 11) == frozenset(range(7))
    assert years_of(7, 11) == frozenset({3, 4, 5, 6})
    assert years_of(3, 7) == frozenset({0, 1, 2})
    assert years_of(None, 11) == frozenset()
    assert years_of(4, 30) == frozenset(range(14))
    assert (half_terms_of(3), half_terms_of(6), half_terms_of(0)) == ((0, 2, 4), (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4, 5))


def test_what_is_lacking_is_told_and_where_to_put_it_right() -> None:
    bare = a_hub(0, programmes=(), leaders=())
    assert [fault.path for fault in lacking(bare)] == ["year", "leaders"]
    assert [fault.path for fault in lacking(a_hub(0))] == ["schools"]
    with pytest.raises(BadInputError, match="cannot be formed yet"):
        problem(a_hub(0))
    undated = a_hub(schools=2)
    undated = replace(undated, schools=tuple(replace(one, half_terms=()) for one in undated.schools))
    assert [fault.path for fault in lacking(undated)] == ["calendars"]


def test_term_dates_of_the_year_before_count_on_the_same_weekdays() -> None:
    facts = a_hub(2, year=2027, usual=UsualFacts(2026, SPANS, frozenset({date(2026, 9, 3)})))
    facts = replace(facts, schools=tuple(replace(one, half_terms=()) for one in facts.schools))
    school = problem(facts)["schools"][0]
    first = date.fromisoformat(school["half_terms"][0][0])
    assert first == HALF_TERMS[0][0] + timedelta(days=364)
    assert first.weekday() == HALF_TERMS[0][0].weekday()
    assert school["closed"] == [(date(2026, 9, 3) + timedelta(days=364)).isoformat()]
    assert "no term dates for 2027/28 yet: those of 2026/27 count" in told(facts, problem(facts))[0]


def test_a_school_with_a_specialist_of_its_own_is_left_out_unless_it_is_asked() -> None:
    leaders = (LeaderFacts("p1", 2, frozenset(), 1),)
    facts = a_hub(leaders=leaders)
    groups, made = formed(facts)
    assert groups.left_out() == ["s1"]
    assert any("School 1 has a Mastery Specialist of its own" in says for says in told(facts, made))
    asked, _ = formed(facts, Pins(asked=frozenset({"s1"})))
    assert not asked.left_out()


def test_a_school_that_comes_for_two_programmes_stands_twice() -> None:
    both = (*a_hub(3).schools, a_school(1, kind="sustaining"))
    programmes = (*a_hub().programmes, ProgrammeFacts("sustaining", "Sustaining", 1, 3, (0, 2, 4)))
    facts = a_hub(schools=3)
    facts = replace(facts, schools=both, programmes=programmes)
    assert [one["id"] for one in problem(facts)["schools"]] == ["s1", "s2", "s3", "s1:sustaining"]
    assert names(facts)["s1:sustaining"] == "School 1 (Sustaining)"
    groups, _ = formed(facts)
    assert len(groups.now.groups) == 2


def test_wishes_go_into_the_problem_and_come_back_out() -> None:
    schools, leaders = ["s1", "s2", "s3", "s4"], ["p1"]
    typed = Typed(
        {
            "keep": ("apart s1 s3", "led_by s4 p9", "nonsense"),
            "school_0": ("s1",),
            "kind_0": ("together",),
            "other_0": ("s2",),
            "school_1": (EVERY,),
            "kind_1": ("may_wait",),
            "most_p1": ("1",),
        }
    )
    pins = read_pins(typed, schools, leaders)
    assert (pins.together, pins.apart, pins.led_by, pins.most) == ((("s1", "s2"),), (("s1", "s3"),), (), {"p1": 1})
    made = problem(a_hub(), pins)
    assert set(rules_of(made)) == {
        Rule("together", "s1", "s2"),
        Rule("apart", "s1", "s3"),
        Rule("may_wait", EVERY),
    }
    assert gathered(rules_of(made), {}, schools).may_wait == frozenset(schools)
    groups, _ = formed(a_hub(), pins)
    assert len(groups.now.waiting) == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"school_0": "s1"}, "kind_0"),
        ({"school_0": "s9", "kind_0": "may_wait"}, "school_0"),
        ({"school_0": "s1", "kind_0": "together", "other_0": "s1"}, "other_0"),
        ({"school_0": "s1", "kind_0": "led_by", "leader_0": "p9"}, "leader_0"),
        ({"school_0": EVERY, "kind_0": "apart", "other_0": "s1"}, "school_0"),
        ({"most_p1": "many"}, "most_p1"),
        ({"most_p1": "99"}, "most_p1"),
    ],
)
def test_a_wish_that_cannot_be_read_says_where(row: dict[str, str], field: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_pins(Typed({name: (value,) for name, value in row.items()}), ["s1", "s2"], ["p1"])
    assert [fault.path for fault in refused.value.faults] == [field]


def test_moves_by_hand_are_taken_again_from_what_was_solved() -> None:
    facts = a_hub(4, leaders=(LeaderFacts("p1", 2, frozenset(), None),))
    facts = replace(facts, programmes=(ProgrammeFacts("development", "Development", 1, 3, (0,)),))
    groups, made = formed(facts, Pins(apart=(("s1", "s4"),)))
    here = next(each for each in groups.now.groups if "s1" in each.schools)
    there = next(each for each in groups.now.groups if each.id != here.id)
    mover = next(each for each in here.schools if each != "s1")
    step = Step(mover, there.id).as_json()
    moved = Groups(made, names(facts), formation_json(groups.solved)).after([step])
    assert mover in next(each for each in moved.now.groups if each.id == there.id).schools
    assert moved.number == groups.number
    assert moved.said(f"{there.id} is full.").startswith(f"Group {groups.number[there.id]} (Otto March)")
    assert [minutes_more(number) for number in (0, 1, -12)] == ["the same", "1 minute more", "12 minutes less"]
    assert {one.number for one in moved.look()} == {1, 2}


def test_groups_are_judged_under_the_facts_of_now() -> None:
    facts = a_hub(3)
    groups, made = formed(facts)
    assert changed(groups, made, facts).forbids == ()
    gone = replace(facts, schools=facts.schools[:2])
    assert changed(groups, made, gone).forbids == ("School 3 comes no more, or is in a Work Group by now.",)
    late = replace(facts, schools=(*facts.schools, a_school(9)))
    assert changed(groups, made, late).tells == ("School 9 has signed up since, and is in none of these groups.",)
    assert changed(groups, made, late).forbids == ()
    nobody = replace(facts, leaders=(LeaderFacts("p2", 1, frozenset(), None),))
    assert changed(groups, made, nobody).forbids == ("Otto March can lead no Work Group any more.",)
    (otto,) = facts.people
    away = replace(facts, people=(replace(otto, works={}),))
    assert "can meet on 0 days of Autumn 1" in changed(groups, made, away).forbids[0]
    smaller = replace(facts, programmes=(ProgrammeFacts("development", "Development", 1, 2, (0,)),))
    assert "has 3 schools instead of 1 to 2" in changed(groups, made, smaller).forbids[0]
    busier = replace(facts, leaders=(LeaderFacts("p1", 1, frozenset(), None),))
    assert changed(groups, made, busier).tells == ("Otto March can lead 1 now, and 2 when these groups were formed.",)


def test_codes_go_on_from_those_of_the_year_before_and_meet_none_in_use() -> None:
    known = [
        Known("NCP26-11-03", 2026, "development"),
        Known("NCP26-11-04", 2026, "development"),
        Known("Old one", 2026, "sustaining"),
        Known("ncp27-11-01", 2027, "readiness"),
    ]
    kinds = ["development", "development", "sustaining"]
    assert proposed(known, 2027, kinds) == ["NCP27-11-02", "NCP27-11-03", "SUS27-01"]
    assert proposed([], 2027, ["development"]) == ["DEV27-01"]
    assert proposed([Known("GRP7", 2027, "development")], 2027, ["development"]) == ["GRP01"]


def test_the_drawing_holds_every_school_its_number_and_where_leaders_start() -> None:
    places = [(200_000, 60_000), (204_000, 63_000), (208_000, 60_000), (212_000, 63_000)]
    schools = tuple(Placed(f"School {number}", at) for number, at in enumerate(places))
    group = Drawn(1, "Group 1 (Otto March)", "development", schools, schools[0].at, (200_000, 70_000))
    drawn = groups_map([group], [Placed("Late Primary", (230_000, 60_000))])
    assert drawn is not None
    assert drawn.says.startswith("4 schools in 1 group, 1 waiting")
    assert {stroke.says for stroke in drawn.strokes} >= {"School 2, group 1", "Late Primary waits"}
    assert "Where the leader of group 1 starts" in {stroke.says for stroke in drawn.strokes}
    assert [words.text for words in drawn.words].count("1") == 5
    assert len(drawn.bands) == 1
    assert groups_map([replace(group, schools=(), base=None, middle=None)]) is None
