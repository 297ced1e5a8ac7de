"""Who came, as the API tells it: what stands of each guest of each event."""

import uuid
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member, Reach
from app.models.meetings import Attendance, Booking, Event, VisitSeries, WorkGroup
from app.models.schools import School
from app.store import visible
from app.store.api.shelf import Asked, Order, Row, Slice, names, narrowed, part

CONDITIONS = {
    "year": lambda year: col(Event.year) == year,
    "kind": lambda kind: col(Event.kind) == kind,
    "state": lambda state: col(Attendance.state) == state,
    "since": lambda day: col(Event.day) >= day,
    "until": lambda day: col(Event.day) <= day,
    "half_term": lambda number: col(Event.half_term) == number,
    "group": lambda key: col(Event.group_id) == key,
    "school": lambda urn: col(Attendance.urn) == urn,
    "person": lambda key: or_(col(Attendance.guest_id) == key, col(Attendance.person_id) == key),
    "event": lambda key: col(Event.id) == key,
}
TOLD = {"state", "name", "organisation", "minutes", "because", "how", "correction", "said_at"}


async def some(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """What stands of whom the member may see, in the order in which it came in: four statements."""
    newest = (
        select(col(Attendance.op_id))
        .where(col(Attendance.hub_id) == member.hub_id)
        .order_by(
            col(Attendance.event_id),
            col(Attendance.guest_id),
            col(Attendance.said_at).desc(),
            col(Attendance.number).desc(),
        )
        .ext(distinct_on(col(Attendance.event_id), col(Attendance.guest_id)))
    )
    query = (
        select(Attendance)
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .where(
            col(Attendance.hub_id) == member.hub_id,
            col(Attendance.op_id).in_(newest),
            col(Attendance.state) != "",
            col(Attendance.guest_id) != col(Event.lead_id),
            _seen(member),
        )
    )
    order = Order((col(Attendance.number),), (int,))
    rows, following = await part(db, narrowed(query, asked, CONDITIONS), order, asked)
    events = await _events(db, {row.event_id for row in rows})
    people = await names(db, {one for row in rows for one in (row.guest_id, row.person_id)})
    urns = {row.urn for row in rows}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(urns)))
    schools = {one[0]: {"urn": one[0], "name": one[1]} for one in found.all()}
    return Slice([_told(row, member, events, people, schools) for row in rows], following)


def _seen(member: Member) -> Any:
    """A guest whom the member may see; visitors only for whoever sees everybody at that event."""
    mine = visible.attendance(member).with_only_columns(col(Booking.event_id), col(Booking.person_id)).subquery("mine")
    seen = (
        select(mine.c.event_id)
        .where(mine.c.event_id == col(Attendance.event_id), mine.c.person_id == col(Attendance.guest_id))
        .exists()
    )
    reaches = member.reaches(Can.SEE_ATTENDANCE)
    if Reach.HUB in reaches:
        return col(Event.hub_id) == member.hub_id
    if Reach.GROUP in reaches:
        return or_(seen, col(Event.lead_id) == member.person_id)
    return seen


async def _events(db: AsyncSession, ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[Row, uuid.UUID, uuid.UUID | None]]:
    """Events by id, each with who leads it and its Work Group."""
    of_group = func.coalesce(col(Event.group_id), col(VisitSeries.group_id))
    columns: list[Any] = [
        *(col(one) for one in (Event.id, Event.kind, Event.year, Event.half_term, Event.day)),
        col(WorkGroup.id),
        col(WorkGroup.code),
        col(Event.lead_id),
        col(WorkGroup.leader_id),
    ]
    found = await db.execute(
        select(*columns)
        .select_from(Event)
        .outerjoin(VisitSeries, col(VisitSeries.id) == col(Event.series_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == of_group)
        .where(col(Event.id).in_(ids))
    )
    return {
        one[0]: (
            {
                "id": one[0],
                "kind": one[1],
                "year": one[2],
                "half_term": one[3],
                "day": one[4],
                "group": {"id": one[5], "code": one[6]} if one[5] else None,
            },
            one[7],
            one[8],
        )
        for one in found.all()
    }


def _told(
    row: Attendance,
    member: Member,
    events: dict[uuid.UUID, tuple[Row, uuid.UUID, uuid.UUID | None]],
    people: dict[uuid.UUID | None, Row],
    schools: dict[int, Row],
) -> Row:
    event, lead_id, leader_id = events[row.event_id]
    reaches = member.reaches(Can.SEE_ATTENDANCE)
    leads = Reach.GROUP in reaches and member.person_id in {lead_id, leader_id}
    told = row.model_dump(include=TOLD)
    if not (Reach.HUB in reaches or leads or row.guest_id == member.person_id):
        told["because"] = ""
    return told | {
        "id": row.op_id,
        "event": event,
        "guest": people.get(row.guest_id),
        "stand_in": people.get(row.person_id) if row.state == "stand_in" else None,
        "school": schools.get(row.urn) if row.urn else None,
    }
