"""A record's values as texts in a spreadsheet, and back: what is written unchanged is read unchanged."""

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from app.domain.imports import read_date
from app.domain.notes.forms import Option
from app.domain.notes.paths import REMOVED, TAGS, Place
from app.domain.notes.readable import CLOCK_WHEN, moment_of
from app.kit.periods import in_london, london

BETWEEN = "; "  # stands between several choices
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")


def plain(text: str) -> str:
    """The text as a spreadsheet hands it back: newlines of one kind, no control characters, no blanks at its end."""
    return _NEVER.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()


def digest(text: str) -> str:
    """What tells whether a text was changed."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:16]


def text_of(kind: str, options: Sequence[Option], value: Any, names: Mapping[uuid.UUID, str]) -> str:
    """A value as it stands in a cell: labels for choices, names for people, 2026-11-26, 10:05:30."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return BETWEEN.join(_label(options, str(one)) for one in value)
    text = str(value)
    if kind == "choice":
        return _label(options, text)
    if kind == "person":
        return _name(text, names)
    if kind == "clock":
        at = moment_of(text)
        return f"{in_london(at):%H:%M:%S}" if at else text
    return plain(text)


def _label(options: Sequence[Option], key: str) -> str:
    return next((option.label for option in options if option.key == key), key)


def _name(text: str, names: Mapping[uuid.UUID, str]) -> str:
    try:
        return names.get(uuid.UUID(text), text)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Around:
    """What reading a cell needs to know of its record: the day of the event, and whom a value may name."""

    day: date
    names: Mapping[uuid.UUID, str]


def value_of(place: Place, text: str, around: Around) -> Any:
    """The value that a cell's text means at this place. Raises ValueError with a sentence."""
    part, field = place.part, place.field
    if part is not None and part.key == REMOVED.key:
        raise ValueError("Items are removed in Halfterm itself, not in this file.")
    kind, options = (part.kind, part.options) if part else (field.kind, field.options)
    if field.kind == "clock" and part is not None and part.key == CLOCK_WHEN:
        return _moment(text.strip(), around.day)
    tidy = plain(text)
    if kind == "choices":
        return _several(tidy, () if field is TAGS else options)
    if not tidy.strip():
        return None if kind == "number" else ""
    if kind == "choice":
        return _key(tidy.strip(), options)
    if kind == "number":
        return _number(tidy.strip())
    if kind == "date":
        return read_date(tidy.strip()).isoformat()
    if kind == "person":
        return _person(tidy.strip(), around.names)
    return " ".join(tidy.split("\n")) if kind == "line" else tidy


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _key(text: str, options: Sequence[Option]) -> str:
    found = next((one.key for one in options if _same(one.label, text) or one.key == text), None)
    if found is None:
        raise ValueError(f"Choose one of these: {', '.join(one.label for one in options)}.")
    return found


def _several(text: str, options: Sequence[Option]) -> list[str]:
    said = [one.strip() for one in re.split(r"[;\n]", text) if one.strip()]
    if len(said) == 1 and not any(_same(one.label, said[0]) for one in options):
        said = [one.strip() for one in said[0].split(",") if one.strip()]
    keys = [_key(one, options) for one in said] if options else said
    return list(dict.fromkeys(keys))


def _number(text: str) -> int:
    tidy = text.replace(",", "")
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) < 6):
        raise ValueError("Write a whole number.")
    return int(tidy)


def _person(text: str, names: Mapping[uuid.UUID, str]) -> str:
    found = [key for key, name in names.items() if _same(name, text)]
    if len(found) != 1:
        raise ValueError("Choose one of those who take part, by the name in the list.")
    return str(found[0])


def _moment(text: str, day: date) -> str:
    if not text:
        return ""
    found = _TIME.fullmatch(text)
    hour, minute, second = (int(one or 0) for one in found.groups()) if found else (24, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("Write the time as 10:05 or 10:05:30.")
    return (london(day, time(hour, minute, second))).isoformat()
