"""What is known of events, for calendars."""

import uuid
from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.feeds import Facts, Place
from app.models.hubs import Hub
from app.models.meetings import Event, WorkGroup
from app.models.people import Person
from app.models.schools import HubSchool, School


async def event_facts(db: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Facts]:
    """The facts of these events by id, in one statement; their hubs must be open."""
    of_the_year = and_(
        col(HubSchool.hub_id) == col(Event.hub_id),
        col(HubSchool.year) == col(Event.year),
        col(HubSchool.urn) == col(Event.urn),
    )
    rows = await db.execute(
        select(Event, School, col(Hub.code), col(Person.name), WorkGroup, col(HubSchool.notes))
        .join(School, col(School.urn) == col(Event.urn))
        .join(Hub, col(Hub.id) == col(Event.hub_id))
        .join(Person, col(Person.id) == col(Event.lead_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .outerjoin(HubSchool, of_the_year)
        .where(col(Event.id).in_(ids))
        .execution_options(populate_existing=True)
    )
    return {row[0].id: _facts(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows}


def _facts(event: Event, school: School, hub: str, lead: str, group: WorkGroup | None, notes: str | None) -> Facts:
    address = (school.street, school.locality, school.town, school.postcode)
    place = Place(
        school=school.name,
        address=", ".join(part.strip() for part in address if part.strip()),
        latitude=school.latitude,
        longitude=school.longitude,
        notes=notes or "",
        online=event.online,
        joining_link=event.joining_link or (group.joining_link if group else ""),
    )
    return Facts(
        uid=event.uid,
        sequence=event.sequence,
        changed_at=event.changed_at,
        starts=event.starts_at,
        ends=event.ends_at,
        kind=event.kind,
        status=event.status,
        half_term=event.half_term,
        group="" if group is None else f"{group.code} ({group.name})" if group.name else group.code,
        lead=lead,
        place=place,
        notes=event.notes,
        path=f"/hubs/{hub}/events/{event.id}",
    )
