"""What a sent form of a record's section means: operations for what differs from what it showed."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.applying import Answer, Operation
from app.domain.notes.form_values import digest, op_id, read_seen, unboxed
from app.domain.notes.paths import REMOVED, place
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.kit.typed import Typed
from app.pages.notes.edit import NEW_ROWS, name_of, section_named
from app.pages.notes.frame import Opened, must_take_part, open_record


async def read(
    db: AsyncSession, member: Member, event_id: uuid.UUID, section: str, sent: tuple[Typed, datetime]
) -> list[Operation]:
    """The operations that a sent form means: only what differs from what it showed. Raises as `load` does."""
    typed, now = sent
    opened = await open_record(db, member, event_id, now)
    must_take_part(opened)
    section_named(opened, section)
    seed = known_seed(typed)
    found = (_operation(opened, name.removeprefix("seen."), typed, seed, now) for name in typed.values)
    return [op for op in found if op]


def known_seed(typed: Typed) -> uuid.UUID:
    """The seed that went along with the form; a new one where it was lost."""
    try:
        return uuid.UUID(typed.text("seed"))
    except ValueError:
        return new_id()


def _operation(opened: Opened, name: str, typed: Typed, seed: uuid.UUID, now: datetime) -> Operation | None:
    if f"seen.{name}" not in typed.values:
        return None
    shown = read_seen(typed.text(f"seen.{name}"))
    path = _real_path(name.replace("~", "#"), typed)
    found = place(opened.about.form, path)
    if found is None:
        return None
    part = found.part.key if found.part else ""
    kind = found.part.kind if found.part else found.field.kind
    if found.part is REMOVED:
        said: str | list[str] | bool = typed.text(name) == "yes"
    else:
        said = list(typed.every(name)) if kind == "choices" and found.field.options else typed.text(name)
    if digest(said) == shown.digest:
        return None
    value = unboxed(kind, part, said, opened.about.day) if isinstance(said, str) else said
    return Operation(
        op_id=op_id(seed, path, value),
        note_id=opened.about.id,
        path=path,
        value=value,
        replaces=shown.heads,
        base_rev=int(typed.text("rev")) if typed.text("rev").isdigit() else 0,
        form_version=opened.about.form.version,
        device_time=now,
    )


def _real_path(path: str, typed: Typed) -> str:
    """A new row's place: its item gets the name that went along with the form."""
    for row in NEW_ROWS:
        if f"#{row}." in path:
            return path.replace(f"#{row}.", f"#{typed.text(row)}.")
    return path


def refused(typed: Typed, ops: Sequence[Operation], answers: Sequence[Answer]) -> tuple[Fault, ...]:
    """Why operations were refused, by the names of the form's fields."""
    rows = {typed.text(row): row for row in NEW_ROWS}
    found = []
    for op, answer in zip(ops, answers, strict=True):
        if answer.outcome == "refused":
            path = op.path
            for item, row in rows.items():
                path = path.replace(f"#{item}.", f"#{row}.") if item else path
            found.append(Fault(name_of(path), answer.because))
    return tuple(found)
