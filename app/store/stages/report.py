"""What the report to the Board counts, out of every room: numbers leave here, and no words."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.meetings.attendance import CAME, State
from app.domain.notes.defaults_visit import STANDS
from app.domain.stages.ladder import RUNGS, Stage
from app.domain.stages.report import STEPS, Counts, Range, completed, joined, schools_on, withdrawn
from app.kit.periods import in_london
from app.models.hubs import Programme
from app.models.meetings import Attendance, Booking, Event, Invitation
from app.models.notes import Evidence
from app.models.stages import Approach, Barrier, Enrolment, StageMove


async def counts(db: AsyncSession, hub_id: uuid.UUID, chosen: Range, now: datetime) -> Counts:
    """All but the themes of records: seven statements."""
    asked = select(Enrolment).where(col(Enrolment.hub_id) == hub_id)
    enrolments: Sequence[Any] = (await db.execute(asked)).scalars().all()
    schools = schools_on(enrolments, chosen.last)
    open_then, done = await _barriers(db, hub_id, chosen)
    return Counts(
        stages=Counter(schools.values()),
        joined=joined(enrolments, chosen),
        completed=completed(enrolments, chosen),
        withdrawn=withdrawn(enrolments, chosen),
        moves=await _moves(db, hub_id, chosen),
        events=await _events(db, hub_id, chosen, now),
        came=await _came(db, hub_id, chosen, now),
        areas=await _areas(db, hub_id, chosen, schools),
        barriers_open=open_then,
        barriers_done=done,
        recruited=await _recruited(db, hub_id, chosen),
    )


async def events_of(db: AsyncSession, hub_id: uuid.UUID, chosen: Range) -> set[uuid.UUID]:
    """The events of these days: one statement."""
    found = await db.execute(
        select(col(Event.id)).where(col(Event.hub_id) == hub_id, col(Event.day).between(chosen.first, chosen.last))
    )
    return set(found.scalars())


async def _moves(db: AsyncSession, hub_id: uuid.UUID, chosen: Range) -> Counter[tuple[Stage, Stage]]:
    found = await db.execute(
        select(col(Enrolment.kind), col(Programme.kind), col(StageMove.settled_at))
        .join(Enrolment, col(Enrolment.id) == col(StageMove.from_id))
        .join(Programme, col(Programme.id) == col(StageMove.to_programme_id))
        .where(col(StageMove.hub_id) == hub_id, col(StageMove.state) == "agreed")
    )
    return Counter(
        (RUNGS[kind], RUNGS[then])
        for kind, then, at in found.all()
        if at and chosen.holds(in_london(at).date()) and kind in RUNGS and then in RUNGS
    )


async def _events(db: AsyncSession, hub_id: uuid.UUID, chosen: Range, now: datetime) -> Counter[tuple[str, str]]:
    became = case(
        (col(Event.status) == "held", "held"),
        (col(Event.status) == "cancelled", "cancelled"),
        (col(Event.ends_at) < now, "unmarked"),
        else_="ahead",
    )
    found = await db.execute(
        select(col(Event.kind), became.label("became"), func.count(col(Event.id)))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.day).between(chosen.first, chosen.last),
            col(Event.status).in_(("confirmed", "held", "cancelled")),
        )
        .group_by(col(Event.kind), "became")
    )
    return Counter({(kind, state): count for kind, state, count in found.all()})


async def _came(db: AsyncSession, hub_id: uuid.UUID, chosen: Range, now: datetime) -> Counter[str]:
    """Places at meetings that are over, by what stands of them."""
    over = (
        col(Event.hub_id) == hub_id,
        col(Event.kind) == "meeting",
        col(Event.day).between(chosen.first, chosen.last),
        col(Event.status).in_(("confirmed", "held")),
        col(Event.ends_at) < now,
    )
    key = col(Attendance.event_id), col(Attendance.guest_id)
    newest = (
        select(*key, col(Attendance.state))
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .where(*over)
        .order_by(*key, col(Attendance.said_at).desc(), col(Attendance.number).desc())
        .ext(distinct_on(*key))
        .subquery()
    )
    stands_in = select(col(Invitation.id)).where(
        col(Invitation.event_id) == col(Booking.event_id), col(Invitation.stand_in_id) == col(Booking.person_id)
    )
    state = case((newest.c.state.in_(sorted(CAME)), "came"), (newest.c.state == State.ABSENT, "absent"), else_="unsaid")
    found = await db.execute(
        select(state.label("state"), func.count())
        .select_from(Booking)
        .join(Event, col(Event.id) == col(Booking.event_id))
        .outerjoin(newest, (newest.c.event_id == col(Booking.event_id)) & (newest.c.guest_id == col(Booking.person_id)))
        .where(*over, col(Booking.part) == "comes", ~stands_in.exists())
        .group_by("state")
    )
    return Counter({row[0]: row[1] for row in found.all()})


async def _areas(
    db: AsyncSession, hub_id: uuid.UUID, chosen: Range, schools: Collection[int]
) -> Counter[tuple[str, str]]:
    """The newest standing of each area of each of these schools, as reviewed until the last day."""
    stands = col(Evidence.facts)["stands"].astext
    newest = (
        select(col(Evidence.urn), col(Evidence.key), stands.label("stands"))
        .where(
            col(Evidence.hub_id) == hub_id,
            col(Evidence.urn).in_(schools),
            col(Evidence.kind) == "reviewed",
            col(Evidence.superseded_at).is_(None),
            col(Evidence.day) <= chosen.last,
            stands.in_([one.key for one in STANDS]),
        )
        .order_by(col(Evidence.urn), col(Evidence.key), col(Evidence.day).desc(), col(Evidence.id).desc())
        .ext(distinct_on(col(Evidence.urn), col(Evidence.key)))
        .subquery()
    )
    found = await db.execute(
        select(newest.c.key, newest.c.stands, func.count()).group_by(newest.c.key, newest.c.stands)
    )
    return Counter({(area, stand): count for area, stand, count in found.all()})


async def _barriers(db: AsyncSession, hub_id: uuid.UUID, chosen: Range) -> tuple[Counter[str], Counter[str]]:
    """By lever: open on the last day, and dealt with in the range."""
    columns = col(Barrier.lever), col(Barrier.state), col(Barrier.made_at), col(Barrier.closed_at)
    found = await db.execute(select(*columns).where(col(Barrier.hub_id) == hub_id))
    open_then: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for lever, state, made_at, closed_at in found.all():
        closed = in_london(closed_at).date() if closed_at and state != "open" else None
        if in_london(made_at).date() <= chosen.last and not (closed and closed <= chosen.last):
            open_then[lever] += 1
        if state == "done" and chosen.holds(closed):
            done[lever] += 1
    return open_then, done


async def _recruited(db: AsyncSession, hub_id: uuid.UUID, chosen: Range) -> dict[str, int]:
    found = (await db.execute(select(Approach).where(col(Approach.hub_id) == hub_id))).scalars().all()
    return {step: sum(chosen.holds(getattr(one, f"{step}_on")) for one in found) for step in STEPS}
