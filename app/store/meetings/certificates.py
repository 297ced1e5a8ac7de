"""Certificates as they were issued, and what they are made from."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.domain.meetings.attendance import hours, standing
from app.domain.meetings.certificates import Attended, Happened, Whose, attended, told
from app.models.hubs import Hub, Programme
from app.models.meetings import Attendance, Booking, Certificate, Event, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.store import visible
from app.store.database import see_key
from app.store.meetings.attendance import said_of


@dataclass(frozen=True, slots=True)
class Row:
    """A certificate without its PDF; `made_by` is a name, and empty once its person is gone."""

    id: uuid.UUID
    hub_id: uuid.UUID
    code: str
    kind: str
    person_id: uuid.UUID | None
    group_id: uuid.UUID | None
    year: int
    says: dict[str, Any]
    digest: bytes
    made_at: datetime
    made_by: str
    withdrawn_at: datetime | None
    because: str
    on_paper: bool  # erasing a person takes the paper and leaves the row


@dataclass(frozen=True, slots=True)
class File:
    """The PDF of a certificate, exactly as issued."""

    id: uuid.UUID
    code: str
    name: str
    pdf: bytes


_MAKER: Any = aliased(Person)


def _rows(base: Select[Any]) -> Select[Any]:
    return base.with_only_columns(
        col(Certificate.id),
        col(Certificate.hub_id),
        col(Certificate.code),
        col(Certificate.kind),
        col(Certificate.person_id),
        col(Certificate.group_id),
        col(Certificate.year),
        col(Certificate.says),
        col(Certificate.digest),
        col(Certificate.made_at),
        func.coalesce(_MAKER.name, ""),
        col(Certificate.withdrawn_at),
        col(Certificate.because),
        func.length(col(Certificate.pdf)) > 0,
    ).outerjoin(_MAKER, _MAKER.id == col(Certificate.made_by))


async def listed(db: AsyncSession, member: Member) -> list[Row]:
    """Every certificate that the member may see, the newest first: one statement."""
    query = _rows(visible.certificates(member)).order_by(col(Certificate.made_at).desc(), col(Certificate.id))
    return [Row(*tuple(row)) for row in (await db.execute(query)).all()]


async def one(db: AsyncSession, member: Member, certificate_id: uuid.UUID) -> Row | None:
    """This certificate, where the member may see it."""
    row = (await db.execute(_rows(visible.certificates(member)).where(col(Certificate.id) == certificate_id))).first()
    return Row(*tuple(row)) if row else None


async def by_code(db: AsyncSession, code: str) -> Row | None:
    """The certificate that anybody holding its code may see: exactly that row of all hubs. Who made it is not told."""
    await see_key(db, code)
    row = (await db.execute(_rows(select(Certificate)).where(col(Certificate.code) == code))).first()
    return Row(*tuple(row)) if row else None


async def files(db: AsyncSession, member: Member, certificate_ids: Collection[uuid.UUID]) -> list[File]:
    """The PDFs of these, where the member may see them."""
    query = visible.certificates(member).where(col(Certificate.id).in_(certificate_ids), col(Certificate.pdf) != b"")
    found = await db.execute(query.order_by(col(Certificate.made_at), col(Certificate.id)))
    return [File(row.id, row.code, told(row.says)["name"], row.pdf) for row in found.scalars()]


async def locked(db: AsyncSession, member: Member, certificate_id: uuid.UUID) -> Certificate | None:
    """A certificate's row, held for a change, where the member may see it."""
    query = visible.certificates(member).where(col(Certificate.id) == certificate_id).with_for_update(of=Certificate)
    return (await db.execute(query)).scalar_one_or_none()


async def current(
    db: AsyncSession, hub_id: uuid.UUID, people: Collection[uuid.UUID], year: int, group_id: uuid.UUID | None
) -> dict[uuid.UUID, Certificate]:
    """The certificate that stands for each of these people, of a Work Group or (None) of the year."""
    query = select(Certificate).where(
        col(Certificate.hub_id) == hub_id,
        col(Certificate.person_id).in_(people),
        col(Certificate.year) == year,
        col(Certificate.withdrawn_at).is_(None),
        col(Certificate.group_id) == group_id if group_id else col(Certificate.kind) == "year",
    )
    return {row.person_id: row for row in (await db.execute(query)).scalars() if row.person_id}


async def add(db: AsyncSession, made: Certificate) -> None:
    """Keep a new certificate."""
    db.add(made)
    await db.flush()


async def one_at_a_time(db: AsyncSession, hub_id: uuid.UUID) -> None:
    """Whoever else issues in this hub waits until this transaction ends: nobody gets two."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": hub_id.int >> 65})


async def of_group(db: AsyncSession, member: Member, group_id: uuid.UUID, only: uuid.UUID | None) -> list[Whose]:
    """For whom certificates of a Work Group would be, by name: one statement. `only` narrows it to one person."""
    leader: Any = aliased(Person)
    query = (
        visible.groups(member)
        .with_only_columns(
            col(Person.id),
            col(Person.name),
            col(School.name),
            col(Hub.name),
            col(WorkGroup.year),
            col(WorkGroup.id),
            col(WorkGroup.code),
            col(WorkGroup.name),
            col(Programme.name),
            leader.name,
        )
        .join(Participant, col(Participant.group_id) == col(WorkGroup.id))
        .join(Person, col(Person.id) == col(Participant.person_id))
        .join(School, col(School.urn) == col(Participant.urn))
        .join(Hub, col(Hub.id) == col(WorkGroup.hub_id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .join(leader, leader.id == col(WorkGroup.leader_id))
        .where(col(WorkGroup.id) == group_id)
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    if only:
        query = query.where(col(Person.id) == only)
    return [Whose(*tuple(row)) for row in (await db.execute(query)).all()]


async def of_person(db: AsyncSession, member: Member, year: int) -> Whose:
    """For whom the member's own record of a year would be: their school is the one they took part for."""
    schools = (
        select(func.string_agg(col(School.name).distinct(), text("', '")))
        .select_from(Participant)
        .join(School, col(School.urn) == col(Participant.urn))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(Participant.person_id) == member.person_id, col(WorkGroup.year) == year)
        .scalar_subquery()
    )
    query = (
        select(col(Person.name), func.coalesce(schools, col(School.name), ""), col(Hub.name))
        .join(Hub, col(Hub.id) == col(Person.hub_id))
        .outerjoin(School, col(School.urn) == col(Person.base_urn))
        .where(col(Person.id) == member.person_id)
    )
    name, school, hub = (await db.execute(query)).one()
    return Whose(member.person_id, name, school, hub, year)


async def took_part(
    db: AsyncSession,
    hub_id: uuid.UUID,
    people: Collection[uuid.UUID],
    year: int,
    now: datetime,
    group_id: uuid.UUID | None = None,
) -> dict[uuid.UUID, list[Attended]]:
    """What each of these took part in so far, in a year or in a Work Group's meetings: two statements."""
    query = _happened(hub_id, year, now)
    if group_id:
        query = query.where(col(Event.group_id) == group_id, col(Event.kind) == "meeting")
    else:
        booked = select(col(Booking.event_id)).where(col(Booking.person_id).in_(people))
        named = select(col(Attendance.event_id)).where(col(Attendance.person_id).in_(people))
        concerns = or_(col(Event.id).in_(booked), col(Event.id).in_(named), col(Event.teacher_id).in_(people))
        query = query.where(concerns)
    events = [_event(tuple(row)) for row in (await db.execute(query)).all()]
    said = {key: standing(ops) for key, ops in (await said_of(db, [event.id for event in events])).items()}
    return {
        person: [line for event in events if (line := attended(event, said[event.id], person))] for person in people
    }


def _happened(hub_id: uuid.UUID, year: int, now: datetime) -> Select[Any]:
    group = func.coalesce(col(Event.group_id), col(VisitSeries.group_id))
    query: Any = (
        select(Event, col(School.name), func.coalesce(col(WorkGroup.code), ""))
        .join(School, col(School.urn) == col(Event.urn))
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == group)
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.year) == year,
            col(Event.starts_at) <= now,
            col(Event.status).in_(["confirmed", "held"]),
        )
        .order_by(col(Event.starts_at), col(Event.id))
    )
    happened: Select[Any] = query
    return happened


def _event(row: tuple[Any, ...]) -> Happened:
    event, school, group = row
    return Happened(
        id=event.id,
        kind=event.kind,
        status=event.status,
        day=event.day,
        half_term=event.half_term,
        minutes=hours(event),
        school=school,
        online=event.online,
        group=group,
        teacher_id=event.teacher_id,
    )


async def being_made(db: AsyncSession, lock: str) -> bool:
    """Whether a job with this lock waits or runs."""
    query = text("SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing'))")
    return bool((await db.execute(query, {"lock": lock})).scalar_one())
