"""A ledger that was kept elsewhere: looked at, taken in whole or not at all, taken back while nothing is closed."""

import asyncio
import uuid
from collections.abc import Mapping

from app.actions.access import Actor
from app.actions.funding import finance_files
from app.domain.access import Can
from app.domain.funding.brought import NAMES, NEEDED, Brought, Row, by_reference, guess, read, says
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import academic_year, in_london, spoken_year, year_span
from app.models.funding import Remittance, Statement
from app.render.funding.payment_file import opened
from app.store.funding import brought as stored
from app.store.funding import remittances as files
from app.store.funding import statements

LEDGER = "ledger"
OTHER = "What this file would become has changed since you looked at it. Look at its rows again, and take it in then."
NOT_READY = "Nothing was taken in: some rows cannot be taken. Correct the file and bring it in again."
CLOSED = "A statement of this ledger is closed, or holds lines from elsewhere, so it can no longer be taken back whole."
ASKED = "A school asks about a line of this ledger. Answer it first, then take the ledger back."


async def hand_in(actor: Actor, name: str, file: bytes, year: int) -> uuid.UUID:
    """Keep the file as it came, with a guess which column is what; returns its id. Raises BadInputError."""
    this = academic_year(in_london(actor.now).date())
    if not 2000 <= year <= this:
        told = f"Choose a grant year up to {spoken_year(this)}: what is yet to happen cannot be brought forward."
        raise BadInputError(finance_files.CHECK, (Fault("year", told),))
    row = Remittance(hub_id=actor.member.hub_id, kind=LEDGER, year=year, name=name, file=file)
    row.columns = guess(await finance_files.keep(actor, row))
    return row.id


async def choose(actor: Actor, file_id: uuid.UUID, columns: Mapping[str, str]) -> None:
    """Say which column of the file is what. Raises BadInputError, NotFoundError, or ConflictError once settled."""
    row = await finance_files.waiting(actor, LEDGER, file_id)
    await finance_files.choose(row, NAMES, NEEDED, columns)


async def take_in(actor: Actor, file_id: uuid.UUID, looked_at: str) -> int:
    """Make the file's rows lines in statements of its year, all or nothing; returns how many statements.

    A statement for each reference that the file names, and one of the hub for rows that name none. They are open: one
    person closes them, another approves. Raises BadInputError, StaleError, NotFoundError or ConflictError.
    """
    row = await finance_files.waiting(actor, LEDGER, file_id)
    await statements.year_locked(actor.db, row.hub_id, row.year)
    found = await read_file(actor, row)
    if says(found) != looked_at:
        raise StaleError(OTHER)
    if not found.ready:
        raise BadInputError(NOT_READY, (Fault("", NOT_READY),))
    groups = by_reference(found)
    named = {
        reference or f"{actor.member.hub_code}-{row.year % 100:02d}-BROUGHT": some for reference, some in groups.items()
    }
    known = await stored.taken(actor.db, row.hub_id, list(named))
    if known:
        because = f"Statements {', '.join(known[:5])} are here already: rename them in the file and bring it in again."
        raise BadInputError(because, (Fault("", because),))
    made = [await _statement(actor, row, reference, some) for reference, some in named.items()]
    finance_files.settle(actor, row, "applied")
    row.told = {"says": says(found), "pence": found.pence, "rows": len(found.rows), "statements": made}
    await actor.record("Took in", f"the ledger {row.name}: {says(found)}", hub=str(row.hub_id))
    return len(made)


async def take_back(actor: Actor, file_id: uuid.UUID) -> None:
    """Remove what the file became, while all of it is open; the file is set aside, and can be taken up again.

    Raises NotFoundError, or ConflictError once something of it is closed, or while a school asks about it.
    """
    actor.require(Can.CLAIM)
    row = await files.locked(actor.db, actor.member.hub_id, file_id)
    if row is None or row.kind != LEDGER:
        raise NotFoundError
    if row.state != "applied":
        raise ConflictError("This ledger is not taken in.")
    await statements.year_locked(actor.db, row.hub_id, row.year)
    ids = [uuid.UUID(one) for one in row.told.get("statements", ())]
    held = await stored.of(actor.db, row.hub_id, ids)
    if any(one.state != "open" for one in held) or await stored.other_lines(actor.db, row.hub_id, ids):
        raise ConflictError(CLOSED)
    if await stored.asked_about(actor.db, row.hub_id, ids):
        raise ConflictError(ASKED)
    await stored.take_back(actor.db, row.hub_id, ids)
    finance_files.settle(actor, row, "set aside")
    row.told = {}
    await actor.record("Took back", f"the ledger {row.name}", hub=str(row.hub_id))


async def read_file(actor: Actor, row: Remittance) -> Brought:
    """What the file becomes with the columns that were chosen: two statements."""
    header, cells = await asyncio.to_thread(opened, row.name, row.file)  # large files take seconds
    place = header.index(row.columns["school"]) if row.columns.get("school") in header else None
    said = {line[place].strip() for _, line in cells if place is not None and place < len(line)}
    known = await stored.known(actor.db, row.hub_id, said)
    columns, year = row.columns, row.year
    return await asyncio.to_thread(read, header, cells, columns, year, known)


async def _statement(actor: Actor, row: Remittance, reference: str, some: tuple[Row, ...]) -> str:
    span = year_span(row.year)
    urns = {one.line.urn for one in some}
    statement = Statement(
        hub_id=row.hub_id,
        year=row.year,
        first=span.first,
        last=span.last,
        reference=reference,
        urn=urns.pop() if len(urns) == 1 else None,
        opened_at=actor.now,
    )
    key = str(row.id)[-12:]
    await stored.add(actor.db, statement, [one.line._replace(key=f"{one.line.key}|{key}") for one in some])
    return str(statement.id)
