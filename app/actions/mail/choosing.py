"""What people want by mail: said on their own page, or by the link in a message."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.domain.mail.choices import Choice
from app.domain.mail.kinds import STOPPABLE, Kind, stopped_by
from app.store import trail
from app.store.mail import choosing
from app.store.mail.posting import choices_of


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a link stopped just now; empty when it was stopped already."""

    kinds: tuple[Kind, ...]


async def choose(actor: Actor, wanted: Collection[str], *, digest: bool) -> None:
    """Keep which kinds the actor wants by mail, of those that can be stopped, and whether gathered into one a day."""
    before = (await choices_of(actor.db, [actor.member.person_id])).get(actor.member.person_id, Choice())
    after = Choice(digest, frozenset(kind.value for kind in STOPPABLE if kind.value not in wanted))
    await choosing.choose(actor.db, actor.member.hub_id, actor.member.person_id, after)
    await actor.record(
        "Chose",
        "what they get by mail",
        before=_told(before),
        after=_told(after),
        person=str(actor.member.person_id),
    )


async def stop_by_link(db: AsyncSession, secret: bytes, token: str, kind: str, now: datetime) -> Stopped | None:
    """Stop messages of a kind for whoever a link names; None for a link that names nobody.

    Of a message of the day, everything that comes in it. What cannot be stopped is left as it is.
    """
    who = await choosing.named(db, secret, token)
    if who is None:
        return None
    choice = (await choices_of(db, [who.person_id])).get(who.person_id, Choice())
    stopped = tuple(one for one in stopped_by(kind) if one.value not in choice.stopped)
    await _keep(db, who, choice, choice.stopped | {one.value for one in stopped}, now)
    return Stopped(stopped)


async def undo_by_link(db: AsyncSession, secret: bytes, token: str, kinds: Collection[str], now: datetime) -> bool:
    """Let these kinds come again; False for a link that names nobody."""
    who = await choosing.named(db, secret, token)
    if who is None:
        return False
    choice = (await choices_of(db, [who.person_id])).get(who.person_id, Choice())
    await _keep(db, who, choice, choice.stopped - set(kinds), now)
    return True


async def _keep(db: AsyncSession, who: choosing.Whose, before: Choice, stopped: Collection[str], now: datetime) -> None:
    after = Choice(before.digest, frozenset(stopped))
    if after == before:
        return
    await choosing.choose(db, who.hub_id, who.person_id, after)
    deed = trail.Deed(
        who.hub_id,
        now,
        "Chose",
        "what they get by mail",
        facts={"person": str(who.person_id), "link": True},
        who=who.name,
        person_id=who.person_id,
        before=_told(before),
        after=_told(after),
    )
    await trail.record(db, deed)


def _told(choice: Choice) -> dict[str, object]:
    names = [kind.law.name for kind in STOPPABLE if kind.value in choice.stopped]
    return {"one message a day": choice.digest, "stopped": names}
