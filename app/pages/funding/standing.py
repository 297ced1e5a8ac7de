"""Exports that make themselves: the list, one of them, and the form that sets one up."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.standing import EVERY_WORDS, FORMATS, OF_WORDS, TO_WORDS, Every, Of, Standing, To
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken, spoken_date
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Confirm, Empty, Field, Form, Listing, listing, refilled
from app.store.funding import forms, standing
from app.store.funding.standing import Stored

COLUMNS = (Column("", "Export"), Column("", "What"), Column("", "Where to"), Column("", "Next"), Column("", "Last"))
CSV_HEADER = ("id", "name", "what", "format", "days", "how_often", "where_to", "next", "last", "told")
LEDGER = "The whole ledger"
NOT_YET = "Not made yet"
PAUSED = "Paused"


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One export of the list."""

    name: str
    href: str
    what: str
    to: str
    next: str
    last: str


@dataclass(frozen=True, slots=True)
class StandingExportsPage:
    """The hub's exports; `new_href` is empty for whoever may not set one up."""

    template: ClassVar[str] = "funding/standing.html"
    listing: Listing
    exports: tuple[StandingRow, ...]
    new_href: str
    back: str


async def load(db: AsyncSession, member: Member, asked: Asked) -> StandingExportsPage:
    """The list: one statement."""
    found = await standing.listed(db, member.hub_id)
    home = f"/hubs/{member.hub_code}/standing-exports"
    new = f"{home}/new" if member.reaches(Can.CLAIM) else ""
    says = "Exports that make themselves will be here: every week or month, into a folder or as a link by mail."
    empty = Empty(says, *(("Set one up", new) if new else ()))
    first = (asked.page - 1) * PAGE_SIZE
    return StandingExportsPage(
        listing=listing(asked, "Exports that make themselves", COLUMNS, total=len(found), empty=empty),
        exports=tuple(_row(home, one) for one in found[first : first + PAGE_SIZE]),
        new_href=new if found else "",
        back=f"/hubs/{member.hub_code}/lines",
    )


def _row(home: str, one: Stored) -> StandingRow:
    row = one.row
    return StandingRow(
        name=row.name,
        href=f"{home}/{row.id}",
        what=f"{one.form or LEDGER}, {row.format.upper()}. {OF_WORDS[Of(row.span)]}.",
        to=TO_WORDS[To(row.to)],
        next=PAUSED if row.paused_at else spoken_date(row.next_on),
        last=row.last_told or NOT_YET,
    )


async def csv_rows(db: AsyncSession, member: Member) -> list[tuple[object, ...]]:
    """The list under CSV_HEADER."""
    return [
        (
            one.row.id,
            one.row.name,
            one.form or LEDGER,
            one.row.format,
            OF_WORDS[Of(one.row.span)],
            EVERY_WORDS[Every(one.row.every)],
            TO_WORDS[To(one.row.to)],
            None if one.row.paused_at else one.row.next_on,
            one.row.last_at,
            one.row.last_told,
        )
        for one in await standing.listed(db, member.hub_id)
    ]


@dataclass(frozen=True, slots=True)
class StandingExportPage:
    """One export; `acts` are buttons (words, address) for whoever may press them."""

    template: ClassVar[str] = "funding/standing_one.html"
    name: str
    facts: tuple[tuple[str, str], ...]
    last: str
    acts: tuple[tuple[str, str], ...]
    edit_href: str
    delete_href: str
    back: str


async def load_one(db: AsyncSession, member: Member, export_id: uuid.UUID) -> StandingExportPage:
    """The page: two statements. Raises NotFoundError."""
    one = await _one(db, member, export_id)
    row, home = one.row, f"/hubs/{member.hub_code}/standing-exports"
    here, may = f"{home}/{row.id}", bool(member.reaches(Can.CLAIM))
    turn = ("Let it go on", f"{here}/resume") if row.paused_at else ("Pause it", f"{here}/pause")
    names = {each.email: each.name for each in await standing.readers(db, member.hub_id)}
    mailed = ", ".join(names.get(each, f"{each} (may not see the ledger any more)") for each in row.addresses)
    facts = (
        ("What", one.form or LEDGER),
        ("Written as", FORMATS[row.format]),
        ("Days", OF_WORDS[Of(row.span)]),
        ("How often", EVERY_WORDS[Every(row.every)]),
        ("Where to", TO_WORDS[To(row.to)]),
        ("Who gets it", mailed if row.to == To.MAIL else ""),
        ("Folder", f"exports/{member.hub_code}, in the server's data folder" if row.to == To.FOLDER else ""),
        ("Next", f"Paused on {spoken(row.paused_at)}" if row.paused_at else spoken_date(row.next_on)),
    )
    return StandingExportPage(
        name=row.name,
        facts=tuple(fact for fact in facts if fact[1]),
        last=row.last_told or NOT_YET,
        acts=(("Make it now", f"{here}/run"), turn) if may else (),
        edit_href=f"{here}/edit" if may else "",
        delete_href=f"{here}/delete" if may else "",
        back=home,
    )


async def _one(db: AsyncSession, member: Member, export_id: uuid.UUID) -> Stored:
    found = await standing.one(db, member.hub_id, export_id)
    if found is None:
        raise NotFoundError
    return found


@dataclass(frozen=True, slots=True)
class StandingFormPage:
    """The form of an export, new or to be changed."""

    template: ClassVar[str] = "funding/standing_form.html"
    title: str
    form: Form
    back: str


NEW = Standing(name="", form_id="", format="xlsx", span="month", every="month", to="folder")
Sent = tuple[Typed, Sequence[Fault]]  # what was typed and could not be taken, and what to change


async def form_page(
    db: AsyncSession, member: Member, export_id: uuid.UUID | None, sent: Sent | None = None
) -> StandingFormPage:
    """The form: two statements, three of one that is there. Raises NotFoundError."""
    home = f"/hubs/{member.hub_code}/standing-exports"
    if export_id is None:
        form = await _form(db, member, NEW, f"{home}/new")
        return StandingFormPage("Set up an export that makes itself", refilled(form, *sent) if sent else form, home)
    row = (await _one(db, member, export_id)).row
    form = await _form(db, member, standing.draft_of(row), f"{home}/{export_id}/edit")
    version = sent[0].text("version") if sent else str(row.version)
    form = Form(action=form.action, submit="Save", fields=form.fields, kept=(("version", version),))
    return StandingFormPage(f"Change {row.name}", refilled(form, *sent) if sent else form, f"{home}/{export_id}")


async def _form(db: AsyncSession, member: Member, draft: Standing, action: str) -> Form:
    stored = await forms.listed(db, member.hub_id)
    people = await standing.readers(db, member.hub_id)
    kinds = (Choice("", LEDGER), *(Choice(str(one.id), one.export.name) for one in stored))
    return Form(
        action=action,
        submit="Set it up",
        fields=(
            Field(name="name", label="Name", hint="Its files bear it: Claim each month.", value=draft.name, width="30"),
            Field(name="form_id", label="What", kind="select", value=draft.form_id, choices=kinds),
            _radios("format", "Written as", draft.format, FORMATS),
            _radios("span", "Which days", draft.span, OF_WORDS),
            _radios("every", "How often", draft.every, EVERY_WORDS),
            _radios("to", "Where to", draft.to, TO_WORDS),
            Field(
                name="addresses",
                label="Who gets it by mail",
                kind="checkboxes",
                hint="People of the hub who may see the ledger. They sign in to download it.",
                chosen=draft.addresses,
                choices=tuple(Choice(one.email, one.name, one.email) for one in people),
            ),
        ),
    )


def _radios(name: str, label: str, value: str, words: Mapping[Any, str]) -> Field:
    choices = tuple(Choice(str(key), text) for key, text in words.items())
    return Field(name=name, label=label, kind="radios", value=value, choices=choices)


def read(typed: Typed) -> Standing:
    """What was typed; nothing is judged here."""
    return Standing(
        name=" ".join(typed.text("name").split())[:100],
        form_id=typed.text("form_id"),
        format=typed.text("format"),
        span=typed.text("span"),
        every=typed.text("every"),
        to=typed.text("to"),
        addresses=tuple(dict.fromkeys(typed.every("addresses"))),
    )


@dataclass(frozen=True, slots=True)
class StandingConfirmPage:
    """Asks before an export is gone."""

    template: ClassVar[str] = "funding/confirm.html"
    confirm: Confirm


async def confirm_delete(db: AsyncSession, member: Member, export_id: uuid.UUID) -> StandingConfirmPage:
    """The question before an export goes. Raises NotFoundError."""
    row = (await _one(db, member, export_id)).row
    here = f"/hubs/{member.hub_code}/standing-exports/{row.id}"
    return StandingConfirmPage(
        Confirm(
            question=f"Delete the export {row.name}?",
            happens=(
                "It is not made any more, and cannot be put back. To stop it for a while, pause it.",
                "Files that it made stay in their folder.",
            ),
            action=f"{here}/delete",
            submit="Delete it",
            back=here,
        )
    )
