"""What waits for somebody in a hub, counted out of every room."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.models.feeds import Feed
from app.models.meetings import Event, GroupSchool, Participant, WorkGroup
from app.models.people import Person
from app.models.schedule import DateAnswer, DateAsk, Proposal
from app.models.schools import HubSchool


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the year still lacks: numbers of schools and Work Groups."""

    schools: int
    without_calendar: int
    without_maths: int
    groups: int
    without_schools: int
    without_people: int
    without_meetings: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How many events of one kind there are, and how many of them were held or are overdue."""

    kind: str
    count: int
    held: int
    missed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The newest proposal that was not set aside.

    Where its dates are held, `answer_by` is until when people answer, and `cannot` how often somebody cannot come.
    """

    id: uuid.UUID
    status: str
    answer_by: date | None = None
    cannot: int = 0


async def gaps(db: AsyncSession, hub_id: uuid.UUID, year: int) -> Gaps:
    """One statement. Schools count when they are members of a Work Group and host; a calendar every school needs."""
    school = [col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year]
    group = [col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year]
    members = (
        select(col(GroupSchool.urn))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .where(col(GroupSchool.hub_id) == hub_id, col(WorkGroup.year) == year)
    )
    has_school = select(col(GroupSchool.group_id)).where(col(GroupSchool.hub_id) == hub_id)
    has_people = select(col(Participant.group_id)).where(col(Participant.hub_id) == hub_id)
    has_meeting = select(col(Event.group_id)).where(
        col(Event.hub_id) == hub_id,
        col(Event.kind) == "meeting",
        col(Event.status).in_(["confirmed", "held"]),
        col(Event.group_id).is_not(None),
    )
    found = await db.execute(
        select(
            _count(HubSchool, *school),
            _count(HubSchool, *school, col(HubSchool.calendar_id).is_(None)),
            _count(
                HubSchool,
                *school,
                col(HubSchool.hosts).is_(True),
                col(HubSchool.maths) == {},
                col(HubSchool.urn).in_(members),
            ),
            _count(WorkGroup, *group),
            _count(WorkGroup, *group, col(WorkGroup.id).not_in(has_school)),
            _count(WorkGroup, *group, col(WorkGroup.id).not_in(has_people)),
            _count(WorkGroup, *group, col(WorkGroup.id).not_in(has_meeting)),
        )
    )
    return Gaps(*found.one())


def _count(table: type[HubSchool | WorkGroup], *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()


async def standings(
    db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime, lead: uuid.UUID | None = None
) -> list[Standing]:
    """Each kind of event that stands, of the whole hub or of one person who leads: one statement."""
    held = func.count(case((col(Event.status) == "held", 1)))
    missed = func.count(case(((col(Event.status) == "confirmed") & (col(Event.ends_at) < now), 1)))
    query = (
        select(col(Event.kind), func.count(), held, missed)
        .where(col(Event.hub_id) == hub_id, col(Event.year) == year, col(Event.status) != "cancelled")
        .group_by(col(Event.kind))
    )
    found = await db.execute(query.where(col(Event.lead_id) == lead) if lead else query)
    return [Standing(row[0], row[1], row[2], row[3]) for row in found.all()]


async def newest_plan(db: AsyncSession, hub_id: uuid.UUID, year: int) -> Plan | None:
    """The newest proposal of the year that was not set aside: one statement."""
    refusals = (
        select(func.count())
        .select_from(DateAnswer)
        .join(DateAsk, col(DateAsk.id) == col(DateAnswer.ask_id))
        .where(col(DateAsk.proposal_id) == col(Proposal.id), col(DateAnswer.answer) == "cannot")
        .correlate(Proposal)
        .scalar_subquery()
    )
    held_until = case((col(Proposal.sent_at).is_not(None), col(Proposal.answer_by)))
    found = await db.execute(
        select(col(Proposal.id), col(Proposal.status), held_until, refusals)
        .where(col(Proposal.hub_id) == hub_id, col(Proposal.year) == year, col(Proposal.status) != "set aside")
        .order_by(col(Proposal.made_at).desc())
        .limit(1)
    )
    row = found.one_or_none()
    return Plan(*row) if row else None


async def has_feed(db: AsyncSession, member: Member) -> bool:
    """Whether this person has subscribed to their calendar."""
    account = select(col(Person.account_id)).where(col(Person.id) == member.person_id).scalar_subquery()
    found = await db.execute(select(func.count()).select_from(Feed).where(col(Feed.account_id) == account))
    return bool(found.scalar_one())
