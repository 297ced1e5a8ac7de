"""A plan that is not followed any more: others take its place, and nobody keeps days free for it."""

import uuid
from collections.abc import Collection

from app.actions.access import Actor
from app.domain.mail.kinds import Kind
from app.domain.schedule.holding import dropped_letter
from app.models.schedule import Proposal
from app.store.mail.posting import Written, post
from app.store.schedule import answering, proposals


async def displace_others(
    actor: Actor, kept: Proposal, *, chosen: bool = False, asked_again: Collection[uuid.UUID] = ()
) -> None:
    """Set the other plans of the year aside, of its own set only once it is `chosen`; whoever was asked of one hears.

    Those `asked_again` about the kept plan need no second letter.
    """
    for each in await proposals.set_aside_others(actor.db, kept, actor.now, chosen=chosen):
        await tell_who_was_asked(actor, each, kept.year, asked_again)


async def tell_who_was_asked(actor: Actor, proposal_id: uuid.UUID, year: int, but: Collection[uuid.UUID] = ()) -> None:
    """One letter to everybody who was asked about the dates of a plan that is dropped, but those."""
    letters = []
    for ask in await answering.asks(actor.db, proposal_id):
        if ask.person_id not in but:
            subject, text = dropped_letter(ask.name, actor.member.hub_name, year)
            letters.append(
                Written(Kind.CANCELLATION, ask.email, subject, text, person_id=ask.person_id, made_by=actor.person_id)
            )
    await post(actor.db, actor.member.hub_id, letters, actor.now)
