"""Ending sign-ins from afar."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.sign_in.knocking import tell
from app.domain.access import Viewer
from app.domain.sign_in import browser_named
from app.kit.errors import NotFoundError
from app.store.sign_in import browsers


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody at their own account: who, with which session, signed in how."""

    db: AsyncSession
    viewer: Viewer
    session_id: uuid.UUID | None
    how: str
    now: datetime

    @property
    def account_id(self) -> uuid.UUID:
        """The account; raises NotFoundError for nobody."""
        if self.viewer.account_id is None:
            raise NotFoundError
        return self.viewer.account_id

    async def told(self, did: str, about: str) -> None:
        """Note it in the trail of each hub."""
        await tell(self.db, self.viewer, self.now, did, about)


async def end_browser(holder: Holder, session_id: uuid.UUID) -> str:
    """End one sign-in of this account, at once; the browser in words. Raises NotFoundError."""
    found = await browsers.one(holder.db, holder.account_id, session_id, holder.now)
    if found is None:
        raise NotFoundError
    words = browser_named(found.agent)
    await browsers.end(holder.db, holder.account_id, only=session_id)
    await holder.told("Signed out", f"{words}, from another browser" if session_id != holder.session_id else words)
    return words


async def end_others(holder: Holder) -> int:
    """End every sign-in of this account but this one, at once: how many."""
    ended = await browsers.end(holder.db, holder.account_id, but=holder.session_id)
    if ended:
        await holder.told("Signed out", f"every other browser: {ended}")
    return ended
