"""One row of the participant sheet, each cell read on its own: what it says, or what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from app.domain.imports import Layout, Rejected, Row, folded, plain, read_email, read_urn, read_yes
from app.domain.people.working_days import Week, mornings, read_working_days

LAYOUT = Layout(
    "a sheet of participants",
    ("group", "programme", "lead_email", "school_urn", "participant_name", "participant_email"),
    ("lead_name", "lead_days", "lead_base_urn", "calendar", "maths", "hosts", "participant_role", "working_days"),
)
PROGRAMMES = {
    "mastery readiness": "readiness",
    "readiness": "readiness",
    "development": "development",
    "embedding": "embedding",
    "sustaining": "sustaining",
    "introductory": "introductory",
}
LONGEST_NAME = 120
LONGEST_CODE = 40

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before the sheet: schools by URN, the year's calendars by folded name, heirs of closed ones."""

    schools: Mapping[int, str]
    calendars: Mapping[str, str]
    closed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """Someone the sheet names; None is what it does not say."""

    name: str
    email: str
    works: Week | None
    base_urn: int | None = None


@dataclass(frozen=True, slots=True)
class SheetSchool:
    """A school's year in the sheet: its calendar's name, half-days with maths, whether it hosts; None is unsaid."""

    urn: int
    calendar: str | None
    maths: Week | None
    hosts: bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row, read. A school whose people are not known yet has no `person`."""

    row: Row
    code: str
    programme: str
    lead: SheetPerson
    school: SheetSchool
    person: SheetPerson | None
    role: str


def read_line(row: Row, known: Known) -> Line | list[Rejected]:
    """The row, or every cell of it that cannot be taken."""
    cells = _Cells(row)
    code = cells.read("group", _code)
    programme = cells.read("programme", _programme)
    lead_email = cells.read("lead_email", read_email)
    lead_days = cells.read("lead_days", _days)
    base = cells.read("lead_base_urn", lambda text: _urn(text, known) if text else None)
    school = _school(cells, known)
    person = _person(cells)
    if cells.faults or code is None or programme is None or lead_email is None or school is None:
        return cells.faults
    lead = SheetPerson(plain(row.cells["lead_name"])[:LONGEST_NAME], lead_email, lead_days, base)
    role = plain(row.cells["participant_role"]).casefold()[:60] or "teacher"
    return Line(row, code, programme, lead, school, person, role)


class _Cells:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults = list(row.rejected)

    def read(self, column: str, how: Callable[[str], Read]) -> Read | None:
        try:
            return how(self.row.cells[column])
        except ValueError as problem:
            if not any(fault.column == column for fault in self.faults):
                self.faults.append(self.row.reject(column, str(problem)))
            return None


def _school(cells: _Cells, known: Known) -> SheetSchool | None:
    urn = cells.read("school_urn", lambda text: _urn(text, known))
    calendar = cells.read("calendar", lambda text: _calendar(text, known))
    maths = cells.read("maths", _maths)
    hosts = cells.read("hosts", lambda text: read_yes(text, blank=True) if text else None)
    return SheetSchool(urn, calendar, maths, hosts) if urn is not None else None


def _person(cells: _Cells) -> SheetPerson | None:
    if not cells.row.cells["participant_name"] and not cells.row.cells["participant_email"]:
        return None
    name = cells.read("participant_name", _name)
    email = cells.read("participant_email", read_email)
    works = cells.read("working_days", _days)
    return SheetPerson(name, email, works) if name is not None and email is not None else None


def _code(text: str) -> str:
    tidy = plain(text)
    if not tidy or len(tidy) > LONGEST_CODE or "/" in tidy:
        raise ValueError(
            f"Every row needs the code of its group, such as NCP26-11-03: at most {LONGEST_CODE}, no slash."
        )
    return tidy


def _name(text: str) -> str:
    tidy = plain(text)
    if not tidy or len(tidy) > LONGEST_NAME:
        raise ValueError(f"A participant needs a name of at most {LONGEST_NAME} characters.")
    return tidy


def _programme(text: str) -> str:
    kind = PROGRAMMES.get(folded(text))
    if kind is None:
        raise ValueError("Write one of: Mastery Readiness, Development, Embedding, Sustaining, Introductory.")
    return kind


def _days(text: str) -> Week | None:
    return read_working_days(text) if text else None


def _maths(text: str) -> Week | None:
    if not text:
        return None
    return mornings() if folded(text) == "am" else read_working_days(text)


def _urn(text: str, known: Known) -> int:
    urn = read_urn(text)
    if urn in known.closed:
        heir = known.closed[urn]
        raise ValueError(f"This school has closed: give the URN of {heir or 'the school that continues it'}.")
    if urn not in known.schools:
        raise ValueError("No school with this URN is known here: correct it, or import the schools first.")
    return urn


def _calendar(text: str, known: Known) -> str | None:
    if not text:
        return None
    name = known.calendars.get(folded(text))
    if name is None:
        others = ", ".join(sorted(known.calendars.values())[:8])
        if not others:
            raise ValueError("There is no calendar in this year yet: import the term dates first.")
        raise ValueError(f"There is no calendar of this name in this year: import it first, or use one of: {others}.")
    return name
