"""A record's form: sections of fields with prompts, as data that a hub can change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

EventKind = Literal["meeting", "visit", "observation"]
KINDS: tuple[EventKind, ...] = get_args(EventKind)
FieldKind = Literal["line", "text", "choice", "choices", "date", "number", "list", "rows", "clock", "photos"]
PartKind = Literal["line", "text", "choice", "date", "person"]
Share = Literal["record", "each", "own"]  # one for the record; one from each person; the writer's alone
Feeds = Literal["", "tries", "next_steps", "barriers", "areas", "levers"]  # what the ladder and the gap tasks take up
WITH_ITEMS = frozenset({"list", "rows", "clock", "photos"})
LONGEST = {"line": 300, "text": 20_000}  # characters


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, or one fixed row: `key` is stored and never changes."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One box of an item: a gap task has who, what and by when."""

    key: str
    label: str
    kind: PartKind = "text"
    options: tuple[Option, ...] = ()
    after: bool = False  # may be written after the record is agreed: how a gap task went


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `rows` has an item for each option, `list` has items that people add.

    `summary`: it is part of what the school sees once agreed.
    """

    key: str
    label: str
    kind: FieldKind = "text"
    share: Share = "record"
    hint: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    summary: bool = False
    feeds: Feeds = ""

    def part(self, key: str) -> Part | None:
        """The box of this name."""
        return next((part for part in self.parts if part.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Plan, observe, discuss, or what a visit has instead."""

    key: str
    title: str
    intro: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm:
    """The form of one kind of event in one version."""

    kind: EventKind
    version: int
    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        """Every field, in order."""
        for section in self.sections:
            yield from section.fields

    def field(self, key: str) -> Field | None:
        """The field of this name; keys are unique in a form."""
        return next((one for one in self.fields() if one.key == key), None)


def to_data(form: NoteForm) -> list[dict[str, Any]]:
    """The sections as they are stored and sent."""
    return [asdict(section) for section in form.sections]


def from_data(kind: EventKind, version: int, sections: Sequence[Mapping[str, Any]]) -> NoteForm:
    """The form out of what was stored by `to_data`."""
    return NoteForm(kind=kind, version=version, sections=tuple(_section(one) for one in sections))


def _section(data: Mapping[str, Any]) -> Section:
    return Section(**{**data, "fields": tuple(_field(one) for one in data["fields"])})


def _field(data: Mapping[str, Any]) -> Field:
    parts = tuple(Part(**{**one, "options": _options(one["options"])}) for one in data["parts"])
    return Field(**{**data, "options": _options(data["options"]), "parts": parts})


def _options(data: list[Mapping[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(one["key"], one["label"]) for one in data)
