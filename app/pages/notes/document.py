"""A record as one document: what a device keeps of it, and what programs read (docs/rules/notes.md)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.meetings import states
from app.domain.notes.applying import LOCKED
from app.domain.notes.forms import NoteForm, to_data
from app.domain.notes.paths import REMOVED, read
from app.domain.people.rights import SCHOOL_SAID_NO
from app.kit.errors import NotFoundError
from app.kit.periods import spoken_date, spoken_hours
from app.store.notes import forms, nearby, reading, story
from app.store.notes.nearby import Nearby
from app.store.notes.reading import Standing
from app.store.people import rights

DAYS = 14  # ahead, and as many back


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, by id and name."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who leads, comes or is observed, with their school."""

    id: uuid.UUID
    name: str
    part: str
    school: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is; `notes` tell of parking and the door."""

    name: str
    address: str
    online: bool
    joining_link: str
    notes: str


@dataclass(frozen=True, slots=True)
class EventTold:
    """The event that a record is of."""

    id: uuid.UUID
    hub: str
    kind: str
    heading: str
    day: str
    hours: str
    starts_at: datetime
    ends_at: datetime
    state: states.State
    place: Place
    group: str
    lead: Named
    teacher: Named | None
    people: tuple[Attending, ...]
    bring: str


@dataclass(frozen=True, slots=True)
class HeadTold:
    """A value at a place, and who wrote it."""

    op_id: uuid.UUID
    value: Any
    by: uuid.UUID
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A place with what stands there; several different values wait for a person's choice."""

    path: str
    heads: tuple[HeadTold, ...]


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do with the record now."""

    write: bool
    submit: bool
    agree: bool


@dataclass(frozen=True, slots=True)
class PhotosTold:
    """Whether the school lets photos be taken; `says` why not, or who does not want to be in them."""

    may: bool
    says: str


@dataclass(frozen=True, slots=True)
class TaskTold:
    """What somebody was to try since the last time."""

    who: str
    what: str
    by: date | None
    went: str


@dataclass(frozen=True, slots=True)
class LastTime:
    """What the time before left for this one."""

    day: str
    heading: str
    next_steps: tuple[str, ...]
    tasks: tuple[TaskTold, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One record, whole; `locked` says why it cannot be written in."""

    event: EventTold
    me: dict[str, uuid.UUID]
    form: dict[str, Any]
    rev: int
    state: str
    locked: str
    may: May
    values: tuple[PlaceTold, ...]
    last_time: LastTime | None
    photos: PhotosTold


async def nearby_documents(db: AsyncSession, viewer: Viewer, now: datetime) -> list[Document]:
    """The records of the viewer's days around now, and of earlier ones that are not agreed: eleven statements."""
    span = timedelta(days=DAYS)
    return await _documents(db, viewer, await nearby.around(db, viewer, now - span, now + span), now)


async def document(db: AsyncSession, viewer: Viewer, event_id: uuid.UUID, now: datetime) -> Document:
    """One record the viewer may read. Raises NotFoundError."""
    found = await nearby.one(db, viewer, event_id)
    if found is None:
        raise NotFoundError
    return (await _documents(db, viewer, [found], now))[0]


async def _documents(db: AsyncSession, viewer: Viewer, found: Sequence[Nearby], now: datetime) -> list[Document]:
    events = [one.event for one in found]
    before = await story.last_times(db, viewer, events)
    of = await forms.of_events(db, [*events, *(one.event for one in before.values())])
    notes = await reading.records(db, [event.id for event in events])
    wanted = {event.id for event in events} | {one.event.id for one in before.values()}
    heads = await reading.heads(db, wanted, {member.person_id for member in viewer.members})
    closed = await rights.no_photos(db, {(event.hub_id, event.urn) for event in events})
    shy = await rights.not_in_photos(db, {guest.id for one in found for guest in one.people})
    documents = []
    for one in found:
        last = before.get(one.event.id)
        told = _last(last, of[last.event.id], heads[last.event.id]) if last else None
        made = _document(viewer, one, of[one.event.id], (notes.get(one.event.id), heads[one.event.id], told), now)
        may = (one.event.hub_id, one.event.urn) not in closed
        names = [guest.name for guest in one.people if guest.id in shy]
        documents.append(replace(made, photos=_photos(names, may=may)))
    return documents


def _photos(shy: Sequence[str], *, may: bool) -> PhotosTold:
    if not may:
        return PhotosTold(may=False, says=SCHOOL_SAID_NO)
    listed = " and ".join(filter(None, (", ".join(shy[:-1]), *shy[-1:])))
    return PhotosTold(may=True, says=f"Photos must not show {listed}." if shy else "")


def _document(
    viewer: Viewer,
    one: Nearby,
    form: NoteForm,
    written: tuple[reading.Begun | None, Sequence[Standing], LastTime | None],
    now: datetime,
) -> Document:
    note, heads, last = written
    event = one.event
    member = viewer.member(event.hub_id)
    me = member.person_id if member else event.lead_id
    state = note.state if note else "open"
    takes_part = me in {event.lead_id, event.teacher_id, *(guest.id for guest in one.people)}
    return Document(
        event=_told(one, now),
        me={"person_id": me},
        form={"kind": form.kind, "version": form.version, "sections": to_data(form)},
        rev=note.rev if note else 0,
        state=state,
        locked=LOCKED if state == "agreed" else "",
        may=May(
            write=takes_part,
            submit=me == event.lead_id and state != "agreed",
            agree=takes_part and me != event.lead_id and state == "submitted",
        ),
        values=_values(heads),
        last_time=last,
        photos=_photos((), may=True),
    )


def _told(one: Nearby, now: datetime) -> EventTold:
    event, school = one.event, one.school
    lines = (school.street, school.locality, school.town, school.postcode)
    named = states.says(
        event.kind, school=school.name, group=one.group, lead=one.lead, teacher=one.teacher, online=event.online
    )
    return EventTold(
        id=event.id,
        hub=one.hub,
        kind=event.kind,
        heading=named,
        day=spoken_date(event.day),
        hours=spoken_hours(event.starts_at, event.ends_at),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        state=states.state(event.status, event.ends_at, now),
        place=Place(
            school.name,
            ", ".join(line for line in lines if line),
            event.online,
            event.joining_link,
            "" if event.online else one.school_notes,
        ),
        group=one.group,
        lead=Named(event.lead_id, one.lead),
        teacher=Named(event.teacher_id, one.teacher) if event.teacher_id else None,
        people=tuple(Attending(guest.id, guest.name, guest.part, guest.school) for guest in one.people),
        bring=event.notes,
    )


def _values(heads: Sequence[Standing]) -> tuple[PlaceTold, ...]:
    places: dict[str, list[HeadTold]] = {}
    for head in heads:
        places.setdefault(head.path, []).append(HeadTold(head.op_id, head.value, head.person_id, head.name, head.at))
    return tuple(PlaceTold(path, tuple(found)) for path, found in places.items())


def _last(before: story.Before, form: NoteForm, heads: Sequence[Standing]) -> LastTime:
    fields = {field.key for field in form.fields() if field.feeds == "next_steps"}
    removed = {_item(head.path) for head in heads if head.path.endswith("." + REMOVED.key) and head.value}
    steps = tuple(
        head.value
        for head in heads
        if (path := read(head.path))
        and path.field in fields
        and _item(head.path) not in removed
        and _says_what(form, path.field, path.part)
        and head.value
    )
    event = before.event
    return LastTime(
        day=spoken_date(event.day),
        heading=_KIND_WORDS[event.kind],
        next_steps=steps,
        tasks=tuple(TaskTold(one.who, one.what, one.by, one.went) for one in before.tried),
    )


_KIND_WORDS = {"meeting": "The meeting before", "visit": "The visit before", "observation": "The observation before"}


def _item(path: str) -> str:
    return path.partition(".")[0]


def _says_what(form: NoteForm, key: str, part: str) -> bool:
    """Whether the box is the first of its item: what is to be done, not by whom or when."""
    field = form.field(key)
    return field is not None and (not field.parts or field.parts[0].key == part)
