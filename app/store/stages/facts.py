"""What the gate asks of many enrolments at once: a fixed number of statements, whatever the count."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Uuid, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.meetings.attendance import State as Came
from app.domain.stages.criteria import LEVELS
from app.domain.stages.facts import Facts, Half, Seen, Taker
from app.kit.periods import year_span
from app.models.meetings import Attendance, Event, GroupSchool, Participant, WorkGroup
from app.models.notes import Evidence
from app.models.people import Person, RoleHeld
from app.models.stages import Enrolment
from app.store.stages import facts_kept, succession
from app.store.stages.facts_asked import Asked, Of, among_ids, by, one_of, rows_of

Earlier = dict[uuid.UUID, list[uuid.UUID]]  # superseded evidence, by event
HEADS = ("head", "headteacher")  # parts in a Work Group, in a hub's own words, that are no lead participant's


async def of(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Enrolment], today: date
) -> dict[uuid.UUID, Facts]:
    """All that the criteria ask, by enrolment: thirteen statements."""
    places = await succession.before(db, hub_id)
    urns = {one.urn for one in enrolments}
    asked = Asked(
        hub_id,
        today,
        sorted(urns.union(*(places.get(urn, ()) for urn in urns))),
        sorted({one.year for one in enrolments}),
        [one.id for one in enrolments],
    )
    asked = Asked(hub_id, today, asked.urns, asked.years, asked.enrolments, await _groups(db, asked, enrolments))
    visits, meetings = await _events(db, asked)
    shown, earlier, seen = await _evidence(db, asked)
    people, heads = await _people(db, asked, [row[3] for rows in meetings.values() for row in rows])
    barriers, agreements = await facts_kept.barriers(db, asked), await facts_kept.agreements(db, asked)
    plans, reviews = await facts_kept.plans(db, asked), await facts_kept.reviews(db, asked)
    ends = await facts_kept.ends(db, asked)
    succession.follow(places, visits, seen, reviews)
    _follow(places, shown, earlier)
    drawn = _Drawn(meetings)
    made = {}
    for one in enrolments:
        groups = asked.groups[one.id]
        met, before = shown[one.urn], earlier.get(one.urn, {})
        span = year_span(one.year)
        made[one.id] = Facts(
            ends=ends.get((one.urn, one.year), span.last),
            visits=_halves(_in_order(visits[one.urn, one.year]), met, before),
            meetings=drawn.of(groups, met, before),
            seen=tuple(seen[one.urn]),
            barriers=tuple(barriers[one.urn]),
            people=tuple(taker for group in groups for taker in people[group, one.urn]),
            heads=tuple(heads[one.urn]) + tuple(taker for group in groups for taker in heads[group, one.urn]),
            agreements=tuple(agreements[one.id]),
            plan=next(iter(plans[one.urn, one.year]), None),
            reviews=tuple(paper for paper in reviews[one.urn] if span.holds(paper.day)),
        )
    return made


def _follow(places: succession.Before, shown: dict[int, set[uuid.UUID]], earlier: dict[int, Earlier]) -> None:
    """What records show of a school shows it of whoever took its place."""
    for heir, olds in places.items():
        for old in olds:
            shown[heir] = shown.get(heir, set()) | shown.get(old, set())
            earlier[heir] = {**earlier.get(old, {}), **earlier.get(heir, {})}


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row[4], row[3]))


def _halves(rows: Iterable[Any], shown: Collection[uuid.UUID], earlier: Earlier) -> tuple[Half, ...]:
    if not earlier:
        return tuple(Half(row[3], row[4], row[5], row[3] in shown) for row in rows)
    return tuple(Half(row[3], row[4], row[5], row[3] in shown, tuple(earlier.get(row[3], ()))) for row in rows)


@dataclass(slots=True)
class _Drawn:
    """Meetings of Work Groups, put together once for all schools of a group for which the same of them count."""

    meetings: Of
    ordered: dict[frozenset[uuid.UUID], list[Any]] = field(default_factory=dict)
    known: dict[Any, tuple[Half, ...]] = field(default_factory=dict)

    def of(self, groups: frozenset[uuid.UUID], shown: Collection[uuid.UUID], earlier: Earlier) -> tuple[Half, ...]:
        rows = self.ordered.get(groups)
        if rows is None:
            rows = self.ordered[groups] = _in_order(row for group in groups for row in self.meetings[group])
        if earlier:
            return _halves(rows, shown, earlier)
        key = (groups, *(row[3] in shown for row in rows))
        if key not in self.known:
            self.known[key] = _halves(rows, shown, earlier)
        return self.known[key]


async def _groups(
    db: AsyncSession, asked: Asked, enrolments: Sequence[Enrolment]
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """The Work Group an enrolment names, else those of its programme that the school is in: one statement."""
    found = await rows_of(
        db,
        select(col(GroupSchool.urn), col(WorkGroup.programme_id), col(WorkGroup.id))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .where(
            col(WorkGroup.hub_id) == asked.hub_id,
            one_of(col(WorkGroup.year), asked.years),
            one_of(col(GroupSchool.urn), asked.urns),
        ),
    )
    places = by(found, 0, 1)
    return {
        one.id: frozenset({one.group_id} if one.group_id else (row[2] for row in places[one.urn, one.programme_id]))
        for one in enrolments
    }


async def _events(db: AsyncSession, asked: Asked) -> tuple[Of, Of]:
    """Visits by school and year, and meetings by Work Group: one statement."""
    found = await rows_of(
        db,
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
            one_of(col(Event.year), asked.years),
            col(Event.status) != "cancelled",
            or_(
                (col(Event.kind) == "visit") & one_of(col(Event.urn), asked.urns),
                (col(Event.kind) == "meeting") & among_ids(col(Event.group_id), asked.all_groups),
            ),
        ),
    )
    rows = found
    return by((row for row in rows if row[6] == "visit"), 1, 2), by((row for row in rows if row[6] == "meeting"), 0)


def _ours(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return col(Evidence.hub_id) == asked.hub_id, one_of(col(Evidence.urn), asked.urns)


async def _evidence(db: AsyncSession, asked: Asked) -> tuple[dict[int, set[uuid.UUID]], dict[int, Earlier], Of]:
    """Events that a standing version shows, superseded evidence by event, and areas as found, by school: three."""
    took_place = await rows_of(
        db,
        select(col(Evidence.urn), func.array_agg(col(Evidence.event_id)))
        .where(*_ours(asked), col(Evidence.kind).in_(("met", "visited")), col(Evidence.superseded_at).is_(None))
        .group_by(col(Evidence.urn)),
    )
    shown: dict[int, set[uuid.UUID]] = defaultdict(set, {urn: set(events) for urn, events in took_place})
    newest, superseded = await _found(db, asked)
    seen: Of = defaultdict(list)
    earlier: dict[int, Earlier] = defaultdict(lambda: defaultdict(list))
    for row in newest:
        seen[row[0]].append(_seen(row, stands=True))
    for row in superseded:
        if row[1] == "reviewed":
            seen[row[0]].append(_seen(row, stands=False))
        else:
            earlier[row[0]][row[3]].append(row[2])
    return shown, earlier, seen


async def _found(db: AsyncSession, asked: Asked) -> tuple[Sequence[Any], Sequence[Any]]:
    """The newest review of each area that stands, and all that a later version superseded: two statements."""
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
    newest = await rows_of(
        db,
        select(*columns)
        .where(
            *_ours(asked),
            col(Evidence.kind) == "reviewed",
            col(Evidence.superseded_at).is_(None),
            col(Evidence.day) <= asked.today,
            level.in_(LEVELS),
        )
        .ext(distinct_on(col(Evidence.urn), col(Evidence.key)))
        .order_by(col(Evidence.urn), col(Evidence.key), col(Evidence.day).desc(), col(Evidence.id).desc()),
    )
    superseded = await rows_of(
        db,
        select(*columns)
        .where(
            *_ours(asked),
            col(Evidence.kind).in_(("met", "visited", "reviewed")),
            col(Evidence.superseded_at).is_not(None),
        )
        .order_by(col(Evidence.day), col(Evidence.id)),
    )
    return newest, superseded


def _seen(row: Any, *, stands: bool) -> Seen:
    return Seen(row[2], row[3], row[4], row[5], row[6], stands)


async def _people(db: AsyncSession, asked: Asked, meetings: Collection[uuid.UUID]) -> tuple[Of, Of]:
    """Lead participants by Work Group and school, and heads by school, with what they came to: two statements."""
    head = func.lower(col(Participant.role)).in_(HEADS)
    groups = asked.all_groups
    found = await rows_of(
        db,
        union_all(
            select(col(Participant.group_id), col(Participant.urn), col(Participant.person_id), head)
            .join(Person, col(Person.id) == col(Participant.person_id))
            .where(
                among_ids(col(Participant.group_id), groups),
                one_of(col(Participant.urn), asked.urns),
                or_(col(Person.left_on).is_(None), col(Person.left_on) > asked.today),
            ),
            select(literal(None, Uuid), col(RoleHeld.urn), col(RoleHeld.person_id), literal(value=True)).where(
                col(RoleHeld.hub_id) == asked.hub_id,
                col(RoleHeld.role) == Role.HEADTEACHER.stored,
                one_of(col(RoleHeld.urn), asked.urns),
            ),
        ),
    )
    rows = sorted(found, key=lambda row: row[2])
    came = await _came(db, asked, meetings)
    people: Of = defaultdict(list)
    heads: Of = defaultdict(list)
    for group, urn, person, is_head in rows:
        was, instead = came.get(person, (None, None))
        taker = Taker(person, frozenset(was or ()), frozenset(instead or ()))
        (heads if is_head else people)[(group, urn) if group else urn].append(taker)
    return people, heads


async def _came(
    db: AsyncSession, asked: Asked, meetings: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[list[uuid.UUID] | None, list[uuid.UUID] | None]]:
    """Meetings that each person came to, and those somebody came to in their place: what was said last counts."""
    newest = (
        select(col(Attendance.guest_id), col(Attendance.event_id), col(Attendance.state))
        .where(col(Attendance.hub_id) == asked.hub_id, among_ids(col(Attendance.event_id), meetings))
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
    found = await rows_of(
        db,
        select(newest.c.guest_id, events.filter(there), events.filter(newest.c.state == Came.STAND_IN.value)).group_by(
            newest.c.guest_id
        ),
    )
    return {guest: (was, instead) for guest, was, instead in found}
