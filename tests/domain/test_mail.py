"""When messages leave, what their readers' wishes make of them, and the words in them."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.feeds import Facts, Place
from app.domain.mail.choices import Choice, Fate, Piece, State, fate
from app.domain.mail.kinds import GATHERED, STOPPABLE, Kind
from app.domain.mail.quiet import Quiet, digest_due, due
from app.domain.mail.reminders import Which, batch_of, due_on, reminder, which_is_due
from app.domain.mail.words import addresses, filled, joined, strange, without_links
from app.kit.bank_holidays import bank_holidays
from app.kit.periods import academic_year, in_london, london

QUIET = Quiet(time(18, 30), time(7))
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TWO_YEARS = 2 * 366 * 24 * 60  # minutes: four changes of the clocks
MOMENTS = st.integers(0, TWO_YEARS).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def is_quiet(moment: datetime, quiet: Quiet) -> bool:
    local = in_london(moment)
    at, day = local.time(), local.date()
    if day.weekday() >= 5 or day in bank_holidays(academic_year(day)):
        return True
    if quiet.since > quiet.until:
        return at >= quiet.since or at < quiet.until
    return quiet.since <= at < quiet.until


@given(MOMENTS, TIMES, TIMES)
def test_what_can_wait_never_leaves_in_quiet_hours(now: datetime, since: time, until: time) -> None:
    quiet = Quiet(since, until)
    leaves = due(now, quiet, can_wait=True)
    assert not is_quiet(leaves, quiet)
    assert now <= leaves <= now + timedelta(days=6)
    assert due(leaves, quiet, can_wait=True) == leaves
    assert (leaves == now) == (not is_quiet(now, quiet))


@given(MOMENTS, TIMES, TIMES)
def test_what_cannot_wait_leaves_at_once(now: datetime, since: time, until: time) -> None:
    assert due(now, Quiet(since, until), can_wait=False) == now


@given(MOMENTS, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=5)))
def test_whatever_is_written_later_leaves_no_sooner(now: datetime, later: timedelta) -> None:
    assert due(now, QUIET, can_wait=True) <= due(now + later, QUIET, can_wait=True)


@given(MOMENTS)
def test_a_message_of_the_day_leaves_in_the_morning_of_a_working_day(now: datetime) -> None:
    leaves = digest_due(now, QUIET)
    assert in_london(leaves).time() == time(7)
    assert not is_quiet(leaves, QUIET)
    assert now < leaves


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (london(date(2026, 11, 23), time(18, 29)), london(date(2026, 11, 23), time(18, 29))),
        (london(date(2026, 11, 23), time(18, 30)), london(date(2026, 11, 24), time(7))),
        (london(date(2026, 11, 24), time(6, 59)), london(date(2026, 11, 24), time(7))),
        (london(date(2026, 11, 27), time(20)), london(date(2026, 11, 30), time(7))),
        (london(date(2026, 12, 24), time(19)), london(date(2026, 12, 29), time(7))),  # Boxing Day is a Saturday
        (london(date(2026, 10, 24), time(12)), london(date(2026, 10, 26), time(7))),  # the clocks go back that night
    ],
)
def test_evenings_weekends_and_bank_holidays_are_quiet(now: datetime, leaves: datetime) -> None:
    assert due(now, QUIET, can_wait=True) == leaves


def test_what_starts_before_the_quiet_hours_end_is_told_at_once() -> None:
    friday = london(date(2026, 11, 27), time(20))
    assert due(friday, QUIET, can_wait=True, starts=london(date(2026, 11, 28), time(9))) == friday
    assert due(friday, QUIET, can_wait=True, starts=london(date(2026, 11, 30), time(9))) != friday


def test_with_a_quiet_hour_at_noon_the_morning_still_begins_at_seven() -> None:
    noon = Quiet(time(12), time(13))
    assert due(london(date(2026, 11, 28), time(9)), noon, can_wait=True) == london(date(2026, 11, 30), time(7))
    assert due(london(date(2026, 11, 27), time(12, 30)), noon, can_wait=True) == london(date(2026, 11, 27), time(13))


EVERYTHING = Choice(stopped=frozenset(Kind))
DAILY = Choice(digest=True)
SOON, LATER = MONDAY + timedelta(hours=47), MONDAY + timedelta(days=9)


def test_what_is_stopped_does_not_leave() -> None:
    for kind in STOPPABLE:
        assert fate(Piece(kind, LATER), EVERYTHING, QUIET, MONDAY).state is State.STOPPED


def test_changes_and_cancellations_inside_two_days_cannot_be_stopped() -> None:
    for kind in (Kind.CHANGE, Kind.CANCELLATION):
        assert fate(Piece(kind, SOON), EVERYTHING, QUIET, MONDAY) == Fate(State.WAITING, MONDAY)
        assert fate(Piece(kind, at_once=True), EVERYTHING, QUIET, MONDAY) == Fate(State.WAITING, MONDAY)
    assert fate(Piece(Kind.REMINDER, SOON), EVERYTHING, QUIET, MONDAY).state is State.STOPPED


def test_what_concerns_rights_and_joining_cannot_be_stopped() -> None:
    for kind in set(Kind) - set(STOPPABLE):
        assert fate(Piece(kind), EVERYTHING, QUIET, MONDAY).state is State.WAITING


def test_with_one_message_a_day_all_that_can_wait_is_gathered() -> None:
    tomorrow = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    for kind in GATHERED:
        assert fate(Piece(kind, LATER), DAILY, QUIET, MONDAY) == Fate(State.GATHERED, tomorrow)
    for kind in set(Kind) - set(GATHERED):
        assert fate(Piece(kind), DAILY, QUIET, MONDAY).state is State.WAITING


def test_what_would_come_too_late_or_is_for_a_calendar_is_not_gathered() -> None:
    tonight = MONDAY + timedelta(hours=6)
    assert fate(Piece(Kind.REMINDER, tonight), DAILY, QUIET, MONDAY) == Fate(State.WAITING, MONDAY)
    assert fate(Piece(Kind.CHANGE, SOON), DAILY, QUIET, MONDAY) == Fate(State.WAITING, MONDAY)
    assert fate(Piece(Kind.INVITATION, LATER, whole=True), DAILY, QUIET, MONDAY) == Fate(State.WAITING, MONDAY)


def test_a_wish_for_one_message_a_day_does_not_undo_a_stop() -> None:
    choice = Choice(digest=True, stopped=frozenset({Kind.GROUP}))
    assert fate(Piece(Kind.GROUP), choice, QUIET, MONDAY).state is State.STOPPED


THURSDAY = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("day", "today", "which"),
    [
        (THURSDAY, date(2026, 11, 25), None),
        (THURSDAY, date(2026, 11, 26), Which.TWO_WEEKS),
        (THURSDAY, date(2026, 12, 2), Which.TWO_WEEKS),  # a week of missed days is made good
        (THURSDAY, date(2026, 12, 3), None),
        (THURSDAY, date(2026, 12, 8), Which.TWO_DAYS),
        (THURSDAY, THURSDAY, Which.TWO_DAYS),
        (THURSDAY, date(2026, 12, 11), None),
        (date(2026, 12, 7), date(2026, 12, 4), Which.TWO_DAYS),  # a Monday's leaves on the Friday before
    ],
)
def test_reminders_are_due_on_working_days(day: date, today: date, which: Which | None) -> None:
    assert which_is_due(day, today) is which


@given(st.dates(date(2026, 9, 1), date(2028, 8, 31)))
def test_every_date_has_both_reminders_each_on_a_working_day(day: date) -> None:
    first, second = due_on(day, Which.TWO_WEEKS), due_on(day, Which.TWO_DAYS)
    assert first < second <= day - timedelta(days=2)
    assert which_is_due(day, first) is Which.TWO_WEEKS
    assert which_is_due(day, second) is Which.TWO_DAYS


def test_another_date_of_the_same_event_is_another_reminder() -> None:
    event = uuid.UUID(int=1)
    assert batch_of(event, MONDAY, Which.TWO_DAYS) == batch_of(event, MONDAY, Which.TWO_DAYS)
    assert batch_of(event, MONDAY, Which.TWO_DAYS) != batch_of(event, LATER, Which.TWO_DAYS)
    assert batch_of(event, MONDAY, Which.TWO_DAYS) != batch_of(event, MONDAY, Which.TWO_WEEKS)


def some_facts(place: Place, notes: str = "") -> Facts:
    return Facts(
        uid="one",
        sequence=0,
        changed_at=MONDAY,
        starts=london(THURSDAY, time(9, 15)),
        ends=london(THURSDAY, time(12)),
        kind="meeting",
        status="confirmed",
        half_term=1,
        group="NCP26-11-03",
        lead="Wilf Brook",
        place=place,
        notes=notes,
        path="/hubs/H1/events/1",
    )


def test_a_reminder_says_when_where_and_what_to_bring() -> None:
    place = Place("Ash Vale Primary", "Mill Lane, Penmoor", 50.1, -5.25, notes="Park behind the hall.")
    subject, text = reminder(some_facts(place, "A pair of scissors."), "Jo Pascoe", "")
    assert subject == "Reminder: Thursday 10 December 2026, Work Group NCP26-11-03, Autumn 2 meeting"
    for words in (
        "Hello Jo Pascoe",
        "Thursday 10 December 2026, 9.15am to 12 noon",
        "Ash Vale Primary, Mill Lane, Penmoor",
        "https://www.openstreetmap.org/?mlat=50.10000&mlon=-5.25000#map=16/50.10000/-5.25000",
        "What to bring\nA pair of scissors.",
        "At the school\nPark behind the hall.",
        "Say whether you come: {answer}",
    ):
        assert words in text


def test_a_reminder_of_an_online_date_has_its_joining_link_and_no_place() -> None:
    place = Place(
        "Ash Vale Primary", "Mill Lane", 50.1, -5.25, "Park here.", online=True, joining_link="https://meet.example/x"
    )
    _, text = reminder(some_facts(place), "Jo", "yes")
    assert "Online\nJoin: https://meet.example/x" in text
    assert "Mill Lane" not in text
    assert "Park here." not in text
    assert "You said that you come." in text
    assert "Change your answer: {answer}" in text


def test_links_are_made_as_a_message_leaves_and_only_for_its_own_words() -> None:
    links = {"answer": {"kind": "answer", "id": "7"}, "see": {"kind": "page", "id": "/my/dates"}}
    found = addresses(links, "https://x.example", lambda kind, key: f"signed-{kind}-{key}")
    assert found == {"answer": "https://x.example/answer/signed-answer-7", "see": "https://x.example/my/dates"}
    assert filled("{answer} {see} {name} {", found) == f"{found['answer']} {found['see']} {{name}} {{"
    assert without_links("Go: {answer}", links) == "Go: [personal link]"


def test_a_value_that_holds_a_word_is_not_filled_again() -> None:
    assert filled("{name} {group}", {"name": "{group}", "group": "A"}) == "{group} A"


def test_words_that_nobody_can_fill_are_named() -> None:
    assert strange("Dear {name}, see {next meeting} and {your school}, {your school}.") == ["your school"]


def test_messages_of_a_day_keep_their_order_and_their_own_links() -> None:
    link = {"answer": {"kind": "answer", "id": "1"}}
    other = {"answer": {"kind": "answer", "id": "2"}}
    text, links = joined(
        [
            ("First", "Hello Jo\n\nCome: {answer}\n\nHalfterm\n", link),
            ("Second", "Only this.", {}),
            ("Third", "{answer}", other),
        ]
    )
    assert text == "First\n-----\n\nCome: {1-answer}\n\nSecond\n------\n\nOnly this.\n\nThird\n-----\n\n{3-answer}"
    assert links == {"1-answer": link["answer"], "3-answer": other["answer"]}
