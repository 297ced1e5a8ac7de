"""Records opened for writing, and what was taken into them."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array, insert
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Viewer
from app.domain.notes.applying import Answer, Desk, Known, Operation, Taken, Writer
from app.domain.notes.registers import Head
from app.models.meetings import Event
from app.models.notes import Note, NoteForm, NoteHead, NoteOp
from app.store import visible
from app.store.notes import forms, gap_tasks


@dataclass(slots=True)
class Open:
    """A record that is held for writing until the transaction ends."""

    event: Event
    note: Note
    desk: Desk


async def events_of(db: AsyncSession, viewer: Viewer, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Event]:
    """Those of these events in which the viewer takes part, in any of their hubs: one statement."""
    taking_part = [and_(col(Event.hub_id) == member.hub_id, visible.taking_part(member)) for member in viewer.members]
    if not taking_part:
        return {}
    found = await db.execute(select(Event).where(col(Event.id).in_(event_ids), or_(*taking_part)))
    return {event.id: event for event in found.scalars()}


async def open_record(db: AsyncSession, event: Event, writer: Writer, ops: Sequence[Operation], now: datetime) -> Open:
    """The event's record with all that deciding on these operations needs; begun if nobody has written in it yet.

    Whoever else writes in the same record waits until this transaction ends.
    """
    held = select(Note).where(col(Note.event_id) == event.id).with_for_update()
    note = (await db.execute(held)).scalar_one_or_none()
    if note is None:
        form_id, _ = await forms.begin_with(db, event.hub_id, event.kind, ops[0].form_version, now)
        begun = {
            "event_id": event.id,
            "hub_id": event.hub_id,
            "form_id": form_id,
            "rev": 0,
            "state": "open",
            "because": "",
            "began_at": now,
            "changed_at": now,
        }
        await db.execute(insert(Note).values(**begun).on_conflict_do_nothing())
        note = (await db.execute(held)).scalar_one()
    row = await db.get_one(NoteForm, note.form_id)
    desk = Desk(forms.as_form(row), note.state, note.rev)
    await _remember(db, desk, event.id, writer, ops)
    return Open(event, note, desk)


async def _remember(
    db: AsyncSession, desk: Desk, event_id: uuid.UUID, writer: Writer, ops: Sequence[Operation]
) -> None:
    """Tell the desk the heads of the places, the operations that came before, and what replaces these ones."""
    ids = [op.op_id for op in ops]
    head = (
        select(col(NoteHead.op_id))
        .where(col(NoteHead.event_id) == event_id, col(NoteHead.path).in_({op.path for op in ops}))
        .scalar_subquery()
    )
    found = await db.execute(
        select(
            col(NoteOp.op_id),
            col(NoteOp.path),
            col(NoteOp.value),
            col(NoteOp.outcome),
            col(NoteOp.rev),
            col(NoteOp.replaces),
            col(NoteOp.op_id).in_(head),
        ).where(
            col(NoteOp.event_id) == event_id,
            or_(col(NoteOp.op_id).in_(ids), col(NoteOp.op_id).in_(head), _replaces_some(ids)),
        )
    )
    for op_id, path, value, outcome, rev, replaces, is_head in found.all():
        if is_head:
            desk.heads.setdefault(path, []).append(Head(op_id, value))
        desk.known[op_id] = Known(path, value, Answer(op_id, outcome, rev=rev))
        desk.replaced.update(replaces)
    others = select(func.max(col(NoteOp.rev))).where(
        col(NoteOp.event_id) == event_id, col(NoteOp.device_id) != writer.device_id
    )
    desk.others_rev = (await db.execute(others)).scalar_one() or 0


def _replaces_some(ids: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    return col(NoteOp.replaces).op("&&")(array(ids, type_=PG_UUID(as_uuid=True)).cast(ARRAY(PG_UUID(as_uuid=True))))


async def keep(db: AsyncSession, record: Open, taken: Sequence[Taken], writer: Writer, now: datetime) -> None:
    """Write what was taken: the operations, which of them stand, and the record's new revision."""
    if not taken:
        return
    note = record.note
    await db.execute(insert(NoteOp), [_row(note, one, writer, now) for one in taken])
    gone = {op_id for one in taken for op_id in one.removes}
    if gone:
        await db.execute(delete(NoteHead).where(col(NoteHead.event_id) == note.event_id, col(NoteHead.op_id).in_(gone)))
    stand = [one for one in taken if one.becomes_head and one.op.op_id not in gone]
    if stand:
        await db.execute(insert(NoteHead), [_head(note, one) for one in stand])
    note.rev, note.changed_at = record.desk.rev, now
    await gap_tasks.project(db, record.event, _feeding(taken), writer.person_id, now)


def _feeding(taken: Iterable[Taken]) -> list[Taken]:
    return [one for one in taken if one.place.field.feeds == "tries" and one.becomes_head]


def _row(note: Note, one: Taken, writer: Writer, now: datetime) -> dict[str, object]:
    op = one.op
    return {
        "event_id": note.event_id,
        "op_id": op.op_id,
        "hub_id": note.hub_id,
        "rev": one.answer.rev,
        "path": op.path,
        "value": op.value,
        "replaces": sorted(op.replaces),
        "base_rev": op.base_rev,
        "outcome": one.answer.outcome,
        "person_id": writer.person_id,
        "owner_id": one.place.owner,
        "device_id": writer.device_id,
        "device_time": op.device_time,
        "received_at": now,
    }


def _head(note: Note, one: Taken) -> dict[str, object]:
    return {"event_id": note.event_id, "op_id": one.op.op_id, "hub_id": note.hub_id, "path": one.op.path}
