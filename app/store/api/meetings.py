"""Work Groups with their members, and events with who comes, as the API tells them."""

import uuid
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.models.hubs import Programme
from app.models.meetings import Booking, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School
from app.store import visible
from app.store.api.shelf import EMPTY, Asked, Order, Row, Slice, groupwise, hours, names, narrowed, part

GROUPS = {
    "id": lambda key: col(WorkGroup.id) == key,
    "year": lambda year: col(WorkGroup.year) == year,
    "called": lambda code: col(WorkGroup.code) == code,
    "leader": lambda key: col(WorkGroup.leader_id) == key,
    "programme": lambda key: col(WorkGroup.programme_id) == key,
    "school": lambda urn: col(WorkGroup.id).in_(
        select(col(GroupSchool.group_id)).where(col(GroupSchool.urn) == urn),
    ),
}
EVENTS = {
    "id": lambda key: col(Event.id) == key,
    "year": lambda year: col(Event.year) == year,
    "kind": lambda kind: col(Event.kind) == kind,
    "status": lambda status: col(Event.status) == status,
    "since": lambda day: col(Event.day) >= day,
    "until": lambda day: col(Event.day) <= day,
    "half_term": lambda number: col(Event.half_term) == number,
    "group": lambda key: col(Event.group_id) == key,
    "school": lambda urn: col(Event.urn) == urn,
    "person": lambda key: or_(
        col(Event.lead_id) == key,
        col(Event.id).in_(select(col(Booking.event_id)).where(col(Booking.person_id) == key)),
    ),
}
TOLD = [
    "id",
    "year",
    "kind",
    "status",
    "half_term",
    "day",
    "slot",
    "starts_at",
    "ends_at",
    "own_times",
    "online",
    "joining_link",
    "notes",
    "pinned",
    "uid",
    "sequence",
    "changed_at",
    "cancelled_at",
    "version",
]


async def groups(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Work Groups that this member may see, with their members: six statements."""
    query = narrowed(visible.groups(member), asked, GROUPS)
    rows, following = await part(db, query, Order((col(WorkGroup.id),), (uuid.UUID,)), asked)
    ids = [row.id for row in rows]
    people = await names(db, (row.leader_id for row in rows))
    stages = await db.execute(select(Programme).where(col(Programme.id).in_({row.programme_id for row in rows})))
    programmes = {one.id: {"id": one.id, "kind": one.kind, "name": one.name} for one in stages.scalars()}
    schools = await _schools_of(db, ids)
    participants = await _participants_of(db, member, ids)
    visits = await _visits_of(db, member, ids)
    return Slice(
        [
            _group(row)
            | {
                "leader": people[row.leader_id],
                "programme": programmes[row.programme_id],
                "schools": schools.get(row.id, EMPTY),
                "participants": participants.get(row.id, EMPTY),
                "visits": visits.get(row.id, EMPTY),
            }
            for row in rows
        ],
        following,
    )


def _group(row: WorkGroup) -> Row:
    times = {"morning_starts", "morning_ends", "afternoon_starts", "afternoon_ends"}
    return row.model_dump(exclude={"hub_id", "leader_id", "programme_id"} | times) | {
        "half_days": {
            "am": hours(row.morning_starts, row.morning_ends),
            "pm": hours(row.afternoon_starts, row.afternoon_ends),
        }
    }


async def _schools_of(db: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    found = await db.execute(
        select(col(GroupSchool.group_id), col(School.urn), col(School.name))
        .join(School, col(School.urn) == col(GroupSchool.urn))
        .where(col(GroupSchool.group_id).in_(ids))
        .order_by(col(School.urn))
    )
    return groupwise((row[0], {"urn": row[1], "name": row[2]}) for row in found.all())


async def _participants_of(db: AsyncSession, member: Member, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    seen = visible.people(member).with_only_columns(col(Person.id))
    found = await db.execute(
        select(Participant, col(Person.name))
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(col(Participant.group_id).in_(ids), col(Participant.person_id).in_(seen))
        .order_by(col(Participant.urn), col(Participant.person_id))
    )
    return groupwise(
        (one.group_id, {"id": one.person_id, "name": name, "urn": one.urn, "role": one.role})
        for one, name in found.all()
    )


async def _visits_of(db: AsyncSession, member: Member, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    seen = visible.schools(member).with_only_columns(col(HubSchool.urn))
    found = await db.execute(
        select(VisitSeries)
        .where(col(VisitSeries.group_id).in_(ids), col(VisitSeries.urn).in_(seen))
        .order_by(col(VisitSeries.urn), col(VisitSeries.id))
    )
    return groupwise(
        (one.group_id, one.model_dump(include={"id", "urn", "visitor_id", "half_terms", "least_gap"}))
        for one in found.scalars()
    )


async def events(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Meetings, visits and observations that this member may see, with who comes: five statements."""
    query = narrowed(visible.events(member), asked, EVENTS)
    order = Order((col(Event.day), col(Event.slot), col(Event.id)), (date, str, uuid.UUID))
    rows, following = await part(db, query, order, asked)
    people = await names(db, {row.lead_id for row in rows} | {row.teacher_id for row in rows})
    urns = {row.urn for row in rows}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(urns)))
    schools = {row[0]: {"urn": row[0], "name": row[1]} for row in found.all()}
    codes = await db.execute(
        select(col(WorkGroup.id), col(WorkGroup.code)).where(col(WorkGroup.id).in_({row.group_id for row in rows}))
    )
    groups: dict[uuid.UUID | None, Row] = {row[0]: {"id": row[0], "code": row[1]} for row in codes.all()}
    coming = await _coming(db, member, [row.id for row in rows])
    return Slice(
        [
            {name: getattr(row, name) for name in TOLD}
            | {
                "school": schools[row.urn],
                "group": groups.get(row.group_id),
                "lead": people[row.lead_id],
                "teacher": people.get(row.teacher_id),
                "people": coming.get(row.id, EMPTY),
            }
            for row in rows
        ],
        following,
    )


async def _coming(db: AsyncSession, member: Member, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    seen = visible.people(member).with_only_columns(col(Person.id))
    found = await db.execute(
        select(Booking, col(Person.name))
        .join(Person, col(Person.id) == col(Booking.person_id))
        .where(col(Booking.event_id).in_(ids), col(Booking.person_id).in_(seen))
        .order_by(col(Booking.part), col(Booking.person_id))
    )
    return groupwise(
        (one.event_id, {"id": one.person_id, "name": name, "part": one.part, "expected": one.expected})
        for one, name in found.all()
    )
