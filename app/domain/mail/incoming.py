"""A message that came in, taken apart: who sent it, what it answers, its calendar parts and delivery reports.

Source: RFC 5322 and 2045 to 2047 for messages, 3464 for delivery reports, 3834 for automatic answers; the habits of
programs in docs/rules/invitations.md. Nothing here raises: what cannot be read is left out, the message is kept whole.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

CALENDARS = {"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar"}
LONGEST = 20_000  # characters that a person is shown
MARKUP = re.compile(r"<(style|script)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
MESSAGE_IDS = re.compile(r"<[^<>\s]+>")
AWAY = re.compile(
    r"^\s*(automatic reply|out of (the )?office|auto(matic)?[- ]?(reply|response)|autoreply)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Part:
    """A calendar part: its text, and the method its header names."""

    text: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report: to whom nothing was delivered, why, whether for good, and the message it is about."""

    to: str
    because: str
    for_good: bool
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as far as it can be read."""

    sender: str = ""
    subject: str = ""
    text: str = ""
    written_at: datetime | None = None
    answers: tuple[str, ...] = ()  # Message-IDs, the nearest first
    calendars: tuple[Part, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    is_report: bool = False
    is_automatic: bool = False


def read(raw: bytes) -> Arrived:
    """The message in these bytes; of nonsense, an empty one."""
    message = message_from_bytes(raw)
    parts = list(_parts(message))
    is_report = any(part.get_content_type() == "message/delivery-status" for part in message.walk())
    return Arrived(
        sender=_address(message),
        subject=" ".join(_header(message, "Subject").split())[:300],
        text=_readable(parts)[:LONGEST],
        written_at=_date(message),
        answers=_answers(message),
        calendars=tuple(_calendars(parts)),
        bounces=tuple(_bounces(message)) if is_report else (),
        is_report=is_report,
        is_automatic=_is_automatic(message),
    )


def signature_of(secret: str, timestamp: int, raw: bytes) -> str:
    """HMAC-SHA-256 over `timestamp.message`, in hex, as whoever hands a message over signs it."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + raw, hashlib.sha256).hexdigest()


def _parts(message: Message) -> Iterator[Message]:
    """The message's own parts; a message inside it, as when one is forwarded, is somebody else's."""
    if message.get_content_type() in {"message/rfc822", "message/delivery-status", "text/rfc822-headers"}:
        return
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part)
    else:
        yield message


def _header(message: Message, name: str) -> str:
    """A header's words, whatever they were encoded in."""
    raw = str(message.get(name, ""))
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        return _clean(raw)
    return _clean("".join(_decoded(said, charset) if isinstance(said, bytes) else said for said, charset in pieces))


def _clean(text: str) -> str:
    """Without what a database cannot hold: NUL, and bytes that were never text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _decoded(said: bytes, charset: str | None) -> str:
    for one in (charset or "utf-8", "utf-8"):
        try:
            return said.decode(one)
        except (LookupError, ValueError):
            continue
    return said.decode("cp1252", "replace")


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return _clean(_decoded(payload, part.get_content_charset()).removeprefix("\ufeff"))


def _address(message: Message) -> str:
    for name in ("From", "Sender", "Return-Path"):
        for _, address in getaddresses([_header(message, name)]):
            if "@" in address:
                return address.strip().lower()[:300]
    return ""


def _date(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError):
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _answers(message: Message) -> tuple[str, ...]:
    nearest = MESSAGE_IDS.findall(_header(message, "In-Reply-To"))
    thread = MESSAGE_IDS.findall(_header(message, "References"))
    return tuple(dict.fromkeys([*nearest, *reversed(thread)]))[:50]


def _calendars(parts: list[Message]) -> Iterator[Part]:
    for part in parts:
        kind, name = part.get_content_type(), str(part.get_filename() or "").lower()
        text = _text(part) if kind in CALENDARS or name.endswith(".ics") or kind == "text/plain" else ""
        if kind in CALENDARS or name.endswith(".ics") or text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
            method = part.get_param("method")
            yield Part(text, method.upper() if isinstance(method, str) else "")


def _readable(parts: list[Message]) -> str:
    """What a person reads: the plain text, else what is left of the HTML without its markup."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and not part.get_filename():
                text = _text(part)
                said = unescape(MARKUP.sub(" ", text)) if kind == "text/html" else text
                if said.strip():
                    return re.sub(r"\n{3,}", "\n\n", said.replace("\r\n", "\n")).strip()
    return ""


def _is_automatic(message: Message) -> bool:
    said = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if said not in {"", "no"} or _header(message, "X-Autoreply") or _header(message, "X-Autorespond"):
        return True
    precedence = _header(message, "Precedence").strip().lower()
    return precedence in {"auto_reply", "bulk", "junk"} or bool(AWAY.match(_header(message, "Subject")))


def _bounces(message: Message) -> Iterator[Bounce]:
    about = _reported_id(message)
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, Message) and (one := _bounce(block, about)):
                yield one


def _bounce(block: Message, about: str) -> Bounce | None:
    whom = _header(block, "Original-Recipient") or _header(block, "Final-Recipient")
    action, status = _header(block, "Action").strip().lower(), _header(block, "Status").strip()
    if not whom or action not in {"failed", "delayed"}:
        return None
    said = _header(block, "Diagnostic-Code").partition(";")[2].strip() or status
    to = whom.rpartition(";")[2].strip().strip("<>").lower()
    return Bounce(to, " ".join(said.split())[:300], action == "failed" and not status.startswith("4"), about)


def _reported_id(message: Message) -> str:
    """The Message-ID of what was not delivered, from the copy or the headers that came back."""
    for part in message.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list) and isinstance(payload[0], Message):
            found = MESSAGE_IDS.findall(_header(payload[0], "Message-ID"))
        elif kind == "text/rfc822-headers":
            found = MESSAGE_IDS.findall(_header(message_from_bytes(_text(part).encode()), "Message-ID"))
        else:
            continue
        if found:
            return str(found[0])
    return ""
