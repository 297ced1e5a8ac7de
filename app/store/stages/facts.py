"""What the gate asks of many enrolments at once: a fixed number of statements, whatever the count."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.criteria import LEVELS
from app.domain.stages.facts import Facts, Half, Seen
from app.kit.periods import year_span
from app.models.meetings import Event, GroupSchool, WorkGroup
from app.models.notes import Evidence
from app.store.stages import facts_kept, facts_people, succession
from app.store.stages.facts_asked import (
    HUB,
    IS_MEETING,
    TODAY,
    URNS,
    YEARS,
    Asked,
    Of,
    Taking,
    by,
    in_turn,
    listed,
    rows_of,
    text_of,
)

Earlier = dict[uuid.UUID, list[uuid.UUID]]  # superseded evidence, by event


# A visit or a meeting: its day, id and status, and the schools of which its record tells that it took place.
_Event = tuple[date, uuid.UUID, str, Sequence[int]]


async def of(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Taking], today: date, *, superseded: bool = True
) -> dict[uuid.UUID, Facts]:
    """All that the criteria ask, by enrolment: twelve statements.

    `superseded`: also what a later version of a record took the place of. It never counts: long lists do without.
    """
    places = await succession.before(db, hub_id)
    asked = await _asked(db, hub_id, enrolments, today, places)
    async with aclosing(in_turn(db, asked.places(), *ASKED, *([SUPERSEDED] if superseded else []))) as answers:
        told = dict(await anext(answers))
        visits, meetings = _events(await anext(answers), told)
        seen = _seen(await anext(answers))
        people, heads = facts_people.takers(await anext(answers))
        barriers, agreements = facts_kept.barriers(await anext(answers)), facts_kept.agreements(await anext(answers))
        plans, reviews = facts_kept.plans(await anext(answers)), facts_kept.reviews(await anext(answers))
        ends = facts_kept.ends(await anext(answers))
        gone = _superseded(await anext(answers), seen) if superseded else {}
    succession.follow(places, visits, seen, reviews)
    _follow(places, gone)
    drawn = _Drawn(meetings)
    spans = {year: year_span(year) for year in asked.years}
    made = {}
    for one in enrolments:
        groups, span = asked.groups[one.id], spans[one.year]
        whose, earlier = frozenset((one.urn, *places.get(one.urn, ()))), gone.get(one.urn, {})
        made[one.id] = Facts(
            ends=ends.get((one.urn, one.year), span.last),
            visits=_halves(sorted(visits[one.urn, one.year]), whose, earlier),
            meetings=drawn.of(groups, whose, earlier),
            seen=tuple(seen[one.urn]),
            barriers=tuple(barriers[one.urn]),
            people=tuple([taker for group in groups for taker in people[group, one.urn]]),
            heads=(*heads[one.urn], *(taker for group in groups for taker in heads[group, one.urn])),
            agreements=tuple(agreements[one.id]),
            plan=next(iter(plans[one.urn, one.year]), None),
            reviews=tuple([paper for paper in reviews[one.urn] if paper.day and span.holds(paper.day)]),
        )
    return made


def _follow(places: succession.Before, gone: dict[int, Earlier]) -> None:
    """What superseded versions said of a school they said of whoever took its place."""
    for heir, olds in places.items():
        for old in olds:
            gone[heir] = {**gone.get(old, {}), **gone.get(heir, {})}


def _halves(events: Iterable[_Event], whose: frozenset[int], earlier: Earlier) -> tuple[Half, ...]:
    """As they count for a school; `whose`: it and those before it."""
    if not earlier:
        return tuple([Half(key, day, status, not whose.isdisjoint(told)) for day, key, status, told in events])
    return tuple(
        Half(key, day, status, not whose.isdisjoint(told), tuple(earlier.get(key, ())))
        for day, key, status, told in events
    )


@dataclass(slots=True)
class _Drawn:
    """Meetings of Work Groups, put together once for all schools of a group for which the same of them count."""

    meetings: Of
    ordered: dict[frozenset[uuid.UUID], list[_Event]] = field(default_factory=dict)
    known: dict[Any, tuple[Half, ...]] = field(default_factory=dict)

    def of(self, groups: frozenset[uuid.UUID], whose: frozenset[int], earlier: Earlier) -> tuple[Half, ...]:
        events = self.ordered.get(groups)
        if events is None:
            events = self.ordered[groups] = sorted(one for group in groups for one in self.meetings[group])
        if earlier:
            return _halves(events, whose, earlier)
        key = (groups, *[whose.isdisjoint(told) for *_, told in events])
        if key not in self.known:
            self.known[key] = _halves(events, whose, earlier)
        return self.known[key]


_GROUPS_OF = (
    select(col(GroupSchool.urn), col(WorkGroup.programme_id), col(WorkGroup.id))
    .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
    .where(col(WorkGroup.hub_id) == HUB, col(WorkGroup.year).in_(YEARS), col(GroupSchool.urn).in_(URNS))
)


async def _asked(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Taking], today: date, places: succession.Before
) -> Asked:
    """Which schools, years and Work Groups: those an enrolment names, else all of its programme that the school is in.

    One statement.
    """
    urns, years = {one.urn for one in enrolments}, sorted({one.year for one in enrolments})
    alone = {one.urn for one in enrolments if not one.group_id}
    found = await rows_of(db, _GROUPS_OF, {"hub": hub_id, "years": text_of(years), "urns": text_of(alone)})
    of_programme = by(found, 0, 1)
    return Asked(
        hub_id,
        today,
        sorted(urns.union(*(places.get(urn, ()) for urn in urns))),
        years,
        {
            one.id: frozenset(
                [one.group_id] if one.group_id else [row[2] for row in of_programme[one.urn, one.programme_id]]
            )
            for one in enrolments
        },
    )


_OURS = (col(Evidence.hub_id) == HUB, col(Evidence.urn).in_(URNS))
# Of which schools the record of an event tells, and the events: two, because joined the database thinks that it finds
# few events, and looks through all records for each.
TOLD = (
    select(col(Evidence.event_id), listed(col(Evidence.urn)))
    .where(*_OURS, col(Evidence.kind).in_(("met", "visited")), col(Evidence.superseded_at).is_(None))
    .group_by(col(Evidence.event_id))
)
EVENTS = select(
    col(Event.id),
    col(Event.day),
    col(Event.status),
    col(Event.kind),
    col(Event.group_id),
    col(Event.urn),
    col(Event.year),
).where(
    col(Event.hub_id) == HUB,
    col(Event.year).in_(YEARS),
    col(Event.status) != "cancelled",
    or_((col(Event.kind) == "visit") & col(Event.urn).in_(URNS), IS_MEETING),
)


def _events(found: Iterable[Any], told: dict[uuid.UUID, Sequence[int]]) -> tuple[Of, Of]:
    """Visits by school and year, and meetings by Work Group."""
    visits: Of = defaultdict(list)
    meetings: Of = defaultdict(list)
    for key, day, status, kind, group, urn, year in found:
        of_place = visits[urn, year] if kind == "visit" else meetings[group]
        of_place.append((day, key, status, told.get(key, ())))
    return visits, meetings


LEVEL = col(Evidence.facts)["stands"].astext
FOUND = (col(Evidence.id), col(Evidence.event_id), col(Evidence.key), func.coalesce(LEVEL, ""), col(Evidence.day))
SEEN = (
    select(col(Evidence.urn), *FOUND)
    .where(
        *_OURS,
        col(Evidence.kind) == "reviewed",
        col(Evidence.superseded_at).is_(None),
        col(Evidence.day) <= TODAY,
        LEVEL.in_(LEVELS),
    )
    .ext(distinct_on(col(Evidence.urn), col(Evidence.key)))
    .order_by(col(Evidence.urn), col(Evidence.key), col(Evidence.day).desc(), col(Evidence.id).desc())
)


def _seen(found: Iterable[Any]) -> Of:
    """The newest review of each area that stands, by school."""
    seen: Of = defaultdict(list)
    for urn, *review in found:
        seen[urn].append(Seen._make((*review, True)))
    return seen


SUPERSEDED = (
    select(col(Evidence.urn), col(Evidence.kind), *FOUND)
    .where(
        *_OURS,
        col(Evidence.kind).in_(("met", "visited", "reviewed")),
        col(Evidence.superseded_at).is_not(None),
    )
    .order_by(col(Evidence.day), col(Evidence.id))
)


def _superseded(found: Iterable[Any], seen: Of) -> dict[int, Earlier]:
    """What a later version took the place of: reviews go to those that stand, the rest by school."""
    gone: dict[int, Earlier] = defaultdict(lambda: defaultdict(list))
    for urn, kind, key, event_id, *rest in found:
        if kind == "reviewed":
            seen[urn].append(Seen(key, event_id, *rest)._replace(stands=False))
        else:
            gone[urn][event_id].append(key)
    return gone


ASKED = (
    TOLD,
    EVENTS,
    SEEN,
    facts_people.TAKERS,
    facts_kept.BARRIERS,
    facts_kept.AGREEMENTS,
    facts_kept.PLANS,
    facts_kept.REVIEWS,
    facts_kept.ENDS,
)
