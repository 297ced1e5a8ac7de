"""Finance references out of a table: with headings or without, doubled, strange, and never bank details."""

import pytest

from app.domain.funding.payees import Entry, read_reference, read_table, shared, shared_told, told

KNOWN = {900001: "Fernhill Primary", 900002: "Moor View"}


def table(*rows: str) -> list[tuple[int, list[str]]]:
    return [(number, row.split(",")) for number, row in enumerate(rows, 1)]


def test_a_table_without_headings_has_urn_reference_and_name() -> None:
    entries, wrong = read_table(table("900001, V 17 ", "", "900002,V18,MOOR VIEW ACADEMY"), KNOWN)
    assert entries == (Entry(900001, "V 17"), Entry(900002, "V18", "MOOR VIEW ACADEMY"))
    assert not wrong


def test_headings_are_found_wherever_they_stand() -> None:
    entries, _ = read_table(table("Town,Supplier number,URN", "Fernhill,17,900001"), KNOWN)
    assert entries == (Entry(900001, "17"),)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Fernhill,17", "a number of six figures"),
        ("123456,17", "No school of this hub"),
        ("900001,", "Enter the school's number"),
        ("900001," + "9" * 41, "at most 40"),
        ("900001,12-34-56", "bank details"),
        ("900001,12-34-56 12345678", "bank details"),
        ("900001,GB00ABCD12345612345678", "bank details"),
    ],
)
def test_what_cannot_be_taken_says_why_and_the_rest_is_taken(row: str, says: str) -> None:
    entries, wrong = read_table(table("urn,reference", row, "900002,18"), KNOWN)
    assert entries == (Entry(900002, "18"),)
    assert [one.row for one in wrong] == [2]
    assert says in wrong[0].because


def test_a_school_that_stands_twice_with_two_references_is_told() -> None:
    entries, wrong = read_table(table("900001,17", "900001,17", "900001,18"), KNOWN)
    assert entries == (Entry(900001, "17"),)
    assert [one.row for one in wrong] == [3]


def test_one_reference_of_two_schools_is_told_however_it_is_written() -> None:
    references = {900001: "V-17", 900002: "v 17", 900003: "V18", 900004: "", 900005: ""}
    assert shared(references) == {"V-17": (900001, 900002)}
    (said,) = shared_told(references, KNOWN)
    assert said.startswith("Fernhill Primary and Moor View have the same reference, V-17.")


def test_a_preview_reads_back_what_it_carries() -> None:
    entries = (Entry(900001, "V 17"), Entry(900002, "=1+1", "A, B"))
    rows = [(number, line.split("\t")) for number, line in enumerate(told(entries).splitlines(), 1)]
    assert read_table(rows, KNOWN) == (entries, ())


@pytest.mark.parametrize("text", ["100234", "V-2026/17", "MAT 0017", "12345678"])
def test_a_suppliers_number_is_taken_as_it_is(text: str) -> None:
    assert read_reference(f" {text} ") == text
