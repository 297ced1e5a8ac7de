from datetime import date

import pytest

from app.domain.imports import Rejected, Row, Values
from app.domain.schools.gias import LAYOUT, LINKS_LAYOUT, GiasSchool, SchoolLink, read_link, read_school, read_schools


def a_row(number: int = 2, **cells: str) -> Row:
    held = dict.fromkeys(LAYOUT.known, "") | {
        "URN": "900001",
        "EstablishmentName": "Oak Lane Primary School",
        "LA (code)": "878",
        "EstablishmentStatus (code)": "1",
    }
    return Row(
        number, held | {name.replace("__", " (") + (")" if "__" in name else ""): v for name, v in cells.items()}
    )


def values(row: Row) -> Values:
    return row.number, tuple(row.cells[column] for column in LAYOUT.known), ()


def faults(row: Row) -> dict[str, str]:
    answer = read_school(row)
    assert isinstance(answer, list)
    return {fault.column: fault.because for fault in answer}


def test_a_row_becomes_a_school() -> None:
    row = a_row(
        StatutoryLowAge="4", NumberOfPupils="210", Easting="250000", Northing="54000", OfstedLastInsp="27-02-2024"
    )
    school = read_school(row)
    assert isinstance(school, GiasSchool)
    assert (school.urn, school.la_code, school.status) == (900001, 878, "open")
    assert (school.low_age, school.high_age, school.pupils) == (4, None, 210)
    assert (school.easting, school.northing, school.ofsted_date) == (250000, 54000, date(2024, 2, 27))


def test_a_school_about_to_close_is_still_open() -> None:
    school = read_school(a_row(EstablishmentStatus__code="3"))
    assert isinstance(school, GiasSchool)
    assert school.status == "open but proposed to close"


def test_the_status_may_come_in_words_alone() -> None:
    school = read_school(a_row(EstablishmentStatus__code="", EstablishmentStatus__name="Closed"))
    assert isinstance(school, GiasSchool)
    assert school.status == "closed"


def test_heads_names_are_never_read() -> None:
    assert not [column for column in LAYOUT.known if "Head" in column]


@pytest.mark.parametrize(
    ("cells", "column", "because"),
    [
        ({"URN": "12"}, "URN", "six digits"),
        ({"EstablishmentName": ""}, "EstablishmentName", "needs a name"),
        ({"StatutoryLowAge": "four"}, "StatutoryLowAge", "an age in years"),
        ({"StatutoryLowAge": "12", "StatutoryHighAge": "11"}, "StatutoryLowAge", "above the highest, 11"),
        ({"NumberOfPupils": "-3"}, "NumberOfPupils", "number of pupils"),
        ({"OfstedLastInsp": "31-02-2019"}, "OfstedLastInsp", "not a day that exists"),
        ({"Easting": "150361"}, "Easting", "go together"),
        ({"Easting": "SX 123", "Northing": "31310"}, "Easting", "whole metres"),
        ({"Easting": "9999999", "Northing": "31310"}, "Easting", "from 0 to 700,000"),
        ({"EstablishmentStatus__code": "9"}, "EstablishmentStatus (code)", "Write 1 (open)"),
        ({"Postcode": "not known at present"}, "Postcode", "not a postcode"),
        ({"LA__code": "Devon"}, "LA (code)", "local authority"),
    ],
)
def test_a_bad_cell_is_named(cells: dict[str, str], column: str, because: str) -> None:
    assert because in faults(a_row(**cells))[column]


def test_every_bad_cell_of_a_row_is_named_at_once() -> None:
    assert set(faults(a_row(URN="x", NumberOfPupils="y", CloseDate="z"))) == {"URN", "NumberOfPupils", "CloseDate"}


def test_a_school_that_comes_twice_is_refused_the_second_time() -> None:
    first, second = read_schools([values(a_row(2)), values(a_row(7))])
    assert isinstance(first, GiasSchool)
    assert isinstance(second, list)
    assert second[0].because == "This school is in row 2 already: keep one of the two rows."


def test_only_the_authorities_asked_for_are_read() -> None:
    rows = [a_row(2), a_row(3, URN="900002", LA__code="908"), a_row(4, URN="bad", LA__code="350")]
    assert [
        school.urn for school in read_schools(map(values, rows), frozenset({"908"})) if isinstance(school, GiasSchool)
    ] == [900002]


def a_link(**cells: str) -> SchoolLink | list[Rejected]:
    held = dict.fromkeys(LINKS_LAYOUT.known, "") | {"URN": "900001", "LinkURN": "900002", "LinkType": "Successor"}
    return read_link(Row(2, held | cells))


def test_a_link_has_two_schools_and_a_kind() -> None:
    assert a_link(LinkEstablishedDate="01-09-2018") == SchoolLink(900001, 900002, "Successor", date(2018, 9, 1))


@pytest.mark.parametrize(
    "cells", [{"URN": ""}, {"LinkURN": "900001"}, {"LinkType": ""}, {"LinkEstablishedDate": "32-01-2018"}]
)
def test_a_broken_link_is_refused(cells: dict[str, str]) -> None:
    assert isinstance(a_link(**cells), list)
