"""Where a value stands in a record: `field`, `field/PERSON`, `field#ITEM.part`, `field/PERSON#ITEM.part`.

A person is named where each writes their own; an item where a field holds several things (docs/rules/notes.md).
"""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from app.domain.notes.forms import LONGEST, WITH_ITEMS, Field, NoteForm, Part

TAGS = Field(key="tags", label="Tags", kind="choices", hint="Words by which you find this again.")
REMOVED = Part(key="removed", label="Removed")
_PATH = re.compile(
    r"(?P<field>[a-z][a-z0-9_]{0,59})(/(?P<person>[0-9a-f-]{36}))?(#(?P<item>[a-z0-9_-]{1,60})\.(?P<part>[a-z_]{1,60}))?"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")
_SHA = re.compile(r"[0-9a-f]{64}")
MOST_CHOICES = 50


@dataclass(frozen=True, slots=True)
class Path:
    """A path, read."""

    field: str
    person: uuid.UUID | None = None
    item: str = ""
    part: str = ""

    def __str__(self) -> str:
        """As it is stored and sent."""
        person = f"/{self.person}" if self.person else ""
        return f"{self.field}{person}" + (f"#{self.item}.{self.part}" if self.item else "")


@dataclass(frozen=True, slots=True)
class Place:
    """What a path points to in a form; `part` is empty for a field without items."""

    path: Path
    field: Field
    part: Part | None = None

    @property
    def owner(self) -> uuid.UUID | None:
        """Whoever alone may read it; None for what is shared."""
        return self.path.person if self.field.share == "own" else None

    @property
    def after(self) -> bool:
        """Whether it may be written when the record is agreed already: own notes, and how a gap task went."""
        return self.field.share == "own" or self.field.key == TAGS.key or (self.part is not None and self.part.after)


def read(text: str) -> Path | None:
    """The path, or None where it is none."""
    found = _PATH.fullmatch(text)
    if found is None:
        return None
    try:
        person = uuid.UUID(found["person"]) if found["person"] else None
    except ValueError:
        return None
    return Path(found["field"], person, found["item"] or "", found["part"] or "")


def place(form: NoteForm, text: str) -> Place | None:
    """What the path points to in this form; None where the form has no such place."""
    path = read(text)
    field = None if path is None else TAGS if path.field == TAGS.key else form.field(path.field)
    if path is None or field is None or (path.person is None) != (field.share == "record"):
        return None
    if field.kind not in WITH_ITEMS:
        return None if path.item else Place(path, field)
    if field.kind == "rows" and path.item not in {option.key for option in field.options}:
        return None
    part = REMOVED if path.part == REMOVED.key else field.part(path.part)
    return Place(path, field, part) if part else None


def wrong(place: Place, value: Any) -> str:
    """Why the value cannot stand there, in a sentence; empty when it can."""
    if place.part is REMOVED:
        return "" if isinstance(value, bool) else "An item is removed or it is not."
    kind = place.part.kind if place.part else place.field.kind
    if kind == "choices":
        fine = isinstance(value, list) and len(value) <= MOST_CHOICES and all(_words(one, "line") for one in value)
        return "" if fine else f"Choose at most {MOST_CHOICES} short things."
    if kind == "number":
        fine = value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000)
        return "" if fine else "Write a whole number."
    return _wrong_text(place, kind, value)


def _wrong_text(place: Place, kind: str, value: Any) -> str:
    if not isinstance(value, str) or not _can_be_stored(value):
        return "This is not text that can be kept. Write it again."
    if place.field.kind == "photos" and place.path.part == "sha":
        return "" if _SHA.fullmatch(value) else "This names no photo."
    if kind == "date":
        return "" if not value or _DAY.fullmatch(value) else "Write the date as 2026-11-26."
    if not _words(value, kind):
        return f"This is longer than {LONGEST.get(kind, LONGEST['line']):,} characters. Shorten it, or split it in two."
    return ""


def _words(value: Any, kind: str) -> bool:
    return isinstance(value, str) and _can_be_stored(value) and len(value) <= LONGEST.get(kind, LONGEST["line"])


def _can_be_stored(text: str) -> bool:
    """PostgreSQL takes neither NUL nor half of a surrogate pair."""
    return _NOT_STORED.search(text) is None
