import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.access import No
from app.domain.notes import states
from app.domain.notes.forms import EventKind
from app.domain.notes.readable import listed
from app.domain.notes.states import Answered, Content, Record, Sides, Version

LEAD, TEACHER, HEAD, OTHER = (uuid.UUID(int=n) for n in range(1, 5))
NOW = datetime(2026, 11, 21, tzinfo=UTC)
WRITTEN = Content()


def sides(kind: EventKind = "observation") -> Sides:
    return Sides(kind, LEAD, TEACHER, frozenset({LEAD, TEACHER, OTHER}), frozenset({OTHER}), frozenset({HEAD}))


def said(person: uuid.UUID, *, agrees: bool = False) -> Answered:
    return Answered(person, agrees, "" if agrees else "The date is wrong.", NOW)


def submitted(*answers: Answered) -> Record:
    return Record(sides=sides(), state="submitted", versions=(Version(number=1, rev=3, by=LEAD, answers=answers),))


AGREED = Record(sides=sides(), state="agreed", versions=(Version(number=1, rev=3, by=LEAD, agreed=True),))


def refused(step: object, words: str) -> bool:
    return isinstance(step, No) and words in step.because


def test_whoever_leads_submits_and_nobody_else() -> None:
    record = Record(sides=sides())
    assert states.submit(record, LEAD, WRITTEN) == states.Submit(1, None)
    assert refused(states.submit(record, TEACHER, WRITTEN), "Whoever leads this")


@pytest.mark.parametrize(
    ("record", "content", "words"),
    [
        (Record(sides=sides(), begun=False), WRITTEN, "has not begun"),
        (Record(sides=sides(), cancelled=True), WRITTEN, "cancelled"),
        (Record(sides=sides()), Content(empty=True), "Write first"),
        (Record(sides=sides()), Content(apart=["“Key point”"]), "Two different texts stand at “Key point”"),
        (AGREED, WRITTEN, "Start a correction first"),
        (submitted(), Content(unchanged=True), "Nothing has changed since version 1"),
    ],
)
def test_a_record_that_is_not_ready_says_why(record: Record, content: Content, words: str) -> None:
    assert refused(states.submit(record, LEAD, content), words)


def test_submitting_again_supersedes_and_may_follow_an_answer_without_a_change() -> None:
    assert states.submit(submitted(), LEAD, WRITTEN) == states.Submit(2, 1)
    assert states.submit(submitted(said(TEACHER)), LEAD, Content(unchanged=True)) == states.Submit(2, 1)


@pytest.mark.parametrize(
    ("kind", "other"), [("observation", {TEACHER}), ("visit", {OTHER, HEAD}), ("meeting", {TEACHER, OTHER})]
)
def test_the_other_side_is_whom_the_event_is_about(kind: EventKind, other: set[uuid.UUID]) -> None:
    assert sides(kind).other == other


def test_the_other_side_agrees_to_the_version_it_read() -> None:
    assert states.agree(submitted(), TEACHER, 1) == states.Agree(1)
    assert refused(states.agree(submitted(), TEACHER, 2), "Version 1 was submitted while")
    assert refused(states.agree(submitted(), LEAD, 1), "your own agreement")
    assert refused(states.agree(submitted(), OTHER, 1), "The observed teacher answers")
    assert refused(states.agree(Record(sides=sides()), TEACHER, 1), "not submitted")
    assert refused(states.agree(AGREED, TEACHER, 1), "agreed already")


def test_a_change_that_was_asked_for_comes_before_anothers_agreement() -> None:
    record = replace(submitted(said(TEACHER)), sides=sides("meeting"))
    assert refused(states.agree(record, OTHER, 1), "asked for a change")
    assert states.agree(record, TEACHER, 1) == states.Agree(1)  # who changes their mind may


def test_asking_for_a_change_says_which() -> None:
    assert states.ask_for_change(submitted(), TEACHER, 1, " The date. ") == states.AskForChange(1, "The date.")
    assert refused(states.ask_for_change(submitted(), TEACHER, 1, " "), "Say what should change")
    assert refused(states.ask_for_change(submitted(), TEACHER, 1, "x" * 1001), "1,000")


def test_an_agreed_record_is_corrected_by_either_side_with_a_reason() -> None:
    assert states.correct(AGREED, TEACHER, "The date was wrong.") == states.Correct("The date was wrong.")
    assert states.correct(AGREED, LEAD, "Typing.") == states.Correct("Typing.")
    assert refused(states.correct(AGREED, HEAD, "Typing."), "Those who agreed")
    assert refused(states.correct(AGREED, LEAD, ""), "Say what was wrong")
    assert refused(states.correct(submitted(), LEAD, "Typing."), "needs no correction")
    assert refused(states.correct(replace(AGREED, state="correcting"), LEAD, "Typing."), "already")


def test_a_version_is_taken_back_until_somebody_answered() -> None:
    assert states.withdraw(submitted(), LEAD) == states.Withdraw(1, None, "open")
    assert refused(states.withdraw(submitted(), TEACHER), "Whoever submitted")
    assert refused(states.withdraw(submitted(said(TEACHER)), LEAD), "has answered")
    assert refused(states.withdraw(AGREED, LEAD), "nothing to take back")


def test_what_stood_before_a_withdrawn_version_stands_again() -> None:
    second = Version(number=2, rev=5, by=LEAD)
    first = Version(number=1, rev=3, by=LEAD, agreed=True, superseded=True)
    corrected = Record(sides=sides(), state="submitted", versions=(first, second))
    assert states.withdraw(corrected, LEAD) == states.Withdraw(2, 1, "correcting")
    plain = replace(corrected, versions=(replace(first, agreed=False), second))
    assert states.withdraw(plain, LEAD) == states.Withdraw(2, 1, "submitted")
    taken_back = replace(first, agreed=False, answers=(said(LEAD),))
    assert states.withdraw(replace(corrected, versions=(taken_back, second)), LEAD) == states.Withdraw(2, None, "open")


def test_things_are_listed_in_words() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdef")) == "a, b, c and 3 more"
