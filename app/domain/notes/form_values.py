"""Values of a record as boxes of a plain form hold them, and back; operations out of what was typed.

An operation's id comes from the form's seed, its place and its value: the same form sent twice is the same operations,
and another text in it is another operation, so that neither is lost.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.domain.notes.readable import CLOCK_WHEN, moment_of
from app.kit.periods import in_london, london

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
_RANDOM = (1 << 62) - 1  # the bits of a UUIDv7 that carry no meaning
EMPTY: tuple[Any, ...] = ("", None, [], False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form showed at a place: a digest of the value, and the operations that stood there."""

    digest: str
    heads: frozenset[uuid.UUID]

    def __str__(self) -> str:
        """As a hidden field carries it."""
        return " ".join([self.digest, *sorted(str(head) for head in self.heads)])


def seen(shown: Any, heads: Iterable[uuid.UUID]) -> Seen:
    """What a form shows: the text of a box, the ticks of several, or whether one is ticked."""
    return Seen(digest(shown), frozenset(heads))


def read_seen(text: str) -> Seen:
    """The hidden field, read; nonsense saw nothing."""
    first, _, rest = text.partition(" ")
    return Seen(first, read_heads(rest))


def read_heads(text: str) -> frozenset[uuid.UUID]:
    """The operations that a hidden field names; nonsense names none, and so replaces nothing."""
    try:
        return frozenset(uuid.UUID(one) for one in text.split())
    except ValueError:
        return frozenset()


def digest(value: Any) -> str:
    """A short digest of what a box shows; all that is empty has the same, and blanks around a text are none of it."""
    shown = value.strip() if isinstance(value, str) else sorted(value) if isinstance(value, list) else value
    told = "" if shown in EMPTY else json.dumps(shown, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def op_id(seed: uuid.UUID, path: str, value: Any) -> uuid.UUID:
    """The operation that writes this value at this place, out of a form with this seed (a UUIDv7)."""
    told = hashlib.sha256(json.dumps([str(seed), path, value], ensure_ascii=False).encode()).digest()
    return uuid.UUID(int=(seed.int & ~_RANDOM) | (int.from_bytes(told[:8], "big") & _RANDOM))


def boxed(kind: str, part: str, value: Any) -> str:
    """A value as a text box shows it; a moment of the clock as London time with seconds."""
    if kind == "choices" and isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if part == CLOCK_WHEN:
        at = moment_of(value)
        return f"{in_london(at):%H:%M:%S}" if at else str(value or "")
    return "" if value is None else str(value)


def unboxed(kind: str, part: str, text: str, day: date) -> Any:
    """The value that somebody typed; what cannot be read stays text, and is refused with a because."""
    if kind == "choices":
        return list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    if kind == "number":
        plain = text.replace(",", "").strip()
        return None if not plain else int(plain) if plain.isascii() and plain.isdigit() else text
    if part == CLOCK_WHEN and (found := _CLOCK.fullmatch(text.strip())):
        return _moment(day, *(int(one or 0) for one in found.groups())) or text
    return text


def _moment(day: date, hour: int, minute: int, second: int) -> str:
    try:
        at: datetime = london(day, time(hour, minute, second))
    except ValueError:
        return ""
    return at.isoformat()
