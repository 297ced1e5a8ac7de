"""A school asks about a line of what it is paid: while it waits the line stays out of what is closed."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.funding.pence import pounds
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import spoken_date
from app.models.funding import LineQuery
from app.store.funding import ledger_lines, queries, statements

CHECK = "Look at what is marked below."
MOST = 2000
WAITS = "This line is queried already. It is answered first."
ANSWERED = "This query is answered already. Ask again about the line if something is still unclear."


async def ask(actor: Actor, line_id: uuid.UUID, words: str) -> uuid.UUID:
    """Query a line of one's own school; returns the query's id. Whoever closes or renews the year comes after it.

    Raises NotFoundError, BadInputError without words, ConflictError while an earlier query waits.
    """
    hub_id = actor.member.hub_id
    year = await ledger_lines.year_of(actor.db, hub_id, line_id)
    if year is not None:
        await statements.year_locked(actor.db, hub_id, year)
    line = await ledger_lines.locked(actor.db, hub_id, line_id)
    if line is None:
        raise NotFoundError
    actor.require(Can.QUERY_LINE, Target(hub_id, urns=frozenset({line.urn})))
    said = _words(words, "words", "Say what does not look right: whoever answers needs it.")
    if await queries.waiting_of(actor.db, line_id):
        raise ConflictError(WAITS)
    row = LineQuery(
        hub_id=hub_id,
        line_id=line_id,
        urn=line.urn,
        says=f"{pounds(line.pence)} on {spoken_date(line.day)}: {line.because}",
        words=said,
        asked_at=actor.now,
        by_id=actor.person_id,
    )
    actor.db.add(row)
    await actor.db.flush()
    await actor.record("Queried", f"a line of {pounds(line.pence)}", urn=line.urn, hub=str(row.hub_id))
    return row.id


async def answer(actor: Actor, query_id: uuid.UUID, words: str) -> None:
    """Answer a query: the line is claimed again. Raises NotFoundError, BadInputError or ConflictError."""
    actor.require(Can.CLAIM)
    row = await _waiting(actor, query_id)
    row.answer = _words(words, "answer", "Write what the school should know: it reads this.")
    row.answered_at, row.answered_by = actor.now, actor.person_id
    await actor.record("Answered", "a query of a line", hub=str(row.hub_id))


async def take_back(actor: Actor, query_id: uuid.UUID) -> uuid.UUID | None:
    """Take one's own query back before it is answered; returns the line's id, or nothing where the line went.

    Raises NotFoundError, ForbiddenError for another school's, ConflictError once it is answered.
    """
    found = await queries.locked(actor.db, actor.member.hub_id, query_id)
    if found is None:
        raise NotFoundError
    line = await ledger_lines.locked(actor.db, actor.member.hub_id, found.line_id) if found.line_id else None
    urn = line.urn if line else found.urn
    actor.require(Can.QUERY_LINE, Target(actor.member.hub_id, urns=frozenset({urn} if urn else ())))
    if found.answered_at:
        raise ConflictError(ANSWERED)
    found.answer, found.answered_at, found.answered_by = "Taken back by the school.", actor.now, actor.person_id
    await actor.record("Took back", "a query of a line", urn=urn, hub=str(found.hub_id))
    return line.id if line else None


async def _waiting(actor: Actor, query_id: uuid.UUID) -> LineQuery:
    row = await queries.locked(actor.db, actor.member.hub_id, query_id)
    if row is None:
        raise NotFoundError
    if row.answered_at:
        raise ConflictError(ANSWERED)
    return row


def _words(said: str, path: str, because: str) -> str:
    text = said.strip()
    if not text:
        raise BadInputError(CHECK, (Fault(path, because),))
    if len(text) > MOST:
        raise BadInputError(CHECK, (Fault(path, f"At most {MOST:,} letters; this has {len(text):,}."),))
    return text
