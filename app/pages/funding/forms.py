"""The forms of the funder: the list, the editor of one with its first rows, and its files."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.mapping import FORMS, ROWS_WORDS, SOURCES, Column, Export, Rows, faults_of
from app.domain.funding.selection import Kept, Wanted
from app.domain.funding.standing import file_stem
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_date, year_span
from app.kit.typed import Typed
from app.pages import _parts
from app.pages._parts import PAGE_SIZE, Asked, Choice, Confirm, Empty, Field, Form, Listing, listing, refilled
from app.pages.funding.exports import File, written
from app.pages.funding.selection import read
from app.render.funding.files import MEDIA_TYPES
from app.render.funding.forms import Filled, FormFile
from app.store.funding import forms
from app.store.funding import selecting as rows
from app.store.funding.forms import Stored

COLUMNS = (_parts.Column("", "Form"), _parts.Column("", "Rows"), _parts.Column("", "Columns", number=True))
CSV_HEADER = ("id", "name", "rows", "columns", "changed")
SHOWN = 5  # rows of the preview


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form of the list."""

    name: str
    href: str
    rows: str
    columns: str


@dataclass(frozen=True, slots=True)
class FunderFormsPage:
    """The hub's forms, and the beginning of another."""

    template: ClassVar[str] = "funding/forms.html"
    listing: Listing
    forms: tuple[FormRow, ...]
    form: Form | None
    lines_href: str


Sent = tuple[Typed, Sequence[Fault]]  # what was typed and could not be taken, and what to change


async def load(db: AsyncSession, member: Member, asked: Asked, sent: Sent | None = None) -> FunderFormsPage:
    """The list: one statement. With what was sent and could not be taken."""
    found = await forms.listed(db, member.hub_id)
    home = f"/hubs/{member.hub_code}"
    first = (asked.page - 1) * PAGE_SIZE
    form = _new_form(f"{home}/funder-forms") if member.reaches(Can.EDIT_RATES) else None
    empty = Empty(
        "The forms of your funder will be here: which columns in which order, and how each is written. "
        "When the form changes next year, change it here."
    )
    return FunderFormsPage(
        listing=listing(asked, "Forms of the funder", COLUMNS, total=len(found), empty=empty),
        forms=tuple(_row(home, one) for one in found[first : first + PAGE_SIZE]),
        form=refilled(form, *sent) if form and sent else form,
        lines_href=f"{home}/lines",
    )


def _row(home: str, one: Stored) -> FormRow:
    href = f"{home}/funder-forms/{one.id}"
    return FormRow(one.export.name, href, ROWS_WORDS[one.export.rows].capitalize(), str(len(one.export.columns)))


def _rows_field(value: str) -> Field:
    choices = tuple(Choice(one.value, words.capitalize()) for one, words in ROWS_WORDS.items())
    return Field(name="rows", label="What a row is", kind="select", value=value, choices=choices)


def _new_form(action: str) -> Form:
    hint = "As the funder calls it, with its year: Claim form 2026/27."
    fields = (Field(name="name", label="Name of the form", hint=hint, width="30"), _rows_field(Rows.LINE.value))
    return Form(action=action, submit="Begin the form", fields=fields)


async def csv_rows(db: AsyncSession, member: Member) -> list[tuple[object, ...]]:
    """The list under CSV_HEADER."""
    return [
        (one.id, one.export.name, ROWS_WORDS[one.export.rows], len(one.export.columns), one.changed_at)
        for one in await forms.listed(db, member.hub_id)
    ]


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """One column in the editor: its number for people and its fields; `place` counts from 0."""

    number: int
    place: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FunderFormPage:
    """The editor of a form; whoever may not change it sees what it says."""

    template: ClassVar[str] = "funding/form.html"
    name: str
    rows: str
    changed: str
    form: Form
    head: tuple[Field, ...]
    columns: tuple[ColumnBlock, ...]
    may_edit: bool
    unsaved: bool
    headings: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    period: str
    files: tuple[tuple[str, str], ...]
    delete_href: str
    back: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the editor and not kept yet, with what to change."""

    export: Export
    faults: tuple[Fault, ...] = ()
    version: int = 0


async def load_one(
    db: AsyncSession, member: Member, form_id: uuid.UUID, at: tuple[Asked, datetime], draft: Draft | None = None
) -> FunderFormPage:
    """The editor with the first rows of this year's lines. Raises NotFoundError, BadInputError."""
    asked, now = at
    stored = await _one(db, member, form_id)
    export = draft.export if draft else stored.export
    home, selected = f"/hubs/{member.hub_code}/funder-forms", read(asked, now)
    said = {one.path: one.because for one in reversed(draft.faults)} if draft else {}
    name = Field(name="name", label="Name of the form", value=export.name, width="30", fault=said.get("name", ""))
    head = (name, _rows_field(export.rows.value))
    blocks = tuple(_block(place, one, said) for place, one in enumerate(export.columns))
    whole = not (faults_of(export) or (draft and draft.faults))
    query = urlencode({name: asked.value(name) for name in ("year", "period", "first", "last") if asked.value(name)})
    return FunderFormPage(
        name=stored.export.name,
        rows=ROWS_WORDS[export.rows],
        changed=spoken_date(in_london(stored.changed_at).date()),
        form=Form(
            action=f"{home}/{form_id}",
            submit="Save the form",
            fields=(*head, *(field for block in blocks for field in block.fields)),
            faults=draft.faults if draft else (),
            kept=(("version", str(draft.version if draft else stored.version)),),
        ),
        head=head,
        columns=blocks,
        may_edit=bool(member.reaches(Can.EDIT_RATES)),
        unsaved=draft is not None,
        headings=tuple(one.name for one in export.columns),
        preview=await _preview(db, member, export, selected) if whole else (),
        period=selected.period,
        files=tuple(
            (form.upper(), f"{home}/{form_id}/export.{form}{'?' if query else ''}{query}") for form in ("xlsx", "csv")
        ),
        delete_href=f"{home}/{form_id}/delete",
        back=home,
    )


async def _one(db: AsyncSession, member: Member, form_id: uuid.UUID) -> Stored:
    found = await forms.one(db, member.hub_id, form_id)
    if found is None:
        raise NotFoundError
    return found


def _block(place: int, one: Column, said: dict[str, str]) -> ColumnBlock:
    start = f"columns.{place}."
    number = f"{place + 1}"
    source = SOURCES.get(one.source)
    sources = tuple(Choice(name, each.label) for name, each in SOURCES.items())
    ways = FORMS[source.kind] if source else {}
    written_as = tuple(Choice(name, words.capitalize()) for name, (words, _) in ways.items())
    fields = [
        Field(name=f"{start}name", label=f"Heading of column {number}", value=one.name, width="30"),
        Field(name=f"{start}source", label=f"Column {number} holds", kind="select", value=one.source, choices=sources),
        Field(
            name=f"{start}form", label=f"Column {number} is written", kind="select", value=one.form, choices=written_as
        ),
    ]
    if one.source == "constant":
        fields.append(Field(name=f"{start}constant", label="The words", value=one.constant, width="30"))
    return ColumnBlock(place + 1, place, tuple(_with(field, said) for field in fields))


def _with(field: Field, said: dict[str, str]) -> Field:
    return replace(field, fault=said[field.name]) if field.name in said else field


async def _preview(db: AsyncSession, member: Member, export: Export, selected: Wanted) -> tuple[tuple[str, ...], ...]:
    """The first rows as they would be written; a row of a school never lacks a line of it."""
    chosen = await rows.selecting(db, member.hub_id, selected)
    names = await rows.rate_names(db, member.hub_id)
    kept: list[Kept] = []
    async for part in rows.parts(db, chosen, names):
        kept += part
        if export.rows is not Rows.PROGRAMME and len({one.line.urn for one in kept}) > SHOWN:
            break
        if export.rows is Rows.LINE:
            break
    filled = Filled(export, await forms.given(db, chosen, names), year_span(2026).first)
    return tuple(tuple(map(str, row)) for row in list(filled.rows(kept))[:SHOWN])


async def file(db: AsyncSession, member: Member, form_id: uuid.UUID, asked: Asked, how: tuple[str, datetime]) -> File:
    """The lines that an address selects in this form, as csv or xlsx. Raises NotFoundError or BadInputError."""
    form, now = how
    stored = await _one(db, member, form_id)
    if faults_of(stored.export):
        raise ConflictError("This form is not finished: open it, and change what is marked there.")
    selected = read(asked, now)
    chosen = await rows.selecting(db, member.hub_id, selected)
    names = await rows.rate_names(db, member.hub_id)
    today = in_london(now).date()
    filled = Filled(
        stored.export, await forms.given(db, chosen, names), selected.span.first if selected.span else today
    )
    data = await written(db, chosen, lambda to: FormFile(to, form, filled))
    return File(f"{file_stem(stored.export.name)}.{form}", MEDIA_TYPES[form], data)


@dataclass(frozen=True, slots=True)
class FunderFormConfirmPage:
    """Asks before a form is gone."""

    template: ClassVar[str] = "funding/confirm.html"
    confirm: Confirm


async def confirm_delete(db: AsyncSession, member: Member, form_id: uuid.UUID) -> FunderFormConfirmPage:
    """The question before a form goes. Raises NotFoundError."""
    stored = await _one(db, member, form_id)
    here = f"/hubs/{member.hub_code}/funder-forms/{form_id}"
    return FunderFormConfirmPage(
        Confirm(
            question=f"Delete the form {stored.export.name}?",
            happens=(
                f"Its {len(stored.export.columns)} columns are gone, and cannot be put back.",
                "The lines of the ledger stay as they are, and so do files that were made already.",
            ),
            action=f"{here}/delete",
            submit="Delete it",
            back=here,
        )
    )
