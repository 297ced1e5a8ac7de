"""What a school's journey is made of: its predecessors, what it was enrolled in, visits, reviews, people."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.hubs import Programme
from app.models.meetings import Event, Participant, VisitSeries, WorkGroup
from app.models.notes import Evidence
from app.models.people import Person
from app.models.schools import HubSchool, School, SchoolLink
from app.models.stages import ConditionReview, Enrolment, StageStep
from app.store import visible


@dataclass(frozen=True, slots=True)
class EnrolledRow:
    """An enrolment with the names of what it points to."""

    row: Enrolment
    programme: str
    group: str
    leader: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit: when, how it stands, by whom."""

    id: uuid.UUID
    day: date
    status: str
    ends_at: datetime
    by: str
    urn: int


@dataclass(frozen=True, slots=True)
class ReviewDay:
    """A day on which areas were reviewed, or system conditions; `event_id` of a record, `review_id` of a page."""

    kind: str  # areas, conditions
    day: date
    urn: int
    event_id: uuid.UUID | None = None
    review_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes part for the school in one year."""

    year: int
    person_id: uuid.UUID
    name: str  # empty where the member may not know it: of a school before this one


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with the name of whoever recorded it."""

    row: StageStep
    by: str


async def known(db: AsyncSession, member: Member, urn: int) -> str | None:
    """The name of a school that works with the hub, where the member may see its journey."""
    here = select(col(HubSchool.urn)).where(col(HubSchool.hub_id) == member.hub_id, col(HubSchool.urn) == urn)
    enrolled = select(col(Enrolment.urn)).where(col(Enrolment.hub_id) == member.hub_id, col(Enrolment.urn) == urn)
    found = await db.execute(
        select(col(School.name)).where(
            col(School.urn) == urn,
            visible.at_schools(member, Can.SEE_STAGES, col(School.urn)),
            or_(col(School.urn).in_(here), col(School.urn).in_(enrolled)),
        )
    )
    return found.scalar_one_or_none()


async def one_line(db: AsyncSession, urn: int) -> dict[int, str]:
    """The school and all that came before it in the register, by URN, with their names: one statement."""
    came: Select[int, int] = select(
        col(SchoolLink.urn).label("after"), col(SchoolLink.other_urn).label("before")
    ).where(func.lower(col(SchoolLink.kind)).like("predecessor%"))
    went: Select[int, int] = select(
        col(SchoolLink.other_urn).label("after"), col(SchoolLink.urn).label("before")
    ).where(func.lower(col(SchoolLink.kind)).like("successor%"))
    links = came.union(went).subquery()
    line = select(literal(urn).label("urn")).cte("line", recursive=True)
    line = line.union(select(links.c.before).where(links.c.after == line.c.urn))
    found = await db.execute(
        select(col(School.urn), col(School.name)).join(line, line.c.urn == col(School.urn)).order_by(col(School.urn))
    )
    return {row[0]: row[1] for row in found.all()}


async def enrolled(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int]) -> list[EnrolledRow]:
    """All that these schools were enrolled in, the earliest year first: one statement."""
    found = await db.execute(
        select(
            Enrolment, col(Programme.name), func.coalesce(col(WorkGroup.code), ""), func.coalesce(col(Person.name), "")
        )
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Enrolment.group_id))
        .outerjoin(Person, col(Person.id) == col(WorkGroup.leader_id))
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.urn).in_(urns))
        .order_by(col(Enrolment.year), col(Enrolment.applied_on), col(Enrolment.id))
    )
    return [EnrolledRow(row[0], row[1], row[2], row[3]) for row in found.all()]


async def visits(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int]) -> list[VisitRow]:
    """Every visit to these schools, by day: one statement. No word of any record."""
    found = await db.execute(
        select(col(Event.id), col(Event.day), col(Event.status), col(Event.ends_at), col(Person.name), col(Event.urn))
        .join(Person, col(Person.id) == col(Event.lead_id))
        .where(col(Event.hub_id) == hub_id, col(Event.urn).in_(urns), col(Event.kind) == "visit")
        .order_by(col(Event.starts_at), col(Event.id))
    )
    return [VisitRow(*row) for row in found.all()]


async def reviews(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int]) -> list[ReviewDay]:
    """Days on which something was reviewed, in records and on pages, by day: two statements."""
    found = await db.execute(
        select(col(Evidence.kind), col(Evidence.day), col(Evidence.urn), col(Evidence.event_id))
        .where(
            col(Evidence.hub_id) == hub_id,
            col(Evidence.urn).in_(urns),
            col(Evidence.kind).in_(("reviewed", "judged")),
            col(Evidence.superseded_at).is_(None),
        )
        .distinct()
    )
    names = {"reviewed": "areas", "judged": "conditions"}
    days = [ReviewDay(names[kind], day, urn, event_id) for kind, day, urn, event_id in found.all()]
    kept = await db.execute(
        select(col(ConditionReview.day), col(ConditionReview.urn), col(ConditionReview.id)).where(
            col(ConditionReview.hub_id) == hub_id, col(ConditionReview.urn).in_(urns)
        )
    )
    days += [ReviewDay("conditions", day, urn, None, review_id) for day, urn, review_id in kept.all()]
    return sorted(days, key=lambda one: (one.day, one.kind))


async def takers(db: AsyncSession, member: Member, urns: Sequence[int]) -> list[Taker]:
    """Who took part for these schools in which year; names of those whom the member may see: one statement."""
    seen = col(Person.id).in_(visible.people(member).with_only_columns(col(Person.id)).correlate(None))
    name: ColumnElement[str] = case((seen, col(Person.name)), else_="").label("known_name")
    found = await db.execute(
        select(col(WorkGroup.year), col(Person.id), name)
        .join(Participant, col(Participant.group_id) == col(WorkGroup.id))
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(col(Participant.hub_id) == member.hub_id, col(Participant.urn).in_(urns))
        .order_by(col(WorkGroup.year), name, col(Person.id))
        .distinct()
    )
    return [Taker(*row) for row in found.all()]


async def taken(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int]) -> list[StepRow]:
    """Every step of these schools with the name of whoever recorded it, the earliest day first: one statement."""
    found = await db.execute(
        select(StageStep, func.coalesce(col(Person.name), ""))
        .outerjoin(Person, col(Person.id) == col(StageStep.by_id))
        .where(col(StageStep.hub_id) == hub_id, col(StageStep.urn).in_(urns))
        .order_by(col(StageStep.day), col(StageStep.at), col(StageStep.id))
    )
    return [StepRow(row[0], row[1]) for row in found.all()]


async def who_leads(db: AsyncSession, hub_id: uuid.UUID, urn: int, year: int) -> tuple[str, str]:
    """Who leads the school's Work Groups of the year, and who visits it; empty where nobody: two statements."""
    visitor, leader = aliased(Person), aliased(Person)
    found = await db.execute(
        select(col(visitor.name))
        .join(VisitSeries, col(VisitSeries.visitor_id) == col(visitor.id))
        .where(col(VisitSeries.hub_id) == hub_id, col(VisitSeries.urn) == urn, col(VisitSeries.year) == year)
    )
    visits_it = found.scalars().first() or ""
    led = await db.execute(
        select(col(leader.name))
        .join(WorkGroup, col(WorkGroup.leader_id) == col(leader.id))
        .join(Enrolment, col(Enrolment.group_id) == col(WorkGroup.id))
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.urn) == urn, col(Enrolment.year) == year)
        .distinct()
    )
    return " and ".join(sorted(led.scalars())), visits_it
