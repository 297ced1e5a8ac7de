"""Places wished for by hand, as an address carries them: EVENT.VERSION.DAY.SLOT.URN, several joined by "_"."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.schedule.facts import school_id
from app.domain.schedule.plan import PlacedEvent
from app.kit.errors import BadInputError, Fault

MOST = 40  # events that move in one act
ONE = re.compile(r"([0-9a-f]{32})\.(\d{1,9})\.(\d{8})\.(am|pm)\.(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Wish:
    """An event, the version of it that was seen, and where it shall be; `urn` is the host or the visited school."""

    event: uuid.UUID
    version: int
    day: date
    slot: str
    urn: int

    def as_placed(self, key: str, kind: str) -> PlacedEvent:
        """The place as the plan writes it."""
        return PlacedEvent(key, self.day, self.slot, school_id(self.urn) if kind == "meeting" else None)


def written(wishes: Iterable[Wish]) -> str:
    """The wishes as a text of an address."""
    return "_".join(f"{one.event.hex}.{one.version}.{one.day:%Y%m%d}.{one.slot}.{one.urn}" for one in wishes)


def read(text: str) -> tuple[Wish, ...]:
    """The wishes out of an address. Raises BadInputError for anything that `written` does not write."""
    found = tuple(_one(part) for part in text.split("_")) if len(text) <= MOST * 70 else ()
    if not found or len(found) > MOST or len({one.event for one in found}) < len(found):
        raise _unread()
    return found


def _one(text: str) -> Wish:
    parts = ONE.fullmatch(text)
    if parts is None:
        raise _unread()
    try:
        day = date.fromisoformat(parts[3])
    except ValueError:
        raise _unread() from None
    return Wish(uuid.UUID(parts[1]), int(parts[2]), day, parts[4], int(parts[5]))


def _unread() -> BadInputError:
    because = "Choose one of the days on the page of the date that you want to move."
    return BadInputError("The new place cannot be read from this address.", (Fault("to", because),))
