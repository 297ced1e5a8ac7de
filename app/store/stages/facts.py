"""What the gate asks of many enrolments at once: a fixed number of statements, whatever the count."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Uuid, any_, case, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.meetings.attendance import State as Came
from app.domain.stages.criteria import LEVELS
from app.domain.stages.facts import Facts, Half, InTheWay, Paper, Seen, Taker
from app.kit.periods import in_london, year_span
from app.models.meetings import Attendance, Event, GroupSchool, Participant, WorkGroup
from app.models.notes import Evidence
from app.models.people import Person, RoleHeld
from app.models.schools import HalfTerm, HubSchool
from app.models.stages import ActionPlan, Agreement, Barrier, ConditionReview, Enrolment

HEADS = ("head", "headteacher")  # parts in a Work Group, in a hub's own words, that are no lead participant's
Of = dict[Any, list[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which schools, years and Work Groups to look at; `groups` by enrolment."""

    hub_id: uuid.UUID
    today: date
    urns: list[int]
    years: list[int]
    enrolments: list[uuid.UUID]
    groups: dict[uuid.UUID, frozenset[uuid.UUID]] = field(default_factory=dict)

    @property
    def all_groups(self) -> list[uuid.UUID]:
        """Every Work Group of these enrolments."""
        return list(frozenset[uuid.UUID]().union(*self.groups.values()))


def _one_of(column: Any, keys: Collection[int]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(literal(list(keys), ARRAY(Integer)))
    return found


def _in(column: Any, keys: Collection[uuid.UUID]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(literal(list(keys), ARRAY(Uuid)))
    return found


def _by(rows: Iterable[Any], *keys: int) -> Of:
    """Rows under what stands in these places."""
    found: Of = defaultdict(list)
    for row in rows:
        found[tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]].append(row)
    return found


async def of(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Enrolment], today: date
) -> dict[uuid.UUID, Facts]:
    """All that the criteria ask, by enrolment: twelve statements."""
    asked = Asked(
        hub_id,
        today,
        sorted({one.urn for one in enrolments}),
        sorted({one.year for one in enrolments}),
        [one.id for one in enrolments],
    )
    asked = Asked(hub_id, today, asked.urns, asked.years, asked.enrolments, await _groups(db, asked, enrolments))
    visits, meetings = await _events(db, asked)
    shown, earlier, seen = await _evidence(db, asked)
    people, heads = await _people(db, asked)
    barriers, agreements = await _barriers(db, asked), await _agreements(db, asked)
    plans, reviews = await _plans(db, asked), await _reviews(db, asked)
    ends = await _ends(db, asked)
    made = {}
    for one in enrolments:
        groups = asked.groups[one.id]
        met, before = shown[one.urn], earlier[one.urn]
        own = [row for group in groups for row in meetings[group] if row[2] == one.year]
        span = year_span(one.year)
        made[one.id] = Facts(
            ends=ends.get((one.urn, one.year), span.last),
            visits=_halves(visits[one.urn, one.year], met, before),
            meetings=_halves(own, met, before),
            seen=tuple(seen[one.urn]),
            barriers=tuple(barriers[one.urn]),
            people=tuple(taker for group in groups for taker in people[group, one.urn]),
            heads=tuple(heads[one.urn]) + tuple(taker for group in groups for taker in heads[group, one.urn]),
            agreements=tuple(agreements[one.id]),
            plan=next(iter(plans[one.urn, one.year]), None),
            reviews=tuple(paper for paper in reviews[one.urn] if span.holds(paper.day)),
        )
    return made


def _halves(
    rows: Iterable[Any], shown: Collection[uuid.UUID], earlier: dict[uuid.UUID, list[uuid.UUID]]
) -> tuple[Half, ...]:
    return tuple(
        Half(row[3], row[4], row[5], row[3] in shown, tuple(earlier.get(row[3], ())))
        for row in sorted(rows, key=lambda row: (row[4], row[3]))
    )


async def _groups(
    db: AsyncSession, asked: Asked, enrolments: Sequence[Enrolment]
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """The Work Group an enrolment names, else those of its programme that the school is in: one statement."""
    found = await db.execute(
        select(col(GroupSchool.urn), col(WorkGroup.programme_id), col(WorkGroup.id))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .where(
            col(WorkGroup.hub_id) == asked.hub_id,
            _one_of(col(WorkGroup.year), asked.years),
            _one_of(col(GroupSchool.urn), asked.urns),
        )
    )
    places = _by(found.all(), 0, 1)
    return {
        one.id: frozenset({one.group_id} if one.group_id else (row[2] for row in places[one.urn, one.programme_id]))
        for one in enrolments
    }


async def _events(db: AsyncSession, asked: Asked) -> tuple[Of, Of]:
    """Visits by school and year, and meetings by Work Group: one statement."""
    found = await db.execute(
        select(
            col(Event.group_id),
            col(Event.urn),
            col(Event.year),
            col(Event.id),
            col(Event.day),
            col(Event.status),
            col(Event.kind),
        ).where(
            col(Event.hub_id) == asked.hub_id,
            _one_of(col(Event.year), asked.years),
            col(Event.status) != "cancelled",
            or_(
                (col(Event.kind) == "visit") & _one_of(col(Event.urn), asked.urns),
                (col(Event.kind) == "meeting") & _in(col(Event.group_id), asked.all_groups),
            ),
        )
    )
    rows = found.all()
    return _by((row for row in rows if row[6] == "visit"), 1, 2), _by((row for row in rows if row[6] == "meeting"), 0)


def _ours(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return col(Evidence.hub_id) == asked.hub_id, _one_of(col(Evidence.urn), asked.urns)


async def _evidence(
    db: AsyncSession, asked: Asked
) -> tuple[dict[int, set[uuid.UUID]], dict[int, dict[uuid.UUID, list[uuid.UUID]]], Of]:
    """Events that a standing version shows, superseded evidence by event, and areas as found, by school: three."""
    took_place = await db.execute(
        select(col(Evidence.urn), func.array_agg(col(Evidence.event_id).distinct()))
        .where(*_ours(asked), col(Evidence.kind).in_(("met", "visited")), col(Evidence.superseded_at).is_(None))
        .group_by(col(Evidence.urn))
    )
    shown: dict[int, set[uuid.UUID]] = defaultdict(set, {urn: set(events) for urn, events in took_place.all()})
    level = col(Evidence.facts)["stands"].astext
    columns = (
        col(Evidence.urn),
        col(Evidence.kind),
        col(Evidence.id),
        col(Evidence.event_id),
        col(Evidence.key),
        func.coalesce(level, ""),
        col(Evidence.day),
    )
    newest = await db.execute(
        select(*columns)
        .where(
            *_ours(asked),
            col(Evidence.kind) == "reviewed",
            col(Evidence.superseded_at).is_(None),
            col(Evidence.day) <= asked.today,
            level.in_(LEVELS),
        )
        .ext(distinct_on(col(Evidence.urn), col(Evidence.key)))
        .order_by(col(Evidence.urn), col(Evidence.key), col(Evidence.day).desc(), col(Evidence.id).desc())
    )
    superseded = await db.execute(
        select(*columns)
        .where(
            *_ours(asked),
            col(Evidence.kind).in_(("met", "visited", "reviewed")),
            col(Evidence.superseded_at).is_not(None),
        )
        .order_by(col(Evidence.day), col(Evidence.id))
    )
    seen: Of = defaultdict(list)
    earlier: dict[int, dict[uuid.UUID, list[uuid.UUID]]] = defaultdict(lambda: defaultdict(list))
    for row in newest.all():
        seen[row[0]].append(_seen(row, stands=True))
    for row in superseded.all():
        if row[1] == "reviewed":
            seen[row[0]].append(_seen(row, stands=False))
        else:
            earlier[row[0]][row[3]].append(row[2])
    return shown, earlier, seen


def _seen(row: Any, *, stands: bool) -> Seen:
    return Seen(row[2], row[3], row[4], row[5], row[6], stands)


async def _people(db: AsyncSession, asked: Asked) -> tuple[Of, Of]:
    """Lead participants by Work Group and school, and heads by school, with what they came to: two statements."""
    head = func.lower(col(Participant.role)).in_(HEADS)
    groups = asked.all_groups
    found = await db.execute(
        union_all(
            select(col(Participant.group_id), col(Participant.urn), col(Participant.person_id), head)
            .join(Person, col(Person.id) == col(Participant.person_id))
            .where(
                _in(col(Participant.group_id), groups),
                _one_of(col(Participant.urn), asked.urns),
                or_(col(Person.left_on).is_(None), col(Person.left_on) > asked.today),
            ),
            select(literal(None, Uuid), col(RoleHeld.urn), col(RoleHeld.person_id), literal(value=True)).where(
                col(RoleHeld.hub_id) == asked.hub_id,
                col(RoleHeld.role) == Role.HEADTEACHER.stored,
                _one_of(col(RoleHeld.urn), asked.urns),
            ),
        )
    )
    rows = sorted(found.all(), key=lambda row: row[2])
    came = await _came(db, groups, [row[2] for row in rows])
    people: Of = defaultdict(list)
    heads: Of = defaultdict(list)
    for group, urn, person, is_head in rows:
        was, instead = came.get(person, (None, None))
        taker = Taker(person, frozenset(was or ()), frozenset(instead or ()))
        (heads if is_head else people)[(group, urn) if group else urn].append(taker)
    return people, heads


async def _came(
    db: AsyncSession, groups: Collection[uuid.UUID], people: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[list[uuid.UUID] | None, list[uuid.UUID] | None]]:
    """Meetings that each person came to, and those somebody came to in their place: what was said last counts."""
    newest = (
        select(col(Attendance.guest_id), col(Attendance.event_id), col(Attendance.state))
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .where(
            col(Event.kind) == "meeting",
            _in(col(Event.group_id), groups),
            _in(col(Attendance.guest_id), people),
        )
        .ext(distinct_on(col(Attendance.event_id), col(Attendance.guest_id)))
        .order_by(
            col(Attendance.event_id),
            col(Attendance.guest_id),
            col(Attendance.said_at).desc(),
            col(Attendance.number).desc(),
        )
        .subquery()
    )
    events = func.array_agg(newest.c.event_id)
    there = newest.c.state.in_((Came.PRESENT.value, Came.PART.value))
    found = await db.execute(
        select(newest.c.guest_id, events.filter(there), events.filter(newest.c.state == Came.STAND_IN.value)).group_by(
            newest.c.guest_id
        )
    )
    return {guest: (was, instead) for guest, was, instead in found.all()}


async def _barriers(db: AsyncSession, asked: Asked) -> Of:
    found = await db.execute(
        select(
            col(Barrier.urn),
            col(Barrier.id),
            col(Barrier.weight),
            col(Barrier.due),
            col(Barrier.made_at),
            func.coalesce(col(Barrier.closed_at), case((col(Barrier.state) != "open", col(Barrier.made_at)))),
        )
        .where(col(Barrier.hub_id) == asked.hub_id, _one_of(col(Barrier.urn), asked.urns))
        .order_by(col(Barrier.due), col(Barrier.id))
    )
    made: Of = defaultdict(list)
    for urn, key, weight, due, since, until in found.all():
        made[urn].append(InTheWay(key, weight, due, in_london(since).date(), _day(until)))
    return made


async def _agreements(db: AsyncSession, asked: Asked) -> Of:
    found = await db.execute(
        select(col(Agreement.enrolment_id), col(Agreement.id), col(Agreement.signed_on), col(Agreement.withdrawn_at))
        .where(_in(col(Agreement.enrolment_id), asked.enrolments))
        .order_by(col(Agreement.signed_on), col(Agreement.id))
    )
    made: Of = defaultdict(list)
    for enrolment, key, day, until in found.all():
        made[enrolment].append(Paper(key, day, _day(until)))
    return made


async def _plans(db: AsyncSession, asked: Asked) -> Of:
    found = await db.execute(
        select(col(ActionPlan.urn), col(ActionPlan.year), col(ActionPlan.id), col(ActionPlan.agreed_at)).where(
            col(ActionPlan.hub_id) == asked.hub_id,
            _one_of(col(ActionPlan.year), asked.years),
            _one_of(col(ActionPlan.urn), asked.urns),
        )
    )
    made: Of = defaultdict(list)
    for urn, year, key, agreed in found.all():
        made[urn, year].append(Paper(key, _day(agreed)))
    return made


async def _reviews(db: AsyncSession, asked: Asked) -> Of:
    found = await db.execute(
        select(col(ConditionReview.urn), col(ConditionReview.id), col(ConditionReview.day))
        .where(col(ConditionReview.hub_id) == asked.hub_id, _one_of(col(ConditionReview.urn), asked.urns))
        .order_by(col(ConditionReview.day), col(ConditionReview.id))
    )
    made: Of = defaultdict(list)
    for urn, key, day in found.all():
        made[urn].append(Paper(key, day))
    return made


def _day(moment: datetime | None) -> date | None:
    return in_london(moment).date() if moment else None


async def _ends(db: AsyncSession, asked: Asked) -> dict[tuple[int, int], date]:
    """The last day of term of each school and year: one statement."""
    found = await db.execute(
        select(col(HubSchool.urn), col(HubSchool.year), func.max(col(HalfTerm.last)))
        .join(HalfTerm, col(HalfTerm.calendar_id) == col(HubSchool.calendar_id))
        .where(
            col(HubSchool.hub_id) == asked.hub_id,
            _one_of(col(HubSchool.year), asked.years),
            _one_of(col(HubSchool.urn), asked.urns),
        )
        .group_by(col(HubSchool.urn), col(HubSchool.year))
    )
    return {(urn, year): last for urn, year, last in found.all()}
