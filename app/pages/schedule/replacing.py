"""A date falls through: the best replacements with the fewest moves, who is affected, and why others move along."""

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.schedule import wishes
from app.domain.schedule.by_hand_words import costs
from app.kit.errors import NoPlanError
from app.kit.periods import in_london, spoken_date
from app.pages._parts import Asked
from app.pages.schedule.taken import Taken, count_told, taken
from app.solver.schedule.model import Clock
from app.solver.schedule.repair import Repair, Repairs, Replacement

SECONDS = 1.0  # of solving while somebody waits
LONGEST = 70  # days of an absence
LATE = "No way out was found within a second, and none was ruled out. Propose a new plan to have it looked at longer."
OTHERS = "There are ways that move dates which others lead. Ask your hub coordinator to choose one of them."


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A date that would move, and why."""

    what: str
    was: str
    now: str
    because: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: the fallen date first; `means` what it costs, `told` whom it affects, `href` chooses it."""

    heading: str
    moves: tuple[MoveLine, ...]
    means: tuple[str, ...]
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class ReplacingPage:
    """What could take the place of a date that falls through; `because` says why there is none, or no more."""

    template: ClassVar[str] = "schedule/replacing.html"
    heading: str
    now: str
    here: str
    until: str
    first: str
    pinned: bool
    ways: tuple[Way, ...]
    because: tuple[str, ...]


async def replacing_page(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime
) -> ReplacingPage:
    """Up to three ways; raises NotFoundError, and ConflictError for what is not certain and ahead."""
    found = await taken(db, viewer, member, event_id, now)
    today, day = in_london(now).date(), found.row.day
    until = _until(asked.value("until"), day)
    ways: tuple[Way, ...] = ()
    because: tuple[str, ...] = ()
    if not found.row.pinned:
        gone = frozenset({today} | {day + timedelta(n) for n in range((until - day).days + 1)})
        ways, because = await asyncio.to_thread(_ways, found, gone, today)
    return ReplacingPage(
        heading=found.heading,
        now=found.spoken(found.hand.board.placed[found.row.key]),
        here=found.here,
        until="" if until == day else str(until),
        first=str(day),
        pinned=found.row.pinned,
        ways=ways,
        because=because,
    )


def _until(text: str, day: date) -> date:
    """The last day on which it cannot be; anything that is no later day is the day itself."""
    try:
        return min(max(day, date.fromisoformat(text)), day + timedelta(LONGEST))
    except ValueError:
        return day


def _ways(found: Taken, gone: frozenset[date], today: date) -> tuple[tuple[Way, ...], tuple[str, ...]]:
    """The ways out and why there are no more; a second of solving at most, apart from the requests."""
    hand = found.hand
    try:
        repairs = Repair(hand.problem, {found.row.key: gone}, Clock.of(SECONDS)).ways()
    except NoPlanError:
        return (), (LATE,)
    mine = [way for way in repairs.replacements if _may(found, way, today)]
    ways = tuple(_way(found, way) for way in mine)
    return ways, _because(found, repairs, mine)


def _because(found: Taken, repairs: Repairs, mine: Iterable[Replacement]) -> tuple[str, ...]:
    if list(mine):
        return ()
    return (OTHERS,) if repairs.replacements else tuple(found.hand.spoken(each) for each in repairs.because)


def _may(found: Taken, way: Replacement, today: date) -> bool:
    own = found.own is None or found.own.issuperset(each.event for each in way.moves)
    return own and all(each.now.date > today for each in way.moves)


def _way(found: Taken, way: Replacement) -> Way:
    hand, places = found.hand, [each.now for each in way.moves]
    moves = tuple(
        MoveLine(
            hand.called(each.event),
            found.spoken(each.was) if each.was else "No date yet",
            found.spoken(each.now),
            hand.spoken(each.because) if n else "This is the date that falls through.",
        )
        for n, each in enumerate(way.moves)
    )
    others = len(moves) - 1
    along = f", and {'1 other date moves' if others == 1 else f'{others} other dates move'}" if others else ""
    return Way(
        heading=f"{spoken_date(places[0].date)}{along}",
        moves=moves,
        means=costs(hand, hand.differences(*places)),
        told=count_told(found, [each.event for each in places]),
        href=f"{found.here}/move?to={wishes.written(found.wish(each) for each in places)}",
    )
