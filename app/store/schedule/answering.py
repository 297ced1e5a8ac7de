"""Who was asked about the dates of a plan, and what they said."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.schedule import facts
from app.domain.schedule.exceptions import excepted
from app.kit.periods import year_span
from app.models.meetings import Event
from app.models.people import Person
from app.models.schedule import DateAnswer, DateAsk, DateRefused, Proposal
from app.store.schedule.facts import read_year
from app.store.schedule.proposals import ProposalRow


@dataclass(frozen=True, slots=True)
class Ask:
    """One person asked about all the dates of a plan that are held for them."""

    id: uuid.UUID
    proposal_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    email: str
    left: bool
    asked_at: datetime
    nudged_at: datetime | None
    answered_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Said:
    """What they said of one date; `key` is the slot of its event. `answer` is can, cannot, or empty for none yet."""

    id: uuid.UUID
    ask_id: uuid.UUID
    person_id: uuid.UUID
    event_id: uuid.UUID
    key: str
    day: date
    slot: str
    answer: str
    because: str
    how: str
    answered_at: datetime | None
    missed: bool


async def asks(db: AsyncSession, proposal_id: uuid.UUID) -> list[Ask]:
    """Everybody who was asked about a plan, by name: one statement."""
    asked = _asks().where(col(DateAsk.proposal_id) == proposal_id)
    rows = await db.execute(asked.order_by(func.lower(col(Person.name)), col(Person.id)))
    return [_ask(row[0], row[1]) for row in rows]


async def ask(db: AsyncSession, ask_id: uuid.UUID) -> Ask | None:
    """One person who was asked."""
    row = (await db.execute(_asks().where(col(DateAsk.id) == ask_id))).one_or_none()
    return _ask(row[0], row[1]) if row else None


def _asks() -> Select[DateAsk, Person]:
    return select(DateAsk, Person).join(Person, col(Person.id) == col(DateAsk.person_id))


def _ask(row: DateAsk, person: Person) -> Ask:
    return Ask(
        row.id,
        row.proposal_id,
        row.person_id,
        person.name,
        person.email,
        person.left_on is not None,
        row.asked_at,
        row.nudged_at,
        row.answered_at,
        row.version,
    )


async def said(db: AsyncSession, ask_ids: Collection[uuid.UUID]) -> list[Said]:
    """What was said of each date, in the order of days: one statement."""
    rows = await db.execute(
        select(DateAnswer, col(Event.slot_key))
        .join(Event, col(Event.id) == col(DateAnswer.event_id))
        .where(col(DateAnswer.ask_id).in_(list(ask_ids)))
        .order_by(col(DateAnswer.day), col(DateAnswer.slot), col(Event.slot_key), col(DateAnswer.id))
    )
    return [
        Said(
            row.id,
            row.ask_id,
            row.person_id,
            row.event_id,
            key,
            row.day,
            row.slot,
            row.answer,
            row.because,
            row.how,
            row.answered_at,
            row.missed,
        )
        for row, key in rows
    ]


async def of_plan(db: AsyncSession, proposal_id: uuid.UUID) -> tuple[list[Ask], list[Said]]:
    """Everybody who was asked about a plan and what they said: two statements."""
    found = await asks(db, proposal_id)
    return found, await said(db, [one.id for one in found])


async def newest_of(db: AsyncSession, person_id: uuid.UUID) -> Ask | None:
    """What somebody was last asked about; before anything else what still waits to be settled."""
    waits = (col(Proposal.status) == "ready").desc()
    asked = _asks().join(Proposal, col(Proposal.id) == col(DateAsk.proposal_id))
    mine = asked.where(col(DateAsk.person_id) == person_id).order_by(waits, col(DateAsk.asked_at).desc())
    row = (await db.execute(mine.limit(1))).one_or_none()
    return _ask(row[0], row[1]) if row else None


async def waiting(db: AsyncSession, person_id: uuid.UUID) -> int:
    """How many dates that are held wait for this person's answer: one statement."""
    found = await db.execute(
        select(func.count())
        .select_from(DateAnswer)
        .join(DateAsk, col(DateAsk.id) == col(DateAnswer.ask_id))
        .join(Proposal, col(Proposal.id) == col(DateAsk.proposal_id))
        .where(
            col(DateAnswer.person_id) == person_id,
            col(DateAnswer.answer) == "",
            col(Proposal.status) == "ready",
            col(Proposal.sent_at).is_not(None),
        )
    )
    return int(found.scalar_one())


async def locked(db: AsyncSession, ask_id: uuid.UUID) -> tuple[DateAsk, dict[uuid.UUID, DateAnswer]] | None:
    """An ask with its answers by event, until the transaction ends."""
    asked = select(DateAsk).where(col(DateAsk.id) == ask_id).with_for_update()
    row = (await db.execute(asked.execution_options(populate_existing=True))).scalar_one_or_none()
    if row is None:
        return None
    answers = select(DateAnswer).where(col(DateAnswer.ask_id) == ask_id).execution_options(populate_existing=True)
    return row, {each.event_id: each for each in (await db.execute(answers)).scalars()}


async def locked_all(db: AsyncSession, proposal_id: uuid.UUID) -> list[DateAsk]:
    """Everybody who was asked about a plan, until the transaction ends."""
    asked = select(DateAsk).where(col(DateAsk.proposal_id) == proposal_id).order_by(col(DateAsk.id)).with_for_update()
    return list((await db.execute(asked.execution_options(populate_existing=True))).scalars())


async def nudged(db: AsyncSession, ask_ids: Collection[uuid.UUID], now: datetime) -> None:
    """These people have been reminded."""
    await db.execute(update(DateAsk).where(col(DateAsk.id).in_(list(ask_ids))).values(nudged_at=now))


async def forget(db: AsyncSession, proposal_id: uuid.UUID, event_ids: Collection[uuid.UUID]) -> None:
    """What was said of these dates of a plan: they are on other days now."""
    asked = select(col(DateAsk.id)).where(col(DateAsk.proposal_id) == proposal_id)
    here = col(DateAnswer.ask_id).in_(asked), col(DateAnswer.event_id).in_(list(event_ids))
    await db.execute(delete(DateAnswer).where(*here))


async def refuse(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID, day: date) -> None:
    """Planning keeps off this person's day from now on."""
    await db.execute(insert(DateRefused).values(person_id=person_id, day=day, hub_id=hub_id).on_conflict_do_nothing())


async def take_back(db: AsyncSession, person_id: uuid.UUID, day: date) -> None:
    """They can on this day after all, unless they say of another date of it that they cannot."""
    cannot = exists().where(
        col(DateAnswer.person_id) == person_id, col(DateAnswer.day) == day, col(DateAnswer.answer) == "cannot"
    )
    await db.execute(
        delete(DateRefused).where(col(DateRefused.person_id) == person_id, col(DateRefused.day) == day, ~cannot)
    )


async def refused(db: AsyncSession, hub_id: uuid.UUID) -> dict[str, set[date]]:
    """The days that people of the hub refused, by the person's id."""
    days: dict[str, set[date]] = {}
    found = select(col(DateRefused.person_id), col(DateRefused.day)).where(col(DateRefused.hub_id) == hub_id)
    for person, day in await db.execute(found):
        days.setdefault(str(person), set()).add(day)
    return days


async def as_answered(
    db: AsyncSession, hub_id: uuid.UUID, plan: Proposal | ProposalRow, today: date
) -> tuple[dict[str, Any], list[str]]:
    """The problem of a plan as people's days stand now, and what else has changed since, in sentences.

    Days that people refused, or can come on after all, are no changed facts; nor are days away while dates are held.
    """
    since = plan.problem["frozen_before"]  # what could still be planned when the plan was made
    known = await read_year(db, hub_id, plan.year, date.fromisoformat(since) if since else today)
    now = excepted(facts.problem(known), plan.exceptions)
    raw = facts.with_days_away(plan.problem, now) if plan.sent_at else await _refused_since(db, hub_id, plan)
    return raw, facts.changed(raw, now, {**plan.names, **facts.names(known)})


async def _refused_since(db: AsyncSession, hub_id: uuid.UUID, plan: Proposal | ProposalRow) -> dict[str, Any]:
    """The problem of a plan that is not held, with the days that people refused when they were asked about another."""
    span, refusals = year_span(plan.year), await refused(db, hub_id)
    ours = {person: {day for day in days if span.holds(day)} for person, days in refusals.items()}
    return facts.answered(plan.problem, ours)


async def miss(db: AsyncSession, missed: Mapping[uuid.UUID, bool]) -> None:
    """Note of refusals whether the date stays all the same."""
    for value in (True, False):
        ids = [key for key, stays in missed.items() if stays is value]
        if ids:
            await db.execute(update(DateAnswer).where(col(DateAnswer.id).in_(ids)).values(missed=value))
