"""A hub's forms in all their versions, and the draft of the next one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.forms import EventKind, NoteForm, to_data
from app.models.meetings import Event
from app.models.notes import Note
from app.models.notes import NoteForm as FormRow
from app.store.notes.forms import as_form

AHEAD = ("tentative", "confirmed")


@dataclass(frozen=True, slots=True)
class Version:
    """A published form, since when, and how many records have it; one that only ships has no moment."""

    form: NoteForm
    published_at: datetime | None
    records: int


@dataclass(frozen=True, slots=True)
class Draft:
    """The next version while it is written; `changed_at` tells whether somebody wrote in between."""

    form: NoteForm
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a new version concerns: events ahead whose record has not begun, and who leads them."""

    events: int
    leads: int


async def versions(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind) -> list[Version]:
    """The published versions, the newest first; the shipped form where there is none: one statement."""
    count = select(func.count()).where(col(Note.form_id) == col(FormRow.id)).scalar_subquery()
    found = await db.execute(
        select(FormRow, count)
        .where(col(FormRow.hub_id) == hub_id, col(FormRow.kind) == kind, col(FormRow.published_at).is_not(None))
        .order_by(col(FormRow.version).desc())
    )
    rows = [Version(as_form(row), row.published_at, records) for row, records in found.all()]
    return rows or [Version(DEFAULTS[kind], None, 0)]


async def draft(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind) -> Draft | None:
    """The draft, if one was begun."""
    row = await _draft_row(db, hub_id, kind)
    return None if row is None else Draft(as_form(row), row.made_at)


async def drafts(db: AsyncSession, hub_id: uuid.UUID) -> set[str]:
    """The kinds of event for which a draft was begun."""
    found = select(col(FormRow.kind)).where(col(FormRow.hub_id) == hub_id, col(FormRow.published_at).is_(None))
    return set((await db.execute(found)).scalars())


async def locked_draft(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind) -> FormRow | None:
    """The draft's row, held until the transaction ends."""
    return await _draft_row(db, hub_id, kind, lock=True)


async def _draft_row(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind, *, lock: bool = False) -> FormRow | None:
    wanted = select(FormRow).where(
        col(FormRow.hub_id) == hub_id, col(FormRow.kind) == kind, col(FormRow.published_at).is_(None)
    )
    return (await db.execute(wanted.with_for_update() if lock else wanted)).scalar_one_or_none()


async def ship(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind, now: datetime) -> None:
    """Make the form that ships the hub's version 1, unless it is."""
    await _insert(db, hub_id, DEFAULTS[kind], now, published_at=now)


async def begin_draft(db: AsyncSession, hub_id: uuid.UUID, form: NoteForm, now: datetime) -> None:
    """Keep this form as the draft; when somebody began it at the same moment, theirs stays."""
    await _insert(db, hub_id, form, now)


async def _insert(
    db: AsyncSession, hub_id: uuid.UUID, form: NoteForm, now: datetime, published_at: datetime | None = None
) -> None:
    row = FormRow(hub_id=hub_id, kind=form.kind, version=form.version, made_at=now)
    values = {
        "id": row.id,
        "hub_id": hub_id,
        "kind": form.kind,
        "version": form.version,
        "sections": to_data(form),
        "made_at": now,
        "published_at": published_at,
    }
    await db.execute(insert(FormRow).values(**values).on_conflict_do_nothing())


async def publish(db: AsyncSession, hub_id: uuid.UUID, form: NoteForm, now: datetime) -> None:
    """A new published version that was no draft."""
    await _insert(db, hub_id, form, now, published_at=now)


async def concerned(db: AsyncSession, hub_id: uuid.UUID, kind: EventKind, now: datetime) -> Concerned:
    """Whom a new version would concern from now on: one statement."""
    begun = select(col(Note.event_id)).where(col(Note.event_id) == col(Event.id)).exists()
    found = await db.execute(
        select(func.count(), func.count(col(Event.lead_id).distinct())).where(
            col(Event.hub_id) == hub_id,
            col(Event.kind) == kind,
            col(Event.status).in_(AHEAD),
            col(Event.ends_at) > now,
            ~begun,
        )
    )
    return Concerned(*found.one())
