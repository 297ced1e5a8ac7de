"""Frozen pictures: the list, one of them, and two beside each other. What is drawn comes from what was kept alone."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.picture import Picture
from app.domain.stages.picture_compare import compare
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Confirm, Empty, Field, Form, Listing, listing, refilled
from app.pages.stages.picture import File, file_of, freeze_form, group_field, known
from app.pages.stages.picture_charts import About, Chart, charts
from app.pages.stages.picture_tables import Heading, Row, Table
from app.store.stages import snapshots
from app.store.stages.snapshots import Snapshot

COLUMNS = (
    Column("", "Picture"),
    Column("", "Year"),
    Column("", "As it stood on"),
    Column("", "Frozen by"),
    Column("", "Compare"),
)
CSV_HEADER = ("id", "name", "year", "day", "frozen_at")
WHAT = {"came": "Came", "left": "Left", "moved": "Moved", "changed": "Changed"}


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One frozen picture; `compare` leads to it beside the one frozen before it."""

    name: str
    href: str
    year: str
    day: str
    by: str
    compare: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A picture that was deleted and can be put back; `action` takes the form."""

    name: str
    says: str
    action: str


@dataclass(frozen=True, slots=True)
class SnapshotsPage:
    """The list, the form that freezes today's, and what was deleted a short while ago."""

    template: ClassVar[str] = "stages/snapshots.html"
    listing: Listing
    lines: tuple[SnapshotLine, ...]
    form: Form
    gone: tuple[Gone, ...]
    picture_href: str


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """A frozen picture. With another one, `beside` asks what changed, `says` and two tables tell it; no charts then."""

    template: ClassVar[str] = "stages/snapshot.html"
    name: str
    day: str
    year: str
    groups: Field
    other: Field
    beside: str
    says: tuple[str, ...]
    changes: Table | None
    counts: Table | None
    charts: tuple[Chart, ...]
    here: str
    back: str
    delete_href: str


@dataclass(frozen=True, slots=True)
class DeleteSnapshotPage:
    """Asks before a frozen picture is taken away."""

    template: ClassVar[str] = "stages/snapshot_delete.html"
    confirm: Confirm


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> SnapshotsPage:
    """The list: one statement."""
    found = await snapshots.listed(db, member.hub_id)
    kept = [one for one in found if not one.deleted_at]
    home = f"/hubs/{member.hub_code}"
    empty = Empty(
        "Pictures of the hub that you freeze will be here: each stays as it was on its day.",
        "Look at today's",
        f"{home}/picture",
    )
    first = (asked.page - 1) * PAGE_SIZE
    return SnapshotsPage(
        listing=listing(asked, "Frozen pictures", COLUMNS, total=len(kept), empty=empty),
        lines=tuple(_lines(kept, home))[first : first + PAGE_SIZE],
        form=freeze_form(member, academic_year(in_london(now).date())),
        gone=tuple(_gone(one, home) for one in found if one.deleted_at),
        picture_href=f"{home}/picture",
    )


def again(page: SnapshotsPage, typed: Typed, faults: Sequence[Fault]) -> SnapshotsPage:
    """The list with the form as it was sent, and what to change."""
    year = typed.text("year")
    form = refilled(page.form, typed, faults)
    return replace(page, form=replace(form, kept=(("year", year),)) if year else form)


def _lines(kept: Sequence[Snapshot], home: str) -> Iterable[SnapshotLine]:
    for one, before in zip_longest(kept, kept[1:]):
        href = f"{home}/snapshots/{one.id}"
        beside = f"{href}?with={before.id}" if before else ""
        by = f"{one.by}, {spoken(one.taken_at)}" if one.by else spoken(one.taken_at)
        yield SnapshotLine(one.name, href, spoken_year(one.year), spoken_date(one.day), by, beside)


def _gone(one: Snapshot, home: str) -> Gone:
    when = spoken(one.deleted_at) if one.deleted_at else ""
    return Gone(
        one.name, f"as it stood on {spoken_date(one.day)}, deleted {when}", f"{home}/snapshots/{one.id}/put-back"
    )


async def csv_rows(db: AsyncSession, member: Member) -> list[tuple[object, ...]]:
    """The list as rows under CSV_HEADER."""
    found = await snapshots.listed(db, member.hub_id)
    return [(one.id, one.name, one.year, one.day, one.taken_at) for one in found if not one.deleted_at]


async def one(db: AsyncSession, member: Member, snapshot_id: uuid.UUID, asked: Asked) -> SnapshotPage:
    """One frozen picture, or two beside each other: at most three statements. Raises NotFoundError."""
    name, picture = await _read(db, member, snapshot_id)
    others = [one for one in await snapshots.listed(db, member.hub_id) if not one.deleted_at and one.id != snapshot_id]
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/snapshots/{snapshot_id}"
    page = SnapshotPage(
        name=name,
        day=spoken_date(picture.day),
        year=spoken_year(picture.year),
        groups=group_field(picture, asked.value("group")),
        other=_other(others, asked.value("with")),
        beside="",
        says=(),
        changes=None,
        counts=None,
        charts=(),
        here=here,
        back=f"{home}/snapshots",
        delete_href=f"{here}/delete",
    )
    chosen = next((one for one in others if str(one.id) == asked.value("with")), None)
    if chosen is None:
        return replace(page, charts=charts(picture, _about(home, here, asked.value("group"))))
    return _beside(page, picture, chosen, (await _read(db, member, chosen.id))[1])


async def _read(db: AsyncSession, member: Member, snapshot_id: uuid.UUID) -> tuple[str, Picture]:
    found = await snapshots.read(db, member.hub_id, snapshot_id)
    if found is None:
        raise NotFoundError
    return found


def _about(home: str, here: str, group: str) -> About:
    return About(home, f"{here}/picture", f"?group={group}" if group else "", group, live=False)


def _other(others: Sequence[Snapshot], chosen: str) -> Field:
    choices = tuple(Choice(str(one.id), f"{one.name}, {spoken_date(one.day)}") for one in others)
    return Field(name="with", label="Compare with", kind="select", value=chosen, choices=(Choice("", "None"), *choices))


def _beside(page: SnapshotPage, picture: Picture, chosen: Snapshot, other: Picture) -> SnapshotPage:
    """The page of what differs between two pictures."""
    told = compare(picture, other)
    changes = Table(
        "Schools that came, left, moved or changed",
        (Heading("School"), Heading("URN"), Heading("What"), Heading("Before"), Heading("After")),
        tuple(Row((one.school, str(one.urn), WHAT[one.what], one.before, one.after)) for one in told.changes),
    )
    counts = Table(
        "Counts of both days",
        (Heading("Counts"), *(Heading(text, number=True) for text in ("Before", "After", "Change"))),
        tuple(Row((one.counts, str(one.before), str(one.after), one.change)) for one in told.counts),
    )
    names = (page.name, chosen.name) if told.as_asked else (chosen.name, page.name)
    asks = f"What changed between {names[0]} and {names[1]}?"
    return replace(page, beside=asks, says=told.says, changes=changes, counts=counts)


async def compare_csv(db: AsyncSession, member: Member, snapshot_id: uuid.UUID, asked: Asked) -> Table:
    """What differs between two pictures as rows. Raises NotFoundError unless the other one is there."""
    page = await one(db, member, snapshot_id, asked)
    if page.changes is None:
        raise NotFoundError
    return page.changes


async def file(db: AsyncSession, member: Member, snapshot_id: uuid.UUID, name: str, asked: Asked) -> File:
    """One chart of a frozen picture as files: the same bytes for ever. Raises NotFoundError."""
    known(name)
    _, picture = await _read(db, member, snapshot_id)
    home = f"/hubs/{member.hub_code}"
    return file_of(name, picture, _about(home, f"{home}/snapshots/{snapshot_id}", asked.value("group")))


async def confirm_delete(db: AsyncSession, member: Member, snapshot_id: uuid.UUID) -> DeleteSnapshotPage:
    """The question before a frozen picture goes. Raises NotFoundError."""
    name, picture = await _read(db, member, snapshot_id)
    here = f"/hubs/{member.hub_code}/snapshots/{snapshot_id}"
    return DeleteSnapshotPage(
        Confirm(
            question=f"Delete the frozen picture {name}?",
            happens=(
                f"How the hub stood on {spoken_date(picture.day)} can then no longer be looked at or compared.",
                "Schools, Work Groups and their events stay as they are.",
                "It can be put back for 30 days, from the list of frozen pictures.",
            ),
            action=f"{here}/delete",
            submit="Delete it",
            back=here,
        )
    )
