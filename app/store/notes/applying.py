"""Records opened for writing, and what was taken into them: few statements, because devices ask often."""

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Viewer
from app.domain.notes.applying import Answer, Concerned, Desk, Known, Operation, Taken, Writer
from app.domain.notes.forms import NoteForm
from app.domain.notes.registers import Head
from app.models.meetings import Event
from app.models.notes import Note
from app.store import visible
from app.store.notes import forms, gap_tasks


@dataclass(frozen=True, slots=True)
class Open:
    """A record that is held for writing until the transaction ends."""

    event: Concerned
    desk: Desk


async def events_of(db: AsyncSession, viewer: Viewer, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Concerned]:
    """Those of these events in which the viewer takes part, in any of their hubs: one statement."""
    taking_part = [and_(col(Event.hub_id) == member.hub_id, visible.taking_part(member)) for member in viewer.members]
    if not taking_part:
        return {}
    found = await db.execute(
        select(col(Event.id), col(Event.hub_id), col(Event.kind), col(Event.group_id)).where(
            col(Event.id).in_(event_ids), or_(*taking_part)
        )
    )
    return {row[0]: Concerned(*row) for row in found.all()}


async def open_record(
    db: AsyncSession, event: Concerned, writer: Writer, ops: Sequence[Operation], now: datetime
) -> Open:
    """The event's record with all that deciding on these operations needs; begun if nobody has written in it yet.

    Whoever else writes in the same record waits until this transaction ends.
    """
    held = (
        select(col(Note.form_id), col(Note.state), col(Note.rev))
        .where(col(Note.event_id) == event.id)
        .with_for_update()
    )
    found = (await db.execute(held)).one_or_none()
    if found is None:
        form_id, _ = await forms.begin_with(db, event.hub_id, event.kind, ops[0].form_version, now)
        begun = {"rev": 0, "state": "open", "because": "", "began_at": now, "changed_at": now}
        values = {"event_id": event.id, "hub_id": event.hub_id, "form_id": form_id, **begun}
        await db.execute(insert(Note).values(**values).on_conflict_do_nothing())
        found = (await db.execute(held)).one()
    desk = Desk(await _form(db, found[0]), found[1], found[2])
    await _remember(db, desk, event.id, writer, ops)
    return Open(event, desk)


_FORMS: dict[uuid.UUID, NoteForm] = {}  # a published form never changes


async def _form(db: AsyncSession, form_id: uuid.UUID) -> NoteForm:
    if form_id not in _FORMS:
        _FORMS[form_id] = await forms.published(db, form_id)
    return _FORMS[form_id]


# Heads of the places, operations that came before, and those that replace these ones; the newest of other devices.
_KNOWN = text("""
    SELECT op_id, path, value, outcome, rev, replaces, op_id IN (
        SELECT op_id FROM note_head WHERE event_id = :event AND path = ANY (:paths)
    ) AS is_head, FALSE AS others
    FROM note_op
    WHERE event_id = :event AND (
        op_id = ANY (:ops)
        OR op_id IN (SELECT op_id FROM note_head WHERE event_id = :event AND path = ANY (:paths))
        OR (path = ANY (:paths) AND replaces && CAST(:ops AS uuid[]))
    )
    UNION ALL
    SELECT NULL, '', NULL, '', coalesce(max(rev), 0), NULL, FALSE, TRUE
    FROM note_op WHERE event_id = :event AND device_id <> :device
""")


async def _remember(
    db: AsyncSession, desk: Desk, event_id: uuid.UUID, writer: Writer, ops: Sequence[Operation]
) -> None:
    asked = {
        "event": event_id,
        "device": writer.device_id,
        "ops": [op.op_id for op in ops],
        "paths": sorted({op.path for op in ops}),
    }
    for row in (await db.execute(_KNOWN, asked)).all():
        if row.others:
            desk.others_rev = row.rev
            continue
        if row.is_head:
            desk.heads.setdefault(row.path, []).append(Head(row.op_id, row.value))
        desk.known[row.op_id] = Known(row.path, row.value, Answer(row.op_id, row.outcome, rev=row.rev))
        desk.replaced.update(row.replaces)


# The operations, which of them stand and which stand no more, and the record's revision: one statement.
_KEEP = text("""
    WITH new AS (
        SELECT * FROM jsonb_to_recordset(CAST(:taken AS jsonb)) AS taken (
            op_id uuid, rev int, path text, value jsonb, replaces uuid[], base_rev int, outcome text,
            owner_id uuid, device_time timestamptz, stands bool
        )
    ), kept AS (
        INSERT INTO note_op (event_id, op_id, hub_id, rev, path, value, replaces, base_rev, outcome, person_id,
            owner_id, device_id, device_time, received_at)
        SELECT :event, op_id, :hub, rev, path, coalesce(value, 'null'), replaces, base_rev, outcome, :person,
            owner_id, :device, device_time, :now FROM new
    ), gone AS (
        DELETE FROM note_head WHERE event_id = :event AND op_id = ANY (:gone)
    ), stand AS (
        INSERT INTO note_head (event_id, op_id, hub_id, path) SELECT :event, op_id, :hub, path FROM new WHERE stands
    )
    UPDATE note SET rev = :rev, changed_at = :now WHERE event_id = :event
""")


async def keep(db: AsyncSession, record: Open, taken: Sequence[Taken], writer: Writer, now: datetime) -> None:
    """Write what was taken: the operations, which of them stand, and the record's new revision."""
    if not taken:
        return
    gone = {op_id for one in taken for op_id in one.removes}
    values = {
        "event": record.event.id,
        "hub": record.event.hub_id,
        "person": writer.person_id,
        "device": writer.device_id,
        "now": now,
        "rev": record.desk.rev,
        "gone": sorted(gone),
        "taken": json.dumps([_row(one, gone) for one in taken]),
    }
    await db.execute(_KEEP, values)
    await gap_tasks.project(db, record.event, _feeding(taken), writer.person_id, now)


def _feeding(taken: Iterable[Taken]) -> list[Taken]:
    return [one for one in taken if one.place.field.feeds == "tries" and one.becomes_head]


def _row(one: Taken, gone: Collection[uuid.UUID]) -> dict[str, Any]:
    op = one.op
    return {
        "op_id": str(op.op_id),
        "rev": one.answer.rev,
        "path": op.path,
        "value": op.value,
        "replaces": [str(replaced) for replaced in sorted(op.replaces)],
        "base_rev": op.base_rev,
        "outcome": one.answer.outcome,
        "owner_id": str(one.place.owner) if one.place.owner else None,
        "device_time": op.device_time.isoformat(),
        "stands": one.becomes_head and op.op_id not in gone,
    }
