"""Rules of risk: what they say of a school, that they name nobody, and how often they were right."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from app.domain.stages.entitlement import Facts, Visit, Year
from app.domain.stages.risk import BY_KEY, RULES, Chosen, Flag, flags, kept, read_change
from app.domain.stages.risk_history import Became, lost, right
from app.domain.stages.watched import Hindrance, Meeting, Place, Recorded, Watched
from app.kit.periods import Span

TERMS = tuple(
    Span(date.fromisoformat(first), date.fromisoformat(last))
    for first, last in (
        ("2026-09-03", "2026-10-23"),
        ("2026-11-02", "2026-12-18"),
        ("2027-01-04", "2027-02-12"),
        ("2027-02-22", "2027-03-25"),
        ("2027-04-12", "2027-05-28"),
        ("2027-06-07", "2027-07-21"),
    )
)
SEP, NOV, TODAY = date(2026, 9, 22), date(2026, 11, 10), date(2026, 11, 21)
A, B = uuid.UUID(int=1), uuid.UUID(int=2)


def a_school(*visits: Visit, half_terms: tuple[int, ...] = ()) -> Watched:
    return Watched(visits=Facts(900001, half_terms, 14, Year(TERMS), visits))


def says(school: Watched, key: str, day: date = TODAY, number: int | None = None) -> str:
    rule = BY_KEY[key]
    found = rule.finds(school, day, rule.number if number is None else number)
    return found.says if found else ""


def test_two_absences_in_a_row_flag_the_school_and_name_nobody() -> None:
    missed = Place(A, ((SEP, "absent"), (NOV, "absent")))
    school = replace(a_school(), places=(missed,))
    assert says(school, "absences") == (
        "A lead participant has missed 2 meetings in a row, the last on Tuesday 10 November 2026."
    )
    assert says(school, "absences", date(2026, 11, 9)) == ""
    assert says(school, "absences", number=3) == ""


@pytest.mark.parametrize("last", ["present", "part", "stand_in"])
def test_whoever_came_since_or_sent_somebody_is_not_missed(last: str) -> None:
    place = Place(A, ((SEP, "absent"), (NOV, "absent"), (TODAY, last)))
    assert says(replace(a_school(), places=(place,)), "absences") == ""


def test_heads_and_those_who_left_are_no_lead_participants() -> None:
    states = ((SEP, "absent"), (NOV, "absent"))
    school = replace(a_school(), places=(Place(A, states, head=True), Place(A, states, gone_on=NOV)))
    assert says(school, "absences") == ""


def test_a_half_term_without_a_visit_flags_once_so_many_weeks_are_over() -> None:
    school = a_school(half_terms=(0, 1, 2, 3, 4, 5))
    assert says(school, "no_visit") == "No visit is held or booked in this half term (Autumn 2)."
    assert says(school, "no_visit", number=3) == ""
    booked = a_school(Visit(date(2026, 12, 1), "booked"), half_terms=(0, 1, 2, 3, 4, 5))
    assert says(booked, "no_visit") == ""


def test_once_a_term_waits_for_the_terms_last_half_term() -> None:
    school = a_school(half_terms=(0, 2, 4))
    assert says(school, "no_visit", date(2026, 10, 20)) == ""
    assert says(school, "no_visit") == "No visit is held or booked in this term (Autumn 2)."
    assert says(a_school(Visit(SEP, "held"), half_terms=(0, 2, 4)), "no_visit") == ""


def test_a_visit_held_later_does_not_speak_for_an_earlier_day() -> None:
    school = a_school(Visit(date(2026, 12, 15), "held"), half_terms=(0, 1))
    assert says(school, "behind", date(2026, 12, 10), 1) == "1 visit of earlier half terms not held."
    assert says(school, "no_visit", date(2026, 12, 10)) != ""
    assert says(school, "no_visit", date(2026, 12, 19)) == ""


def test_somebody_left_and_nobody_took_their_place() -> None:
    gone = Place(A, gone_on=NOV)
    school = replace(a_school(), places=(gone, Place(A)), wanted=2)
    assert says(school, "left") == "A lead participant has left, and 1 of 2 takes part now."
    assert says(replace(school, places=(gone, Place(A), Place(A))), "left") == ""
    assert says(school, "left", SEP) == ""


def test_a_barrier_counts_from_the_day_after_its_day_until_it_is_closed() -> None:
    barrier = Hindrance(A, SEP, date(2026, 11, 20))
    school = replace(a_school(), barriers=(barrier,))
    assert says(school, "barrier") == "A barrier is 1 day past its day."
    assert says(school, "barrier", date(2026, 11, 20)) == ""
    assert says(replace(a_school(), barriers=(replace(barrier, closed_on=TODAY),)), "barrier") == ""


def test_a_head_who_nobody_saw_at_the_first_meeting() -> None:
    first = Meeting(A, SEP, said=True, asked=2, came=2, first=True)
    assert says(replace(a_school(), meetings=(first,)), "head") == (
        "Nobody wrote that the head came to the first meeting, Tuesday 22 September 2026."
    )
    assert says(replace(a_school(), meetings=(replace(first, head_came=True),)), "head") == ""
    assert says(replace(a_school(), meetings=(replace(first, said=False),)), "head") == ""
    assert says(replace(a_school(), meetings=(replace(first, first=False),)), "head") == ""


def test_an_agreement_is_missed_when_its_half_term_is_over_and_late_schools_have_four_weeks() -> None:
    school = replace(a_school(), enrolled_on=date(2026, 7, 1))
    assert says(school, "agreement") == "The agreement is not signed."
    assert says(school, "agreement", date(2026, 10, 23)) == ""
    assert says(replace(school, signed_on=NOV), "agreement") == ""
    assert says(replace(school, enrolled_on=NOV), "agreement") == ""
    assert says(a_school(), "agreement") == ""


def test_a_held_visit_without_a_record() -> None:
    school = replace(a_school(), records=(Recorded(A, SEP), Recorded(B, NOV)))
    assert says(school, "record") == "The visit on Tuesday 22 September 2026 has no record."
    assert says(school, "record", number=5).startswith("2 visits have no record")
    assert says(replace(a_school(), records=(Recorded(A, SEP, NOV),)), "record") == ""
    assert says(replace(a_school(), records=(Recorded(A, SEP, NOV),)), "record", date(2026, 11, 9)) != ""


def test_nobody_came() -> None:
    missed = Meeting(A, NOV, said=True, asked=2, came=0)
    assert says(replace(a_school(), meetings=(missed,)), "nobody") == (
        "Nobody from the school came to the meeting on Tuesday 10 November 2026."
    )
    assert says(replace(a_school(), meetings=(replace(missed, said=False),)), "nobody") == ""


def test_a_hub_switches_rules_off_and_changes_their_numbers() -> None:
    school = replace(a_school(), places=(Place(A, ((SEP, "absent"), (NOV, "absent"))),))
    assert flags(school, kept(()), TODAY) == (Flag("absences", says(school, "absences"), A),)
    assert flags(school, kept([Chosen("absences", active=False, number=None)]), TODAY) == ()
    assert flags(school, kept([Chosen("absences", active=True, number=3)]), TODAY) == ()


def test_a_school_that_withdrew_has_no_flags_from_that_day() -> None:
    school = replace(a_school(half_terms=(0, 1)), withdrawn_on=NOV)
    assert flags(school, kept(()), TODAY) == ()
    assert flags(school, kept(()), date(2026, 10, 30))


def test_numbers_outside_a_rules_bounds_get_a_sentence() -> None:
    for typed in ("", "0", "7", "two", "-1", "²"):
        assert read_change(BY_KEY["absences"], active="on", typed=typed).faults == {
            "number": "Enter a whole number from 1 to 6."
        }
    assert read_change(BY_KEY["absences"], active="off", typed="3").number == 3
    assert not read_change(BY_KEY["left"], active="on", typed="").faults
    assert read_change(BY_KEY["left"], active="", typed="").faults == {"active": "Say whether the rule is on or off."}


def test_every_rule_speaks_in_words_without_a_judgement_of_people() -> None:
    for rule in RULES:
        told = f"{rule.words(rule.number)} {rule.name} {rule.why}".lower()
        assert "{" not in told
        assert not {"score", "rank", "grade", "invalid"} & set(told.replace(".", " ").split())


def test_what_became_of_an_enrolment() -> None:
    assert lost("withdrawn", 2025, 1, 2026) is True
    assert lost("completed", 2025, 1, 2026) is False
    assert lost("active", 2025, 1, 2026) is True
    assert lost("active", 2025, 2, 2026) is None
    assert lost("applied", 2025, 2, 2026) is True


def test_a_rule_is_tried_on_last_years_facts_as_they_stood() -> None:
    late = replace(a_school(), records=(Recorded(A, SEP, NOV),))  # known only after the first half term
    good = replace(a_school(), records=(Recorded(A, SEP, SEP),))
    schools = [
        Became(late, lost=True),
        Became(late, lost=False),
        *[Became(good, lost=False)] * 3,
        Became(good, lost=None),
    ]
    found = right(schools, BY_KEY["record"], 14)
    assert (found.flagged, found.flagged_lost, found.rest, found.rest_lost) == (2, 1, 3, 0)
    assert not found.enough
    assert found.says.endswith("Not enough schools to say how often it is right.")
    more = right([one for one in schools for _ in range(3)], BY_KEY["record"], 14)
    assert more.says.endswith("So it was right 50 times in 100.")
    assert right([], BY_KEY["record"], 14).says == "No school's last year is known yet: not enough to say."
