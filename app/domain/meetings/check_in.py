"""Checking in by a code that changes: what stands on the leader's screen, and what is taken (decision 16).

Nothing of a code is stored: it follows from the server's own key, the event and the half-minute.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.meetings.attendance import EARLY, Timed
from app.domain.sign_in import Limit
from app.kit.links import read_link, signed_link
from app.kit.tokens import same, signature

STEP = 30  # seconds for which a code is shown; it is taken for as long again
AFTER = timedelta(minutes=60)
PASS = timedelta(minutes=10)
DESK = 4
LETTERS = "BCDFGHJKMNPRSTVWXYZ"  # nothing that looks like a digit, and no vowel to make a word of
WRONG_CODES = Limit("wrong codes from a network", 60)
_CODE = re.compile(rf"([A-Z]{{{DESK}}})(\d{{4}})")
_PASS = re.compile(r"([0-9a-f]{8,10})\.(.{64})")


@dataclass(frozen=True, slots=True)
class Key:
    """What a right code opens: an event of a hub; `pass_` opens it again for ten minutes from the first time."""

    hub_id: uuid.UUID
    event_id: uuid.UUID
    pass_: str


def step_of(now: datetime) -> int:
    """The half-minute that this instant lies in."""
    return int(now.timestamp()) // STEP


def seconds_left(now: datetime) -> int:
    """Seconds until the code on the screen changes."""
    return STEP - int(now.timestamp()) % STEP


def digits(secret: bytes, event_id: uuid.UUID, step: int) -> str:
    """The four digits of a half-minute."""
    return f"{int(signature(secret, 'check in', str(event_id), str(step))[:12], 16) % 10_000:04d}"


def token(secret: bytes, hub_id: uuid.UUID, event_id: uuid.UUID, step: int) -> str:
    """What the QR code of a half-minute leads to."""
    return signed_link(secret, f"here {step}", hub_id, event_id)


def read_code(text: str) -> tuple[str, str] | None:
    """The desk's letters and the digits of a typed code, however it is spaced; None for anything else."""
    found = _CODE.fullmatch(re.sub(r"[\s.\-]+", "", text).upper()[:20])
    return (found[1], found[2]) if found else None


def is_right(secret: bytes, event_id: uuid.UUID, typed: str, now: datetime) -> bool:
    """Whether these are the digits of this half-minute or the one before."""
    step = step_of(now)
    return any(same(typed, digits(secret, event_id, one)) for one in (step, step - 1))


def new_pass(secret: bytes, hub_id: uuid.UUID, event_id: uuid.UUID, now: datetime) -> str:
    """A pass for ten minutes."""
    issued = f"{int(now.timestamp()):x}"
    return f"{issued}.{signed_link(secret, f'here since {issued}', hub_id, event_id)}"


def open_with(secret: bytes, said: str, now: datetime) -> Key | None:
    """What a token of the QR code, or a pass, opens now; None when it opens nothing (any more)."""
    found = _PASS.fullmatch(said)
    if found:
        issued, link = found.groups()
        named = read_link(secret, f"here since {issued}", link)
        age = now.timestamp() - int(issued, 16)
        return Key(*named, said) if named and 0 <= age <= PASS.total_seconds() else None
    step = step_of(now)
    for one in (step, step - 1):
        named = read_link(secret, f"here {one}", said)
        if named:
            return Key(*named, new_pass(secret, *named, now))
    return None


def can_open(event: Timed, now: datetime) -> bool:
    """Whether this is the time to check in: from an hour before an event until an hour after it."""
    return event.starts_at - EARLY <= now <= event.ends_at + AFTER
