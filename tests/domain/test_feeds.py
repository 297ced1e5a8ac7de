"""The rules of feeds, without a calendar, a database or a clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.feeds import (
    CLIENTS,
    Asked,
    Before,
    Client,
    FeedEvent,
    Fetched,
    Health,
    Status,
    asked_for,
    cleaned,
    client_of,
    entity_tag,
    health,
    http_date,
    in_window,
    latest,
    leaves_at,
    next_revision,
    raised,
    same_to_readers,
    told_at_once,
    valid_until,
    wants_gzip,
    zipped_tag,
)
from app.kit.errors import BadInputError
from app.kit.periods import refuse_clock_change

NOW = datetime(2026, 9, 24, 8, 30, 15, 400_000, tzinfo=UTC)
MOMENTS = st.integers(946_684_800_000, 3_786_912_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))


def an_event(**changes: object) -> FeedEvent:
    plain = FeedEvent(
        uid="1@halfterm",
        sequence=3,
        last_modified=datetime(2026, 9, 1, 7, tzinfo=UTC),
        starts=datetime(2026, 9, 24, 8, 15, tzinfo=UTC),
        ends=datetime(2026, 9, 24, 11, tzinfo=UTC),
        summary="Work Group meeting",
        status=Status.CONFIRMED,
        location="Ash Vale Primary, Elm Road",
        description="Bring your books.",
        url="http://127.0.0.1:8000/meetings/1",
        categories=("Meeting",),
        geo=(50.7, -3.5),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


# What an event says


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  Ysgol Tŷ Gwyn \n", "Ysgol Tŷ Gwyn"),
        ("bell\x07 and \x85next\x9f\x7f", "bell and next"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
        ("one\r\ntwo", "one\ntwo"),
        ("\ud83c", ""),
        ("\ufeff \u00a0 text \ufeff", "text"),
        ("\x00\x01", ""),
        ("👩🏽‍🏫", "👩🏽‍🏫"),
    ],
)
def test_text_is_cleaned_for_calendars(text: str, said: str) -> None:
    assert cleaned(text) == said


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing_more_and_leaves_only_what_utf_8_carries(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once == once.strip()
    assert once.encode().decode() == once


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": datetime(2026, 9, 24, 9)},  # noqa: DTZ001 - a time without a zone is the point
        {"ends": datetime(2026, 9, 24, 8, 15, tzinfo=UTC)},
        {"geo": (91.0, 0.0)},
        {"geo": (float("nan"), 0.0)},
        {"uid": " "},
        {"url": "http://a\nATTENDEE:b"},
        {"status": "INVITED"},
    ],
)
def test_an_event_that_no_calendar_could_show_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        an_event(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": datetime(2026, 9, 24, 8, 0, tzinfo=UTC)},
        {"ends": datetime(2026, 9, 24, 11, 15, tzinfo=UTC)},
        {"summary": "Another meeting"},
        {"status": Status.CANCELLED},
        {"location": "Online"},
        {"description": "Bring your books and a pen."},
        {"url": "http://127.0.0.1:8000/meetings/2"},
        {"categories": ("Visit",)},
        {"geo": None},
    ],
)
def test_any_change_that_a_feed_shows_raises_sequence_by_one_and_moves_last_modified(
    changes: dict[str, object],
) -> None:
    before = an_event()
    after = raised(before, an_event(**changes), NOW)
    assert after.sequence == before.sequence + 1
    assert after.last_modified == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    "changes",
    [{}, {"summary": " Work Group meeting "}, {"geo": (50.70000001, -3.5)}, {"sequence": 9, "last_modified": NOW}],
)
def test_what_no_reader_could_see_raises_nothing(changes: dict[str, object]) -> None:
    before = an_event()
    assert same_to_readers(before, an_event(**changes))
    assert raised(before, an_event(**changes), NOW) == before


def test_two_changes_in_one_second_still_move_last_modified() -> None:
    first = raised(an_event(), an_event(summary="A"), NOW)
    second = raised(first, replace(first, summary="B"), NOW)
    assert (second.sequence, second.last_modified) == (5, first.last_modified + timedelta(seconds=1))


def test_a_new_event_begins_at_sequence_nought() -> None:
    assert raised(None, an_event(), NOW).sequence == 0


def test_an_event_keeps_its_uid_for_life() -> None:
    with pytest.raises(ValueError, match="for life"):
        raised(an_event(), an_event(uid="2@halfterm"), NOW)


# How long it stays, and the revision


def test_a_meeting_leaves_twelve_months_after_its_end() -> None:
    ends = datetime(2024, 2, 29, 11, tzinfo=UTC)
    leaves = datetime(2025, 2, 28, 11, tzinfo=UTC)
    assert leaves_at(ends) == leaves
    assert in_window(ends, None, leaves - timedelta(seconds=1))
    assert not in_window(ends, None, leaves)


def test_all_of_the_future_is_in_the_window() -> None:
    assert in_window(datetime(2090, 1, 1, tzinfo=UTC), None, NOW)


def test_a_cancelled_meeting_stays_for_sixty_days_from_its_cancellation() -> None:
    ends, cancelled = datetime(2027, 6, 1, 11, tzinfo=UTC), datetime(2026, 9, 1, 9, tzinfo=UTC)
    assert leaves_at(ends, cancelled) == cancelled + timedelta(days=60)


def test_a_meeting_cancelled_long_after_its_end_does_not_come_back() -> None:
    ends = datetime(2025, 6, 1, 11, tzinfo=UTC)
    assert not in_window(ends, datetime(2026, 9, 1, tzinfo=UTC), NOW)


def test_a_body_is_valid_until_the_next_event_leaves() -> None:
    assert valid_until([]) is None
    assert valid_until([NOW + timedelta(days=2), NOW]) == NOW


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_revision_is_a_whole_second_that_strictly_rises(previous: datetime, now: datetime, newest: datetime) -> None:
    revision = next_revision(previous, now, newest)
    assert revision.microsecond == 0
    assert revision > previous.replace(microsecond=0)
    assert revision >= newest.replace(microsecond=0)
    assert revision >= now.replace(microsecond=0)


def test_the_clock_going_back_does_not_take_the_revision_along() -> None:
    assert next_revision(NOW, NOW - timedelta(hours=1)) == NOW.replace(microsecond=0) + timedelta(seconds=1)


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("hours", [(time(1), time(3)), (time(0), time(1, 59)), (time(1, 30), time(1, 45))])
def test_no_meeting_starts_or_ends_in_the_hour_in_which_the_clocks_change(day: date, hours: tuple[time, time]) -> None:
    with pytest.raises(BadInputError, match="The clocks change on Sunday"):
        refuse_clock_change(day, *hours)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 10, 24), (time(1), time(1, 30))),
        (date(2026, 10, 25), (time(0), time(2))),
        (date(2026, 10, 25), (time(0, 59), time(9))),
    ],
)
def test_any_other_hour_is_fine(day: date, hours: tuple[time, time]) -> None:
    refuse_clock_change(day, *hours)


# What a request asks


ETAG = entity_tag(b"body")
REVISION = datetime(2026, 9, 24, 8, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    [
        ETAG,
        zipped_tag(ETAG),
        f"W/{ETAG}",
        f"W/{zipped_tag(ETAG)}",
        f'"other", {ETAG}',
        f'"a,b" ,, W/"",{ETAG}, ',
        "*",
        " * ",
    ],
)
def test_if_none_match_takes_either_tag_weakly_also_in_a_list(header: str) -> None:
    assert asked_for(header, None).unchanged(ETAG, REVISION)


@pytest.mark.parametrize(
    "header",
    ["", '"other"', ETAG.strip('"'), f"w/{ETAG}", f"{ETAG} {ETAG}", f'"x" junk, {ETAG}', '"*"', ETAG[:-1], "\x00"],
)
def test_any_other_if_none_match_gets_the_body_even_with_a_fresh_date(header: str) -> None:
    assert not asked_for(header, http_date(REVISION)).unchanged(ETAG, REVISION)


def test_if_none_match_wins_over_a_date_that_is_too_old() -> None:
    assert asked_for(ETAG, "Thu, 01 Jan 2015 00:00:00 GMT").unchanged(ETAG, REVISION)


@pytest.mark.parametrize(
    "header",
    [
        "Thu, 24 Sep 2026 08:30:15 GMT",
        "Thu, 24 Sep 2026 08:30:16 GMT",
        "Thursday, 24-Sep-26 08:30:15 GMT",
        "Thu Sep 24 08:30:15 2026",
    ],
)
def test_a_date_not_before_the_revision_is_answered_unchanged(header: str) -> None:
    assert asked_for(None, header).unchanged(ETAG, REVISION)


@pytest.mark.parametrize(
    "header",
    [
        "Thu, 24 Sep 2026 08:30:14 GMT",
        "Sunday, 24-Sep-95 08:30:15 GMT",
        "2026-09-24T08:30:15Z",
        "Thu, 31 Feb 2099 08:30:15 GMT",
        "Thu, 24 Sep 2099 25:30:15 GMT",
        "Thu, 24 Sep 2099 08:30:15 +0100",
        "Thu, 24 Sep \uff12099 08:30:15 GMT",
        "tomorrow",
        "",
    ],
)
def test_an_older_or_unreadable_date_gets_the_body(header: str) -> None:
    assert not asked_for(None, header).unchanged(ETAG, REVISION)


def test_a_request_without_conditions_gets_the_body() -> None:
    assert asked_for(None, None) == Asked()
    assert not Asked().unchanged(ETAG, REVISION)


@given(MOMENTS)
def test_the_date_we_send_is_the_date_we_read(moment: datetime) -> None:
    assert asked_for(None, http_date(moment)).since == moment.replace(microsecond=0)


@given(st.text(), st.text(), st.text())
def test_no_header_breaks_the_reading_of_it(tags: str, since: str, encoding: str) -> None:
    asked_for(tags, since)
    wants_gzip(encoding)


@pytest.mark.parametrize(
    "header", ["gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "deflate, GZIP", "x-gzip", "gzip; q=1.000"]
)
def test_gzip_is_sent_to_those_who_take_it(header: str) -> None:
    assert wants_gzip(header)


@pytest.mark.parametrize(
    "header", [None, "", "identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0.5, identity;q=1", "gzip;q=many"]
)
def test_gzip_is_not_sent_to_others(header: str | None) -> None:
    assert not wants_gzip(header)


# Who asks


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("Google-Calendar-Importer", Client.GOOGLE),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer; http://www.google.com/)", Client.GOOGLE),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)", Client.OUTLOOK),
        ("Microsoft.Exchange/15.20 (Internet calendar)", Client.OUTLOOK),
        ("Outlook-iOS/2.0", Client.OUTLOOK),
        ("macOS/14.5 (23F79) CalendarAgent/988", Client.APPLE),
        ("iOS/17.5 (21F79) dataaccessd/1.0", Client.APPLE),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.1.0", Client.THUNDERBIRD),
        ("Nextcloud Webcal Service", Client.NEXTCLOUD),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", Client.OTHER),
        ("", Client.OTHER),
    ],
)
def test_programs_are_known_by_what_they_call_themselves(said: str, client: Client) -> None:
    assert client_of(said) is client


def test_every_program_has_a_name_and_a_habit() -> None:
    assert set(CLIENTS) == set(Client)


def test_health_says_whether_the_program_has_seen_the_latest_change() -> None:
    seen = Fetched(Client.GOOGLE, NOW - timedelta(hours=5), REVISION)
    assert health(None, REVISION, NOW) is Health.NEVER
    assert health(seen, REVISION, NOW) is Health.SEEN
    assert health(seen, REVISION + timedelta(seconds=1), NOW) is Health.WAITING
    assert health(replace(seen, at=NOW - timedelta(hours=49)), REVISION, NOW) is Health.QUIET


def test_the_last_visit_is_the_one_that_counts() -> None:
    old, new = (Fetched(Client.OTHER, NOW - timedelta(hours=hours), REVISION) for hours in (2, 1))
    assert latest([new, old]) == new
    assert latest([]) is None


# What is mailed at once


TOMORROW, NEXT_WEEK, YESTERDAY = (NOW + timedelta(days=days) for days in (1, 7, -1))


@pytest.mark.parametrize(
    ("before", "starts", "status"),
    [
        (Before(TOMORROW, "confirmed"), TOMORROW, "confirmed"),
        (Before(TOMORROW, "confirmed"), NEXT_WEEK, "confirmed"),
        (Before(NEXT_WEEK, "confirmed"), TOMORROW, "confirmed"),
        (Before(NEXT_WEEK, "tentative"), TOMORROW, "confirmed"),
        (None, TOMORROW, "confirmed"),
        (Before(NEXT_WEEK, "confirmed"), NEXT_WEEK, "cancelled"),
        (None, NOW + timedelta(hours=48), "confirmed"),
    ],
)
def test_a_change_within_48_hours_and_any_cancellation_ahead_is_mailed(
    before: Before | None, starts: datetime, status: str
) -> None:
    assert told_at_once(before, starts, status, NOW)


@pytest.mark.parametrize(
    ("before", "starts", "status"),
    [
        (Before(NEXT_WEEK, "confirmed"), NEXT_WEEK, "confirmed"),
        (Before(TOMORROW, "tentative"), TOMORROW, "tentative"),
        (Before(TOMORROW, "tentative"), TOMORROW, "cancelled"),
        (Before(TOMORROW, "cancelled"), TOMORROW, "cancelled"),
        (Before(YESTERDAY, "confirmed"), YESTERDAY, "cancelled"),
        (Before(YESTERDAY, "confirmed"), YESTERDAY, "held"),
        (None, YESTERDAY, "confirmed"),
        (None, NOW + timedelta(hours=48, seconds=1), "confirmed"),
    ],
)
def test_proposals_the_past_and_the_far_future_are_not_mailed(
    before: Before | None, starts: datetime, status: str
) -> None:
    assert not told_at_once(before, starts, status, NOW)
