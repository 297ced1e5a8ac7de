"""Holding dates: who is asked about which, until when, in which words, and what answers mean for the problem."""

import uuid
from datetime import date
from typing import Any

import pytest

from app.domain.meetings.changes import Place, planned_events
from app.domain.schedule import facts
from app.domain.schedule.answering import check, closed, may_be_nudged, nudge_is_due, read_words, refuse_unless_open
from app.domain.schedule.holding import (
    Asking,
    Line,
    again_letter,
    letter,
    nudge_letter,
    read_asking,
    usual_deadline,
    who_is_asked,
)
from app.domain.schedule.mending import read_moves, written_moves
from app.domain.schedule.plan import PlacedEvent
from app.kit.errors import BadInputError, ConflictError
from app.kit.typed import typed

TODAY = date(2026, 6, 15)
MEETING = date(2026, 9, 24)
EVERY = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}


def a_person(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "at": None, "works": EVERY, "away": []} | more


def a_year() -> dict[str, Any]:
    """A group of two schools led by p1, in which p2 and p3 take part, and an observation of p2."""
    members = [{"school": "s1", "people": ["p2"]}, {"school": "s2", "people": ["p3"]}]
    return {
        "people": [a_person("p1"), a_person("p2"), a_person("p3", works={"mon": ["am"]})],
        "groups": [{"id": "g1", "leader": "p1", "members": members}],
        "visits": [],
        "observations": [
            {"id": "g1:p2:0", "observer": "p1", "teacher": "p2", "school": "s1", "after": ["g1", 0], "before": None}
        ],
    }


def events(day: date = MEETING) -> Any:
    return planned_events(a_year(), [("g1/0", day, "am", "s1"), ("g1:p2:0", date(2026, 10, 1), "am", None)])


def test_those_who_lead_are_watched_or_can_come_are_asked_and_whoever_does_not_work_then_is_not() -> None:
    asked = who_is_asked(events(), a_year(), {}, TODAY)
    assert {who: [event.key for event in own] for who, own in asked.items()} == {
        "p1": ["g1/0", "g1:p2:0"],
        "p2": ["g1/0", "g1:p2:0"],
    }


def test_a_leader_is_asked_whatever_is_known_of_them() -> None:
    year = a_year()
    year["people"][0]["away"] = [str(MEETING)]
    assert "p1" in who_is_asked(events(), year, {}, TODAY)


def test_what_is_certain_and_stays_or_is_over_asks_nobody() -> None:
    certain = {"g1/0": Place(MEETING, "am", 1), "g1:p2:0": Place(date(2026, 10, 2), "am", 1)}
    asked = who_is_asked(events(), a_year(), certain, TODAY)
    assert [event.key for event in asked["p1"]] == ["g1:p2:0"]
    assert who_is_asked(events(), a_year(), {}, date(2026, 10, 1)) == {}


def test_two_weeks_on_a_school_day_is_the_usual_time_to_answer() -> None:
    assert usual_deadline(TODAY, MEETING, ()) == date(2026, 6, 29)
    assert usual_deadline(TODAY, MEETING, {"2026-06-29"}) == date(2026, 6, 30)
    assert usual_deadline(date(2026, 6, 13), None, ()) == date(2026, 6, 29), "the 27th is a Saturday"
    assert usual_deadline(TODAY, date(2026, 6, 18), ()) == date(2026, 6, 17)
    assert usual_deadline(TODAY, date(2026, 6, 16), ()) == date(2026, 6, 16)


@pytest.mark.parametrize("text", ["", "soon", "2026-06-15", "2027-06-15", "2025-06-16"])
def test_a_day_to_answer_by_that_cannot_be_is_refused_beside_its_field(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_asking(text, "x" * 2001, TODAY)
    assert [fault.path for fault in refused.value.faults] == ["answer_by", "words"]
    assert read_asking("2026-06-16", "Hello", TODAY) == Asking(date(2026, 6, 16), "Hello")


def test_letters_hold_one_link_the_dates_and_the_leads_own_words() -> None:
    lines = [Line(MEETING, "am", "NCP26-D01, Autumn 1", "Fernhill")] * 20
    subject, text = letter("Ada Moss", "Moorland Maths Hub", 2026, lines, Asking(date(2026, 7, 1), "See you soon."))
    assert subject == "Can you come? 20 dates are held for you in 2026/27"
    assert text.count("{dates}") == 1
    assert "Thursday 24 September 2026, morning: NCP26-D01, Autumn 1, at Fernhill" in text
    assert "and 6 more" in text
    assert "See you soon." in text
    assert "Please say by Wednesday 1 July 2026" in text
    soon = Line(date(2026, 6, 20), "pm", "NCP26-D01, Autumn 1", "")
    for written in (
        letter("Ada", "Hub", 2026, [*lines, soon], Asking(date(2026, 7, 1))),
        again_letter("Ada", "Hub", [soon], Asking(date(2026, 7, 1))),
    ):
        assert "Please say by Friday 19 June 2026" in written[1], "it is no use to answer after the date"
    assert "A date has moved" in again_letter("Ada", "Hub", lines[:1], Asking(date(2026, 7, 1)))[0]
    assert "a date for you" in nudge_letter("Ada", "Hub", 1, date(2026, 7, 1))[1]


def test_a_form_says_can_or_cannot_of_each_date_and_one_button_says_can_of_all() -> None:
    one, two, three = (uuid.UUID(int=n) for n in (1, 2, 3))
    sent = [(f"asks-{each}", "yes") for each in (one, two, three)]
    said = [(f"answer-{one}", "can"), (f"answer-{two}", "cannot"), (f"because-{two}", "A trip"), ("answer-x", "can")]
    words = read_words(typed([*sent, *said]))
    assert {key: (word.answer, word.because) for key, word in words.items()} == {
        one: ("can", ""),
        two: ("cannot", "A trip"),
    }
    assert {word.answer for word in read_words(typed([*sent, ("all", "can")])).values()} == {"can"}
    with pytest.raises(BadInputError) as refused:
        check(read_words(typed([(f"answer-{one}", "perhaps")])))
    assert refused.value.faults[0].path == f"answer-{one}"
    with pytest.raises(BadInputError, match="marked"):
        check({})


def test_answers_are_taken_until_the_plan_is_settled() -> None:
    refuse_unless_open("ready")
    assert closed("ready") == ""
    for status in ("accepted", "set aside"):
        with pytest.raises(ConflictError):
            refuse_unless_open(status)


def test_reminders_go_two_days_before_the_last_day_on_a_working_day_and_never_twice_a_day() -> None:
    wednesday, monday = date(2026, 6, 24), date(2026, 6, 22)
    assert nudge_is_due(wednesday, monday)
    assert nudge_is_due(wednesday, wednesday)
    assert not nudge_is_due(wednesday, date(2026, 6, 21))
    assert not nudge_is_due(wednesday, date(2026, 6, 25))
    assert nudge_is_due(date(2026, 6, 23), date(2026, 6, 19)), "two days before is a Sunday: the Friday"
    assert not nudge_is_due(None, monday)
    assert may_be_nudged([date(2026, 6, 21)], monday)
    assert not may_be_nudged([date(2026, 6, 21), monday], monday)


def test_a_refused_day_is_a_day_away_and_the_plans_own_problem_stays_as_it_was() -> None:
    year = a_year()
    year["people"][1]["away"] = ["2026-09-01"]
    after = facts.answered(year, {"p2": [MEETING]})
    assert [each["away"] for each in after["people"]] == [[], ["2026-09-01", "2026-09-24"], []]
    assert year["people"][1]["away"] == ["2026-09-01"]


def test_while_dates_are_held_days_away_are_those_of_today() -> None:
    year, now = a_year(), a_year()
    year["people"][1]["away"], now["people"][2]["away"] = ["2026-09-01"], ["2026-09-02"]
    after = facts.with_days_away(year, {"people": now["people"][1:]})
    assert [each["away"] for each in after["people"]] == [[], [], ["2026-09-02"]]


def test_moves_travel_through_a_form_and_nothing_else_is_read() -> None:
    moves = (PlacedEvent("g1/0", MEETING, "am", "s1"), PlacedEvent("o1", MEETING, "pm"))
    assert read_moves(written_moves(moves)) == moves
    assert read_moves("") == ()
    for text in ("nonsense", "{}", '[{"event": "g1/0"}]', "[" * 5000):
        with pytest.raises(BadInputError, match="list of moves"):
            read_moves(text)
