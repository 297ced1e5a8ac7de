"""What a hub keeps of a school in a year, read from what a person typed: each fault a sentence beside its field."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.domain.imports import read_date
from app.kit.errors import BadInputError, Fault
from app.kit.periods import WEEKDAYS, spoken_date, spoken_year, year_span
from app.kit.typed import Typed

LONGEST_NOTES, LONGEST_NAME = 2000, 100
MOST_HOSTED = 99
DAY_KINDS = {"closed": "closed", "busy": "busy"}
CHECK = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """What the hub may change of a school's year; `maths` as {"mon": ["am"]}, half terms from 0."""

    calendar_id: uuid.UUID | None
    maths: dict[str, list[str]]
    hosts: bool
    hosted_before: int
    rather_not_host: tuple[int, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class DayChange:
    """A school's own day: closed to everyone, or busy."""

    day: date
    kind: str
    name: str


def read_school(typed: Typed, calendars: Collection[str]) -> SchoolChange:
    """The change of a school; `calendars` are the ids on offer. Raises BadInputError with a fault for each field."""
    faults: list[Fault] = []
    calendar = typed.text("calendar")
    if calendar and calendar not in calendars:
        faults.append(Fault("calendar", "Choose a calendar from the list, or none."))
    before = typed.text("hosted_before") or "0"
    if not (before.isascii() and before.isdigit() and int(before) <= MOST_HOSTED):
        faults.append(Fault("hosted_before", f"Write how often the school has hosted before, from 0 to {MOST_HOSTED}."))
    notes = typed.text("notes")
    if len(notes) > LONGEST_NOTES:
        faults.append(Fault("notes", f"Keep the notes to {LONGEST_NOTES:,} characters: there are {len(notes):,}."))
    hosts, maths = typed.text("hosts") == "yes", _half_days(typed.every("maths"))
    if hosts and not maths:
        because = (
            "A host needs a maths lesson to watch: tick at least one half-day, or say that the school does not host."
        )
        faults.append(Fault("maths", because))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    rather_not = read_half_terms(typed, "rather_not_host")
    return SchoolChange(uuid.UUID(calendar) if calendar else None, maths, hosts, int(before), rather_not, notes)


def read_half_terms(typed: Typed, name: str) -> tuple[int, ...]:
    """The ticked half terms, from 0, in order; what is no half term is passed over."""
    return tuple(sorted({int(one) for one in typed.every(name) if one in {"0", "1", "2", "3", "4", "5"}}))


def read_day(typed: Typed, year: int) -> DayChange:
    """A school's own day. Raises BadInputError."""
    faults: list[Fault] = []
    day = None
    try:
        day = read_date(typed.text("day"))
    except ValueError:
        faults.append(Fault("day", "Write the day with day, month and year, such as 24/09/2026."))
    if day and not year_span(year).holds(day):
        faults.append(Fault("day", f"{spoken_date(day)} is not in {spoken_year(year)}: choose a day of that year."))
    elif day and day.weekday() > 4:
        faults.append(Fault("day", f"{spoken_date(day)} is at a weekend: no meeting is placed there anyway."))
    kind = typed.text("kind")
    if kind not in DAY_KINDS:
        faults.append(Fault("kind", "Say whether the school is closed or busy on that day."))
    name = typed.text("called")
    if len(name) > LONGEST_NAME:
        faults.append(Fault("called", f"Keep what happens that day to {LONGEST_NAME} characters."))
    if faults or day is None:
        raise BadInputError(CHECK, tuple(faults))
    return DayChange(day, kind, name or ("Closed" if kind == "closed" else "Busy"))


def _half_days(ticked: Collection[str]) -> dict[str, list[str]]:
    """The ticks "mon-am" as {"mon": ["am"]}, days in order."""
    week = {day: [slot for slot in ("am", "pm") if f"{day}-{slot}" in ticked] for day in WEEKDAYS}
    return {day: slots for day, slots in week.items() if slots}
