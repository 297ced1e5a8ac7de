"""The agreed summary: what of a version the school sees, as titles, texts and lists, for a page and for paper."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.notes.forms import Field, NoteForm
from app.domain.notes.readable import Box, Item, Question, Stands, Voice, chapters


@dataclass(frozen=True, slots=True)
class Detail:
    """A named part of an entry: By when, Thursday 10 December 2026."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of several: its first words, and what else is said of it."""

    title: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A question of the form with what was agreed: a text, or several entries."""

    title: str
    text: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An agreed summary as it is read. `superseded` says in a sentence that it no longer counts; else it is empty."""

    heading: str
    kind: str
    day: str
    hours: str
    version: str
    people: tuple[str, ...]
    agreed: tuple[str, ...]
    superseded: str
    blocks: tuple[Block, ...]


def blocks(
    form: NoteForm, places: Iterable[Stands], names: Mapping[uuid.UUID, str], *, with_tries: bool
) -> tuple[Block, ...]:
    """The fields that the form marks for the summary, texts before lists; those without an answer are left out.

    `with_tries`: also what people will try, for those who read the record itself. How it went is theirs.
    """
    asked = [question for chapter in chapters(form, places, names) for question in chapter.questions]
    shown = [one for one in asked if _shown(one.field, with_tries=with_tries)]
    texts = [block for one in shown if one.field.kind in {"text", "line"} for block in _blocks(one)]
    return (*texts, *(block for one in shown if one.field.kind not in {"text", "line"} for block in _blocks(one)))


def _shown(field: Field, *, with_tries: bool) -> bool:
    return field.share != "own" and (field.summary or (with_tries and field.feeds == "tries"))


def _blocks(question: Question) -> Iterator[Block]:
    for voice in question.voices:
        if voice.empty:
            continue
        title = f"{question.field.label} ({voice.name})" if voice.name else question.field.label
        if voice.box is not None:
            yield Block(title, text=_text(voice.box))
        else:
            entries = tuple(_entries(question.field, voice))
            if entries:
                yield Block(title, entries=entries)


def _entries(field: Field, voice: Voice) -> Iterator[Entry]:
    later = {part.key for part in field.parts if part.after} | {"sha"}
    for item in voice.items:
        boxes = [box for box in item.written if box.part not in later and _text(box)]
        if boxes:
            yield _entry(item, boxes)


def _entry(item: Item, boxes: Sequence[Box]) -> Entry:
    if item.label:
        return Entry(item.label, tuple(Detail(box.label, _text(box)) for box in boxes))
    first = next((box for box in boxes if box.kind == "text"), boxes[0])
    rest = tuple(Detail(box.label, _text(box)) for box in boxes if box is not first)
    return Entry(_text(first), rest)


def _text(box: Box) -> str:
    """What was agreed; should different texts stand there, all of them."""
    return "\n\n".join(one.text for one in box.said if one.text)
