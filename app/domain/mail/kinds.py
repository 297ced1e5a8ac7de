"""The kinds of messages: what each is, whether it can wait and be stopped, and who may read its text.

Source: docs/rules/messages.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message is for; the value is what the database keeps."""

    INVITATION = "invitation"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    GROUP = "group"
    DIGEST = "digest"
    JOIN = "join"
    RECORD = "record"
    DEVICE = "device"
    OFFICE = "office"

    @property
    def law(self) -> "Law":
        """What holds for this kind."""
        return LAWS[self]


@dataclass(frozen=True, slots=True)
class Law:
    """What holds for one kind of message."""

    name: str
    says: str
    can_wait: bool = True  # obeys quiet hours
    gathers: bool = True  # goes into one message a day, for whoever asked for that
    can_stop: bool = True
    private: str = ""  # why the office does not see its text; empty: it does


LAWS = {
    Kind.INVITATION: Law("Invitations", "Dates you are asked to, for your calendar and for your answer."),
    Kind.CHANGE: Law("Changes of dates", "A date of yours has moved, or its place has changed."),
    Kind.CANCELLATION: Law("Cancelled dates", "A date of yours does not take place."),
    Kind.REMINDER: Law("Reminders", "Two weeks and two days before a date of yours."),
    Kind.GROUP: Law("Messages from people", "What a leader writes to a Work Group, or the office to everyone."),
    Kind.DIGEST: Law(
        "One message a day",
        "Everything of a day that could wait, in one message.",
        gathers=False,
        can_stop=False,
        private="It may hold parts that are private. Each part stands in the list by itself.",
    ),
    Kind.JOIN: Law("Invitations into the hub", "You are asked to join the hub.", gathers=False, can_stop=False),
    Kind.RECORD: Law(
        "Records",
        "A record waits for you, is agreed, or should change.",
        private="It concerns the record of a meeting, visit or observation, which only those who take part read.",
    ),
    Kind.DEVICE: Law(
        "Notes on a device",
        "Writing of yours waits on a device.",
        private="It concerns somebody's own notes.",
    ),
    Kind.OFFICE: Law(
        "About your data, and from Halfterm itself",
        "Answers about your personal data, and what the office must know.",
        can_wait=False,
        gathers=False,
        can_stop=False,
        private="It concerns somebody's rights over their personal data.",
    ),
}


def kind_of(stored: str) -> Kind | None:
    """The kind that the database or an address names so; None for a strange word."""
    return Kind(stored) if stored in set(Kind) else None


STOPPABLE = tuple(kind for kind in Kind if kind.law.can_stop)
GATHERED = tuple(kind for kind in Kind if kind.law.gathers)


def stopped_by(word: str) -> tuple[Kind, ...]:
    """The kinds that an address with this word stops: of a message of the day, all that comes in it."""
    found = kind_of(word)
    if found is Kind.DIGEST:
        return tuple(one for one in GATHERED if one.law.can_stop)
    return (found,) if found is not None and found in STOPPABLE else ()
