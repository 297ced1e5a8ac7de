"""Taking what devices, forms and files wrote into the records."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Target, Viewer, decide
from app.domain.notes.applying import NOT_YOURS, Answer, Concerned, Operation, Taken, Writer
from app.store.notes import applying


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends operations, in which transaction, and on which device."""

    db: AsyncSession
    viewer: Viewer
    now: datetime
    device_id: uuid.UUID


async def apply_all(sender: Sender, operations: Sequence[Operation]) -> list[Answer]:
    """Take operations, each for itself, and answer for each in the order sent (docs/rules/notes.md).

    Those that came before are answered as they were and change nothing. What cannot be taken is refused with a because
    and stops none of the others. Answers count once the transaction is committed. Records are locked in the order
    of their ids, so that two senders never wait for each other.
    """
    by_note: dict[uuid.UUID, list[Operation]] = {}
    for op in operations:
        by_note.setdefault(op.note_id, []).append(op)
    events = await applying.events_of(sender.db, sender.viewer, by_note.keys())
    answers: dict[int, Answer] = {}
    for note_id in sorted(by_note):
        ops = by_note[note_id]
        for op, answer in zip(ops, await _into_one(sender, events.get(note_id), ops), strict=True):
            answers[id(op)] = answer
    return [answers[id(op)] for op in operations]


async def _into_one(sender: Sender, event: Concerned | None, ops: Sequence[Operation]) -> list[Answer]:
    person_id = None if event is None else _writes_as(sender.viewer, event)
    if event is None or person_id is None:
        return [Answer(op.op_id, "refused", NOT_YOURS) for op in ops]
    writer = Writer(person_id, sender.device_id)
    record = await applying.open_record(sender.db, event, writer, ops, sender.now)
    answers: list[Answer] = []
    taken: list[Taken] = []
    for op in ops:
        answer, kept = record.desk.take(op, writer)
        answers.append(answer)
        if kept:
            taken.append(kept)
    await applying.keep(sender.db, record, taken, writer, sender.now)
    return answers


def _writes_as(viewer: Viewer, event: Concerned) -> uuid.UUID | None:
    """The viewer as a person of the event's hub, if the law lets them write there; they take part in it."""
    member = viewer.member(event.hub_id)
    if member is None:
        return None
    target = Target(event.hub_id, frozenset({member.person_id}))
    return member.person_id if decide(viewer, Can.WRITE_NOTES, target) else None
