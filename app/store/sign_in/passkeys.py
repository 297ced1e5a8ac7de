"""Passkeys and the challenges that devices sign."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.sign_in import CHALLENGE
from app.kit.tokens import token_hash
from app.models.people import Account, Passkey, PasskeyChallenge


@dataclass(frozen=True, slots=True)
class Made:
    """A key that a device has just made, and what its owner calls it."""

    credential: bytes
    public_key: bytes
    uses: int
    name: str


async def keep_challenge(db: AsyncSession, challenge: str, account_id: uuid.UUID | None, now: datetime) -> None:
    """Remember a challenge for some minutes."""
    db.add(PasskeyChallenge(hash=token_hash(challenge), account_id=account_id, expires_at=now + CHALLENGE))
    await db.flush()


async def take_challenge(db: AsyncSession, challenge: str, account_id: uuid.UUID | None, now: datetime) -> bool:
    """Use a challenge up, once: whether it was one of ours, for this, and in time. Two at once: one wins."""
    taken = await db.execute(
        delete(PasskeyChallenge)
        .where(col(PasskeyChallenge.hash) == token_hash(challenge))
        .returning(col(PasskeyChallenge.account_id), col(PasskeyChallenge.expires_at))
    )
    row = taken.first()
    return row is not None and row[0] == account_id and row[1] > now


async def of_account(db: AsyncSession, account_id: uuid.UUID) -> list[Passkey]:
    """An account's passkeys, the oldest first."""
    found = select(Passkey).where(col(Passkey.account_id) == account_id).order_by(col(Passkey.made_at))
    return list((await db.execute(found)).scalars())


async def count(db: AsyncSession, account_id: uuid.UUID) -> int:
    """How many passkeys an account has."""
    found = select(func.count()).select_from(Passkey).where(col(Passkey.account_id) == account_id)
    return (await db.execute(found)).scalar_one()


async def one(db: AsyncSession, account_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey | None:
    """A passkey, where it is this account's own."""
    return next((found for found in await of_account(db, account_id) if found.id == passkey_id), None)


async def keep(db: AsyncSession, account_id: uuid.UUID, made: Made, now: datetime) -> bool:
    """Keep a new passkey; False when this very key is kept already."""
    row = insert(Passkey).values(
        id=uuid.uuid4(),
        account_id=account_id,
        credential=made.credential,
        public_key=made.public_key,
        uses=made.uses,
        name=made.name,
        made_at=now,
    )
    kept = row.on_conflict_do_nothing(index_elements=["credential"]).returning(col(Passkey.id))
    return (await db.execute(kept)).first() is not None


async def by_credential(db: AsyncSession, credential: bytes) -> tuple[Passkey, Account] | None:
    """The passkey that a device names, with its account; locked, so that two uses are counted one after the other."""
    found = await db.execute(
        select(Passkey, Account)
        .join(Account, col(Account.id) == col(Passkey.account_id))
        .where(col(Passkey.credential) == credential)
        .with_for_update(of=Passkey)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def remove(db: AsyncSession, account_id: uuid.UUID, passkey_id: uuid.UUID | None = None) -> int:
    """Remove one passkey of an account, or all: how many went."""
    gone = delete(Passkey).where(col(Passkey.account_id) == account_id).returning(col(Passkey.id))
    if passkey_id:
        gone = gone.where(col(Passkey.id) == passkey_id)
    return len((await db.execute(gone)).all())
