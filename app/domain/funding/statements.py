"""A statement's life: open, closed and frozen, approved by a second person, submitted, paid, reconciled.

After closing nothing in it changes: a later change of facts makes a correction line in an open statement
(docs/rules/money.md, "Statements").
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from app.domain.access import Can
from app.domain.funding.line import Kind, Line, to_data, total
from app.domain.funding.pence import pounds
from app.domain.stages.criteria import times
from app.kit.errors import BadInputError, Fault
from app.kit.periods import Span, spoken

FORM = "halfterm-statement-1"  # the form of the frozen bytes; another form gets another number


class State(StrEnum):
    """Where a statement stands."""

    OPEN = "open"
    CLOSED = "closed"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    PART_PAID = "part_paid"
    PAID = "paid"
    RECONCILED = "reconciled"


class Step(StrEnum):
    """What somebody does with a statement."""

    CLOSE = "close"
    APPROVE = "approve"
    REVERSE = "reverse"  # an approval, which stays recorded
    SUBMIT = "submit"
    PAY = "pay"
    RECONCILE = "reconcile"


STATE_WORDS = {
    State.OPEN: "Open",
    State.CLOSED: "Closed",
    State.APPROVED: "Approved",
    State.SUBMITTED: "Submitted",
    State.PART_PAID: "Paid in part",
    State.PAID: "Paid",
    State.RECONCILED: "Reconciled",
}
STEP_WORDS = {
    Step.CLOSE: "Close",
    Step.APPROVE: "Approve",
    Step.REVERSE: "Take the approval back",
    Step.SUBMIT: "Submit",
    Step.PAY: "Record a payment",
    Step.RECONCILE: "Mark as reconciled",
}
DONE_WORDS = {
    Step.CLOSE: "Closed",
    Step.APPROVE: "Approved",
    Step.REVERSE: "Approval taken back",
    Step.SUBMIT: "Submitted",
    Step.PAY: "Payment recorded",
    Step.RECONCILE: "Marked as reconciled",
}
FROM: dict[Step, tuple[State, ...]] = {
    Step.CLOSE: (State.OPEN,),
    Step.APPROVE: (State.CLOSED,),
    Step.REVERSE: (State.APPROVED,),
    Step.SUBMIT: (State.APPROVED,),
    Step.PAY: (State.SUBMITTED, State.PART_PAID, State.PAID),
    Step.RECONCILE: (State.PAID,),
}
NEEDS: dict[Step, Can] = {
    step: Can.APPROVE_CLAIM if step in {Step.APPROVE, Step.REVERSE} else Can.CLAIM for step in Step
}
_TO = {
    Step.CLOSE: State.CLOSED,
    Step.APPROVE: State.APPROVED,
    Step.REVERSE: State.CLOSED,
    Step.RECONCILE: State.RECONCILED,
}  # submitting and paying: by what is left to pay


@dataclass(frozen=True, slots=True)
class Stepped:
    """One step that was taken: by whom, when, why, and of a payment how many pence (minus: taken back)."""

    step: Step
    by: uuid.UUID
    at: datetime
    because: str = ""
    pence: int = 0
    payment: str = ""  # the remittance's row that told of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One payee's statement, or the hub's own (`urn` empty), of a period of one grant year.

    `pence`, `lines` (how many) and `digest` are nought and empty until it is closed. `steps` are never removed.
    """

    id: str
    hub: str
    year: int
    period: Span
    reference: str
    urn: int | None = None
    state: State = State.OPEN
    pence: int = 0
    lines: int = 0
    digest: str = ""
    paid: int = 0
    closed_by: uuid.UUID | None = None
    steps: tuple[Stepped, ...] = ()

    @property
    def left(self) -> int:
        """Pence still to be paid; negative where the payee owes the hub."""
        return self.pence - self.paid

    @property
    def frozen(self) -> bool:
        """Whether its lines can no longer change."""
        return self.state is not State.OPEN

    def may(self, step: Step, by: uuid.UUID) -> Fault | None:
        """What keeps this person from the step now, in a sentence; nothing where they may take it."""
        if self.state not in FROM[step]:
            could = " or ".join(f"“{STATE_WORDS[one].lower()}”" for one in FROM[step])
            because = f"This statement is “{STATE_WORDS[self.state].lower()}”: “{STEP_WORDS[step]}” needs one that is"
            return Fault("step", f"{because} {could}.")
        if step is Step.APPROVE and by == self.closed_by:
            return Fault("step", "You closed this statement: a second person approves it.")
        return None

    def next(self, by: uuid.UUID) -> tuple[Step, ...]:
        """The steps that this person may take now, as far as the statement goes."""
        return tuple(step for step in Step if self.may(step, by) is None)

    def after(self, taken: Stepped) -> Self:
        """The statement after a step other than closing; raises BadInputError with a sentence."""
        fault = self.may(taken.step, taken.by) or self._step_fault(taken)
        if fault:
            raise BadInputError(fault.because, (fault,))
        steps = (*self.steps, taken)
        if taken.step not in {Step.PAY, Step.SUBMIT}:
            return replace(self, state=_TO[taken.step], steps=steps)
        paid = self.paid + taken.pence
        state = State.PAID if paid == self.pence else State.PART_PAID if paid else State.SUBMITTED
        return replace(self, state=state, paid=paid, steps=steps)

    def _step_fault(self, taken: Stepped) -> Fault | None:
        if taken.step is Step.CLOSE:
            return Fault("step", "A statement is closed together with its lines.")
        if taken.step is Step.REVERSE and not taken.because.strip():
            return Fault("because", "Say why the approval is taken back.")
        if taken.step is not Step.PAY:
            return Fault("pence", "Only a payment has an amount.") if taken.pence else None
        if not taken.pence:
            return Fault("pence", "Enter the amount that was paid.")
        if abs(self.paid + taken.pence) > abs(self.pence) or (self.paid + taken.pence) * self.pence < 0:
            told = f"{pounds(taken.pence)} does not fit: {pounds(self.left)} of {pounds(self.pence)} is left to pay."
            return Fault("pence", told)
        return None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in a statement, by its id; `held` says why it is queried, and keeps it out of the close."""

    id: str
    line: Line
    held: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A statement as it closed, the entries it froze, and those that stay for the next open one."""

    statement: Statement
    taken: tuple[Entry, ...]
    left: tuple[Entry, ...]


def close(statement: Statement, entries: Iterable[Entry], by: uuid.UUID, at: datetime) -> Closed:
    """Freeze the entries that are not held, their total and their digest; raises BadInputError with a sentence."""
    fault = statement.may(Step.CLOSE, by)
    held: list[Entry] = []
    taken: list[Entry] = []
    for entry in _in_order(entries):
        (held if entry.held else taken).append(entry)
    if fault is None and not taken:
        because = "every line in it is queried" if held else "it has no line"
        fault = Fault("step", f"This statement cannot be closed: {because}.")
    if fault:
        raise BadInputError(fault.because, (fault,))
    closed = replace(
        statement,
        state=State.CLOSED,
        pence=total(one.line for one in taken),
        lines=len(taken),
        digest=digest(statement, taken),
        closed_by=by,
        steps=(*statement.steps, Stepped(Step.CLOSE, by, at)),
    )
    return Closed(closed, tuple(taken), tuple(held))


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.line.urn, one.line.day, one.line.key, one.id))


def canonical(statement: Statement, entries: Iterable[Entry]) -> bytes:
    """The frozen bytes: one JSON line that names the statement, then one for each entry in order of URN, day and key.

    UTF-8, names in alphabetical order, no blanks between; whoever keeps them can compute the digest again.
    """
    first, last = statement.period
    head = {
        "form": FORM,
        "statement": statement.id,
        "hub": statement.hub,
        "year": statement.year,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "reference": statement.reference,
        "urn": statement.urn,
    }
    rows = [head, *({"id": one.id, **to_data(one.line)} for one in _in_order(entries))]
    return b"".join(_row(row) for row in rows)


def _row(row: dict[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def digest(statement: Statement, entries: Iterable[Entry]) -> str:
    """SHA-256 of the frozen bytes, in hexadecimal."""
    return hashlib.sha256(canonical(statement, entries)).hexdigest()


def differs(statement: Statement, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Where a closed statement no longer is what was frozen, in sentences; empty where all is as it was."""
    found = []
    if len(entries) != statement.lines:
        found.append(f"It was closed with {times(statement.lines, 'line')} and has {len(entries):,}.")
    pence = total(one.line for one in entries)
    if pence != statement.pence:
        found.append(f"It was closed at {pounds(statement.pence)} and its lines come to {pounds(pence)}.")
    if digest(statement, entries) != statement.digest:
        found.append("Its lines are not those that were frozen: their digest is another.")
    return tuple(found)


def told(statement: Statement) -> tuple[str, ...]:
    """What became of the statement, step by step, in sentences without names."""
    return tuple(_told(one) for one in statement.steps)


def _told(one: Stepped) -> str:
    amount = f": {pounds(one.pence)}" if one.step is Step.PAY else ""
    because = f", because: {one.because}" if one.because else ""
    return f"{spoken(one.at)}: {DONE_WORDS[one.step]}{amount}{because}"


def may_move(entry: Entry, here: Statement, there: Statement) -> Fault | None:
    """What keeps a line from another statement, in a sentence: both are open, of its hub, its year and its payee."""
    if here.frozen or there.frozen:
        which = here if here.frozen else there
        because = f"Statement {which.reference} is closed: a line moves only between open statements."
    elif here.id == there.id:
        because = "The line is in this statement already: choose another."
    elif entry.line.kind is Kind.BROUGHT:  # so that what was brought can be taken back whole
        because = "What was brought forward from elsewhere stays in the statement that it came with."
    elif (here.hub, here.year) != (there.hub, there.year):
        because = "A line stays in its hub and grant year: choose a statement of the same."
    elif there.urn is not None and there.urn != entry.line.urn:
        because = f"Statement {there.reference} is of another school: choose one of {entry.line.urn} or of the hub."
    else:
        return None
    return Fault("statement", because)


class Why(StrEnum):
    """The kinds of adjustment."""

    FUNDER = "funder"
    REPAID = "repaid"
    GOODWILL = "goodwill"
    EARLIER = "earlier"
    OTHER = "other"


WHY_WORDS = {
    Why.FUNDER: "Agreed with the funder",
    Why.REPAID: "Paid back",
    Why.GOODWILL: "Goodwill",
    Why.EARLIER: "From an earlier year",
    Why.OTHER: "Another reason",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An amount in pence, plus or minus, that no fact earned: written by one person, agreed by a second."""

    id: str
    why: Why
    line: Line
    by: uuid.UUID
    agreed_by: uuid.UUID | None = None


def adjustment(one: Line, why: Why) -> Line:
    """The line of an adjustment out of what was typed; its key names the kind."""
    return one._replace(rate="", kind=Kind.ADJUSTMENT, quantity=1, of=1, rate_pence=one.pence, key=f"adjusted|{why}")


def adjustment_faults(one: Adjustment, period: Span) -> tuple[Fault, ...]:
    """What to change before the adjustment can be put forward; empty when it can."""
    found = []
    if not one.line.pence:
        found.append(Fault("pence", "Enter an amount: plus for what is paid, minus for what is taken off."))
    if not one.line.because.strip():
        found.append(Fault("because", "Say what the adjustment is for: the school reads it."))
    if not period.holds(one.line.day):
        found.append(Fault("day", "Enter a day of the grant year."))
    return tuple(found)


def may_agree(one: Adjustment, by: uuid.UUID) -> Fault | None:
    """What keeps this person from agreeing to the adjustment, in a sentence."""
    if one.agreed_by is not None:
        return Fault("step", "This adjustment is agreed already.")
    return Fault("step", "You wrote this adjustment: a second person agrees to it.") if by == one.by else None


def open_for(statements: Iterable[Statement], urn: int, day: date) -> Statement | None:
    """The open statement that takes a school's line of this day: its own before the hub's, then the earliest to end.

    Nothing where every period that is open ended before the day: the caller opens the next.
    """
    fitting = [one for one in statements if not one.frozen and one.urn in {None, urn} and one.period.last >= day]
    return min(fitting, key=lambda one: (one.urn is None, one.period.last, one.id), default=None)
