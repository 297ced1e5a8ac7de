"""What the editor's page sends, brought to a draft: every text that was typed, and what its buttons do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.notes.editing.keys import (
    boxes_ever,
    changed,
    choices_ever,
    fresh,
    moved,
    place_of,
    questions_ever,
    without,
)
from app.domain.notes.editing.rules import (
    LONGEST_TITLE,
    NEW_KINDS,
    PART_WORDS,
    SHARE_WORDS,
    stays,
    takes_boxes,
    takes_choices,
    takes_options,
    too_many,
)
from app.domain.notes.forms import Field, NoteForm, Option, Part, PartKind, Section, Share
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.typed import Typed

SHARES: tuple[Share, ...] = tuple(SHARE_WORDS)
PARTS: tuple[PartKind, ...] = tuple(PART_WORDS)
WAIT = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class Change:
    """One press of a button: the draft, where it was pressed, what was typed, and every version there has been."""

    form: NoteForm
    where: tuple[str, ...]
    typed: Typed
    versions: tuple[NoteForm, ...]

    @property
    def ever(self) -> tuple[NoteForm, ...]:
        """All versions, and the draft."""
        return (*self.versions, self.form)


def written(form: NoteForm, typed: Typed) -> NoteForm:
    """The draft with the texts of the page; what the page did not show stays."""
    sections = tuple(_section(one, typed) for one in form.sections)
    return replace(form, sections=sections)


def _section(section: Section, typed: Typed) -> Section:
    at = f"section.{section.key}"
    return replace(
        section,
        title=_said(typed, f"{at}.title", section.title),
        intro=_said(typed, f"{at}.intro", section.intro),
        fields=tuple(_field(one, typed) for one in section.fields),
    )


def _field(field: Field, typed: Typed) -> Field:
    at = f"field.{field.key}"
    shown = f"{at}.label" in typed.values
    return replace(
        field,
        label=_said(typed, f"{at}.label", field.label),
        hint=_said(typed, f"{at}.hint", field.hint),
        summary=typed.text(f"{at}.summary") == "yes" if shown else field.summary,
        options=_options(f"option.{field.key}", field.options, typed),
        parts=tuple(
            replace(
                part,
                label=_said(typed, f"part.{field.key}.{part.key}", part.label),
                options=_options(f"choice.{field.key}.{part.key}", part.options, typed),
            )
            for part in field.parts
        ),
    )


def _options(at: str, options: Sequence[Option], typed: Typed) -> tuple[Option, ...]:
    return tuple(replace(one, label=_said(typed, f"{at}.{one.key}", one.label)) for one in options)


def _said(typed: Typed, name: str, before: str) -> str:
    return typed.text(name) if name in typed.values else before


def act(form: NoteForm, do: str, typed: Typed, versions: Sequence[NoteForm]) -> NoteForm:
    """The draft after a button such as `up:question:lesson`; an unknown one only saves.

    Raises BadInputError for what has no title yet, ConflictError for what is gone, has to stay, or is too much.
    """
    verb, _, rest = do.partition(":")
    what, *where = rest.split(":")
    how, keys = ACTS.get((verb, what), (_nothing, len(where)))
    if len(where) != keys:
        return form
    new = how(Change(form, tuple(where), typed, tuple(versions)))
    if verb in {"add", "back"} and (because := too_many(new)):
        raise ConflictError(because)
    return new


def _nothing(change: Change) -> NoteForm:
    return change.form


def _name(change: Change, name: str, of: str) -> str:
    title = change.typed.text(name)
    if not title:
        raise BadInputError(WAIT, (Fault(name, f"Write {of} before you add it."),))
    if len(title) > LONGEST_TITLE:
        raise BadInputError(WAIT, (Fault(name, f"Use at most {LONGEST_TITLE} characters."),))
    return title


def _refuse_unless(fits: bool) -> None:
    if not fits:
        raise ConflictError("This question takes nothing more. Its titles and its prompt can change.")


def _add_section(change: Change) -> NoteForm:
    form = change.form
    title = _name(change, "add.section", "the section's title")
    taken = {section.key for one in change.ever for section in one.sections}
    return replace(form, sections=(*form.sections, Section(key=fresh(title, taken), title=title)))


def _add_question(change: Change) -> NoteForm:
    at = f"add.{change.where[0]}"
    label = _name(change, f"{at}.label", "the question")
    kind = next((one for one in NEW_KINDS if one == change.typed.text(f"{at}.kind")), NEW_KINDS[0])
    share = next((one for one in SHARES if one == change.typed.text(f"{at}.share")), SHARES[0])
    parts = (Part(key="what", label="What"),) if kind in {"list", "rows"} else ()
    key = fresh(label, questions_ever(change.ever))
    new = Field(key=key, label=label, kind=kind, share=share, parts=parts)
    return _in_section(change.form, change.where[0], lambda one: replace(one, fields=(*one.fields, new)))


def _add_box(change: Change) -> NoteForm:
    field = change.where[0]
    label = _name(change, f"add.part.{field}", "the box's name")
    kind = next((one for one in PARTS if one == change.typed.text(f"add.part.{field}.kind")), PARTS[0])
    new = Part(key=fresh(label, boxes_ever(change.ever, field)), label=label, kind=kind)
    _refuse_unless(takes_boxes(found(change.form, field)[1]))
    return _in_field(change.form, field, lambda one: replace(one, parts=(*one.parts, new)))


def _add_option(change: Change) -> NoteForm:
    field = change.where[0]
    label = _name(change, f"add.option.{field}", "what there is to choose")
    new = Option(fresh(label, choices_ever(change.ever, field)), label)
    _refuse_unless(takes_options(found(change.form, field)[1]))
    return _in_field(change.form, field, lambda one: replace(one, options=(*one.options, new)))


def _add_choice(change: Change) -> NoteForm:
    field, part = change.where
    label = _name(change, f"add.choice.{field}.{part}", "what there is to choose")
    new = Option(fresh(label, choices_ever(change.ever, field, part)), label)
    _refuse_unless(takes_choices(found(change.form, field)[1], part))
    return _in_part(change, lambda one: replace(one, options=(*one.options, new)))


def _move_section(by: int) -> Callable[[Change], NoteForm]:
    return lambda change: replace(change.form, sections=moved(change.form.sections, change.where[0], by))


def _move_question(by: int) -> Callable[[Change], NoteForm]:
    """Within its section; at the section's edge into the next one."""

    def move(change: Change) -> NoteForm:
        form, key = change.form, change.where[0]
        home, field = found(form, key)
        at, within = place_of(form.sections, home.key), place_of(home.fields, key)
        if 0 <= within + by < len(home.fields):
            return _in_section(form, home.key, lambda one: replace(one, fields=moved(one.fields, key, by)))
        if not 0 <= at + by < len(form.sections):
            return form
        left = _in_section(form, home.key, lambda one: replace(one, fields=without(one.fields, key)))
        into = form.sections[at + by].key
        return _in_section(
            left,
            into,
            lambda one: replace(one, fields=(field, *one.fields) if by > 0 else (*one.fields, field)),
        )

    return move


def _remove_section(change: Change) -> NoteForm:
    form, key = change.form, change.where[0]
    if form.sections[place_of(form.sections, key)].fields:
        raise ConflictError("There are questions in this section. Move them to another one, or remove them first.")
    return replace(form, sections=without(form.sections, key))


def _remove_question(change: Change) -> NoteForm:
    home, _ = found(change.form, change.where[0])
    return _in_section(change.form, home.key, lambda one: replace(one, fields=without(one.fields, change.where[0])))


def _remove_box(change: Change) -> NoteForm:
    field, part = change.where
    _, home = found(change.form, field)
    if stays(home, part):
        raise ConflictError("This box is read by what comes after the record. You can rename it, but it stays.")
    return _in_field(change.form, field, lambda one: replace(one, parts=without(one.parts, part)))


def _remove_choice(change: Change) -> NoteForm:
    field, part, key = change.where
    if stays(found(change.form, field)[1], part):
        raise ConflictError("This choice is read by what comes after the record. You can rename it, but it stays.")
    return _in_part(change, lambda one: replace(one, options=without(one.options, key)))


def _remove_option(change: Change) -> NoteForm:
    field, key = change.where
    return _in_field(change.form, field, lambda one: replace(one, options=without(one.options, key)))


def _lift_option(change: Change) -> NoteForm:
    field, key = change.where
    return _in_field(change.form, field, lambda one: replace(one, options=moved(one.options, key, -1)))


def _lift_box(change: Change) -> NoteForm:
    field, key = change.where
    return _in_field(change.form, field, lambda one: replace(one, parts=moved(one.parts, key, -1)))


def _put_back(change: Change) -> NoteForm:
    """A question that an earlier version asked: as it was then, in its section or else in the last one."""
    key, form = change.where[0], change.form
    if form.field(key):
        return form
    for was in sorted(change.versions, key=lambda one: -one.version):
        if (field := was.field(key)) is not None:
            home = next(one.key for one in was.sections if field in one.fields)
            keys = [one.key for one in form.sections]
            into = home if home in keys else keys[-1]
            return _in_section(form, into, lambda one: replace(one, fields=(*one.fields, field)))
    raise ConflictError("No version asked this.")


def found(form: NoteForm, key: str) -> tuple[Section, Field]:
    """A question and its section. Raises ConflictError when it is gone."""
    for section in form.sections:
        for field in section.fields:
            if field.key == key:
                return section, field
    place_of((), key)
    raise AssertionError(key)


def _in_section(form: NoteForm, key: str, how: Callable[[Section], Section]) -> NoteForm:
    return replace(form, sections=changed(form.sections, key, how))


def _in_field(form: NoteForm, key: str, how: Callable[[Field], Field]) -> NoteForm:
    home, _ = found(form, key)
    return _in_section(form, home.key, lambda one: replace(one, fields=changed(one.fields, key, how)))


def _in_part(change: Change, how: Callable[[Part], Part]) -> NoteForm:
    field, part, *_ = change.where
    return _in_field(change.form, field, lambda one: replace(one, parts=changed(one.parts, part, how)))


# What a button is called, what it does, and how many keys follow: a box is named by its question and itself.
ACTS: Mapping[tuple[str, str], tuple[Callable[[Change], NoteForm], int]] = {
    ("add", "section"): (_add_section, 0),
    ("add", "question"): (_add_question, 1),
    ("add", "box"): (_add_box, 1),
    ("add", "option"): (_add_option, 1),
    ("add", "choice"): (_add_choice, 2),
    ("up", "section"): (_move_section(-1), 1),
    ("down", "section"): (_move_section(1), 1),
    ("up", "question"): (_move_question(-1), 1),
    ("down", "question"): (_move_question(1), 1),
    ("up", "option"): (_lift_option, 2),
    ("up", "box"): (_lift_box, 2),
    ("remove", "section"): (_remove_section, 1),
    ("remove", "question"): (_remove_question, 1),
    ("remove", "box"): (_remove_box, 2),
    ("remove", "option"): (_remove_option, 2),
    ("remove", "choice"): (_remove_choice, 3),
    ("back", "question"): (_put_back, 1),
}
