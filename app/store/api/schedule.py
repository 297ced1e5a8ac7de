"""Proposals, as the API tells them."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from app.domain.access import Member
from app.models.schedule import Proposal
from app.store.api.shelf import Asked, Order, Slice, names, narrowed, part

CONDITIONS = {
    "id": lambda key: col(Proposal.id) == key,
    "year": lambda year: col(Proposal.year) == year,
    "status": lambda status: col(Proposal.status) == status,
}
TOLD = ["id", "year", "status", "progress", "because", "made_at", "finished_at", "accepted_at"]
LARGE = ("plan", "judgement", "names")


async def some(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Proposals, oldest first: two statements. The plan itself comes only where one was asked for by its id."""
    whole = asked.only.get("id") is not None
    query = select(Proposal).where(col(Proposal.hub_id) == member.hub_id)
    query = query.options(
        *(defer(getattr(Proposal, name)) for name in (("problem",) if whole else ("problem", *LARGE)))
    )
    rows, following = await part(
        db, narrowed(query, asked, CONDITIONS), Order((col(Proposal.id),), (uuid.UUID,)), asked
    )
    people = await names(db, (row.made_by_id for row in rows))
    told = TOLD + list(LARGE) if whole else TOLD
    return Slice(
        [{name: getattr(row, name) for name in told} | {"made_by": people.get(row.made_by_id)} for row in rows],
        following,
    )


async def problem(db: AsyncSession, member: Member, key: uuid.UUID) -> dict[str, Any] | None:
    """What a proposal was worked out from."""
    found = await db.execute(
        select(col(Proposal.problem)).where(col(Proposal.hub_id) == member.hub_id, col(Proposal.id) == key)
    )
    return found.scalar_one_or_none()
