"""What happened in a hub's grant year, as far as money rests on it: six statements, however much it was.

Plain rows past the mapper: a year has a hundred thousand of them. What has no school known comes with URN 0, so that
the rules can say so (docs/rules/money.md, "What happened").
"""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.funding.evidence import named
from app.domain.funding.facts import (
    Attended,
    Completed,
    EvaluationReturned,
    Fact,
    Led,
    NoShow,
    Observed,
    Payee,
    Released,
    Signed,
    Succeeded,
    Travelled,
    Visited,
    Withdrew,
)
from app.domain.funding.happened import frees_somebody
from app.domain.meetings.attendance import State
from app.kit.periods import in_london
from app.models.funding import Evaluation, Travel
from app.models.hubs import Programme
from app.models.meetings import Attendance, Booking, Event, Invitation, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School, SchoolLink
from app.models.stages import Agreement, Enrolment, SchoolChange
from app.store.stages.facts_asked import rows_of

READINESS = "readiness"
CODE: ColumnElement[str] = func.coalesce(func.nullif(col(Programme.code), ""), col(Programme.kind), "")
GROUP_CODE: ColumnElement[str] = func.coalesce(col(WorkGroup.code), "")
OF_GROUP: ColumnElement[Any] = func.coalesce(col(Event.group_id), col(VisitSeries.group_id))
HELD_BY: dict[str, type[Led | Visited | Observed]] = {"meeting": Led, "visit": Visited, "observation": Observed}


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> tuple[Fact, ...]:
    """Everything that happened until now: six statements. Dates ahead are in `expected`."""
    found: list[Fact] = [*await _signed(db, hub_id, year), *await _enrolled(db, hub_id, year)]
    found += await _came(db, hub_id, year, now)
    found += await _led(db, hub_id, year, now)
    found += await _travelled(db, hub_id, year, now)
    found += await _succeeded(db, hub_id, now)
    return tuple(found)


def held(hub_id: uuid.UUID, year: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Events of the year that took place."""
    return (
        col(Event.hub_id) == hub_id,
        col(Event.year) == year,
        col(Event.status) == "held",
        col(Event.starts_at) <= now,
    )


def with_programme(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The event's Work Group and programme beside it; a visit's are its series'."""
    return (
        asked.outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == OF_GROUP)
        .outerjoin(Programme, col(Programme.id) == col(WorkGroup.programme_id))
    )


# Who came


async def _came(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> list[Fact]:
    rows = await rows_of(db, _said(held(hub_id, year, now)))
    return [fact for row in rows for fact in _facts_of_guest(row)]


def _said(which: tuple[ColumnElement[bool], ...]) -> Select[*tuple[Any, ...]]:
    """The newest saying of each guest of these meetings, with the school they came from."""
    key = col(Attendance.event_id), col(Attendance.guest_id)
    newest = (
        select(
            *key,
            col(Attendance.state),
            col(Attendance.minutes),
            or_(col(Attendance.excused), col(Attendance.because) != "").label("excused"),
            col(Attendance.urn),
        )
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .where(*which, col(Event.kind) == "meeting")
        .ext(distinct_on(*key))
        .order_by(*key, col(Attendance.said_at).desc(), col(Attendance.number).desc())
        .subquery()
    )
    asked = (
        select(
            newest.c.event_id,
            newest.c.guest_id,
            newest.c.state,
            newest.c.minutes,
            newest.c.excused,
            func.coalesce(col(Booking.urn), col(Participant.urn), newest.c.urn, 0),
            func.coalesce(col(Booking.expected), literal(value=False)),
            func.coalesce(col(Invitation.answer), ""),
            col(Event.day),
            col(Event.starts_at),
            col(Event.ends_at),
            col(Event.online),
            CODE,
            GROUP_CODE,
        )
        .select_from(newest)
        .join(Event, col(Event.id) == newest.c.event_id)
        .outerjoin(
            Booking, and_(col(Booking.event_id) == newest.c.event_id, col(Booking.person_id) == newest.c.guest_id)
        )
        .outerjoin(
            Participant,
            and_(col(Participant.group_id) == col(Event.group_id), col(Participant.person_id) == newest.c.guest_id),
        )
        .outerjoin(
            Invitation,
            and_(col(Invitation.event_id) == newest.c.event_id, col(Invitation.person_id) == newest.c.guest_id),
        )
    )
    counted = (State.PRESENT.value, State.PART.value, State.STAND_IN.value, State.ABSENT.value)
    return with_programme(asked).where(newest.c.state.in_(counted))


def _facts_of_guest(row: Any) -> Iterator[Fact]:
    event, guest, state, minutes, excused, urn, expected, answer, day, starts, ends, online, code, group = row
    common = {
        "id": named("attendance", event, guest),
        "day": day,
        "urn": urn,
        "programme": code,
        "group": group,
        "event": str(event),
        "person": str(guest),
    }
    if state == State.ABSENT:
        if expected and not excused and answer != "no":
            yield NoShow(**common)
        return
    length = (ends - starts) // timedelta(minutes=1)
    there = min(minutes or 0, length) if state == State.PART else 0
    yield Attended(**common, minutes=there, length=length, online=online)
    if not online and frees_somebody(starts):
        yield Released(**common)


# Who led, visited, observed and travelled


def _role() -> ColumnElement[str]:
    lead = case((col(Programme.kind) == READINESS, Payee.READINESS.value), else_=Payee.SPECIALIST.value)
    return lead.label("role")


async def _led(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> list[Fact]:
    rows = await rows_of(db, led(held(hub_id, year, now)))
    return [fact_of_event(row) for row in rows]


def led(which: tuple[ColumnElement[bool], ...]) -> Select[*tuple[Any, ...]]:
    """These events with whoever leads them and the school they come from."""
    asked = (
        select(
            col(Event.id),
            col(Event.kind),
            col(Event.day),
            col(Event.online),
            col(Event.urn),
            col(Event.lead_id),
            func.coalesce(col(Booking.urn), col(Person.base_urn), 0),
            _role(),
            CODE,
            GROUP_CODE,
        )
        .select_from(Event)
        .join(Person, col(Person.id) == col(Event.lead_id))
        .outerjoin(Booking, and_(col(Booking.event_id) == col(Event.id), col(Booking.person_id) == col(Event.lead_id)))
    )
    return with_programme(asked).where(*which, col(Event.kind).in_(HELD_BY))


def fact_of_event(row: Any) -> Fact:
    """An event as something that somebody led, visited or observed."""
    event, kind, day, online, host, lead, urn, role, code, group = row
    made = HELD_BY[kind]
    own = {} if made is Led else {"host": host}
    return made(
        id=named("event", event),
        day=day,
        urn=urn,
        programme=code,
        group=group,
        role=Payee(role),
        event=str(event),
        person=str(lead),
        online=online,
        **own,
    )


async def _travelled(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> list[Fact]:
    asked = (
        select(
            col(Travel.event_id),
            col(Travel.person_id),
            col(Travel.metres),
            col(Event.day),
            func.coalesce(col(Booking.urn), col(Person.base_urn), 0),
            _role(),
            CODE,
            GROUP_CODE,
        )
        .select_from(Travel)
        .join(Event, col(Event.id) == col(Travel.event_id))
        .join(Person, col(Person.id) == col(Travel.person_id))
        .outerjoin(
            Booking, and_(col(Booking.event_id) == col(Event.id), col(Booking.person_id) == col(Travel.person_id))
        )
    )
    rows = await rows_of(db, with_programme(asked).where(*held(hub_id, year, now), col(Travel.metres) > 0))
    return [
        Travelled(
            id=named("travel", event, person),
            day=day,
            urn=urn,
            programme=code,
            group=group,
            role=Payee(role),
            event=str(event),
            person=str(person),
            metres=metres,
        )
        for event, person, metres, day, urn, role, code, group in rows
    ]


# Schools in programmes


def enrolments(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Enrolments with their programme's code and their Work Group's, then these columns."""
    return (
        select(col(Enrolment.id), col(Enrolment.urn), CODE, GROUP_CODE, *columns)
        .select_from(Enrolment)
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Enrolment.group_id))
    )


async def _signed(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Fact]:
    asked = (
        enrolments(col(Agreement.id), col(Agreement.signed_on))
        .join(Agreement, col(Agreement.enrolment_id) == col(Enrolment.id))
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year, col(Agreement.withdrawn_at).is_(None))
    )
    return [
        Signed(id=named("agreement", agreement), day=day, urn=urn, programme=code, group=group)
        for _, urn, code, group, agreement, day in await rows_of(db, asked)
    ]


async def _enrolled(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Fact]:
    asked = (
        enrolments(
            col(Enrolment.state),
            col(Enrolment.completed_on),
            col(Enrolment.withdrawn_on),
            col(Evaluation.returned_on),
        )
        .outerjoin(Evaluation, col(Evaluation.enrolment_id) == col(Enrolment.id))
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year)
    )
    found: list[Fact] = []
    for enrolment, urn, code, group, state, completed, withdrawn, returned in await rows_of(db, asked):
        common = {"urn": urn, "programme": code, "group": group}
        if state == "completed" and completed:
            found.append(Completed(id=named("enrolment", enrolment), day=completed, **common))
        if state == "withdrawn" and withdrawn:
            found.append(Withdrew(id=named("enrolment", enrolment), day=withdrawn, **common))
        if returned:
            found.append(EvaluationReturned(id=named("evaluation", enrolment), day=returned, **common))
    return found


async def _succeeded(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> list[Fact]:
    """Schools of the hub that became others by the register's links, but where the hub has not said so or kept it."""
    link = union_all(
        select(col(SchoolLink.urn), col(SchoolLink.other_urn).label("to"), col(SchoolLink.since)).where(
            func.lower(col(SchoolLink.kind)).startswith("successor")
        ),
        select(col(SchoolLink.other_urn), col(SchoolLink.urn).label("to"), col(SchoolLink.since)).where(
            func.lower(col(SchoolLink.kind)).startswith("predecessor")
        ),
    ).subquery()
    heir: Any = aliased(School)
    ours = select(col(HubSchool.urn)).where(col(HubSchool.hub_id) == hub_id)
    told = select(col(SchoolChange.id)).where(col(SchoolChange.hub_id) == hub_id, col(SchoolChange.urn) == link.c.urn)
    since = func.coalesce(link.c.since, heir.opened_on)
    asked = (
        select(link.c.urn, link.c.to, func.max(since))
        .join(heir, heir.urn == link.c.to)
        .where(
            link.c.urn.in_(ours),
            since <= in_london(now).date(),
            or_(~told.exists(), told.where(col(SchoolChange.state) == "moved").exists()),
        )
        .group_by(link.c.urn, link.c.to)
    )
    return [Succeeded(id=named("link", urn, to), day=day, urn=urn, to=to) for urn, to, day in await rows_of(db, asked)]
