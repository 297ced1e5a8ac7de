"""API tokens of one hub: kept as hashes, found by whoever holds them, listed for the hub's office."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Scope, Viewer, narrowed
from app.kit.tokens import new_token, token_hash
from app.models.people import Account, HubToken, Person
from app.store.database import see_hubs, see_token
from app.store.people.accounts import viewer

TO_THE_HOUR = timedelta(hours=1)
LIVES = ("working", "expired", "revoked")


@dataclass(frozen=True, slots=True)
class Listed:
    """A token with the name of whoever made it, and whether they are still in the hub."""

    token: HubToken
    maker: str
    maker_is_here: bool


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is made for."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime


async def make(db: AsyncSession, hub_id: uuid.UUID, account_id: uuid.UUID, new: NewToken, now: datetime) -> str:
    """A token of this hub, shown once."""
    token = f"hth_{new_token()}"
    made = HubToken(
        hub_id=hub_id,
        account_id=account_id,
        hash=token_hash(token),
        name=new.name,
        scopes=sorted(new.scopes),
        made_at=now,
        expires_at=new.expires_at,
    )
    db.add(made)
    await db.flush()
    return token


async def holder(db: AsyncSession, token: str, now: datetime) -> Viewer | None:
    """Whoever a hub's token stands for, narrowed to it; opens the wall for that hub alone. None: unknown or over."""
    kept = token_hash(token)
    await see_token(db, kept)
    found = await db.execute(
        select(HubToken, Account)
        .join(Account, col(Account.id) == col(HubToken.account_id))
        .where(col(HubToken.hash) == kept, col(HubToken.revoked_at).is_(None), col(HubToken.expires_at) > now)
    )
    row = found.one_or_none()
    if row is None:
        return None
    made, account = row[0], row[1]
    whole = await viewer(db, account.id, account.email)
    known = frozenset(Scope(one) for one in made.scopes if one in set(Scope))
    holding = narrowed(whole, made.hub_id, made.name, known)
    await see_hubs(db, *(one.hub_id for one in holding.members))
    if made.last_used_at is None or made.last_used_at < now - TO_THE_HOUR:
        await db.execute(update(HubToken).where(col(HubToken.id) == made.id).values(last_used_at=now))
    return holding


async def count(db: AsyncSession, hub_id: uuid.UUID, life: str, now: datetime) -> int:
    """How many tokens of the hub lead this life (empty: any)."""
    found = select(func.count()).select_from(HubToken).where(col(HubToken.hub_id) == hub_id, _life(life, now))
    return (await db.execute(found)).scalar_one()


async def listed(
    db: AsyncSession, hub_id: uuid.UUID, life: str, now: datetime, page: tuple[int | None, int]
) -> Sequence[Listed]:
    """Tokens of the hub, the newest first; `page` is (how many, how many to pass over)."""
    limit, offset = page
    found = await db.execute(
        select(HubToken, col(Person.name), col(Person.left_on).is_(None))
        .outerjoin(
            Person,
            (col(Person.account_id) == col(HubToken.account_id)) & (col(Person.hub_id) == col(HubToken.hub_id)),
        )
        .where(col(HubToken.hub_id) == hub_id, _life(life, now))
        .order_by(col(HubToken.made_at).desc(), col(HubToken.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [Listed(row[0], row[1] or "somebody who is gone", bool(row[1] and row[2])) for row in found.all()]


def _life(life: str, now: datetime) -> ColumnElement[bool]:
    live = and_(col(HubToken.revoked_at).is_(None), col(HubToken.expires_at) > now)
    if life not in LIVES:
        return false() if life else true()
    if life == "revoked":
        return col(HubToken.revoked_at).is_not(None)
    return live if life == "working" else and_(col(HubToken.revoked_at).is_(None), col(HubToken.expires_at) <= now)


async def one(db: AsyncSession, hub_id: uuid.UUID, token_id: uuid.UUID, *, lock: bool = False) -> HubToken | None:
    """A token of the hub."""
    found = select(HubToken).where(col(HubToken.id) == token_id, col(HubToken.hub_id) == hub_id)
    return (await db.execute(found.with_for_update() if lock else found)).scalar_one_or_none()


async def working_of(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> list[str]:
    """The names of the tokens that this person made and that still open something."""
    found = await db.execute(
        select(col(HubToken.name))
        .join(Person, col(Person.account_id) == col(HubToken.account_id))
        .where(col(HubToken.hub_id) == hub_id, col(Person.id) == person_id, _life("working", now))
        .order_by(col(HubToken.name))
    )
    return list(found.scalars())
