"""Records across events: which a person may read, their tags and people, and full-text search in what they may read."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, false, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Viewer
from app.domain.notes.forms import NoteForm
from app.domain.notes.highlights import BEGINS, ENDS, LESS_THAN
from app.domain.notes.paths import REMOVED, TAGS
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.notes import Note, NoteAnswer, NoteHead, NoteOp, NoteVersion
from app.models.notes import NoteForm as FormRow
from app.models.people import Person
from app.models.schools import School
from app.store import visible
from app.store.notes import forms

HITS = 3  # texts shown of one record
LANGUAGE = "english"
LOOK = f'StartSel="{BEGINS}", StopSel="{ENDS}", MaxWords=35, MinWords=15, ShortWord=0'


@dataclass(frozen=True, slots=True)
class Row:
    """A record that has begun, of which the viewer may read the whole or, once agreed, the summary.

    `asked`: somebody asks for a change of the version that counts.
    """

    event_id: uuid.UUID
    hub_id: uuid.UUID
    hub: str
    kind: str
    year: int
    day: date
    starts_at: datetime
    online: bool
    school: str
    group: str
    lead_id: uuid.UUID
    lead: str
    teacher: str
    form_id: uuid.UUID
    state: str
    whole: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that holds what was searched for: where it stands, and some of its words with the hits marked.

    `begins`, `ends`: these words begin or end the text.
    """

    event_id: uuid.UUID
    path: str
    marked: str
    begins: bool
    ends: bool


async def readable(db: AsyncSession, viewer: Viewer) -> list[Row]:
    """Every such record in all the viewer's hubs, the newest first: one statement."""
    if not viewer.members:
        return []
    lead, teacher = aliased(Person), aliased(Person)
    whole = visible.of_any(viewer, visible.records)
    some = visible.of_any(viewer, visible.summaries)
    asked = (
        select(col(NoteAnswer.version_id))
        .join(NoteVersion, col(NoteVersion.id) == col(NoteAnswer.version_id))
        .where(
            col(NoteVersion.event_id) == col(Event.id),
            col(NoteVersion.superseded_at).is_(None),
            col(NoteVersion.agreed_at).is_(None),
            col(NoteAnswer.agrees).is_(False),
            col(NoteAnswer.person_id) != col(NoteVersion.submitted_by),
        )
        .exists()
    )
    found = await db.execute(
        select(
            col(Event.id),
            col(Event.hub_id),
            col(Hub.code),
            col(Event.kind),
            col(Event.year),
            col(Event.day),
            col(Event.starts_at),
            col(Event.online),
            col(School.name),
            func.coalesce(col(WorkGroup.code), ""),
            col(lead.id),
            col(lead.name),
            func.coalesce(col(teacher.name), ""),
            col(Note.form_id),
            col(Note.state),
            whole,
            asked,
        )
        .join(Note, col(Note.event_id) == col(Event.id))
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .where(or_(whole, some & (col(Note.state) == "agreed")))
        .order_by(col(Event.starts_at).desc(), col(Event.id))
    )
    rows: list[Any] = list(found.all())
    return [Row(*row) for row in rows]


async def tags(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The tags of these records: one statement."""
    found = await db.execute(
        select(col(NoteOp.event_id), col(NoteOp.value))
        .join(NoteHead, _stands())
        .where(col(NoteOp.event_id).in_(event_ids), col(NoteOp.path) == TAGS.key)
    )
    made: dict[uuid.UUID, set[str]] = {}
    for event_id, value in found.all():
        made.setdefault(event_id, set()).update(value)
    return made


async def people(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """Who takes part in these events, by event: one statement."""
    found = await db.execute(
        select(col(Booking.event_id), col(Person.id), col(Person.name))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .where(col(Booking.event_id).in_(event_ids))
    )
    made: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    for event_id, key, name in found.all():
        made.setdefault(event_id, {})[key] = name
    return made


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched: by whom, in which records with which forms, for which words."""

    viewer: Viewer
    rows: Sequence[Row]
    forms: Mapping[uuid.UUID, NoteForm]
    words: str


async def forms_of(db: AsyncSession, rows: Collection[Row]) -> dict[uuid.UUID, NoteForm]:
    """The forms of these records: one statement."""
    found = await db.execute(select(FormRow).where(col(FormRow.id).in_({one.form_id for one in rows})))
    return {row.id: forms.as_form(row) for row in found.scalars()}


async def found_in(db: AsyncSession, searched: Searched) -> dict[uuid.UUID, int]:
    """In which of the records the words are found, and in how many of their texts: one statement."""
    found = await db.execute(
        select(col(NoteOp.event_id), func.count())
        .join(NoteHead, _stands())
        .where(_within(searched), col(NoteOp.words).bool_op("@@")(_query(searched.words)))
        .group_by(col(NoteOp.event_id))
    )
    return {row[0]: row[1] for row in found.all()}


async def hits(db: AsyncSession, searched: Searched) -> list[Hit]:
    """The texts with what was searched for, at most a few of each record: one statement."""
    plain = func.translate(col(NoteOp.value).op("#>>")(literal([], ARRAY(Text))), f"<{BEGINS}{ENDS}", LESS_THAN)
    number = func.row_number().over(partition_by=col(NoteOp.event_id), order_by=col(NoteOp.path))
    chosen = (
        select(col(NoteOp.event_id), col(NoteOp.path), plain.label("plain"), number.label("number"))
        .join(NoteHead, _stands())
        .where(_within(searched), col(NoteOp.words).bool_op("@@")(_query(searched.words)))
        .subquery()
    )
    marked = func.ts_headline(LANGUAGE, chosen.c.plain, _query(searched.words), LOOK)
    told = select(chosen.c.event_id, chosen.c.path, chosen.c.plain, marked.label("marked"))
    few = told.where(chosen.c.number <= HITS).subquery()
    words_alone = func.translate(few.c.marked, BEGINS + ENDS, "")
    found = await db.execute(
        select(
            few.c.event_id,
            few.c.path,
            few.c.marked,
            func.starts_with(func.trim(few.c.plain), func.trim(words_alone)),
            func.right(func.trim(few.c.plain), func.length(func.trim(words_alone))) == func.trim(words_alone),
        ).order_by(few.c.event_id, few.c.path)
    )
    return [Hit(*row) for row in found.all()]


def _query(words: str) -> Any:
    return func.websearch_to_tsquery(LANGUAGE, words)


def _stands() -> ColumnElement[bool]:
    """Only what stands, not what others replaced."""
    return and_(col(NoteHead.event_id) == col(NoteOp.event_id), col(NoteHead.op_id) == col(NoteOp.op_id))


def _within(searched: Searched) -> ColumnElement[bool]:
    """The places that the viewer may read.

    Of whole records what is shared and what is their own; of others the agreed summary; nothing that was removed.
    """
    me = [member.person_id for member in searched.viewer.members]
    mine = or_(col(NoteOp.owner_id).is_(None), col(NoteOp.owner_id).in_(me))
    whole = and_(col(NoteOp.event_id).in_([one.event_id for one in searched.rows if one.whole]), mine)
    partly = [one for one in searched.rows if not one.whole]
    opened = [
        and_(
            col(NoteOp.event_id).in_([one.event_id for one in partly if one.form_id == form_id]),
            func.split_part(func.split_part(col(NoteOp.path), "#", 1), "/", 1).in_(_summary_fields(form)),
            col(NoteOp.owner_id).is_(None),
        )
        for form_id, form in searched.forms.items()
        if any(one.form_id == form_id for one in partly)
    ]
    return and_(or_(whole, *opened), ~_removed())


def _summary_fields(form: NoteForm) -> list[str]:
    return [field.key for field in form.fields() if field.summary and field.share != "own"]


def _removed() -> ColumnElement[bool]:
    """Whether the place is in an item that somebody removed."""
    other, stands = aliased(NoteOp), aliased(NoteHead)
    path = col(NoteOp.path)
    item = func.regexp_replace(path, r"\.[a-z_]+$", f".{REMOVED.key}")
    gone = (
        select(col(other.op_id))
        .join(stands, and_(col(stands.event_id) == col(other.event_id), col(stands.op_id) == col(other.op_id)))
        .where(
            col(other.event_id) == col(NoteOp.event_id), col(other.path) == item, other.value == func.to_jsonb(true())
        )
        .exists()
    )
    return case((path.contains("#"), gone), else_=false())
