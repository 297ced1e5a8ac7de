"""The questions before a statement takes a step: of one, or of several at once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.pence import pounds, read_pence
from app.domain.funding.statements import FROM, NEEDS, STATE_WORDS, STEP_WORDS, State, Step
from app.domain.imports import read_date
from app.domain.stages.criteria import times
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.kit.typed import Reader, Typed
from app.pages._parts import Asked, Confirm, Field, Form
from app.pages.funding.statements import StatementLine, fits, line
from app.pages.schools.years import asked_year
from app.pages.stages.enrolment import StepFormPage
from app.store.funding import rows, statements
from app.store.funding.statements import Row

MOST = 500  # statements in one form
_ASKS = {  # what happens, and the button; several statements say it of themselves
    Step.CLOSE: (
        "The open statements are first brought up to date: if the figures change by that, you see them again.",
        "Total, lines and a digest of them are then frozen, and never change.",
        "What is found out later comes as a correction in the next open statement.",
        "A second person approves before anything is submitted.",
    ),
    Step.APPROVE: (
        "You confirm what somebody else closed, so that it can be submitted.",
        "You can take the approval back until then.",
    ),
    Step.SUBMIT: ("What is submitted counts as sent to whoever pays. Payments can then be recorded.",),
    Step.RECONCILE: ("All of it was paid and is found in the accounts. Nothing more is expected.",),
}


@dataclass(frozen=True, slots=True)
class StatementsConfirmPage:
    """Asks before the statements that are listed take a step; `left_out` says what was chosen in vain."""

    template: ClassVar[str] = "funding/statements_confirm.html"
    confirm: Confirm | None
    heading: str
    fault: str
    lines: tuple[StatementLine, ...]
    total: str
    left_out: tuple[str, ...]
    back: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement as a form sends it back: what the person saw of it."""

    id: uuid.UUID
    version: int
    pence: int
    lines: int
    queried: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Which step, of which statements; of one alone the way back leads to it."""

    step: Step
    ids: Collection[uuid.UUID] = ()
    alone: bool = False


async def ask(
    db: AsyncSession, member: Member, asking: Asking, asked: Asked, now: datetime, fault: str = ""
) -> StatementsConfirmPage:
    """Asks first: one statement. Without ids every statement that the filters leave in; raises NotFoundError."""
    if asking.ids:
        found = await statements.chosen(db, member, asking.ids)
    else:
        year = asked_year(asked, in_london(now).date())
        every = await statements.every(db, member)
        found = [one for one in every if one.row.year == year and one.row.state in FROM[asking.step]]
        found = [one for one in found if fits(one, asked) and _why_not(one, member, asking.step) == ""]
    if asking.alone and not found:
        raise NotFoundError
    page = _page(member, asking, found[:MOST], in_london(now).date())
    return replace(page, fault=fault) if fault else page


def _page(member: Member, asking: Asking, found: Sequence[Row], today: date) -> StatementsConfirmPage:
    step, home = asking.step, f"/hubs/{member.hub_code}/statements"
    ready = [one for one in found if not _why_not(one, member, step)]
    here = f"{home}/{found[0].row.id}" if asking.alone else home
    what = ready[0].row.reference if len(ready) == 1 else times(len(ready), "statement")
    words = STEP_WORDS[step]
    confirm = Confirm(
        question=f"{words.replace('Mark as', f'Mark {what} as') if step is Step.RECONCILE else f'{words} {what}'}?",
        happens=(*_ahead(ready, step, today), *_queried(ready, step), *_ASKS[step]),
        action=f"{here}/{step.value}",
        submit=words,
        back=here,
        kept=tuple(("chosen", token(one)) for one in ready),
        harm=step is Step.CLOSE,
    )
    return StatementsConfirmPage(
        confirm=confirm if ready else None,
        heading=confirm.question if ready else f"There is nothing to {words.lower()}",
        fault="",
        lines=tuple(line(member, one) for one in ready),
        total=pounds(sum(_taken(one, step) for one in ready)),
        left_out=tuple(f"{one.row.reference}: {_why_not(one, member, step)}" for one in found if one not in ready),
        back=here,
    )


def _taken(one: Row, step: Step) -> int:
    return one.pence - one.held if step is Step.CLOSE else one.pence


def _ahead(ready: Sequence[Row], step: Step, today: date) -> tuple[str, ...]:
    """What to know of a period that has not ended."""
    ends = [one.row.last for one in ready if one.row.last > today]
    if not ends or step is not Step.CLOSE:
        return ()
    which = "The period goes" if len(ready) == 1 else f"{times(len(ends), 'period goes', 'periods go')}"
    return (f"{which} on until {spoken_date(max(ends))}: what is earned until then comes in the next statement.",)


def _queried(ready: Sequence[Row], step: Step) -> tuple[str, ...]:
    count, held = sum(one.queried for one in ready), sum(one.held for one in ready)
    if not count or step is not Step.CLOSE:
        return ()
    goes = "goes" if count == 1 else "go"
    return (f"{times(count, 'queried line')} of {pounds(held)} {goes} to the next open statement.",)


def _why_not(one: Row, member: Member, step: Step) -> str:
    """What keeps the member from this step of the statement now, in a sentence; empty when nothing does."""
    state = State(one.row.state)
    if state not in FROM[step]:
        return f"it is “{STATE_WORDS[state].lower()}”."
    if step is Step.APPROVE and one.row.closed_by == member.person_id:
        return "you closed it, so a second person approves it."
    if step is Step.SUBMIT and one.pence and not one.payable:
        return f"{one.school} has no finance reference: enter one under Payees first."
    if step is Step.CLOSE and one.lines == one.queried:
        return "every line in it is queried." if one.lines else "it has no line."
    return ""


def token(one: Row) -> str:
    """What a form keeps of a statement as it was seen."""
    return f"{one.row.id}.{one.row.version}.{one.pence}.{one.lines}.{one.queried}"


def read_seen(typed: Typed, statement_id: uuid.UUID | None = None) -> list[Seen]:
    """The statements of a sent form as they were seen; of this one alone where an id is given."""
    found = [seen for text in typed.every("chosen")[:MOST] if (seen := _seen(text))]
    if statement_id is None:
        return found
    return [one for one in found if one.id == statement_id] or [Seen(statement_id, typed.version, 0, 0, 0)]


def _seen(text: str) -> Seen | None:
    first, *rest = text.split(".")
    try:
        version, pence, lines, queried = (int(one[:20]) for one in rest)
        return Seen(uuid.UUID(first), version, pence, lines, queried)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Paid:
    """What the form of a payment says, read: pence (minus: paid back), the day, and a word on it."""

    pence: int
    day: date
    because: str


_FORMS = {
    Step.REVERSE: ("Take the approval back", "It is closed again and waits for an approval. Both steps stay recorded."),
    Step.PAY: ("Record a payment", "By hand: for many at once upload a remittance."),
}


async def form(db: AsyncSession, member: Member, statement_id: uuid.UUID, step: Step, now: datetime) -> StepFormPage:
    """Asks why an approval is taken back, or what was paid.

    Raises NotFoundError, also for who may do neither, or ConflictError where the statement does not take the step.
    """
    one = await statements.one(db, member, statement_id)
    if one is None or not member.reaches(NEEDS[step]):
        raise NotFoundError
    fault = rows.statement(member.hub_code, one.row).may(step, member.person_id or rows.NOBODY)
    if fault:
        raise ConflictError(fault.because)
    heading, says = _FORMS[step]
    here = f"/hubs/{member.hub_code}/statements/{statement_id}"
    left = pounds(one.pence - one.row.paid)
    why = Field(name="because", label="Why", kind="textarea")
    paid = (
        Field(
            name="amount", label="Amount in pounds", value=left.replace("£", ""), width="10", hint="Minus: paid back"
        ),
        Field(name="day", label="Paid on", kind="date", value=in_london(now).date().isoformat()),
        Field(name="because", label="A word on it", hint="Such as the number of the payment. You can leave it empty."),
    )
    return StepFormPage(
        caption=f"Statement {one.row.reference}",
        heading=heading,
        says=f"{says} {left} of {pounds(one.pence)} is left to pay." if step is Step.PAY else says,
        back=here,
        form=Form(
            action=f"{here}/{step.value}",
            submit=heading,
            fields=paid if step is Step.PAY else (why,),
            kept=(("version", str(one.row.version)),),
            warning=step is Step.REVERSE,
        ),
    )


def read_paid(typed: Typed) -> Paid:
    """The form of a payment as values. Raises BadInputError naming each field that cannot be read."""
    reader = Reader(typed)
    pence, day = reader.read("amount", read_pence), reader.read("day", read_date)
    reader.finish()
    if pence is None or day is None:
        raise AssertionError("a form without faults is whole")
    return Paid(pence, day, typed.text("because")[:500])
