"""The browsers that an account is signed in with."""

import uuid
from datetime import datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.sign_in import SEEN_EVERY
from app.models.people import Account, Person, Session
from app.store.database import see_account


async def of_account(db: AsyncSession, account_id: uuid.UUID, now: datetime) -> list[Session]:
    """Every live session of an account, the last seen first."""
    live = select(Session).where(col(Session.account_id) == account_id, col(Session.expires_at) > now)
    return list((await db.execute(live.order_by(col(Session.seen_at).desc(), col(Session.id)))).scalars())


async def one(db: AsyncSession, account_id: uuid.UUID, session_id: uuid.UUID, now: datetime) -> Session | None:
    """A live session, where it is this account's own."""
    return next((found for found in await of_account(db, account_id, now) if found.id == session_id), None)


async def end(
    db: AsyncSession, account_id: uuid.UUID, *, only: uuid.UUID | None = None, but: uuid.UUID | None = None
) -> int:
    """End one session, or all but one: how many ended. From this commit on their cookies are nobody's."""
    ended = delete(Session).where(col(Session.account_id) == account_id).returning(col(Session.id))
    if only:
        ended = ended.where(col(Session.id) == only)
    if but:
        ended = ended.where(col(Session.id) != but)
    return len((await db.execute(ended)).all())


async def seen(db: AsyncSession, session: Session, now: datetime) -> None:
    """Note that a browser was here, at most every few minutes, and without waiting for another request of its own."""
    if now - session.seen_at < SEEN_EVERY:
        return
    stale = select(col(Session.hash)).where(col(Session.hash) == session.hash, col(Session.seen_at) <= now - SEEN_EVERY)
    await db.execute(
        update(Session)
        .where(col(Session.hash).in_(stale.with_for_update(skip_locked=True)))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


async def confirm(db: AsyncSession, session_id: uuid.UUID, how: str) -> None:
    """This browser has shown more than it did when it signed in."""
    await db.execute(update(Session).where(col(Session.id) == session_id).values(how=how))


async def offer_passkey(db: AsyncSession, account_id: uuid.UUID, now: datetime) -> bool:
    """Whether to ask now if they want a passkey: True once for each account."""
    asked = (
        update(Account)
        .where(col(Account.id) == account_id, col(Account.passkey_offered_at).is_(None))
        .values(passkey_offered_at=now)
        .returning(col(Account.id))
    )
    return (await db.execute(asked)).first() is not None


async def end_if_nowhere(db: AsyncSession, account_id: uuid.UUID) -> int:
    """End every session of an account that is in no hub any more, whichever hub asks; how many ended."""
    before = (await db.execute(text("SELECT current_setting('app.account', true)"))).scalar_one()
    await see_account(db, account_id)
    found = select(col(Person.id)).where(col(Person.account_id) == account_id, col(Person.left_on).is_(None))
    somewhere = (await db.execute(found.limit(1))).first() is not None
    await db.execute(text("SELECT set_config('app.account', :before, true)"), {"before": before or ""})
    return 0 if somewhere else await end(db, account_id)
