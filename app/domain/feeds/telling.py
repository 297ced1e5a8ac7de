"""Which changes are mailed at once, because calendar programs may ask too late or hide them (docs/rules/feeds.md)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = timedelta(hours=48)
FIXED = {"confirmed", "held"}


@dataclass(frozen=True, slots=True)
class Before:
    """How an event stood when it was shown last."""

    starts: datetime
    status: str


def told_at_once(before: Before | None, starts: datetime, status: str, now: datetime) -> bool:
    """Whether a change is mailed to everyone it touches, as well as shown in their feeds.

    A fixed date that starts, or started before it was moved, within 48 hours from now; and any fixed date ahead
    that is cancelled, because Google hides what is cancelled. Proposed dates are never mailed.
    """
    was_fixed = before is not None and before.status in FIXED
    if status == "cancelled":
        return before is not None and was_fixed and before.starts > now
    if status not in FIXED:
        return False
    return _soon(starts, now) or (before is not None and was_fixed and _soon(before.starts, now))


def _soon(starts: datetime, now: datetime) -> bool:
    return now < starts <= now + SOON
