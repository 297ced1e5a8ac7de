from datetime import date
from pathlib import Path

import pytest

from app.domain.schools.calendars import calendars
from app.domain.schools.term_events import TermEvent, entries
from app.kit.errors import BadInputError
from app.kit.periods import Span
from app.render.schools import read_term_events


def a_file(tmp_path: Path, *events: str, name: str = "terms.ics") -> Path:
    held = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    path = tmp_path / name
    path.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\n{held}END:VCALENDAR\r\n", newline="")
    return path


def an_event(title: str, first: str, end: str = "") -> str:
    return f"SUMMARY:{title}\r\nDTSTART;VALUE=DATE:{first}" + (f"\r\nDTEND;VALUE=DATE:{end}" if end else "")


def span(path: Path) -> Span:
    found = read_term_events(path)
    assert not found.rejected
    return found.events[0].span


def day(number: int) -> date:
    return date(2026, 9, number)


@pytest.mark.parametrize(
    ("event", "first", "last"),
    [
        (an_event("Term 1", "20260902", "20260905"), 2, 4),
        (an_event("INSET", "20260902"), 2, 2),
        (an_event("INSET", "20260902", "20260902"), 2, 2),
        ("SUMMARY:x\r\nDTSTART;VALUE=DATE:20260902\r\nDURATION:P3D", 2, 4),
        ("SUMMARY:x\r\nDTSTART:20260902T090000\r\nDTEND:20260902T150000", 2, 2),
        ("SUMMARY:x\r\nDTSTART:20260902T000000\r\nDTEND:20260905T000000", 2, 4),
        ("SUMMARY:x\r\nDTSTART;TZID=Europe/London:20260902T000000\r\nDTEND;TZID=Europe/London:20260903T000000", 2, 2),
        ("SUMMARY:x\r\nDTSTART;TZID=GMT Standard Time:20260902T090000\r\nDURATION:PT6H", 2, 2),
        ("SUMMARY:x\r\nDTSTART;TZID=Some Office/Clock:20260902T090000", 2, 2),
        ("SUMMARY:x\r\nDTSTART:20260901T230000Z\r\nDTEND:20260902T230000Z", 2, 2),
    ],
)
def test_days_are_read_in_every_form_authorities_use(tmp_path: Path, event: str, first: int, last: int) -> None:
    assert span(a_file(tmp_path, event)) == Span(day(first), day(last))


def test_cancelled_events_are_passed_over(tmp_path: Path) -> None:
    path = a_file(tmp_path, an_event("A", "20260902") + "\r\nSTATUS:CANCELLED", an_event("B", "20260903"))
    assert read_term_events(path).events == [TermEvent(2, "B", Span(day(3), day(3)))]


@pytest.mark.parametrize(
    ("event", "column", "because"),
    [
        ("SUMMARY:Term 1\r\nDTSTART:2026-09-02", "DTSTART", "write DTSTART;VALUE=DATE:20260902"),
        ("SUMMARY:Term 1", "DTSTART", "has no first day"),
        (an_event("INSET", "20260902") + "\r\nRRULE:FREQ=YEARLY", "RRULE", "repeats"),
    ],
)
def test_an_event_that_cannot_be_read_is_named(tmp_path: Path, event: str, column: str, because: str) -> None:
    (fault,) = read_term_events(a_file(tmp_path, event)).rejected
    assert (fault.row, fault.column) == (1, column)
    assert because in fault.because


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n", "broken calendar file|no events"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "holds no events"),
        (b"calendar,kind\n", "must begin with BEGIN:VCALENDAR"),
        (b"<html>", "a web page"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "broken calendar file"),
    ],
)
def test_a_file_that_is_no_calendar_is_told(tmp_path: Path, content: bytes, because: str) -> None:
    path = tmp_path / "terms.ics"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=because) as refused:
        read_term_events(path)
    assert "terms.ics" in refused.value.because


def test_an_authoritys_file_becomes_a_calendar(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        an_event("Term 6", "20260608", "20260722"),
        an_event("INSET day", "20260901"),
        an_event("Term 1", "20260902", "20261024"),
        an_event("Half term holiday", "20261024", "20261102"),
        an_event("Term 2", "20261102", "20261219"),
        an_event("Christmas holiday", "20261219", "20270104"),
        an_event("New Year's Day bank holiday", "20270101"),
        an_event("Term 3", "20270104", "20270213"),
        an_event("Term 4", "20270222", "20270326"),
        an_event("Good Friday", "20270326"),
        an_event("Term 5", "20270412", "20270529"),
        an_event("Term 6", "20270607", "20270722"),
    )
    found = read_term_events(path)
    made, more = calendars(entries(found.events, "Devon"), passing_over=True)
    assert (found.name, found.read, [*found.rejected, *more]) == ("terms", 12, [])
    (calendar,) = made
    assert (calendar.name, calendar.year, len(calendar.half_terms), len(calendar.days_off)) == ("Devon", 2026, 6, 1)
    assert calendar.half_terms[5] == Span(date(2027, 6, 7), date(2027, 7, 21))


def test_a_file_of_holidays_alone_says_what_is_missing(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, an_event("Half term holiday", "20261026", "20261031"), an_event("Christmas", "20261221", "20270104")
    )
    _, (fault,) = calendars(entries(read_term_events(path).events, "Devon"))
    assert "gives 2 holidays and no terms: add the first day of Autumn 1 and the last day of Summer 2" in fault.because
