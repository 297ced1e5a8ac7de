"""What of the records behind a piece of evidence the member may read: the record itself, or its agreed summary."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.notes.forms import NoteForm
from app.domain.notes.paths import place
from app.models.meetings import Event
from app.models.notes import Evidence, Note, NoteVersion
from app.models.notes import NoteForm as FormRow
from app.store import visible
from app.store.notes import forms


@dataclass(frozen=True, slots=True)
class Kept:
    """A place of a version."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Readable:
    """A version that stands, as far as the member may read it; `whole`: the record itself."""

    event_id: uuid.UUID
    kind: str
    day: date
    form: NoteForm
    whole: bool
    places: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of evidence that counts: facts, no words."""

    key: str
    day: date
    facts: dict[str, Any]
    event_id: uuid.UUID
    version_id: uuid.UUID


async def of_versions(
    db: AsyncSession, member: Member, version_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Readable]:
    """Those of these versions of which the member may read something, of no lesson observation: one statement."""
    if not version_ids:
        return {}
    records = col(Event.id).in_(visible.records(member).with_only_columns(col(Event.id)))
    summaries = col(Event.id).in_(visible.summaries(member).with_only_columns(col(Event.id)))
    found = await db.execute(
        select(
            col(NoteVersion.id),
            col(Event.id),
            col(Event.kind),
            col(Event.day),
            col(NoteVersion.content),
            FormRow,
            records,
        )
        .join(Event, col(Event.id) == col(NoteVersion.event_id))
        .join(Note, col(Note.event_id) == col(Event.id))
        .join(FormRow, col(FormRow.id) == col(Note.form_id))
        .where(
            col(NoteVersion.id).in_(list(version_ids)),
            col(NoteVersion.superseded_at).is_(None),
            col(Event.kind) != "observation",
            or_(records, and_(summaries, col(NoteVersion.agreed_at).is_not(None))),
        )
    )
    made = {}
    for key, event_id, kind, day, content, row, whole in found.all():
        form = forms.as_form(row)
        made[key] = Readable(event_id, kind, day, form, whole, _places(form, content, whole=whole))
    return made


def _places(form: NoteForm, content: Sequence[Mapping[str, Any]], *, whole: bool) -> tuple[Kept, ...]:
    """Nobody's own notes; for those who read the summary, what the form marks for it."""
    kept = []
    for one in content:
        found = place(form, one["path"])
        if found and found.field.share != "own" and (whole or found.field.summary):
            kept.append(Kept(one["path"], one["value"]))
    return tuple(kept)


async def evidence(db: AsyncSession, hub_id: uuid.UUID, urns: Collection[int], kinds: Collection[str]) -> list[Found]:
    """The evidence of these kinds that counts, the newest day first: one statement."""
    found = await db.execute(
        select(
            col(Evidence.key),
            col(Evidence.day),
            col(Evidence.facts),
            col(Evidence.event_id),
            col(Evidence.version_id),
        )
        .where(
            col(Evidence.hub_id) == hub_id,
            col(Evidence.urn).in_(list(urns)),
            col(Evidence.kind).in_(list(kinds)),
            col(Evidence.superseded_at).is_(None),
        )
        .order_by(col(Evidence.day).desc(), col(Evidence.key), col(Evidence.id))
    )
    return [Found(*row) for row in found.all()]
