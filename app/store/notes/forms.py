"""Which form a record has: the version it began with, else the newest its hub published, else the one that ships."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.forms import EventKind, NoteForm, from_data, to_data
from app.models.meetings import Event
from app.models.notes import Note
from app.models.notes import NoteForm as FormRow


async def current(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind) -> NoteForm:
    """The form that a new record of this kind gets."""
    return (await newest(db, [hub_id])).get((hub_id, kind), DEFAULTS[kind])


async def newest(db: AsyncSession, hubs: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], NoteForm]:
    """The newest published form of each hub and kind; hubs that have none are left out."""
    found = await db.execute(
        select(FormRow)
        .where(col(FormRow.hub_id).in_(hubs), col(FormRow.published_at).is_not(None))
        .ext(distinct_on(col(FormRow.hub_id), col(FormRow.kind)))
        .order_by(col(FormRow.hub_id), col(FormRow.kind), col(FormRow.version).desc())
    )
    return {(row.hub_id, row.kind): as_form(row) for row in found.scalars()}


async def of_events(db: AsyncSession, events: Collection[Event]) -> dict[uuid.UUID, NoteForm]:
    """The form of each event's record, begun or not: two statements."""
    begun = await db.execute(
        select(col(Note.event_id), FormRow)
        .join(FormRow, col(FormRow.id) == col(Note.form_id))
        .where(col(Note.event_id).in_([event.id for event in events]))
    )
    pinned = {event_id: as_form(row) for event_id, row in begun.all()}
    fresh = await newest(db, {event.hub_id for event in events})
    return {
        event.id: pinned.get(event.id) or fresh.get((event.hub_id, event.kind)) or _default(event.kind)
        for event in events
    }


def _default(kind: str) -> NoteForm:
    return next(form for form in DEFAULTS.values() if form.kind == kind)


def as_form(row: FormRow) -> NoteForm:
    """A stored form as the rules know it."""
    kind = next(kind for kind in DEFAULTS if kind == row.kind)
    return from_data(kind, row.version, row.sections)


async def begin_with(
    db: AsyncSession, hub_id: uuid.UUID, kind: str, version: int, now: datetime
) -> tuple[uuid.UUID, NoteForm]:
    """The form a record begins with: the published version the device had, else the newest. Ships one if need be."""
    row = await _published(db, hub_id, kind, version)
    if row is None:
        shipped = _default(kind)
        values = {
            "hub_id": hub_id,
            "kind": kind,
            "version": shipped.version,
            "sections": to_data(shipped),
            "made_at": now,
            "published_at": now,
        }
        await db.execute(insert(FormRow).values(**values).on_conflict_do_nothing())
        row = await _published(db, hub_id, kind, version)
    if row is None:
        raise LookupError(kind)
    return row.id, as_form(row)


async def published(db: AsyncSession, form_id: uuid.UUID) -> NoteForm:
    """This version of a form."""
    return as_form(await db.get_one(FormRow, form_id))


async def _published(db: AsyncSession, hub_id: uuid.UUID, kind: str, version: int) -> FormRow | None:
    found = await db.execute(
        select(FormRow)
        .where(
            col(FormRow.hub_id) == hub_id,
            col(FormRow.kind) == kind,
            col(FormRow.published_at).is_not(None),
        )
        .order_by((col(FormRow.version) == version).desc(), col(FormRow.version).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()
