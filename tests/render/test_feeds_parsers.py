"""Readers of calendars agree on every event: icalendar, recurring-ical-events, ical.js (Thunderbird's), node-ical."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
import x_wr_timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.feeds import FeedEvent, Status
from app.render.feeds import calendar, event_piece, single

ROOT = Path(__file__).resolve().parents[2]
TEXTS = st.text(st.characters(exclude_categories=()), max_size=300) | st.text(
    st.sampled_from("abŵ🏫\\nN,;:\" '\n\u2028\x07"), max_size=200
)
STARTS = (
    st.integers(1_704_067_200, 2_208_988_800)  # 2024 to 2039, any second
    .map(lambda second: datetime.fromtimestamp(second, UTC))
    .filter(lambda moment: 2 < moment.hour < 19)  # neither it nor an end comes to the hour in which the clocks change
)


@st.composite
def events(draw: st.DrawFn) -> FeedEvent:
    starts = draw(STARTS)
    return FeedEvent(
        uid=f"{draw(st.uuids())}@halfterm",
        sequence=draw(st.integers(0, 99)),
        last_modified=draw(STARTS),
        starts=starts,
        ends=starts + timedelta(minutes=draw(st.integers(1, 300))),
        summary=draw(TEXTS),
        status=draw(st.sampled_from(Status)),
        location=draw(TEXTS),
        description=draw(TEXTS),
        url=draw(st.sampled_from(["", "http://127.0.0.1:8000/meetings/1?a=1,2;b=3"])),
    )


def feed_of(made: list[FeedEvent]) -> bytes:
    return calendar("Halfterm", [(event.uid, event_piece(event)) for event in made])


def said(event: FeedEvent) -> dict[str, str]:
    prefix = "CANCELLED: " if event.status is Status.CANCELLED else ""
    return {
        "uid": event.uid,
        "starts": f"{event.starts:%Y-%m-%dT%H:%M:%S}.000Z",
        "ends": f"{event.ends:%Y-%m-%dT%H:%M:%S}.000Z",
        "status": event.status.value,
        "summary": (prefix + event.summary).strip(),
        "location": event.location,
        "description": event.description,
        "url": event.url,
    }


def as_icalendar_says(component: Any) -> dict[str, str]:
    read = {
        name: str(component.get(name, "")) for name in ("uid", "status", "summary", "location", "description", "url")
    }
    starts, ends = component["DTSTART"].dt.astimezone(UTC), component["DTEND"].dt.astimezone(UTC)
    return read | {"starts": f"{starts:%Y-%m-%dT%H:%M:%S}.000Z", "ends": f"{ends:%Y-%m-%dT%H:%M:%S}.000Z"}


def as_node_ical_misreads(text: str) -> str:
    """node-ical undoes escapes kind by kind, so a backslash before an n becomes a newline: its own known fault."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    undone = escaped.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\N", "\n")
    undone = undone.replace("\\\\", "\\")
    quoted = len(undone) >= 2 and undone[0] == undone[-1] == '"' and "\n" not in undone[1:-1]
    return undone[1:-1] if quoted else undone


def by_uid(read: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(read, key=lambda event: event["uid"])


def node_reads(body: bytes) -> dict[str, list[dict[str, str]]]:
    node = shutil.which("node", path=f"{ROOT / 'build/node/bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    there = all((ROOT / "node_modules" / name / "package.json").exists() for name in ("ical.js", "node-ical"))
    if node is None or not there:
        because = "ical.js and node-ical are not here: `make setup` fetches them where npm can be reached."
        if os.environ.get("HALFTERM_REQUIRE_BROWSER") == "1":
            pytest.fail(because)
        pytest.skip(because)
    script = ROOT / "tests" / "feeds" / "parse.mjs"
    done = subprocess.run([node, script, ROOT], input=body, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    read: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
    return read


def a_year() -> list[FeedEvent]:
    """A meeting a month, in summer time and winter time, and on both days on which the clocks change."""
    days = [datetime(2026 + (month > 12), (month - 1) % 12 + 1, 24, 9, 15, tzinfo=UTC) for month in range(9, 21)]
    days += [datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2027, 3, 28, 12, tzinfo=UTC)]
    return [
        FeedEvent(
            uid=f"{number:02d}@halfterm",
            sequence=number,
            last_modified=datetime(2026, 9, 1, tzinfo=UTC),
            starts=day,
            ends=day + timedelta(hours=2, minutes=45),
            summary=f"Work Group {number}: Ysgol Tŷ Gwyn, plan; observe 👩🏽‍🏫",
            status=list(Status)[number % 3],
            location="Ysgol Tŷ Gwyn, Lôn Ŵyl; hall",
            description="Bring:\n- books\n- \u2028a very long line " + "of words, and more " * 30,
            url="http://127.0.0.1:8000/meetings/1",
        )
        for number, day in enumerate(days)
    ]


def test_icalendar_and_recurring_ical_events_agree_on_a_year() -> None:
    made = a_year()
    read = icalendar.Calendar.from_ical(feed_of(made))
    assert x_wr_timezone.to_standard(read).to_ical() == read.to_ical()
    expanded = recurring_ical_events.of(read).between((2026, 1, 1), (2028, 1, 1))
    expected = by_uid([said(event) for event in made])
    assert by_uid([as_icalendar_says(component) for component in read.events]) == expected
    assert by_uid([as_icalendar_says(component) for component in expanded]) == expected


def test_ical_js_and_node_ical_agree_on_a_year() -> None:
    made = a_year()
    expected = by_uid([said(event) for event in made])
    read = node_reads(feed_of(made))
    assert by_uid(read["ical.js"]) == expected
    assert by_uid(read["node-ical"]) == expected


def test_they_agree_on_the_file_of_one_event() -> None:
    event = a_year()[0]
    read = node_reads(single(event_piece(event)))
    assert read["ical.js"] == read["node-ical"] == [said(event)]


@given(st.lists(events(), max_size=12, unique_by=lambda event: event.uid))
def test_icalendar_reads_any_feed_as_it_was_meant(made: list[FeedEvent]) -> None:
    read = icalendar.Calendar.from_ical(feed_of(made)).events
    assert by_uid([as_icalendar_says(component) for component in read]) == by_uid([said(event) for event in made])


@pytest.mark.slow
@settings(max_examples=12)
@given(st.lists(events(), min_size=5, max_size=40, unique_by=lambda event: event.uid))
def test_ical_js_and_node_ical_read_any_feed_as_it_was_meant(made: list[FeedEvent]) -> None:
    read = node_reads(feed_of(made))
    expected = by_uid([said(event) for event in made])
    assert by_uid(read["ical.js"]) == expected
    for event in expected:
        event |= {name: as_node_ical_misreads(event[name]) for name in ("summary", "location", "description")}
    assert by_uid(read["node-ical"]) == expected
