"""What a calendar says of an event: the same words for everyone who sees it, and nothing of what is observed."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.feeds.event import NEVER, FeedEvent, Status
from app.kit.periods import HALF_TERMS

STATUSES = {
    "tentative": Status.TENTATIVE,
    "confirmed": Status.CONFIRMED,
    "held": Status.CONFIRMED,
    "cancelled": Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event is: the host or visited school, or online."""

    school: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    notes: str = ""  # where to park, where to sign in
    online: bool = False
    joining_link: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an event that a calendar may be told; times with a zone, `path` the page's on our site."""

    uid: str
    sequence: int
    changed_at: datetime
    starts: datetime
    ends: datetime
    kind: str  # meeting, visit, observation
    status: str  # tentative, confirmed, held, cancelled
    half_term: int
    group: str  # the Work Group's code, and its name if it has one
    lead: str
    place: Place
    notes: str
    path: str


def feed_event(facts: Facts, address: str) -> FeedEvent:
    """The event as feeds show it; `address` is the site's, without a slash at its end."""
    url = address + facts.path
    place = facts.place
    here = not place.online and place.latitude is not None and place.longitude is not None
    return FeedEvent(
        uid=facts.uid,
        sequence=facts.sequence,
        last_modified=facts.changed_at,
        starts=facts.starts,
        ends=facts.ends,
        summary=_summary(facts),
        status=STATUSES[facts.status],
        location="Online" if place.online else ", ".join(part for part in (place.school, place.address) if part),
        description="\n".join([*_sentences(facts), url]),
        url=url,
        categories=(KINDS[facts.kind],),
        geo=(place.latitude or 0.0, place.longitude or 0.0) if here else None,
    )


def shown_digest(facts: Facts) -> str:
    """Differs exactly when something differs that a feed shows, SEQUENCE and LAST-MODIFIED aside."""
    event = replace(feed_event(facts, ""), sequence=0, last_modified=NEVER)
    return hashlib.sha256(repr(event).encode()).hexdigest()[:32]


KINDS = {"meeting": "Work Group meeting", "visit": "School visit", "observation": "Lesson observation"}


def _summary(facts: Facts) -> str:
    if facts.kind == "meeting":
        return f"Work Group {facts.group}, {HALF_TERMS[facts.half_term]} meeting"
    return f"{KINDS[facts.kind]}, {facts.place.school}"


def _sentences(facts: Facts) -> list[str]:
    """The description, line by line; who is observed and what was seen are never in it."""
    does = {"meeting": "leads", "visit": "visits", "observation": "observes"}[facts.kind]
    place = facts.place
    lines = []
    if facts.status == "tentative":
        lines.append("Proposed: this date is not fixed yet.")
    if facts.status == "cancelled":
        lines.append("This is cancelled.")
    if place.online:
        lines.append(f"Online. Join at {place.joining_link}" if place.joining_link else "Online.")
    elif facts.kind == "meeting":
        lines.append(f"{place.school} hosts.")
    lines.append(f"{facts.lead} {does}.")
    lines += [facts.notes] if facts.notes.strip() else []
    lines += [f"At the school: {place.notes}"] if place.notes.strip() and not place.online else []
    return lines
