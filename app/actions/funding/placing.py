"""The open statements that take lines which no renewal puts anywhere: adjustments, and what was queried at a close."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from app.actions.access import Actor
from app.domain.funding.opening import Opening, placed
from app.domain.funding.statements import State
from app.models.funding import FundingYear
from app.store.funding import renewing, statements


async def place(
    actor: Actor, held: FundingYear, wanted: Sequence[tuple[int, date]], closing: Collection[uuid.UUID] = ()
) -> list[uuid.UUID]:
    """The open statement for each URN and day, opened where there is none; never one that is `closing`.

    The caller holds the year. What was brought from elsewhere keeps its statements to itself.
    """
    if not wanted:
        return []
    aside = await renewing.brought(actor.db, held.hub_id)
    shut = {str(one) for one in closing}
    known = [
        replace(one, state=State.CLOSED) if one.id in shut else one
        for one in await statements.of_year(actor.db, held.hub_id, held.year)
        if one.id not in aside
    ]
    places = placed(held.per, held.every, held.year, known, wanted)
    new = list(dict.fromkeys(one for one in places if isinstance(one, Opening)))
    opened = await statements.open_new(actor.db, held.hub_id, actor.member.hub_code, new, actor.now)
    made = dict(zip(new, opened, strict=True))
    return [uuid.UUID((made[one] if isinstance(one, Opening) else one).id) for one in places]
