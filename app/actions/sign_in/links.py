"""Signing in by an e-mailed link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.sign_in.knocking import Knock, Opened, open_session, tell, too_many
from app.domain.sign_in import LINKS_FROM_NETWORK, LINKS_TO_ADDRESS, How
from app.kit.errors import NotFoundError
from app.models.people import Account
from app.store import jobs, people


@dataclass(frozen=True, slots=True)
class Slowed:
    """Too many links were asked for, for one address or from one network; there will be one again from `until`."""

    until: datetime
    of: Literal["address", "network"]


async def ask_for_link(db: AsyncSession, email: str, knock: Knock, address: str, back: str) -> Slowed | None:
    """Mail a link when the address is known, unless too many were asked for. Whoever asks cannot tell whether it is."""
    account = await people.account(db, email)
    slowed = await _slowed(db, email, account, knock)
    if slowed or account is None:
        return slowed
    token = await people.new_sign_in_link(db, account.id, knock.now)
    tail = f"?back={back}" if back != "/" else ""
    await jobs.defer(db, "send_sign_in_link", to=account.email, link=f"{address}/sign-in/{token}{tail}")
    return None


async def _slowed(db: AsyncSession, email: str, account: Account | None, knock: Knock) -> Slowed | None:
    until, first = await too_many(db, LINKS_FROM_NETWORK, knock.network, knock.now)
    if until:
        slowed = Slowed(until, "network")
    else:
        until, first = await too_many(db, LINKS_TO_ADDRESS, knock.hashed(email.strip().lower()), knock.now)
        if until is None:
            return None
        slowed = Slowed(until, "address")
    if first and account:
        viewer = await people.viewer(db, account.id, account.email)
        about = f"links for {account.email}: too many in an hour, last with {knock.browser}"
        await tell(db, viewer, knock.now, "Refused", about)
    return slowed


async def use_link(db: AsyncSession, token: str, knock: Knock) -> Opened | None:
    """Turn a link into a session, or None when the link was used or is too old."""
    account_id = await people.use_sign_in_link(db, token, knock.now)
    return await open_session(db, account_id, knock, How.LINK) if account_id else None


async def sign_in_as(db: AsyncSession, email: str, knock: Knock) -> Opened | None:
    """A session without a link: the demo's click. None when nobody has this address."""
    account = await people.account(db, email)
    return await open_session(db, account.id, knock, How.DEMO) if account else None


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
