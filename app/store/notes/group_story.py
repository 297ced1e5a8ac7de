"""A Work Group's records in a row: as much of each as the reader may see."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.notes.forms import NoteForm
from app.domain.notes.readable import Stands
from app.models.meetings import Event
from app.models.notes import GapTask, Note, NoteVersion
from app.models.notes import NoteForm as FormRow
from app.models.people import Person
from app.store import visible
from app.store.notes import forms, reading
from app.store.notes.reading import Standing


@dataclass(frozen=True, slots=True)
class Told:
    """A record that has begun: what the reader may see of it. `whole` for those who read the record itself.

    Others see the places of the version that is agreed; `places` is empty where none is.
    """

    state: str
    form: NoteForm
    whole: bool
    places: Sequence[Stands]


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody said they would try, and how it went."""

    who: str
    what: str
    by: date | None
    went: str


async def records(db: AsyncSession, member: Member, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Told]:
    """Those of these events' records of which the member may read something: three statements."""
    whole = col(Event.id).in_(visible.records(member).with_only_columns(col(Event.id)))
    found = await db.execute(
        visible.summaries(member)
        .with_only_columns(col(Event.id), col(Note.state), FormRow, whole)
        .join(Note, col(Note.event_id) == col(Event.id))
        .join(FormRow, col(FormRow.id) == col(Note.form_id))
        .where(col(Event.id).in_(event_ids))
    )
    rows = found.all()
    heads = await reading.heads(db, [row[0] for row in rows if row[3]], [member.person_id])
    agreed = await agreed_places(db, [row[0] for row in rows if not row[3]])
    return {
        row[0]: Told(row[1], forms.as_form(row[2]), row[3], heads[row[0]] if row[3] else agreed.get(row[0], ()))
        for row in rows
    }


async def agreed_places(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Standing]]:
    """What the version that is agreed holds, where one is: one statement."""
    found = await db.execute(
        select(col(NoteVersion.event_id), col(NoteVersion.content), col(NoteVersion.submitted_at)).where(
            col(NoteVersion.event_id).in_(event_ids),
            col(NoteVersion.agreed_at).is_not(None),
            col(NoteVersion.superseded_at).is_(None),
        )
    )
    return {event_id: [_place(one, at) for one in content] for event_id, content, at in found.all()}


def _place(kept: Mapping[str, Any], at: datetime) -> Standing:
    by = uuid.UUID(kept["by"])
    return Standing(kept["path"], uuid.UUID(kept["op"]), kept["value"], by, "", at, 0)


async def tried(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Tried]]:
    """The gap tasks of these records: one statement. Only for those who read the record itself."""
    found = await db.execute(
        select(col(GapTask.event_id), col(Person.name), col(GapTask.what), col(GapTask.due), col(GapTask.went))
        .outerjoin(Person, col(Person.id) == col(GapTask.person_id))
        .where(col(GapTask.event_id).in_(event_ids), col(GapTask.removed).is_(False), col(GapTask.what) != "")
        .order_by(col(Person.name), col(GapTask.item))
    )
    tasks: dict[uuid.UUID, list[Tried]] = {}
    for event_id, who, what, by, went in found.all():
        tasks.setdefault(event_id, []).append(Tried(who or "", what, by, went))
    return tasks
