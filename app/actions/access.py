"""The third gate: every action asks here before it acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, No, Target, Viewer, decide
from app.kit.errors import ForbiddenError
from app.store import trail


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which hub, in which transaction, and when."""

    db: AsyncSession
    viewer: Viewer
    member: Member
    now: datetime

    def require(self, can: Can, target: Target | None = None) -> None:
        """Raise ForbiddenError with the reason unless the law allows it (target: the whole hub)."""
        decision = decide(self.viewer, can, target or Target(self.member.hub_id))
        if isinstance(decision, No):
            raise ForbiddenError(decision.because)

    async def record(self, did: str, about: str, **facts: Any) -> None:
        """Note in the trail what was done; `did` is a past participle."""
        await trail.record(self.db, self.member.hub_id, self.viewer.account_id, self.now, did, about, **facts)
