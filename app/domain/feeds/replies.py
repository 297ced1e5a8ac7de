"""What a calendar program answers to an invitation, read as leniently as programs write (RFC 5546 3.2.3)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

ANSWERS = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe"}
DELEGATED = "DELEGATED"
LONGEST_COMMENT = 500
FOLD = re.compile(r"\r?\n[ \t]")
PIECE = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')


class UnreadableError(ValueError):
    """A calendar part in which no answer can be read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A content line: its name and parameters in capitals, its value as it stands."""

    name: str
    value: str
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guest:
    """An ATTENDEE of a reply: the address, the answer in capitals, whom they name in their place, what they say."""

    email: str
    partstat: str
    delegated_to: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A METHOD:REPLY. `stamp` is when it was made; None where no program said."""

    uid: str
    sequence: int
    stamp: datetime | None
    guests: tuple[Guest, ...]
    comment: str = ""

    def guest(self, sender: str) -> Guest:
        """Whose answer it is: the sender's where several are named, else the first that holds an answer."""
        said = [one for one in self.guests if one.partstat in ANSWERS or one.partstat == DELEGATED]
        own = [one for one in said if one.email == sender.lower()]
        found = next(iter(own or said), None)
        if found is None:
            raise UnreadableError("It holds no answer: neither accepted, declined nor tentative.")
        return found


def read_reply(text: str, method: str = "") -> Reply | None:
    """The reply in a calendar part; None for a calendar that is no reply. `method` is the mail header's.

    Raises UnreadableError for a reply in which the event, the guest or their answer is missing or broken.
    """
    lines = list(_lines(text))
    if not any(one.name == "BEGIN" and one.value.upper() == "VCALENDAR" for one in lines):
        raise UnreadableError("Its calendar part is not a calendar.")
    said = next((one.value.strip().upper() for one in lines if one.name == "METHOD"), method.upper())
    if said != "REPLY":
        if said == "COUNTER":
            raise UnreadableError("It proposes another time, which a person must look at.")
        return None
    event = _event(lines)
    uid = next((one.value.strip() for one in event if one.name == "UID"), "")
    if not uid:
        raise UnreadableError("It does not say which event it answers.")
    guests = tuple(_guest(one) for one in event if one.name == "ATTENDEE")
    if not guests:
        raise UnreadableError("It does not say who answers.")
    comment = next((_unescaped(one.value) for one in event if one.name == "COMMENT" and one.value.strip()), "")
    return Reply(uid, _sequence(event), _stamp(event), guests, comment[:LONGEST_COMMENT])


def comment_of(reply: Reply, guest: Guest) -> str:
    """What they say with it: their own word, else the reply's."""
    return (guest.comment or reply.comment)[:LONGEST_COMMENT].strip()


def _lines(text: str) -> Iterator[Line]:
    for line in FOLD.sub("", text).splitlines():
        name, more, at = re.match(r"[A-Za-z0-9-]*", line), {}, 0
        if not name or not name[0]:
            continue
        at = name.end()
        while piece := PIECE.match(line, at):
            more[piece[1].upper()] = _unquoted(piece[2])
            at = piece.end()
        if line[at : at + 1] == ":":
            yield Line(name[0].upper(), line[at + 1 :], more)


def _unquoted(value: str) -> str:
    return value.replace('"', "").replace("^'", '"').replace("^n", "\n").replace("^^", "^").strip()


def _unescaped(value: str) -> str:
    whole = re.sub(r"\\(.)", lambda one: "\n" if one[1] in "nN" else one[1], value)
    return whole.strip()


def _event(lines: Iterable[Line]) -> list[Line]:
    """The lines of the first event, without those of what is inside it."""
    found: list[Line] = []
    inside: list[str] = []
    for line in lines:
        kind = line.value.strip().upper()
        if line.name == "BEGIN":
            inside.append(kind)
        elif line.name == "END":
            if kind == "VEVENT" and found:
                return found
            inside = inside[:-1]
        elif inside and inside[-1] == "VEVENT":
            found.append(line)
    raise UnreadableError("Its calendar part breaks off, or holds no event.")


def _guest(line: Line) -> Guest:
    said = line.more.get("DELEGATED-TO", "").split(",")[0]
    return Guest(
        email=_address(line.value),
        partstat=line.more.get("PARTSTAT", "").upper(),
        delegated_to=_address(said),
        comment=line.more.get("X-RESPONSE-COMMENT", "")[:LONGEST_COMMENT],
    )


def _address(value: str) -> str:
    tidy = value.strip().strip("<>")
    return (tidy[7:] if tidy[:7].lower() == "mailto:" else tidy).strip().lower()


def _sequence(event: list[Line]) -> int:
    said = next((one.value.strip() for one in event if one.name == "SEQUENCE"), "0")
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise UnreadableError("It does not say which state of the event it answers.")
    return int(said)


def _stamp(event: list[Line]) -> datetime | None:
    """DTSTAMP, which is UTC by its law (RFC 5545 3.8.7.2), also where a program forgets the Z."""
    said = next((one.value.strip() for one in event if one.name == "DTSTAMP"), "")
    if not said:
        return None
    try:
        return datetime.strptime(said.rstrip("zZ"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise UnreadableError("It does not say clearly when it was written.") from None
