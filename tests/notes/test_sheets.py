"""The form as a workbook: out, filled in, back; what is not changed changes nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.domain.notes import sheets
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.papers import Filler, Row, rows, unique_names
from app.domain.notes.sheet_values import Around, digest, plain, text_of
from app.domain.notes.sheets import NO_ID, TWICE, Change, Line, Made, Reading
from app.kit.errors import BadInputError
from app.kit.ids import new_id
from app.render.notes.sheet import ANSWER, HEADINGS, NOT_OURS, Filled, Head, read_xlsx, to_xlsx

ME, OTHER, EVENT, DEVICE = (uuid.UUID(int=n, version=4) for n in range(1, 5))
NAMES = {ME: "Wilf Brook", OTHER: "Ada Marsh"}
DAY = date(2026, 11, 26)
MADE = Made(EVENT, DEVICE, 1, 7, 1_795_000_000_000)
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
HEAD = Head("Meeting of NCP26-01 at Fernhill Primary", "Thursday 26 November 2026", "Wilf Brook", MADE, NOW)
FORM = DEFAULTS["meeting"]
VISIT = DEFAULTS["visit"]
AROUND = Around(DAY, NAMES)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@dataclass(frozen=True)
class Stood:
    """A value that stands."""

    path: str
    value: Any
    op_id: uuid.UUID
    person_id: uuid.UUID = OTHER
    name: str = "Ada Marsh"
    at: datetime = NOW


def stood(path: str, value: Any, n: int = 1) -> Stood:
    return Stood(path, value, uuid.UUID(int=n, version=4))


def filler() -> Filler:
    return Filler(ME, NAMES, lambda: str(new_id()))


def form_rows(*standing: Stood) -> list[Row]:
    return rows(FORM, standing, filler())


def read_back(tmp: Path, data: bytes) -> Filled:
    path = tmp / "form.xlsx"
    path.write_bytes(data)
    return read_xlsx(path, "form.xlsx")


def changed(lines: Sequence[Line], form: Any = FORM, before: Any = None) -> list[Change]:
    return sheets.changes(MADE, lines, Reading(form, AROUND, before or {}, NOW))


def typed(lines: Sequence[Line], path: str, text: str) -> list[Line]:
    """The same rows, one of them filled in."""
    return [
        Line(
            number=one.number,
            path=one.path,
            replaces=one.replaces,
            was=one.was,
            text=text if one.path == path else one.text,
        )
        for one in lines
    ]


@settings(max_examples=12)
@given(
    texts=st.lists(TEXTS, min_size=4, max_size=4), tags=st.lists(TEXTS.filter(lambda one: ";" not in one), max_size=3)
)
def test_an_unchanged_form_changes_nothing_and_every_text_comes_back(
    texts: list[str], tags: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lesson, key_point, own, tried = texts
    item = str(new_id())
    standing = (
        stood("lesson", lesson),
        stood("key_point", key_point),
        stood(f"own_notes/{ME}", own),
        stood(f"tries#{item}.what", tried),
        stood(f"tries#{item}.who", str(ME)),
        stood(f"tries#{item}.by", "2026-12-10"),
        stood("year_group", "year_3"),
        stood("big_ideas", ["fluency", "variation"]),
        stood("tags", tags),
        stood(f"clock#{item}.at", "2026-11-26T09:35:12.345Z"),
    )
    made = form_rows(*standing)
    filled = read_back(tmp_path_factory.mktemp("form"), to_xlsx(HEAD, made, sorted(NAMES.values())))
    assert filled.made == MADE
    assert [line.path for line in filled.lines] == [row.path for row in made]
    assert changed(filled.lines) == []
    told = {line.path: line.text for line in filled.lines}
    assert plain(told["key_point"]) == plain(key_point)
    assert plain(told[f"tries#{item}.what"]) == plain(tried)
    assert told[f"clock#{item}.at"] == "09:35:12"


@given(text=TEXTS.map(plain).filter(bool))
def test_a_changed_answer_arrives_as_it_was_typed(text: str) -> None:
    lines = [Line(number=12, path="key_point", replaces=(OTHER,), was=digest("before"), text=text)]
    found = changed(lines)
    if text == "before":
        assert not found
        return
    (change,) = found
    assert change.operation is not None
    assert change.operation.value == text if text.strip() else change.operation.value == ""
    assert change.operation.replaces == {OTHER}
    assert change.operation.op_id == changed(lines)[0].operation.op_id  # type: ignore[union-attr]
    assert change.operation.op_id.version == 7


def test_what_looks_like_a_formula_a_link_or_a_number_stays_a_text(tmp_path: Path) -> None:
    nasty = ["=1+1", "+44", "-2", "@SUM(A1)", "https://example.org", "0012", "_x0041_", '=HYPERLINK("x")', "\tx"]
    ids = [str(new_id()) for _ in nasty]
    made = form_rows(*(stood(f"noticed/{ME}#{key}.text", text) for key, text in zip(ids, nasty, strict=True)))
    data = to_xlsx(HEAD, made, [])
    told = {line.path: line.text for line in read_back(tmp_path, data).lines}
    assert [told[f"noticed/{ME}#{key}.text"] for key in ids] == nasty
    cells = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Record").to_python()
    assert all(isinstance(row[ANSWER], str) for row in cells)


def test_twenty_thousand_characters_come_back_and_what_no_cell_holds_is_left_alone(tmp_path: Path) -> None:
    long, too_long = "é\n" * 10_000, "\N{DIGIT ZERO}\N{GRINNING FACE}" * 15_000
    made = form_rows(stood("key_point", long), stood("representation", too_long))
    filled = read_back(tmp_path, to_xlsx(HEAD, made, []))
    told = {line.path: line for line in filled.lines}
    assert plain(told["key_point"].text) == plain(long)
    assert told["representation"].text == ""
    assert changed(filled.lines) == []
    written = typed(filled.lines, "representation", "short")
    assert changed(written)[0].operation.replaces == frozenset()  # type: ignore[union-attr]


def test_two_texts_at_one_place_are_told_and_one_answer_settles_them(tmp_path: Path) -> None:
    made = form_rows(stood("lesson", "Halves", 8), stood("lesson", "Quarters", 9))
    row = next(one for one in made if one.path == "lesson")
    assert (row.text, row.apart) == ("", ("Halves (Ada Marsh)", "Quarters (Ada Marsh)"))
    lines = read_back(tmp_path, to_xlsx(HEAD, made, [])).lines
    assert changed(lines) == []
    (change,) = changed(typed(lines, "lesson", "Halves and quarters"))
    assert change.operation is not None
    assert change.operation.replaces == set(row.replaces)


def test_other_peoples_own_places_and_removed_items_are_not_in_the_form() -> None:
    gone, kept = str(new_id()), str(new_id())
    made = form_rows(
        stood(f"own_notes/{OTHER}", "not yours"),
        stood(f"next_steps#{gone}.what", "gone"),
        stood(f"next_steps#{gone}.removed", value=True),
        stood(f"next_steps#{kept}.what", "kept"),
    )
    assert "not yours" not in [row.text for row in made]
    assert [row.text for row in made if row.path.startswith("next_steps") and row.text] == ["kept"]
    assert len({row.path for row in made}) == len(made)


def test_a_form_of_rows_has_a_place_for_each_option() -> None:
    paths = {row.path for row in rows(VISIT, (), filler())}
    assert {"areas#vision.evidence", "areas#systems.stands", "levers#marking.because", "minutes", "tags"} <= paths


VALUES = (
    ("key_point", "one\r\ntwo", "one\ntwo"),
    ("lesson", "one\ntwo", "one two"),
    ("year_group", "year 3", "year_3"),
    ("year_group", "", ""),
    ("big_ideas", "fluency; Variation", ["fluency", "variation"]),
    ("big_ideas", "Fluency, variation", ["fluency", "variation"]),
    ("tags", "fractions; bar model", ["fractions", "bar model"]),
    ("tries#a.by", "26/11/2026", "2026-11-26"),
    ("tries#a.who", "ada marsh", str(OTHER)),
    ("clock#a.at", "10.05", "2026-11-26T10:05:00+00:00"),
    ("clock#a.at", "", ""),
    ("minutes", "1,80", 180),
    ("minutes", "", None),
)


@pytest.mark.parametrize(("path", "text", "value"), VALUES)
def test_a_cell_is_read_as_people_write(path: str, text: str, value: Any) -> None:
    form = VISIT if path == "minutes" else FORM
    (change,) = changed([Line(number=1, path=path, replaces=(), was="x", text=text)], form)
    assert change.operation is not None
    assert change.operation.value == value


@pytest.mark.parametrize(
    ("path", "text", "because"),
    [
        ("year_group", "Year 9", "Choose one of these: Reception"),
        ("minutes", "three hours", "Write a whole number."),
        ("tries#a.by", "soon", "not a day that exists"),
        ("tries#a.who", "Somebody", "Choose one of those who take part"),
        ("clock#a.at", "25:70", "Write the time as 10:05"),
        ("tries#a.removed", "yes", "Items are removed in Halfterm"),
        ("nothing_such", "words", "The form of this record has no such question"),
        ("", "words", NO_ID),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(path: str, text: str, because: str) -> None:
    form = VISIT if path == "minutes" else FORM
    (change,) = changed([Line(number=1, path=path, replaces=(), was="", text=text)], form)
    assert change.operation is None
    assert because in change.because


def test_a_place_twice_is_told_and_the_first_counts() -> None:
    twice = [Line(number=n, path="lesson", replaces=(), was="", text=f"text {n}") for n in (1, 2)]
    first, second = changed(twice)
    assert first.operation
    assert second.because == TWICE


def test_the_same_file_filled_in_again_replaces_what_it_brought() -> None:
    lines = [Line(number=1, path="lesson", replaces=(), was="", text="first")]
    first = changed(lines)[0].operation
    assert first is not None
    again = changed(lines, before={"lesson": [first.op_id]})[0].operation
    assert again == first  # naming itself would change it
    next_one = changed(typed(lines, "lesson", "second"), before={"lesson": [first.op_id]})[0].operation
    assert next_one is not None
    assert next_one.replaces == {first.op_id}


def test_two_people_of_one_name_are_told_apart() -> None:
    people = [(ME, "Jo Field", "Fernhill"), (OTHER, "Jo Field", "Marsh End"), (EVENT, "Ann Ash", "Fernhill")]
    assert sorted(unique_names(people).values()) == ["Ann Ash", "Jo Field (Fernhill)", "Jo Field (Marsh End)"]


def test_a_value_that_the_form_no_longer_knows_stands_as_it_is() -> None:
    assert text_of("choice", (), "year_9", NAMES) == "year_9"
    assert text_of("person", (), "nobody", NAMES) == "nobody"
    assert text_of("clock", (), "half past", NAMES) == "half past"
    assert text_of("number", (), 180, NAMES) == "180"


def other_workbook() -> bytes:
    held = BytesIO()
    book = xlsxwriter.Workbook(held)
    book.add_worksheet().write_row(0, 0, ["Name", "School", "Role"])
    book.close()
    return held.getvalue()


def test_another_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as refused:
        read_back(tmp_path, other_workbook())
    assert refused.value.because == NOT_OURS


def test_a_form_that_lost_its_headings_is_refused(tmp_path: Path) -> None:
    held = BytesIO()
    book = xlsxwriter.Workbook(held)
    book.add_worksheet().write_row(0, 0, ["Record", str(MADE), "x"])
    book.close()
    with pytest.raises(BadInputError) as refused:
        read_back(tmp_path, held.getvalue())
    assert refused.value.because == NOT_OURS


def test_a_formula_without_its_result_is_told_with_its_row(tmp_path: Path) -> None:
    held = BytesIO()
    book = xlsxwriter.Workbook(held)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Record", str(MADE)])
    sheet.write_row(2, 0, HEADINGS)
    sheet.write_string(3, 0, "key_point")
    sheet.write_formula(3, ANSWER, "=A1", None, "")
    book.close()
    (line,) = read_back(tmp_path, held.getvalue()).lines
    (change,) = changed([line])
    assert change.operation is None
    assert "formula" in change.because
    assert change.line.number == 4


def test_only_whole_marks_are_read() -> None:
    assert sheets.read_mark(str(MADE)) == MADE
    for wrong in ("", "halfterm record 2", str(MADE) + "x", str(MADE).replace(str(EVENT), "z" * 36)):
        assert sheets.read_mark(wrong) is None
    assert sheets.read_ids(f"{ME} nonsense {OTHER}") == (ME, OTHER)
