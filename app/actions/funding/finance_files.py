"""A finance system's file: kept as it came, read by chosen columns, set aside or taken up again."""

import asyncio
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from app.actions.access import Actor
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.models.funding import Remittance
from app.render.funding.payment_file import MOST_BYTES, opened
from app.store.funding import remittances as stored
from app.store.funding import statements

CHECK = "Look at what is marked below."
SETTLED = "This file was applied or set aside already."
CALLED = {"payments": "the payment file", "ledger": "the ledger kept before,"}


async def keep(actor: Actor, row: Remittance) -> tuple[str, ...]:
    """Keep a new file as it came, once; returns its headings, by which its columns are guessed.

    `row` has its kind, year, name and bytes. Raises BadInputError for a file that cannot be read or is here already.
    """
    actor.require(Can.CLAIM)
    digest = hashlib.sha256(row.file).hexdigest()
    if len(row.file) > MOST_BYTES:
        raise BadInputError(CHECK, (Fault("file", "A file has at most 10 MB: split it."),))
    await statements.year_locked(actor.db, row.hub_id, row.year)  # sent twice at once, the second finds the first
    known = await stored.same(actor.db, row.hub_id, digest)
    if known:
        day = spoken_date(in_london(known.uploaded_at).date())
        what = "was applied" if known.state == "applied" else "still waits"
        told = f"The very same file was brought in on {day} as {known.name}, and {what}. Nothing was taken in twice."
        raise BadInputError(CHECK, (Fault("file", told),))
    row.name = PurePath(row.name.replace("\\", "/")).name[-120:] or "file"
    try:
        header, _ = await asyncio.to_thread(opened, row.name, row.file)  # large files take seconds
    except BadInputError as problem:
        raise BadInputError(CHECK, (Fault("file", problem.because),)) from problem
    row.digest, row.uploaded_at, row.uploaded_by = digest, actor.now, actor.person_id
    actor.db.add(row)
    await actor.db.flush()
    await actor.record("Brought in", f"{CALLED[row.kind]} {row.name}", hub=str(row.hub_id))
    return header


async def waiting(actor: Actor, kind: str, file_id: uuid.UUID) -> Remittance:
    """The file of this kind, held for a change. Raises NotFoundError, or ConflictError once it is settled."""
    actor.require(Can.CLAIM)
    row = await stored.locked(actor.db, actor.member.hub_id, file_id)
    if row is None or row.kind != kind:
        raise NotFoundError
    if row.state != "waiting":
        raise ConflictError(SETTLED)
    return row


async def choose(row: Remittance, names: Sequence[str], needed: Sequence[str], columns: Mapping[str, str]) -> None:
    """Say which column of the file is what. Raises BadInputError that names each choice to change."""
    header = set((await asyncio.to_thread(opened, row.name, row.file))[0])
    chosen = {name: columns.get(name, "") for name in names}
    faults: list[Fault] = []
    taken: set[str] = set()
    for name, one in chosen.items():
        if not one and name in needed:
            faults.append(Fault(name, "Choose which column this is: the file cannot be read without it."))
        elif one and one not in header:
            faults.append(Fault(name, f"The file has no column “{one}”."))
        elif one in taken:
            faults.append(Fault(name, "Another choice has this column already: choose one for each."))
        taken |= {one} - {""}
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    row.columns, row.version = chosen, row.version + 1


def settle(actor: Actor, row: Remittance, state: str) -> None:
    """Note what became of the file, by whom and when."""
    row.state, row.settled_at, row.settled_by = state, actor.now, actor.person_id
    row.version += 1


async def set_aside(actor: Actor, kind: str, file_id: uuid.UUID) -> None:
    """Leave the file unapplied; it stays kept. Raises NotFoundError, or ConflictError once it is settled."""
    row = await waiting(actor, kind, file_id)
    settle(actor, row, "set aside")
    await actor.record("Set aside", f"{CALLED[kind]} {row.name}", hub=str(row.hub_id))


async def take_up(actor: Actor, kind: str, file_id: uuid.UUID) -> None:
    """Look again at a file that was set aside. Raises NotFoundError, or ConflictError where it was not."""
    actor.require(Can.CLAIM)
    row = await stored.locked(actor.db, actor.member.hub_id, file_id)
    if row is None or row.kind != kind:
        raise NotFoundError
    if row.state != "set aside" or await stored.same(actor.db, row.hub_id, row.digest):
        raise ConflictError("This file is not set aside, or the same file is here again already.")
    row.state, row.settled_at, row.settled_by = "waiting", None, None
    row.version += 1
    await actor.record("Took up again", f"{CALLED[kind]} {row.name}", hub=str(row.hub_id))
