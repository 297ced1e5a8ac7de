"""Signing in by an e-mailed link."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFoundError
from app.store import jobs, people


async def ask_for_link(db: AsyncSession, email: str, now: datetime, address: str, back: str) -> None:
    """Mail a link when the address is known. Whoever asks cannot tell whether it is."""
    account = await people.account(db, email)
    if account is None:
        return
    token = await people.new_sign_in_link(db, account.id, now)
    tail = f"?back={back}" if back != "/" else ""
    await jobs.defer(db, "send_sign_in_link", to=account.email, link=f"{address}/sign-in/{token}{tail}")


async def use_link(db: AsyncSession, token: str, now: datetime, agent: str) -> str | None:
    """Turn a link into a session: its cookie, or None when the link was used or is too old."""
    account_id = await people.use_sign_in_link(db, token, now)
    return await people.new_session(db, account_id, now, agent) if account_id else None


async def sign_in_as(db: AsyncSession, email: str, now: datetime, agent: str) -> str | None:
    """A session without a link: the demo's click. None when nobody has this address."""
    account = await people.account(db, email)
    return await people.new_session(db, account.id, now, agent) if account else None


async def sign_out(db: AsyncSession, cookie: str) -> None:
    """End the session of this cookie."""
    await people.end_session(db, cookie)


async def make_token(db: AsyncSession, email: str, name: str, now: datetime) -> str | None:
    """An API token for this address, shown once; None when nobody has it."""
    account = await people.account(db, email)
    return await people.new_api_token(db, account.id, name, now) if account else None


async def link_is_usable(db: AsyncSession, token: str, now: datetime) -> bool:
    """Whether a link could still be used; looking does not use it."""
    return await people.sign_in_link(db, token, now) is not None


async def demo_link(db: AsyncSession, email: str, now: datetime, address: str) -> str:
    """A sign-in link to print, for one of the demo's people. Raises NotFoundError for anybody else."""
    account = await people.account(db, email)
    if account is None:
        raise NotFoundError
    return f"{address}/sign-in/{await people.new_sign_in_link(db, account.id, now)}"
