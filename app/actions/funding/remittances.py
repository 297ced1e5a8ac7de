"""A payment file: kept as it came, looked at row by row, and applied as a whole or not at all."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import asdict

from app.actions.access import Actor
from app.actions.funding import finance_files
from app.domain.funding.remittance import CAME_WORDS, Match, guess, match, says
from app.domain.funding.statements import Step, Stepped
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import academic_year, in_london
from app.models.funding import Remittance, StatementStep
from app.render.funding.payment_file import NAMES, columns_of, payments
from app.store.funding import remittances as stored
from app.store.funding import rows as funding_rows

PAYMENTS = "payments"
OTHER = "What is owed has changed since you looked at this file. Look at the rows again, and apply it then."
DOUBTFUL = "Nothing was applied: some rows are doubtful or could not be read. Correct the file and bring it in again."
NO_COLUMNS = "Choose at least which column is the reference and which is the amount."


async def hand_in(actor: Actor, name: str, file: bytes) -> uuid.UUID:
    """Keep the file as it came, with a guess which column is what; returns its id. Raises BadInputError."""
    year = academic_year(in_london(actor.now).date())
    row = Remittance(hub_id=actor.member.hub_id, kind=PAYMENTS, year=year, name=name, file=file)
    row.columns = asdict(guess(await finance_files.keep(actor, row)))
    return row.id


async def choose(actor: Actor, remittance_id: uuid.UUID, columns: Mapping[str, str]) -> None:
    """Say which column of the file is what. Raises BadInputError, NotFoundError, or ConflictError once settled."""
    row = await finance_files.waiting(actor, PAYMENTS, remittance_id)
    await finance_files.choose(row, NAMES, ("reference", "amount"), columns)


async def apply(actor: Actor, remittance_id: uuid.UUID, looked_at: str) -> str:
    """Record every payment of the file, all or nothing; returns what was recorded, in a sentence.

    Raises BadInputError where a row is doubtful, StaleError when what is owed is not what was looked at, NotFoundError,
    or ConflictError once it is settled.
    """
    row = await finance_files.waiting(actor, PAYMENTS, remittance_id)
    columns = columns_of(row.columns)
    if columns is None:
        raise BadInputError(NO_COLUMNS, (Fault("reference", NO_COLUMNS),))
    held = {one.id: one for one in await stored.held(actor.db, row.hub_id)}
    owed, name, file = await stored.owed(actor.db, row.hub_id), row.name, row.file
    found = await asyncio.to_thread(lambda: match(payments(name, file, columns), owed))  # large files take seconds
    if found.stamp != looked_at:
        raise StaleError(OTHER)
    if not found.ready:
        raise BadInputError(DOUBTFUL, (Fault("", DOUBTFUL),))
    meant = {uuid.UUID(one.owed.id) for one in found.rows if one.owed}
    known = {key: funding_rows.statement(actor.member.hub_code, held[key]) for key in meant}
    for one in found.rows:
        step = _payment(actor, row, one)
        taken = Stepped(Step.PAY, actor.person_id or funding_rows.NOBODY, actor.now, "", step.pence, str(step.row))
        known[step.statement_id] = known[step.statement_id].after(taken)
        actor.db.add(step)
    for key, after in known.items():
        held[key].state, held[key].paid = after.state.value, after.paid
        held[key].version += 1
    finance_files.settle(actor, row, "applied")
    row.told = {"says": says(found), "pence": found.pence, "rows": len(found.rows)}
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
