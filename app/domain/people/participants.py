"""The participant sheet, one row a participant, as Work Groups with their leaders, schools and people.

Facts that several rows repeat must agree: the row that disagrees is refused and names the row it disagrees with. The
layout is told in docs/rules/imports.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.domain.imports import Rejected, Row, plain
from app.domain.people.participant_rows import Known, Line, SheetPerson, SheetSchool, read_line
from app.domain.people.working_days import Week, in_words, mornings, whole_week


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A person's place in a group: the school they come from and their role there, in the hub's own words."""

    email: str
    urn: int
    role: str
    row: Row


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What one row is about; `email` is empty where nobody is named yet."""

    code: str
    lead_email: str
    urn: int
    email: str


@dataclass(slots=True)
class SheetGroup:
    """A Work Group as the sheet gives it; `programme` is a kind such as "development"."""

    code: str
    programme: str
    lead_email: str
    row: int
    schools: list[int] = field(default_factory=list)
    places: list[SheetPlace] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Participants:
    """Everything a sheet holds, each group, person and school once."""

    groups: tuple[SheetGroup, ...]
    people: Mapping[str, SheetPerson]
    schools: Mapping[int, SheetSchool]
    lines: tuple[SheetLine, ...]
    read: int
    rejected: tuple[Rejected, ...]


def read_participants(rows: Iterable[Row], known: Known) -> Participants:
    """The groups of a sheet, and every cell that cannot be taken; a refused row adds nothing."""
    gathered = _Gathered()
    for row in rows:
        gathered.read += 1
        line = read_line(row, known)
        faults = list(gathered.clashes(line)) if isinstance(line, Line) else line
        if isinstance(line, Line) and not faults:
            gathered.add(line)
        gathered.rejected += faults
    gathered.rejected += gathered.doubled_half_days()
    return Participants(
        groups=tuple(gathered.groups.values()),
        people=gathered.people,
        schools=gathered.schools,
        lines=tuple(gathered.lines),
        read=gathered.read,
        rejected=tuple(gathered.rejected),
    )


class _Gathered:
    """What the rows so far have said, and in which row first."""

    def __init__(self) -> None:
        self.groups: dict[str, SheetGroup] = {}
        self.people: dict[str, SheetPerson] = {}
        self.schools: dict[int, SheetSchool] = {}
        self.school_of: dict[str, int] = {}
        self.said_in: dict[tuple[str, object], int] = {}
        self.lines: list[SheetLine] = []
        self.rejected: list[Rejected] = []
        self.read = 0

    def clashes(self, line: Line) -> Iterator[Rejected]:
        """What the row says otherwise than an earlier one."""
        yield from self._group_clashes(line)
        yield from self._school_clashes(line)
        yield from self._person_clashes(line, line.lead, ("lead_name", "lead_days", "lead_base_urn"))
        if line.person:
            yield from self._person_clashes(line, line.person, ("participant_name", "working_days", ""))
            yield from self._place_clashes(line, line.person)

    def add(self, line: Line) -> None:
        """Take the row."""
        group = self.groups.setdefault(
            line.code.casefold(), SheetGroup(line.code, line.programme, line.lead.email, line.row.number)
        )
        email = line.person.email if line.person else ""
        self.lines.append(SheetLine(group.code, line.lead.email, line.school.urn, email))
        if line.school.urn not in group.schools:
            group.schools.append(line.school.urn)
        self._know_school(line)
        self._know_person(line, line.lead)
        if line.person:
            self._know_person(line, line.person)
            self.school_of.setdefault(line.person.email, line.school.urn)
            self.said_in.setdefault((line.code.casefold(), line.person.email), line.row.number)
            group.places.append(SheetPlace(line.person.email, line.school.urn, line.role, line.row))

    def _know_school(self, line: Line) -> None:
        had, new = self.schools.get(line.school.urn, line.school), line.school
        self.schools[new.urn] = replace(
            had,
            calendar=had.calendar or new.calendar,
            maths=had.maths or new.maths,
            hosts=new.hosts if had.hosts is None else had.hosts,
        )
        self.said_in.setdefault(("school", new.urn), line.row.number)

    def _know_person(self, line: Line, new: SheetPerson) -> None:
        had = self.people.get(new.email, new)
        self.people[new.email] = replace(
            had, name=had.name or new.name, works=had.works or new.works, base_urn=had.base_urn or new.base_urn
        )
        self.said_in.setdefault(("person", new.email), line.row.number)

    def _group_clashes(self, line: Line) -> Iterator[Rejected]:
        group = self.groups.get(line.code.casefold())
        if not group:
            return
        if group.programme != line.programme:
            because = f"Group {line.code} has another programme in row {group.row}: a group has one."
            yield line.row.reject("programme", because)
        if group.lead_email != line.lead.email:
            because = f"Group {line.code} is led by {group.lead_email} in row {group.row}: a group has one leader."
            yield line.row.reject("lead_email", because)

    def _school_clashes(self, line: Line) -> Iterator[Rejected]:
        had, new = self.schools.get(line.school.urn), line.school
        if not had:
            return
        row = self.said_in["school", new.urn]
        if had.calendar and new.calendar and had.calendar != new.calendar:
            because = f"This school keeps the calendar {had.calendar} in row {row}: a school has one calendar a year."
            yield line.row.reject("calendar", because)
        if had.maths and new.maths and had.maths != new.maths:
            because = f"This school has maths on {in_words(had.maths)} in row {row}: the rows of a school must agree."
            yield line.row.reject("maths", because)
        if had.hosts is not None and new.hosts is not None and had.hosts != new.hosts:
            said = "hosts" if had.hosts else "does not host"
            yield line.row.reject("hosts", f"This school {said} in row {row}: the rows of a school must agree.")

    def _person_clashes(self, line: Line, new: SheetPerson, columns: tuple[str, str, str]) -> Iterator[Rejected]:
        had = self.people.get(new.email)
        if not had:
            return
        row = self.said_in["person", new.email]
        if had.name and new.name and plain(had.name).casefold() != plain(new.name).casefold():
            because = f"{new.email} is {had.name} in row {row}: one person has one e-mail address and one name."
            yield line.row.reject(columns[0], because)
        if had.works and new.works and had.works != new.works:
            because = f"{new.email} works {in_words(had.works)} in row {row}: the rows of a person must agree."
            yield line.row.reject(columns[1], because)
        if had.base_urn and new.base_urn and had.base_urn != new.base_urn:
            because = f"{new.email} is based at {had.base_urn} in row {row}: a leader has one base."
            yield line.row.reject(columns[2], because)

    def _place_clashes(self, line: Line, person: SheetPerson) -> Iterator[Rejected]:
        if person.email == line.lead.email:
            because = f"{person.email} leads group {line.code}: a leader is not also its participant, so leave one out."
            yield line.row.reject("participant_email", because)
        before = self.said_in.get((line.code.casefold(), person.email))
        if before:
            because = f"{person.email} is in group {line.code} already, in row {before}: keep one of the two rows."
            yield line.row.reject("participant_email", because)
        urn = self.school_of.get(person.email, line.school.urn)
        if urn != line.school.urn:
            row = self.said_in["person", person.email]
            because = f"{person.email} comes from school {urn} in row {row}: a participant comes from one school."
            yield line.row.reject("school_urn", because)

    def doubled_half_days(self) -> list[Rejected]:
        """People in two groups that can both meet on one and the same half-day of the week only; those places go."""
        faults: list[Rejected] = []
        only: dict[tuple[str, str], str] = {}
        for group in self.groups.values():
            half_days = self._half_days(group)
            if len(half_days) != 1:
                continue
            half_day = half_days.pop()
            for place in list(group.places):
                other = only.setdefault((place.email, half_day), group.code)
                if other != group.code:
                    because = (
                        f"{place.email} is in groups {other} and {group.code}, and both can meet on {half_day} only: "
                        "leave one out, or give a group another half-day."
                    )
                    faults.append(place.row.reject("participant_email", because))
                    group.places.remove(place)
        return faults

    def _half_days(self, group: SheetGroup) -> set[str]:
        """The half-days of the week on which the leader works and some host has maths."""
        works: Week = self.people[group.lead_email].works or whole_week()
        found: set[str] = set()
        for school in (self.schools[urn] for urn in group.schools):
            maths = (school.maths or mornings()) if school.hosts is not False else {}
            found |= {
                f"{day.capitalize()} {half}" for day in works for half in works[day] if half in maths.get(day, ())
            }
        return found
