"""What a calendar is told of one event, and when that counts as a change."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from app.domain.feeds.times import next_revision, whole_second

# C0 without the newline, DEL, C1, and lone surrogates, which no encoding can carry.
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n|[\u2028\u2029]")
# What Unicode calls white space, and the byte order mark, which JavaScript trims too.
EDGES = " \n\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """The STATUS of an event (RFC 5545 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


def cleaned(text: str) -> str:
    """The text as calendars may have it: no controls, line and paragraph separators as newlines, trimmed."""
    return CONTROLS.sub("", LINE_ENDS.sub("\n", text)).strip(EDGES)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event as every reader sees it: its text is cleaned and its times are whole seconds in UTC.

    Refuses (ValueError) times without a zone, an end that is not after the start, a place that is not on the globe,
    and a UID or address of several lines.
    """

    uid: str
    sequence: int
    last_modified: datetime
    starts: datetime
    ends: datetime
    summary: str
    status: Status
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    geo: tuple[float, float] | None = None  # latitude, longitude in degrees

    def __post_init__(self) -> None:
        """Make two events that read the same be the same."""
        for name in ("last_modified", "starts", "ends"):
            object.__setattr__(self, name, whole_second(getattr(self, name)))
        for name in ("uid", "summary", "location", "description", "url"):
            object.__setattr__(self, name, cleaned(getattr(self, name)))
        object.__setattr__(self, "status", Status(self.status))
        object.__setattr__(self, "categories", tuple(text for text in map(cleaned, self.categories) if text))
        if not self.uid or "\n" in self.uid + self.url:
            raise ValueError("a UID and an address are one line, and a UID is never empty")
        if self.ends <= self.starts:
            raise ValueError("an event ends after it starts")
        if self.geo is not None:
            latitude, longitude = (round(float(degrees), 6) + 0.0 for degrees in self.geo)
            if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
                raise ValueError("a place has a latitude of -90 to 90 and a longitude of -180 to 180 degrees")
            object.__setattr__(self, "geo", (latitude, longitude))


def same_to_readers(one: FeedEvent, other: FeedEvent) -> bool:
    """Whether a feed shows the two alike: everything counts but SEQUENCE and LAST-MODIFIED themselves."""
    return _shown(one) == _shown(other)


def raised(previous: FeedEvent | None, wanted: FeedEvent, now: datetime) -> FeedEvent:
    """The wanted event with the SEQUENCE and LAST-MODIFIED it must carry.

    Unchanged, it keeps both; on any change SEQUENCE rises by one and LAST-MODIFIED by at least a second, because
    Google takes no edit without both. A UID never changes: raises ValueError.
    """
    if previous is None:
        return replace(wanted, sequence=0, last_modified=whole_second(now))
    if previous.uid != wanted.uid:
        raise ValueError("an event keeps its UID for life")
    if same_to_readers(previous, wanted):
        return previous
    moved = next_revision(previous.last_modified, now)
    return replace(wanted, sequence=previous.sequence + 1, last_modified=moved)


def _shown(event: FeedEvent) -> FeedEvent:
    return replace(event, sequence=0, last_modified=NEVER)
