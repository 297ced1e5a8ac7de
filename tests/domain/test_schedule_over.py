"""What is over is planned no more, and stays as it is in the calendar."""

from dataclasses import replace
from datetime import date, timedelta

from app.domain.meetings.changes import Cancel, Keep, Move, Place, Planned, Standing, decide
from app.domain.schedule import facts
from app.domain.schedule.facts import GroupFacts, PersonFacts, PlacedFacts, SchoolFacts, SeriesFacts, YearFacts
from app.domain.schedule.over import NOTICE, left_out, over
from app.kit.periods import Span

WEEK = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}
TERMS = tuple(Span(date(2026, 9, 7) + timedelta(49 * n), date(2026, 10, 16) + timedelta(49 * n)) for n in range(6))
SCHOOL = SchoolFacts(
    1, "Fernhill", (0, 0), TERMS, frozenset(), frozenset(), WEEK, hosts=True, hosted_before=0, rather_not_host=()
)
GROUP = GroupFacts("g1", "NCP26-D01", "lead", (0, 1, 2), 14, (0,) * 5, 1, ((1, ("ann",)),), (0, 1))
PEOPLE = tuple(PersonFacts(name, name.title(), (0, 0), WEEK, frozenset()) for name in ("lead", "ann"))
VISITS = SeriesFacts("v1", 1, "lead", ("ann",), (0, 2), 14)
FIRST = PlacedFacts("g1/0", date(2026, 9, 24), "am", 1, pinned=True)
SECOND = PlacedFacts("g1/1", date(2026, 11, 19), "am", 1, pinned=False)


def a_year(today: date, *placed: PlacedFacts) -> YearFacts:
    return YearFacts(2026, frozenset(), None, {}, (SCHOOL,), PEOPLE, (GROUP,), (VISITS,), placed, today)


def test_a_first_plan_leaves_nothing_out() -> None:
    assert over(a_year(date(2027, 6, 1))) == frozenset()
    assert over(replace(a_year(date(2027, 6, 1), FIRST), today=None)) == frozenset()


def test_a_half_term_that_ended_without_a_date_is_left_out_with_what_would_follow_it() -> None:
    second = replace(SECOND, day=date(2026, 11, 26))
    known = a_year(date(2026, 11, 2), second)
    assert over(known) == {"g1/0", "v1/0", "g1:ann:0"}
    posed = facts.problem(known)
    assert (posed["groups"][0]["half_terms"], posed["groups"][0]["first_host"]) == ([1, 2], None)
    assert posed["visits"][0]["half_terms"] == [2]
    assert [(one["id"], one["after"], one["before"]) for one in posed["observations"]] == [
        ("g1:ann:1", ["g1", 1], ["g1", 2])
    ]
    assert left_out(known) == [
        "NCP26-D01 does not meet in Autumn 1: that is over, or nearly, and it has no date then.",
        "Fernhill is not visited in Autumn 1: that is over, or nearly, and it has no date then.",
        "1 lesson of NCP26-D01 cannot be observed any more: the next meeting is too near, or over.",
    ]


def test_a_lesson_is_observed_while_there_is_a_week_before_the_next_meeting() -> None:
    early, late = SECOND.day - timedelta(NOTICE), SECOND.day - timedelta(NOTICE - 1)
    assert "g1:ann:0" not in over(a_year(early, FIRST, SECOND))
    assert "g1:ann:0" in over(a_year(late, FIRST, SECOND))
    there = PlacedFacts("g1:ann:0", date(2026, 11, 18), "am", None, pinned=False)
    assert "g1:ann:0" not in over(a_year(late, FIRST, SECOND, there)), "what has a date is planned on"


def test_what_is_fixed_and_no_event_any_more_is_no_part_of_the_problem() -> None:
    gone = PlacedFacts("g1:bob:0", date(2026, 10, 5), "am", None, pinned=True)
    posed = facts.problem(a_year(date(2026, 11, 2), FIRST, SECOND, gone))
    assert [one["event"] for one in posed["fixed"]] == ["g1/0"]


def test_what_was_to_be_before_today_is_neither_cancelled_nor_changed() -> None:
    there = Place(date(2026, 10, 5), "am", 1)
    was = Standing("g1/0", "confirmed", there, "lead")
    now = Planned("g1/0", "meeting", 0, there, "another", None, "g1", None, ())
    assert decide([was], [], date(2026, 10, 6)) == []
    assert decide([was], [], date(2026, 10, 5)) == [Cancel("g1/0")]
    assert decide([was], [now], date(2026, 10, 6)) == [Keep(now)]
    assert decide([was], [now], date(2026, 10, 5)) == [Move(now, there)]
    assert decide([replace(was, status="tentative")], [], date(2026, 10, 6)) == [Cancel("g1/0")]
