"""The third gate: every action asks here before it acts."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, No, Role, Target, Viewer, decide
from app.kit.errors import ForbiddenError
from app.store import trail
from app.store.hubs import webhooks

NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which hub, in which transaction, and when."""

    db: AsyncSession
    viewer: Viewer
    member: Member
    now: datetime

    @property
    def person_id(self) -> uuid.UUID | None:
        """Who acts, as a person of the hub; None for whoever works at the server's own command line."""
        return None if self.member.person_id == NOBODY else self.member.person_id

    def require(self, can: Can, target: Target | None = None) -> None:
        """Raise ForbiddenError with the reason unless the law allows it (target: the whole hub)."""
        decision = decide(self.viewer, can, target or Target(self.member.hub_id))
        if isinstance(decision, No):
            raise ForbiddenError(decision.because)

    async def record(self, did: str, about: str, *, before: Any = None, after: Any = None, **facts: Any) -> None:
        """Note in the trail what was done, and tell the hub's webhooks; `did` is a past participle.

        Of `before` and `after` what differs is kept. The facts name what it was done to: event, group, person, urn.
        """
        if self.viewer.token:
            facts["token"] = self.viewer.token  # who made it is named as whoever did it
        deed = trail.Deed(
            self.member.hub_id,
            self.now,
            did,
            about,
            self.viewer.account_id,
            facts,
            who=self.member.name,
            person_id=self.person_id,
            before=before,
            after=after,
        )
        await trail.record(self.db, deed)
        await webhooks.tell(self.db, deed, self.member.hub_code)


def operator(db: AsyncSession, hub_id: uuid.UUID, code: str, now: datetime) -> Actor:
    """Whoever has the server's command line acts as the hub's lead; the trail names no account."""
    member = Member(hub_id, code, code, NOBODY, "Command line", frozenset({Role.HUB_LEAD}))
    return Actor(db, Viewer(members=(member,)), member, now)
