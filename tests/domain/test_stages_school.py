"""A school's way on paper: its line, who owns a barrier, what a review becomes, what a plan is drafted from."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.notes.defaults import DEFAULTS
from app.domain.stages.barriers import ahead, is_overdue, own, read_barrier, takes_part_as_head
from app.domain.stages.conditions import read_review, snapshot
from app.domain.stages.journey import (
    BAND,
    WIDTH,
    Enrolled,
    Happened,
    Told,
    line,
    people_years,
    place,
    years_shown,
)
from app.domain.stages.plans import NextStep, draft, may_agree, next_steps, told
from app.kit.errors import BadInputError
from app.kit.typed import typed

TODAY = date(2026, 11, 21)
YEARS = years_shown(TODAY)
SOMEBODY = [uuid.UUID(int=n) for n in range(1, 9)]


@dataclass(frozen=True)
class Someone:
    id: uuid.UUID
    name: str
    heads: bool = False
    takes_part: str = ""


HEAD = Someone(SOMEBODY[0], "Hugh Head", heads=True)
TEACHER = Someone(SOMEBODY[1], "Jo Pascoe", takes_part="NCP26-11-03")


@dataclass(frozen=True)
class Place:
    path: str
    value: object


def an_enrolment(year: int, kind: str = "readiness", state: str = "completed") -> Enrolled:
    return Enrolled(900001, year, kind, kind.capitalize(), state, date(year, 9, 10), date(year + 1, 7, 1))


def a_line(enrolled: list[Enrolled] | None = None, happened: list[Happened] | None = None) -> Told:
    return Told("Ash Vale Primary", enrolled or [], happened or [], [], YEARS, TODAY)


def test_ten_years_are_eight_before_this_one_and_the_next() -> None:
    assert tuple(range(2018, 2028)) == YEARS
    assert years_shown(TODAY, 2017) == tuple(range(2008, 2018))


def test_a_year_stands_where_it_began_and_today_within_this_one() -> None:
    assert place(date(2018, 9, 1), YEARS) == 0
    assert place(date(2017, 8, 31), YEARS) is None
    now = place(TODAY, YEARS)
    assert now is not None
    assert 8 * BAND < now < 9 * BAND


def test_two_programmes_of_one_year_lie_beneath_each_other_and_say_their_names() -> None:
    made = line(a_line([an_enrolment(2025), an_enrolment(2026, "development", "active"), an_enrolment(2026)]))
    assert [(bar.name, bar.state, bar.look) for bar in made.bars] == [
        ("Readiness", "completed", "readiness"),
        ("Readiness", "completed", "readiness"),
        ("Development", "taking part", "development"),
    ]
    assert made.bars[1].x == made.bars[2].x
    assert made.bars[1].y != made.bars[2].y
    assert "Development in 2026/27 (taking part)" in made.summary


def test_what_was_left_early_ends_early_and_still_holds_its_words() -> None:
    left = replace(an_enrolment(2025, state="withdrawn"), ended=date(2025, 10, 1))
    bar = line(a_line([left])).bars[0]
    assert bar.ended
    assert bar.width < BAND - 6


@given(st.lists(st.integers(-5000, 1000), max_size=120))
def test_every_mark_lies_on_the_drawing_or_is_counted(days: list[int]) -> None:
    happened = [Happened("visit", TODAY + timedelta(days=n)) for n in days]
    made = line(a_line([an_enrolment(2026)], happened))
    shown = [one for one in happened if place(one.day, YEARS) is not None]
    assert len(made.marks) + sum(one.count for one in made.more) == len(shown)
    assert all(0 <= mark.x <= WIDTH and mark.y < made.bottom for mark in made.marks)
    assert all(one.y <= made.bottom for one in made.more)
    spots = {(mark.x, mark.y) for mark in made.marks}
    assert len(spots) == len(made.marks)


def test_who_came_and_who_went_is_told_by_year_and_nobody_has_left_a_year_to_come() -> None:
    one, two, three = (frozenset(SOMEBODY[n : n + 1]) for n in range(3))
    years = people_years({2025: one | two, 2026: two | three}, [2025, 2026, 2027], 2026)
    assert [year.says for year in years] == ["2 people, 2 came", "2 people, 1 came, 1 went"]


def test_a_participant_never_owns_a_barrier_by_choice_or_by_name() -> None:
    assert own(HEAD, "", ["Jo Pascoe"]) is None
    refused = own(TEACHER, "", ["Jo Pascoe"])
    assert refused is not None
    assert "takes part in NCP26-11-03" in refused.because
    assert own(replace(TEACHER, heads=True), "", []) is not None
    for words in ("Jo Pascoe, maths lead", "jo pascoe", "Class teacher", "lead participants", "TA", ""):
        assert own(None, words, ["Jo Pascoe"]) is not None, words
    for words in ("Deputy head", "Chair of governors", "Headteacher", "Joanna Pascoe"):
        assert own(None, words, ["Jo Pascoe"]) is None, words
    assert takes_part_as_head(" Head  Teacher ")
    assert not takes_part_as_head("maths lead")


def test_a_barrier_is_read_with_a_sentence_for_each_thing_that_is_wrong() -> None:
    with pytest.raises(BadInputError) as refused:
        read_barrier(typed([("due", "1/1/2020")]), [HEAD, TEACHER], ["Jo Pascoe"], ahead(TODAY))
    assert [fault.path for fault in refused.value.faults] == ["lever", "what", "weight", "due", "owner"]
    sent = [("lever", "schedules"), ("what", "Assembly cuts maths."), ("weight", "high"), ("due", "2027-01-15")]
    new = read_barrier(typed([*sent, ("owner", str(HEAD.id))]), [HEAD, TEACHER], ["Jo Pascoe"], ahead(TODAY))
    assert new.owner.person_id == HEAD.id
    with pytest.raises(BadInputError):
        read_barrier(typed([*sent, ("owner", str(TEACHER.id))]), [HEAD, TEACHER], ["Jo Pascoe"], ahead(TODAY))


def test_only_what_is_open_is_overdue_and_only_after_its_day() -> None:
    assert is_overdue("open", TODAY - timedelta(days=1), TODAY)
    assert not is_overdue("open", TODAY, TODAY)
    assert not is_overdue("done", TODAY - timedelta(days=1), TODAY)


def test_a_lever_that_blocks_asks_for_its_leader_and_its_day_in_the_same_form() -> None:
    sent = [("day", "2026-11-20"), ("present", "Headteacher"), ("judgement-schedules", "blocks")]
    with pytest.raises(BadInputError) as refused:
        read_review(typed(sent), [HEAD], [], TODAY)
    paths = {fault.path for fault in refused.value.faults}
    assert paths == {"because-schedules", "weight-schedules", "owner-schedules", "due-schedules"}
    sent += [("because-schedules", "Maths is after lunch."), ("weight-schedules", "high")]
    sent += [("owner-schedules", str(HEAD.id)), ("due-schedules", "2027-01-15")]
    sent += [("judgement-marking", "supports"), ("because-marking", "It is short."), ("state-pacing", "partly")]
    new = read_review(typed(sent), [HEAD], [], TODAY)
    assert [(one.lever, one.what) for one in new.barriers] == [("schedules", "Maths is after lunch.")]
    kept = snapshot(new, SOMEBODY[3], [SOMEBODY[4]])
    assert kept["levers"] == {"schedules": "blocks", "marking": "supports"}
    assert "Maths is after lunch." not in str(kept)


def test_a_plan_is_drafted_from_next_steps_by_area_and_nothing_twice() -> None:
    first, second = SOMEBODY[5], SOMEBODY[6]
    places = [
        Place("areas#systems.next_step", "Plan the week together."),
        Place("areas#vision.next_step", "Write down why."),
        Place("areas#vision.evidence", "Heard in the staff room."),
        Place("next_steps#n1.what", "Something else."),
    ]
    found = next_steps(first, date(2026, 10, 1), DEFAULTS["visit"], places)
    assert [(one.item, one.what) for one in found] == [
        ("vision", "Write down why."),
        ("systems", "Plan the week together."),
    ]
    later = NextStep(second, "systems", date(2026, 11, 1), "plan the week  together")
    proposed = draft([*found, later], {(first, "vision")}, [])
    assert proposed == [later]
    assert draft([later], (), ["Plan the week together."]) == []


@dataclass(frozen=True)
class Acted:
    state: str


def test_a_head_agrees_a_plan_with_aims_and_an_action_and_dropped_ones_do_not_count() -> None:
    assert may_agree("", [Acted("open")]) is not None
    assert may_agree("Talk more.", [Acted("dropped")]) is not None
    assert may_agree("Talk more.", [Acted("open")]) is None
    assert told("Talk more.", [Acted("open"), Acted("done"), Acted("dropped")]) == "1 of 2 actions done"


def test_upright_the_latest_year_comes_first_and_empty_years_are_one() -> None:
    made = line(a_line([an_enrolment(2026, state="active")], [Happened("visit", TODAY), Happened("areas", TODAY)]))
    assert [rung.name for rung in made.upright] == ["2027/28", "2026/27", "2018/19 to 2025/26"]
    assert made.upright[1].now
    assert made.upright[1].says == "1 visit, 1 held; 1 review"
