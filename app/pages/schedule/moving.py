"""The question before dates are moved by hand, and the way back afterwards."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.schedule import wishes
from app.domain.schedule.by_hand import refuse
from app.domain.schedule.by_hand_words import costs
from app.domain.schedule.wishes import Wish
from app.kit.errors import BadInputError, NotFoundError
from app.pages._parts import Confirm
from app.pages.schedule.asking import ProposalConfirmPage
from app.pages.schedule.taken import affected, taken


@dataclass(frozen=True, slots=True)
class MovedPage:
    """Dates have moved: where they are now, and the link that asks whether to move them back, if that is known."""

    template: ClassVar[str] = "schedule/moved.html"
    heading: str
    lines: tuple[str, ...]
    here: str
    undo: str


async def confirm_page(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, wanted: Sequence[Wish], now: datetime
) -> ProposalConfirmPage:
    """What moving these dates would do, and to whom.

    Raises NotFoundError, or ConflictError where a rule is against it.
    """
    found = await taken(db, viewer, member, event_id, now, [wish.event for wish in wanted])
    rows = [found.rows[wish.event] for wish in wanted]
    if found.own is not None and not found.own.issuperset(row.key for row in rows):
        raise NotFoundError
    places = [wish.as_placed(row.key, row.kind) for wish, row in zip(wanted, rows, strict=True)]
    refuse(found.hand, places)
    moves = tuple(
        f"{found.hand.called(each.event)}: from {found.spoken(found.hand.board.placed[each.event])} "
        f"to {found.spoken(each)}."
        for each in places
    )
    means = costs(found.hand, found.hand.differences(*places))
    question = f"Move {found.heading}?" if len(places) == 1 else f"Move these {len(places)} dates?"
    told = affected(found, [row.key for row in rows])
    happens = (*moves, *means, *told, "Calendars show it the next time they look. You can move it back afterwards.")
    return ProposalConfirmPage(
        Confirm(
            question=question,
            happens=happens,
            action=f"{found.here}/move",
            submit="Move it" if len(places) == 1 else "Move them",
            back=f"{found.here}/move",
            kept=(("to", wishes.written(wanted)),),
            harm=False,
        )
    )


async def moved_page(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, back: str, now: datetime
) -> MovedPage:
    """Where the dates are now, and the way back, where `back` can be read.

    Raises NotFoundError, and ConflictError for what is not certain and ahead.
    """
    old = _read(back)
    found = await taken(db, viewer, member, event_id, now, [wish.event for wish in old])
    keys = [found.rows[wish.event].key for wish in old] or [found.row.key]
    if found.own is not None and not found.own.issuperset(keys):
        raise NotFoundError
    lines = tuple(f"{found.hand.called(key)}: {found.spoken(found.hand.board.placed[key])}." for key in keys)
    return MovedPage(found.heading, lines, found.here, f"{found.here}/move?to={wishes.written(old)}" if old else "")


def _read(back: str) -> tuple[Wish, ...]:
    try:
        return wishes.read(back)
    except BadInputError:
        return ()
