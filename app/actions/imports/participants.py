"""Imports a participant sheet: a hub's Work Groups of a year with their leaders, schools and people."""

import re

from app.actions.access import Actor
from app.actions.imports.outcome import File, How, Outcome, Tally
from app.domain.access import Can
from app.domain.hubs.closures import ks2_week
from app.domain.imports import Row, collect, read_rows
from app.domain.people.participant_rows import LAYOUT
from app.domain.people.participants import Participants, read_participants
from app.kit.errors import BadInputError
from app.render.sheets import open_sheet
from app.store import hubs
from app.store.feeds.changes import facts_changed
from app.store.imports import copying
from app.store.imports.known import known
from app.store.imports.sheet import SheetChanges, write_sheet

MOST_ROWS = 20_000


async def import_participants(actor: Actor, file: File, how: How, year: int) -> Outcome:
    """Make and change groups, people and schools of the year, all or nothing; opens the year if the hub lacks it.

    Whoever the sheet leaves out stays in their group: a note names them. Raises BadInputError.
    """
    actor.require(Can.IMPORT)
    tally = Tally(file, how)
    rows = _rows(file)
    hub_id = actor.member.hub_id
    async with copying.trial(actor.db) as attempt:
        sheet = read_participants(rows, await known(actor.db, hub_id, year, _urns(rows)))
        tally.read = sheet.read
        collect(tally.rejected, sheet.rejected, file=file.name)
        await hubs.open_year(actor.db, hub_id, year, ks2_week(year))
        await hubs.ensure_programmes(actor.db, hub_id, year)
        done = await write_sheet(actor.db, hub_id, year, sheet, actor.now)
        created, updated = _counted(sheet, done)
        await facts_changed(actor.db, actor.now, groups=done.other_groups, leads=done.renamed)
        if tally.stays and (created or updated):
            await actor.record("Imported", f"participants from {file.name}", rows=tally.read, year=year)
        if not tally.stays:
            attempt.take_back()
    return tally.outcome(created, updated, _notes(done))


def _rows(file: File) -> list[Row]:
    rows: list[Row] = []
    for row in read_rows(open_sheet(file.path, name=file.name), LAYOUT):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise BadInputError(f"{file.name} has more than {MOST_ROWS:,} rows: import one year of one hub at a time.")
    return rows


def _urns(rows: list[Row]) -> set[int]:
    """Everything in the sheet that may be a URN."""
    cells = (row.cells[column] for row in rows for column in ("school_urn", "lead_base_urn"))
    return {int(found[0]) for cell in cells if (found := re.match(r"\d{5,7}", cell))}


def _counted(sheet: Participants, done: SheetChanges) -> tuple[int, int]:
    """Rows that put a person (or a school without one) into a group, and rows of which anything else is other."""
    created = updated = 0
    for line in sheet.lines:
        place = ("place", line.code, line.email)
        member = ("member", line.code, str(line.urn))
        own = place if line.email else member
        about = {
            place, member, ("group", line.code), ("school", str(line.urn)), ("person", line.email),
            ("person", line.lead_email),
        }  # fmt: skip
        if own in done.made:
            created += 1
        elif about & (done.made | done.changed):
            updated += 1
    return created, updated


def _notes(done: SheetChanges) -> list[str]:
    words = (("group", "Work Group"), ("school", "school"), ("person", "person"), ("place", "place in a group"))
    told = []
    for kind, word in words:
        new, other = done.count(kind, new=True), done.count(kind, new=False)
        many = {"person": "people", "place": "places in groups"}.get(kind, f"{word}s")
        if new:
            told.append(f"{new:,} new {word if new == 1 else many}.")
        if other:
            told.append(f"{other:,} changed {word if other == 1 else many}.")
    if done.left_out:
        told.append(f"In a group but not in this sheet, and kept there: {', '.join(done.left_out)}.")
    return told
