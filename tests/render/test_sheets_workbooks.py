import struct
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from app.domain.imports import Layout, Limits, read_rows
from app.kit.errors import BadInputError
from app.render.sheets import open_sheet

SHEET = "xl/worksheets/sheet1.xml"


def a_workbook(path: Path, *rows: list[Any], at: tuple[int, int] = (0, 0)) -> Path:
    book = xlsxwriter.Workbook(str(path))
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for down, row in enumerate(rows, at[0]):
        for across, value in enumerate(row, at[1]):
            if isinstance(value, tuple):
                sheet.write_formula(down, across, value[0], None, value[1])
            elif isinstance(value, (date, datetime)):
                sheet.write_datetime(down, across, value, days)
            else:
                sheet.write(down, across, value)
    book.close()
    return path


def rewritten(path: Path, part: str, content: bytes) -> Path:
    """The same archive with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | {part: content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BadInputError) as refused:
        list(open_sheet(path, limits=limits or Limits()).rows)
    assert path.name in refused.value.because
    return refused.value.because


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sheet.xlsx"


def test_a_workbook_reads_like_a_csv(path: Path) -> None:
    a_workbook(path, ["urn", "when", "hosts", "share"], [900001, date(2026, 9, 24), True, 2.5], ["x", "", False, None])
    sheet = open_sheet(path)
    assert sheet.header == ("urn", "when", "hosts", "share")
    assert list(sheet.rows) == [(2, ["900001", "2026-09-24", "yes", "2.5"]), (3, ["x", "", "no", ""])]


def test_a_table_that_does_not_begin_in_the_corner_is_read(path: Path) -> None:
    sheet = open_sheet(a_workbook(path, ["a", "b"], ["1", ("=1/0", "#DIV/0!")], at=(3, 2)))
    assert (sheet.header_row, sheet.header) == (4, ("a", "b"))
    (row,) = read_rows(sheet, Layout("a sheet", ("a", "b")))
    assert (row.number, row.rejected[0].column, row.rejected[0].value) == (5, "b", "=1/0")
    assert row.rejected[0].because.startswith("Cell D5 shows the error #DIV/0!")


def test_a_formula_counts_by_its_result_and_one_without_is_refused(path: Path) -> None:
    a_workbook(path, ["a", "b"], [("=1+1", 2), ("=A2&1", "21")], [("=B2", ""), "x"], [("=C1", ""), ""])
    rows = list(read_rows(open_sheet(path), Layout("a sheet", ("a", "b"))))
    assert dict(rows[0].cells) == {"a": "2", "b": "21"}
    assert [row.rejected[0].value for row in rows[1:]] == ["=B2", "=C1"]
    assert rows[1].rejected[0].because.startswith("Cell A3 holds a formula without its result: open the workbook")


def test_the_first_visible_sheet_with_anything_in_it_is_read(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    hidden, _, full = (book.add_worksheet(name) for name in ("Lists", "Blank", "People"))
    hidden.write(0, 0, "hidden")
    full.write(0, 0, "a")
    full.activate()
    full.set_first_sheet()
    hidden.hide()
    book.close()
    assert open_sheet(path).header == ("a",)


def test_an_empty_workbook_is_told(path: Path) -> None:
    assert "holds nothing in its visible sheets" in refusal(a_workbook(path))


def test_a_zip_bomb_is_refused_unopened(path: Path) -> None:
    rewritten(a_workbook(path, ["a"]), SHEET, b" " * 60_000_000)
    assert path.stat().st_size < 100_000
    assert "unpacks to more than" in refusal(path)


def test_a_zip_that_lies_about_its_size_is_refused(path: Path) -> None:
    rewritten(a_workbook(path, ["a"]), SHEET, b" " * 60_000_000)
    honest = struct.pack("<I", 60_000_000)
    path.write_bytes(path.read_bytes().replace(honest, struct.pack("<I", 1000)))
    assert "unpacks to more than" in refusal(path)


def test_a_cell_far_away_is_refused_before_the_table_between_is_built(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "stray")
    book.close()
    assert "reaches to cell XFD1048576" in refusal(path)


def test_a_document_type_is_refused(path: Path) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><worksheet>&a;</worksheet>'
    assert "document type" in refusal(rewritten(a_workbook(path, ["a"]), SHEET, laughs))


@pytest.mark.parametrize(
    "content", [b"<worksheet><sheetData>", b"", b"not xml at all", b'<worksheet><row r="x"/></worksheet>']
)
def test_a_damaged_sheet_is_told(path: Path, content: bytes) -> None:
    assert "damaged" in refusal(rewritten(a_workbook(path, ["a"]), SHEET, content))


def test_a_file_cut_short_is_told(path: Path) -> None:
    whole = a_workbook(path, ["a"], ["b"]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(path)


def test_another_zip_is_told_for_what_it_is(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "not an Excel workbook" in refusal(path)


def test_an_open_document_sheet_is_told(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument" in refusal(path)
