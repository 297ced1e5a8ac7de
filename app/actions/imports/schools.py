"""Imports what the Department for Education says of schools: public facts, the same for every hub."""

from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.imports.outcome import File, How, Outcome, Tally
from app.domain.imports import read_rows, read_values
from app.domain.schools import gias
from app.kit.errors import BadInputError
from app.render.sheets import open_sheet
from app.store.feeds import look_again
from app.store.imports import copying, national
from app.store.stages import register


async def import_schools(db: AsyncSession, file: File, how: How, authorities: frozenset[str] = frozenset()) -> Outcome:
    """Make and change schools from a GIAS extract, all or nothing; only those of the `authorities` (codes), if any.

    Schools that the file does not name stay as they are. One that closes becomes a task of each hub where something
    points to it (docs/rules/register.md). Raises BadInputError for a file that cannot be read at all.
    """
    sheet = open_sheet(file.path, name=file.name)
    rows = read_values(sheet, gias.LAYOUT)
    if authorities and "LA (code)" not in sheet.header:
        raise BadInputError(f"{file.name} has no column LA (code), so authorities cannot be picked from it.")
    tally = Tally(file, how)
    async with copying.trial(db) as attempt:
        await register.remember_closed(db)
        written = await national.write_schools(db, tally.good(gias.read_schools(rows, authorities)))
        if authorities and not tally.read:
            asked = ", ".join(sorted(authorities))
            raise BadInputError(f"{file.name} holds no school of authority {asked}: check the code.")
        if written.updated:
            await look_again(db)
        if written.created or written.updated:
            await register.schools_changed(db, how.now)
        if not tally.stays:
            attempt.take_back()
    return tally.outcome(written.created, written.updated, written.changes)


async def import_school_links(db: AsyncSession, file: File, how: How) -> Outcome:
    """Make and change links between schools from a GIAS links file, all or nothing. Raises BadInputError.

    A school that something points to, and that the file newly gives a successor, becomes a task of its hubs.
    """
    rows = read_rows(open_sheet(file.path, name=file.name), gias.LINKS_LAYOUT)
    tally = Tally(file, how)
    async with copying.trial(db) as attempt:
        await register.remember_links(db)
        links = tally.good(gias.read_link(row) for row in rows)
        written = await national.write_links(db, _once(links))
        if written.created:
            await register.links_changed(db, how.now)
        if not tally.stays:
            attempt.take_back()
    return tally.outcome(written.created, written.updated)


def _once(links: Iterator[gias.SchoolLink]) -> Iterator[gias.SchoolLink]:
    """Each link once: the real file repeats some."""
    seen: set[tuple[int, int, str]] = set()
    for link in links:
        key = (link.urn, link.linked_urn, link.kind)
        if key not in seen:
            seen.add(key)
            yield link
