"""Who knocks: what a sign-in needs to know of the browser and the server, and how it is told to the hubs."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.sign_in import (
    WINDOW,
    WRONG_FROM_NETWORK,
    How,
    Limit,
    browser_named,
    can_have_passkeys,
    is_staff,
    network,
)
from app.kit.passkeys import Site
from app.kit.tokens import signature
from app.store import people, trail
from app.store.sign_in import browsers, passkeys, tries


@dataclass(frozen=True, slots=True)
class Knock:
    """One try to come in: when, from where, with what. `address` and `secret` are used here and stored nowhere."""

    now: datetime
    agent: str
    address: str = field(repr=False)
    secret: bytes = field(repr=False)
    site: Site

    @property
    def browser(self) -> str:
        """The browser in words."""
        return browser_named(self.agent)

    @property
    def network(self) -> bytes:
        """The network as a keyed hash."""
        return self.hashed(network(self.address))

    def hashed(self, text: str) -> bytes:
        """What stands for an address in the count of tries; without the server's key nobody can tell which it was."""
        return bytes.fromhex(signature(self.secret, "tries", text))


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody is in: their cookie, and whether to ask now if they want a passkey."""

    cookie: str
    offer: bool = False


async def open_session(db: AsyncSession, account_id: uuid.UUID, knock: Knock, how: How) -> Opened:
    """Sign a browser in and tell every hub of the account."""
    cookie = await people.new_session(db, account_id, knock.now, knock.agent, how.stored)
    viewer = await people.viewer(db, account_id, "")
    await tell(db, viewer, knock.now, "Signed in", f"{knock.browser}, by {how.value}")
    return Opened(cookie, await _offer(db, viewer, account_id, knock))


async def _offer(db: AsyncSession, viewer: Viewer, account_id: uuid.UUID, knock: Knock) -> bool:
    if not (is_staff(viewer.members) and can_have_passkeys(knock.site.host)):
        return False
    if await passkeys.count(db, account_id):
        return False
    return await browsers.offer_passkey(db, account_id, knock.now)


async def tell(db: AsyncSession, viewer: Viewer, now: datetime, did: str, about: str) -> None:
    """Note what an account did to its own way in, in the trail of each hub that it is in."""
    for member in viewer.members:
        deed = trail.Deed(
            member.hub_id, now, did, about, viewer.account_id, who=member.name, person_id=member.person_id
        )
        await trail.record(db, deed)


async def too_many(db: AsyncSession, limit: Limit, whose: bytes, now: datetime) -> tuple[datetime | None, bool]:
    """Count a try: until when there were too many (None: not yet), and whether this was the first of those."""
    count, began = await tries.count(db, limit, whose, now)
    return (began + WINDOW if count > limit.most else None), count == limit.most + 1


async def wrong(db: AsyncSession, knock: Knock) -> datetime | None:
    """Count a key that fits nothing: until when this network must wait, None while it need not.

    A right link or passkey opens all the same: 256 random bits are not guessed, and one person must not be able to shut
    out a whole school.
    """
    until, _ = await too_many(db, WRONG_FROM_NETWORK, knock.network, knock.now)
    return until


async def tidy(db: AsyncSession, now: datetime) -> None:
    """Forget what no longer serves: counted tries after an hour, links, challenges and sessions that ended."""
    await tries.tidy(db, now)
