"""A filled form read back: what was changed in it becomes operations, the same ones however often it is read."""

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.notes import paths
from app.domain.notes.applying import NO_PLACE, Operation
from app.domain.notes.forms import NoteForm
from app.domain.notes.sheet_values import Around, digest, plain, value_of

_MARK = re.compile(r"halfterm record 1 (\S{36}) (\S{36}) (\d{1,6}) (\d{1,9}) (\d{1,15})")
NO_ID = "This row has words, but no place beside them: column A is empty or was changed. Copy them to their own row."
TWICE = "Another row above has the same place. Copy these words there."


@dataclass(frozen=True, slots=True)
class Made:
    """One making of the form as a file: of which record, as what device, on which form and revision, and when."""

    event_id: uuid.UUID
    device_id: uuid.UUID
    form_version: int
    rev: int
    at: int  # Unix milliseconds

    def __str__(self) -> str:
        """As it stands in the file."""
        return f"halfterm record 1 {self.event_id} {self.device_id} {self.form_version} {self.rev} {self.at}"


def read_mark(text: str) -> Made | None:
    """What a file says of its making; None where it says nothing."""
    found = _MARK.fullmatch(text.strip())
    if found is None:
        return None
    try:
        event_id, device_id = uuid.UUID(found[1]), uuid.UUID(found[2])
    except ValueError:
        return None
    return Made(event_id, device_id, int(found[3]), int(found[4]), int(found[5]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a filled form; `fault` says why its answer cannot be read."""

    number: int
    path: str
    replaces: tuple[uuid.UUID, ...]
    was: str
    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A row whose answer was changed: the operation it becomes, or why it becomes none."""

    line: Line
    operation: Operation | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a filled form needs to know: the record's form, its event, and what the same file brought before.

    `before`: operations of this very file by this very person that stand now, by place. `now` is the time of reading.
    """

    form: NoteForm
    around: Around
    before: Mapping[str, Collection[uuid.UUID]]
    now: datetime


def changes(made: Made, lines: Sequence[Line], reading: Reading) -> list[Change]:
    """The rows that were changed since the file was made, in their order; the others are left out."""
    seen: set[str] = set()
    found: list[Change] = []
    for line in lines:
        if not line.fault and digest(line.text) == (line.was or digest("")):
            seen.add(line.path)
            continue
        because = line.fault or ("" if line.path else NO_ID) or (TWICE if line.path in seen else "")
        seen.add(line.path)
        found.append(Change(line, None, because) if because else _change(made, line, reading))
    return found


def _change(made: Made, line: Line, reading: Reading) -> Change:
    place = paths.place(reading.form, line.path)
    if place is None:
        return Change(line, None, NO_PLACE)
    try:
        value = value_of(place, line.text, reading.around)
    except ValueError as problem:
        return Change(line, None, str(problem))
    op_id = operation_id(made, line, value)
    before = frozenset(reading.before.get(line.path, ())) - {op_id}
    operation = Operation(
        op_id=op_id,
        note_id=made.event_id,
        path=line.path,
        value=value,
        replaces=frozenset(line.replaces) | before,
        base_rev=made.rev,
        form_version=made.form_version,
        device_time=reading.now,
    )
    return Change(line, operation)


def operation_id(made: Made, line: Line, value: Any) -> uuid.UUID:
    """A UUIDv7 that the file and the value alone decide: reading a file again makes no new operation."""
    told = json.dumps([str(made), line.path, sorted(map(str, line.replaces)), value], sort_keys=True)
    random = int.from_bytes(hashlib.sha256(told.encode()).digest()[:10], "big")
    number = (made.at & (2**48 - 1)) << 80 | random
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    return uuid.UUID(int=(number & ~(0x3 << 62)) | (0x2 << 62))


def read_ids(text: str) -> tuple[uuid.UUID, ...]:
    """The operations that a hidden cell names; what is none is left out, so that nothing is replaced unseen."""
    found = []
    for word in plain(text).split():
        try:
            found.append(uuid.UUID(word))
        except ValueError:
            continue
    return tuple(found)
