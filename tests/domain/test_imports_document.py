"""What docs/rules/imports.md shows is what happens."""

import csv
import io
import re
from pathlib import Path

from app.domain.imports import Row
from app.domain.people import participant_rows
from app.domain.people.participants import read_participants
from app.domain.people.working_days import in_words, read_working_days
from app.domain.schools import term_dates
from app.domain.schools.calendars import calendars
from app.domain.schools.gias import LAYOUT, LINKS_LAYOUT
from app.domain.schools.term_dates import KINDS, Entry, read_entry

DOCUMENT = (Path(__file__).parents[2] / "docs" / "rules" / "imports.md").read_text("utf-8")


def examples() -> dict[str, list[Row]]:
    """The CSV examples by their first heading."""
    found = {}
    for block in re.findall(r"```csv\n(.*?)```", DOCUMENT, re.DOTALL):
        rows = list(csv.DictReader(io.StringIO(block)))
        found[next(iter(rows[0]))] = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
    return found


def understood(text: str) -> str:
    try:
        return in_words(read_working_days(text))
    except ValueError:
        return "refused"


def test_working_days_are_understood_as_the_table_says() -> None:
    table = DOCUMENT.partition("| written | understood |")[2]
    pairs = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", table, re.MULTILINE)
    assert len(pairs) > 10
    assert [(written, understood(written)) for written, _ in pairs] == pairs


def test_the_example_of_term_dates_makes_a_calendar() -> None:
    entries = [read_entry(row) for row in examples()["calendar"]]
    made, faults = calendars(entry for entry in entries if isinstance(entry, Entry))
    assert not faults
    assert [(calendar.name, calendar.year, len(calendar.days_off)) for calendar in made] == [("Moorland", 2026, 1)]


def test_the_example_of_participants_makes_a_group() -> None:
    known = participant_rows.Known({900001: "Oak Lane", 900002: "Elm Road"}, {"moorland": "Moorland"})
    sheet = read_participants(examples()["group"], known)
    assert not sheet.rejected
    (group,) = sheet.groups
    assert (group.schools, len(group.places)) == ([900001, 900002], 2)


def test_every_heading_and_kind_is_named() -> None:
    for layout in (term_dates.LAYOUT, participant_rows.LAYOUT, LINKS_LAYOUT):
        assert [heading for heading in layout.known if f"`{heading}`" not in DOCUMENT] == []
    assert [heading for heading in LAYOUT.required if f"`{heading}`" not in DOCUMENT] == []
    assert ", ".join(KINDS) in DOCUMENT
