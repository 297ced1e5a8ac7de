import pytest

from app.domain.imports import Row
from app.domain.people.participant_rows import LAYOUT, Known
from app.domain.people.participants import Participants, read_participants

KNOWN = Known(
    {900001: "Oak Lane", 900002: "Elm Road"}, {"devon": "Devon", "kayes": "Kayes"}, {900009: "Elm Road (900002)"}
)


def a_row(number: int = 2, **cells: str) -> Row:
    held = dict.fromkeys(LAYOUT.known, "") | {
        "group": "NCP26-11-01",
        "programme": "Development",
        "lead_name": "Sam Reed",
        "lead_email": "sam@example.org",
        "lead_days": "Mon Tue Wed",
        "lead_base_urn": "900001",
        "school_urn": "900001",
        "calendar": "Devon",
        "maths": "am",
        "hosts": "yes",
        "participant_name": f"Teacher {number}",
        "participant_email": f"t{number}@example.org",
        "participant_role": "Maths lead",
        "working_days": "Mon-Fri",
    }
    return Row(number, held | cells)


def read(*rows: Row) -> Participants:
    return read_participants(rows, KNOWN)


def faults(*rows: Row) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.because) for fault in read(*rows).rejected]


def test_rows_become_a_group_with_its_schools_and_people() -> None:
    sheet = read(a_row(2), a_row(3), a_row(4, school_urn="900002"))
    assert sheet.rejected == ()
    (group,) = sheet.groups
    assert (group.code, group.programme, group.lead_email) == ("NCP26-11-01", "development", "sam@example.org")
    assert group.schools == [900001, 900002]
    assert [(place.email, place.urn, place.role) for place in group.places] == [
        ("t2@example.org", 900001, "maths lead"),
        ("t3@example.org", 900001, "maths lead"),
        ("t4@example.org", 900002, "maths lead"),
    ]
    assert sheet.people["sam@example.org"].base_urn == 900001
    assert sheet.schools[900002].maths == dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("am",))
    assert sheet.read == 3


def test_a_school_whose_people_are_not_known_yet_is_in_the_group() -> None:
    sheet = read(a_row(2, participant_name="", participant_email="", working_days=""))
    assert sheet.rejected == ()
    assert sheet.groups[0].schools == [900001]
    assert sheet.groups[0].places == []


def test_what_a_sheet_does_not_say_stays_unsaid() -> None:
    sheet = read(a_row(2, maths="", hosts="", calendar="", working_days="", lead_days=""))
    school = sheet.schools[900001]
    assert (school.maths, school.hosts, school.calendar) == (None, None, None)
    assert sheet.people["t2@example.org"].works is None


def test_a_later_row_may_say_what_an_earlier_left_out() -> None:
    assert read(a_row(2, calendar=""), a_row(3)).schools[900001].calendar == "Devon"


@pytest.mark.parametrize(
    ("column", "value", "because"),
    [
        ("group", "", "needs the code of its group"),
        ("group", "A/1", "no slash"),
        ("programme", "Mastering", "Write one of: Mastery Readiness, Development"),
        ("lead_email", "sam", "not one e-mail address"),
        ("lead_days", "0.5", "cannot be read as working days"),
        ("school_urn", "12", "six digits"),
        ("school_urn", "900003", "No school with this URN is known here"),
        ("school_urn", "900009", "This school has closed: give the URN of Elm Road (900002)."),
        ("lead_base_urn", "900003", "No school with this URN is known here"),
        ("calendar", "Cornwall", "import it first, or use one of: Devon, Kayes"),
        ("maths", "daily-ish", "cannot be read as working days"),
        ("hosts", "perhaps", "Write yes or no"),
        ("participant_email", "t2 at example", "not one e-mail address"),
        ("participant_email", "", "An e-mail address is needed"),
        ("participant_name", "", "A participant needs a name"),
        ("working_days", "whenever", "write for example Mon Tue Wed am"),
    ],
)
def test_a_bad_cell_of_the_sheet_is_named(column: str, value: str, because: str) -> None:
    (fault,) = faults(a_row(2, **{column: value}))
    assert fault[:2] == (2, column)
    assert because in fault[2]


@pytest.mark.parametrize(
    ("cells", "column", "because"),
    [
        ({"programme": "Embedding"}, "programme", "another programme in row 2"),
        ({"lead_email": "kim@example.org"}, "lead_email", "is led by sam@example.org in row 2: a group has one leader"),
        ({"calendar": "Kayes"}, "calendar", "keeps the calendar Devon in row 2"),
        ({"maths": "pm Mon"}, "maths", "in row 2: the rows of a school must agree"),
        ({"hosts": "no"}, "hosts", "This school hosts in row 2"),
        ({"lead_days": "Fri"}, "lead_days", "sam@example.org works Mon Tue Wed in row 2"),
        ({"lead_name": "Sam Read"}, "lead_name", "sam@example.org is Sam Reed in row 2"),
        ({"lead_base_urn": "900002"}, "lead_base_urn", "is based at 900001 in row 2"),
        (
            {"participant_email": "t2@example.org", "group": "NCP26-11-02"},
            "participant_name",
            "t2@example.org is Teacher 2 in row 2",
        ),
        (
            {"participant_email": "sam@example.org", "participant_name": "Sam Reed", "working_days": ""},
            "participant_email",
            "leads group",
        ),
    ],
)
def test_a_row_that_disagrees_with_an_earlier_one_names_it(cells: dict[str, str], column: str, because: str) -> None:
    (fault,) = faults(a_row(2), a_row(3, **cells))
    assert fault[:2] == (3, column)
    assert because in fault[2]


def test_a_participant_twice_in_a_group_is_refused_the_second_time() -> None:
    again = {"participant_name": "Teacher 2", "participant_email": "T2@Example.org"}
    assert faults(a_row(2), a_row(3, **again))[0][2].endswith("already, in row 2: keep one of the two rows.")


def test_a_participant_under_two_schools_is_refused() -> None:
    again = {"participant_name": "Teacher 2", "participant_email": "t2@example.org", "school_urn": "900002"}
    told = [because for _, _, because in faults(a_row(2), a_row(3, group="NCP26-11-02", **again))]
    assert told == ["t2@example.org comes from school 900001 in row 2: a participant comes from one school."]


def test_a_participant_may_be_in_two_groups() -> None:
    again = {"participant_name": "Teacher 2", "participant_email": "t2@example.org"}
    assert faults(a_row(2), a_row(3, group="NCP26-11-02", **again)) == []


def test_but_not_where_both_can_meet_on_one_and_the_same_half_day_only() -> None:
    again = {"participant_name": "Teacher 2", "participant_email": "t2@example.org"}
    only = {"maths": "Wed am"}
    sheet = read(a_row(2, **only), a_row(3, group="NCP26-11-02", **only, **again))
    assert "both can meet on Wed am only" in sheet.rejected[0].because
    assert sheet.groups[1].places == []


def test_a_refused_row_adds_nothing() -> None:
    sheet = read(a_row(2), a_row(3, school_urn="900002", working_days="never"))
    assert sheet.groups[0].schools == [900001]
    assert "t3@example.org" not in sheet.people
