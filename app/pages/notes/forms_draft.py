"""A form's editor: every title, prompt, choice and box of a draft at once, each question folded away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.editing.acts import written
from app.domain.notes.editing.rules import (
    FED_BY,
    KIND_WORDS,
    NEW_KINDS,
    PART_WORDS,
    SHARE_WORDS,
    stays,
    takes_boxes,
    takes_choices,
    takes_options,
    unfinished,
)
from app.domain.notes.forms import EventKind, NoteForm, Part, Section
from app.domain.notes.forms import Field as Question
from app.kit.errors import ConflictError, Fault
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form
from app.pages.notes.forms import NAMES, address
from app.store.notes import form_changes

NO_DRAFT = "There is no draft of this form. Begin one from the form's page."
KIND_CHOICES = tuple(Choice(kind, KIND_WORDS[kind]) for kind in NEW_KINDS)
SHARE_CHOICES = tuple(Choice(share, words) for share, words in SHARE_WORDS.items())
PART_CHOICES = tuple(Choice(kind, words) for kind, words in PART_WORDS.items())


@dataclass(frozen=True, slots=True)
class Line:
    """One short text with its buttons: what `up` and `remove` send, empty where there is none."""

    input: Field
    name: str
    up: str
    remove: str


@dataclass(frozen=True, slots=True)
class BoxEdit:
    """One box of an item: its name, what it takes, and its choices."""

    line: Line
    takes: str
    choices: tuple[Line, ...]
    add: Field | None
    add_do: str


@dataclass(frozen=True, slots=True)
class QuestionEdit:
    """One question, folded away unless `open`."""

    key: str
    label: str
    takes: str
    told: tuple[str, ...]
    open: bool
    inputs: tuple[Field, ...]
    options_title: str
    options: tuple[Line, ...]
    add_option: Field | None
    boxes: tuple[BoxEdit, ...]
    add_box: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class SectionEdit:
    """One section with its questions, and the fields that add another."""

    key: str
    title: str
    inputs: tuple[Field, ...]
    questions: tuple[QuestionEdit, ...]
    add: tuple[Field, ...]
    adding: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question of an earlier version that the draft does not ask."""

    label: str
    do: str


@dataclass(frozen=True, slots=True)
class FormDraftPage:
    """The editor. `missing` is what stands between the draft and being published."""

    template: ClassVar[str] = "notes/form_draft.html"
    name: str
    version: int
    address: str
    form: Form
    sections: tuple[SectionEdit, ...]
    add_section: Field
    left_out: tuple[LeftOut, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed, what is wrong with it by the name of its box, and which question is unfolded."""

    typed: Typed
    wrong: Mapping[str, str]
    open: str

    def input(self, name: str, label: str, value: str, **more: str) -> Field:
        """One text with what is wrong beside it."""
        kind, hint = more.get("kind", "text"), more.get("hint", "")
        fault = self.wrong.get(name, "")
        if kind == "textarea":
            return Field(name=name, label=label, kind="textarea", value=value, hint=hint, fault=fault)
        return Field(name=name, label=label, value=value, hint=hint, fault=fault)

    def new(self, name: str, label: str) -> Field:
        """One empty text that adds something, with what was typed when that could not be added."""
        return self.input(name, label, self.typed.text(name))


@dataclass(frozen=True, slots=True)
class Sent:
    """A page that could not be taken: what was typed, what to change, and whether somebody else was quicker."""

    typed: Typed
    faults: tuple[Fault, ...]
    stale: bool = False


def theirs(kept: Iterable[Field], sent: Sent) -> tuple[Fault, ...]:
    """Where somebody else was quicker: what they wrote, beside each box in which something else was sent."""
    if not sent.stale:
        return ()
    boxes = list(kept)
    there = {one.name for one in boxes}
    gone = [name for name in sent.typed.values if name.startswith("field.") and name not in there]
    lost = [sent.typed.text(name) for name in gone if name.endswith(".label")]
    said = [
        Fault("", f"“{label}” is not asked any more. You can put it back, at the foot of the page.") for label in lost
    ]
    return (*said, *(Fault(one.name, because) for one in boxes if (because := _theirs(one, sent.typed))))


def _theirs(one: Field, typed: Typed) -> str:
    if one.name.startswith("add.") or one.kind == "select":
        return ""
    if one.kind == "checkboxes":
        shown = one.name.replace(".summary", ".label") in typed.values
        return "Somebody else set this the other way." if shown and typed.every(one.name) != one.chosen else ""
    if one.name not in typed.values or typed.text(one.name) == one.value:
        return ""
    return f"It says now: “{one.value}”. Save again to put yours in its place."


async def load(
    db: AsyncSession, member: Member, kind: EventKind, opened: str = "", sent: Sent | None = None
) -> FormDraftPage:
    """The editor, with what was sent over what is kept: two statements. Raises ConflictError without a draft."""
    draft = await form_changes.draft(db, member.hub_id, kind)
    if draft is None:
        raise ConflictError(NO_DRAFT)
    versions = [one.form for one in await form_changes.versions(db, member.hub_id, kind)]
    typed, faults = (sent.typed, sent.faults) if sent else (Typed(), ())
    if sent:
        plain = Said(Typed(), {}, "")
        faults += theirs(_inputs([_section(one, plain) for one in draft.form.sections]), sent)
    form = written(draft.form, typed)
    said = Said(typed, {fault.path: fault.because for fault in reversed(faults)}, opened)
    sections = tuple(_section(one, said) for one in form.sections)
    here = address(member, kind)
    new_section = said.new("add.section", "Title of another section")
    inputs = (*_inputs(sections), new_section)
    return FormDraftPage(
        name=NAMES[kind],
        version=draft.form.version,
        address=here,
        form=Form(
            action=f"{here}/draft",
            submit="Save the draft",
            fields=tuple(inputs),
            faults=faults,
            kept=(("stamp", draft.changed_at.isoformat()),),
        ),
        sections=sections,
        add_section=new_section,
        left_out=tuple(_left_out(form, versions)),
        missing=() if faults else tuple(dict.fromkeys(one.because for one in unfinished(form, versions))),
    )


def _inputs(sections: Sequence[SectionEdit]) -> Iterator[Field]:
    for section in sections:
        yield from (*section.inputs, *section.add)
        for question in section.questions:
            yield from (*question.inputs, *(line.input for line in question.options), *question.add_box)
            yield from (question.add_option,) if question.add_option else ()
            for box in question.boxes:
                yield from (box.line.input, *(line.input for line in box.choices))
                yield from (box.add,) if box.add else ()


def _left_out(form: NoteForm, versions: Sequence[NoteForm]) -> Iterator[LeftOut]:
    """Each once, as the newest version that asked it did."""
    asked = {field.key for field in form.fields()}
    for version in versions:
        for field in version.fields():
            if field.key not in asked:
                asked.add(field.key)
                yield LeftOut(field.label, f"back:question:{field.key}")


def _section(section: Section, said: Said) -> SectionEdit:
    at, add = f"section.{section.key}", f"add.{section.key}"
    new = (
        said.new(f"{add}.label", "The question"),
        Field(
            name=f"{add}.kind",
            label="What is written there",
            kind="select",
            value=said.typed.text(f"{add}.kind"),
            choices=KIND_CHOICES,
        ),
        Field(
            name=f"{add}.share",
            label="Whose it is",
            kind="select",
            value=said.typed.text(f"{add}.share"),
            choices=SHARE_CHOICES,
        ),
    )
    return SectionEdit(
        key=section.key,
        title=section.title or "Without a title",
        inputs=(
            said.input(f"{at}.title", "Title of the section", section.title),
            said.input(f"{at}.intro", "What it begins with", section.intro, kind="textarea"),
        ),
        questions=tuple(_question(one, said) for one in section.fields),
        add=new,
        adding=f"{add}.label" in said.wrong,
    )


def _question(field: Question, said: Said) -> QuestionEdit:
    at = f"field.{field.key}"
    boxes = tuple(_box(field, part, said) for part in field.parts)
    options = tuple(
        Line(
            said.input(f"option.{field.key}.{one.key}", "Called", one.label),
            one.label,
            f"up:option:{field.key}:{one.key}" if n else "",
            f"remove:option:{field.key}:{one.key}",
        )
        for n, one in enumerate(field.options)
    )
    edit = QuestionEdit(
        key=field.key,
        label=field.label or "Without a title",
        takes=KIND_WORDS[field.kind],
        told=(SHARE_WORDS[field.share], *((FED_BY[field.feeds],) if field.feeds else ())),
        open=said.open == field.key,
        inputs=(
            said.input(f"{at}.label", "Question", field.label),
            said.input(f"{at}.hint", "Prompt", field.hint, kind="textarea"),
            *(_marks(field, said) if field.share == "record" else ()),
        ),
        options_title="" if not options else "Rows" if field.kind == "rows" else "Choices",
        options=options,
        add_option=said.new(f"add.option.{field.key}", "Another one") if takes_options(field) else None,
        boxes=boxes,
        add_box=_new_box(field, said) if takes_boxes(field) else (),
    )
    return _unfolded(edit, said)


def _unfolded(edit: QuestionEdit, said: Said) -> QuestionEdit:
    """What is wrong is not folded away."""
    inside = SectionEdit("", "", (), (edit,), (), adding=False)
    return replace(edit, open=True) if any(one.name in said.wrong for one in _inputs([inside])) else edit


def _marks(field: Question, said: Said) -> tuple[Field, ...]:
    name = f"field.{field.key}.summary"
    mark = Choice("yes", "Part of the agreed summary, which the school sees")
    ticked = ("yes",) if field.summary else ()
    fault = said.wrong.get(name, "")
    return (Field(name=name, label="Once agreed", kind="checkboxes", chosen=ticked, choices=(mark,), fault=fault),)


def _new_box(field: Question, said: Said) -> tuple[Field, ...]:
    name = f"add.part.{field.key}"
    kind = said.typed.text(f"{name}.kind")
    return (
        said.new(name, "Another box"),
        Field(name=f"{name}.kind", label="What is written there", kind="select", value=kind, choices=PART_CHOICES),
    )


def _box(field: Question, part: Part, said: Said) -> BoxEdit:
    at, fixed = f"{field.key}.{part.key}", stays(field, part.key)
    where = f"{field.key}:{part.key}"
    line = Line(
        said.input(f"part.{at}", "Box", part.label),
        part.label,
        f"up:box:{where}" if part.key != field.parts[0].key else "",
        "" if fixed else f"remove:box:{where}",
    )
    choices = tuple(
        Line(
            said.input(f"choice.{at}.{one.key}", "Choice", one.label),
            one.label,
            "",
            "" if fixed else f"remove:choice:{where}:{one.key}",
        )
        for one in part.options
    )
    add = said.new(f"add.choice.{at}", "Another choice") if takes_choices(field, part.key) else None
    return BoxEdit(line, PART_WORDS[part.kind], choices, add, f"add:choice:{where}")
