"""Which calendar program fetched a feed, how often it asks, and what that means to its owner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache


class Client(StrEnum):
    """The calendar programs whose habits we know."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    NEXTCLOUD = "nextcloud"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Habits:
    """How a program calls itself to people, how often it asks, and the longest it usually stays away."""

    name: str
    asks: str
    patience: timedelta


CLIENTS = {
    Client.GOOGLE: Habits("Google Calendar", "every 4 to 24 hours", timedelta(hours=48)),
    Client.OUTLOOK: Habits("Outlook", "about every 3 hours", timedelta(hours=24)),
    Client.APPLE: Habits("Apple Calendar", "every hour to every week, as you set it", timedelta(days=7)),
    Client.THUNDERBIRD: Habits("Thunderbird", "every 30 minutes while it is open", timedelta(days=7)),
    Client.NEXTCLOUD: Habits("Nextcloud", "every hour", timedelta(hours=24)),
    Client.OTHER: Habits("another calendar program", "as often as it is set to", timedelta(days=7)),
}

# In this order: Outlook for iOS names Apple's system, and all browsers' kin say Mozilla.
MARKS = (
    (Client.THUNDERBIRD, ("thunderbird", "lightning/")),
    (Client.NEXTCLOUD, ("nextcloud", "owncloud")),
    (Client.GOOGLE, ("google-calendar-importer", "google-calendar", "googlebot")),
    (Client.OUTLOOK, ("outlook", "microsoft.exchange", "microsoft exchange", "microsoft office", "ms-office", "owa/")),
    (
        Client.APPLE,
        ("calendaragent", "dataaccessd", "accountsd", "remindd", "ical/", "icalendar/", "coredav", "apple calendar"),
    ),
)


@lru_cache(maxsize=256)  # programs send the same few
def client_of(user_agent: str) -> Client:
    """The program that a User-Agent header belongs to; OTHER when it says nothing we know."""
    said = user_agent[:400].lower()
    for client, marks in MARKS:
        if any(mark in said for mark in marks):
            return client
    return Client.OTHER


@dataclass(frozen=True, slots=True)
class Fetched:
    """One program's last visit to a feed, and the newest revision it has been told of."""

    client: Client
    at: datetime
    revision: datetime


class Health(StrEnum):
    """How well a program follows a feed."""

    NEVER = "never"  # nothing has fetched it yet
    SEEN = "seen"  # it has the latest change
    WAITING = "waiting"  # not yet, and its usual time has not passed
    QUIET = "quiet"  # it has stayed away longer than it usually does


def health(fetch: Fetched | None, revision: datetime, now: datetime) -> Health:
    """How a program's last fetch stands to the feed's revision now."""
    if fetch is None:
        return Health.NEVER
    if now - fetch.at > CLIENTS[fetch.client].patience:
        return Health.QUIET
    return Health.SEEN if fetch.revision >= revision else Health.WAITING


def latest(fetches: Iterable[Fetched]) -> Fetched | None:
    """The visit that was made last."""
    return max(fetches, key=lambda fetch: fetch.at, default=None)
