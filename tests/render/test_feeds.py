"""The bytes of a feed, and each known habit of the programs that read them."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.feeds import FeedEvent, Status, cleaned, next_revision, raised
from app.render.feeds import calendar, event_piece, single, zipped

ANY_TEXT = st.text(st.characters(exclude_categories=()))
LONG_TEXT = st.text(st.sampled_from("aŵ🏫\\n,;: \n\u2028\x07"), max_size=400)
NOW = datetime(2026, 9, 25, 10, tzinfo=UTC)
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n").encode()


def an_event(**changes: Any) -> FeedEvent:
    plain = FeedEvent(
        uid="1@halfterm",
        sequence=0,
        last_modified=datetime(2026, 9, 1, 7, tzinfo=UTC),
        starts=datetime(2026, 9, 24, 8, 15, tzinfo=UTC),
        ends=datetime(2026, 9, 24, 11, tzinfo=UTC),
        summary="Work Group meeting",
        status=Status.CONFIRMED,
        description="Bring your books.",
    )
    return replace(plain, **changes)


def a_feed(*events: FeedEvent, name: str = "Halfterm", alarm_minutes: int | None = None) -> bytes:
    return calendar(name, [(event.uid, event_piece(event)) for event in events], alarm_minutes)


def read_back(event: FeedEvent) -> Any:
    (component,) = icalendar.Calendar.from_ical(a_feed(event)).events
    return component


def unfolded(body: bytes) -> list[str]:
    return body.replace(b"\r\n ", b"").decode().split("\r\n")


# Bytes


@given(ANY_TEXT | LONG_TEXT, ANY_TEXT | LONG_TEXT, st.lists(ANY_TEXT, max_size=3))
def test_any_text_survives(summary: str, description: str, categories: list[str]) -> None:
    event = an_event(summary=summary, description=description, categories=tuple(categories))
    seen = read_back(event)
    assert str(seen.get("SUMMARY", "")) == cleaned(summary)
    assert str(seen.get("DESCRIPTION", "")) == cleaned(description)
    assert [icalendar.vText.from_ical(text).ical_value for text in seen.categories] == list(event.categories)


@given(ANY_TEXT | LONG_TEXT, LONG_TEXT)
def test_lines_are_folded_within_75_octets_and_never_inside_a_character(summary: str, location: str) -> None:
    body = a_feed(an_event(summary=summary, location=location), name=summary)
    assert body.endswith(b"\r\n")
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert 1 <= len(line) <= 75
        assert not set(line) & {*range(0x20), 0x7F}
        assert line.decode()


def test_a_line_uses_all_75_octets_before_it_folds() -> None:
    exact = "x" * (75 - len("SUMMARY:"))
    lines = event_piece(an_event(summary=exact + "yz")).split(b"\r\n")
    assert f"SUMMARY:{exact}".encode() in lines
    assert b" yz" in lines
    assert f"SUMMARY:{exact}".encode() in event_piece(an_event(summary=exact)).split(b"\r\n")


def test_a_character_of_four_octets_moves_to_the_next_line_whole() -> None:
    piece = event_piece(an_event(summary="x" * 65 + "🏫"))
    assert b"x\r\n \xf0\x9f\x8f\xab\r\n" in piece


def test_commas_semicolons_backslashes_and_newlines_are_escaped() -> None:
    lines = unfolded(event_piece(an_event(summary="a,b;c\\New\nd")))
    assert "SUMMARY:a\\,b\\;c\\\\New\\nd" in lines


def test_equal_events_give_equal_bytes_in_any_order() -> None:
    one, two = an_event(uid="b"), an_event(uid="a")
    assert a_feed(one, two) == a_feed(two, one)
    assert zipped(a_feed(one)) == zipped(a_feed(one))
    assert zipped(b"")[4:8] == b"\0\0\0\0"
    assert gzip.decompress(zipped(a_feed(one))) == a_feed(one)


def test_events_are_sorted_by_uid_in_byte_order() -> None:
    uids = ["a", "B", "ŵ", "z", "\U0001f3eb", "\uffe5"]
    body = a_feed(*(an_event(uid=uid) for uid in uids))
    shown = [line.removeprefix("UID:") for line in unfolded(body) if line.startswith("UID:")]
    assert shown == sorted(uids, key=str.encode) == ["B", "a", "z", "ŵ", "\uffe5", "\U0001f3eb"]


def test_a_property_without_text_is_left_out() -> None:
    piece = event_piece(an_event(summary=" \n", description="\x07"))
    for name in (b"SUMMARY", b"DESCRIPTION", b"LOCATION", b"URL", b"CATEGORIES", b"GEO"):
        assert name not in piece
    assert b"NAME" not in a_feed(name=" ").replace(b"TZNAME", b"")


def test_geo_is_six_decimals_and_never_in_powers_of_ten() -> None:
    assert b"\r\nGEO:50.700000;-0.000010\r\n" in event_piece(an_event(geo=(50.7, -0.00001)))


def test_the_head_names_the_calendar_its_colour_and_how_often_to_read_it() -> None:
    lines = unfolded(a_feed(name="Halfterm: Ada, \u2028Bo"))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "NAME:Halfterm: Ada\\, \\nBo" in lines
    assert "X-WR-CALNAME:Halfterm: Ada\\, \\nBo" in lines
    assert "COLOR:steelblue" in lines  # one of the names of CSS3, as RFC 7986 5.9 asks
    assert lines.count("END:VCALENDAR") == 1


def test_an_empty_feed_is_still_a_calendar() -> None:
    assert icalendar.Calendar.from_ical(a_feed()).events == []


@pytest.mark.parametrize(
    ("starts", "shown"),
    [
        (datetime(2026, 9, 24, 8, 15, tzinfo=UTC), "20260924T091500"),
        (datetime(2026, 12, 3, 9, 15, tzinfo=UTC), "20261203T091500"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "20270328T020000"),
    ],
)
def test_times_are_on_the_london_wall_clock(starts: datetime, shown: str) -> None:
    piece = event_piece(an_event(starts=starts, ends=starts.replace(hour=15)))
    assert f"DTSTART;TZID=Europe/London:{shown}\r\n".encode() in piece
    assert b"DTEND;TZID=Europe/London:" in piece


def test_dtstamp_is_last_modified_and_nobody_is_invited() -> None:
    body = a_feed(an_event())
    assert b"DTSTAMP:20260901T070000Z\r\nLAST-MODIFIED:20260901T070000Z\r\n" in body
    for name in (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"RRULE:FREQ=WEEKLY", b"RECURRENCE-ID", b"VALUE=DATE", b"RDATE"):
        assert name not in body


def test_a_reminder_is_there_only_if_its_owner_asked_and_never_for_a_cancelled_meeting() -> None:
    going, gone = an_event(uid="a"), an_event(uid="b", status=Status.CANCELLED)
    assert b"VALARM" not in a_feed(going, gone)
    body = a_feed(going, gone, alarm_minutes=30)
    assert body.count(b"BEGIN:VALARM") == 1
    (first, _) = icalendar.Calendar.from_ical(body).events
    assert first.walk("VALARM")[0]["TRIGGER"].to_ical() == b"-PT30M"


def test_one_event_alone_is_a_file_with_its_zone_and_without_a_name() -> None:
    body = single(event_piece(an_event()))
    assert ZONE in body
    for name in (b"\r\nNAME", b"X-WR-CALNAME", b"REFRESH-INTERVAL", b"METHOD"):
        assert name not in body


# Known behaviour of clients


def test_google_takes_an_edit_because_sequence_and_last_modified_both_advance() -> None:
    before = an_event()
    after = raised(before, replace(before, description="Bring a pen too."), NOW)
    seen, seen_before = read_back(after), read_back(before)
    assert seen["SEQUENCE"] == seen_before["SEQUENCE"] + 1
    assert seen["LAST-MODIFIED"].dt > seen_before["LAST-MODIFIED"].dt


@given(st.lists(ANY_TEXT, min_size=1, max_size=8))
def test_google_drops_no_feed_because_no_description_breaks_another_line(texts: list[str]) -> None:
    body = a_feed(*(an_event(uid=f"{n}", description=text) for n, text in enumerate(texts)))
    assert unfolded(body).count("BEGIN:VEVENT") == len(icalendar.Calendar.from_ical(body).events) == len(texts)


def test_google_sees_each_event_once_since_one_uid_is_one_piece() -> None:
    twice = [("1@halfterm", event_piece(an_event()))] * 2
    assert calendar("Halfterm", twice) == calendar("Halfterm", twice[:1])
    with pytest.raises(ValueError, match="twice"):
        calendar("Halfterm", [*twice, ("1@halfterm", event_piece(an_event(summary="Another")))])


def test_google_hides_cancelled_events_so_the_status_says_it_and_the_summary_too() -> None:
    seen = read_back(an_event(status=Status.CANCELLED))
    assert seen["STATUS"] == "CANCELLED"
    assert seen["SUMMARY"] == "CANCELLED: Work Group meeting"


def test_outlook_finds_exactly_one_zone_before_the_first_event() -> None:
    body = a_feed(an_event(), an_event(uid="2"))
    assert body.count(b"BEGIN:VTIMEZONE") == 1
    assert body.index(b"BEGIN:VTIMEZONE") < body.index(b"BEGIN:VEVENT")


def test_outlook_is_given_no_historic_rules() -> None:
    assert ZONE in a_feed()


def test_outlook_is_not_frozen_by_an_organizer_in_a_downloaded_file() -> None:
    assert b"ORGANIZER" not in single(event_piece(an_event()))


def test_apple_is_never_pinned_because_the_revision_passes_every_last_modified_and_never_goes_back() -> None:
    first = next_revision(None, NOW, NOW)
    second = next_revision(first, NOW.replace(hour=9))
    assert second > first >= NOW


def test_apple_and_thunderbird_strike_through_what_is_cancelled() -> None:
    assert b"\r\nSTATUS:CANCELLED\r\n" in event_piece(an_event(status=Status.CANCELLED))
    assert b"\r\nSTATUS:TENTATIVE\r\n" in event_piece(an_event(status=Status.TENTATIVE))


def test_nextcloud_reads_every_hour_because_the_feed_says_so_twice() -> None:
    lines = unfolded(a_feed())
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert "X-PUBLISHED-TTL:PT1H" in lines
