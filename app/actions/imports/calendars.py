"""Imports term dates of a hub's schools, from a table or from a calendar file."""

from dataclasses import dataclass

from app.actions.access import Actor
from app.actions.imports.outcome import File, How, Outcome, Tally
from app.domain.access import Can
from app.domain.imports import folded, read_rows
from app.domain.schools.calendars import SchoolCalendar, calendars
from app.domain.schools.term_dates import LAYOUT, Entry, read_entry
from app.domain.schools.term_events import entries
from app.kit.periods import spoken_date, spoken_year
from app.render.schools import is_calendar, read_term_events
from app.render.sheets import open_sheet
from app.store.imports import copying
from app.store.imports.calendars import CalendarWriting, write_calendar


@dataclass(frozen=True, slots=True)
class _Read:
    lines: list[Entry]
    made: list[SchoolCalendar]


async def import_calendars(actor: Actor, file: File, how: How, name: str = "") -> Outcome:
    """Make and change calendars, all or nothing; a calendar that the file names is written anew as the file has it.

    A calendar file (ICS) becomes one calendar called `name`, or what the file calls itself. Raises BadInputError.
    """
    actor.require(Can.IMPORT)
    tally = Tally(file, how)
    read = _from_ics(tally, name) if is_calendar(file.path) else _from_table(tally)
    created = updated = 0
    notes: list[str] = []
    async with copying.trial(actor.db) as attempt:
        for calendar in read.made:
            written = await write_calendar(actor.db, actor.member.hub_id, calendar)
            lines = _lines_of(read.lines, calendar)
            created += lines if written.is_new else 0
            updated += lines if written.is_changed else 0
            notes += _notes(calendar, written)
        if tally.stays and (created or updated):
            await actor.record("Imported", f"term dates from {file.name}", rows=tally.read)
        if not tally.stays:
            attempt.take_back()
    return tally.outcome(created, updated, notes)


def _from_table(tally: Tally) -> _Read:
    rows = read_rows(open_sheet(tally.file.path, name=tally.file.name), LAYOUT)
    lines: list[Entry] = []
    broken: set[str] = set()
    for row in rows:
        answer = read_entry(row)
        tally.read += 1
        if isinstance(answer, Entry):
            lines.append(answer)
        else:
            tally.rejected += answer
            broken.add(folded(row.cells["calendar"]))
    made, faults = calendars(lines, broken=frozenset(broken))
    tally.rejected += faults
    return _Read(lines, made)


def _from_ics(tally: Tally, name: str) -> _Read:
    found = read_term_events(tally.file.path, name=tally.file.name)
    lines = entries(found.events, name or found.name)
    made, faults = calendars(lines, passing_over=True)
    tally.read = found.read
    tally.rejected += [*found.rejected, *faults]
    return _Read(lines, [] if found.rejected and not tally.how.skip_rejected else made)


def _lines_of(lines: list[Entry], calendar: SchoolCalendar) -> int:
    return sum(1 for line in lines if folded(line.calendar) == folded(calendar.name) and line.year == calendar.year)


def _notes(calendar: SchoolCalendar, written: CalendarWriting) -> list[str]:
    told = f"{calendar.name}, {spoken_year(calendar.year)}"
    if written.is_new:
        off = len(calendar.days_off)
        return [f"{told}: a new calendar of six half terms and {off} INSET or closed {'day' if off == 1 else 'days'}."]
    changes = [f"{told}: {change}." for change in written.changes]
    return [*changes, *(f"{told}: {spoken_date(day)} is no longer a day off." for day in written.gone)]
