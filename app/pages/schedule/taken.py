"""A date taken in hand: the event, the year around it, and what of the year its viewer may see named."""

import asyncio
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach, Target, Viewer, decide
from app.domain.schedule.by_hand import Hand, in_hand
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.wishes import Wish
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.store.meetings import events
from app.store.meetings.events import EventWhole
from app.store.schedule.ahead import Ahead, certain
from app.store.schedule.facts import read_year

HALVES = {"am": "in the morning", "pm": "in the afternoon"}


@dataclass(frozen=True, slots=True)
class Taken:
    """One date with all certain dates of its year; `own` are the keys that the viewer may move (None: all)."""

    whole: EventWhole
    rows: dict[uuid.UUID, Ahead]
    hand: Hand
    own: frozenset[str] | None
    address: str

    @property
    def row(self) -> Ahead:
        """The date itself."""
        return self.rows[self.whole.row.id]

    @property
    def here(self) -> str:
        """The address of its page."""
        return f"{self.address}/events/{self.row.id}"

    @property
    def heading(self) -> str:
        """What people call it."""
        return self.hand.called(self.row.key)

    def spoken(self, placed: PlacedEvent) -> str:
        """A place in words: day, half-day, and the host of a meeting."""
        at = f", at {self.hand.names.get(placed.host, placed.host)}" if placed.host else ""
        return f"{spoken_date(placed.date)} {HALVES[placed.slot]}{at}"

    def wish(self, placed: PlacedEvent) -> Wish:
        """A place as a wish for the event that stands there now."""
        row = next(row for row in self.rows.values() if row.key == placed.event)
        urn = int(placed.host.removeprefix("s")) if placed.host else row.urn
        return Wish(row.id, row.version, placed.date, placed.slot, urn)


async def taken(
    db: AsyncSession,
    viewer: Viewer,
    member: Member,
    event_id: uuid.UUID,
    now: datetime,
    others: Collection[uuid.UUID] = (),
) -> Taken:
    """The date, with others that move along, in 18 statements.

    Raises NotFoundError, also for what the viewer may not change, and ConflictError for what is not ahead and certain.
    """
    whole = await events.one(db, member, event_id)
    if whole is None or not _may(viewer, member, whole):
        raise NotFoundError
    if whole.row.status != "confirmed" or whole.row.starts_at <= now:
        day = spoken_date(whole.row.day)
        raise ConflictError(f"The date on {day} is not certain and ahead, so there is nothing to move.")
    rows = await certain(db, member.hub_id, whole.year)
    if set(others) - set(rows):
        raise NotFoundError
    known = await read_year(db, member.hub_id, whole.year, in_london(now).date())
    keys = [rows[each].key for each in {event_id, *others}]
    hand = await asyncio.to_thread(in_hand, known, keys)
    office = Reach.HUB in member.reaches(Can.EDIT_EVENTS)
    own = None if office else frozenset(row.key for row in rows.values() if _leads(member, row))
    return Taken(whole, rows, hand, own, f"/hubs/{member.hub_code}")


def _may(viewer: Viewer, member: Member, whole: EventWhole) -> bool:
    target = Target(member.hub_id, frozenset({whole.lead_id}), whole.row.group_id, frozenset({whole.row.urn}))
    return bool(decide(viewer, Can.EDIT_EVENTS, target))


def _leads(member: Member, row: Ahead) -> bool:
    return row.lead_id == member.person_id


def affected(found: Taken, keys: Sequence[str]) -> tuple[str, ...]:
    """Who must be told when these events move, in sentences."""
    people, schools = found.hand.told(keys)
    named = [found.hand.names.get(each, "somebody") for each in people]
    at = [found.hand.names.get(each, each) for each in schools]
    count = "1 person is" if len(named) == 1 else f"{len(named)} people are"
    return (
        f"{count} told: {', '.join(sorted(named))}.",
        f"{'School' if len(at) == 1 else 'Schools'}: {', '.join(at)}.",
    )


def count_told(found: Taken, keys: Sequence[str]) -> str:
    """How many must be told when these events move."""
    people, schools = (len(each) for each in found.hand.told(keys))
    who = "1 person" if people == 1 else f"{people} people"
    return f"{who} of {'1 school' if schools == 1 else f'{schools} schools'} {'is' if people == 1 else 'are'} told."
