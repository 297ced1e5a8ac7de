"""What making the demo reads."""

import uuid
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.hubs import Programme
from app.models.mail import Message
from app.models.meetings import Booking, Event, GroupSchool, Participant, WorkGroup
from app.models.notes import Reflection
from app.models.people import Account, Person, RoleHeld
from app.models.stages import Enrolment


async def programme(db: AsyncSession, hub_id: uuid.UUID, year: int, kind: str) -> Programme:
    """The year's programme of this kind."""
    here = col(Programme.hub_id) == hub_id, col(Programme.year) == year, col(Programme.kind) == kind
    return (await db.execute(select(Programme).where(*here))).scalar_one()


async def events_before(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> list[Event]:
    """Confirmed events that have ended, the oldest first."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "confirmed", col(Event.ends_at) < now
    return list((await db.execute(select(Event).where(*here).order_by(col(Event.ends_at), col(Event.id)))).scalars())


async def meetings_after(db: AsyncSession, hub_id: uuid.UUID, now: datetime, most: int) -> list[Event]:
    """The next so many meetings whose dates are fixed."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "confirmed", col(Event.kind) == "meeting"
    found = select(Event).where(*here, col(Event.starts_at) > now).order_by(col(Event.starts_at), col(Event.id))
    return list((await db.execute(found.limit(most))).scalars())


async def visits_after(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> list[Event]:
    """Visits ahead, the nearest first."""
    here = col(Event.hub_id) == hub_id, col(Event.kind) == "visit", col(Event.starts_at) > now
    return list((await db.execute(select(Event).where(*here).order_by(col(Event.starts_at), col(Event.id)))).scalars())


async def held(db: AsyncSession, hub_id: uuid.UUID) -> list[Event]:
    """Events of this year's plan that were held, the oldest first."""
    here = col(Event.hub_id) == hub_id, col(Event.status) == "held", col(Event.proposal_id).is_not(None)
    return list((await db.execute(select(Event).where(*here).order_by(col(Event.ends_at), col(Event.id)))).scalars())


async def taking_part(db: AsyncSession, event: Event) -> list[Person]:
    """Who was booked at an event; whoever led it comes first."""
    found = await db.execute(
        select(Person)
        .join(Booking, col(Booking.person_id) == col(Person.id))
        .where(col(Booking.event_id) == event.id)
        .order_by((col(Person.id) == event.lead_id).desc(), (col(Booking.part) == "observed").desc(), col(Person.id))
    )
    return list(found.scalars())


async def some_teachers(db: AsyncSession, hub_id: uuid.UUID, most: int) -> list[Person]:
    """So many people who take part in Work Groups, by name."""
    here = col(Person.id).in_(select(col(Participant.person_id)).where(col(Participant.hub_id) == hub_id))
    still = here, col(Person.left_on).is_(None)
    return list((await db.execute(select(Person).where(*still).order_by(col(Person.name)).limit(most))).scalars())


async def newest_reflection(db: AsyncSession, person_id: uuid.UUID) -> uuid.UUID | None:
    """What somebody wrote last."""
    own = select(col(Reflection.id)).where(col(Reflection.person_id) == person_id)
    return (await db.execute(own.order_by(col(Reflection.said_at).desc()).limit(1))).scalar_one_or_none()


async def forget_letters(db: AsyncSession) -> None:
    """Letters of the past were read in the past: none of them goes out now."""
    jobs = "task_name IN ('send_letter', 'send_message') AND status = 'todo'"
    await db.execute(text(f"DELETE FROM procrastinate_jobs WHERE {jobs}"))
    await db.execute(
        update(Message).where(col(Message.state) == "waiting").values(state="sent", sent_at=col(Message.due_at))
    )


async def groups(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[str, WorkGroup]:
    """The Work Groups of a year by code."""
    here = col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year
    return {one.code: one for one in (await db.execute(select(WorkGroup).where(*here))).scalars()}


async def programmes(db: AsyncSession, hub_id: uuid.UUID) -> dict[tuple[int, str], Programme]:
    """Every programme of the hub by year and kind."""
    found = await db.execute(select(Programme).where(col(Programme.hub_id) == hub_id))
    return {(one.year, one.kind): one for one in found.scalars()}


async def heads(db: AsyncSession, hub_id: uuid.UUID) -> dict[int, uuid.UUID]:
    """Who is head of which school."""
    held = select(col(RoleHeld.urn), col(RoleHeld.person_id)).where(
        col(RoleHeld.hub_id) == hub_id, col(RoleHeld.role) == "headteacher", col(RoleHeld.urn).is_not(None)
    )
    return {row[0]: row[1] for row in (await db.execute(held)).all() if row[0]}


async def heads_first(db: AsyncSession, hub_id: uuid.UUID) -> list[tuple[Event, Person]]:
    """The first meeting of a Readiness group that was held, with each head of one of its schools."""
    found = await db.execute(
        select(Event, Person)
        .join(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .join(GroupSchool, col(GroupSchool.group_id) == col(WorkGroup.id))
        .join(RoleHeld, (col(RoleHeld.urn) == col(GroupSchool.urn)) & (col(RoleHeld.role) == "headteacher"))
        .join(Person, col(Person.id) == col(RoleHeld.person_id))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.half_term) == 0,
            col(Event.status) == "held",
            col(Event.proposal_id).is_not(None),
            col(Programme.kind) == "readiness",
        )
    )
    return [(row[0], row[1]) for row in found.all()]


async def named(db: AsyncSession, hub_id: uuid.UUID, names: list[str]) -> list[Person]:
    """These people of the hub, by name."""
    here = col(Person.hub_id) == hub_id, col(Person.name).in_(names)
    return list((await db.execute(select(Person).where(*here).order_by(col(Person.name)))).scalars())


async def enrolments(db: AsyncSession, hub_id: uuid.UUID, year: int, urns: list[int] | None = None) -> list[Enrolment]:
    """The enrolments of a year, or those of these schools, by school."""
    wanted = select(Enrolment).where(col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year)
    if urns is not None:
        wanted = wanted.where(col(Enrolment.urn).in_(urns))
    return list((await db.execute(wanted.order_by(col(Enrolment.urn)))).scalars())


async def account_numbers(db: AsyncSession, hub_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """The number of everybody's account, by person."""
    found = await db.execute(
        select(col(Person.id), col(Account.number))
        .join(Account, col(Account.id) == col(Person.account_id))
        .where(col(Person.hub_id) == hub_id)
    )
    return {row[0]: row[1] for row in found.all()}
