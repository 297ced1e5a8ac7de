"""What an entry of the trail says, and how the chain of entries is walked.

Source: docs/decisions/0012-the-trail.md. Every entry holds the digest of the one before it, hub by hub.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.kit.periods import HALF_TERMS, spoken, spoken_date, spoken_time

KINDS = {
    "event": "Meetings, visits and observations",
    "group": "Work Groups",
    "plan": "Plans",
    "programme": "Programmes",
    "calendar": "Calendars",
    "cohort": "Specialist cohorts",
    "person": "People",
    "school": "Schools",
    "hub": "The hub",
}
FACTS = {  # the fact that names what was done to; the first one found counts
    "event": "event",
    "group": "group",
    "proposal": "plan",
    "programme": "programme",
    "calendar": "calendar",
    "cohort": "cohort",
    "person": "person",
    "urn": "school",
    "hub": "hub",
}
SOURCES = {"page": "A page", "api": "The API", "command": "The command line", "job": "Halfterm itself"}
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
UNKNOWN = "something that is not here any more"
WORDS = {
    "urn": "School",
    "base urn": "School",
    "calendar id": "Calendar",
    "most": "Most meetings on one day",
    "least gap": "Fewest days between",
    "works": "Working days",
    "email": "E-mail address",
    "pinned": "Kept by the planner",
    "times": "Own times",
    "head of": "Headteacher of",
    "days off": "Days without school",
    "kind": "What it is",
}


def thing_of(facts: Mapping[str, Any]) -> tuple[str, str] | tuple[None, None]:
    """What something was done to, as its facts name it: kind and id."""
    for name, kind in FACTS.items():
        if facts.get(name) is not None:
            return kind, str(facts[name])
    return None, None


def fact_of(kind: str) -> str:
    """The fact that names a thing of this kind, empty for a strange one."""
    return next((fact for fact, known in FACTS.items() if known == kind), "")


def changed(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Only what differs; where one side was not given, the other stays whole."""
    if before is None or after is None:
        return (dict(before) if before else None, dict(after) if after else None)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not names:
        return None, None
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def origin_in_words(source: str, browser: str) -> str:
    """A page, in Firefox on Windows."""
    where = SOURCES.get(source, "")
    return f"{where}, in {browser}" if where and browser else where


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of what was changed, in words."""

    field: str
    before: str
    after: str


def told(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, names: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """What changed, field by field; `names` turns ids and URNs into names."""
    fields = {**(before or {}), **(after or {})}
    return tuple(
        FieldChange(
            field_in_words(name),
            value_in_words(name, (before or {}).get(name), names),
            value_in_words(name, (after or {}).get(name), names),
        )
        for name in fields
    )


def field_in_words(name: str) -> str:
    """A field's name as people say it."""
    plain = name.replace("_", " ")
    return WORDS.get(plain, plain[:1].upper() + plain[1:])


def value_in_words(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value as people say it: no ids, no code words."""
    match value:
        case None | "" | []:
            return "Nothing"
        case bool():
            return "Yes" if value else "No"
        case int() if "half_term" in name.replace(" ", "_") and value < len(HALF_TERMS):
            return HALF_TERMS[value]
        case int() if str(value) in names:
            return names[str(value)]
        case int() if "urn" in name:
            return f"the school with the URN {value}"
        case list() if len(value) == len(WEEK) and name == "weekdays":
            pairs = zip(WEEK, value, strict=True)
            return ", ".join(f"{day} {cost}" for day, cost in pairs)
        case list():
            return ", ".join(value_in_words(name, one, names) for one in value)
        case dict():
            parts = (f"{field_in_words(key)}: {value_in_words(key, one, names)}" for key, one in value.items())
            return "; ".join(parts) or "Nothing"
        case str():
            return _text_in_words(value, names)
    return str(value)


def _text_in_words(value: str, names: Mapping[str, str]) -> str:
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return names.get(value, UNKNOWN)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return spoken_date(date.fromisoformat(value))
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\S+(Z|[+-]\d\d:\d\d)", value):
            return spoken(datetime.fromisoformat(value))
        if re.fullmatch(r"\d\d:\d\d(:\d\d)?", value):
            return spoken_time(time.fromisoformat(value))
    except ValueError:
        return value
    if re.fullmatch(r"[a-z]+(_[a-z]+)+", value):
        return value.replace("_", " ").capitalize()
    return value


def named(value: Any) -> Iterator[str]:
    """Every id and number in a change that might have a name."""
    match value:
        case dict():
            for one in value.values():
                yield from named(one)
        case list():
            for one in value:
                yield from named(one)
        case bool():
            return
        case int() if value >= 100_000:
            yield str(value)
        case str() if len(value) == 36 and value.count("-") == 4:
            yield value


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the walk sees it: what it holds, and the two texts that its digests are made from.

    `said` is None where the law had the words forgotten: only the digest is left of them.
    """

    id: uuid.UUID
    number: int | None
    at: datetime
    did: str
    about: str
    said: str | None
    content: str
    written: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a hub's chain holds. `fault` is empty when it is whole."""

    number: int
    hash: str
    forgotten: int = 0
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Whether every entry fits."""
        return not self.fault


class Walk:
    """A walk along one hub's chain, entry by entry in order; it holds no more than where it is."""

    def __init__(self) -> None:
        self.number, self.hash, self.forgotten = 0, "", 0

    def fault(self, link: Link) -> str:
        """Why this entry does not fit, empty when it does; then the walk stands on it."""
        because = self._number(link) or self._digests(link)
        if because:
            return because
        self.number, self.hash = self.number + 1, link.hash
        self.forgotten += link.said is None
        return ""

    def _number(self, link: Link) -> str:
        if link.number is None:
            return f"{_entry(link)} has no number: it was put in beside the chain."
        if link.number == self.number + 2:
            return f"Entry {self.number + 1} is missing: entry {link.number} comes after entry {self.number}."
        if link.number != self.number + 1:
            return f"Entries {self.number + 1} to {link.number - 1} are missing."
        return ""

    def _digests(self, link: Link) -> str:
        if link.said is not None and digest(link.said) != link.content:
            return f"{_entry(link)} is not what was written."
        if link.previous != self.hash:
            return f"{_entry(link)} does not follow the one before it."
        if digest(link.written) != link.hash:
            return f"{_entry(link)} is not what was written, or not where it was."
        return ""

    def end(self, kept: tuple[int, str]) -> Checked:
        """The walk is over: `kept` is the number and digest that the hub keeps of its last entry."""
        number, end = kept
        because = ""
        if number > self.number:
            missing = (
                f"Entry {number} is" if number == self.number + 1 else f"Entries {self.number + 1} to {number} are"
            )
            because = f"{missing} missing at the end."
        elif number < self.number:
            because = f"Entry {number + 1} was put in: the chain ends at entry {number}."
        elif end != self.hash:
            because = f"Entry {number} is not the one that the chain ends with."
        return Checked(self.number, self.hash, self.forgotten, because)


def _entry(link: Link) -> str:
    place = f"Entry {link.number}" if link.number else "An entry"
    return f"{place} ({link.did}: {link.about}, {spoken(link.at)})" if link.about else f"{place} ({link.did})"


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal (FIPS 180-4)."""
    return hashlib.sha256(text.encode()).hexdigest()
