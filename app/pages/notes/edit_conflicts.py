"""Choosing where different texts stand at one place: keep one, keep both, or write another."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.applying import Operation
from app.domain.notes.form_values import boxed, op_id, read_heads, unboxed
from app.domain.notes.forms import LONGEST
from app.domain.notes.paths import place
from app.domain.notes.readable import Box, Chapter, chapters, where
from app.kit.errors import BadInputError, Fault
from app.kit.ids import new_id
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, filled
from app.pages.notes.edit_read import known_seed
from app.pages.notes.frame import Head, Opened, head, must_take_part, open_record
from app.store.notes import reading

BOTH, ANOTHER = "both", "another"
JOINED = {"text": "\n\n", "line": " / "}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place with its texts side by side, and the form to choose; `number` tells them apart in the page."""

    number: int
    where: str
    box: Box
    form: Form


@dataclass(frozen=True, slots=True)
class ConflictsPage:
    """Every place of the record at which the viewer may choose."""

    template: ClassVar[str] = "notes/edit_conflicts.html"
    head: Head
    conflicts: tuple[Conflict, ...]


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> ConflictsPage:
    """The places that wait for a choice: at most six statements. Raises NotFoundError and ForbiddenError."""
    opened = await open_record(db, member, event_id, now)
    must_take_part(opened)
    return await _page(db, opened)


async def _page(db: AsyncSession, opened: Opened) -> ConflictsPage:
    found = (await reading.heads(db, [opened.about.id], [opened.me]))[opened.about.id]
    note = head(opened.about, opened.member)
    waiting = [box for box in _boxes(chapters(opened.about.form, found, opened.about.names)) if _mine(opened, box)]
    made = tuple(_conflict(opened, note, n, box) for n, box in enumerate(waiting, 1))
    return ConflictsPage(note, made)


def _boxes(read: Sequence[Chapter]) -> list[Box]:
    return [box for chapter in read for one in chapter.questions for box in one.boxes if box.apart]


def _mine(opened: Opened, box: Box) -> bool:
    found = place(opened.about.form, box.path)
    return found is not None and found.path.person in {None, opened.me}


def _conflict(opened: Opened, note: Head, number: int, box: Box) -> Conflict:
    choices = [Choice(str(one.op_id), f"Keep the text of {one.by}", _short(one.text)) for one in box.said]
    if box.kind in JOINED:
        choices.append(Choice(BOTH, "Keep both, one after the other"))
    choices.append(Choice(ANOTHER, "Write another"))
    texts = [boxed(box.kind, box.part, one.value) for one in box.said]
    fields = (
        Field(name=f"keep{number}", label="What shall stand here?", kind="radios", choices=tuple(choices)),
        Field(
            name=f"words{number}",
            label="If you write another",
            kind="textarea",
            value=JOINED.get(box.kind, " / ").join(texts),
        ),
    )
    kept = (
        ("number", str(number)),
        ("path", box.path),
        ("heads", " ".join(str(one) for one in box.replaces)),
        ("seed", str(new_id())),
        ("rev", str(opened.about.rev)),
    )
    form = Form(action=f"{note.note}/conflicts", submit="Let this stand", fields=fields, kept=kept)
    return Conflict(number, where(opened.about.form, box.path, opened.about.names), box, form)


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:160].rstrip() + " ..."


async def read(db: AsyncSession, member: Member, event_id: uuid.UUID, typed: Typed, now: datetime) -> Operation | None:
    """The operation that a choice means; None where the page showed no such place. Raises BadInputError."""
    opened = await open_record(db, member, event_id, now)
    must_take_part(opened)
    path, number = typed.text("path"), typed.text("number")
    found = place(opened.about.form, path)
    if found is None:
        return None
    heads = read_heads(typed.text("heads"))
    standing = (await reading.heads(db, [event_id], [opened.me]))[event_id]
    texts = {one.op_id: one.value for one in standing if one.path == path and one.op_id in heads}
    kind = found.part.kind if found.part else found.field.kind
    keep = typed.text(f"keep{number}")
    if keep == ANOTHER:
        part = found.part.key if found.part else ""
        value = unboxed(kind, part, typed.text(f"words{number}"), opened.about.day)
    elif keep == BOTH and kind in JOINED:
        value = JOINED[kind].join(dict.fromkeys(str(text) for _, text in sorted(texts.items())))
        _fits(value, kind, number)
    else:
        kept = next((text for key, text in texts.items() if str(key) == keep), None)
        if kept is None:
            fault = Fault(f"keep{number}", "Choose one of these, or load the page again if they have changed.")
            raise BadInputError("Choose what shall stand here.", (fault,))
        value = kept
    return Operation(
        op_id=op_id(known_seed(typed), path, value),
        note_id=event_id,
        path=path,
        value=value,
        replaces=heads,
        base_rev=int(typed.text("rev")) if typed.text("rev").isdigit() else 0,
        form_version=opened.about.form.version,
        device_time=now,
    )


def _fits(value: str, kind: str, number: str) -> None:
    if len(value) > LONGEST[kind]:
        because = f"Both together are longer than {LONGEST[kind]:,} characters. Write a text that holds what matters."
        raise BadInputError("Both do not fit.", (Fault(f"keep{number}", because),))


def again(page: ConflictsPage, typed: Typed, faults: Sequence[Fault]) -> ConflictsPage:
    """The page with what was typed, and why it was not taken."""
    number = typed.text("number")
    said = {name: typed.text(name) for name in typed.values}
    made = tuple(
        Conflict(one.number, one.where, one.box, filled(one.form, said, faults)) if str(one.number) == number else one
        for one in page.conflicts
    )
    return ConflictsPage(page.head, made)


def words_of(typed: Typed) -> str:
    """The field beside which a refusal is told."""
    return f"words{typed.text('number')}"
