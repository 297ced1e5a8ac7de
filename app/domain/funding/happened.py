"""What follows from what happened before any rate asks: who had to be freed from class."""

from datetime import datetime, time

from app.kit.periods import in_london

SCHOOL_ENDS = time(15, 30)  # a meeting that begins then or later needs nobody freed
WEEKEND = 5


def frees_somebody(starts: datetime) -> bool:
    """Whether whoever comes to something that begins then misses a half-day of class: before 3.30pm on a weekday."""
    local = in_london(starts)
    return local.weekday() < WEEKEND and local.time() < SCHOOL_ENDS
