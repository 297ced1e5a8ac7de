"""What is kept of schools beside their events: barriers, agreements, plans, reviews and the end of their year."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.facts import InTheWay, Paper
from app.models.schools import HalfTerm, HubSchool
from app.models.stages import ActionPlan, Agreement, Barrier, ConditionReview
from app.store.stages.facts_asked import Asked, Of, among_ids, one_of, rows_of


async def barriers(db: AsyncSession, asked: Asked) -> Of:
    """Barriers by school, with the days they began and ended: one statement."""
    found = await rows_of(
        db,
        select(
            col(Barrier.urn),
            col(Barrier.id),
            col(Barrier.weight),
            col(Barrier.due),
            _day(col(Barrier.made_at)),
            _day(func.coalesce(col(Barrier.closed_at), case((col(Barrier.state) != "open", col(Barrier.made_at))))),
        )
        .where(col(Barrier.hub_id) == asked.hub_id, one_of(col(Barrier.urn), asked.urns))
        .order_by(col(Barrier.due), col(Barrier.id)),
    )
    made: Of = defaultdict(list)
    for urn, *barrier in found:
        made[urn].append(InTheWay(*barrier))
    return made


async def agreements(db: AsyncSession, asked: Asked) -> Of:
    """Agreements by enrolment, with the days they were signed and withdrawn: one statement."""
    found = await rows_of(
        db,
        select(
            col(Agreement.enrolment_id), col(Agreement.id), col(Agreement.signed_on), _day(col(Agreement.withdrawn_at))
        )
        .where(among_ids(col(Agreement.enrolment_id), asked.groups))
        .order_by(col(Agreement.signed_on), col(Agreement.id)),
    )
    made: Of = defaultdict(list)
    for enrolment, *paper in found:
        made[enrolment].append(Paper(*paper))
    return made


async def plans(db: AsyncSession, asked: Asked) -> Of:
    """Action plans by school and year, with the day they were agreed: one statement."""
    found = await rows_of(
        db,
        select(col(ActionPlan.urn), col(ActionPlan.year), col(ActionPlan.id), _day(col(ActionPlan.agreed_at))).where(
            col(ActionPlan.hub_id) == asked.hub_id,
            one_of(col(ActionPlan.year), asked.years),
            one_of(col(ActionPlan.urn), asked.urns),
        ),
    )
    made: Of = defaultdict(list)
    for urn, year, key, agreed in found:
        made[urn, year].append(Paper(key, agreed))
    return made


async def reviews(db: AsyncSession, asked: Asked) -> Of:
    """System conditions reviews by school: one statement."""
    found = await rows_of(
        db,
        select(col(ConditionReview.urn), col(ConditionReview.id), col(ConditionReview.day))
        .where(col(ConditionReview.hub_id) == asked.hub_id, one_of(col(ConditionReview.urn), asked.urns))
        .order_by(col(ConditionReview.day), col(ConditionReview.id)),
    )
    made: Of = defaultdict(list)
    for urn, key, day in found:
        made[urn].append(Paper(key, day))
    return made


def _day(moment: Any) -> ColumnElement[date]:
    """The day on the London wall clock."""
    return cast(func.timezone("Europe/London", moment), Date)


async def ends(db: AsyncSession, asked: Asked) -> dict[tuple[int, int], date]:
    """The last day of term of each school and year: one statement."""
    found = await rows_of(
        db,
        select(col(HubSchool.urn), col(HubSchool.year), func.max(col(HalfTerm.last)))
        .join(HalfTerm, col(HalfTerm.calendar_id) == col(HubSchool.calendar_id))
        .where(
            col(HubSchool.hub_id) == asked.hub_id,
            one_of(col(HubSchool.year), asked.years),
            one_of(col(HubSchool.urn), asked.urns),
        )
        .group_by(col(HubSchool.urn), col(HubSchool.year)),
    )
    return {(urn, year): last for urn, year, last in found}
