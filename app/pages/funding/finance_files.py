"""Files of finance systems, of two kinds: payments, and a ledger kept elsewhere. The list, the form for one."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Field,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.pages.funding.statements import pounds_number
from app.store.funding import remittances as stored
from app.store.funding.remittances import Wanted

STATES = {"waiting": "Waits for you", "applied": "Applied", "set aside": "Set aside"}
TAGS = {"waiting": "yellow", "applied": "green", "set aside": "grey"}
COLUMNS = (
    Column("", "File"),
    Column("", "Brought in"),
    Column("", "State"),
    Column("", "Settled"),
    Column("", "What it said"),
)
CSV_HEADER = ("file", "brought in", "by", "state", "settled", "by whom", "rows", "amount", "said")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is kept, where its pages are, and what they say."""

    key: str
    tail: str
    title: str
    says: str
    bring: str
    label: str
    hint: str
    empty: str

    def home(self, member: Member) -> str:
        """Where its files are."""
        return f"/hubs/{member.hub_code}/{self.tail}"


PAYMENTS = Kind(
    "payments",
    "remittances",
    "What was paid?",
    "Bring in the file of your bank or finance system. Each of its rows is held against the statements that were "
    "submitted; nothing is recorded until you have seen all of them.",
    "Bring in a payment file",
    "The file from the bank or finance system",
    "CSV or XLSX, with headings in the first row. Nothing is paid until you have seen every row.",
    "Files from the bank or the finance system will be here, each kept as it came.",
)
LEDGER = Kind(
    "ledger",
    "ledger-import",
    "What was claimed before Halfterm?",
    "Bring in the spreadsheet in which an earlier year was kept. Each of its rows becomes a line in a statement of "
    "that year, brought forward as it is; nothing is taken in until you have seen all of them.",
    "Bring in a ledger",
    "The spreadsheet in which it was kept",
    "CSV or XLSX, with headings in the first row: at least a school and an amount.",
    "Ledgers of earlier years that were kept elsewhere will be here, each kept as it came.",
)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in the list."""

    href: str
    name: str
    brought: str
    state: str
    tag: str
    settled: str
    said: str


@dataclass(frozen=True, slots=True)
class FilesPage:
    """The files so far."""

    template: ClassVar[str] = "funding/finance_files.html"
    title: str
    says: str
    listing: Listing
    lines: tuple[FileLine, ...]
    bring_says: str
    bring: str  # leads to the form; empty for those who may only look


@dataclass(frozen=True, slots=True)
class NewFilePage:
    """The form for a file."""

    template: ClassVar[str] = "funding/finance_file_new.html"
    title: str
    form: Form
    back: str


def may_change(member: Member) -> bool:
    """Whether the member may bring files in and apply them."""
    return bool(member.reaches(Can.CLAIM))


async def load(db: AsyncSession, member: Member, kind: Kind, asked: Asked) -> FilesPage:
    """A page of the list: two statements."""
    state = asked.value("state") if asked.value("state") in STATES else ""
    total = await stored.count(db, member.hub_id, kind.key, state)
    rows = await stored.listed(db, member.hub_id, Wanted(kind.key, state, PAGE_SIZE, (asked.page - 1) * PAGE_SIZE))
    choices = tuple(Choice(value, text) for value, text in STATES.items())
    bring = f"{kind.home(member)}/new" if may_change(member) else ""
    empty = Empty(kind.empty, kind.bring if bring else "", bring)
    return FilesPage(
        title=kind.title,
        says=kind.says,
        listing=listing(
            asked,
            "Files",
            COLUMNS,
            total=total,
            empty=empty,
            filters=(Filter("state", "State", state, choices),),
        ),
        lines=tuple(_line(member, kind, one) for one in rows),
        bring_says=kind.bring,
        bring=bring,
    )


async def table(db: AsyncSession, member: Member, kind: Kind, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every file under `CSV_HEADER`: one statement."""
    state = asked.value("state") if asked.value("state") in STATES else ""
    rows = await stored.listed(db, member.hub_id, Wanted(kind.key, state))
    return (
        (
            one.row.name, one.row.uploaded_at, one.by, STATES[one.row.state], one.row.settled_at, one.settled_by,
            one.row.told.get("rows"), pounds_number(one.row.told["pence"]) if one.row.told else "",
            one.row.told.get("says", ""),
        )
        for one in rows
    )  # fmt: skip


def _line(member: Member, kind: Kind, one: stored.Row) -> FileLine:
    row = one.row
    return FileLine(
        href=f"{kind.home(member)}/{row.id}",
        name=row.name,
        brought=when_and_who(spoken(row.uploaded_at), one.by),
        state=STATES[row.state],
        tag=TAGS[row.state],
        settled=when_and_who(spoken(row.settled_at), one.settled_by) if row.settled_at else "Not yet",
        said=row.told.get("says", ""),
    )


def when_and_who(when: str, name: str) -> str:
    """A moment and whoever it was."""
    return f"{when}, {name}" if name else when


def new(member: Member, kind: Kind, *beside: Field) -> NewFilePage:
    """The form for a file, with what is asked beside it."""
    file = Field(name="file", label=kind.label, kind="file", hint=kind.hint)
    form = Form(action=kind.home(member), submit="Look at the file", upload=True, fields=(file, *beside))
    return NewFilePage(kind.bring, form, kind.home(member))


def new_again(page: NewFilePage, typed: Typed, faults: Sequence[Fault]) -> NewFilePage:
    """The form with what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def one_of(db: AsyncSession, member: Member, kind: Kind, file_id: uuid.UUID) -> stored.Row:
    """The file with its bytes: one statement. Raises NotFoundError."""
    found = await stored.one(db, member.hub_id, kind.key, file_id)
    if found is None:
        raise NotFoundError
    return found


async def original(db: AsyncSession, member: Member, kind: Kind, file_id: uuid.UUID) -> tuple[str, bytes]:
    """The file's name and its bytes as they came. Raises NotFoundError."""
    one = await one_of(db, member, kind, file_id)
    return one.row.name, one.row.file


def about(one: stored.Row) -> Iterator[str]:
    """When and by whom the file was brought in and settled."""
    yield f"Brought in on {when_and_who(spoken(one.row.uploaded_at), one.by)}."
    if one.row.settled_at:
        yield f"{STATES[one.row.state]} on {when_and_who(spoken(one.row.settled_at), one.settled_by)}."


def columns_form(
    here: str, header: Sequence[str], labels: Mapping[str, tuple[str, str]], chosen: Mapping[str, str]
) -> Form:
    """Asks which column is what; `labels` are what is asked, each with its hint."""
    choices = (Choice("", "None"), *(Choice(one, one) for one in dict.fromkeys(header) if one))
    fields = tuple(
        Field(name=name, label=label, hint=hint, kind="select", choices=choices, value=chosen.get(name, ""))
        for name, (label, hint) in labels.items()
    )
    return Form(action=f"{here}/columns", submit="Read the file with these columns", fields=fields)
