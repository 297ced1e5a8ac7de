"""Payees: schools with their finance reference, the form for many at once, and a table before it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.payees import shared_told
from app.domain.imports import Rejected
from app.domain.stages.criteria import times
from app.kit.errors import Fault
from app.kit.periods import academic_year, in_london
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
from app.store.funding import payees
from app.store.funding.payees import Row

COLUMNS = (
    Column("name", "School"),
    Column("urn", "URN"),
    Column("reference", "Finance reference"),
    Column("finance", "Name in the finance system"),
)
CSV_HEADER = ("urn", "school", "town", "reference", "name")
SHOWS = (Choice("without", "Without a reference"), Choice("with", "With a reference"))
SHOWN = 200  # changes of a table on its preview


@dataclass(frozen=True, slots=True)
class PayeeLine:
    """A school in the list."""

    school: str
    href: str
    urn: int
    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class PayeesPage:
    """The list."""

    template: ClassVar[str] = "funding/payees.html"
    listing: Listing
    lines: tuple[PayeeLine, ...]
    says: str
    shared: tuple[str, ...]  # what to know of references that several schools have
    enter_href: str
    import_href: str
    back: str


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> PayeesPage:
    """The list: one statement."""
    every = await _every(db, member, now)
    chosen = _chosen(every, asked)
    home = f"/hubs/{member.hub_code}"
    first = (asked.page - 1) * PAGE_SIZE
    empty = Empty("Schools that the hub may pay will be here.", "Schools of the hub", f"{home}/schools")
    filters = (
        Filter("q", "School or reference", asked.value("q")),
        Filter("show", "Show", asked.value("show"), SHOWS),
    )
    return PayeesPage(
        listing=listing(asked, "Payees", COLUMNS, total=len(chosen), empty=empty, filters=filters if every else ()),
        lines=tuple(
            PayeeLine(one.school, f"{home}/schools/{one.urn}", one.urn, one.reference, one.name)
            for one in chosen[first : first + PAGE_SIZE]
        ),
        says=_says(every),
        shared=shared_told({one.urn: one.reference for one in every}, {one.urn: one.school for one in every})[:SHOWN],
        enter_href=f"{home}/payees/enter",
        import_href=f"{home}/payees/import",
        back=f"{home}/funding",
    )


async def _every(db: AsyncSession, member: Member, now: datetime) -> list[Row]:
    return await payees.listed(db, member.hub_id, academic_year(in_london(now).date()))


def _says(every: Sequence[Row]) -> str:
    without = sum(not one.reference for one in every)
    if not every:
        return ""
    if not without:
        return "Every school has its reference."
    verb = "has" if without == 1 else "have"
    needs = "its statement" if without == 1 else "their statements"
    return f"{times(without, 'school')} of {len(every):,} {verb} no reference yet: {needs} cannot be submitted."


def _chosen(every: Sequence[Row], asked: Asked) -> list[Row]:
    words, show = asked.value("q").casefold(), asked.value("show")
    found = [
        one
        for one in every
        if (not words or words in f"{one.school} {one.town} {one.urn} {one.reference} {one.name}".casefold())
        and {"without": not one.reference, "with": bool(one.reference)}.get(show, True)
    ]
    column, down = asked.order(("name", "urn", "reference", "finance"))
    orders = {
        "name": lambda one: one.school.casefold(),
        "urn": lambda one: f"{one.urn:07}",
        "reference": lambda one: one.reference.casefold(),
        "finance": lambda one: one.name.casefold(),
    }
    return sorted(found, key=orders[column], reverse=down)


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """Everything that fits what was asked, under CSV_HEADER: one statement."""
    chosen = _chosen(await _every(db, member, now), asked)
    return [(one.urn, one.school, one.town, one.reference, one.name) for one in chosen]


@dataclass(frozen=True, slots=True)
class PayeesEnterPage:
    """A box for each school: those without a reference, or all."""

    template: ClassVar[str] = "funding/payees_enter.html"
    form: Form
    says: str
    all_href: str
    next_href: str
    back: str


async def enter_page(
    db: AsyncSession, member: Member, asked: Asked, now: datetime, sent: tuple[Typed, tuple[Fault, ...]] | None = None
) -> PayeesEnterPage:
    """The form for a page of schools, with what was sent over what is kept: one statement."""
    every = await _every(db, member, now)
    wanted = every if asked.value("show") == "all" else [one for one in every if not one.reference]
    first = (asked.page - 1) * PAGE_SIZE
    shown = wanted[first : first + PAGE_SIZE]
    form = _enter_form(member, asked, shown)
    if sent:
        form = refilled(form, *sent)
    more = len(wanted) > first + PAGE_SIZE
    return PayeesEnterPage(
        form=form,
        says=f"{times(len(shown), 'school')} of {len(wanted):,}." if shown else "Every school has its reference.",
        all_href="" if asked.value("show") == "all" else asked.link(show="all", page=""),
        next_href=asked.link(page=str(asked.page + 1)) if more else "",
        back=f"/hubs/{member.hub_code}/payees",
    )


def _enter_form(member: Member, asked: Asked, shown: Sequence[Row]) -> Form:
    here = asked.link() if asked.path.endswith("/enter") else f"/hubs/{member.hub_code}/payees/enter"
    return Form(
        action=here,
        submit="Save the references",
        fields=tuple(
            Field(
                name=f"reference.{one.urn}",
                label=one.school,
                value=one.reference,
                hint=f"URN {one.urn}{f', {one.town}' if one.town else ''}",
                width="20",
                autocomplete="off",
            )
            for one in shown
        ),
        kept=tuple((f"was.{one.urn}", one.reference) for one in shown),
    )


@dataclass(frozen=True, slots=True)
class PayeesImportPage:
    """The form for a table: pasted, or a file."""

    template: ClassVar[str] = "funding/payees_import.html"
    form: Form
    back: str


def import_page(member: Member, sent: tuple[Typed, tuple[Fault, ...]] | None = None) -> PayeesImportPage:
    """The form, with what was sent."""
    home = f"/hubs/{member.hub_code}/payees"
    form = Form(
        action=f"{home}/import",
        submit="Look at what it changes",
        fields=(
            Field(
                name="table",
                label="Paste the table",
                kind="textarea",
                hint="A school a line: URN, reference and, where it differs, the name in the finance system. "
                "Copied out of a spreadsheet or typed with commas, with headings or without.",
            ),
            Field(name="file", label="Or choose a CSV or Excel file", kind="file"),
        ),
        upload=True,
    )
    return PayeesImportPage(refilled(form, *sent) if sent else form, home)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A school whose reference the table changes."""

    school: str
    urn: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A cell of the table that cannot be taken."""

    where: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class PayeesPreviewPage:
    """What a table would do. Nothing is changed before it is confirmed."""

    template: ClassVar[str] = "funding/payees_preview.html"
    says: tuple[str, ...]
    shared: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    rejected: tuple[RejectedLine, ...]
    action: str
    submit: str
    kept: tuple[tuple[str, str], ...]
    again: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at a table."""

    changes: tuple[ChangeLine, ...]
    unchanged: int
    rejected: tuple[Rejected, ...]
    shared: tuple[str, ...]
    text: str
    stamp: str


def preview_page(member: Member, looked: Looked) -> PayeesPreviewPage:
    """The preview in words."""
    home = f"/hubs/{member.hub_code}/payees/import"
    new = sum(not one.before for one in looked.changes)
    counts = (
        (new, "school", "would get a reference."),
        (len(looked.changes) - new, "school", "would get another reference."),
        (looked.unchanged, "school", "would stay as now."),
        (len(looked.rejected), "row", "cannot be taken and would be left out."),
    )
    says = [f"{times(count, what)} {told}" for count, what, told in counts if count] or ["The table has no school."]
    if len(looked.changes) > SHOWN:
        says.append(f"The first {SHOWN} changes are shown.")
    return PayeesPreviewPage(
        says=tuple(says),
        shared=looked.shared[:SHOWN],
        lines=looked.changes[:SHOWN],
        rejected=tuple(_rejected(one) for one in looked.rejected[:SHOWN]),
        action=f"{home}/confirm",
        submit=f"Save {times(len(looked.changes), 'reference')}" if looked.changes else "",
        kept=(("text", looked.text), ("stamp", looked.stamp)),
        again=home,
    )


def _rejected(one: Rejected) -> RejectedLine:
    column = f", {one.column}" if one.column else ""
    return RejectedLine(f"Row {one.row}{column}", one.value, one.because)
