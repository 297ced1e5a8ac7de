"""Keys: what is stored and never changes. A new one is made from the title that a question has when it is added."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol, TypeVar

from app.domain.notes.forms import Field, NoteForm
from app.domain.notes.paths import REMOVED, TAGS
from app.kit.errors import ConflictError

LONGEST_KEY = 40
GONE = "Somebody else removed this while you had the page open. Load it again to see what is there now."


class Keyed(Protocol):
    """A section, a question, a box or a choice."""

    @property
    def key(self) -> str:
        """Its name in what is stored."""


One = TypeVar("One", bound=Keyed)


def fresh(title: str, taken: Collection[str]) -> str:
    """A key of small letters that nothing had before."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    wanted = re.sub(r"[^a-z]+", "_", plain)[:LONGEST_KEY].strip("_") or "question"
    key, after = wanted, 0
    while key in taken:
        after += 1
        key = f"{wanted}_{_letters(after)}"
    return key


def _letters(number: int) -> str:
    """b, c ... z, ba, bb ...: names of boxes hold no digits."""
    text = ""
    while number:
        number, left = divmod(number, 26)
        text = chr(ord("a") + left) + text
    return text


def moved(items: tuple[One, ...], key: str, by: int) -> tuple[One, ...]:
    """The same with one of them so many places further down; at the edge it stays."""
    at = place_of(items, key)
    to = min(max(at + by, 0), len(items) - 1)
    left = [one for one in items if one.key != key]
    return (*left[:to], items[at], *left[to:])


def without(items: tuple[One, ...], key: str) -> tuple[One, ...]:
    """The same without this one. Raises ConflictError when it is gone already."""
    place_of(items, key)
    return tuple(one for one in items if one.key != key)


def changed(items: tuple[One, ...], key: str, how: Callable[[One], One]) -> tuple[One, ...]:
    """The same with this one changed. Raises ConflictError when it is gone."""
    place_of(items, key)
    return tuple(how(one) if one.key == key else one for one in items)


def place_of(items: Sequence[Keyed], key: str) -> int:
    """Where it stands, from 0. Raises ConflictError when it is gone."""
    for at, one in enumerate(items):
        if one.key == key:
            return at
    raise ConflictError(GONE)


def questions_ever(forms: Iterable[NoteForm]) -> set[str]:
    """Keys that a question may not get: those of any version, and what every record has by itself."""
    return {TAGS.key} | {field.key for form in forms for field in form.fields()}


def boxes_ever(forms: Iterable[NoteForm], field: str) -> set[str]:
    """Keys that a new box of this question may not get."""
    return {REMOVED.key} | {part.key for one in _ever(forms, field) for part in one.parts}


def choices_ever(forms: Iterable[NoteForm], field: str, part: str = "") -> set[str]:
    """Keys that a new choice of this question, or of one of its boxes, may not get."""
    having = [box.options for one in _ever(forms, field) for box in one.parts if box.key == part]
    having += [one.options for one in _ever(forms, field) if not part]
    return {option.key for options in having for option in options}


def _ever(forms: Iterable[NoteForm], key: str) -> list[Field]:
    return [field for form in forms for field in form.fields() if field.key == key]
