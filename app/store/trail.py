"""Writing and reading the trail."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.people import Account, Person
from app.models.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done; `did` is a past participle, `account_id` is empty for a command or a job."""

    hub_id: uuid.UUID
    at: datetime
    did: str
    about: str
    account_id: uuid.UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A deed with the name of whoever did it, where the hub still knows them."""

    at: datetime
    did: str
    about: str
    who: str
    facts: dict[str, Any]


async def record(db: AsyncSession, deed: Deed) -> None:
    """Note that something was done, in the transaction that does it."""
    db.add(
        TrailEntry(
            hub_id=deed.hub_id,
            at=deed.at,
            account_id=deed.account_id,
            did=deed.did,
            about=deed.about,
            facts=deed.facts,
        )
    )


async def count(db: AsyncSession, hub_id: uuid.UUID, search: str, did: str) -> int:
    """How many deeds these filters leave."""
    found = select(func.count()).select_from(TrailEntry).where(*_narrowed(hub_id, search, did))
    return (await db.execute(found)).scalar_one()


async def verbs(db: AsyncSession, hub_id: uuid.UUID) -> list[str]:
    """Every past participle that the hub's trail holds."""
    found = select(col(TrailEntry.did)).where(col(TrailEntry.hub_id) == hub_id).distinct().order_by(col(TrailEntry.did))
    return list((await db.execute(found)).scalars())


async def deeds(
    db: AsyncSession, hub_id: uuid.UUID, search: str, did: str, page: tuple[int | None, int]
) -> Sequence[Told]:
    """Deeds, the latest first; `page` is (how many, how many to pass over)."""
    limit, offset = page
    found = await db.execute(
        select(TrailEntry, func.coalesce(col(Person.name), col(Account.email), "Halfterm"))
        .outerjoin(Account, col(Account.id) == col(TrailEntry.account_id))
        .outerjoin(
            Person,
            (col(Person.account_id) == col(TrailEntry.account_id)) & (col(Person.hub_id) == col(TrailEntry.hub_id)),
        )
        .where(*_narrowed(hub_id, search, did))
        .order_by(col(TrailEntry.at).desc(), col(TrailEntry.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [Told(entry.at, entry.did, entry.about, who, entry.facts) for entry, who in found.all()]


def _narrowed(hub_id: uuid.UUID, search: str, did: str) -> list[ColumnElement[bool]]:
    conditions = [col(TrailEntry.hub_id) == hub_id]
    if did:
        conditions.append(col(TrailEntry.did) == did)
    if search:
        conditions.append(
            or_(col(TrailEntry.about).icontains(search, autoescape=True), col(TrailEntry.did).icontains(search))
        )
    return conditions
