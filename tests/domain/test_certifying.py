"""What stands on a certificate, who has earned one, and what a file tells of itself."""

import uuid
import zlib
from datetime import UTC, date, datetime
from typing import Any

from app.domain.meetings import checking
from app.domain.meetings.attendance import Said, State
from app.domain.meetings.certificates import (
    Attended,
    Happened,
    Outcome,
    Whose,
    attended,
    by_kind,
    count_words,
    counted,
    facts,
    hours_words,
    in_half_terms,
    outcome,
    told,
)
from app.kit.check_codes import new_code, shown

ME, OTHER = uuid.uuid4(), uuid.uuid4()
AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def an_event(kind: str = "meeting", **columns: Any) -> Happened:
    values = {
        "id": uuid.uuid4(),
        "status": "confirmed",
        "day": date(2026, 9, 24),
        "half_term": 0,
        "minutes": 165,
        "school": "Ash Vale Primary",
        "online": False,
        "group": "NCP26-1",
        "teacher_id": None,
    }
    return Happened(kind=kind, **{**values, **columns})


def said(state: State, guest: uuid.UUID = ME, person: uuid.UUID | None = ME, **columns: Any) -> dict[uuid.UUID, Said]:
    ids: dict[str, Any] = {"op_id": uuid.uuid4(), "hub_id": uuid.uuid4(), "event_id": uuid.uuid4()}
    return {guest: Said(guest_id=guest, person_id=person, state=state, said_at=AT, at=AT, **ids, **columns)}


def whose(group_id: uuid.UUID | None = uuid.UUID(int=1)) -> Whose:
    return Whose(ME, "Ada Lark", "Fernhill Primary", "Moorland Maths Hub", 2026, group_id, "NCP26-1")


def test_present_is_the_whole_and_part_is_its_minutes() -> None:
    whole = attended(an_event(), said(State.PRESENT), ME)
    part = attended(an_event(), said(State.PART, minutes=60), ME)
    assert whole is not None
    assert (whole.minutes, whole.what) == (165, "Meeting at Ash Vale Primary")
    assert part is not None
    assert (part.minutes, part.note) == (60, "part of it")


def test_more_minutes_than_there_were_are_not_certified() -> None:
    part = attended(an_event(), said(State.PART, minutes=900), ME)
    assert part is not None
    assert part.minutes == 165


def test_absence_and_another_in_ones_place_are_no_attendance() -> None:
    assert attended(an_event(), said(State.ABSENT), ME) is None
    assert attended(an_event(), said(State.STAND_IN, ME, OTHER), ME) is None
    assert attended(an_event(), {}, ME) is None


def test_who_stood_in_has_it_on_their_years_record_and_on_no_groups_certificate() -> None:
    line = attended(an_event(), said(State.STAND_IN, OTHER, ME), ME)
    assert line is not None
    assert counted(whose(None), [line]) == (line,)
    assert counted(whose(), [line]) == ()


def test_an_observation_that_was_held_had_its_teacher_there() -> None:
    held = an_event("observation", teacher_id=ME, status="held")
    line = attended(held, {}, ME)
    assert line is not None
    assert line.what == "Lesson observation at Ash Vale Primary"
    assert attended(held, said(State.ABSENT), ME) is None
    assert attended(an_event("observation", teacher_id=ME), {}, ME) is None


def test_a_groups_certificate_has_meetings_only_in_order() -> None:
    first, second = Attended(date(2026, 9, 24), 0, "meeting", "A", 1), Attended(date(2026, 11, 5), 1, "meeting", "B", 2)
    visit = Attended(date(2026, 10, 1), 0, "visit", "C", 4)
    assert counted(whose(), [second, visit, first]) == (first, second)
    assert counted(whose(None), [second, visit, first]) == (first, visit, second)


def test_what_issuing_does() -> None:
    line = Attended(date(2026, 9, 24), 0, "meeting", "A", 165)
    one, two = facts(whose(), [line]), facts(whose(), [line, line])
    none = facts(whose(), [])
    assert outcome(one, None) is Outcome.NEW
    assert outcome(one, one) is Outcome.SAME
    assert outcome(two, one) is Outcome.AGAIN
    assert outcome(none, None) is Outcome.NOTHING
    assert outcome(none, one) is Outcome.GONE


def test_a_certificate_without_words_is_empty_and_no_crash() -> None:
    assert told({})["lines"] == []
    assert count_words(told({})["lines"]) == "nothing"


def test_hours_and_counts_in_words() -> None:
    assert [hours_words(n) for n in (0, 60, 165, 61)] == [
        "0 minutes",
        "1 hour",
        "2 hours 45 minutes",
        "1 hour 1 minute",
    ]
    lines = [{"kind": "meeting", "half_term": 0, "minutes": 60}] * 2 + [{"kind": "visit", "half_term": 4, "minutes": 5}]
    assert count_words(lines) == "2 meetings and 1 visit"
    assert by_kind(lines) == [("Meetings", 2, 120), ("Visits", 1, 5)]
    assert in_half_terms(lines).startswith("Autumn 1: 2 meetings; Autumn 2: none")
    assert "Summer 1: 1 visit" in in_half_terms(lines)


def test_a_code_is_found_in_a_file_in_plain_packed_and_in_a_link() -> None:
    code = new_code()
    plain = f"%PDF-1.7\n<</Keywords (halfterm-check:{shown(code)})>>".encode()
    link = zlib.compress(f"<</URI (https://hub.example/check/{shown(code)})>>".encode())
    packed = b"%PDF-1.7\n1 0 obj\n<<>>\nstream\r\n" + link + b"\nendstream\n"
    assert checking.codes_in(plain) == [code]
    assert checking.codes_in(packed) == [code]


def test_a_file_without_a_code_or_with_nonsense_is_none_of_ours() -> None:
    assert checking.codes_in(b"") == []
    assert checking.codes_in(b"halfterm-check:0000-0000-0001 stream endstream stream\nx endstream stream") == []
    assert checking.codes_in(b"stream" * 200_000) == []
