"""What the rules of risk say of each school, and the facts they read."""

import uuid
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.ladder import State
from app.domain.stages.risk import Chosen, Flag, Kept, flags, kept
from app.domain.stages.risk_history import Became, lost
from app.domain.stages.watched import Hindrance, Recorded, Watched
from app.kit.periods import academic_year, in_london, year_span
from app.models.meetings import Event
from app.models.notes import NoteVersion
from app.models.stages import Barrier, RiskRule
from app.store.stages.attending import attending
from app.store.stages.entitlement import Taking, taking_part

AT_FIRST = ("first", "every", "each", "all meetings")  # words by which a programme says the head attends the first one


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> dict[int, tuple[Flag, ...]]:
    """The flags of each school of the year that has one, by URN: eighteen statements."""
    found = await watched(db, hub_id, year, now)
    day, standing = seen_from(year, now), await rules(db, hub_id)
    said = {urn: flags(one, standing, day) for urn, one in found.items()}
    return {urn: told for urn, told in said.items() if told}


def seen_from(year: int, now: datetime) -> date:
    """The day on which a year is looked at: today, or its last day once it is over."""
    return min(in_london(now).date(), year_span(year).last)


async def rules(db: AsyncSession, hub_id: uuid.UUID) -> tuple[Kept, ...]:
    """Every rule as the hub has it: one statement."""
    found = await db.execute(select(RiskRule).where(col(RiskRule.hub_id) == hub_id))
    return kept(Chosen(row.key, row.active, row.number) for row in found.scalars())


async def keep_rule(db: AsyncSession, hub_id: uuid.UUID, chosen: Chosen) -> None:
    """Write a rule as the hub wants it from now on."""
    asked = select(RiskRule).where(col(RiskRule.hub_id) == hub_id, col(RiskRule.key) == chosen.key)
    row = (await db.execute(asked.with_for_update())).scalar_one_or_none() or RiskRule(hub_id=hub_id, key=chosen.key)
    row.active, row.number = chosen.active, chosen.number
    db.add(row)
    await db.flush()


async def watched(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> dict[int, Watched]:
    """What the rules read of every school that takes part in the year: seventeen statements."""
    return await watched_of(db, hub_id, year, now, await taking_part(db, hub_id, year, now))


async def watched_of(
    db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime, taking: dict[int, Taking]
) -> dict[int, Watched]:
    """The same for schools that were read already: seven statements."""
    came = await attending(db, hub_id, year, now)
    barriers, records = await _barriers(db, hub_id), await _records(db, hub_id, year)
    return {
        urn: Watched(
            visits=one.facts,
            places=came.places(urn),
            meetings=came.of_school(urn, one.groups, head_at_first=_head_at_first(one)),
            wanted=max((programme.participants for programme in one.programmes), default=0),
            barriers=tuple(barriers.get(urn, ())),
            records=tuple(records.get(urn, ())),
            **_enrolled(one),
        )
        for urn, one in taking.items()
    }


def _head_at_first(one: Taking) -> bool:
    return any(word in programme.head_attends.lower() for programme in one.programmes for word in AT_FIRST)


def _enrolled(one: Taking) -> dict[str, Any]:
    """What the enrolment says; where it withdrew on no known day, it counts as gone all year."""
    row = one.enrolment
    if row is None:
        return {}
    gone = (row.withdrawn_on or date.min) if row.state == State.WITHDRAWN else None
    begun = row.applied_on or row.agreed_on or row.began_on
    return {"enrolment_id": row.id, "enrolled_on": begun, "signed_on": row.agreed_on, "withdrawn_on": gone}


async def _barriers(db: AsyncSession, hub_id: uuid.UUID) -> dict[int, list[Hindrance]]:
    asked = select(Barrier).where(col(Barrier.hub_id) == hub_id).order_by(col(Barrier.due), col(Barrier.id))
    found: dict[int, list[Hindrance]] = defaultdict(list)
    for one in (await db.execute(asked)).scalars():
        closed = in_london(one.closed_at).date() if one.closed_at and one.state != "open" else None
        found[one.urn].append(Hindrance(one.id, in_london(one.made_at).date(), one.due, closed))
    return found


async def _records(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[int, list[Recorded]]:
    """Visits that were held, each with the first time its record was submitted."""
    asked = (
        select(col(Event.urn), col(Event.id), col(Event.day), func.min(col(NoteVersion.submitted_at)))
        .outerjoin(NoteVersion, col(NoteVersion.event_id) == col(Event.id))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.year) == year,
            col(Event.kind) == "visit",
            col(Event.status) == "held",
        )
        .group_by(col(Event.id))
        .order_by(col(Event.day), col(Event.id))
    )
    found: dict[int, list[Recorded]] = defaultdict(list)
    for urn, key, day, submitted in (await db.execute(asked)).all():
        found[urn].append(Recorded(key, day, in_london(submitted).date() if submitted else None))
    return found


async def became(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> list[Became]:
    """The schools of a year that is over with what became of each: seventeen statements."""
    taking = await taking_part(db, hub_id, year, now)
    found = await watched_of(db, hub_id, year, now, taking)
    today_year = academic_year(in_london(now).date())
    return [Became(found[urn], _lost(one, today_year)) for urn, one in taking.items()]


def _lost(one: Taking, today_year: int) -> bool | None:
    if one.enrolment is None:
        return None
    years = one.programmes[0].years if one.programmes else 1
    return lost(one.enrolment.state, one.enrolment.year, years, today_year)
