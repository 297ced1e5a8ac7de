"""One meeting, visit or observation: when, where, who, what to bring, and what can be done about it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.meetings import states
from app.domain.meetings.attendance import EARLY
from app.kit.errors import NotFoundError
from app.kit.periods import HALF_TERMS, in_london, spoken_date, spoken_hours, spoken_time
from app.kit.typed import Reader, Typed, time_of_day
from app.pages._parts import Choice, Confirm, Field, Form
from app.pages.meetings import attendance
from app.pages.meetings.places import map_link
from app.pages.trail import history_of
from app.store.meetings import events

LONGEST_NOTES = 2000  # characters
KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}
LISTS = {"meeting": "meetings", "visit": "visits", "observation": "observations"}
PARTS = {"leads": "leads", "comes": "comes", "observed": "is observed"}


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who is booked; not `expected` means away, or not at work that half-day."""

    name: str
    part: str
    expected: bool
    school: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """One event. The `can_` fields say what this viewer may do now; `version` travels with each form.

    `record` leads to its record, `answer_href` to the viewer's own answer, `people_href` to everybody's,
    `attendance` to who came, `travel_href` to how far whoever leads it drove.
    """

    template: ClassVar[str] = "meetings/event.html"
    id: uuid.UUID
    kind: str
    kinds: str
    kind_word: str
    heading: str
    state: states.State
    day: str
    hours: str
    starts: datetime
    ends: datetime
    own_times: bool
    half_term: str
    online: bool
    joining_link: str
    urn: int
    school: str
    street: str
    group_id: uuid.UUID | None
    group: str
    programme: str
    lead: str
    teacher: str
    notes: str
    school_notes: str
    pinned: bool
    people: tuple[Attending, ...]
    address: str
    map: str
    answer_href: str
    people_href: str
    record: str
    attendance: str
    came: str
    travel_href: str
    history: str
    can_edit: bool
    can_hold: bool
    can_unhold: bool
    can_cancel: bool
    can_bring_back: bool
    can_move: bool
    version: int


@dataclass(frozen=True, slots=True)
class EventFormPage:
    """The form to change an event's details."""

    template: ClassVar[str] = "meetings/event_form.html"
    heading: str
    day: str
    usual: str
    form: Form


@dataclass(frozen=True, slots=True)
class EventCancelPage:
    """Asks before an event is struck out of everybody's calendar."""

    template: ClassVar[str] = "meetings/event_cancel.html"
    confirm: Confirm


async def load(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, now: datetime) -> EventPage:
    """The event, where the member may see it: two statements. Raises NotFoundError."""
    whole = await _known(db, member, event_id)
    row = whole.row
    guests = await events.guests(db, member, event_id)
    may = _may_edit(viewer, member, whole)
    state = states.state(row.status, row.ends_at, now)
    return EventPage(
        id=row.id,
        kind=row.kind,
        kinds=LISTS[row.kind],
        kind_word=KINDS[row.kind],
        heading=_heading(row),
        state=state,
        day=spoken_date(row.day),
        hours=spoken_hours(row.starts_at, row.ends_at),
        starts=row.starts_at,
        ends=row.ends_at,
        own_times=whole.own_times,
        half_term=HALF_TERMS[row.half_term % 6],
        online=row.online,
        joining_link=whole.joining_link,
        urn=row.urn,
        school=row.school,
        street=whole.address,
        group_id=row.group_id,
        group=row.group,
        programme=whole.programme,
        lead=row.lead,
        teacher=row.teacher,
        notes=whole.notes,
        school_notes=whole.school_notes,
        pinned=row.pinned,
        people=tuple(Attending(guest.name, PARTS[guest.part], guest.expected, guest.school) for guest in guests),
        address=f"/hubs/{member.hub_code}",
        map="" if row.online else map_link(whole.place),
        answer_href=_own_answer(member, whole, guests, now),
        people_href=f"/hubs/{member.hub_code}/events/{row.id}/people" if may else "",
        record=_record(member, whole, guests),
        attendance=f"/hubs/{member.hub_code}/events/{row.id}/attendance",
        came=await attendance.came(db, member, event_id) if _begun(member, row, now) else "",
        travel_href=_travel(viewer, member, whole, now),
        history=history_of(member, "event", row.id),
        can_edit=may and row.status != "cancelled",
        can_hold=may and row.status == "confirmed" and row.starts_at <= now,
        can_unhold=may and row.status == "held",
        can_cancel=may and row.status in {"tentative", "confirmed"},
        can_bring_back=may and row.status == "cancelled" and row.starts_at > now,
        can_move=may and row.status == "confirmed" and row.starts_at > now,
        version=whole.version,
    )


def _own_answer(member: Member, whole: events.EventWhole, guests: Sequence[events.Guest], now: datetime) -> str:
    """Where the viewer says whether they come; empty where they have no place, or nothing is to be said any more."""
    row = whole.row
    is_open = row.status == "confirmed" and row.ends_at > now
    if is_open and any(guest.id == member.person_id for guest in guests):
        return f"/hubs/{member.hub_code}/events/{row.id}/answer"
    return ""


def _begun(member: Member, row: events.EventRow, now: datetime) -> bool:
    """Whether there is something to say or see of who came."""
    on = row.status in {"confirmed", "held"} and now >= row.starts_at - EARLY
    return on and bool(member.reaches(Can.SEE_ATTENDANCE))


def _travel(viewer: Viewer, member: Member, whole: events.EventWhole, now: datetime) -> str:
    """Where it is said how far it was, for whoever may say it of what took place."""
    row = whole.row
    on = row.status in {"confirmed", "held"} and row.starts_at <= now
    may = decide(viewer, Can.CLAIM_TRAVEL, Target(member.hub_id, frozenset({whole.lead_id})))
    return f"/hubs/{member.hub_code}/events/{row.id}/travel" if on and may else ""


def _record(member: Member, whole: events.EventWhole, guests: Sequence[events.Guest]) -> str:
    """Where the record is, for those who may read it or its summary; else empty. Its own door asks again."""
    row = whole.row
    concerned = {whole.lead_id, whole.teacher_id, *(guest.id for guest in guests)}
    of_group = row.kind == "meeting" and row.group_id in member.groups
    if member.person_id in concerned or of_group or row.urn in member.schools:
        return f"/hubs/{member.hub_code}/events/{row.id}/note"
    return ""


async def _known(db: AsyncSession, member: Member, event_id: uuid.UUID) -> events.EventWhole:
    whole = await events.one(db, member, event_id)
    if whole is None:
        raise NotFoundError
    return whole


def _may_edit(viewer: Viewer, member: Member, whole: events.EventWhole) -> bool:
    target = Target(member.hub_id, frozenset({whole.lead_id}), whole.row.group_id, frozenset({whole.row.urn}))
    return bool(decide(viewer, Can.EDIT_EVENTS, target))


def _heading(row: events.EventRow) -> str:
    return states.says(
        row.kind, school=row.school, group=row.group, lead=row.lead, teacher=row.teacher, online=row.online
    )


async def load_form(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID) -> EventFormPage:
    """The form with what is so now: one statement. Raises NotFoundError, also for what the viewer may not change."""
    whole = await _known(db, member, event_id)
    if not _may_edit(viewer, member, whole):
        raise NotFoundError
    row = whole.row
    starts, ends = in_london(row.starts_at), in_london(row.ends_at)
    fields = (
        Field(name="starts", label="Starts", kind="time", value=f"{starts:%H:%M}", width="5"),
        Field(name="ends", label="Ends", kind="time", value=f"{ends:%H:%M}", width="5"),
        Field(
            name="place",
            label="Where",
            kind="radios",
            value="online" if row.online else "school",
            choices=(Choice("school", f"In school, at {row.school}"), Choice("online", "Online")),
        ),
        Field(
            name="joining_link",
            label="Joining link",
            value=whole.joining_link,
            hint="For a meeting online.",
            width="30",
        ),
        Field(
            name="notes", label="What to bring", kind="textarea", value=whole.notes, hint="Everyone who comes sees it."
        ),
        Field(
            name="pinned",
            label="The planner",
            kind="checkboxes",
            chosen=("yes",) if row.pinned else (),
            choices=(Choice("yes", "Keep this date and place when the year is planned again"),),
        ),
    )
    return EventFormPage(
        heading=_heading(row),
        day=spoken_date(row.day),
        usual=f"{spoken_time(whole.usual[0])} to {spoken_time(whole.usual[1])}",
        form=Form(
            action=f"/hubs/{member.hub_code}/events/{event_id}/edit",
            submit="Save",
            fields=fields,
            kept=(("version", str(whole.version)),),
        ),
    )


def asked_again(page: EventFormPage, form: Form) -> EventFormPage:
    """The same page around a form that keeps what was typed."""
    return replace(page, form=form)


@dataclass(frozen=True, slots=True)
class Written:
    """What the form says, read; empty times mean the usual ones."""

    starts: time | None
    ends: time | None
    online: bool
    joining_link: str
    notes: str
    pinned: bool


def read_form(typed: Typed) -> Written:
    """The form's texts as values. Raises BadInputError naming each field that cannot be read."""
    reader = Reader(typed)
    starts, ends = reader.read("starts", _maybe_time), reader.read("ends", _maybe_time)
    notes = reader.read("notes", _notes)
    reader.finish()
    return Written(
        starts=starts,
        ends=ends,
        online=typed.text("place") == "online",
        joining_link=typed.text("joining_link"),
        notes=notes or "",
        pinned=typed.text("pinned") == "yes",
    )


def _maybe_time(text: str) -> time | None:
    return time_of_day(text) if text else None


def _notes(text: str) -> str:
    if len(text) > LONGEST_NOTES:
        raise ValueError(f"Use at most {LONGEST_NOTES:,} characters.")
    return text


async def load_cancel(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID) -> EventCancelPage:
    """What cancelling would do, and to whom: two statements. Raises NotFoundError."""
    whole = await _known(db, member, event_id)
    if not _may_edit(viewer, member, whole):
        raise NotFoundError
    guests = await events.guests(db, member, event_id)
    row = whole.row
    here = f"/hubs/{member.hub_code}/events/{event_id}"
    schools = len({guest.school for guest in guests if guest.school})
    return EventCancelPage(
        Confirm(
            question=f"Cancel the {KINDS[row.kind].lower()} on {spoken_date(row.day)}?",
            happens=(
                f"{_heading(row)}: {_people(len(guests), schools)} this date.",
                "Their calendars show it as cancelled the next time they look, within a few hours.",
                "You can bring it back afterwards, as long as nobody has been booked elsewhere.",
            ),
            action=f"{here}/cancel",
            submit="Cancel it",
            back=here,
            kept=(("version", str(whole.version)),),
        )
    )


def _people(count: int, schools: int) -> str:
    people = "1 person" if count == 1 else f"{count} people"
    at = f" of {schools} schools" if schools > 1 else ""
    return f"{people}{at} {'loses' if count == 1 else 'lose'}"
