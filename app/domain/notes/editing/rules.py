"""What a form must be before it is published, and what of it must stay as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.forms import WITH_ITEMS, Feeds, Field, FieldKind, NoteForm, Option, PartKind, Section, Share
from app.kit.errors import Fault

MOST_QUESTIONS = 60
MOST_SECTIONS = 12
MOST_BOXES = 250  # boxes and choices in all: the page of everything stays within what a browser sends at once
LONGEST_TITLE, LONGEST_PROMPT, LONGEST_LABEL = 200, 500, 120  # characters

KIND_WORDS: Mapping[FieldKind, str] = {
    "text": "Text",
    "line": "One line",
    "choice": "One choice",
    "choices": "Several choices",
    "date": "A date",
    "number": "A whole number",
    "list": "A list to add to",
    "rows": "The same boxes for each row",
    "clock": "The lesson clock",
    "photos": "Photos",
}
NEW_KINDS: tuple[FieldKind, ...] = ("text", "line", "choice", "choices", "date", "number", "list", "rows")
PART_WORDS: Mapping[PartKind, str] = {
    "text": "Text",
    "line": "One line",
    "choice": "One choice",
    "date": "A date",
    "person": "A person of the event",
}
SHARE_WORDS: Mapping[Share, str] = {
    "record": "One answer for the record",
    "each": "Everyone writes their own; all of them read it",
    "own": "Everyone for themselves; nobody else reads it",
}
FED_BY: Mapping[Feeds, str] = {
    "tries": "Gap tasks come out of it.",
    "next_steps": "The school's next steps come out of it.",
    "barriers": "Barriers that leaders own come out of it.",
    "areas": "What is known of the school's five areas comes out of it.",
    "levers": "The system conditions review comes out of it.",
}


def fixed(field: Field) -> bool:
    """Whether what ships of it can only be renamed: the clock, photos, and what the ladder takes up read it by key."""
    return field.kind in {"clock", "photos"} or bool(field.feeds)


def takes_options(field: Field) -> bool:
    """Whether choices, or rows, can be added to it and removed."""
    return field.kind in {"choice", "choices", "rows"}


def takes_boxes(field: Field) -> bool:
    """Whether boxes can be added to it."""
    return field.kind in {"list", "rows"}


def stays(field: Field, part: str) -> bool:
    """Whether this box, and the choices in it, can only be renamed."""
    shipped = (one for form in DEFAULTS.values() for one in form.fields() if one.kind == field.kind)
    return fixed(field) and any(
        one.part(part) is not None for one in shipped if one.feeds == field.feeds and (one.feeds or fixed(one))
    )


def takes_choices(field: Field, part: str) -> bool:
    """Whether choices can be added to this box and removed."""
    box = field.part(part)
    return box is not None and box.kind == "choice" and not stays(field, part)


def faults(form: NoteForm) -> tuple[Fault, ...]:
    """What is wrong with the texts of a draft, before it can be saved; each path is the name of its box."""
    return tuple(Fault(path, because) for path, because in _texts(form) if because)


def _texts(form: NoteForm) -> Iterator[tuple[str, str]]:
    for section in form.sections:
        at = f"section.{section.key}"
        yield f"{at}.title", _title(section.title, LONGEST_LABEL)
        yield f"{at}.intro", _prompt(section.intro)
        for field in section.fields:
            yield from _field_texts(field)


def _field_texts(field: Field) -> Iterator[tuple[str, str]]:
    at = f"field.{field.key}"
    yield f"{at}.label", _title(field.label, LONGEST_TITLE)
    yield f"{at}.hint", _prompt(field.hint)
    private = "Only an answer that is given once for the record can be part of the agreed summary."
    yield f"{at}.summary", private if field.summary and field.share != "record" else ""
    yield from _option_texts(f"option.{field.key}", field.options)
    for part in field.parts:
        yield f"part.{field.key}.{part.key}", _title(part.label, LONGEST_LABEL)
        yield from _option_texts(f"choice.{field.key}.{part.key}", part.options)


def _option_texts(at: str, options: Sequence[Option]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for option in options:
        words = option.label.casefold()
        again = f"There are two called “{option.label}”. Give one of them another name." if words in seen else ""
        seen.add(words)
        yield f"{at}.{option.key}", _title(option.label, LONGEST_LABEL) or again


def _title(text: str, longest: int) -> str:
    if not text.strip():
        return "Write a title, or remove it."
    return "" if len(text) <= longest else f"Use at most {longest} characters; a longer thought goes into the prompt."


def _prompt(text: str) -> str:
    return "" if len(text) <= LONGEST_PROMPT else f"Use at most {LONGEST_PROMPT} characters."


def unfinished(form: NoteForm, earlier: Iterable[NoteForm] = ()) -> tuple[Fault, ...]:
    """What is still missing before a draft can be published; `earlier` are its published versions."""
    fields = list(form.fields())
    said = [*_whole(form, fields)]
    said += [Fault(f"section.{one.key}.title", _empty(one)) for one in form.sections if not one.fields]
    for field in fields:
        because = _incomplete(field)
        said += [Fault(f"field.{field.key}.label", because)] if because else []
    return (*faults(form), *said, *_keys(fields, list(earlier)))


def _whole(form: NoteForm, fields: Sequence[Field]) -> Iterator[Fault]:
    if not fields:
        yield Fault("", "A form asks at least one question. Add one.")
    if because := too_many(form):
        yield Fault("", because)
    if fields and not any(field.summary for field in fields):
        yield Fault("", "Mark at least one question for the agreed summary: without it the school would see nothing.")


def too_many(form: NoteForm) -> str:
    """What there is more of than a form may have, in a sentence; empty when it fits."""
    there = (
        (len(form.sections), MOST_SECTIONS, "has at most {} sections"),
        (sum(1 for _ in form.fields()), MOST_QUESTIONS, "asks at most {} questions"),
        (boxes(form), MOST_BOXES, "has at most {} boxes and choices"),
    )
    for count, most, says in there:
        if count > most:
            return f"A form {says.format(most)}; this would be {count}. Remove some first."
    return ""


def boxes(form: NoteForm) -> int:
    """How many boxes and choices a form has in all."""
    return sum(len(field.options) + sum(1 + len(part.options) for part in field.parts) for field in form.fields())


def _empty(section: Section) -> str:
    return f"“{section.title}” asks nothing yet. Add a question to it, or remove the section."


def _incomplete(field: Field) -> str:
    if field.kind in {"choice", "choices"} and len(field.options) < 2:
        return f"“{field.label}” needs at least two choices."
    if field.kind == "rows" and not field.options:
        return f"“{field.label}” needs at least one row."
    if field.kind in WITH_ITEMS and not field.parts:
        return f"“{field.label}” needs at least one box to write in."
    lone = next((part for part in field.parts if part.kind == "choice" and len(part.options) < 2), None)
    return f"“{lone.label}” in “{field.label}” needs at least two choices." if lone else ""


def _keys(fields: Sequence[Field], earlier: Sequence[NoteForm]) -> Iterator[Fault]:
    """One key, one question, for good: what was written under it must still fit."""
    seen: set[str] = set()
    for field in fields:
        at = f"field.{field.key}.label"
        if field.key in seen:
            yield Fault(at, f"Two questions are stored as {field.key}. Remove one and add it again.")
        seen.add(field.key)
        for form in earlier:
            was = form.field(field.key)
            if was and (was.kind, was.share) != (field.kind, field.share):
                words = KIND_WORDS[was.kind].lower()
                yield Fault(at, f"In version {form.version} this was another question ({words}). Add a new one.")
                break
