"""An event and its record, with the people on both sides: what every page and step of the notebook begins with."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member, Role
from app.domain.notes.evidence import Happened
from app.domain.notes.forms import KINDS, EventKind, NoteForm
from app.domain.notes.states import STATES, Sides, State
from app.models.meetings import Booking, Event, Participant, VisitSeries, WorkGroup
from app.models.notes import Note
from app.models.notes import NoteForm as FormRow
from app.models.people import Person, RoleHeld
from app.models.schools import School
from app.store import visible
from app.store.notes import forms

PARTS = ("leads", "observed", "comes", "heads")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of one side: leads, observed, comes, or heads the school without being booked."""

    id: uuid.UUID
    name: str
    part: str
    urn: int | None  # the school for which they come
    school: str
    here: bool  # belongs to the school where it takes place


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One event with its record; `begun` is False and the form the hub's newest where nobody has written yet."""

    id: uuid.UUID
    hub_id: uuid.UUID
    kind: EventKind
    status: str
    day: date
    starts_at: datetime
    ends_at: datetime
    online: bool
    urn: int
    school: str
    group_id: uuid.UUID | None
    group: str
    lead_id: uuid.UUID
    lead: str
    teacher_id: uuid.UUID | None
    teacher: str
    begun: bool
    state: State
    rev: int
    because: str
    form: NoteForm
    people: tuple[Someone, ...]

    @property
    def sides(self) -> Sides:
        """Who answers whom."""
        taking = {one.id for one in self.people if one.part != "heads"} | {self.lead_id}
        return Sides(
            self.kind,
            self.lead_id,
            self.teacher_id,
            frozenset(taking | ({self.teacher_id} if self.teacher_id else set())),
            frozenset(one.id for one in self.people if one.here and one.part != "heads"),
            frozenset(one.id for one in self.people if one.part == "heads" and self.kind == "visit"),
        )

    @property
    def names(self) -> dict[uuid.UUID, str]:
        """Everybody's names."""
        named = {one.id: one.name for one in self.people} | {self.lead_id: self.lead}
        return named | ({self.teacher_id: self.teacher} if self.teacher_id else {})

    @property
    def happened(self) -> Happened:
        """The event as evidence knows it."""
        schools: Mapping[uuid.UUID, int] = {
            one.id: one.urn for one in self.people if one.urn is not None and one.part in {"comes", "observed"}
        }
        own = schools.get(self.teacher_id) if self.kind == "observation" and self.teacher_id else None
        return Happened(
            kind=self.kind,
            day=self.day,
            starts=self.starts_at,
            ends=self.ends_at,
            urn=own or self.urn,
            schools=schools,
        )


async def readable(db: AsyncSession, member: Member, event_id: uuid.UUID) -> About | None:
    """The event, where the member may read its record: three statements, one more where nobody has written yet."""
    return await _about(db, visible.records(member).where(col(Event.id) == event_id))


async def answerable(db: AsyncSession, member: Member, event_id: uuid.UUID) -> About | None:
    """The event, where the member may read its agreed summary: also for the heads of its school."""
    return await _about(db, visible.summaries(member).where(col(Event.id) == event_id))


async def only_summary(db: AsyncSession, member: Member, event_id: uuid.UUID) -> bool:
    """Whether the member may read at least the agreed summary."""
    query = visible.summaries(member).with_only_columns(col(Event.id)).where(col(Event.id) == event_id)
    return (await db.execute(query)).first() is not None


async def _about(db: AsyncSession, events: Select[Any]) -> About | None:
    lead, teacher = aliased(Person), aliased(Person)
    code = func.coalesce(col(WorkGroup.code), "")
    found = await db.execute(
        events.with_only_columns(Event, col(School.name), code)
        .add_columns(col(lead.name), func.coalesce(col(teacher.name), ""), Note, FormRow)
        .join(School, col(School.urn) == col(Event.urn))
        .join(lead, col(lead.id) == col(Event.lead_id))
        .outerjoin(teacher, col(teacher.id) == col(Event.teacher_id))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == func.coalesce(col(Event.group_id), col(VisitSeries.group_id)))
        .outerjoin(Note, col(Note.event_id) == col(Event.id))
        .outerjoin(FormRow, col(FormRow.id) == col(Note.form_id))
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        return None
    event, school, group, lead_name, teacher_name, note, form = row
    kind = next(kind for kind in KINDS if kind == event.kind)
    return About(
        id=event.id,
        hub_id=event.hub_id,
        kind=kind,
        status=event.status,
        day=event.day,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        online=event.online,
        urn=event.urn,
        school=school,
        group_id=event.group_id,
        group=group,
        lead_id=event.lead_id,
        lead=lead_name,
        teacher_id=event.teacher_id,
        teacher=teacher_name,
        begun=note is not None,
        state=STATES[note.state] if note else "open",
        rev=note.rev if note else 0,
        because=note.because if note else "",
        form=forms.as_form(form) if form else await forms.current(db, event.hub_id, kind),
        people=await _people(db, event),
    )


async def _people(db: AsyncSession, event: Event) -> tuple[Someone, ...]:
    """Who is booked, and the heads of the school: one statement."""
    comes_for = (
        select(func.min(col(Participant.urn)))
        .where(col(Participant.person_id) == col(Person.id), col(Participant.group_id) == event.group_id)
        .scalar_subquery()
    )
    heads = select(col(RoleHeld.person_id)).where(
        col(RoleHeld.role) == Role.HEADTEACHER.stored, col(RoleHeld.urn) == event.urn
    )
    belongs = or_(
        col(Person.base_urn) == event.urn,
        col(Person.id).in_(heads),
        select(literal(value=True))
        .where(col(Participant.person_id) == col(Person.id), col(Participant.urn) == event.urn)
        .exists(),
    )
    urn = func.coalesce(col(Booking.urn), comes_for, col(Person.base_urn), case((belongs, event.urn)))
    part = func.coalesce(col(Booking.part), "heads")
    found = await db.execute(
        select(col(Person.id), col(Person.name), part, urn, func.coalesce(col(School.name), ""), belongs)
        .outerjoin(Booking, (col(Booking.person_id) == col(Person.id)) & (col(Booking.event_id) == event.id))
        .outerjoin(School, col(School.urn) == urn)
        .where(
            col(Person.hub_id) == event.hub_id,
            or_(col(Booking.event_id).is_not(None), col(Person.id).in_(heads)),
            col(Person.left_on).is_(None),
        )
        .order_by(func.array_position(list(PARTS), part), func.lower(col(Person.name)), col(Person.id))
    )
    rows: list[Any] = list(found.all())
    return tuple(Someone(*row) for row in rows)
