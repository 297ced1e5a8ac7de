"""Who may enter a programme, move to another stage, settle a move and reverse it."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hubs.webhooks import happening
from app.domain.stages import moves
from app.domain.stages.gate import Proof, Standing, Verdict
from app.domain.stages.ladder import State

A, B = uuid.uuid4(), uuid.uuid4()
MET = Verdict(
    "visits",
    "Six visits.",
    Standing.MET,
    "6 of 6 visits.",
    "",
    None,
    (Proof("event", A, date(2026, 9, 1), counts=True),),
)


@dataclass
class Was:
    kind: str
    year: int
    state: str = "completed"


@dataclass
class Terms:
    kind: str = "development"
    year: int = 2026
    name: str = "Development"
    years: int = 1
    most_times: int | None = None


@dataclass
class Gone:
    moved_on: bool = False
    signed: bool = False
    held: int = 0


def because(fault: object) -> str:
    return getattr(fault, "because", "")


def test_a_school_may_enter_at_development() -> None:
    assert moves.may_enter([], Terms(most_times=1), "Fernhill") is None


def test_a_school_is_in_a_programme_once_unless_it_withdrew() -> None:
    assert "already" in because(moves.may_enter([Was("development", 2026, "applied")], Terms(), "Fernhill"))
    assert moves.may_enter([Was("development", 2026, "withdrawn")], Terms(most_times=1), "Fernhill") is None


def test_a_programme_is_taken_as_often_as_it_allows() -> None:
    history = [Was("development", 2024)]
    assert "once" in because(moves.may_enter(history, Terms(most_times=1), "Fernhill"))
    assert moves.may_enter(history, Terms(most_times=2), "Fernhill") is None


def test_the_second_year_of_a_programme_of_two_is_no_second_time() -> None:
    two = Terms("introductory", 2026, "Introductory", years=2, most_times=1)
    assert moves.may_enter([Was("introductory", 2025, "active")], two, "Fernhill") is None
    assert "once" in because(moves.may_enter([Was("introductory", 2024)], two, "Fernhill"))


@given(st.sets(st.integers(2015, 2035)), st.integers(1, 3))
def test_years_of_a_programme_are_taken_in_spans_of_its_length(years: set[int], length: int) -> None:
    count = moves.takes(years, length)
    assert -(-len(years) // length) <= count <= len(years)
    assert length > 1 or count == len(years)


def test_to_another_stage_a_school_comes_by_a_move() -> None:
    said = because(moves.may_enter([Was("readiness", 2025)], Terms(), "Fernhill"))
    assert "Propose that it moves to Development" in said
    assert moves.may_enter([Was("embedding", 2025)], Terms("sustaining", 2026, "Sustaining"), "Fernhill") is None
    assert moves.may_enter([Was("readiness", 2024), Was("readiness", 2025, "withdrawn")], Terms(), "Fernhill") is None


def test_whoever_left_last_returns() -> None:
    assert not moves.returns([])
    assert moves.returns([Was("readiness", 2024), Was("development", 2025, "withdrawn")])
    assert not moves.returns([Was("readiness", 2024, "withdrawn"), Was("development", 2025)])
    assert not moves.returns([Was("development", 2025, "withdrawn"), Was("sustaining", 2026, "applied")])


@pytest.mark.parametrize("now", list(State))
def test_each_refusal_of_a_state_says_why(now: State) -> None:
    for then in State:
        fault = moves.may_become(now, then)
        assert fault is None or fault.because.endswith(".")
    assert moves.may_become(now, State.APPLIED)


def test_nothing_is_recorded_before_it_happened() -> None:
    today = date(2026, 11, 21)
    assert moves.fault_of_day(today, date(2026, 9, 1), today) is None
    assert "still to come" in because(moves.fault_of_day(date(2026, 11, 22), None, today))
    assert "Choose Tuesday 1 September 2026" in because(moves.fault_of_day(date(2026, 8, 31), date(2026, 9, 1), today))


def test_a_move_leads_to_what_follows() -> None:
    assert moves.may_move("readiness", 2026, Terms(year=2026)) is None
    assert moves.may_move("readiness", 2026, Terms("sustaining", 2027, "Sustaining"))
    assert moves.may_move("readiness", 2026, Terms(year=2025))
    assert moves.may_move("sustaining", 2026, Terms("sustaining", 2026, "Sustaining"))
    can = [moves.may_leave(Was("readiness", 2026, one), []) is None for one in State]
    assert can == [False, False, True, True, False]
    assert "gone on since" in because(moves.may_leave(Was("readiness", 2025), [Was("development", 2026, "active")]))
    assert moves.may_leave(Was("readiness", 2025), [Was("development", 2026, "applied")]) is None


def test_somebody_else_settles_a_move() -> None:
    assert moves.may_settle("proposed", A, B) is None
    assert "another person" in because(moves.may_settle("proposed", A, A))
    assert moves.may_settle("proposed", None, None)  # nobody known is nobody else
    assert moves.may_settle("proposed", None, A) is None
    assert "declined already" in because(moves.may_settle("declined", A, B))


@pytest.mark.parametrize(
    ("state", "gone", "says"),
    [
        ("active", Gone(), ""),
        ("agreed", Gone(), ""),
        ("active", Gone(moved_on=True), "further move"),
        ("active", Gone(held=1), "1 meeting or visit was held"),
        ("active", Gone(held=3), "3 meetings and visits were held"),
        ("agreed", Gone(signed=True), "signed"),
        ("withdrawn", Gone(), "withdrawn by now"),
    ],
)
def test_a_move_is_reversed_until_the_school_went_further(state: str, gone: Gone, says: str) -> None:
    assert says in because(moves.may_reverse(state, gone))
    assert bool(says) == bool(moves.may_reverse(state, gone))


def test_two_days_of_evidence_differ_by_what_counts() -> None:
    later = replace(MET, wants="Nothing.", by=date(2027, 7, 1))
    assert [one.differs for one in moves.compared([MET], [later])] == [False]
    other = replace(MET, proof=(Proof("event", B, None, counts=True),))
    assert [one.differs for one in moves.compared([MET], [other])] == [True]
    new = replace(MET, key="plan")
    assert [(one.key, one.differs) for one in moves.compared([MET], [new])] == [("visits", True), ("plan", True)]
    assert moves.fingerprint([MET]) == moves.fingerprint([later]) != moves.fingerprint([other])


def test_evidence_gets_worse_when_what_was_met_is_not() -> None:
    partly = replace(MET, state=Standing.PARTLY)
    assert moves.got_worse([MET], [partly])
    assert not moves.got_worse([partly], [partly])
    assert (moves.unmet([MET]), moves.unmet([MET, partly])) == ("", "1 of 2 criteria is not met.")


def test_webhooks_are_told_of_schools_that_move_and_withdraw() -> None:
    assert happening("Moved", {"urn": 1, "move": str(A), "to": str(B)}) == "school.moved"
    assert happening("Withdrew", {"urn": 1, "enrolment": str(A)}) == "school.withdrew"
    assert happening("Withdrew", {"urn": 1, "enrolment": str(A), "agreement": str(B)}) is None
