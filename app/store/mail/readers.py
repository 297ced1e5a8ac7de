"""Whom a message to many goes to, and what can be said of each."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member, Reach
from app.domain.mail.letters import EVERYONE, Reader
from app.models.meetings import Booking, Event, Participant, WorkGroup
from app.models.people import Person, RoleHeld
from app.models.schools import School


async def groups(db: AsyncSession, member: Member, year: int) -> list[tuple[uuid.UUID, str]]:
    """Work Groups of the year whose people the member may write to: (id, code and name)."""
    reaches = member.reaches(Can.SEND_MESSAGES)
    found = select(WorkGroup).where(col(WorkGroup.hub_id) == member.hub_id, col(WorkGroup.year) == year)
    if Reach.HUB not in reaches:
        found = found.where(col(WorkGroup.id).in_(member.groups if Reach.GROUP in reaches else ()))
    rows = (await db.execute(found.order_by(col(WorkGroup.code)))).scalars()
    return [(row.id, f"{row.code} {row.name}".strip()) for row in rows]


async def readers(
    db: AsyncSession, member: Member, group_ids: Collection[uuid.UUID], roles: Sequence[str], now: datetime
) -> list[Reader]:
    """Everyone in these Work Groups or with these roles, by name, without the member: three statements."""
    of_group = await _groups_of(db, group_ids)
    wanted = [col(Person.id).in_(list(of_group))]
    if EVERYONE in roles:
        wanted.append(col(Person.id).is_not(None))
    elif roles:
        wanted.append(col(Person.id).in_(select(col(RoleHeld.person_id)).where(col(RoleHeld.role).in_(roles))))
    found = await db.execute(
        select(col(Person.id), col(Person.name), col(Person.email))
        .where(
            col(Person.hub_id) == member.hub_id,
            or_(*wanted),
            col(Person.id) != member.person_id,
            col(Person.left_on).is_(None),
            col(Person.email) != "",
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    people = [(row[0], row[1], row[2]) for row in found]
    ahead = await _next_of(db, [key for key, _, _ in people], group_ids, now)
    return [Reader(key, name, email, of_group.get(key, ""), *ahead.get(key, (None, ""))) for key, name, email in people]


async def _groups_of(db: AsyncSession, group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Who is in these Work Groups, each with the code of the first."""
    named = func.trim(col(WorkGroup.code))
    leads = select(col(WorkGroup.leader_id), named).where(col(WorkGroup.id).in_(list(group_ids)))
    comes = (
        select(col(Participant.person_id), named)
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(WorkGroup.id).in_(list(group_ids)))
    )
    listed: dict[uuid.UUID, str] = {}
    for person_id, code in sorted((await db.execute(leads.union_all(comes))).all(), key=lambda row: str(row[1])):
        listed.setdefault(person_id, code)
    return listed


async def _next_of(
    db: AsyncSession, people: Collection[uuid.UUID], group_ids: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, tuple[datetime, str]]:
    """The next fixed meeting of each, of these Work Groups where some are named: when, and where."""
    of_them = [col(Event.group_id).in_(list(group_ids))] if group_ids else []
    found = await db.execute(
        select(col(Booking.person_id), col(Event.starts_at), col(School.name), col(Event.online))
        .ext(distinct_on(col(Booking.person_id)))
        .join(Event, col(Event.id) == col(Booking.event_id))
        .join(School, col(School.urn) == col(Event.urn))
        .where(
            col(Booking.person_id).in_(list(people)),
            col(Event.kind) == "meeting",
            col(Event.status) == "confirmed",
            col(Event.starts_at) > now,
            *of_them,
        )
        .order_by(col(Booking.person_id), col(Event.starts_at))
    )
    return {row[0]: (row[1], "online" if row[3] else f"at {row[2]}") for row in found}
