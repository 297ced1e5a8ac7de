"""The report to the Board: which days, who counts where, and that small numbers stay back in every form."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.domain.notes.themes import Tally
from app.domain.stages.ladder import Stage
from app.domain.stages.report import (
    OTHERWISE,
    Counts,
    Range,
    completed,
    joined,
    read_range,
    reason_of,
    schools_on,
    sections,
    share,
    withdrawn,
)
from app.kit.errors import BadInputError

TODAY = date(2026, 11, 21)
AUTUMN = Range(date(2026, 9, 1), TODAY)


@dataclass
class Row:
    urn: int
    kind: str = "development"
    year: int = 2026
    state: str = "active"
    applied_on: date | None = None
    agreed_on: date | None = None
    began_on: date | None = date(2026, 9, 10)
    completed_on: date | None = None
    withdrawn_on: date | None = None
    because: str = ""


def test_nothing_asked_is_this_academic_year_to_today() -> None:
    assert read_range("", "", TODAY) == AUTUMN
    assert read_range("", "2026-07-01", TODAY) == Range(date(2025, 9, 1), date(2026, 7, 1))
    assert read_range("1 October 2026", "", TODAY).first == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("first", "last", "path"),
    [
        ("yesterday", "", "from"),
        ("2026-02-30", "", "from"),
        ("", "x", "to"),
        ("2026-11-02", "2026-11-01", "to"),
        ("1999-01-01", "", "from"),
        ("2020-09-01", "2026-09-01", "from"),
        ("", "2031-01-01", "to"),
        ("", "0001-01-01", "to"),
        ("", "9999-12-31", "to"),
        ("9999-12-31", "", "to"),
    ],
)
def test_days_that_cannot_be_get_a_sentence(first: str, last: str, path: str) -> None:
    with pytest.raises(BadInputError) as wrong:
        read_range(first, last, TODAY)
    assert [fault.path for fault in wrong.value.faults] == [path]


def test_a_school_counts_once_where_it_stood_on_the_day() -> None:
    rows = [
        Row(1),
        Row(1, "embedding"),
        Row(2, began_on=date(2026, 12, 1), agreed_on=date(2026, 9, 5)),
        Row(3, state="withdrawn", withdrawn_on=date(2026, 10, 1)),
        Row(4, began_on=date(2026, 12, 1)),
        Row(5, year=2025),
        Row(6, state="completed", completed_on=date(2026, 11, 1)),
    ]
    assert schools_on(rows, TODAY) == {1: Stage.SUSTAINING, 2: Stage.DEVELOPMENT, 6: Stage.DEVELOPMENT}
    assert 3 in schools_on(rows, date(2026, 9, 30))


def test_who_joined_completed_and_withdrew() -> None:
    rows = [
        Row(1),
        Row(2, year=2020, began_on=date(2020, 9, 1), state="completed", completed_on=date(2021, 7, 1)),
        Row(2),
        Row(3, state="withdrawn", withdrawn_on=date(2026, 10, 1), because="No cover for the release days."),
        Row(4, "readiness", state="completed", completed_on=date(2026, 11, 1)),
    ]
    assert joined(rows, AUTUMN) == 3
    assert completed(rows, AUTUMN) == {Stage.READINESS: 1}
    assert withdrawn(rows, AUTUMN) == {"No cover or no time for the release days": 1}


@pytest.mark.parametrize(
    ("because", "reason"),
    [
        ("The school joined a trust with its own programme.", "Closed, merged, or joined a trust"),
        ("A new headteacher has other priorities.", "Other priorities"),
        ("Both lead participants left.", "Staff left or changed"),
        ("We cannot afford it.", "Money"),
        ("Not now.", OTHERWISE),
        ("", OTHERWISE),
    ],
)
def test_a_because_is_counted_by_what_it_speaks_of(because: str, reason: str) -> None:
    assert reason_of(because) == reason


def test_no_small_number_stands_anywhere_in_the_report() -> None:
    counts = Counts(
        stages={Stage.READINESS: 3, Stage.DEVELOPMENT: 20, Stage.SUSTAINING: 12},
        joined=2,
        completed={Stage.READINESS: 1},
        withdrawn={OTHERWISE: 4},
        moves={(Stage.READINESS, Stage.DEVELOPMENT): 7, (Stage.DEVELOPMENT, Stage.SUSTAINING): 1},
        events={("meeting", "held"): 12, ("meeting", "ahead"): 3, ("visit", "held"): 2},
        came={"came": 90, "absent": 3, "unsaid": 0},
        areas={("vision", "focusing"): 2, ("vision", "developing"): 9},
        barriers_open={"schedules": 4, "marking": 6},
        recruited={"invited": 3, "applied": 8},
        themes=(("Big", (Tally("Fluency", 3), Tally("Variation", None), Tally("Coherence", 6))),),
    )
    made = {one.key: one for one in sections(counts, AUTUMN)}
    cells = [cell for one in made.values() for row in one.rows for cell in row.cells]
    assert not {"1", "2", "3", "4"} & set(cells)
    assert [row.cells[0] for row in made["stages"].rows] == ["fewer than 5", "kept back", "12", "0", "35"]
    assert [row.cells[0] for row in made["theme-1"].rows] == ["fewer than 5", "kept back", "6"]
    assert made["attendance"].rows[-1].cells == ("kept back",)
    assert all(len(row.cells) == len(one.columns) for one in made.values() for row in one.rows)


def test_a_share_is_told_where_its_numbers_are() -> None:
    assert share({"came": 90, "absent": 10}) == "90 in 100"
    assert share({"came": 90, "absent": 2}) == "kept back"
    assert share({"unsaid": 50}) == "nobody said yet"


def test_of_nothing_there_is_one_line() -> None:
    made = {one.key: one for one in sections(Counts(), AUTUMN)}
    assert [(row.label, row.cells) for row in made["moves"].rows] == [("In all", ("0",))]
