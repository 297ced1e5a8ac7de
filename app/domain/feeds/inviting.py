"""Who is mailed an invitation for their calendar, and when again (docs/rules/invitations.md)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.feeds.event import FeedEvent
from app.kit.periods import in_london, spoken, spoken_date, spoken_hours

FIXED = {"confirmed", "held"}
LINK = "Say whether you come: {answer}"


class Method(StrEnum):
    """The METHOD of an iTIP message (RFC 5546 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Mailed:
    """What one person was mailed of one event last; without an address, nothing yet."""

    to: str = ""
    sequence: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Now:
    """How the event stands for that person: its SEQUENCE, its state, whether they have a place, and their address."""

    sequence: int
    status: str  # tentative, confirmed, held, cancelled
    ends: datetime
    has_place: bool
    email: str


def owed(mailed: Mailed, stands: Now, now: datetime) -> tuple[tuple[Method, str], ...]:
    """What must be mailed, each with the address it goes to; nothing twice for one SEQUENCE, nothing once it is over.

    A cancelled event or a lost place is a CANCEL to the address that was asked; whoever has another address by now
    gets a REQUEST there and a CANCEL at the old one. A proposed date is no date: nothing is mailed of it.
    """
    asked = bool(mailed.to) and not mailed.withdrawn
    if stands.ends <= now or stands.status == "tentative":
        return ()
    if stands.status not in FIXED or not stands.has_place or not stands.email:
        return ((Method.CANCEL, mailed.to),) if asked else ()
    moved = asked and mailed.to.casefold() != stands.email.casefold()
    if asked and not moved and mailed.sequence is not None and mailed.sequence >= stands.sequence:
        return ()
    gone = ((Method.CANCEL, mailed.to),) if moved else ()
    return (*gone, (Method.REQUEST, stands.email))


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's subject and its text, plain paragraphs; {answer} and {see} stand for links."""

    subject: str
    text: str


def words(event: FeedEvent, method: Method, mailed: Mailed, stands: Now, answer: str, earlier: str) -> Words:
    """What the mail around a calendar part says. `answer` is what they have answered, `earlier` to another date."""
    day = spoken_date(in_london(event.starts).date())
    when = f"{day}, {spoken_hours(event.starts, event.ends)}"
    facts = "\n".join([event.summary, when, *([event.location] if event.location else [])])
    if method is Method.CANCEL:
        gone = stands.status == "cancelled"
        subject = f"Cancelled: {event.summary}, {day}" if gone else f"No longer yours: {event.summary}, {day}"
        first = "This date is cancelled." if gone else "You no longer have a place at this date."
        if not gone and stands.has_place:
            subject, first = f"Sent elsewhere: {event.summary}, {day}", "The invitation goes to another address now."
        return Words(subject, f"Hello\n\n{first}\n\n{facts}\n\nYou need do nothing: your calendar takes it out.")
    known = mailed.sequence is not None
    subject = f"{'Changed' if known else 'Will you come?'}{':' if known else ''} {event.summary}, {day}"
    first = "This date of yours has changed." if known else "You are asked to this date."
    if mailed.withdrawn:
        subject, first = f"Back again: {event.summary}, {day}", "This date of yours is back."
    return Words(subject, f"Hello\n\n{first}\n\n{facts}\n\n{event.description}\n\n{_asks(answer, earlier)}")


def _asks(answer: str, earlier: str) -> str:
    if answer:
        return f"Your answer stays {answer}.\n\nChange your answer: {{answer}}"
    was = f"For the earlier date your answer was {earlier}; please say it again for this one. " if earlier else ""
    return f"{was}The buttons of your calendar answer, and so does this link, without signing in.\n\n{LINK}"


def moved_words(event_name: str, was: datetime, asker: str, *, cancelled: bool) -> Words:
    """For a stand-in from elsewhere, whom no calendar tells: the date they were asked to does not stand any more."""
    when = spoken(was)
    became = "is cancelled" if cancelled else "has moved"
    last = "You need do nothing." if cancelled else f"{asker} is asked again, and will tell you if you are needed."
    return Words(f"{event_name}, {when}: it {became}", f"Hello\n\n{event_name}, {when}, {became}.\n\n{last}")


def needed_no_more(asker: str) -> Words:
    """For a stand-in from elsewhere, when whoever named them lost their own place."""
    first = f"{asker} no longer has a place at the date to which you were asked in their stead."
    return Words(f"You are no longer asked to come for {asker}", f"Hello\n\n{first}\n\nYou need do nothing.")
