"""One selection of lines as CSV, XLSX, PDF and JSON: the same totals in each, read back by other programs."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from app.domain.funding.facts import Payee
from app.domain.funding.line import Kind, Line
from app.domain.funding.pence import pounds
from app.domain.funding.selection import About, Kept, Reason, Rules, Totals
from app.domain.funding.statements import State
from app.kit.errors import BadInputError
from app.render.funding import book, book_rows
from app.render.funding.columns import HEADER
from app.render.funding.files import sink
from app.render.funding.paper import Head, paper_pdf

ABOUT = About(
    hub="Moorland Maths Hub",
    code="MOOR",
    title="Ledger",
    says=("Grant year 2027/28",),
    first=date(2027, 9, 1),
    reasons=(
        Reason(date(2027, 10, 1), 900001, "=Fern", "Release", "development", "W1", "No amount is set.", ("event/1",)),
    ),
    rules=(Rules("Grant year 2027/28, version 1", (("release", "Release: £50.00 a day.", ("Asks an agreement.",)),)),),
)
SCHOOLS = ((900001, "=Fernhill Primary"), (900002, "Café <Moor> & Sons"), (900003, "@SUM(A1:A9)"))
RATES = (("release", "Release for meetings"), ("supply", "-2+3"), ("", "Adjustment"))


def a_line(number: int, at: tuple[int, int, int], pence: int, state: State = State.OPEN) -> Kept:
    """A line of one of the schools and rates, some days apart; amounts, also negative, as given."""
    (urn, school), (rate, name), day = SCHOOLS[at[0]], RATES[at[1]], date(2028, 2, 29)
    line = Line(
        f"{rate}|{number}", urn, Payee.PARTICIPANT, rate, "development", "+W1", day, 1, 1 + at[2], pence, pence,
        "=1+1, \x01told “so”\nand so", (f"attendance/{number}",), Kind.DERIVED if rate else Kind.ADJUSTMENT,
    )  # fmt: skip
    return Kept(f"id-{number}", line, school, name, "MOOR-27-0001", state)


places = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1))
amounts = st.one_of(st.integers(-100_000, 100_000), st.integers(-(10**12), 10**12))
lots = st.lists(st.tuples(places, amounts, st.sampled_from(list(State))), max_size=30).map(
    lambda drawn: [a_line(number, *one) for number, one in enumerate(drawn)]
)


def written(form: str, kept: Sequence[Kept], about: About = ABOUT) -> bytes:
    """The file of these lines, written in two parts."""
    held = io.BytesIO()
    made = sink(form, held, about)
    made.add(kept[:3])
    made.add(kept[3:])
    made.end()
    return held.getvalue()


def in_pence(value: object) -> int:
    return round(Decimal(str(value)) * 100)


def sheet(data: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def summed(data: bytes, name: str) -> dict[str, int]:
    """The rows of a sheet of sums: pence by name, the total among them."""
    return {
        f"{row[0]} {row[1]}".strip(): in_pence(row[3]) for row in sheet(data, name)[4:] if row[3:4] not in ([], [""])
    }


def totals_of(data: bytes) -> list[int]:
    """Every total that a workbook states, of all lines."""
    rows = sheet(data, "Lines")
    found = [in_pence(row[7]) for row in rows if row[0] == "Total"]
    return found + [summed(data, name)["Total"] for name in ("Summary", "By school", "By rate")]


@given(lots)
@settings(max_examples=12)
def test_screen_csv_xlsx_and_json_come_to_the_same(kept: list[Kept]) -> None:
    totals = Totals()
    totals.add(kept)
    pence = sum(one.line.pence for one in kept)
    assert totals.every.pence == pence
    rows = list(csv.DictReader(io.StringIO(written("csv", kept).decode("utf-8-sig"))))
    assert (len(rows), sum(in_pence(row["Amount (£)"]) for row in rows)) == (len(kept), pence)
    told = json.loads(written("json", kept))
    assert told["totals"]["pence"] == sum(one["pence"] for one in told["lines"]) == pence
    made = written("xlsx", kept)
    assert totals_of(made) == [pence] * 4
    of_lines = [in_pence(row[7]) for row in sheet(made, "Lines")[4:] if row[0] != "Total"]
    assert (len(of_lines), sum(of_lines)) == (len(kept), pence)
    schools = {f"{name} {urn}": held.pence for (name, urn), held in totals.schools.items()}
    found = {name.replace(".0", ""): value for name, value in summed(made, "By school").items()}
    assert found == {"Total": pence, **schools}


def test_equal_lines_make_equal_bytes() -> None:
    kept = [a_line(number, (number % 3, 0, 0), 1_234) for number in range(20)]
    for form in ("csv", "json", "xlsx"):
        assert written(form, kept) == written(form, list(kept))


def test_no_cell_is_run_by_a_spreadsheet() -> None:
    kept = [a_line(0, (0, 1, 0), -150), a_line(1, (2, 1, 0), 150)]
    rows = list(csv.reader(io.StringIO(written("csv", kept).decode("utf-8-sig"))))
    texts = {cell for row in rows[1:] for place, cell in enumerate(row) if "(£)" not in HEADER[place]}
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@"))]
    assert rows[1][7] == "-1.50"
    with zipfile.ZipFile(io.BytesIO(written("xlsx", kept))) as made:
        of_lines = made.read("xl/worksheets/sheet2.xml").decode()
        formulas = [one for name in made.namelist() if "sheet" in name for one in _formulas(made.read(name).decode())]
    assert re.findall(r"<f>(.*?)</f>", of_lines) == ["ROUND(SUM(H5:H6),2)"]
    assert all(one.startswith(("ROUND(SUM", "COUNTIFS(Lines!", "SUM(C")) for one in formulas)
    assert sheet(written("xlsx", kept), "Lines")[4][1] == "=Fernhill Primary"


def _formulas(text: str) -> list[str]:
    return re.findall(r"<f>(.*?)</f>", text)


def test_a_text_that_looks_like_markup_is_a_text() -> None:
    kept = [a_line(0, (0, 1, 0), 1)]
    words = "<r><t>not ours</t></r>"
    kept = [kept[0]._replace(line=kept[0].line._replace(because=words), school="x" * 40_000)]
    row = sheet(written("xlsx", kept), "Lines")[4]
    assert (row[8].strip(), len(row[1])) == (words, 32_767)


texts_of_cells = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["", " a", "a\n", "a\tb", "<r>&</r>", "_x0041_", "\x07", "\uffff", "é <Moor> & “S”", "x" * 40_000]),
)
days_of_cells = st.dates(date(1901, 1, 1), date(2099, 12, 31))
values_of_cells = st.one_of(texts_of_cells, days_of_cells, st.none(), st.decimals(-(10**9), 10**9, places=2))


@given(st.lists(st.lists(values_of_cells, min_size=3, max_size=3), max_size=6))
@settings(max_examples=60)
def test_rows_written_whole_are_those_of_the_writers_own_cells(rows: list[list[Any]]) -> None:
    made = [_book_of(rows, whole=whole) for whole in (True, False)]
    assert made[0] == made[1]


def _book_of(rows: list[list[Any]], *, whole: bool) -> list[bytes]:
    """A workbook's parts: rows between a heading and a sum, as they are written here or cell by cell."""
    held = io.BytesIO()
    made = book.workbook(held, "Rows", date(2027, 9, 1))
    own, sheet = book.Looks(made), made.add_worksheet("Rows")
    looks = [own.plain, None, own.money]
    written_whole = book_rows.SheetRows(sheet, looks)
    for column in range(3):
        book_rows.text(sheet, 0, column, "Heading", own.heading)
    for row, values in enumerate(rows, 2):
        if whole:
            written_whole.write(row, values)
            continue
        for column, value in enumerate(values):
            if isinstance(value, str):
                book_rows.text(sheet, row, column, value, looks[column])
            elif value is not None:
                serial = (value - date(1899, 12, 30)).days if isinstance(value, date) else float(value)
                sheet.write_number(row, column, serial, looks[column])
    if len(rows) % 2:
        sheet.write_formula(len(rows) + 4, 0, "=SUM(C1:C9)", own.total_money, 0)
    made.close()
    with zipfile.ZipFile(held) as parts:
        return [parts.read(name) for name in parts.namelist()]


def test_more_lines_than_a_file_holds_are_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_LINES", 7)
    kept = [a_line(number, (0, 0, 0), 1) for number in range(10)]
    made = sink("xlsx", io.BytesIO(), ABOUT)
    with pytest.raises(BadInputError, match="narrow the list, or take it as CSV"):
        made.add(kept)
    made.drop()
    head = Head("Ledger", "Moorland Maths Hub", (), (), "")
    with pytest.raises(BadInputError, match="A PDF holds 2,000 lines"):
        paper_pdf(head, kept * 201, ABOUT)


def test_an_empty_selection_is_a_whole_file() -> None:
    assert totals_of(written("xlsx", [])) == [0] * 4
    assert json.loads(written("json", []))["totals"]["lines"] == 0
    assert written("csv", []).count(b"\r\n") == 1


def test_what_did_not_earn_and_the_rules_are_sheets_of_their_own() -> None:
    made = written("xlsx", [])
    assert sheet(made, "Did not earn")[4][6] == "No amount is set."
    assert "Release: £50.00 a day. Asks an agreement." in str(sheet(made, "Rules"))


def test_the_statement_on_paper_says_the_same_total_and_every_line() -> None:
    kept = [a_line(number, (0, number % 2, 0), 12_345 * (number + 1)) for number in range(9)]
    head = Head("Statement MOOR-27-0001", "Moorland Maths Hub", (("School", "Fernhill <Primary>"),), ("Closed.",), "")
    data = paper_pdf(head, kept, ABOUT)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert pounds(sum(one.line.pence for one in kept)) in text
    assert all(pounds(one.line.pence) in text for one in kept)
    assert "Fernhill <Primary>" in text
    assert data == paper_pdf(head, kept, ABOUT)


# LibreOffice


def _without(what: str) -> NoReturn:
    """Skip in one line; fail where an office is required."""
    if os.environ.get("HALFTERM_REQUIRE_OFFICE") == "1":
        pytest.fail(what)
    pytest.skip(what)


def converted(folder: Path, data: bytes) -> bytes:
    """The workbook as LibreOffice saves it after working out every formula anew."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        _without("No LibreOffice was found, so workbooks are not worked out anew.")
    settings_of = folder / "profile/user"
    settings_of.mkdir(parents=True)
    (settings_of / "registrymodifications.xcu").write_text(ALWAYS.replace("{of}", "registry"))
    (folder / "book.xlsx").write_bytes(data)
    (folder / "made").mkdir()
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    command += ["--outdir", str(folder / "made"), str(folder / "book.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "made/book.xlsx").read_bytes()


ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/{of}" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def forgotten(data: bytes) -> bytes:
    """The same workbook with nought in the place of every cached value."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(held, "w") as made:
        for name in whole.namelist():
            made.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>0</v>", whole.read(name)))
    return held.getvalue()


def sums(data: bytes, names: Iterable[str]) -> list[dict[str, int]]:
    return [summed(data, name) for name in names]


@pytest.mark.slow
def test_libreoffice_works_out_the_totals_that_the_file_bears(tmp_path: Path) -> None:
    kept = [
        a_line(number, (number % 3, number % 2 + (number % 5 == 0 and number % 2), 0), 999 * number - 4_321, state)
        for number, state in enumerate([*State] * 4)
    ]
    made = written("xlsx", kept)
    names = ("Summary", "By school", "By rate")
    found = converted(tmp_path, forgotten(made))
    assert sums(found, names) == sums(made, names)
    assert totals_of(found) == totals_of(made) == [sum(one.line.pence for one in kept)] * 4
