"""What records are about, in counts: how often each was chosen, and how many people that stands for."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from app.domain.notes import floor
from app.domain.notes.forms import Field, NoteForm, Option

BIG_IDEAS, JUDGEMENT, BLOCKS = "big_ideas", "judgement", "blocks"
Counts = Literal["choices", "rows", "parts"]


class Chosen(Protocol):
    """A choice in a record, or a row in which somebody wrote."""

    @property
    def event_id(self) -> uuid.UUID:
        """The record."""

    @property
    def field(self) -> str:
        """The field of its form."""

    @property
    def row(self) -> str:
        """The row, empty for a field without rows."""

    @property
    def value(self) -> Any:
        """What was chosen; None for a row in which somebody wrote."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A field that is counted: by its choices, by rows written in, or by rows that block."""

    title: str
    field: str
    how: Counts
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """One choice: in how many records; None where that stands for fewer people than the floor."""

    label: str
    records: int | None


def themes(forms: Iterable[NoteForm]) -> tuple[Theme, ...]:
    """What these forms let count: the Five Big Ideas, the areas reviewed, the levers that block."""
    found = (theme for form in forms for field in form.fields() if (theme := _theme(field)))
    return tuple({theme.title: theme for theme in found}.values())


def _theme(field: Field) -> Theme | None:
    if field.key == BIG_IDEAS:
        return Theme("Five Big Ideas in view", field.key, "choices", field.options)
    if field.feeds == "areas":
        return Theme("Areas reviewed", field.key, "rows", field.options)
    if field.feeds == "levers":
        return Theme("Levers that block", field.key, "parts", field.options)
    return None


def tallies(theme: Theme, chosen: Iterable[Chosen], people: Mapping[uuid.UUID, set[uuid.UUID]]) -> tuple[Tally, ...]:
    """Each option of the theme, in the form's order. `people`: who takes part in each record's event."""
    records: dict[str, set[uuid.UUID]] = {}
    for one in chosen:
        if one.field == theme.field:
            for key in _keys(theme, one):
                records.setdefault(key, set()).add(one.event_id)
    return tuple(Tally(option.label, _shown(records.get(option.key, set()), people)) for option in theme.options)


def _keys(theme: Theme, one: Chosen) -> Iterator[str]:
    if theme.how == "choices":
        yield from (one.value if isinstance(one.value, list) else [one.value])
    elif theme.how == "rows" or one.value == BLOCKS:
        yield one.row


def _shown(records: set[uuid.UUID], people: Mapping[uuid.UUID, set[uuid.UUID]]) -> int | None:
    return floor.alone(len(records), len(set().union(*(people.get(one, set()) for one in records))))
