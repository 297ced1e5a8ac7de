"""Exports that make themselves: set up, changed, paused, deleted, and made, each morning or at once."""

import asyncio
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.funding.exporting import Asked, export
from app.domain.access import Can
from app.domain.funding.selection import Totals
from app.domain.funding.standing import Every, Of, Standing, To, days, faults_of, file_stem, next_on
from app.domain.mail.kinds import Kind
from app.kit.errors import BadInputError, Fault, HalftermError, NotFoundError, StaleError
from app.kit.periods import Span, in_london, spoken, spoken_date
from app.models.funding import StandingExport
from app.models.hubs import Hub
from app.store.funding import forms, standing
from app.store.mail import posting
from app.store.mail.posting import Written

log = structlog.get_logger()
LOOK = "Look at what is marked below."
TAKEN = "The hub has an export of this name: give it another."
CHANGED = "Somebody else changed this export while you had it open. Load the page again and make your change once more."


async def add(actor: Actor, draft: Standing) -> uuid.UUID:
    """Set an export up; it is made for the first time on its next day. Raises BadInputError."""
    actor.require(Can.CLAIM)
    await _check(actor, draft, None)
    first = next_on(Every(draft.every), in_london(actor.now).date())
    made = await standing.add(actor.db, actor.member.hub_id, draft, (first, actor.now), actor.person_id)
    await actor.record("Added", f"the export {draft.name}", hub=str(actor.member.hub_id))
    return made


async def _check(actor: Actor, draft: Standing, but: uuid.UUID | None) -> None:
    hub_id = actor.member.hub_id
    known = frozenset(str(one.id) for one in await forms.listed(actor.db, hub_id))
    addresses = frozenset(one.email for one in await standing.readers(actor.db, hub_id))
    faults = faults_of(draft, known, addresses)
    if not faults and await standing.name_taken(actor.db, hub_id, draft.name, but):
        faults = (Fault("name", TAKEN),)
    if faults:
        raise BadInputError(LOOK, faults)


async def _held(actor: Actor, export_id: uuid.UUID) -> StandingExport:
    actor.require(Can.CLAIM)
    row = await standing.locked(actor.db, actor.member.hub_id, export_id)
    if row is None:
        raise NotFoundError
    return row


async def change(actor: Actor, export_id: uuid.UUID, version: int, draft: Standing) -> None:
    """Change an export. Raises NotFoundError, StaleError or BadInputError."""
    row = await _held(actor, export_id)
    if row.version != version:
        raise StaleError(CHANGED)
    await _check(actor, draft, row.id)
    if row.every != draft.every:
        row.next_on = next_on(Every(draft.every), in_london(actor.now).date())
    standing.put(row, draft)
    row.version += 1
    await actor.db.flush()
    await actor.record("Changed", f"the export {draft.name}", hub=str(row.hub_id))


async def pause(actor: Actor, export_id: uuid.UUID, *, paused: bool) -> str:
    """Stop an export from making itself, or let it go on from its next day: its name. Raises NotFoundError."""
    row = await _held(actor, export_id)
    if paused != bool(row.paused_at):
        row.paused_at = actor.now if paused else None
        if not paused:
            row.next_on = next_on(Every(row.every), in_london(actor.now).date())
        row.version += 1
        await actor.db.flush()
        did = "Paused" if paused else "Resumed"
        await actor.record(did, f"the export {row.name}", hub=str(row.hub_id))
    return row.name


async def delete(actor: Actor, export_id: uuid.UUID) -> str:
    """Delete an export; files that it made stay: its name. Raises NotFoundError."""
    row = await _held(actor, export_id)
    name = row.name
    await actor.db.delete(row)
    await actor.db.flush()
    await actor.record("Deleted", f"the export {name}", hub=str(actor.member.hub_id))
    return name


@dataclass(frozen=True, slots=True)
class Place:
    """Where folders of exports lie: below the server's data."""

    data_dir: Path

    def of(self, code: str) -> Path:
        """The hub's folder, made when it is missing; only the server's own account reads it."""
        found = self.data_dir / "exports" / code
        found.mkdir(parents=True, exist_ok=True, mode=0o700)
        return found


async def run_now(actor: Actor, place: Place, export_id: uuid.UUID) -> str:
    """Make an export at once; its next day stays: what became of it. Raises NotFoundError or BadInputError."""
    row = await _held(actor, export_id)
    told = await _made(actor.db, place, row, actor.now)
    await actor.record("Made", f"the export {row.name}", hub=str(row.hub_id))
    return told


async def run_due(place: Place, db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> int:
    """Make every export of the hub that is due: how many. One that fails says so, and is tried the next morning."""
    today, done = in_london(now).date(), 0
    for row in await standing.due(db, hub_id, today):
        try:
            async with db.begin_nested():
                await _made(db, place, row, now)
        except (HalftermError, OSError) as problem:
            row.last_at, row.last_told = now, f"It could not be made: {problem}"
            log.warning("an export could not be made", export=str(row.id), because=str(problem))
        else:
            row.next_on, done = next_on(Every(row.every), today), done + 1
    await db.flush()
    return done


async def _made(db: AsyncSession, place: Place, row: StandingExport, now: datetime) -> str:
    """Make one export, into its folder or as a letter, and keep what became of it."""
    span = days(Of(row.span), in_london(now).date())
    told = await (_mail if row.to == To.MAIL else partial(_save, place))(db, row, span, now)
    row.last_at, row.last_told = now, told
    await db.flush()
    return told


async def _save(place: Place, db: AsyncSession, row: StandingExport, span: Span, now: datetime) -> str:
    """Write the whole file beside its place, then give it its name, which no other file has."""
    hub = await db.get_one(Hub, row.hub_id)
    form = await forms.one(db, row.hub_id, row.form_id) if row.form_id else None
    folder = await asyncio.to_thread(place.of, hub.code)
    with NamedTemporaryFile(dir=folder, suffix=".part") as held:
        totals = await export(db, Asked(row.hub_id, span, row.format, form), held, now)
        held.flush()
        name = _named(Path(held.name), f"{file_stem(row.name)}-{in_london(now).date().isoformat()}", row.format)
    return f"{_says(totals, span)} in exports/{hub.code}/{name}, made on {spoken(now)}."


def _named(part: Path, stem: str, ending: str) -> str:
    """Give the file its name: the first of stem, stem-2, stem-3 ... that is free."""
    for number in range(1, 10_000):
        name = f"{stem}{'' if number == 1 else f'-{number}'}.{ending}"
        try:
            os.link(part, part.parent / name)
        except FileExistsError:
            continue
        return name
    raise OSError(f"{part.parent} holds 10,000 files of this name")


def _says(totals: Totals, span: Span) -> str:
    lines = "1 line" if totals.every.lines == 1 else f"{totals.every.lines:,} lines"
    return f"{_spoken(span)}: {lines}"


async def _mail(db: AsyncSession, row: StandingExport, span: Span, now: datetime) -> str:
    """Write to those who still may see the ledger; the file itself is behind their sign-in."""
    readers = [one for one in await standing.readers(db, row.hub_id) if one.email in row.addresses]
    if not readers:
        raise BadInputError("Nobody of those it goes to may see the ledger any more: choose others.")
    hub = await db.get_one(Hub, row.hub_id)
    where = f"funder-forms/{row.form_id}/export" if row.form_id else "lines/lines"
    href = f"/hubs/{hub.code}/{where}.{row.format}?first={span.first.isoformat()}&last={span.last.isoformat()}"
    text = "\n\n".join(
        (
            "Hello",
            f"The export “{row.name}” is of {_spoken(span)}.",
            "Download it: {file}",
            "You sign in first: what schools are paid is not sent by mail.",
        )
    )
    letters = [
        Written(
            Kind.OFFICE,
            one.email,
            f"Export: {row.name}, {_spoken(span)}",
            text,
            person_id=one.person_id,
            links={"file": ("page", href)},
        )
        for one in readers
    ]
    await posting.post(db, row.hub_id, letters, now)
    people = "1 person" if len(readers) == 1 else f"{len(readers)} people"
    missing = len(set(row.addresses) - {one.email for one in readers})
    left = f" {missing} of those it goes to may not see the ledger any more." if missing else ""
    return f"{_spoken(span)}: mailed to {people} on {spoken(now)}.{left}"


def _spoken(span: Span) -> str:
    return f"{spoken_date(span.first)} to {spoken_date(span.last)}"
