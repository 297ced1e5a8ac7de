"""What a calendar program asks of a feed over HTTP: validators, dates and encodings (RFC 9110 12.5.3 and 13)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

DAYS = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
LONG_DAYS = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH = f"(?P<month>{'|'.join(MONTHS)})"
CLOCK = "(?P<hour>[0-2][0-9]):(?P<minute>[0-5][0-9]):(?P<second>[0-6][0-9])"
# RFC 9110 5.6.7: the one form to send, and the two old ones that must still be understood.
DATES = tuple(
    re.compile(form)
    for form in (
        f"{DAYS}, (?P<day>[0-3][0-9]) {MONTH} (?P<year>[0-9]{{4}}) {CLOCK} GMT",
        f"{LONG_DAYS}, (?P<day>[0-3][0-9])-{MONTH}-(?P<year>[0-9]{{2}}) {CLOCK} GMT",
        f"{DAYS} {MONTH} (?P<day>[ 0-3][0-9]) {CLOCK} (?P<year>[0-9]{{4}})",
    )
)
TAG = '(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAG_LIST = re.compile(rf"[ \t,]*{TAG}(?:[ \t]*,(?:[ \t]*,)*[ \t]*{TAG})*[ \t,]*")
OPAQUE = re.compile('"([\x21\x23-\x7e\x80-\xff]*)"')
GZIP_SUFFIX = "-gz"
ANY_TAG = "*"


def entity_tag(body: bytes) -> str:
    """The strong ETag of a body, in its quotes: a hash, so equal bytes have equal tags."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def zipped_tag(etag: str) -> str:
    """The ETag of the gzip form of the body that has this one."""
    return f'{etag[:-1]}{GZIP_SUFFIX}"'


@lru_cache(maxsize=1024)  # feeds are asked for far more often than they change
def http_date(moment: datetime) -> str:
    """Thu, 24 Sep 2026 08:30:00 GMT, whatever the machine's locale."""
    utc = moment.astimezone(UTC)
    return f"{WEEKDAYS[utc.weekday()]}, {utc.day:02d} {MONTHS[utc.month - 1]} {utc.year:04d} {utc:%H:%M:%S} GMT"


def parsed_http_date(text: str) -> datetime | None:
    """The instant that an HTTP date names; None when it is not one."""
    match = next((found for form in DATES if (found := form.fullmatch(text.strip(" \t")))), None)
    if match is None:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 70 else 1900
    second = min(int(match["second"]), 59)  # a leap second is the one before it
    try:
        month = MONTHS.index(match["month"]) + 1
        return datetime(year, month, int(match["day"]), int(match["hour"]), int(match["minute"]), second, tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions of a request: the tags it knows, in no quotes and without -gz, or the date it knows."""

    tags: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def plain(self) -> bool:
        """Whether the whole body is wanted in any case."""
        return not self.tags and self.since is None

    def unchanged(self, etag: str, revision: datetime) -> bool:
        """Whether the answer is 304 Not Modified for the body with this plain ETag and revision."""
        if self.tags:
            return ANY_TAG in self.tags or etag.strip('"') in self.tags
        return self.since is not None and revision <= self.since


def asked_for(if_none_match: str | None, if_modified_since: str | None) -> Asked:
    """What the two headers ask; If-None-Match wins (RFC 9110 13.2.2), and what cannot be read asks for the body."""
    if if_none_match is None:
        return Asked(since=None if if_modified_since is None else parsed_http_date(if_modified_since))
    if if_none_match.strip(" \t") == ANY_TAG:
        return Asked(tags=(ANY_TAG,))
    if not TAG_LIST.fullmatch(if_none_match):
        return Asked()
    return Asked(tags=tuple(tag.removesuffix(GZIP_SUFFIX) for tag in OPAQUE.findall(if_none_match) if tag != ANY_TAG))


@lru_cache(maxsize=256)  # programs send the same few
def wants_gzip(accept_encoding: str | None) -> bool:
    """Whether the gzip form is acceptable and not liked less than the plain one."""
    weights: dict[str, float] = {}
    for part in (accept_encoding or "").lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.replace(" ", "").partition("=")
        weights[coding.strip()] = _weight(value) if name == "q" else 1.0
    zipped = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return zipped > 0 and zipped >= weights.get("identity", 0.0)


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", text) else 0.0
