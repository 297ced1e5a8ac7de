"""A filled form brought back into its record; and the note of who took a record along on paper or in a file."""

import asyncio
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from app.actions.access import Actor
from app.actions.notes.writing import Sender, apply_all
from app.domain.access import Can, Target
from app.domain.notes.applying import Answer
from app.domain.notes.history import OUTCOMES
from app.domain.notes.papers import unique_names
from app.domain.notes.readable import where
from app.domain.notes.sheet_values import Around
from app.domain.notes.sheets import Change, Reading, changes
from app.kit.errors import BadInputError, Fault, ForbiddenError, NotFoundError
from app.render.notes.sheet import LIMITS, Filled, read_xlsx
from app.store.notes import about, reads, sheets
from app.store.notes.about import About

OTHER_RECORD = (
    "This form belongs to another record. Open the meeting, visit or observation that it names at its top, "
    "and bring it in there."
)
TOO_LARGE = "This file is far larger than a filled form. Choose the form that you downloaded from this record."
NOT_YOURS = "You do not take part in this, so you cannot write in its record."
BEFORE = "Brought in before; nothing changed"
NOT_SAVED = "Not saved"


@dataclass(frozen=True, slots=True)
class Brought:
    """One changed row: its number in the file, which question, the words, and what became of them."""

    row: int
    question: str
    text: str
    outcome: str
    because: str = ""
    saved: bool = True
    apart: bool = False  # another text stands beside it now


async def bring_in(actor: Actor, event_id: uuid.UUID, file: BinaryIO, name: str) -> list[Brought]:
    """Take a filled form's changed rows into the record, each for itself; the same file again changes nothing.

    Raises NotFoundError, ForbiddenError for readers who do not take part, BadInputError for another file.
    """
    record = await _writable(actor, event_id)
    filled = await _read(file, PurePath(name.replace("\\", "/")).name[-120:] or "file")
    if filled.made.event_id != event_id:
        raise BadInputError(OTHER_RECORD, (Fault("file", OTHER_RECORD),))
    before = await sheets.brought(actor.db, event_id, filled.made.device_id, actor.member.person_id)
    names = unique_names((one.id, one.name, one.school) for one in record.people)
    found = changes(filled.made, filled.lines, Reading(record.form, Around(record.day, names), before, actor.now))
    sender = Sender(actor.db, actor.viewer, actor.now, filled.made.device_id)
    answers = await apply_all(sender, [one.operation for one in found if one.operation])
    known = {answer.op_id: answer for answer in answers}
    return [_told(one, known, record) for one in found]


async def _writable(actor: Actor, event_id: uuid.UUID) -> About:
    record = await about.readable(actor.db, actor.member, event_id)
    if record is None:
        raise NotFoundError
    actor.require(Can.WRITE_NOTES, Target(actor.member.hub_id, frozenset({actor.member.person_id})))
    if actor.member.person_id not in record.sides.takers:
        raise ForbiddenError(NOT_YOURS)
    return record


async def _read(file: BinaryIO, name: str) -> Filled:
    """The file read in a thread, from a place that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="halfterm-form-") as folder:
        path = Path(folder) / "form"
        data = await asyncio.to_thread(file.read, LIMITS.file_bytes + 1)
        if len(data) > LIMITS.file_bytes:
            raise BadInputError(TOO_LARGE, (Fault("file", TOO_LARGE),))
        await asyncio.to_thread(path.write_bytes, data)
        try:
            return await asyncio.to_thread(read_xlsx, path, name)
        except BadInputError as refused:
            raise BadInputError(refused.because, (Fault("file", refused.because),)) from refused


def _told(change: Change, answers: dict[uuid.UUID, Answer], record: About) -> Brought:
    line = change.line
    question = where(record.form, line.path, record.names)
    answer = answers.get(change.operation.op_id) if change.operation else None
    if answer is None or answer.outcome == "refused":
        because = answer.because if answer else change.because
        return Brought(line.number, question, line.text, NOT_SAVED, because, saved=False)
    if answer.rev <= record.rev:
        return Brought(line.number, question, line.text, BEFORE)
    return Brought(line.number, question, line.text, OUTCOMES[answer.outcome], apart=answer.outcome == "conflict")


async def took_along(actor: Actor, event_id: uuid.UUID) -> None:
    """Note that the member took the record along, printed or as a file: those it is about can see who."""
    await reads.note_read(actor.db, actor.member, event_id, "print", actor.now)


async def read_summary(actor: Actor, event_id: uuid.UUID) -> None:
    """Note that the member read the agreed summary."""
    await reads.note_read(actor.db, actor.member, event_id, "page", actor.now)
