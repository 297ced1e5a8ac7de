"""One payment file, row by row, before and after it is applied."""

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.pence import pounds
from app.domain.funding.remittance import CAME_WORDS, Came, Match, Matched, match, read, says
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_date
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Confirm,
    Empty,
    Figure,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.pages.funding.finance_files import PAYMENTS, STATES, TAGS, about, columns_form, may_change, one_of
from app.pages.funding.statements import pounds_number
from app.render.funding.payment_file import columns_of, opened
from app.store.funding import remittances as stored

CAME_TAGS = {
    Came.MATCHED: "green",
    Came.SHORT: "blue",
    Came.OVER: "red",
    Came.DOUBLED: "red",
    Came.UNKNOWN: "yellow",
}
ROW_COLUMNS = (
    Column("", "Row", number=True),
    Column("", "Reference in the file"),
    Column("", "Amount", number=True),
    Column("", "What it is"),
    Column("", "Because"),
)
ROW_HEADER = ("row", "reference", "day", "amount", "what it is", "statement", "left after it", "because")
LABELS = {
    "reference": ("Reference", "Where the statement's reference stands, alone or among other words."),
    "amount": ("Amount paid", "In pounds; minus or brackets for what came back."),
    "day": ("Day of payment", "Leave it empty if the file has none."),
    "back": ("Amount that came back", "Only where it has a column of its own."),
}
PREVIEWED = 5
MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of a file: what it says, what it is, which statement it belongs to (`href`), and why."""

    number: int
    reference: str
    amount: str
    came: str
    tag: str
    href: str
    statement: str
    because: str


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A cell that could not be read."""

    number: int
    column: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that was submitted and that the file does not pay."""

    href: str
    reference: str
    who: str
    left: str


@dataclass(frozen=True, slots=True)
class RemittancePage:
    """One file; `apply` leads on once every row is certain, else `why_not` says what keeps it."""

    template: ClassVar[str] = "funding/remittance.html"
    name: str
    state: str
    tag: str
    about: tuple[str, ...]
    file: str
    said: str
    figures: tuple[Figure, ...]
    head: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    form: Form | None
    rows: Listing
    lines: tuple[RowLine, ...]
    faults: tuple[FaultLine, ...]
    waiting: tuple[Waiting, ...]
    why_not: str
    apply: str
    set_aside: str
    take_up: str
    back: str


@dataclass(frozen=True, slots=True)
class RemittanceConfirmPage:
    """Asks before anything is paid."""

    template: ClassVar[str] = "funding/confirm.html"
    confirm: Confirm


async def load(db: AsyncSession, member: Member, remittance_id: uuid.UUID, asked: Asked) -> RemittancePage:
    """One file row by row: three statements. Raises NotFoundError."""
    one = await one_of(db, member, PAYMENTS, remittance_id)
    row, here = one.row, f"{PAYMENTS.home(member)}/{remittance_id}"
    header, cells = await asyncio.to_thread(opened, row.name, row.file)  # large files take seconds
    found = await _found(db, one, header, cells)
    lines = await _applied(db, member, one) if row.state == "applied" else _compared(member, found)
    around, shown = _shown(asked, lines)
    waits = may_change(member) and row.state == "waiting"
    return RemittancePage(
        name=row.name,
        state=STATES[row.state],
        tag=TAGS[row.state],
        about=tuple(about(one)),
        file=f"{here}/file",
        said=row.told.get("says", "") or (says(found) if found else ""),
        figures=tuple(_figures(found)) if row.state != "applied" and found else (),
        head=header,
        preview=tuple(tuple(line[: len(header)]) for _, line in cells[:PREVIEWED]),
        form=columns_form(here, header, LABELS, row.columns) if waits else None,
        rows=around,
        lines=shown,
        faults=_faults(found) if row.state != "applied" else (),
        waiting=_waiting(member, found) if waits else (),
        why_not=_why_not(found) if waits else "",
        apply=f"{here}/apply" if waits and found and found.ready else "",
        set_aside=f"{here}/set-aside" if waits else "",
        take_up=f"{here}/take-up" if may_change(member) and row.state == "set aside" else "",
        back=PAYMENTS.home(member),
    )


def _shown(asked: Asked, lines: Sequence[RowLine]) -> tuple[Listing, tuple[RowLine, ...]]:
    chosen = asked.value("came")
    choices = tuple(Choice(word, word) for word in dict.fromkeys(line.came for line in lines))
    fitting = [line for line in lines if not chosen or line.came == chosen]
    first = (asked.page - 1) * PAGE_SIZE
    around = listing(
        asked,
        "Rows of the file",
        ROW_COLUMNS,
        total=len(fitting),
        empty=Empty("Rows that could be read will be here: say below which column is what."),
        filters=(Filter("came", "What it is", chosen, choices),) if choices else (),
    )
    return around, tuple(fitting[first : first + PAGE_SIZE])


def columns_again(page: RemittancePage, typed: Typed, faults: Sequence[Fault]) -> RemittancePage:
    """The page with the choices as they were sent, and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


async def rows(db: AsyncSession, member: Member, remittance_id: uuid.UUID) -> list[tuple[object, ...]]:
    """Every row of a file under `ROW_HEADER`: two statements. Raises NotFoundError."""
    one = await one_of(db, member, PAYMENTS, remittance_id)
    if one.row.state == "applied":
        return [
            (step.row, "", step.day, pounds_number(step.pence), "", reference, "", step.because)
            for step, reference in await stored.payments(db, member.hub_id, remittance_id)
        ]
    found = await _opened(db, one)
    return [_csv_row(line) for line in found.rows] if found else []


async def ask_to_apply(db: AsyncSession, member: Member, remittance_id: uuid.UUID) -> RemittanceConfirmPage:
    """What applying would record. Raises NotFoundError, or BadInputError while a row is doubtful."""
    one = await one_of(db, member, PAYMENTS, remittance_id)
    found = await _opened(db, one)
    if one.row.state != "waiting" or found is None or not found.ready:
        because = _why_not(found) if one.row.state == "waiting" else f"This file is {STATES[one.row.state].lower()}."
        raise BadInputError(because, (Fault("", because),))
    here = f"{PAYMENTS.home(member)}/{remittance_id}"
    return RemittanceConfirmPage(
        Confirm(
            question=f"Record {pounds(found.pence)} as paid, as {one.row.name} says?",
            happens=(
                says(found),
                *found.alike[:MOST_ALIKE],
                "Every row is recorded as a payment of its statement, or none is.",
                "The file is kept as it came. A payment that was wrong is taken back by a row with a minus.",
            ),
            action=f"{here}/apply",
            submit="Record the payments",
            back=here,
            kept=(("stamp", found.stamp),),
            harm=False,
        )
    )


async def _opened(db: AsyncSession, one: stored.Row) -> Matched | None:
    return await _found(db, one, *await asyncio.to_thread(opened, one.row.name, one.row.file))


async def _found(
    db: AsyncSession, one: stored.Row, header: Sequence[str], cells: Sequence[tuple[int, list[str]]]
) -> Matched | None:
    columns = columns_of(one.row.columns)
    if columns is None:
        return None
    owed = await stored.owed(db, one.row.hub_id)
    return await asyncio.to_thread(lambda: match(read(header, cells, columns), owed))


def _figures(found: Matched) -> Iterator[Figure]:
    yield Figure("in all", pounds(found.pence))
    for came in Came:
        if found.count(came):
            yield Figure(CAME_WORDS[came].lower(), f"{found.count(came):,}")
    if found.faults:
        yield Figure("could not be read", f"{len(found.faults):,}")


async def _applied(db: AsyncSession, member: Member, one: stored.Row) -> list[RowLine]:
    return [
        RowLine(
            number=step.row or 0,
            reference=reference,
            amount=pounds(step.pence),
            came="Applied",
            tag="green",
            href=f"/hubs/{member.hub_code}/statements/{step.statement_id}",
            statement=reference,
            because=f"{step.because}{f', paid on {spoken_date(step.day)}' if step.day else ''}.",
        )
        for step, reference in await stored.payments(db, member.hub_id, one.row.id)
    ]


def _compared(member: Member, found: Matched | None) -> list[RowLine]:
    return [_row_line(member, one) for one in found.rows] if found else []


def _row_line(member: Member, one: Match) -> RowLine:
    return RowLine(
        number=one.payment.row,
        reference=one.payment.reference,
        amount=pounds(one.payment.pence),
        came=CAME_WORDS[one.came],
        tag=CAME_TAGS[one.came],
        href=f"/hubs/{member.hub_code}/statements/{one.owed.id}" if one.owed else "",
        statement=one.owed.reference if one.owed else "",
        because=one.because,
    )


def _csv_row(one: Match) -> tuple[object, ...]:
    paid = one.payment
    reference = one.owed.reference if one.owed else ""
    words = CAME_WORDS[one.came]
    left = pounds_number(one.left) if one.owed else ""
    return paid.row, paid.reference, paid.day, pounds_number(paid.pence), words, reference, left, one.because


def _faults(found: Matched | None) -> tuple[FaultLine, ...]:
    told = found.faults[:PAGE_SIZE] if found else ()
    return tuple(FaultLine(one.row, one.column, one.value, one.because) for one in told)


def _waiting(member: Member, found: Matched | None) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(f"/hubs/{member.hub_code}/statements/{one.id}", one.reference, one.name, pounds(one.left))
        for one in (found.waiting[:PAGE_SIZE] if found else ())
    )


def _why_not(found: Matched | None) -> str:
    """What keeps the file from being applied; empty when nothing does."""
    if found is None:
        return "Choose which column is the reference and which is the amount."
    if found.ready:
        return ""
    if not found.rows and not found.faults:
        return "The file has no row with a payment: look whether it is the right one."
    return (
        "Nothing can be recorded yet: every row must be matched or in part. Correct the rows that are marked in the "
        "file and bring it in again, or enter single payments on their statements."
    )
