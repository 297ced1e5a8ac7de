"""What whoever takes over from somebody needs: groups, dates ahead, open actions, visits, records' days, schools."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member, Reach, Role
from app.models.hubs import Programme
from app.models.meetings import Booking, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.notes import GapTask, Note
from app.models.people import Person, RoleHeld
from app.models.schools import HubSchool, School
from app.models.stages import ActionPlan, Barrier, PlanAction
from app.store import visible
from app.store.meetings.group_places import AHEAD


@dataclass(frozen=True, slots=True)
class Group:
    """A Work Group of theirs from this year on, and who leads it."""

    id: uuid.UUID
    code: str
    year: int
    programme: str
    leader_id: uuid.UUID
    leader: str
    email: str


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody who takes part in a group, or heads a school, with their address."""

    name: str
    email: str
    part: str
    urn: int
    group_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A date ahead; `school` is where it is, or what is visited."""

    event: Event
    school: str
    group: str


@dataclass(frozen=True, slots=True)
class Action:
    """An open barrier or action of a school's plan that they own."""

    kind: str
    id: uuid.UUID
    what: str
    school: str
    due: date | None


async def may_read(db: AsyncSession, member: Member, person_id: uuid.UUID, year: int) -> bool:
    """Whether the member may have somebody's pack: the office, and whoever leads a Work Group they take part in."""
    if Reach.HUB in member.reaches(Can.EDIT_PEOPLE):
        return True
    led = (
        select(col(WorkGroup.id))
        .join(Participant, col(Participant.group_id) == col(WorkGroup.id))
        .where(
            col(WorkGroup.hub_id) == member.hub_id,
            col(WorkGroup.leader_id) == member.person_id,
            col(WorkGroup.year) >= year,
            col(Participant.person_id) == person_id,
        )
    )
    return (await db.execute(led.limit(1))).first() is not None


async def groups(db: AsyncSession, person_id: uuid.UUID, year: int) -> list[Group]:
    """The Work Groups they lead or take part in from this academic year on: one statement."""
    mine = select(col(Participant.group_id)).where(col(Participant.person_id) == person_id)
    found = await db.execute(
        select(WorkGroup, col(Programme.name), Person)
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .join(Person, col(Person.id) == col(WorkGroup.leader_id))
        .where(col(WorkGroup.year) >= year, or_(col(WorkGroup.leader_id) == person_id, col(WorkGroup.id).in_(mine)))
        .order_by(col(WorkGroup.year), col(WorkGroup.code))
    )
    return [
        Group(row.id, row.code, row.year, programme, leader.id, leader.name, leader.email)
        for row, programme, leader in found.all()
    ]


async def taking_part(db: AsyncSession, ids: Collection[uuid.UUID]) -> list[Someone]:
    """Who takes part in these Work Groups: one statement."""
    found = await db.execute(
        select(
            col(Person.name), col(Person.email), col(Participant.role), col(Participant.urn), col(Participant.group_id)
        )
        .join(Participant, col(Participant.person_id) == col(Person.id))
        .where(col(Participant.group_id).in_(list(ids)), col(Person.left_on).is_(None))
        .order_by(func.lower(col(Person.name)))
    )
    return [Someone(*row) for row in found.all()]


async def dates(db: AsyncSession, person_id: uuid.UUID, now: datetime) -> list[Date]:
    """What is ahead of them, as leader or guest: one statement."""
    booked = select(col(Booking.event_id)).where(col(Booking.person_id) == person_id)
    found = await db.execute(
        select(Event, col(School.name), func.coalesce(col(WorkGroup.code), ""))
        .join(School, col(School.urn) == col(Event.urn))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .where(
            col(Event.starts_at) > now,
            col(Event.status).in_(AHEAD),
            or_(col(Event.lead_id) == person_id, col(Event.id).in_(booked)),
        )
        .order_by(col(Event.starts_at))
    )
    return [Date(*row) for row in found.all()]


async def actions(db: AsyncSession, member: Member, person_id: uuid.UUID) -> list[Action]:
    """Open barriers and actions they own, of schools whose journey the member may see: two statements."""
    barriers = (
        select(col(Barrier.id), col(Barrier.what), col(School.name), col(Barrier.due))
        .join(School, col(School.urn) == col(Barrier.urn))
        .where(
            col(Barrier.owner_id) == person_id,
            col(Barrier.state) == "open",
            visible.at_schools(member, Can.SEE_STAGES, col(Barrier.urn)),
        )
        .order_by(col(Barrier.due))
    )
    plans = (
        select(col(PlanAction.id), col(PlanAction.what), col(School.name), col(PlanAction.due))
        .join(ActionPlan, col(ActionPlan.id) == col(PlanAction.plan_id))
        .join(School, col(School.urn) == col(ActionPlan.urn))
        .where(
            col(PlanAction.owner_id) == person_id,
            col(PlanAction.state) == "open",
            visible.at_schools(member, Can.SEE_STAGES, col(ActionPlan.urn)),
        )
        .order_by(col(PlanAction.due))
    )
    found = [Action("barrier", *row) for row in (await db.execute(barriers)).all()]
    return found + [Action("action", *row) for row in (await db.execute(plans)).all()]


async def tasks(db: AsyncSession, person_id: uuid.UUID) -> list[tuple[str, int, date | None]]:
    """How many gap tasks wait for them in each Work Group, and the first day; their words stay in the record."""
    found = await db.execute(
        select(func.coalesce(col(WorkGroup.code), ""), func.count(), func.min(col(GapTask.due)))
        .select_from(GapTask)
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(GapTask.group_id))
        .where(col(GapTask.person_id) == person_id, ~col(GapTask.removed), col(GapTask.went) == "")
        .group_by(col(WorkGroup.code))
        .order_by(col(WorkGroup.code))
    )
    return [(row[0], row[1], row[2]) for row in found.all()]


async def visited(db: AsyncSession, person_id: uuid.UUID, year: int) -> list[tuple[int, str]]:
    """The schools that they visit this year, by URN and name."""
    found = await db.execute(
        select(col(School.urn), col(School.name))
        .join(VisitSeries, col(VisitSeries.urn) == col(School.urn))
        .where(col(VisitSeries.visitor_id) == person_id, col(VisitSeries.year) == year)
        .order_by(func.lower(col(School.name)))
    )
    return [(row[0], row[1]) for row in found.all()]


async def agreed(db: AsyncSession, person_id: uuid.UUID) -> list[Date]:
    """The last agreed record of each Work Group and visited school that they led: when and where, no words of it."""
    thread: ColumnElement[Any] = func.coalesce(col(Event.series_id), col(Event.group_id), col(Event.id))
    last = (
        select(col(Event.id))
        .join(Note, col(Note.event_id) == col(Event.id))
        .where(col(Event.lead_id) == person_id, col(Note.state) == "agreed", col(Event.kind) != "observation")
        .ext(distinct_on(thread))
        .order_by(thread, col(Event.starts_at).desc())
    )
    found = await db.execute(
        select(Event, col(School.name), func.coalesce(col(WorkGroup.code), ""))
        .join(School, col(School.urn) == col(Event.urn))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .where(col(Event.id).in_(last))
        .order_by(col(Event.starts_at).desc())
    )
    return [Date(*row) for row in found.all()]


async def schools_of(
    db: AsyncSession, person_id: uuid.UUID, ids: Collection[uuid.UUID], year: int
) -> list[tuple[School, str]]:
    """The schools of these Work Groups, those they visit and their own, each with the hub's notes: one statement."""
    of_groups = select(col(GroupSchool.urn)).where(col(GroupSchool.group_id).in_(list(ids)))
    of_visits = select(col(VisitSeries.urn)).where(
        col(VisitSeries.visitor_id) == person_id, col(VisitSeries.year) >= year
    )
    own = select(col(Person.base_urn)).where(col(Person.id) == person_id, col(Person.base_urn).is_not(None))
    parts = select(col(Participant.urn)).where(col(Participant.person_id) == person_id)
    heads = select(col(RoleHeld.urn)).where(col(RoleHeld.person_id) == person_id, col(RoleHeld.urn).is_not(None))
    here = select(col(Person.hub_id)).where(col(Person.id) == person_id).scalar_subquery()
    found = await db.execute(
        select(School, func.coalesce(col(HubSchool.notes), ""))
        .outerjoin(
            HubSchool,
            and_(col(HubSchool.urn) == col(School.urn), col(HubSchool.year) == year, col(HubSchool.hub_id) == here),
        )
        .where(or_(*(col(School.urn).in_(one) for one in (of_groups, of_visits, own, parts, heads))))
        .order_by(func.lower(col(School.name)))
    )
    return [(row[0], row[1]) for row in found.all()]


async def heads_of(db: AsyncSession, hub_id: uuid.UUID, urns: Collection[int]) -> dict[int, list[Someone]]:
    """Who heads each of these schools: one statement."""
    found = await db.execute(
        select(col(Person.name), col(Person.email), col(RoleHeld.role), col(RoleHeld.urn))
        .join(RoleHeld, col(RoleHeld.person_id) == col(Person.id))
        .where(
            col(RoleHeld.hub_id) == hub_id,
            col(RoleHeld.role) == Role.HEADTEACHER.stored,
            col(RoleHeld.urn).in_(list(urns)),
            col(Person.left_on).is_(None),
        )
        .order_by(func.lower(col(Person.name)))
    )
    known: dict[int, list[Someone]] = defaultdict(list)
    for name, email, role, urn in found.all():
        known[urn or 0].append(Someone(name, email, role, urn or 0))
    return known
