"""One statement: what it comes to, its lines by rate, every step with its name, and what may be done next by whom."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding import statements as rules
from app.domain.funding.line import KIND_WORDS, Kind, Line
from app.domain.funding.pence import pounds
from app.domain.funding.statements import DONE_WORDS, NEEDS, STATE_WORDS, STEP_WORDS, State, Step
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import spoken, spoken_date
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.funding.statements import HUBS, STATE_TAGS, period_of, pounds_number
from app.pages.schools.detail import Fact
from app.store.funding import ledger_lines, rows, selecting, statements
from app.store.funding.ledger_lines import Row as LineRow
from app.store.funding.selecting import RateNames
from app.store.funding.statements import Row, StepRow

COLUMNS = (
    Column("day", "Day"),
    Column("school", "School"),
    Column("", "What and why"),
    Column("", "Units", number=True),
    Column("amount", "Amount", number=True),
)
CSV_HEADER = (
    "Day",
    "School",
    "URN",
    "Rate",
    "Kind",
    "Programme",
    "Work Group",
    "Units",
    "Rate in pounds",
    "Amount",
    "Because",
    "Queried",
    "Line",
)
NOT_KNOWN = "somebody who is no longer known"
_PAYING = {State.SUBMITTED, State.PART_PAID}
_WAITS = {
    State.OPEN: "Whoever claims for the hub closes it.",
    State.CLOSED: "A second person of the hub approves it.",
    State.APPROVED: "Whoever claims for the hub submits it.",
    State.SUBMITTED: "It waits for a payment.",
    State.PART_PAID: "It waits for the rest of the payment.",
    State.PAID: "Whoever claims for the hub marks it as reconciled once it is found in the accounts.",
    State.RECONCILED: "It is finished.",
}


@dataclass(frozen=True, slots=True)
class RateSum:
    """What one rate comes to in the statement; `href` shows its lines alone."""

    name: str
    lines: str
    amount: str
    href: str


@dataclass(frozen=True, slots=True)
class LineOf:
    """A line as a row; `held`: what was asked about it."""

    href: str
    day: str
    school: str
    what: str
    kind: str
    because: str
    units: str
    amount: str
    held: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something that the viewer may do with the statement now."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step that was taken."""

    says: str
    when: str
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The page. `differs` says where a closed statement no longer is what was frozen: never, unless by other hands."""

    template: ClassVar[str] = "funding/statement.html"
    home: str
    reference: str
    school: str
    state: str
    state_tag: str
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]
    waits: str
    missing: str
    missing_href: str
    next: tuple[NextStep, ...]
    rates: tuple[RateSum, ...]
    listing: Listing
    lines: tuple[LineOf, ...]
    steps: tuple[StepLine, ...]
    digest: str
    differs: tuple[str, ...]
    files: tuple[NextStep, ...]


async def load(db: AsyncSession, member: Member, statement_id: uuid.UUID, asked: Asked) -> StatementPage:
    """The page: four statements. Raises NotFoundError, also for another school's head."""
    one = await known(db, member, statement_id)
    row, state = one.row, State(one.row.state)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/statements/{row.id}"
    every = await ledger_lines.of(db, member, row)
    names = await selecting.rate_names(db, member.hub_id)
    steps = await statements.steps(db, row.id)
    chosen = _ordered([line for line in every if _fits(line, asked, names)], asked)
    first = (asked.page - 1) * PAGE_SIZE
    filters = _filters(every, names, asked)
    missing = not one.payable and bool(one.pence) and state in {State.OPEN, State.CLOSED, State.APPROVED}
    return StatementPage(
        home=home,
        reference=row.reference,
        school=one.school or HUBS,
        state=STATE_WORDS[state],
        state_tag=STATE_TAGS[state],
        figures=_figures(one),
        facts=_facts(one, home),
        waits=_waits(one, member),
        missing=f"{one.school} has no finance reference yet: it cannot be submitted before." if missing else "",
        missing_href=f"{home}/payees?q={row.urn}" if missing and member.reaches(Can.SEE_FUNDING) else "",
        next=tuple(_next(one, member, here, missing=missing)),
        rates=_sums(every, names, asked),
        listing=listing(asked, "Lines", COLUMNS, total=len(chosen), empty=_EMPTY, filters=filters),
        lines=tuple(line_of(home, line, names) for line in chosen[first : first + PAGE_SIZE]),
        steps=tuple(_step(step) for step in steps),
        digest=row.digest,
        differs=_differs(member, one, every),
        files=_files(member, here, state),
    )


_EMPTY = Empty("Lines will be here once something was earned in its period.")


async def table(
    db: AsyncSession, member: Member, statement_id: uuid.UUID, asked: Asked
) -> tuple[str, list[tuple[object, ...]]]:
    """The statement's reference, and its lines that fit under `CSV_HEADER`: three statements. Raises NotFoundError."""
    one = await known(db, member, statement_id)
    names = await selecting.rate_names(db, member.hub_id)
    every = await ledger_lines.of(db, member, one.row)
    chosen = _ordered([line for line in every if _fits(line, asked, names)], asked)
    return one.row.reference, [_csv(line, names) for line in chosen]


async def known(db: AsyncSession, member: Member, statement_id: uuid.UUID) -> Row:
    """The statement, where the member may see it. Raises NotFoundError."""
    found = await statements.one(db, member, statement_id)
    if found is None:
        raise NotFoundError
    return found


async def frozen_bytes(db: AsyncSession, member: Member, statement_id: uuid.UUID) -> tuple[str, bytes]:
    """The reference of a closed statement and the bytes whose digest it bears. Raises ConflictError: it is open."""
    one = await known(db, member, statement_id)
    if one.row.state == State.OPEN:
        raise ConflictError("This statement is open: its bytes are frozen when it is closed.")
    entries = await statements.entries(db, statement_id)
    return one.row.reference, rules.canonical(rows.statement(member.hub_code, one.row), entries)


def _figures(one: Row) -> tuple[Figure, ...]:
    found = [Figure("in all", pounds(one.pence)), Figure("line" if one.lines == 1 else "lines", f"{one.lines:,}")]
    if one.queried:
        found.append(Figure("of it queried", pounds(one.held)))
    if State(one.row.state) in {*_PAYING, State.PAID, State.RECONCILED}:
        found += [Figure("paid", pounds(one.row.paid)), Figure("left to pay", pounds(one.pence - one.row.paid))]
    return tuple(found)


def _facts(one: Row, home: str) -> tuple[Fact, ...]:
    row = one.row
    found = [Fact("Period", period_of(one))]
    if row.urn:
        found.append(Fact("School", f"{one.school} ({row.urn})", f"{home}/schools/{row.urn}/owed"))
    if row.closed_at:
        found.append(Fact("Closed", _by(row.closed_at, one.closed_by)))
    if one.approved_by:
        found.append(Fact("Approved by", one.approved_by))
    return tuple(found)


def _by(at: datetime, name: str) -> str:
    return f"{spoken(at)}, by {name}" if name else spoken(at)


def _waits(one: Row, member: Member) -> str:
    state = State(one.row.state)
    if state is State.CLOSED and one.row.closed_by == member.person_id:
        return "You closed this statement: a second person of the hub approves it."
    return _WAITS[state]


def _next(one: Row, member: Member, here: str, *, missing: bool) -> Iterable[NextStep]:
    """The steps that this member may take; those that only ask for what cannot be done are left out."""
    domain = rows.statement(member.hub_code, one.row)
    for step in domain.next(member.person_id):
        empty = step is Step.CLOSE and one.lines == one.queried
        if member.reaches(NEEDS[step]) and not empty and not (step is Step.SUBMIT and missing):
            yield NextStep(STEP_WORDS[step], f"{here}/{step.value}")


def _name(line: Line, year: int, names: RateNames) -> str:
    return selecting.rate_name(names, (year, line.card_version), line.rate, line.kind)


def _rate_key(line: Line) -> str:
    return line.rate or line.kind.value


def _sums(every: Sequence[LineRow], names: RateNames, asked: Asked) -> tuple[RateSum, ...]:
    """What each rate comes to, by its name."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in every:
        key = _name(one.line, one.statement.year, names), _rate_key(one.line)
        found.setdefault(key, []).append(one.line.pence)
    return tuple(
        RateSum(name, f"{len(pence):,}", pounds(sum(pence)), asked.link(rate=key, page=""))
        for (name, key), pence in sorted(found.items())
    )


def line_of(home: str, one: LineRow, names: RateNames) -> LineOf:
    """A line as a row of a statement."""
    line = one.line
    return LineOf(
        href=f"{home}/lines/{one.id}",
        day=spoken_date(line.day),
        school=one.school,
        what=_name(line, one.statement.year, names),
        kind="" if line.kind is Kind.DERIVED or not line.rate else KIND_WORDS[line.kind],
        because=line.because,
        units=line.spoken_quantity,
        amount=pounds(line.pence),
        held=one.held,
    )


def _fits(one: LineRow, asked: Asked, names: RateNames) -> bool:
    line, words = one.line, asked.value("q").casefold().split()
    return (
        (not words or _says(one, names, words))
        and asked.value("rate") in {"", _rate_key(line)}
        and asked.value("kind") in {"", line.kind.value}
        and (asked.value("queried") != "yes" or bool(one.held))
    )


def _says(one: LineRow, names: RateNames, words: Sequence[str]) -> bool:
    line = one.line
    said = f"{one.school} {line.urn} {_name(line, one.statement.year, names)} {line.because}".casefold()
    return all(word in said for word in words)


_ORDERS: dict[str, Callable[[LineRow], Any]] = {
    "day": lambda one: (one.line.day, one.line.key, str(one.id)),
    "school": lambda one: (one.school.casefold(), one.line.day, str(one.id)),
    "amount": lambda one: (one.line.pence, one.line.day, str(one.id)),
}


def _ordered(found: list[LineRow], asked: Asked) -> list[LineRow]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted(found, key=_ORDERS[column], reverse=down)


def _filters(every: Sequence[LineRow], names: RateNames, asked: Asked) -> tuple[Filter, ...]:
    if len(every) < 2:
        return ()
    rates = sorted({(_name(one.line, one.statement.year, names), _rate_key(one.line)) for one in every})
    kinds = [kind for kind in Kind if any(one.line.kind is kind for one in every)]
    found = [
        Filter("q", "School, URN or words", asked.value("q")),
        Filter("rate", "What", asked.value("rate"), tuple(Choice(key, name) for name, key in rates)),
        Filter("kind", "How it came about", asked.value("kind"), tuple(Choice(k.value, KIND_WORDS[k]) for k in kinds)),
    ]
    if any(one.held for one in every):
        found.append(Filter("queried", "Queried", asked.value("queried"), (Choice("yes", "Queried lines"),)))
    return tuple(found)


def _step(one: StepRow) -> StepLine:
    row, step = one.row, Step(one.row.step)
    says = f"{DONE_WORDS[step]}: {pounds(row.pence)}" if step is Step.PAY else DONE_WORDS[step]
    on = f" Paid on {spoken_date(row.day)}." if row.day else ""
    file = f" Row {row.row} of a remittance." if row.row else ""
    return StepLine(
        says, spoken(row.at), one.by or "somebody who is no longer known", f"{row.because}{on}{file}".strip()
    )


def _differs(member: Member, one: Row, every: Sequence[LineRow]) -> tuple[str, ...]:
    """Whether the lines are those that were frozen; asked of whoever sees all of them."""
    if one.row.state == State.OPEN or (one.row.urn is None and not member.reaches(Can.SEE_FUNDING)):
        return ()
    entries = [rules.Entry(str(line.id), line.line) for line in every]
    return rules.differs(rows.statement(member.hub_code, one.row), entries)


def _files(member: Member, here: str, state: State) -> tuple[NextStep, ...]:
    found = [NextStep(form.upper(), f"{here}/statement.{form}") for form in ("pdf", "xlsx", "csv", "json")]
    if state is not State.OPEN and member.reaches(Can.SEE_FUNDING):
        found.append(NextStep("frozen bytes", f"{here}/frozen.jsonl"))
    return tuple(found)


def _csv(one: LineRow, names: RateNames) -> tuple[object, ...]:
    line = one.line
    return (
        line.day,
        one.school,
        line.urn,
        _name(line, one.statement.year, names),
        KIND_WORDS[line.kind],
        line.programme,
        line.group,
        line.spoken_quantity,
        pounds_number(line.rate_pence),
        pounds_number(line.pence),
        line.because,
        one.held,
        str(one.id),
    )
