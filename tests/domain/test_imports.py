from collections.abc import Sequence
from datetime import date

import pytest

from app.domain.imports import (
    ImportReport,
    Layout,
    Limits,
    Rejected,
    Sheet,
    collect,
    match_header,
    read_date,
    read_email,
    read_rows,
    read_urn,
    read_yes,
    rejected,
)
from app.kit.errors import BadInputError

LAYOUT = Layout("a list of schools", ("URN", "Name"), ("Town",))


def a_sheet(header: Sequence[str], *rows: Sequence[str]) -> Sheet:
    return Sheet("schools.csv", tuple(header), 1, iter([(place, list(row)) for place, row in enumerate(rows, start=2)]))


def test_headings_are_found_in_any_order_and_case() -> None:
    assert match_header(["\ufeffname", " Town ", "urn", "Else"], LAYOUT, file="f.csv") == {
        "URN": 2,
        "Name": 0,
        "Town": 1,
    }


def test_every_missing_heading_is_named_with_what_the_file_holds() -> None:
    with pytest.raises(BadInputError) as refused:
        match_header(["Town", "Area"], LAYOUT, file="f.csv")
    assert "there is no column URN or Name" in refused.value.because
    assert "Its headings are: Town, Area." in refused.value.because


def test_a_doubled_heading_is_named_and_an_unknown_one_may_double() -> None:
    with pytest.raises(BadInputError, match="Name stands in 2 columns"):
        match_header(["URN", "Name", "NAME ", "x", "x"], LAYOUT, file="f.csv")


def test_rows_come_by_heading_and_lacking_columns_read_empty() -> None:
    rows = list(read_rows(a_sheet(["Name", "URN"], ["Oak", "1"], ["", ""], ["Elm"]), LAYOUT))
    assert [(row.number, dict(row.cells)) for row in rows] == [
        (2, {"URN": "1", "Name": "Oak", "Town": ""}),
        (4, {"URN": "", "Name": "Elm", "Town": ""}),
    ]


def test_a_row_with_more_cells_than_headings_is_refused_in_words() -> None:
    (row,) = read_rows(a_sheet(["Name", "URN"], ["Oak", "1", "Ltd"]), LAYOUT)
    assert row.rejected[0].value == "Ltd"
    assert "a text that holds a comma needs quotation marks" in row.rejected[0].because


def test_empty_cells_beyond_the_headings_do_no_harm() -> None:
    (row,) = read_rows(a_sheet(["Name", "URN"], ["Oak", "1", "", " "]), LAYOUT)
    assert not row.rejected


def test_the_report_has_the_five_keys_that_others_rely_on() -> None:
    report = ImportReport(3, 1, 1, 0, (Rejected(4, "URN", "x", "Why."),))
    assert report.as_json() == {
        "read": 3,
        "created": 1,
        "updated": 1,
        "unchanged": 0,
        "rejected": [{"row": 4, "column": "URN", "value": "x", "because": "Why."}],
    }


def test_a_refused_cell_is_told_in_one_line_and_never_at_length() -> None:
    told = rejected(4, "URN", "x" * 500, "It is not a number.").spoken("f.csv")
    assert told.startswith("f.csv, row 4, column URN, “xxx")
    assert told.endswith("…”: It is not a number.")
    assert len(told) < 200


def test_a_wholly_wrong_file_stops_at_a_limit() -> None:
    faults: list[Rejected] = []
    with pytest.raises(BadInputError, match=r"More than 3 rows of f\.csv"):
        collect(faults, [rejected(n, "URN", "", "No.") for n in range(5)], file="f.csv", limits=Limits(rejected=3))


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-24",
        "24-09-2026",
        "24/09/2026",
        "24.09.2026",
        "24 September 2026",
        "Thursday 24 September 2026",
        "Thursday, 24th Sep 2026",
        "24/09/26",
        "2026-09-24 00:00:00",
        "2026-09-24T00:00:00Z",
    ],
)
def test_a_day_is_read_as_england_writes_it(text: str) -> None:
    assert read_date(text) == date(2026, 9, 24)


@pytest.mark.parametrize("text", ["", "31/02/2027", "09/24/2026", "soon", "45000", "2026-9", "١٢٣"])
def test_a_day_that_does_not_exist_is_refused_with_a_form_to_use(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2026-09-24"):
        read_date(text)


@pytest.mark.parametrize(("text", "meant"), [("Yes", True), ("y", True), ("0", False), ("NO", False), ("", True)])
def test_yes_and_no_are_read(text: str, *, meant: bool) -> None:
    assert read_yes(text, blank=True) is meant


def test_perhaps_is_neither_yes_nor_no() -> None:
    with pytest.raises(ValueError, match="Write yes or no"):
        read_yes("perhaps", blank=True)


def test_an_address_is_kept_in_small_letters() -> None:
    assert read_email(" Jo.Bloggs@Example.ORG ") == "jo.bloggs@example.org"


@pytest.mark.parametrize(
    "text", ["", "jo", "jo@", "@x.org", "a@b", "a b@x.org", "a@x.org; b@x.org", "a..b@x.org", "a@b@x.org"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        read_email(text)


@pytest.mark.parametrize("text", ["", "abc", "12", "12345678", "-11179", "111791.5", "\uff11" * 6])
def test_what_is_no_urn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        read_urn(text)


def test_a_urn_that_a_spreadsheet_made_a_decimal_is_read() -> None:
    assert read_urn("111791.0") == 111791
