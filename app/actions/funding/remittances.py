"""A payment file: kept as it came, looked at row by row, and applied as a whole or not at all."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.remittance import CAME_WORDS, Match, guess, match, says
from app.domain.funding.statements import Step, Stepped
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import academic_year, in_london, spoken_date
from app.models.funding import Remittance, StatementStep
from app.render.funding.payment_file import MOST_BYTES, NAMES, columns_of, opened, payments
from app.store.funding import remittances as stored
from app.store.funding import rows as funding_rows

CHECK = "Look at what is marked below."
SETTLED = "This file was applied or set aside already."
OTHER = "What is owed has changed since you looked at this file. Look at the rows again, and apply it then."
DOUBTFUL = "Nothing was applied: some rows are doubtful or could not be read. Correct the file and bring it in again."
NO_COLUMNS = "Choose at least which column is the reference and which is the amount."


async def hand_in(actor: Actor, name: str, file: bytes) -> uuid.UUID:
    """Keep the file as it came, with a guess which column is what; returns its id. Raises BadInputError."""
    actor.require(Can.CLAIM)
    hub_id, digest = actor.member.hub_id, hashlib.sha256(file).hexdigest()
    if len(file) > MOST_BYTES:
        raise BadInputError(CHECK, (Fault("file", "A payment file has at most 10 MB: split it."),))
    known = await stored.same(actor.db, hub_id, digest)
    if known:
        day = spoken_date(in_london(known.uploaded_at).date())
        what = "applied" if known.state == "applied" else "still waits"
        told = f"The very same file was brought in on {day} as {known.name}, and {what}. Nothing was paid twice."
        raise BadInputError(CHECK, (Fault("file", told),))
    called = PurePath(name.replace("\\", "/")).name[-120:] or "file"
    try:
        header, _ = opened(called, file)
    except BadInputError as problem:
        raise BadInputError(CHECK, (Fault("file", problem.because),)) from problem
    row = Remittance(
        hub_id=hub_id,
        year=academic_year(in_london(actor.now).date()),
        name=called,
        file=file,
        digest=digest,
        columns=asdict(guess(header)),
        uploaded_at=actor.now,
        uploaded_by=actor.person_id,
    )
    actor.db.add(row)
    await actor.db.flush()
    await actor.record("Brought in", f"the payment file {called}", hub=str(hub_id))
    return row.id


async def choose(actor: Actor, remittance_id: uuid.UUID, columns: Mapping[str, str]) -> None:
    """Say which column of the file is what. Raises BadInputError, NotFoundError, or ConflictError once settled."""
    row = await _waiting(actor, remittance_id)
    header = {heading.strip() for heading in opened(row.name, row.file)[0]}
    chosen = {name: columns.get(name, "") for name in NAMES}
    faults = [
        Fault(name, f"The file has no column “{one}”.") for name, one in chosen.items() if one and one not in header
    ]
    faults += [Fault(name, NO_COLUMNS) for name in ("reference", "amount") if not chosen[name]]
    taken = [one for one in chosen.values() if one]
    faults += [
        Fault(name, "Another choice has this column already: choose one for each.")
        for name, one in chosen.items()
        if one and taken.count(one) > 1 and taken.index(one) != list(chosen).index(name)
    ][:1]
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    row.columns, row.version = chosen, row.version + 1


async def apply(actor: Actor, remittance_id: uuid.UUID, looked_at: str) -> str:
    """Record every payment of the file, all or nothing; returns what was recorded, in a sentence.

    Raises BadInputError where a row is doubtful, StaleError when what is owed is not what was looked at, NotFoundError,
    or ConflictError once it is settled.
    """
    row = await _waiting(actor, remittance_id)
    columns = columns_of(row.columns)
    if columns is None:
        raise BadInputError(NO_COLUMNS, (Fault("reference", NO_COLUMNS),))
    held = {one.id: one for one in await stored.held(actor.db, row.hub_id)}
    found = match(payments(row.name, row.file, columns), await stored.owed(actor.db, row.hub_id))
    if found.stamp != looked_at:
        raise StaleError(OTHER)
    if not found.ready:
        raise BadInputError(DOUBTFUL, (Fault("", DOUBTFUL),))
    meant = {uuid.UUID(one.owed.id) for one in found.rows if one.owed}
    known = {key: funding_rows.statement(actor.member.hub_code, held[key]) for key in meant}
    for one in found.rows:
        step = _payment(actor, row, one)
        key = step.statement_id
        taken = Stepped(Step.PAY, actor.person_id or funding_rows.NOBODY, actor.now, "", step.pence, str(step.row))
        known[key] = known[key].after(taken)
        actor.db.add(step)
    for key, after in known.items():
        held[key].state, held[key].paid = after.state.value, after.paid
        held[key].version += 1
    row.state, row.settled_at, row.settled_by = "applied", actor.now, actor.person_id
    row.told = {"says": says(found), "pence": found.pence, "rows": len(found.rows)}
    row.version += 1
    await actor.record("Applied", f"the payment file {row.name}: {says(found)}", hub=str(row.hub_id))
    return says(found)


def _payment(actor: Actor, row: Remittance, one: Match) -> StatementStep:
    return StatementStep(
        hub_id=row.hub_id,
        statement_id=uuid.UUID(one.owed.id if one.owed else ""),
        step=Step.PAY.value,
        by_id=actor.person_id,
        at=actor.now,
        because=f"{CAME_WORDS[one.came]} by row {one.payment.row} of {row.name}",
        pence=one.payment.pence,
        day=one.payment.day,
        remittance_id=row.id,
        row=one.payment.row,
    )


async def set_aside(actor: Actor, remittance_id: uuid.UUID) -> None:
    """Leave the file unapplied; it stays kept. Raises NotFoundError, or ConflictError once it is settled."""
    row = await _waiting(actor, remittance_id)
    row.state, row.settled_at, row.settled_by = "set aside", actor.now, actor.person_id
    row.version += 1
    await actor.record("Set aside", f"the payment file {row.name}", hub=str(row.hub_id))


async def take_up(actor: Actor, remittance_id: uuid.UUID) -> None:
    """Look again at a file that was set aside. Raises NotFoundError, or ConflictError where it was not."""
    actor.require(Can.CLAIM)
    row = await stored.locked(actor.db, actor.member.hub_id, remittance_id)
    if row is None:
        raise NotFoundError
    if row.state != "set aside" or await stored.same(actor.db, row.hub_id, row.digest):
        raise ConflictError("This file is not set aside, or the same file is here again already.")
    row.state, row.settled_at, row.settled_by = "waiting", None, None
    row.version += 1
    await actor.record("Took up again", f"the payment file {row.name}", hub=str(row.hub_id))


async def _waiting(actor: Actor, remittance_id: uuid.UUID) -> Remittance:
    actor.require(Can.CLAIM)
    row = await stored.locked(actor.db, actor.member.hub_id, remittance_id)
    if row is None:
        raise NotFoundError
    if row.state != "waiting":
        raise ConflictError(SETTLED)
    return row
