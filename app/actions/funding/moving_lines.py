"""A line moves between open statements."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.pence import pounds
from app.domain.funding.statements import Entry, may_move
from app.domain.schools.keeping import CHECK
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.store.funding import ledger_lines, rows, statements


async def move(actor: Actor, line_id: uuid.UUID, here_id: uuid.UUID, there_id: uuid.UUID) -> None:
    """Move a line from the open statement in which it was seen to another.

    Raises NotFoundError, ForbiddenError, ConflictError (it is elsewhere by now), and BadInputError for a statement
    that is closed, of another year or of another school.
    """
    actor.require(Can.CLAIM)
    hub_id = actor.member.hub_id
    found = await ledger_lines.one(actor.db, actor.member, line_id)
    if found is None:
        raise NotFoundError
    await statements.year_locked(actor.db, hub_id, found.statement.year)
    line = await ledger_lines.locked(actor.db, hub_id, line_id)
    if line is None:
        raise NotFoundError
    if line.statement_id != here_id:
        raise ConflictError("Somebody moved this line meanwhile. Look at where it is now.")
    held = {one: await statements.locked(actor.db, hub_id, one) for one in sorted({here_id, there_id})}
    here, there = held[here_id], held[there_id]
    if here is None or there is None:
        raise BadInputError(CHECK, (Fault("statement", "Choose one of the hub's open statements."),))
    code = actor.member.hub_code
    fault = may_move(Entry(str(line.id), rows.line(line)), rows.statement(code, here), rows.statement(code, there))
    if fault:
        raise BadInputError(CHECK, (fault,))
    await ledger_lines.move(actor.db, [line_id], there_id)
    about = f"a line of {pounds(line.pence)} from {here.reference} to {there.reference}"
    await actor.record("Moved", about, urn=line.urn, line=str(line_id))
