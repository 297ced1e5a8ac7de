"""Payment files: the list, and the form for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.pence import pounds
from app.kit.errors import Fault
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
from app.store.funding import remittances as stored
from app.store.funding.remittances import Wanted

KIND = "payments"
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
class RemittancesPage:
    """The files so far."""

    template: ClassVar[str] = "funding/remittances.html"
    listing: Listing
    lines: tuple[FileLine, ...]
    bring: str  # leads to the form; empty for those who may only look


@dataclass(frozen=True, slots=True)
class NewRemittancePage:
    """The form for a file."""

    template: ClassVar[str] = "funding/remittance_new.html"
    form: Form
    back: str


def home_of(member: Member) -> str:
    """Where the files are."""
    return f"/hubs/{member.hub_code}/remittances"


def may_change(member: Member) -> bool:
    """Whether the member may bring files in and apply them."""
    return bool(member.reaches(Can.CLAIM))


async def load(db: AsyncSession, member: Member, asked: Asked) -> RemittancesPage:
    """A page of the list: two statements."""
    state = asked.value("state") if asked.value("state") in STATES else ""
    total = await stored.count(db, member.hub_id, KIND, state)
    rows = await stored.listed(db, member.hub_id, Wanted(KIND, state, PAGE_SIZE, (asked.page - 1) * PAGE_SIZE))
    choices = tuple(Choice(value, text) for value, text in STATES.items())
    bring = f"{home_of(member)}/new" if may_change(member) else ""
    empty = Empty(
        "Files from the bank or the finance system will be here, each kept as it came.",
        "Bring in a payment file" if bring else "",
        bring,
    )
    return RemittancesPage(
        listing=listing(
            asked,
            "Payment files",
            COLUMNS,
            total=total,
            empty=empty,
            filters=(Filter("state", "State", state, choices),),
        ),
        lines=tuple(_line(member, one) for one in rows),
        bring=bring,
    )


async def table(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every file under `CSV_HEADER`: one statement."""
    state = asked.value("state") if asked.value("state") in STATES else ""
    rows = await stored.listed(db, member.hub_id, Wanted(KIND, state))
    return (
        (
            one.row.name, one.row.uploaded_at, one.by, STATES[one.row.state], one.row.settled_at, one.settled_by,
            one.row.told.get("rows"), pounds(one.row.told["pence"]) if one.row.told else "",
            one.row.told.get("says", ""),
        )
        for one in rows
    )  # fmt: skip


def _line(member: Member, one: stored.Row) -> FileLine:
    row = one.row
    return FileLine(
        href=f"{home_of(member)}/{row.id}",
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


def new(member: Member) -> NewRemittancePage:
    """The form for a file."""
    file = Field(
        name="file",
        label="The file from the bank or finance system",
        kind="file",
        hint="CSV or XLSX, with headings in the first row. Nothing is paid until you have seen every row.",
    )
    form = Form(action=home_of(member), submit="Look at the file", upload=True, fields=(file,))
    return NewRemittancePage(form, home_of(member))


def new_again(member: Member, typed: Typed, faults: Sequence[Fault]) -> NewRemittancePage:
    """The form with what to change."""
    page = new(member)
    return replace(page, form=refilled(page.form, typed, faults))
