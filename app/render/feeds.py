"""Calendar bytes: one event, the head with its one time zone, and the join of kept pieces (RFC 5545, RFC 7986).

Equal values give equal bytes: no clock, no dice, no library's version in the output.
"""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import segno

from app.domain.feeds import FeedEvent, Status, cleaned, whole_second

LONDON = ZoneInfo("Europe/London")
NAMED = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Halfterm//Calendar//EN\r\nCALSCALE:GREGORIAN\r\n"
# A calendar that is subscribed to asks to be read every hour; one file that is opened once does not.
SUBSCRIBED = b"COLOR:steelblue\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
# Two rules since 1996 and nothing older: Outlook and ical.js shift an hour on historic or one-off dates.
ZONE = (
    b"BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n"
    b"BEGIN:DAYLIGHT\r\nDTSTART:19960331T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:BST\r\nEND:DAYLIGHT\r\n"
    b"BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    b"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nTZNAME:GMT\r\nEND:STANDARD\r\n"
    b"END:VTIMEZONE\r\n"
)
OCTETS = 75
NAME = "Halfterm"  # what programs call a subscribed calendar; the same for everyone, so that nobody's feed is renamed
TAIL = b"END:VCALENDAR\r\n"
EVENT_END = b"END:VEVENT\r\n"
CANCELLED = b"\r\nSTATUS:CANCELLED\r\n"
PARTSTATS = {"": "NEEDS-ACTION", "yes": "ACCEPTED", "maybe": "TENTATIVE", "no": "DECLINED"}


def event_piece(event: FeedEvent) -> bytes:
    """One VEVENT, the same bytes for everyone who sees the event. DTSTAMP is LAST-MODIFIED (RFC 5545 3.8.7.2)."""
    changed = f"{event.last_modified:%Y%m%dT%H%M%SZ}"
    prefix = "CANCELLED: " if event.status is Status.CANCELLED else ""
    lines = [
        ("BEGIN", "VEVENT"),
        ("UID", _escaped(event.uid)),
        ("DTSTAMP", changed),
        ("LAST-MODIFIED", changed),
        ("SEQUENCE", str(event.sequence)),
        ("DTSTART;TZID=Europe/London", _wall_clock(event.starts)),
        ("DTEND;TZID=Europe/London", _wall_clock(event.ends)),
        ("SUMMARY", _escaped(cleaned(prefix + event.summary))),
        ("STATUS", event.status.value),
        ("LOCATION", _escaped(event.location)),
        ("DESCRIPTION", _escaped(event.description)),
        ("URL", event.url),
        ("CATEGORIES", ",".join(map(_escaped, event.categories))),
        ("GEO", "" if event.geo is None else f"{event.geo[0]:.6f};{event.geo[1]:.6f}"),
        ("END", "VEVENT"),
    ]
    return b"".join(_line(name, value) for name, value in lines if value)


def calendar(name: str, pieces: Iterable[tuple[str, bytes]], alarm_minutes: int | None = None) -> bytes:
    """A person's whole feed from kept pieces, each with its UID; sorted by UID in byte order.

    `alarm_minutes` is how long before each event its owner asked to be reminded; None for no reminder. Refuses
    (ValueError) two different pieces with one UID.
    """
    by_uid: dict[bytes, bytes] = {}
    for uid, piece in pieces:
        if by_uid.setdefault(uid.encode(), piece) != piece:
            raise ValueError(f"{uid} is in one feed twice: Google would show only the last")
    parts = [by_uid[uid] for uid in sorted(by_uid)]
    if alarm_minutes is not None:
        parts = [_with_alarm(piece, alarm_minutes) for piece in parts]
    return b"".join((NAMED, _names(name), SUBSCRIBED, ZONE, *parts, TAIL))


def single(piece: bytes) -> bytes:
    """A file of one event to open once; no name, or Outlook would make a new calendar of it."""
    return b"".join((NAMED, ZONE, piece, TAIL))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks whom: the organiser's name and address, the guest's, and what they answered (yes, maybe, no)."""

    organiser: str
    replies_to: str
    guest: str
    email: str
    answer: str = ""


def request(event: FeedEvent, asked: Asked, now: datetime) -> bytes:
    """An invitation for one guest (RFC 5546 3.2.2): UID, SEQUENCE, times and text as every feed shows them."""
    return _itip("REQUEST", _stamped(event_piece(event), now), asked)


def withdrawal(event: FeedEvent, asked: Asked, now: datetime) -> bytes:
    """What takes an invitation back (RFC 5546 3.2.5); where only the guest lost their place, it names no STATUS."""
    piece = _stamped(event_piece(event), now)
    if event.status is not Status.CANCELLED:
        piece = piece.replace(f"\r\nSTATUS:{event.status.value}\r\n".encode(), b"\r\n", 1)
    return _itip("CANCEL", piece, asked)


def _stamped(piece: bytes, now: datetime) -> bytes:
    """With a METHOD, DTSTAMP is when the message was made (RFC 5545 3.8.7.2): replies are told apart by it."""
    head, _, rest = piece.partition(b"\r\nDTSTAMP:")
    stamp = f"\r\nDTSTAMP:{whole_second(now).astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n".encode()
    return head + stamp + rest.partition(b"\r\n")[2]


def _itip(method: str, piece: bytes, asked: Asked) -> bytes:
    answered = f"PARTSTAT={PARTSTATS[asked.answer]};RSVP=TRUE;" if method == "REQUEST" else ""
    guest = f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;{answered}CN={_quoted(asked.guest)}"
    people = _line(f"ORGANIZER;CN={_quoted(asked.organiser)}", f"mailto:{_one_word(asked.replies_to)}")
    people += _line(guest, f"mailto:{_one_word(asked.email)}")
    whole = piece.removesuffix(EVENT_END) + people + EVENT_END
    return b"".join((NAMED, _line("METHOD", method), ZONE, whole, TAIL))


def _quoted(name: str) -> str:
    """A name as a parameter: in quotes, what cannot stand in them written as RFC 6868 has it."""
    said = cleaned(name).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{said}"'


def _one_word(email: str) -> str:
    return "".join(cleaned(email).split())


def zipped(body: bytes) -> bytes:
    """The gzip form; no time in it, so equal bodies have equal bytes."""
    return gzip.compress(body, compresslevel=9, mtime=0)


def qr_code(text: str) -> str:
    """A QR code as an SVG element that scales; dark on light in every colour scheme, or cameras miss it."""
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(border=4, svgclass="qr", lineclass=None, omitsize=True, dark="#000", light="#fff")
    return drawn


def _names(name: str) -> bytes:
    shown = _escaped(cleaned(name))
    return _line("NAME", shown) + _line("X-WR-CALNAME", shown) if shown else b""


def _with_alarm(piece: bytes, minutes: int) -> bytes:
    if CANCELLED in piece:
        return piece
    alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Reminder\r\nTRIGGER:-PT{minutes}M\r\nEND:VALARM\r\n"
    return piece.removesuffix(EVENT_END) + alarm.encode() + EVENT_END


def _wall_clock(moment: datetime) -> str:
    return f"{whole_second(moment).astimezone(LONDON):%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    # Our own, because icalendar's vText takes a backslash before a capital N for a newline and loses both characters.
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _line(name: str, value: str) -> bytes:
    """One content line of at most 75 octets a piece, never cut inside a character or an escape (RFC 5545 3.1)."""
    whole = f"{name}:{value}".encode()
    if len(whole) <= OCTETS:
        return whole + b"\r\n"
    cuts, at = [0], OCTETS
    while at < len(whole):
        while whole[at] & 0xC0 == 0x80:  # inside a character
            at -= 1
        piece = whole[cuts[-1] : at]
        backslashes = len(piece) - len(piece.rstrip(b"\\"))
        at -= backslashes % 2  # between a backslash and what it escapes
        cuts.append(at)
        at += OCTETS - 1  # the blank that continues a line is one octet of it
    ends = [*cuts[1:], len(whole)]
    return b"\r\n ".join(whole[start:end] for start, end in zip(cuts, ends, strict=True)) + b"\r\n"
