"""Who of a school takes part in its Work Group's meetings, and to which of them they came."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Subquery, Uuid, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from app.domain.access import Role
from app.domain.meetings.attendance import State as Came
from app.domain.stages.facts import Taker
from app.models.meetings import Attendance, Event, Participant
from app.models.people import Person, RoleHeld
from app.store.stages.facts_asked import GROUPS, HUB, IS_MEETING, TODAY, URNS, YEARS, Of, listed

HEADS = ("head", "headteacher")  # parts in a Work Group, in a hub's own words, that are no lead participant's


def _seats() -> Subquery:
    """Whoever is in the Work Group for the school and has not left, and the heads of the schools."""
    return union_all(
        select(
            col(Participant.group_id),
            col(Participant.urn),
            col(Participant.person_id),
            func.lower(col(Participant.role)).in_(HEADS).label("is_head"),
        )
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(
            col(Participant.group_id).in_(GROUPS),
            col(Participant.urn).in_(URNS),
            or_(col(Person.left_on).is_(None), col(Person.left_on) > TODAY),
        ),
        select(literal(None, Uuid), col(RoleHeld.urn), col(RoleHeld.person_id), literal(value=True)).where(
            col(RoleHeld.hub_id) == HUB,
            col(RoleHeld.role) == Role.HEADTEACHER.stored,
            col(RoleHeld.urn).in_(URNS),
        ),
    ).subquery()


def _came() -> Subquery:
    """Meetings that each guest came to, and those somebody came to in their place: what was said last counts."""
    meetings = select(col(Event.id)).where(
        col(Event.hub_id) == HUB,
        col(Event.year).in_(YEARS),
        col(Event.status) != "cancelled",
        IS_MEETING,
    )
    newest = (
        select(col(Attendance.guest_id), col(Attendance.event_id), col(Attendance.state))
        .where(col(Attendance.hub_id) == HUB, col(Attendance.event_id).in_(meetings))
        .ext(distinct_on(col(Attendance.event_id), col(Attendance.guest_id)))
        .order_by(
            col(Attendance.event_id),
            col(Attendance.guest_id),
            col(Attendance.said_at).desc(),
            col(Attendance.number).desc(),
        )
        .subquery()
    )
    events = listed(newest.c.event_id)
    there = newest.c.state.in_((Came.PRESENT.value, Came.PART.value))
    return (
        select(
            newest.c.guest_id,
            events.filter(there).label("was"),
            events.filter(newest.c.state == Came.STAND_IN.value).label("instead"),
        )
        .group_by(newest.c.guest_id)
        .subquery()
    )


def _takers() -> Select[Any]:
    seats, came = _seats(), _came()
    return (
        select(seats, came.c.was, came.c.instead)
        .outerjoin(came, came.c.guest_id == seats.c.person_id)
        .order_by(seats.c.person_id)
    )


TAKERS = _takers()


def takers(found: Iterable[Any]) -> tuple[Of, Of]:
    """Lead participants by Work Group and school, and heads also by school alone."""
    people: Of = defaultdict(list)
    heads: Of = defaultdict(list)
    for group, urn, person, is_head, was, instead in found:
        taker = Taker(person, frozenset(was or ()), frozenset(instead or ()))
        (heads if is_head else people)[(group, urn) if group else urn].append(taker)
    return people, heads
