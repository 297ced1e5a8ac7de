"""What is done with statements: closed, approved by a second person, submitted, paid, reconciled."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.access import Actor
from app.actions.funding import renewing
from app.actions.funding.placing import place
from app.domain.funding import statements as rules
from app.domain.funding.pence import pounds
from app.domain.funding.statements import FROM, NEEDS, STEP_WORDS, Entry, State, Step, Stepped
from app.domain.schools.keeping import CHECK
from app.domain.stages.criteria import times
from app.kit.errors import BadInputError, ConflictError, Fault, ForbiddenError, NotFoundError, StaleError
from app.kit.periods import in_london
from app.models.funding import FundingYear, Statement
from app.store.funding import ledger_lines, rows, statements
from app.store.schools import changing

CHANGED = "Somebody changed this statement meanwhile. Look at how it stands now."
OTHERWISE = "The figures have changed since you looked: what happened was brought up to date. Look at them once more."
DID = {
    Step.CLOSE: "Closed",
    Step.APPROVE: "Approved",
    Step.REVERSE: "Took back the approval of",
    Step.SUBMIT: "Submitted",
    Step.PAY: "Recorded a payment of",
    Step.RECONCILE: "Reconciled",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A statement as the person saw it; `pence`, `lines` and how many of them are `queried` matter where it closes."""

    id: uuid.UUID
    version: int
    pence: int = 0
    lines: int = 0
    queried: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid, in pence (minus: paid back), on which day."""

    pence: int
    day: date


async def close(actor: Actor, chosen: Sequence[Chosen]) -> None:
    """Bring the open statements up to date, then close these, all or none; what is queried goes to the next open one.

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError (closed already, or the figures are not what was
    seen), and BadInputError for a statement without a line.
    """
    actor.require(NEEDS[Step.CLOSE])
    by = _person(actor)
    years = await _refuse_unless(actor, chosen, Step.CLOSE)
    for year in sorted(set(years.values())):
        held = await statements.year_locked(actor.db, actor.member.hub_id, year)
        await renewing.renew(actor.db, actor.member.hub_id, year, actor.now)
        async with actor.db.begin_nested():  # refused, the figures that were brought up to date are what is shown
            await _close_of_year(actor, held, [one for one in chosen if years[one.id] == year], by)


async def _refuse_unless(actor: Actor, chosen: Sequence[Chosen], step: Step) -> dict[uuid.UUID, int]:
    """Refuse what was changed or may not take the step, before anything is brought up to date; their grant years."""
    if not chosen:
        raise BadInputError(CHECK, (Fault("statement", "Choose one statement or more."),))
    found = {one.row.id: one.row for one in await statements.chosen(actor.db, actor.member, [one.id for one in chosen])}
    for one in chosen:
        row = found.get(one.id)
        if row is None:
            raise NotFoundError
        _refuse(row, one, step)
    return {key: row.year for key, row in found.items()}


def _refuse(row: Statement, seen: Chosen, step: Step) -> None:
    if State(row.state) not in FROM[step]:
        fault = rows.statement("", row).may(step, rows.NOBODY)
        raise ConflictError(f"{row.reference}: {fault.because if fault else CHANGED}")
    if row.version != seen.version:
        raise StaleError(f"{row.reference}: {CHANGED}")


async def _close_of_year(actor: Actor, year: FundingYear, chosen: Sequence[Chosen], by: uuid.UUID) -> None:
    for one in sorted(chosen, key=lambda one: one.id):
        row = await _held(actor, one, Step.CLOSE)
        entries = await statements.entries(actor.db, row.id)
        now = sum(e.line.pence for e in entries), len(entries), sum(bool(e.held) for e in entries)
        if now != (one.pence, one.lines, one.queried):
            raise ConflictError(OTHERWISE)
        closed = rules.close(rows.statement(actor.member.hub_code, row), entries, by, actor.now)
        await _make_room(actor, year, closed.left, {one.id for one in chosen})
        row.state, row.pence, row.lines = closed.statement.state.value, closed.statement.pence, closed.statement.lines
        row.digest, row.closed_at, row.closed_by = closed.statement.digest, actor.now, by
        row.version += 1
        await actor.db.flush()
        await statements.add_step(actor.db, row, closed.statement.steps[-1])
        stay = f", {times(len(closed.left), 'queried line')} left for the next" if closed.left else ""
        await _noted(actor, row, Step.CLOSE, f"{times(row.lines, 'line')}, {pounds(row.pence)}{stay}")


async def _make_room(actor: Actor, year: FundingYear, left: Sequence[Entry], closing: Collection[uuid.UUID]) -> None:
    """Put what is queried into the next open statement, one that this does not close."""
    places = await place(actor, year, [(entry.line.urn, entry.line.day) for entry in left], closing)
    into: dict[uuid.UUID, list[uuid.UUID]] = {}
    for entry, there in zip(left, places, strict=True):
        into.setdefault(there, []).append(uuid.UUID(entry.id))
    for statement_id, lines in into.items():
        await ledger_lines.move(actor.db, lines, statement_id)


async def take(actor: Actor, step: Step, chosen: Sequence[Chosen], because: str = "") -> None:
    """Approve, submit, reconcile, or take an approval back: all of these statements or none.

    Raises NotFoundError, ForbiddenError (also for whoever closed what they approve), StaleError, ConflictError (it is
    not where the step begins; a school without a finance reference), and BadInputError for a because that is missing.
    """
    actor.require(NEEDS[step])
    await _refuse_unless(actor, chosen, step)
    taken = Stepped(step, _person(actor), actor.now, because.strip())
    async with actor.db.begin_nested():
        for one in sorted(chosen, key=lambda one: one.id):
            await _take(actor, one, taken)


async def _take(actor: Actor, one: Chosen, taken: Stepped) -> None:
    row = await _held(actor, one, taken.step)
    await _refuse_what_differs(actor, row, taken.step)
    await _step(actor, row, taken)
    if taken.step in {Step.APPROVE, Step.REVERSE}:
        row.approved_by = taken.by if taken.step is Step.APPROVE else None
        await actor.db.flush()
    await _noted(actor, row, taken.step, f"{pounds(row.pence)}{f': {taken.because}' if taken.because else ''}")


async def pay(actor: Actor, one: Chosen, paid: Payment, because: str = "") -> None:
    """Record a payment by hand. Raises as `take` does, and BadInputError for an amount or a day that does not fit."""
    actor.require(NEEDS[Step.PAY])
    await _refuse_unless(actor, [one], Step.PAY)
    row = await _held(actor, one, Step.PAY)
    if not row.closed_at or not in_london(row.closed_at).date() <= paid.day <= in_london(actor.now).date():
        raise BadInputError(CHECK, (Fault("day", "Enter a day since the statement was closed, today at the latest."),))
    taken = Stepped(Step.PAY, _person(actor), actor.now, because.strip(), paid.pence)
    await _step(actor, row, taken, day=paid.day)
    await _noted(actor, row, Step.PAY, pounds(paid.pence))


async def _step(actor: Actor, row: Statement, taken: Stepped, day: date | None = None) -> None:
    here = rows.statement(actor.member.hub_code, row)
    fault = here.may(taken.step, taken.by)
    if fault:
        raise ForbiddenError(fault.because)
    there = here.after(taken)
    row.state, row.paid = there.state.value, there.paid
    row.version += 1
    await actor.db.flush()
    await statements.add_step(actor.db, row, taken, day=day)


async def _held(actor: Actor, seen: Chosen, step: Step) -> Statement:
    row = await statements.locked(actor.db, actor.member.hub_id, seen.id)
    if row is None:
        raise NotFoundError
    _refuse(row, seen, step)
    return row


async def _refuse_what_differs(actor: Actor, row: Statement, step: Step) -> None:
    """Nothing is approved or sent that is not what was frozen, nor to a school that nobody could pay."""
    if step not in {Step.APPROVE, Step.SUBMIT}:
        return
    here = rows.statement(actor.member.hub_code, row)
    found = rules.differs(here, await statements.entries(actor.db, row.id))
    if found:
        raise ConflictError(f"{row.reference}: {' '.join(found)}")
    if step is not Step.SUBMIT or row.urn is None or not row.pence:
        return
    if await statements.without_reference(actor.db, row.hub_id, row.urn):
        school = await changing.school_name(actor.db, row.urn)
        raise ConflictError(
            f"{row.reference}: {school} has no finance reference, so nobody could pay it. Enter one under Payees, then "
            "submit."
        )


def _person(actor: Actor) -> uuid.UUID:
    """Whoever takes a step is somebody of the hub: the law asks for two of them."""
    if actor.person_id is None:
        raise ForbiddenError("A step of a statement is taken by a person of the hub, signed in.")
    return actor.person_id


async def _noted(actor: Actor, row: Statement, step: Step, told: str) -> None:
    facts = {"urn": row.urn} if row.urn else {}
    about = f"statement {row.reference} ({told})"
    await actor.record(DID.get(step, STEP_WORDS[step]), about, statement=str(row.id), **facts)
