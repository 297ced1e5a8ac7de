"""Proposals: kept whole, so that any can be looked at, replayed and checked again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.people import Person
from app.models.schedule import Proposal
from app.store.database import see_hubs

OPEN = ("waiting", "solving", "ready")


async def add(db: AsyncSession, proposal: Proposal) -> Proposal:
    """Keep a new proposal."""
    db.add(proposal)
    await db.flush()
    return proposal


async def one(db: AsyncSession, proposal_id: uuid.UUID, *, lock: bool = False) -> Proposal | None:
    """A proposal of a hub that the transaction sees; locked until it ends, if asked."""
    asked = select(Proposal).where(col(Proposal.id) == proposal_id)
    return (await db.execute(asked.with_for_update() if lock else asked)).scalar_one_or_none()


async def progress(db: AsyncSession, proposal_id: uuid.UUID, seen: dict[str, Any]) -> None:
    """Note how far the solver is."""
    changed = update(Proposal).where(col(Proposal.id) == proposal_id, col(Proposal.status) == "solving")
    await db.execute(changed.values(progress=seen))


async def still_wanted(db: AsyncSession, keys: Sequence[uuid.UUID]) -> tuple[bool, bool]:
    """Whether any of these proposals still waits for its plan, and whether somebody asked to stop and keep the best."""
    asked = select(col(Proposal.stop_at)).where(col(Proposal.id).in_(keys), col(Proposal.status) == "solving")
    waiting = (await db.execute(asked)).scalars().all()
    return bool(waiting), any(waiting)


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a proposal is, without its long documents."""

    status: str
    progress: dict[str, Any]
    stop_at: datetime | None


async def seen(db: AsyncSession, hub_id: uuid.UUID, proposal_id: uuid.UUID) -> Seen | None:
    """How far a proposal of this hub is."""
    asked = select(col(Proposal.status), col(Proposal.progress), col(Proposal.stop_at))
    row = (await db.execute(asked.where(col(Proposal.id) == proposal_id, col(Proposal.hub_id) == hub_id))).one_or_none()
    return None if row is None else Seen(*row)


async def ask_to_stop(db: AsyncSession, keys: Sequence[uuid.UUID], now: datetime) -> None:
    """Note that what is solved of these proposals shall stop and keep the best so far."""
    solving = (col(Proposal.id).in_(keys), col(Proposal.status).in_(("waiting", "solving")))
    await db.execute(update(Proposal).where(*solving, col(Proposal.stop_at).is_(None)).values(stop_at=now))


async def set_aside_others(db: AsyncSession, kept: Proposal, now: datetime, *, chosen: bool = False) -> list[uuid.UUID]:
    """Only one proposal of a year, or the plans of one set, can still be accepted; once one is chosen, it alone.

    Returns those whose dates were held.
    """
    others = [
        col(Proposal.hub_id) == kept.hub_id,
        col(Proposal.year) == kept.year,
        col(Proposal.id) != kept.id,
        col(Proposal.status).in_(OPEN),
    ]
    if kept.set_id is not None and not chosen:
        others.append(col(Proposal.set_id).is_distinct_from(kept.set_id))
    act = update(Proposal).where(*others).values(status="set aside", finished_at=now)
    gone = await db.execute(act.returning(col(Proposal.id), col(Proposal.sent_at)))
    return [key for key, sent_at in gone.all() if sent_at is not None]


async def held(db: AsyncSession, hub_id: uuid.UUID) -> list[Proposal]:
    """The plans of a hub whose dates are held, locked until the transaction ends."""
    asked = select(Proposal).where(
        col(Proposal.hub_id) == hub_id, col(Proposal.status) == "ready", col(Proposal.sent_at).is_not(None)
    )
    return list((await db.execute(asked.order_by(col(Proposal.id)).with_for_update())).scalars())


async def shows_another(db: AsyncSession, proposal: Proposal) -> bool:
    """Whether the calendar shows the dates of another plan of the year: one by itself, or one whose dates are held."""
    shown = or_(col(Proposal.set_id).is_(None), col(Proposal.sent_at).is_not(None))
    found = select(col(Proposal.id)).where(
        col(Proposal.hub_id) == proposal.hub_id,
        col(Proposal.year) == proposal.year,
        col(Proposal.id) != proposal.id,
        col(Proposal.status) == "ready",
        shown,
    )
    return (await db.execute(found.limit(1))).scalar_one_or_none() is not None


async def of_set(db: AsyncSession, set_id: uuid.UUID, *, lock: bool = False) -> list[Proposal]:
    """The plans that were made together; locked until the transaction ends, if asked."""
    asked = select(Proposal).where(col(Proposal.set_id) == set_id).order_by(col(Proposal.id))
    return list((await db.execute(asked.with_for_update() if lock else asked)).scalars())


async def one_planner_at_a_time(db: AsyncSession, hub_id: uuid.UUID) -> None:
    """Whoever writes a hub's dates waits for whoever is writing them."""
    await db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:hub))"), {"hub": f"plan {hub_id}"})


async def hub_of(db: AsyncSession, proposal_id: uuid.UUID) -> uuid.UUID | None:
    """The hub of a proposal that is named by its id alone; afterwards the transaction sees this hub."""
    await db.execute(text("SELECT set_config('app.proposal', :id, true)"), {"id": str(proposal_id)})
    found = (await db.execute(select(col(Proposal.hub_id)).where(col(Proposal.id) == proposal_id))).scalar_one_or_none()
    if found:
        await see_hubs(db, found)
    return found


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in a list."""

    id: uuid.UUID
    year: int
    status: str
    made_at: datetime
    made_by: str
    set_id: uuid.UUID | None = None
    favours: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with everything that is known of it, as plain values."""

    id: uuid.UUID
    year: int
    status: str
    made_at: datetime
    accepted_at: datetime | None
    problem: dict[str, Any]
    names: dict[str, str]
    plan: dict[str, Any] | None
    judgement: dict[str, Any] | None
    progress: dict[str, Any]
    because: tuple[str, ...]
    set_id: uuid.UUID | None = None
    favours: str = ""
    stop_at: datetime | None = None
    finished_at: datetime | None = None
    sent_at: datetime | None = None
    answer_by: date | None = None
    mended: int = 0
    exceptions: tuple[dict[str, Any], ...] = ()
    choices: dict[str, Any] | None = None


async def listed(db: AsyncSession, hub_id: uuid.UUID) -> list[ProposalLine]:
    """The hub's proposals, the newest first; their long documents are not read."""
    asked = (
        select(
            col(Proposal.id),
            col(Proposal.year),
            col(Proposal.status),
            col(Proposal.made_at),
            col(Person.name),
            col(Proposal.set_id),
            col(Proposal.favours),
            col(Proposal.sent_at),
        )
        .outerjoin(Person, col(Person.id) == col(Proposal.made_by_id))
        .where(col(Proposal.hub_id) == hub_id)
        .order_by(col(Proposal.made_at).desc(), col(Proposal.id))
    )
    return [ProposalLine(*row[:4], row[4] or "the command line", *row[5:]) for row in await db.execute(asked)]


async def whole(db: AsyncSession, hub_id: uuid.UUID, proposal_id: uuid.UUID) -> ProposalRow | None:
    """One proposal of this hub."""
    asked = select(Proposal).where(col(Proposal.id) == proposal_id, col(Proposal.hub_id) == hub_id)
    row = (await db.execute(asked)).scalar_one_or_none()
    return _row(row) if row is not None else None


async def whole_set(db: AsyncSession, hub_id: uuid.UUID, set_id: uuid.UUID) -> list[ProposalRow]:
    """The plans of this hub that were made together."""
    asked = select(Proposal).where(col(Proposal.set_id) == set_id, col(Proposal.hub_id) == hub_id)
    return [_row(row) for row in (await db.execute(asked.order_by(col(Proposal.id)))).scalars()]


def _row(row: Proposal) -> ProposalRow:
    return ProposalRow(
        id=row.id,
        year=row.year,
        status=row.status,
        made_at=row.made_at,
        accepted_at=row.accepted_at,
        problem=row.problem,
        names=row.names,
        plan=row.plan,
        judgement=row.judgement,
        progress=row.progress,
        because=tuple(row.because),
        set_id=row.set_id,
        favours=row.favours,
        stop_at=row.stop_at,
        finished_at=row.finished_at,
        sent_at=row.sent_at,
        answer_by=row.answer_by,
        mended=row.mended,
        exceptions=tuple(row.exceptions),
        choices=row.choices,
    )
