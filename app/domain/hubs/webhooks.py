"""What a hub's webhooks are told, how it is signed, and when it is tried again. Rules: docs/rules/webhooks.md."""

import hashlib
import hmac
import ipaddress
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from app.kit.tokens import signature

KINDS = {
    "plan.accepted": "A plan was accepted",
    "event.changed": "An event (a meeting, visit or observation) was changed",
    "event.cancelled": "An event was cancelled",
    "event.brought_back": "A cancelled event was brought back",
    "event.held": "An event was marked as held",
    "event.not_held": "An event was marked as not held after all",
    "record.agreed": "A record was agreed (its text is never sent)",
    "person.joined": "Somebody joined the hub or came back",
    "person.left": "Somebody left the hub",
    "group.made": "A Work Group was made",
    "group.changed": "A Work Group was changed",
    "import.done": "A file was imported",
    "school.moved": "A school moved to another stage",
    "school.withdrew": "A school withdrew from a programme",
}
TEST = "test"
WORDS = {**KINDS, TEST: "A test"}
MOST_WEBHOOKS = 20
LONGEST_ADDRESS = 300
KEPT = timedelta(days=30)  # how long the log of deliveries is kept
PATIENCE = timedelta(days=1)  # how long one delivery is tried
FIRST_WAIT, LONGEST_WAIT = 30, 4 * 60 * 60  # seconds

# The deeds of the trail that are told, by what they were done to.
_DEEDS = {
    ("proposal", "Accepted"): "plan.accepted",
    ("event", "Changed"): "event.changed",
    ("event", "Moved"): "event.changed",
    ("event", "Cancelled"): "event.cancelled",
    ("event", "Brought back"): "event.brought_back",
    ("event", "Marked as held"): "event.held",
    ("event", "Marked as not held"): "event.not_held",
    ("record", "Agreed"): "record.agreed",
    ("person", "Added"): "person.joined",
    ("person", "Joined"): "person.joined",
    ("person", "Came back"): "person.joined",
    ("person", "Left"): "person.left",
    ("person", "Handed over"): "group.changed",
    ("event", "Gave"): "event.changed",
    ("group", "Made"): "group.made",
    ("group", "Changed"): "group.changed",
    ("group", "Added"): "group.changed",
    ("group", "Removed"): "group.changed",
    ("rows", "Imported"): "import.done",
    ("move", "Moved"): "school.moved",
    ("enrolment", "Withdrew"): "school.withdrew",
}


def happening(did: str, facts: Mapping[str, Any]) -> str | None:
    """Which kind of happening a deed of the trail is; None for what is nobody else's business."""
    if "event" in facts and "version" in facts:
        return _DEEDS.get(("record", did))
    if "agreement" in facts:
        return None  # an agreement that was withdrawn is no school that was
    return next((_DEEDS[about, did] for about in facts if (about, did) in _DEEDS), None)


def ids_and_counts(facts: Mapping[str, Any]) -> dict[str, str | int]:
    """Of a deed's facts only ids and numbers: no name and no text leaves the hub."""
    return {name: value for name, value in facts.items() if _is_id(value) or type(value) is int}


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing to tell: `id` stays the same however often it is sent."""

    id: uuid.UUID
    kind: str
    hub: str
    at: datetime
    facts: Mapping[str, str | int]

    @property
    def body(self) -> str:
        """What is sent: JSON, and exactly these characters are signed."""
        told = {
            "id": str(self.id),
            "kind": self.kind,
            "hub": self.hub,
            "at": self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "facts": dict(self.facts),
        }
        return json.dumps(told, sort_keys=True, separators=(",", ":"))


def secret_of(key: bytes, webhook_id: uuid.UUID) -> str:
    """A webhook's secret, made from the installation's own key: it is kept nowhere."""
    return f"whsec_{signature(key, 'webhook', str(webhook_id))}"


def signed(secret: str, timestamp: int, body: str) -> str:
    """HMAC-SHA-256 over `timestamp.body`, in hex, as the Halfterm-Signature header has it."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def headers_of(secret: str, one: tuple[uuid.UUID, str, str], now: datetime) -> dict[str, str]:
    """What goes with a delivery (id, kind, body) that is sent now."""
    key, kind, body = one
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Halfterm-Webhook/1",
        "Halfterm-Id": str(key),
        "Halfterm-Kind": kind,
        "Halfterm-Timestamp": str(timestamp),
        "Halfterm-Signature": signed(secret, timestamp, body),
    }


def went_well(status: int | None) -> bool:
    """Whether the receiver has taken it: any 2xx."""
    return status is not None and 200 <= status < 300


def says(status: int) -> str:
    """What a receiver's answer means."""
    if 300 <= status < 400:
        return f"It answered {status}, which leads to another address and is not followed: enter that one here."
    return f"It answered {status}."


def next_wait(tries: int, begun: datetime, now: datetime) -> int | None:
    """Seconds until the next try after this many failed ones; None when the day of tries is over."""
    wait = int(min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT))
    return wait if now + timedelta(seconds=wait) <= begun + PATIENCE else None


def address_fault(address: str, *, local: bool) -> str:
    """What is wrong with a webhook's address as typed, or nothing; `local` lets this machine itself be called."""
    try:
        url = urlsplit(address)
        host, _ = url.hostname or "", url.port
    except ValueError:
        return "This is not a web address. Enter it whole, such as https://office.example/halfterm"
    if not host or len(address) > LONGEST_ADDRESS or any(not 33 <= ord(one) <= 126 for one in address):
        return f"Enter the whole address, such as https://office.example/in, in at most {LONGEST_ADDRESS} characters."
    if url.username is not None or url.password is not None or url.fragment:
        return "Enter the address without a name, a password or a part after #."
    known = _literal(host)
    if known is not None and not may_be_called(known, local=local):
        return PRIVATE
    if url.scheme == "https" or (url.scheme == "http" and local and known is not None and known.is_loopback):
        return ""
    return "Enter an address that begins with https:// so that nobody can read along."


PRIVATE = "This address leads into a private network, where Halfterm calls nobody."


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


_ELSEWHERE_IN_DISGUISE = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))  # hold an IPv4


def may_be_called(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, *, local: bool) -> bool:
    """Whether this is an address of the public internet (RFC 6890), or with `local` this machine itself."""
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return may_be_called(mapped, local=local)
    if ip.is_loopback:
        return local
    disguised = ip.version == 6 and any(ip in net for net in _ELSEWHERE_IN_DISGUISE)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not disguised


def all_may_be_called(addresses: Iterable[str], *, local: bool) -> bool:
    """Whether every address that a name leads to may be called; a name that leads nowhere may not."""
    found = [ipaddress.ip_address(one.partition("%")[0]) for one in addresses]
    return bool(found) and all(may_be_called(one, local=local) for one in found)


def webhook_faults(address: str, kinds: Iterable[str], *, local: bool) -> dict[str, str]:
    """What to change in a webhook as typed, field by field."""
    chosen = set(kinds)
    found = {"address": address_fault(address, local=local)}
    if not chosen or not chosen <= set(KINDS):
        found["kinds"] = "Tick at least one kind of happening."
    return {name: because for name, because in found.items() if because}
