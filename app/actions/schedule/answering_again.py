"""Reminding those who have not said whether they can come: by a button, and once by itself before the last day."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.schedule.holding import a_letter, ready
from app.domain.access import Can
from app.domain.mail.kinds import Kind
from app.domain.schedule.answering import may_be_nudged, nudge_is_due
from app.domain.schedule.holding import nudge_letter
from app.kit.errors import ConflictError
from app.kit.periods import in_london
from app.models.hubs import Hub
from app.models.schedule import Proposal
from app.store.mail.posting import Written, post
from app.store.schedule import answering, proposals

NOT_HELD = "The dates of this plan are not held, so nobody was asked. Hold them first."


async def nudge(actor: Actor, proposal_id: uuid.UUID) -> int:
    """Remind whoever has not answered all, at most once a day; how many people.

    Raises NotFoundError, ForbiddenError, or ConflictError for a plan that is not held.
    """
    actor.require(Can.PLAN)
    proposal = await ready(actor, proposal_id)
    if proposal.sent_at is None:
        raise ConflictError(NOT_HELD)
    count = await _remind(actor.db, proposal, actor.now, by=actor.person_id)
    if count:
        people = "1 person" if count == 1 else f"{count} people"
        await actor.record("Reminded", f"{people} of dates that are held", proposal=str(proposal.id))
    return count


async def nudge_due(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> int:
    """Each morning: remind those whose last day to answer is two days off, once; how many. The hub must be open."""
    today, count = in_london(now).date(), 0
    for proposal in await proposals.held(db, hub_id):
        if nudge_is_due(proposal.answer_by, today):
            count += await _remind(db, proposal, now, once=True)
    return count


async def _remind(
    db: AsyncSession, proposal: Proposal, now: datetime, *, once: bool = False, by: uuid.UUID | None = None
) -> int:
    today, deadline = in_london(now).date(), proposal.answer_by or in_london(now).date()
    hub = await db.get_one(Hub, proposal.hub_id)
    asks, said = await answering.of_plan(db, proposal.id)
    letters: list[Written] = []
    reminded: list[uuid.UUID] = []
    for ask in asks:
        missing = sum(not one.answer and one.day > today for one in said if one.ask_id == ask.id)
        last = [in_london(at).date() for at in (ask.asked_at, ask.nudged_at) if at is not None]
        if missing and not ask.left and not (once and ask.nudged_at) and may_be_nudged(last, today):
            words = nudge_letter(ask.name, hub.name, missing, max(deadline, today))
            letters.append(a_letter(ask, words, by, Kind.REMINDER))
            reminded.append(ask.id)
    await _note(db, reminded, now)
    await post(db, proposal.hub_id, letters, now)
    return len(letters)


async def _note(db: AsyncSession, ask_ids: Collection[uuid.UUID], now: datetime) -> None:
    if ask_ids:
        await answering.nudged(db, ask_ids, now)
