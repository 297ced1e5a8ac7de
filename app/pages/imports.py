"""Importing in the browser: the form for a file, the imports so far, and one import with what it would do."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, spoken, spoken_year
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Field,
    Figure,
    Form,
    Listing,
    filled,
    listing,
)
from app.store.imports import uploads

KINDS = (
    Choice("schools", "Schools", "A GIAS extract (edubasealldata), CSV. Heads' names are never read."),
    Choice("school links", "School links", "The GIAS links file, CSV: which school continues which."),
    Choice("calendars", "Term dates", "CSV or XLSX (calendar, kind, name, from, to), or a calendar file (ICS)."),
    Choice("participants", "Participants", "CSV or XLSX, one row a participant, with group, leader and school."),
)
KIND_WORDS = {choice.value: choice.text for choice in KINDS}
STATUS_WORDS = {
    uploads.PREVIEWED: "waits for you",
    uploads.DONE: "done",
    uploads.REFUSED: "refused",
    uploads.SET_ASIDE: "set aside",
}
COLUMNS = (
    Column("", "File"),
    Column("", "What it holds"),
    Column("", "When"),
    Column("", "Who"),
    Column("", "Rows", number=True),
    Column("", "State"),
)
REJECTED_COLUMNS = (
    Column("", "Row"),
    Column("", "Column"),
    Column("", "It says"),
    Column("", "What to do"),
)
CSV_HEADER = ("file", "kind", "year", "when", "who", "read", "created", "updated", "unchanged", "rejected", "state")
REJECTED_CSV_HEADER = ("row", "column", "value", "because")


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import in the list."""

    href: str
    file: str
    kind: str
    when: str
    who: str
    rows: str
    state: str


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The form for a file, and the imports so far."""

    template: ClassVar[str] = "imports/list.html"
    form: Form
    listing: Listing
    imports: tuple[ImportLine, ...]


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A cell that cannot be taken."""

    row: int
    column: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import: what it would do or did, each row that cannot be taken; `waiting` while it can be confirmed."""

    template: ClassVar[str] = "imports/one.html"
    title: str
    about: str
    status: str
    waiting: bool
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    more_notes: int
    listing: Listing
    rejected: tuple[RejectedLine, ...]
    confirm: Form | None
    set_aside: str
    back: str


def upload_form(member: Member, now: datetime) -> Form:
    """The form for a file."""
    year = academic_year(now.date())
    years = tuple(Choice(str(one), spoken_year(one)) for one in range(year - 1, year + 3))
    return Form(
        action=f"/hubs/{member.hub_code}/imports",
        submit="Look at what it would do",
        upload=True,
        fields=(
            Field(name="kind", label="What does the file hold?", kind="radios", choices=KINDS),
            Field(
                name="file", label="The file", kind="file", hint="Nothing changes until you have seen what it would do."
            ),
            Field(
                name="year",
                label="Academic year of the participants",
                kind="select",
                value=str(year),
                choices=years,
            ),
            Field(
                name="authorities",
                label="Only schools of these local authorities",
                hint="For schools: codes such as 878 908. Leave it empty to take them all.",
                width="20",
            ),
            Field(
                name="calendar",
                label="Name of the calendar",
                hint="For a calendar file (ICS). Leave it empty to use the name it gives itself.",
                width="20",
            ),
        ),
    )


async def imports_page(db: AsyncSession, member: Member, asked: Asked, form: Form) -> ImportsPage:
    """The form and a page of the list: two statements."""
    total = await uploads.count(db, member.hub_id)
    rows = await uploads.listed(db, member.hub_id, PAGE_SIZE, (asked.page - 1) * PAGE_SIZE)
    empty = Empty("Every file that is imported will be listed here, with what it did.")
    return ImportsPage(
        form=form,
        listing=listing(asked, "Imports so far", COLUMNS, total=total, empty=empty),
        imports=tuple(_line(member, row) for row in rows),
    )


async def imports_csv(db: AsyncSession, member: Member) -> Iterator[tuple[object, ...]]:
    """All imports of the hub, as rows under CSV_HEADER."""
    rows = await uploads.listed(db, member.hub_id, None, 0)
    return (
        (
            row.file_name, row.kind, row.year, row.made_at, row.made_by, *(_count(row, key) for key in CSV_HEADER[5:9]),
            len(row.report.get("rejected", ())), row.status,
        )
        for row in rows
    )  # fmt: skip


async def import_page(db: AsyncSession, member: Member, key: uuid.UUID, asked: Asked) -> ImportPage:
    """One import: one statement. Raises NotFoundError."""
    row = await uploads.one(db, member.hub_id, key)
    if row is None:
        raise NotFoundError
    rejected = tuple(_rejected(row))
    notes = tuple(row.report.get("notes", ()))
    waiting = row.status == uploads.PREVIEWED
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}/imports"
    rows_refused = len({line.row for line in rejected})
    changes = _count(row, "created") + _count(row, "updated")
    return ImportPage(
        title=row.file_name,
        about=_about(row),
        status=_status(row),
        waiting=waiting,
        figures=tuple(_figures(row, rows_refused)),
        notes=notes[:PAGE_SIZE],
        more_notes=max(0, len(notes) - PAGE_SIZE),
        listing=listing(
            asked,
            "Rows that cannot be taken",
            REJECTED_COLUMNS,
            total=len(rejected),
            empty=Empty("Every row can be taken."),
        ),
        rejected=rejected[first : first + PAGE_SIZE],
        confirm=_confirm(f"{home}/{row.id}/confirm", rows_refused) if waiting and changes else None,
        set_aside=f"{home}/{row.id}/set-aside" if waiting else "",
        back=home,
    )


async def rejected_csv(db: AsyncSession, member: Member, key: uuid.UUID) -> Iterator[tuple[object, ...]]:
    """The rows that cannot be taken, under REJECTED_CSV_HEADER. Raises NotFoundError."""
    row = await uploads.one(db, member.hub_id, key)
    if row is None:
        raise NotFoundError
    return ((line.row, line.column, line.value, line.because) for line in _rejected(row))


def _confirm(action: str, refused: int) -> Form:
    skip = Choice("yes", f"Leave out {_rows(refused)} and take the others")
    fields = (
        (Field(name="skip", label="Some rows cannot be taken", kind="checkboxes", choices=(skip,)),) if refused else ()
    )
    return Form(action=action, submit="Import it", fields=fields)


def _line(member: Member, row: uploads.UploadRow) -> ImportLine:
    return ImportLine(
        href=f"/hubs/{member.hub_code}/imports/{row.id}",
        file=row.file_name,
        kind=KIND_WORDS.get(row.kind, row.kind),
        when=spoken(row.made_at),
        who=row.made_by,
        rows=f"{_count(row, 'read'):,}",
        state=STATUS_WORDS.get(row.status, row.status),
    )


def _about(row: uploads.UploadRow) -> str:
    kind = KIND_WORDS.get(row.kind, row.kind)
    year = f" for {spoken_year(row.year)}" if row.kind == "participants" else ""
    who = f" by {row.made_by}" if row.made_by else ""
    return f"{kind}{year}, handed in{who} on {spoken(row.made_at)}"


def _status(row: uploads.UploadRow) -> str:
    if row.status == uploads.DONE and row.finished_at:
        return f"Imported on {spoken(row.finished_at)}."
    if row.status == uploads.SET_ASIDE:
        return "Set aside: nothing of it was imported."
    if _count(row, "created") + _count(row, "updated"):
        return "This is what it would do. Nothing has changed yet."
    if row.report.get("rejected"):
        return "There is nothing in it to import but rows that cannot be taken: correct them and import the file again."
    return "The hub holds all of this already: importing it would change nothing."


def _figures(row: uploads.UploadRow, refused: int) -> Iterator[Figure]:
    for key, words in (("read", "rows read"), ("created", "new"), ("updated", "changed"), ("unchanged", "unchanged")):
        yield Figure(words, f"{_count(row, key):,}")
    yield Figure("cannot be taken", f"{refused:,}")


def _rejected(row: uploads.UploadRow) -> Iterator[RejectedLine]:
    for fault in row.report.get("rejected", ()):
        yield RejectedLine(fault["row"], fault["column"], fault["value"], fault["because"])


def _rows(number: int) -> str:
    return "one row" if number == 1 else f"{number:,} rows"


def _count(row: uploads.UploadRow, key: str) -> int:
    report: dict[str, Any] = row.report
    return int(report.get(key, 0))


def refused_again(page: ImportPage, faults: Sequence[Fault]) -> ImportPage:
    """The page with what must be decided before it can be confirmed."""
    return replace(page, confirm=filled(page.confirm, {}, faults) if page.confirm else None)
