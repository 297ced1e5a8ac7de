import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.readable import Chapter, Question, chapters, spoken_value, where
from app.domain.notes.shared import shared
from app.kit.ids import new_id

WILF, JO = uuid.UUID(int=1), uuid.UUID(int=2)
NAMES = {WILF: "Wilf Brook", JO: "Jo Pascoe"}
FORM = DEFAULTS["meeting"]
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Stand:
    path: str
    value: Any
    person_id: uuid.UUID = WILF
    name: str = "Wilf Brook"
    at: datetime = NOW
    op_id: uuid.UUID = field(default_factory=new_id)


def asked(read: tuple[Chapter, ...], key: str) -> Question:
    return next(one for chapter in read for one in chapter.questions if one.field.key == key)


def test_each_value_is_read_with_who_wrote_it() -> None:
    read = chapters(FORM, [Stand("lesson", "Halves"), Stand("year_group", "year_3")], NAMES)
    lesson = asked(read, "lesson").voices[0].box
    assert lesson is not None
    assert (lesson.text, lesson.said[0].by, lesson.apart) == ("Halves", "Wilf Brook", False)
    year = asked(read, "year_group").voices[0].box
    assert year is not None
    assert year.text == "Year 3"


def test_texts_that_stand_apart_are_both_there_and_equal_ones_are_one() -> None:
    texts = [Stand("lesson", "Halves"), Stand("lesson", "Thirds", JO, "Jo Pascoe"), Stand("lesson", "Halves", JO)]
    box = asked(chapters(FORM, texts, NAMES), "lesson").voices[0].box
    assert box is not None
    assert box.apart
    assert sorted(one.text for one in box.said) == ["Halves", "Thirds"]
    assert set(box.replaces) == {one.op_id for one in texts}


def test_everybodys_own_contribution_stands_under_their_name() -> None:
    stands = [Stand(f"noticed/{JO}#a.text", "They counted on.", JO), Stand(f"noticed/{WILF}#b.text", "Bars.")]
    voices = asked(chapters(FORM, stands, NAMES), "noticed").voices
    assert [voice.name for voice in voices] == ["Jo Pascoe", "Wilf Brook"]


def test_what_was_removed_is_not_read_until_somebody_brings_it_back() -> None:
    text = Stand("pupils#a.noticed", "Drew bars.")
    gone = Stand("pupils#a.removed", value=True)
    assert not asked(chapters(FORM, [text, gone], NAMES), "pupils").voices[0].items
    back = Stand("pupils#a.removed", value=False)
    assert asked(chapters(FORM, [text, gone, back], NAMES), "pupils").voices[0].items


def moment(key: str, what: str, at: str) -> list[Stand]:
    return [Stand(f"clock#{key}.what", what), Stand(f"clock#{key}.at", f"2026-11-26T{at}Z")]


def test_the_lesson_clock_counts_minutes_and_seconds_without_its_pauses() -> None:
    stands = [
        *moment("d", "tag", "09:32:05.250"),
        *moment("a", "start", "09:20:00"),
        *moment("b", "pause", "09:25:00"),
        *moment("c", "start", "09:30:00"),
    ]
    items = asked(chapters(FORM, stands, NAMES), "clock").voices[0].items
    assert [(one.key, one.when) for one in items] == [("a", "0:00"), ("b", "5:00"), ("c", "5:00"), ("d", "7:05")]


def test_a_moment_without_a_readable_time_is_still_told() -> None:
    items = asked(chapters(FORM, [Stand("clock#a.at", "soon")], NAMES), "clock").voices[0].items
    assert [one.when for one in items] == [""]


def test_values_are_spoken() -> None:
    assert spoken_value("date", (), "2026-11-26", NAMES) == "Thursday 26 November 2026"
    assert spoken_value("person", (), str(JO), NAMES) == "Jo Pascoe"
    assert spoken_value("choices", FORM.fields().__next__().options, ["x", "y"], NAMES) == "x, y"
    assert spoken_value("number", (), None, NAMES) == ""


def test_places_are_named_in_the_forms_words() -> None:
    assert where(FORM, "lesson", NAMES) == "What is the lesson about"
    assert where(FORM, f"noticed/{JO}#a.text", NAMES) == "I noticed (Jo Pascoe)"
    assert where(DEFAULTS["visit"], "areas#systems.next_step", NAMES) == (
        "Five areas of Mastery Readiness, Systems, Next step"
    )
    assert "no longer" in where(FORM, "gone", NAMES)


def test_what_is_shared_leaves_out_own_notes_tags_and_what_is_empty_or_removed() -> None:
    stands = [
        Stand("lesson", "Halves"),
        Stand("key_point", ""),
        Stand("tags", ["halves"]),
        Stand(f"own_notes/{WILF}", "Mine."),
        Stand("pupils#a.noticed", "Drew bars."),
        Stand("pupils#a.removed", value=True),
        Stand("gone_question", "?"),
    ]
    assert [one.path for one in shared(FORM, stands).places] == ["lesson"]


def test_places_where_texts_stand_apart_are_found() -> None:
    kept = shared(FORM, [Stand("lesson", "Halves"), Stand("lesson", "Thirds"), Stand("key_point", "One")])
    assert kept.apart == ("lesson",)
