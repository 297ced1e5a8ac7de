"""A ledger that was kept elsewhere, row by row, before and after it is taken in."""

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.brought import NEEDED, Brought, Row, by_reference, read, says
from app.domain.funding.pence import pounds
from app.domain.funding.statements import STATE_WORDS, State
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import academic_year, in_london, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Confirm,
    Empty,
    Field,
    Form,
    Listing,
    listing,
    refilled,
)
from app.pages.funding.finance_files import (
    LEDGER,
    STATES,
    TAGS,
    NewFilePage,
    about,
    columns_form,
    may_change,
    new,
    one_of,
)
from app.pages.funding.statements import pounds_number
from app.render.funding.payment_file import opened
from app.store.funding import brought as stored
from app.store.funding import remittances as files
from app.store.funding import schools

COLUMNS = (
    Column("", "Row", number=True),
    Column("", "School"),
    Column("", "Day"),
    Column("", "Amount", number=True),
    Column("", "Statement"),
    Column("", "Because"),
)
CSV_HEADER = ("row", "URN", "school", "day", "amount", "statement", "programme", "because")
FAULT_HEADER = ("row", "column", "value", "because")
LABELS = {
    "school": ("School", "Its URN, or its name as your list of schools has it."),
    "amount": ("Amount", "In pounds; minus or brackets for what was taken back."),
    "day": ("Day", "Within the grant year. Without it, the year's last day."),
    "what": ("What it was for", "Shown as the reason of the line, and kept: it should name no person."),
    "programme": ("Programme", "Its code, where the file has one."),
    "reference": ("Statement or claim", "Rows with one reference become one statement."),
    "paid": ("Paid on", "Kept with the reason; payments themselves are recorded on the statement."),
}
YEARS_BACK = 6
PREVIEWED = 5


@dataclass(frozen=True, slots=True)
class BroughtLine:
    """One row of the file and the line it becomes."""

    number: int
    school: str
    href: str
    day: str
    amount: str
    statement: str
    because: str


@dataclass(frozen=True, slots=True)
class BroughtFault:
    """A cell that cannot be taken."""

    number: int
    column: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class Becomes:
    """A statement that the file becomes or became, and what it comes to; `href` once it is there."""

    reference: str
    rows: str
    amount: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class BroughtPage:
    """One ledger; `take_in` leads on once every row can be taken."""

    template: ClassVar[str] = "funding/brought.html"
    name: str
    year: str
    state: str
    tag: str
    about: tuple[str, ...]
    file: str
    said: str
    head: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    form: Form | None
    rows: Listing
    lines: tuple[BroughtLine, ...]
    faults: tuple[BroughtFault, ...]
    more_faults: str
    becomes: tuple[Becomes, ...]
    why_not: str
    take_in: str
    take_back: str
    set_aside: str
    take_up: str
    back: str


@dataclass(frozen=True, slots=True)
class BroughtConfirmPage:
    """Asks first."""

    template: ClassVar[str] = "funding/confirm.html"
    confirm: Confirm


def form(member: Member, now: datetime) -> NewFilePage:
    """The form for a file, with the grant year it is of."""
    this = academic_year(in_london(now).date())
    years = tuple(Choice(str(one), spoken_year(one)) for one in range(this, this - YEARS_BACK, -1))
    return new(
        member, LEDGER, Field(name="year", label="Grant year", kind="select", choices=years, value=str(this - 1))
    )


async def load(db: AsyncSession, member: Member, file_id: uuid.UUID, asked: Asked) -> BroughtPage:
    """One ledger row by row: five statements at most. Raises NotFoundError."""
    one = await one_of(db, member, LEDGER, file_id)
    row, here = one.row, f"{LEDGER.home(member)}/{file_id}"
    header, cells = await asyncio.to_thread(opened, row.name, row.file)  # large files take seconds
    found = await _read(db, one, header, cells)
    names = await schools.names(db, {each.line.urn for each in found.rows})
    first = (asked.page - 1) * PAGE_SIZE
    may, waits = may_change(member), row.state == "waiting"
    return BroughtPage(
        name=row.name,
        year=spoken_year(row.year),
        state=STATES[row.state],
        tag=TAGS[row.state],
        about=tuple(about(one)),
        file=f"{here}/file",
        said=row.told.get("says", "") or says(found),
        head=header,
        preview=tuple(tuple(line[: len(header)]) for _, line in cells[:PREVIEWED]),
        form=columns_form(here, header, LABELS, row.columns) if may and waits else None,
        rows=listing(
            asked,
            "Rows of the file",
            COLUMNS,
            total=len(found.rows),
            empty=Empty("Rows that could be read will be here: say below which column is what."),
        ),
        lines=tuple(_line(member, each, names) for each in found.rows[first : first + PAGE_SIZE]),
        faults=tuple(
            BroughtFault(each.row, each.column, each.value, each.because) for each in found.faults[:PAGE_SIZE]
        ),
        more_faults=_more(found),
        becomes=await _becomes(db, member, one, found),
        why_not=_why_not(found, one) if may and waits else "",
        take_in=f"{here}/take-in" if may and waits and found.ready else "",
        take_back=f"{here}/take-back" if may and row.state == "applied" else "",
        set_aside=f"{here}/set-aside" if may and waits else "",
        take_up=f"{here}/take-up" if may and row.state == "set aside" else "",
        back=LEDGER.home(member),
    )


def columns_again(page: BroughtPage, typed: Typed, faults: Sequence[Fault]) -> BroughtPage:
    """The page with the choices as they were sent, and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


async def table(db: AsyncSession, member: Member, file_id: uuid.UUID) -> Iterator[tuple[object, ...]]:
    """Every line that the file becomes, under `CSV_HEADER`: four statements. Raises NotFoundError."""
    one = await one_of(db, member, LEDGER, file_id)
    found = await _read(db, one, *await asyncio.to_thread(opened, one.row.name, one.row.file))
    names = await schools.names(db, {each.line.urn for each in found.rows})
    return (
        (
            each.number, each.line.urn, names.get(each.line.urn, ""), each.line.day, pounds_number(each.line.pence),
            each.reference, each.line.programme, each.line.because,
        )
        for each in found.rows
    )  # fmt: skip


async def faults(db: AsyncSession, member: Member, file_id: uuid.UUID) -> Iterator[tuple[object, ...]]:
    """Every cell that cannot be taken, under `FAULT_HEADER`: three statements. Raises NotFoundError."""
    one = await one_of(db, member, LEDGER, file_id)
    found = await _read(db, one, *await asyncio.to_thread(opened, one.row.name, one.row.file))
    return ((each.row, each.column, each.value, each.because) for each in found.faults)


async def ask_to_take_in(db: AsyncSession, member: Member, file_id: uuid.UUID) -> BroughtConfirmPage:
    """What taking it in would make. Raises NotFoundError, BadInputError or ConflictError."""
    one = await one_of(db, member, LEDGER, file_id)
    if one.row.state != "waiting":
        raise ConflictError(f"This ledger is {STATES[one.row.state].lower()}.")
    found = await _read(db, one, *await asyncio.to_thread(opened, one.row.name, one.row.file))
    if not found.ready:
        because = _why_not(found, one)
        raise BadInputError(because, (Fault("", because),))
    here = f"{LEDGER.home(member)}/{file_id}"
    count = len(by_reference(found))
    made = "1 open statement is made" if count == 1 else f"{count:,} open statements are made"
    return BroughtConfirmPage(
        Confirm(
            question=f"Take in {one.row.name} for {spoken_year(one.row.year)}?",
            happens=(
                says(found),
                f"{made}, one for each reference in the file. One person closes them, another approves.",
                "Lines brought forward are never changed or corrected by what Halfterm knows of that year.",
                "You can take all of it back while no statement of it is closed.",
            ),
            action=f"{here}/take-in",
            submit="Take it in",
            back=here,
            kept=(("says", says(found)),),
            harm=False,
        )
    )


async def ask_to_take_back(db: AsyncSession, member: Member, file_id: uuid.UUID) -> BroughtConfirmPage:
    """What taking it back removes. Raises NotFoundError, or ConflictError where it is not taken in."""
    one = await one_of(db, member, LEDGER, file_id)
    if one.row.state != "applied":
        raise ConflictError("This ledger is not taken in.")
    here = f"{LEDGER.home(member)}/{file_id}"
    return BroughtConfirmPage(
        Confirm(
            question=f"Take {one.row.name} back?",
            happens=(
                f"Every statement and line that it became is removed. It said: {one.row.told.get('says', '')}",
                "The file stays kept, and can be taken in again.",
            ),
            action=f"{here}/take-back",
            submit="Take it back",
            back=here,
        )
    )


async def _read(
    db: AsyncSession, one: files.Row, header: Sequence[str], cells: Sequence[tuple[int, Sequence[str]]]
) -> Brought:
    columns = one.row.columns
    if not all(columns.get(name) in header for name in NEEDED):
        return Brought((), ())
    place = list(header).index(columns["school"])
    said = {line[place].strip() for _, line in cells if place < len(line)}
    return read(header, cells, columns, one.row.year, await stored.known(db, one.row.hub_id, said))


def _line(member: Member, one: Row, names: dict[int, str]) -> BroughtLine:
    line = one.line
    return BroughtLine(
        number=one.number,
        school=names.get(line.urn, str(line.urn)),
        href=f"/hubs/{member.hub_code}/schools/{line.urn}/owed",
        day=spoken_date(line.day),
        amount=pounds(line.pence),
        statement=one.reference or "The hub's own",
        because=line.because,
    )


async def _becomes(db: AsyncSession, member: Member, one: files.Row, found: Brought) -> tuple[Becomes, ...]:
    if one.row.state == "applied":
        return tuple(
            Becomes(
                each.reference,
                f"{lines:,}",
                pounds(pence),
                f"/hubs/{member.hub_code}/statements/{each.id}",
                STATE_WORDS[State(each.state)].lower(),
            )
            for each, lines, pence in await stored.became(db, member.hub_id, one.row.told.get("statements", ()))
        )
    return tuple(
        Becomes(
            reference or "One of the hub, for rows without a reference",
            f"{len(some):,}",
            pounds(sum(each.line.pence for each in some)),
            "",
            "",
        )
        for reference, some in list(by_reference(found).items())[:PAGE_SIZE]
    )


def _more(found: Brought) -> str:
    more = len(found.faults) - PAGE_SIZE
    return f"And {more:,} more: download them all as CSV." if more > 0 else ""


def _why_not(found: Brought, one: files.Row) -> str:
    """What keeps the ledger from being taken in; empty when nothing does."""
    if not all(one.row.columns.get(name) for name in NEEDED):
        return "Choose which column is the school and which is the amount."
    if found.ready:
        return ""
    if not found.rows and not found.faults:
        return "The file has no row that can be read: look whether it is the right one."
    return "Nothing can be taken in yet: correct the rows below in the file, and bring it in again."
