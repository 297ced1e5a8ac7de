"""Strict reading of parsed JSON: every wrong value becomes a Fault that names its JSON path."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from app.kit.errors import BadInputError, Fault

T = TypeVar("T")
DAY_FORM = re.compile(r"\d{4}-\d{2}-\d{2}")


class _WrongError(Exception):
    """A value is wrong; the fault is already noted."""


@dataclass(frozen=True, slots=True)
class Value:
    """A piece of JSON, the path to it, and the list of faults found so far in its file."""

    raw: object
    path: str = "$"
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, because: str) -> _WrongError:
        """The error to raise here, after noting the fault."""
        self.note(because)
        return _WrongError()

    def note(self, because: str) -> None:
        """Notes a fault here and lets the reading go on."""
        self.faults.append(Fault(self.path, because))

    def at(self, raw: object, step: str) -> "Value":
        """A piece of this one."""
        return Value(raw, f"{self.path}{step}", self.faults)

    def keys(self, required: Collection[str], optional: Collection[str] = ()) -> "dict[str, Value]":
        """The object's members; refuses missing and unknown keys."""
        if not isinstance(self.raw, dict):
            raise self.wrong(f"must be an object, but is {_spoken(self.raw)}")
        missing = [key for key in required if key not in self.raw]
        for key in self.raw:
            if key not in required and key not in optional:
                self.at(None, f".{key}").note("is not a key that is known here; check its spelling or take it out")
        for key in missing:
            self.at(None, f".{key}").note("is missing")
        if missing:
            raise _WrongError
        return {key: self.at(raw, f".{key}") for key, raw in self.raw.items()}

    def each(self, read: Callable[["Value"], T]) -> tuple[T, ...]:
        """Every element read in order; goes on after a wrong one so that all faults are told at once."""
        if not isinstance(self.raw, list):
            raise self.wrong(f"must be a list, but is {_spoken(self.raw)}")
        found: list[T] = []
        for n, raw in enumerate(self.raw):
            try:
                found.append(read(self.at(raw, f"[{n}]")))
            except _WrongError:
                continue
        return tuple(found)

    def unlike(self, read: Callable[["Value"], T]) -> tuple[T, ...]:
        """Every element read, none of them twice."""
        found = self.each(read)
        if len(set(found)) != len(found):
            raise self.wrong("names something twice")
        return found

    def text(self) -> str:
        """A string with something in it."""
        if not isinstance(self.raw, str) or not self.raw:
            raise self.wrong(f"must be a text that is not empty, but is {_spoken(self.raw)}")
        return self.raw

    def one_of(self, known: Collection[str]) -> str:
        """One of a few words."""
        word = self.text()
        if word not in known:
            raise self.wrong(f"must be one of {', '.join(sorted(known))}, but is {_spoken(word)}")
        return word

    def named(self, known: Collection[str], kind: str) -> str:
        """An id that the problem holds."""
        word = self.text()
        if word not in known:
            raise self.wrong(f"names {kind} {word!r}, which the problem does not hold")
        return word

    def number(self, least: int | None = None, most: int | None = None) -> int:
        """A whole number, within bounds."""
        if isinstance(self.raw, bool) or not isinstance(self.raw, int):
            raise self.wrong(f"must be a whole number, but is {_spoken(self.raw)}")
        if least is not None and self.raw < least:
            raise self.wrong(f"must be {least} or more, but is {self.raw}")
        if most is not None and self.raw > most:
            raise self.wrong(f"must be {most} or less, but is {self.raw}")
        return self.raw

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.raw, bool):
            raise self.wrong(f"must be true or false, but is {_spoken(self.raw)}")
        return self.raw

    def day(self) -> date:
        """A date written YYYY-MM-DD."""
        if not isinstance(self.raw, str) or not DAY_FORM.fullmatch(self.raw):
            raise self.wrong(f"must be a date such as 2026-09-24, but is {_spoken(self.raw)}")
        try:
            return date.fromisoformat(self.raw)
        except ValueError:
            raise self.wrong(f"must be a date that exists, but is {_spoken(self.raw)}") from None

    def pair(self) -> "tuple[Value, Value]":
        """A list of exactly two."""
        if not isinstance(self.raw, list) or len(self.raw) != 2:
            raise self.wrong(f"must be a list of two, but is {_spoken(self.raw)}")
        return self.at(self.raw[0], "[0]"), self.at(self.raw[1], "[1]")

    def maybe(self, read: Callable[["Value"], T]) -> T | None:
        """Null, or what `read` reads."""
        return None if self.raw is None else read(self)


def whole(raw: object, what: str, read: Callable[[Value], T]) -> T:
    """Reads a whole file; raises BadInputError with every fault found."""
    top = Value(raw)
    found: list[T] = []
    try:
        found.append(read(top))
    except _WrongError:
        pass
    except RecursionError:
        top.faults.append(Fault("$", "is nested too deeply"))
    if top.faults or not found:
        first = top.faults[0]
        more = f" ({len(top.faults) - 1} more)" if len(top.faults) > 1 else ""
        because = f"The {what} cannot be read: {first.path} {first.because}{more}."
        raise BadInputError(because, tuple(top.faults))
    return found[0]


def _spoken(raw: object) -> str:
    """A short form of a wrong value."""
    if raw is None:
        return "null"
    if isinstance(raw, dict):
        return "an object"
    if isinstance(raw, list):
        return "a list"
    words = repr(raw)
    return words if len(words) <= 60 else f"{words[:57]}..."
