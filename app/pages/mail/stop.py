"""What the link in a message opens: stop messages of its kind, and let them come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.mail.choices import Choice
from app.domain.mail.kinds import Kind, kind_of, stopped_by
from app.store.mail import choosing
from app.store.mail.posting import choices_of


@dataclass(frozen=True, slots=True)
class StopPage:
    """One question: whether messages of a kind should stop. `undo` holds the kinds that were stopped just now."""

    template: ClassVar[str] = "mail/stop.html"
    name: str
    hub: str
    kind: str
    says: str
    can_stop: bool
    stopped: bool
    action: str
    undo: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopGonePage:
    """A link that names nobody, or somebody who has left. `choices` is the address of everyone's own choices."""

    template: ClassVar[str] = "mail/stop_gone.html"
    choices: str


async def load(
    db: AsyncSession, secret: bytes, token: str, word: str, undo: Sequence[Kind] = ()
) -> StopPage | StopGonePage:
    """What a link in a message opens: at most four statements; it changes nothing."""
    who = await choosing.named(db, secret, token)
    if who is None:
        return StopGonePage("/my/messages")
    choice = (await choices_of(db, [who.person_id])).get(who.person_id, Choice())
    kinds, kind = stopped_by(word), kind_of(word)
    return StopPage(
        name=who.name,
        hub=who.hub,
        kind=kind.law.name if kind else "",
        says=kind.law.says if kind else "",
        can_stop=bool(kinds),
        stopped=bool(kinds) and {one.value for one in kinds} <= choice.stopped,
        action=f"/unsubscribe/{token}?kind={kind.value if kind else ''}",
        undo=tuple(one.value for one in undo),
    )
