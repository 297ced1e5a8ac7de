"""The year's grid while dates are moved by hand: which marks can be taken, and the way back after a move."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from app.domain.access import Can, Target, Viewer, decide
from app.pages._parts import Asked
from app.store.meetings.events import EventRow

HELD, PINNED, LATEST = "by-hand", "by-hand by-hand--pinned", " by-hand--latest"
PLACES = re.compile(r"[0-9a-f]{32}\.[0-9apm._a-f]{1,3000}")  # as domain/schedule/wishes.py writes them


@dataclass(frozen=True, slots=True)
class ByHand:
    """Moving dates on the grid: `href` turns it on, or off while it is `on`; `undo` asks whether to move them back."""

    on: bool
    href: str
    year: int
    undo: str


@dataclass(frozen=True, slots=True)
class Takeable:
    """What the viewer may take in hand: the look of each such mark."""

    looks: dict[uuid.UUID, str]
    on: bool = False

    def look(self, event: uuid.UUID) -> str:
        """The CSS class of a mark; empty where it cannot be taken, and while nobody moves dates by hand."""
        return self.looks.get(event, "") if self.on else ""

    def href(self, event: uuid.UUID, address: str) -> str:
        """Where a mark leads: to the days it could be on, or to the date itself."""
        return f"{address}/events/{event}/move" if self.look(event) else f"{address}/events/{event}"


def takeable(rows: Iterable[EventRow], viewer: Viewer, hub_id: uuid.UUID, asked: Asked, now: datetime) -> Takeable:
    """The certain dates ahead that the viewer may change; "at" in the address marks the one that was moved last."""
    on, latest = asked.value("hand") == "yes" and asked.value("view") != "list", asked.value("at")
    found = (row for row in rows if row.status == "confirmed" and row.starts_at > now and _may(viewer, hub_id, row))
    looks = {
        row.id: (PINNED if row.pinned else HELD) + (LATEST if row.id.hex == latest else "")
        for row in islice(found, None if on else 1)  # while it is off, one is enough to offer it
    }
    return Takeable(looks, on)


def _may(viewer: Viewer, hub_id: uuid.UUID, row: EventRow) -> bool:
    target = Target(hub_id, frozenset({row.lead_id}), row.group_id, frozenset({row.urn}))
    return bool(decide(viewer, Can.EDIT_EVENTS, target))


def by_hand(found: Takeable, asked: Asked, year: int, address: str) -> ByHand | None:
    """The way into moving dates and out of it; None where there is nothing that the viewer could move."""
    if not found.looks or asked.value("view") == "list":
        return None
    back = asked.value("undo")
    undo = f"{address}/events/{uuid.UUID(back[:32])}/move?to={back}&year={year}" if PLACES.fullmatch(back) else ""
    href = asked.link(hand="" if found.on else "yes", at="", undo="")
    return ByHand(found.on, href, year, undo if found.on else "")
