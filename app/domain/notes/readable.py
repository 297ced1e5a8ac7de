"""A record as people read it: the sections of its form with what stands in each, who wrote it and when."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Protocol

from app.domain.notes.forms import WITH_ITEMS, Field, NoteForm, Option, Part
from app.domain.notes.paths import REMOVED, Path, place, read
from app.kit.periods import spoken, spoken_date

CLOCK_WHEN = "at"  # the part of a clock's moment that says when, ISO 8601
CLOCK_WHAT = "what"
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Stands(Protocol):
    """A value at a place, and who put it there."""

    @property
    def path(self) -> str:
        """Where."""

    @property
    def op_id(self) -> uuid.UUID:
        """By which operation."""

    @property
    def value(self) -> Any:
        """What."""

    @property
    def person_id(self) -> uuid.UUID:
        """Who wrote it."""

    @property
    def name(self) -> str:
        """Their name."""

    @property
    def at(self) -> datetime:
        """When the server took it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text at a place."""

    op_id: uuid.UUID
    value: Any
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Box:
    """A place with its text; several texts wait for a person to choose."""

    path: str
    label: str
    kind: str
    part: str = ""
    options: tuple[Option, ...] = ()
    said: tuple[Said, ...] = ()
    replaces: tuple[uuid.UUID, ...] = ()  # every head, equal texts included

    @property
    def apart(self) -> bool:
        """Whether different texts stand here."""
        return len(self.said) > 1

    @property
    def text(self) -> str:
        """What stands here, where one text does; else the first."""
        return self.said[0].text if self.said else ""

    @property
    def byline(self) -> str:
        """Who wrote it and when."""
        return byline(self.said)

    @property
    def value(self) -> Any:
        """The value itself, None where nothing stands."""
        return self.said[0].value if self.said else None


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things of the same shape. `when` is a moment of the lesson clock, as minutes and seconds."""

    key: str
    label: str
    boxes: tuple[Box, ...]
    when: str = ""
    photo: str = ""

    @property
    def written(self) -> tuple[Box, ...]:
        """The boxes that hold something."""
        return tuple(box for box in self.boxes if box.said)

    @property
    def paths(self) -> tuple[str, ...]:
        """The places of its boxes."""
        return tuple(box.path for box in self.boxes)

    @property
    def caption(self) -> str:
        """What a photo shows, in its writer's words."""
        return next((box.text for box in self.boxes if box.part == "caption"), "")

    @property
    def byline(self) -> str:
        """Who wrote it, and when it was last changed."""
        return byline([one for box in self.boxes for one in box.said])


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person wrote in a field, or all of them together (`person` is None)."""

    person: uuid.UUID | None
    name: str
    box: Box | None = None
    items: tuple[Item, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing stands here."""
        return not self.items and (self.box is None or not any(one.text for one in self.box.said))


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form with everybody's words."""

    field: Field
    voices: tuple[Voice, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nobody has written here."""
        return all(voice.empty for voice in self.voices)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Every place of it in which something stands."""
        single = [voice.box for voice in self.voices if voice.box and voice.box.said]
        return (*single, *(box for voice in self.voices for item in voice.items for box in item.written))


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the form with everybody's words."""

    key: str
    title: str
    intro: str
    questions: tuple[Question, ...]

    @property
    def unwritten(self) -> str:
        """The questions to which nobody has written, in a line."""
        return "; ".join(one.field.label.rstrip(".") for one in self.questions if one.empty)


def byline(said: Sequence[Said]) -> str:
    """Wilf Brook and Jo Pascoe, Thursday 26 November 2026, 9.31am: the last change's time."""
    if not said:
        return ""
    names = list(dict.fromkeys(one.by for one in said))
    return f"{listed(names, len(names))}, {spoken(max(one.at for one in said))}"


def listed(things: Sequence[str], most: int = 3) -> str:
    """One, two and 4 more."""
    shown = list(things[:most])
    if len(things) > most:
        shown.append(f"{len(things) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


@dataclass(slots=True)
class _Shelf:
    """The values of one field: by person, item and part."""

    places: dict[Path, list[Stands]] = field(default_factory=dict)

    def people(self) -> list[uuid.UUID | None]:
        return list(dict.fromkeys(path.person for path in self.places))

    def items(self, person: uuid.UUID | None) -> list[str]:
        return sorted({path.item for path in self.places if path.person == person and path.item})


def chapters(form: NoteForm, standing: Iterable[Stands], names: Mapping[uuid.UUID, str]) -> tuple[Chapter, ...]:
    """The record, section by section. `names` are of people whom values name. Removed items are left out."""
    shelves: dict[str, _Shelf] = {}
    names = dict(names)
    for one in standing:
        names.setdefault(one.person_id, one.name)  # whoever wrote and is booked no more
        path = read(one.path)
        if path is not None:
            shelves.setdefault(path.field, _Shelf()).places.setdefault(path, []).append(one)
    return tuple(
        Chapter(
            section.key,
            section.title,
            section.intro,
            tuple(question(one, shelves.get(one.key, _Shelf()), names) for one in section.fields),
        )
        for section in form.sections
    )


def question(one: Field, shelf: _Shelf, names: Mapping[uuid.UUID, str]) -> Question:
    """A field with its voices: one for the record, or one for each person who wrote, by name."""
    people = shelf.people() or ([None] if one.share == "record" else [])
    voices = [_voice(one, shelf, person, names) for person in people]
    return Question(one, tuple(sorted(voices, key=lambda voice: voice.name.casefold())))


def _voice(one: Field, shelf: _Shelf, person: uuid.UUID | None, names: Mapping[uuid.UUID, str]) -> Voice:
    name = names.get(person, "Somebody who has left") if person else ""
    if one.kind not in WITH_ITEMS:
        return Voice(person, name, box=_box(one, None, shelf, Path(one.key, person), names))
    keys = [option.key for option in one.options] if one.kind == "rows" else shelf.items(person)
    items = [item(one, shelf, Path(one.key, person, key), names) for key in keys]
    kept = [made for made in items if made.written and not _removed(shelf, Path(one.key, person, made.key))]
    return Voice(person, name, items=tuple(_timed(kept) if one.kind == "clock" else kept))


def _removed(shelf: _Shelf, path: Path) -> bool:
    said = shelf.places.get(replace(path, part=REMOVED.key), [])
    return bool(said) and all(one.value is True for one in said)


def item(one: Field, shelf: _Shelf, path: Path, names: Mapping[uuid.UUID, str]) -> Item:
    """An item with all its boxes, the empty ones too."""
    label = next((option.label for option in one.options if option.key == path.item), "")
    boxes = tuple(_box(one, part, shelf, replace(path, part=part.key), names) for part in one.parts)
    sha = next((str(box.value) for box in boxes if one.kind == "photos" and box.part == "sha" and box.said), "")
    return Item(path.item, label, boxes, photo=sha)


def _box(one: Field, part: Part | None, shelf: _Shelf, path: Path, names: Mapping[uuid.UUID, str]) -> Box:
    stands = sorted(shelf.places.get(path, ()), key=lambda head: head.op_id)
    kind, options = (part.kind, part.options) if part else (one.kind, one.options)
    said: list[Said] = []
    for head in stands:
        if all(head.value != known.value for known in said):
            text = spoken_value(kind, options, head.value, names)
            said.append(Said(head.op_id, head.value, text, head.name, head.at))
    if len(said) == 1 and not said[0].text:
        said = []
    return Box(
        path=str(path),
        label=part.label if part else one.label,
        kind=kind,
        part=part.key if part else "",
        options=options,
        said=tuple(said),
        replaces=tuple(head.op_id for head in stands),
    )


def question_of(one: Field, path: Path, part: Part | None = None) -> Box:
    """A place in which nothing is written yet."""
    return _box(one, part, _Shelf(), path, {})


def spoken_value(kind: str, options: Sequence[Option], value: Any, names: Mapping[uuid.UUID, str]) -> str:
    """A value in words: a choice by its label, a date as it is spoken, a person by name."""
    if isinstance(value, bool):
        return REMOVED.label if value else ""
    if isinstance(value, list):
        return ", ".join(_label(options, str(one)) for one in value)
    text = "" if value is None else str(value)
    if kind in {"choice", "choices"}:
        return _label(options, text)
    if kind == "date":
        return _day(text)
    return _name(text, names) if kind == "person" else text


def _label(options: Sequence[Option], key: str) -> str:
    return next((option.label for option in options if option.key == key), key)


def _day(text: str) -> str:
    try:
        return spoken_date(date.fromisoformat(text))
    except ValueError:
        return text


def _name(text: str, names: Mapping[uuid.UUID, str]) -> str:
    try:
        return names.get(uuid.UUID(text), text)
    except ValueError:
        return text


def moment_of(text: object) -> datetime | None:
    """An instant of the lesson clock; None for what is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _timed(items: Sequence[Item]) -> list[Item]:
    """Moments in their order, each with the minutes and seconds for which the clock had run."""
    when = {made.key: _part(made, CLOCK_WHEN) for made in items}
    moments = {key: moment_of(value) for key, value in when.items()}
    ordered = sorted(items, key=lambda made: (moments[made.key] or LONG_AGO, made.key))
    told: list[Item] = []
    ran, since = 0.0, None
    for made in ordered:
        at = moments[made.key]
        if at is None:
            told.append(made)
            continue
        if since is None and (_part(made, CLOCK_WHAT) == "start" or not ran):
            since = at
        elapsed = ran + ((at - since).total_seconds() if since else 0)
        told.append(replace(made, when=f"{int(elapsed) // 60}:{int(elapsed) % 60:02d}"))
        if _part(made, CLOCK_WHAT) == "pause":
            ran, since = elapsed, None
    return told


def _part(made: Item, key: str) -> Any:
    return next((box.value for box in made.boxes if box.part == key), None)


def where(form: NoteForm, path: str, names: Mapping[uuid.UUID, str]) -> str:
    """A place in words: What did we notice; Five areas, Systems, Next step; I noticed (Wilf Brook)."""
    found = place(form, path)
    if found is None:
        return "A question that this form no longer has"
    words = [found.field.label.rstrip("?. ")]
    words += [option.label for option in found.field.options if option.key == found.path.item]
    words += [found.part.label] if found.part and found.part.label.rstrip("?. ") != words[0] else []
    whose = names.get(found.path.person) if found.path.person else None
    return ", ".join(words) + (f" ({whose})" if whose else "")
