"""The only place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime | None) -> Clock:
    """A clock that reads `start` at this moment and then goes on; the system's own when `start` is None."""
    if start is None:
        return system_clock
    shift: timedelta = start - datetime.now(UTC)
    return lambda: datetime.now(UTC) + shift
