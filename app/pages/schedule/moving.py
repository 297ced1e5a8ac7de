"""The question before dates are moved by hand, and the way back afterwards."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.schedule import wishes
from app.domain.schedule.by_hand import refuse
from app.domain.schedule.by_hand_words import costs
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.wishes import Wish
from app.kit.errors import BadInputError, NotFoundError
from app.pages._parts import Confirm
from app.pages.schedule.taken import HALVES, Taken, affected, taken


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Another half-day or host of the same day: where, what it would mean, and the link that asks about it."""

    where: str
    means: str
    href: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """Asks before dates move; `others` are the other places of the day, the cheapest first."""

    template: ClassVar[str] = "schedule/moving.html"
    confirm: Confirm
    others: tuple[OtherPlace, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to move where; with a `year` the person comes from its grid, and goes back there."""

    places: tuple[Wish, ...]
    year: str = ""

    def grid(self, found: Taken) -> str:
        """The address of that grid, the date in hand marked."""
        return f"{found.address}/year?year={self.year}&hand=yes&at={found.row.id.hex}" if self.year else ""


@dataclass(frozen=True, slots=True)
class MovedPage:
    """Dates have moved: where they are now, and the link that asks whether to move them back, if that is known."""

    template: ClassVar[str] = "schedule/moved.html"
    heading: str
    lines: tuple[str, ...]
    here: str
    undo: str


async def confirm_page(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, wanted: Wanted, now: datetime
) -> MovePage:
    """What moving these dates would do, and to whom.

    Raises NotFoundError, or ConflictError where a rule is against it.
    """
    found = await taken(db, viewer, member, event_id, now, [wish.event for wish in wanted.places])
    rows = [found.rows[wish.event] for wish in wanted.places]
    if found.own is not None and not found.own.issuperset(row.key for row in rows):
        raise NotFoundError
    places = [wish.as_placed(row.key, row.kind) for wish, row in zip(wanted.places, rows, strict=True)]
    refuse(found.hand, places)
    alone = len(places) == 1
    return MovePage(
        Confirm(
            question=f"Move {found.heading}?" if alone else f"Move these {len(places)} dates?",
            happens=_happens(found, places),
            action=f"{found.here}/move",
            submit="Move it" if alone else "Move them",
            back=wanted.grid(found) or f"{found.here}/move",
            kept=(("to", wishes.written(wanted.places)), *((("year", wanted.year),) if wanted.year else ())),
            harm=False,
        ),
        others=tuple(_others(found, places[0], wanted.year)) if alone else (),
    )


def _happens(found: Taken, places: Sequence[PlacedEvent]) -> tuple[str, ...]:
    hand = found.hand
    moves = (
        f"{hand.called(each.event)}: from {found.spoken(hand.board.placed[each.event])} to {found.spoken(each)}."
        for each in places
    )
    means = costs(hand, hand.differences(*places))
    told = affected(found, [each.event for each in places])
    return (*moves, *means, *told, "Calendars show it the next time they look. You can move it back afterwards.")


def _others(found: Taken, chosen: PlacedEvent, year: str) -> Iterable[OtherPlace]:
    """The other free places of the day, the cheapest first, but for the place it has now."""
    hand, key = found.hand, chosen.event
    for option in hand.board.options(key).free:
        place = option.as_placed(key)
        if place.date == chosen.date and place not in {chosen, hand.board.placed[key]}:
            at = f", at {hand.names.get(place.host, place.host)}" if place.host else ""
            where = f"{HALVES[place.slot].capitalize()}{at}"
            to = wishes.written([found.wish(place)])
            href = f"{found.here}/move?to={to}" + (f"&year={year}" if year else "")
            yield OtherPlace(where, " ".join(costs(hand, hand.differences(place))), href)


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
