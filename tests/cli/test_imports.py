import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from app.cli import _assemble
from app.cli.run import refusals
from tests.files import a_gias_file, a_gias_row, a_participant_row, a_participants_file, a_term_dates_file


@dataclass
class Said:
    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found


Command = Callable[..., Said]


@pytest.fixture
def halfterm(owner: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The program over a database that is named by its address."""
    monkeypatch.setenv("HALFTERM_DATABASE_URL", owner)
    monkeypatch.setenv("HALFTERM_NOW", "2026-11-21T10:00:00+00:00")

    def run(*words: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["halfterm", *map(str, words)])
        capsys.readouterr()
        status = refusals(_assemble())
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gias.csv").write_bytes(a_gias_file(a_gias_row(900001), a_gias_row(900002, **{"LA (code)": 878})))
    (tmp_path / "terms.csv").write_bytes(a_term_dates_file("Moorland"))
    rows = [a_participant_row(n, 900000 + n, lead_base_urn=900001) for n in (1, 2)]
    (tmp_path / "people.csv").write_bytes(a_participants_file(*rows))
    (tmp_path / "bad.csv").write_bytes(a_gias_file(a_gias_row(900003), a_gias_row(900004, Easting="west")))
    return tmp_path


def report(read: int, created: int = 0, updated: int = 0, unchanged: int = 0) -> dict[str, object]:
    return {"read": read, "created": created, "updated": updated, "unchanged": unchanged, "rejected": []}


def test_a_hubs_files_go_in_and_again_without_a_change(halfterm: Command, folder: Path) -> None:
    assert halfterm("hub", "create", "SW", "--name", "South West").status == 0
    calls = [
        (2, ("schools", folder / "gias.csv")),
        (7, ("calendars", folder / "terms.csv", "--hub", "SW")),
        (2, ("participants", folder / "people.csv", "--hub", "SW", "--year", "2026")),
    ]
    for rows, words in calls:
        assert halfterm("import", *words, "--dry-run", "--json").report == report(rows, created=rows)
        first = halfterm("import", *words)
        assert (first.status, first.out.splitlines()[0]) == (
            0,
            f"{rows} rows read: {rows} created, 0 updated, 0 unchanged, 0 rejected.",
        )
        again = halfterm("import", *words, "--json")
        assert (again.status, again.err) == (0, "")
        assert again.report == report(rows, unchanged=rows)


def test_a_refused_row_leaves_with_one_and_names_row_column_value_and_way_out(halfterm: Command, folder: Path) -> None:
    said = halfterm("import", "schools", folder / "bad.csv")
    assert said.status == 1
    assert said.err.splitlines()[0].startswith("bad.csv, row 3, column Easting, “west”: This must be whole metres")
    assert said.err.splitlines()[-1] == (
        "Nothing was changed. Correct these rows, or leave them out with --skip-rejected."
    )
    told = halfterm("import", "schools", folder / "bad.csv", "--json")
    assert told.status == 1
    assert told.report["created"] == 0
    skipped = halfterm("import", "schools", folder / "bad.csv", "--skip-rejected")
    assert (skipped.status, "1 created" in skipped.out) == (0, True)


@pytest.mark.parametrize("las", [("--la", "878", "908"), ("--la", "878", "--la", "908"), ("--la", "878,908")])
def test_authorities_can_be_named_in_every_usual_way(halfterm: Command, folder: Path, las: tuple[str, ...]) -> None:
    assert halfterm("import", "schools", folder / "gias.csv", *las, "--json", "--dry-run").report["read"] == 2
    assert halfterm("import", "schools", folder / "gias.csv", "--la", "878", "--json", "--dry-run").report["read"] == 1


@pytest.mark.parametrize(
    ("words", "status", "because"),
    [
        (("schools", "none.csv"), 1, "There is no file none.csv"),
        (("schools", "terms.csv"), 1, "terms.csv cannot be read as a GIAS extract of schools"),
        (("schools", "gias.csv", "--la", "999"), 1, "holds no school of authority 999"),
        (("schools", "gias.csv", "--la", "Devon"), 2, "--la takes the code of a local authority"),
        (("schools", "gias.csv", "more.csv"), 2, "one file at a time"),
        (("calendars", "terms.csv", "--hub", "XX"), 1, "There is no hub with the code XX"),
        (("calendars", "terms.csv"), 2, "--hub"),
        (("participants", "people.csv", "--hub", "SW", "--year", "26"), 2, "--year"),
    ],
)
def test_a_wrong_call_or_file_is_told_in_a_line(
    halfterm: Command, folder: Path, words: tuple[str, ...], status: int, because: str
) -> None:
    kind, file, *more = words
    said = halfterm("import", kind, folder / file, *more)
    assert said.status == status, said
    assert because in said.err
    assert "Traceback" not in said.err


def test_a_workbook_with_formulas_goes_in_by_their_results(halfterm: Command, folder: Path) -> None:
    halfterm("hub", "create", "SW", "--name", "South West")
    halfterm("import", "schools", folder / "gias.csv")
    book = xlsxwriter.Workbook(str(folder / "people.xlsx"))
    sheet = book.add_worksheet()
    row = a_participant_row(1, 900001, calendar="")
    sheet.write_row(0, 0, list(row))
    sheet.write_row(1, 0, list(row.values()))
    sheet.write_formula(1, list(row).index("school_urn"), "=900000+1", None, 900001)
    sheet.write_row(2, 0, list(row.values()))
    sheet.write_formula(2, list(row).index("participant_email"), '="a"&"b"', None, "")
    book.close()
    said = halfterm("import", "participants", folder / "people.xlsx", "--hub", "SW", "--year", "2026")
    assert said.status == 1
    assert "row 3, column participant_email" in said.err
    assert "holds a formula without its result" in said.err
    args = ("import", "participants", folder / "people.xlsx", "--hub", "SW", "--year", "2026", "--skip-rejected")
    assert halfterm(*args).status == 0
