"""When an event leaves a feed, and the revision that only ever rises (docs/rules/feeds.md)."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

SECOND = timedelta(seconds=1)
CANCELLED_STAYS = timedelta(days=60)
STAYS_MONTHS = 12


def whole_second(moment: datetime) -> datetime:
    """The moment in UTC without its fraction: calendars know no smaller unit. Refuses a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is refused")
    return moment.astimezone(UTC).replace(microsecond=0)


def leaves_at(ends: datetime, cancelled_at: datetime | None = None) -> datetime:
    """The moment at which an event leaves the feed: 12 months after its end, a cancelled one 60 days after that."""
    months = ends.astimezone(UTC).month - 1 + STAYS_MONTHS
    year, month = ends.astimezone(UTC).year + months // 12, months % 12 + 1
    day = min(ends.astimezone(UTC).day, monthrange(year, month)[1])  # 29 February leaves on the 28th
    leaves = ends.astimezone(UTC).replace(year=year, month=month, day=day)
    return leaves if cancelled_at is None else min(leaves, cancelled_at.astimezone(UTC) + CANCELLED_STAYS)


def in_window(ends: datetime, cancelled_at: datetime | None, now: datetime) -> bool:
    """Whether a feed shows the event now; all of the future is inside."""
    return now < leaves_at(ends, cancelled_at)


def valid_until(leaving: Iterable[datetime]) -> datetime | None:
    """The next moment at which a rendered body is out of date by itself; None when it holds nothing."""
    return min(leaving, default=None)


def next_revision(previous: datetime | None, now: datetime, newest_change: datetime | None = None) -> datetime:
    """A whole second after `previous`, never before now or the newest LAST-MODIFIED in the body (RFC 9110 8.8.2)."""
    floor = [whole_second(now)]
    if previous is not None:
        floor.append(whole_second(previous) + SECOND)
    if newest_change is not None:
        floor.append(whole_second(newest_change))
    return max(floor)
