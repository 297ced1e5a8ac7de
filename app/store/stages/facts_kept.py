"""What is kept of schools beside their events: barriers, agreements, plans, reviews and the end of their year."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, select
from sqlmodel import col

from app.domain.stages.facts import InTheWay, Paper
from app.models.schools import HalfTerm, HubSchool
from app.models.stages import ActionPlan, Agreement, Barrier, ConditionReview
from app.store.stages.facts_asked import ENROLMENTS, HUB, URNS, YEARS, Of

Rows = Iterable[Any]


def _day(moment: Any) -> ColumnElement[date]:
    """The day on the London wall clock."""
    return cast(func.timezone("Europe/London", moment), Date)


BARRIERS = (
    select(
        col(Barrier.urn),
        col(Barrier.id),
        col(Barrier.weight),
        col(Barrier.due),
        _day(col(Barrier.made_at)),
        _day(func.coalesce(col(Barrier.closed_at), case((col(Barrier.state) != "open", col(Barrier.made_at))))),
    )
    .where(col(Barrier.hub_id) == HUB, col(Barrier.urn).in_(URNS))
    .order_by(col(Barrier.due), col(Barrier.id))
)
AGREEMENTS = (
    select(col(Agreement.enrolment_id), col(Agreement.id), col(Agreement.signed_on), _day(col(Agreement.withdrawn_at)))
    .where(col(Agreement.enrolment_id).in_(ENROLMENTS))
    .order_by(col(Agreement.signed_on), col(Agreement.id))
)
PLANS = select(col(ActionPlan.urn), col(ActionPlan.year), col(ActionPlan.id), _day(col(ActionPlan.agreed_at))).where(
    col(ActionPlan.hub_id) == HUB, col(ActionPlan.year).in_(YEARS), col(ActionPlan.urn).in_(URNS)
)
REVIEWS = (
    select(col(ConditionReview.urn), col(ConditionReview.id), col(ConditionReview.day))
    .where(col(ConditionReview.hub_id) == HUB, col(ConditionReview.urn).in_(URNS))
    .order_by(col(ConditionReview.day), col(ConditionReview.id))
)
ENDS = (
    select(col(HubSchool.urn), col(HubSchool.year), func.max(col(HalfTerm.last)))
    .join(HalfTerm, col(HalfTerm.calendar_id) == col(HubSchool.calendar_id))
    .where(col(HubSchool.hub_id) == HUB, col(HubSchool.year).in_(YEARS), col(HubSchool.urn).in_(URNS))
    .group_by(col(HubSchool.urn), col(HubSchool.year))
)


def barriers(found: Rows) -> Of:
    """Barriers by school, with the days they began and ended."""
    made: Of = defaultdict(list)
    for urn, *barrier in found:
        made[urn].append(InTheWay._make(barrier))
    return made


def agreements(found: Rows) -> Of:
    """Agreements by enrolment, with the days they were signed and withdrawn."""
    made: Of = defaultdict(list)
    for enrolment, key, signed, withdrawn in found:
        made[enrolment].append(Paper(key, signed, withdrawn))
    return made


def plans(found: Rows) -> Of:
    """Action plans by school and year, with the day they were agreed."""
    made: Of = defaultdict(list)
    for urn, year, key, agreed in found:
        made[urn, year].append(Paper(key, agreed))
    return made


def reviews(found: Rows) -> Of:
    """System conditions reviews by school."""
    made: Of = defaultdict(list)
    for urn, key, day in found:
        made[urn].append(Paper(key, day))
    return made


def ends(found: Rows) -> dict[tuple[int, int], date]:
    """The last day of term of each school and year."""
    return {(urn, year): last for urn, year, last in found}
