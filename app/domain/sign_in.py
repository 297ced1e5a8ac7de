"""Who may try how often to sign in, which sign-in is enough for a hub, and browsers in words (see decision 11)."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.access import Member, Role
from app.kit.browsers import browser_in_words

WINDOW = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=5)
CHALLENGE = timedelta(minutes=5)
OFFICE = {Role.HUB_LEAD, Role.ASSISTANT_LEAD, Role.COORDINATOR}
STAFF = OFFICE | {Role.READINESS_LEAD, Role.SPECIALIST}


class How(StrEnum):
    """A way to sign in, in words that follow "by"."""

    LINK = "an e-mailed link"
    PASSKEY = "a passkey"
    SINGLE = "single sign-on"
    DEMO = "a click in the demo"

    @property
    def stored(self) -> str:
        """How the database names it: words may change, this may not."""
        return self.name.lower()

    @classmethod
    def of(cls, stored: str) -> "How":
        """The way that the database names so."""
        return cls[stored.upper()]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries in an hour; `kind` names them in the database."""

    kind: str
    most: int


# A training room of sixty teachers is one network; nobody needs a sixth link in an hour.
LINKS_TO_ADDRESS = Limit("links to an address", 5)
LINKS_FROM_NETWORK = Limit("links from a network", 60)
CHALLENGES_FROM_NETWORK = Limit("challenges to a network", 300)
WRONG_FROM_NETWORK = Limit("wrong from a network", 30)


def network(address: str) -> str:
    """What counts as one network: an IPv4 address, or the 64 bits that one IPv6 household is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def needs_passkey(members: Iterable[Member], how: str) -> bool:
    """Whether a session opened this way is not enough: some hub asks its leads and coordinators for a passkey."""
    if how == How.PASSKEY.stored:
        return False
    return any(must_have_passkey(member) for member in members)


def must_have_passkey(member: Member) -> bool:
    """Whether this hub asks this person for a passkey."""
    return member.passkeys_required and bool(member.roles & OFFICE)


def is_staff(members: Iterable[Member]) -> bool:
    """Whether somebody leads or coordinates anywhere: they are asked once whether they want a passkey."""
    return any(member.roles & STAFF for member in members)


def can_have_passkeys(host: str) -> bool:
    """Whether browsers make passkeys for a server of this name: numbers are no name (WebAuthn, section 5.1.2)."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return bool(host)
    return False


def browser_named(agent: str) -> str:
    """A browser in words, known or not."""
    return browser_in_words(agent) or "A browser we do not know"
