"""The hub's picture: the years, two days beside each other, and where each drawing puts what it shows."""

import json
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.schedule.distance import minutes
from app.domain.schedule.problem import Person
from app.domain.stages import picture_map
from app.domain.stages.picture import (
    LEFT,
    NEW,
    Barriers,
    Cohort,
    Count,
    Flagged,
    Flow,
    Group,
    Picture,
    School,
    Visits,
    from_json,
    to_json,
)
from app.domain.stages.picture_bars import WIDTH, Line, Part, bars
from app.domain.stages.picture_compare import compare
from app.domain.stages.picture_drawing import PAINTS
from app.domain.stages.picture_flow import flow_chart, nodes
from app.domain.stages.picture_strip import says, strip
from app.domain.stages.picture_survival import LABEL, apart, curves
from app.domain.stages.picture_years import Enrolled, cohorts, flows, stages

DAY = date(2026, 11, 22)
ONE = Picture(
    hub="Moorland Maths Hub",
    year=2026,
    day=DAY,
    schools=(School(1, "Ash Vale Primary", (100, 200), "Cornwall", "readiness", "active", "R1"), School(2, "Elm")),
    groups=(Group("R1", "readiness", (100, 200), "Ash Vale Primary", (1,), (Count(1, 2, 3, 4),), (Count(),)),),
    flows=(Flow(2026, NEW, "readiness", 1),),
    cohorts=(Cohort(2026, (1,)),),
    visits=(Visits(1, 6, 2, 1, 1, 0, at_risk=True, last_day=date(2027, 2, 1)),),
    barriers=(Barriers("schedules", "high", 2, 1),),
    flags=(Flagged(1, "absences", "Absences in a row", "A lead participant has missed 2 meetings in a row."),),
)


def with_schools(picture: Picture, day: date, *schools: School) -> Picture:
    return Picture(picture.hub, picture.year, day, schools)


def test_a_picture_goes_to_json_and_back_whole() -> None:
    assert from_json(json.loads(json.dumps(to_json(ONE)))) == ONE


def test_an_older_picture_is_read_without_what_it_did_not_have() -> None:
    assert from_json({"year": 2020, "day": "2020-10-01", "weather": "mild"}) == Picture(
        year=2020, day=date(2020, 10, 1)
    )


def test_two_pictures_tell_who_came_left_and_moved() -> None:
    ash, birch, elm = (
        School(n, name, kind="readiness", state="active") for n, name in enumerate(("Ash", "Birch", "Elm"))
    )
    moved = School(0, "Ash", kind="development", state="active")
    gone = School(1, "Birch", kind="readiness", state="withdrawn")
    before, after = with_schools(ONE, DAY, ash, birch), with_schools(ONE, date(2027, 7, 1), moved, gone, elm)
    told = compare(after, before)
    assert [(change.school, change.what) for change in told.changes] == [
        ("Ash", "moved"),
        ("Birch", "left"),
        ("Elm", "came"),
    ]
    assert told.says[0] == (
        "From Sunday 22 November 2026 to Thursday 1 July 2027: 1 school came, 1 left, 1 moved to another stage."
    )
    assert told.says[1:] == (
        "Came into Mastery Readiness: Elm.",
        "Left Mastery Readiness: Birch.",
        "Moved from Mastery Readiness to Development: Ash.",
    )
    assert (told.counts[0].before, told.counts[0].after, told.counts[0].change) == (2, 2, "no change")
    assert compare(before, before).says == (
        "From Sunday 22 November 2026 to Sunday 22 November 2026 no school came, left or moved.",
    )


ENROLLED = (
    Enrolled(1, "readiness", 2024, "completed"),
    Enrolled(1, "development", 2025, "completed"),
    Enrolled(2, "development", 2024, "completed"),
    Enrolled(3, "readiness", 2025, "withdrawn"),
    Enrolled(4, "readiness", 2025, "applied"),
    Enrolled(2, "embedding", 2026, "active"),
    Enrolled(1, "embedding", 2026, "agreed"),
)


def test_schools_flow_from_stage_to_stage_and_those_that_withdrew_or_only_applied_are_not_in() -> None:
    of_year = stages(ENROLLED, 2026)
    assert of_year[2025] == {1: "development"}
    assert flows(of_year, 2026) == (
        Flow(2024, NEW, "development", 1),
        Flow(2024, NEW, "readiness", 1),
        Flow(2025, "development", LEFT, 1),
        Flow(2025, "readiness", "development", 1),
        Flow(2026, "development", "sustaining", 1),
        Flow(2026, NEW, "sustaining", 1),
    )


def test_a_cohort_counts_a_school_again_when_it_returns() -> None:
    assert cohorts(stages(ENROLLED, 2026), 2026) == (Cohort(2024, (2, 1, 2)),)


@given(
    st.lists(st.builds(Enrolled, st.integers(1, 9), st.just("readiness"), st.integers(2019, 2026), st.just("active")))
)
def test_into_each_year_flow_as_many_schools_as_take_part_in_it(enrolled: list[Enrolled]) -> None:
    of_year = stages(enrolled, 2026)
    told = flows(of_year, 2026)
    for year, schools in of_year.items():
        assert sum(flow.count for flow in told if flow.year == year and flow.target != LEFT) == len(schools)
    assert sum(one.stays[0] for one in cohorts(of_year, 2026)) == len({one.urn for one in enrolled})


places = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12)


@given(places)
def test_an_outline_is_convex_and_holds_every_school(points: list[tuple[int, int]]) -> None:
    outline = picture_map.hull(points)
    assert set(outline) <= set(points)
    if len(outline) < 3:
        return
    for a, b in pairwise((*outline, outline[0])):
        assert all((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0 for x, y in points)


def test_a_travel_circle_ends_where_the_planner_says_so_many_minutes() -> None:
    for within in picture_map.RINGS:
        metres = picture_map.reach(within)
        at_edge, beyond = (Person("", (east, 0), frozenset(), frozenset()) for east in (metres, metres + 600))
        base = Person("", (0, 0), frozenset(), frozenset())
        assert minutes(base, at_edge) <= within < minutes(base, beyond)


def test_lines_lead_to_the_base_of_whoever_leads_and_without_one_to_the_middle() -> None:
    schools = tuple(School(urn, str(urn), at) for urn, at in enumerate(((0, 0), (10, 0), (0, 10), (10, 10))))
    based = Group("A", base=(3, 3), members=(0, 1, 2, 3))
    ground = picture_map.ground(Picture(schools=schools, groups=(based, Group("B", members=(0, 1)))))
    assert {line[1] for line in ground.lines} == {(3, 3), (5, 0)}
    assert len(ground.outlines) == 1
    assert picture_map.ground(Picture(schools=schools, groups=(based,)), "B").lines == ()


def test_each_cell_of_the_strip_says_its_number_and_a_sign_where_it_matters() -> None:
    group = Group("R1", meetings=(Count(held=2), Count(2), Count(held=1, missed=1), Count(cancelled=1)), visits=())
    drawn = strip([group], "")
    key = 4
    texts = [words.text for words in drawn.words]
    assert [text for text in texts if "/" in text or text.endswith("off")][key:] == ["2/2", "0/2", "1/2", "1 off"]
    assert [bar.look for bar in drawn.bars[key:]][::2] == ["held", "planned", "missed", "none", "none", "none"]
    assert [stroke.look for stroke in drawn.strokes] == ["tick", "alarm", "tick", "alarm"]
    assert says(Count(1, 1, 1), "visits") == "3 visits: 1 held, 1 to come, 1 overdue"


def test_bars_of_the_flow_do_not_overlap_and_are_as_high_as_their_schools() -> None:
    told = (
        Flow(2025, NEW, "readiness", 30),
        Flow(2025, NEW, "development", 10),
        Flow(2026, "readiness", "development", 20),
        Flow(2026, "readiness", LEFT, 10),
        Flow(2026, "development", "sustaining", 10),
        Flow(2026, NEW, "readiness", 5),
    )
    placed = nodes(told)
    assert [(node.year, node.stage, node.count) for node in placed[:2]] == [
        (2025, "development", 10),
        (2025, "readiness", 30),
    ]
    assert placed[1].height == 3 * placed[0].height
    for above, below in pairwise(placed):
        assert above.year != below.year or above.y + above.height < below.y
    drawn = flow_chart(told, "")
    assert len(drawn.bands) == 4
    assert {words.text for words in drawn.words} >= {"+5, \N{MINUS SIGN}10", "2026/27", "Sustaining/Embedding"}


@given(st.lists(st.floats(0, 300), max_size=12))
def test_labels_stand_apart_and_in_the_order_of_their_lines(wanted: list[float]) -> None:
    placed = apart(wanted, LABEL, 320)
    for above, below in pairwise(sorted(placed)):
        assert below - above >= LABEL - 1e-6
    assert all(one <= 320 + 1e-6 for one in placed)


def test_lines_of_cohorts_end_in_the_same_year() -> None:
    drawn = curves((Cohort(2024, (4, 2, 1)), Cohort(2025, (3, 3)), Cohort(2026, (0,))))
    assert [len(curve.points) for curve in drawn] == [3, 2]
    assert len({curve.points[-1][0] for curve in drawn}) == 1


def test_the_longest_bar_fills_the_width_and_parts_say_their_number() -> None:
    lines = [Line("Schedules", (Part(3, "high", "high weight"), Part(1, "low", "low weight"))), Line("None", ())]
    drawn = bars("barriers", lines, "")
    assert round(sum(bar.width + 1 for bar in drawn.bars[2:])) == WIDTH
    assert [words.text for words in drawn.words if words.anchor == "middle"] == ["3", "1"]
    assert {bar.look for bar in drawn.bars} <= PAINTS.keys()
