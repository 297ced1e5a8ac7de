"""Meetings of last year kept on their weekday and week in a new year: a plan is proposed around them."""

import uuid
from collections.abc import Collection
from typing import Any

from app.actions.access import Actor
from app.actions.schedule.choosing import propose_with
from app.domain.access import Can
from app.domain.schedule.exceptions_kept import kept_dates
from app.domain.schedule.plan import PlacedEvent
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import in_london
from app.store.schedule.facts import read_year

ANEW = "One of these dates cannot be kept any more. Look at them once more, then propose the plan."


async def keep_dates(actor: Actor, year: int, events: Collection[str]) -> uuid.UUID:
    """Propose a plan of the year in which these meetings are where they were last year; returns the proposal.

    Raises BadInputError (none ticked, facts lacking) and ConflictError (one cannot be kept, two are too near).
    """
    actor.require(Can.PLAN)
    if not events:
        raise BadInputError("Nothing has been proposed yet.", (Fault("keep", "Tick at least one date to keep."),))
    today, hub_id = in_london(actor.now).date(), actor.member.hub_id
    old, new = await read_year(actor.db, hub_id, year - 1, today), await read_year(actor.db, hub_id, year, today)
    free = {one.event: one.placed for one in kept_dates(old, new) if one.placed and not one.because}
    if not set(events) <= free.keys():
        raise ConflictError(ANEW)
    return await propose_with(actor, year, [_fixed(placed) for event, placed in free.items() if event in set(events)])


def _fixed(placed: PlacedEvent) -> dict[str, Any]:
    return {"event": placed.event, "date": placed.date.isoformat(), "slot": placed.slot, "host": placed.host}
