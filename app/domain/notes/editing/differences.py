"""A draft beside the published form, in words; and what would no longer be taken up."""

from collections.abc import Iterator, Sequence

from app.domain.notes.editing.keys import Keyed
from app.domain.notes.editing.rules import FED_BY, KIND_WORDS
from app.domain.notes.forms import Field, NoteForm, Option


def differences(before: NoteForm, after: NoteForm) -> tuple[str, ...]:
    """Each change in a sentence, section by section; empty when nothing differs."""
    return (*_sections(before, after), *_left_out(before, after), *_asked(before, after), *_order(before, after))


def warnings(before: NoteForm, after: NoteForm) -> tuple[str, ...]:
    """What nothing will be taken up from any more, in sentences."""
    lost = (field for field in before.fields() if field.feeds and after.field(field.key) is None)
    return tuple(f"“{field.label}” is left out. {FED_BY[field.feeds]} New records will have none." for field in lost)


def _sections(before: NoteForm, after: NoteForm) -> Iterator[str]:
    were = {section.key: section for section in before.sections}
    for section in after.sections:
        was = were.pop(section.key, None)
        if was is None:
            yield f"There is a new section, “{section.title}”."
        elif was.title != section.title:
            yield f"The section “{was.title}” is now called “{section.title}”."
        if was is not None and was.intro != section.intro:
            yield f"“{section.title}” begins with other words{_now(section.intro)}"
    for gone in were.values():
        yield f"The section “{gone.title}” is gone."


def _left_out(before: NoteForm, after: NoteForm) -> Iterator[str]:
    for field in before.fields():
        if after.field(field.key) is None:
            yield f"“{field.label}” is no longer asked."


def _asked(before: NoteForm, after: NoteForm) -> Iterator[str]:
    for section in after.sections:
        for field in section.fields:
            was = before.field(field.key)
            if was is None:
                yield f"“{field.label}” is new in “{section.title}” ({KIND_WORDS[field.kind].lower()})."
            else:
                yield from _question(was, field)


def _question(was: Field, field: Field) -> Iterator[str]:
    if was.label != field.label:
        yield f"“{was.label}” is now asked as “{field.label}”."
    if was.hint != field.hint:
        yield f"“{field.label}” has another prompt{_now(field.hint)}"
    if was.summary != field.summary:
        yield f"“{field.label}” is {'now' if field.summary else 'no longer'} part of the agreed summary."
    yield from _options(f"“{field.label}”", was.options, field.options)
    boxes = {part.key: part for part in was.parts}
    for part in field.parts:
        old = boxes.pop(part.key, None)
        if old is None:
            yield f"“{field.label}” has a new box, “{part.label}”."
            continue
        if old.label != part.label:
            yield f"In “{field.label}”, the box “{old.label}” is now called “{part.label}”."
        yield from _options(f"“{part.label}” in “{field.label}”", old.options, part.options)
    for gone in boxes.values():
        yield f"“{field.label}” no longer has the box “{gone.label}”."
    if _reordered(was.parts, field.parts):
        yield f"The boxes of “{field.label}” come in another order."


def _options(of: str, before: Sequence[Option], after: Sequence[Option]) -> Iterator[str]:
    were = {option.key: option.label for option in before}
    for option in after:
        was = were.pop(option.key, None)
        if was is None:
            yield f"{of} offers “{option.label}” as well."
        elif was != option.label:
            yield f"In {of}, “{was}” is now called “{option.label}”."
    for gone in were.values():
        yield f"{of} no longer offers “{gone}”."
    if _reordered(before, after):
        yield f"{of} offers its choices in another order."


def _order(before: NoteForm, after: NoteForm) -> Iterator[str]:
    home = {field.key: section.key for section in before.sections for field in section.fields}
    for section in after.sections:
        for field in section.fields:
            if home.get(field.key, section.key) != section.key:
                yield f"“{field.label}” has moved to “{section.title}”."
    for section in after.sections:
        was = [one for one in before.fields() if home[one.key] == section.key]
        if _reordered(was, section.fields):
            yield f"The questions of “{section.title}” come in another order."
    if _reordered(before.sections, after.sections):
        yield "The sections come in another order."


def _reordered(before: Sequence[Keyed], after: Sequence[Keyed]) -> bool:
    """Whether those that are in both follow each other otherwise."""
    were, are = [one.key for one in before], [one.key for one in after]
    both = set(were) & set(are)
    return [key for key in were if key in both] != [key for key in are if key in both]


def _now(text: str) -> str:
    return f": {text}" if text else ": none."
