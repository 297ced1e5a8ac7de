"""Everything that was written in a record, the newest first; any earlier text can stand again."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.applying import Operation
from app.domain.notes.form_values import op_id, read_heads
from app.domain.notes.forms import NoteForm
from app.domain.notes.history import OUTCOMES
from app.domain.notes.paths import TAGS, place
from app.domain.notes.readable import spoken_value, where
from app.kit.errors import ConflictError, NotFoundError
from app.kit.ids import new_id
from app.kit.periods import spoken
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Confirm, Empty, Filter, Listing, listing
from app.pages.notes.edit_read import known_seed
from app.pages.notes.frame import Head, Opened, head, must_take_part, open_record
from app.store.notes import history, reading
from app.store.notes.history import Done, Narrowed

COLUMNS = (
    Column("", "When"),
    Column("", "Who"),
    Column("", "Where"),
    Column("", "What"),
    Column("", "Became"),
    Column("", "And now"),
)
CSV_HEADER = (
    "Number",
    "Received",
    "The device's own time",
    "Who",
    "Where",
    "Text",
    "Outcome",
    "Stands now",
)
APART = timedelta(minutes=2)  # device and server times further apart than this are both told
SHOWN = 280  # characters of a text in the list


@dataclass(frozen=True, slots=True)
class Line:
    """An operation. `device` is when its device said it was written, where that differs from when it was received."""

    rev: int
    received: datetime
    device: str
    who: str
    where: str
    text: str
    cut: bool
    outcome: str
    stands: bool
    restore: str
    compare: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The operations that the viewer may read. `moments` can be compared with one another."""

    template: ClassVar[str] = "notes/history.html"
    head: Head
    listing: Listing
    lines: tuple[Line, ...]
    moments: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class RestorePage:
    """Asks before an earlier text stands again."""

    template: ClassVar[str] = "notes/history_restore.html"
    head: Head
    where: str
    text: str
    now: tuple[str, ...]
    confirm: Confirm


def _narrowed(asked: Asked) -> Narrowed:
    try:
        person = uuid.UUID(asked.value("person")) if asked.value("person") else None
    except ValueError:
        raise NotFoundError from None
    return Narrowed(person, asked.value("field"))


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime) -> HistoryPage:
    """One page of the history: at most nine statements. Raises NotFoundError."""
    opened = await open_record(db, member, event_id, now)
    narrowed = _narrowed(asked)
    total = await history.count(db, event_id, member.person_id, narrowed)
    page = (PAGE_SIZE, (asked.page - 1) * PAGE_SIZE)
    done = await history.operations(db, event_id, member.person_id, narrowed, page)
    people = await history.writers(db, event_id, member.person_id)
    standing = await _standing(db, opened)
    fields = [(one.key, one.label) for one in (*opened.about.form.fields(), TAGS)]
    note = head(opened.about, member)
    return HistoryPage(
        head=note,
        listing=listing(
            asked,
            "What was written",
            COLUMNS,
            total=total,
            empty=Empty("Nobody has written in this record yet.", "Write the first words", note.note),
            filters=(
                Filter("person", "Who", asked.value("person"), tuple(Choice(str(k), v) for k, v in people.items())),
                Filter("field", "Where", asked.value("field"), tuple(Choice(k, v) for k, v in fields)),
            ),
        ),
        lines=tuple(_line(opened, note, one, standing, {**people, **opened.about.names}) for one in done),
        moments=moments(opened),
    )


async def _standing(db: AsyncSession, opened: Opened) -> frozenset[uuid.UUID]:
    found = await reading.heads(db, [opened.about.id], [opened.me])
    return frozenset(one.op_id for one in found[opened.about.id])


def _line(
    opened: Opened, note: Head, one: Done, standing: frozenset[uuid.UUID], names: Mapping[uuid.UUID, str]
) -> Line:
    text = told(opened.about.form, one, names)
    stands = one.op_id in standing
    return Line(
        rev=one.rev,
        received=one.at,
        device=spoken(one.device_time) if abs(one.at - one.device_time) > APART else "",
        who=one.name,
        where=where(opened.about.form, one.path, names),
        text=text[:SHOWN],
        cut=len(text) > SHOWN,
        outcome=OUTCOMES.get(one.outcome, one.outcome),
        stands=stands,
        restore="" if stands or not _may_restore(opened, one) else f"{note.note}/history/{one.op_id}/restore",
        compare=f"{note.note}/compare?from={one.rev - 1}&to={one.rev}",
    )


def _may_restore(opened: Opened, one: Done) -> bool:
    found = place(opened.about.form, one.path)
    if found is None or not opened.takes_part or found.path.person not in {None, opened.me}:
        return False
    return opened.about.state != "agreed" or found.after


def told(form: NoteForm, one: Done, names: Mapping[uuid.UUID, str]) -> str:
    """What an operation wrote, in words."""
    found = place(form, one.path)
    if found is None:
        return spoken_value("text", (), one.value, names)
    if isinstance(one.value, bool):
        return "Removed" if one.value else "Brought back"
    kind, options = (found.part.kind, found.part.options) if found.part else (found.field.kind, found.field.options)
    return spoken_value(kind, options, one.value, names)


def moments(opened: Opened) -> tuple[Choice, ...]:
    """What can be compared: the versions, and the record as it is."""
    kept = [Choice(f"v{one.number}", f"Version {one.number}, {spoken(one.at)}") for one in reversed(opened.versions)]
    return (Choice("now", "The record as it is now"), *kept, Choice("0", "The empty record"))


async def table(
    db: AsyncSession, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime
) -> Iterator[tuple[object, ...]]:
    """The whole history as rows for a spreadsheet. Raises NotFoundError."""
    opened = await open_record(db, member, event_id, now)
    done = await history.operations(db, event_id, member.person_id, _narrowed(asked))
    names = {one.person_id: one.name for one in done} | opened.about.names
    standing = await _standing(db, opened)
    return (
        (
            one.rev,
            spoken(one.at),
            spoken(one.device_time),
            one.name,
            where(opened.about.form, one.path, names),
            told(opened.about.form, one, names),
            OUTCOMES.get(one.outcome, one.outcome),
            "Yes" if one.op_id in standing else "No",
        )
        for one in done
    )


async def _one(
    db: AsyncSession, member: Member, event_id: uuid.UUID, op: uuid.UUID, now: datetime
) -> tuple[Opened, Done]:
    opened = await open_record(db, member, event_id, now)
    done = await history.operations(db, event_id, member.person_id, Narrowed(only=op))
    if not done:
        raise NotFoundError
    must_take_part(opened)
    return opened, done[0]


async def load_restore(
    db: AsyncSession, member: Member, event_id: uuid.UUID, op: uuid.UUID, now: datetime
) -> RestorePage:
    """What bringing an earlier text back would do. Raises NotFoundError, ForbiddenError or ConflictError."""
    opened, done = await _one(db, member, event_id, op, now)
    if not _may_restore(opened, done):
        raise ConflictError("This text cannot stand again: the record is agreed, or the place is another person's.")
    about, note = opened.about, head(opened.about, member)
    standing = [one for one in (await reading.heads(db, [event_id], [opened.me]))[event_id] if one.path == done.path]
    replaced = [told(about.form, replace(done, value=one.value), about.names) for one in standing]
    return RestorePage(
        head=note,
        where=where(about.form, done.path, about.names),
        text=told(about.form, done, about.names),
        now=tuple(replaced),
        confirm=Confirm(
            question="Let this earlier text stand again?",
            happens=(
                f"It takes the place of what stands there now. {done.name} wrote it on {spoken(done.at)}.",
                "The text that stands there now stays in the history, and can be brought back the same way.",
                "Everyone who reads the record sees the earlier text from now on.",
            ),
            action=f"{note.note}/history/{op}/restore",
            submit="Let it stand again",
            back=f"{note.note}/history",
            kept=(("seed", str(new_id())), ("heads", " ".join(str(one.op_id) for one in standing))),
            harm=False,
        ),
    )


async def read_restore(
    db: AsyncSession, member: Member, event_id: uuid.UUID, op: uuid.UUID, sent: tuple[Typed, datetime]
) -> Operation:
    """The operation that brings an earlier text back. Raises as `load_restore` does."""
    typed, now = sent
    opened, done = await _one(db, member, event_id, op, now)
    return Operation(
        op_id=op_id(known_seed(typed), done.path, done.value),
        note_id=event_id,
        path=done.path,
        value=done.value,
        replaces=read_heads(typed.text("heads")),
        base_rev=opened.about.rev,
        form_version=opened.about.form.version,
        device_time=now,
    )
