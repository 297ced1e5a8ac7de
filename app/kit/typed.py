"""What a person typed into a form, kept as it was, with nothing in it that a database cannot hold."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import TypeVar

from app.kit.errors import BadInputError, Fault

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Typed:
    """Each name of a form with everything that was sent under it, in order."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first value without blanks around it; empty when nothing was sent."""
        return next(iter(self.values.get(name, ())), "").strip()

    def every(self, name: str) -> tuple[str, ...]:
        """Every value under this name: the ticked boxes."""
        return self.values.get(name, ())

    @property
    def version(self) -> int:
        """The version that was on the page; 0, which is never current, when none was sent."""
        said = self.text("version")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def typed(pairs: Iterable[tuple[str, object]]) -> Typed:
    """The texts of a sent form; files are left out, and characters that no text has."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            found[name] = (*found.get(name, ()), value.replace("\x00", "").replace("\r\n", "\n"))
    return Typed(found)


@dataclass(slots=True)
class Reader:
    """Reads a form field by field and gathers what cannot be read."""

    typed: Typed
    faults: list[Fault] = field(default_factory=list)

    def read(self, name: str, how: Callable[[str], Read]) -> Read | None:
        """The field as `how` reads it; where that raises ValueError, its sentence stands beside the field."""
        try:
            return how(self.typed.text(name))
        except ValueError as problem:
            self.faults.append(Fault(name, str(problem)))
            return None

    def finish(self) -> None:
        """Raise BadInputError when something could not be read."""
        if self.faults:
            raise BadInputError("Look at what is marked below.", tuple(self.faults))


def whole_number(text: str) -> int:
    """A whole number of a few digits; raises ValueError with a sentence."""
    tidy = text.replace(",", "")
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) <= 8):
        raise ValueError("Enter a whole number.")
    return int(tidy)


def time_of_day(text: str) -> time:
    """A time as 09:15, 9.15am, 1pm or 13:00; raises ValueError with a sentence."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)? ?(am|pm)?", text.strip().lower())
    if found and (found[2] or found[3]):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ValueError("Enter a time, such as 9:15am or 13:00.")
