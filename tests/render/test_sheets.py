from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.imports import Limits, Sheet
from app.kit.errors import BadInputError
from app.render.sheets import csv_lines, open_sheet, to_csv


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., Path]:
    def kept(content: bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return kept


Keep = Callable[..., Path]


def whole(sheet: Sheet) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    return sheet.header, [(number, list(cells)) for number, cells in sheet.rows]


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BadInputError) as refused:
        list(open_sheet(path, limits=limits or Limits()).rows)
    assert path.name in refused.value.because
    return refused.value.because


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("name,town\nSt Piran\u2019s,Züri\n".encode(), "UTF-8"),
        ("\ufeffname,town\nSt Piran\u2019s,Züri\n".encode(), "UTF-8 with its mark"),
        ("name,town\nSt Piran\u2019s,Züri\n".encode("cp1252"), "Windows-1252"),
        ("name\ttown\nSt Piran\u2019s\tZüri\n".encode("utf-16"), "UTF-16, as Excel's Unicode text"),
        ("name,town\nSt Piran\u2019s,Züri\n".encode("utf-16-le"), "UTF-16 without its mark"),
        ("name;town\r\nSt Piran\u2019s;Züri\r\n".encode(), "semicolons"),
        ("name|town\rSt Piran\u2019s|Züri\r".encode(), "bars and old line ends"),
        ('sep=,\n"name","town"\n"St Piran\u2019s","Züri"'.encode(), "a line that names the separator"),
    ],
)
def test_a_csv_is_read_however_it_was_saved(keep: Keep, content: bytes, name: str) -> None:
    header, rows = whole(open_sheet(keep(content)))
    assert header == ("name", "town"), name
    assert [cells for _, cells in rows] == [["St Piran\u2019s", "Züri"]]


def test_rows_have_the_numbers_that_a_spreadsheet_shows(keep: Keep) -> None:
    _, rows = whole(open_sheet(keep(b'a,b\n"1\n2",x\n\n3,y\n')))
    assert rows == [(2, ["1\n2", "x"]), (3, []), (4, ["3", "y"])]


def test_empty_columns_after_the_headings_are_cut_off(keep: Keep) -> None:
    assert open_sheet(keep(b"\n,,\na,b,,\n1,2,,\n")).header == ("a", "b")


def test_nothing_is_held_in_memory(keep: Keep) -> None:
    import tracemalloc

    path = keep(b"a,b\n" + b"some text,some more text\n" * 100_000)
    tracemalloc.start()
    rows = sum(1 for _ in open_sheet(path).rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 100_000
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"PK\x03\x04rest", "really an Excel workbook under a .csv name"),
        (b"%PDF-1.7", "a PDF: ask for the table"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf <html>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook, or one with a password"),
        (b'{"rows": []}', "JSON"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x1f\x8b\x08", "a zip archive"),
        (b"BEGIN:VCALENDAR\r\n", "read for term dates only"),
        (b"a,b\n1,2\n3,\x004\n", "line 3: there is a zero byte"),
        ("a,b\né,2\n".encode() + b"\xe9,3\n", "row 3: the file mixes two encodings"),
        (b"a,b\n\x81,2\n", "row 2: there is a character that cannot be read"),
        (b'a,b\n1,"2\n3,4\n', "a quotation mark is out of place"),
        (b'a,b\n1,"2" x\n', "row 2: a quotation mark is out of place"),
        (b"a,b\n1," + b"x" * 40_000, "row 2"),
    ],
)
def test_a_file_that_is_no_table_is_told_for_what_it_is(keep: Keep, content: bytes, because: str) -> None:
    assert because in refusal(keep(content))


def test_a_missing_file_is_told() -> None:
    with pytest.raises(BadInputError, match="There is no file nowhere.csv"):  # noqa: RUF043
        open_sheet(Path("/nowhere.csv"))


def test_a_large_file_is_refused_unread(keep: Keep, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refusal(path).startswith("big.csv has 200 MB and at most 100 MB are taken")


def test_too_many_rows_or_columns_are_refused(keep: Keep) -> None:
    assert "more than 10 rows" in refusal(keep(b"a,b\n" * 12), Limits(rows=10))
    assert "has 12 columns" in refusal(keep(b"a," * 11 + b"b\n"), Limits(columns=10))


def test_plain_text_under_an_excel_name_is_told(keep: Keep) -> None:
    assert "plain text under an .xlsx name" in refusal(keep(b"a,b\n1,2\n", "file.xlsx"))


def test_a_download_opens_in_excel_and_runs_nothing() -> None:
    table = to_csv(
        ["name", "sum"], [["=HYPERLINK(1)", 3], ["@x", -2.5], ["-", None], ['a "b", c', True], [" +1", "ok"]]
    )
    assert table.decode("utf-8-sig").split("\r\n") == [
        "name,sum",
        "'=HYPERLINK(1),3",
        "'@x,-2.5",
        "'-,",
        '"a ""b"", c",yes',
        "' +1,ok",
        "",
    ]
    assert table.startswith(b"\xef\xbb\xbf")


def test_a_download_streams_line_by_line() -> None:
    lines = csv_lines(["a"], ([number] for number in range(3)))
    assert [line.decode("utf-8-sig") for line in lines] == ["a\r\n", "0\r\n", "1\r\n", "2\r\n"]


def test_what_is_downloaded_is_read_back(keep: Keep) -> None:
    header, rows = whole(open_sheet(keep(to_csv(["a", "b"], [["é, “x”", "1\n2"]]))))
    assert (header, rows) == (("a", "b"), [(2, ["é, “x”", "1\n2"])])
