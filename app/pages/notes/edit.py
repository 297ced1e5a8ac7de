"""Writing in a section of a record by a plain form, without JavaScript."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.applying import LOCKED
from app.domain.notes.form_values import boxed, seen
from app.domain.notes.forms import WITH_ITEMS, Section
from app.domain.notes.forms import Field as FormField
from app.domain.notes.paths import REMOVED, TAGS, Path, place
from app.domain.notes.readable import CLOCK_WHEN, Box, Item, Question, Voice, chapters, question_of
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.ids import new_id
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, FieldKind, Form
from app.pages.notes.frame import Head, Opened, head, must_take_part, open_record
from app.store.notes import reading

NEW_ROWS = ("new1", "new2", "new3")
SHOWN_ELSEWHERE = frozenset({"sha", "photo"})  # photos come by the app on a device
KINDS: dict[str, FieldKind] = {
    "text": "textarea",
    "choice": "select",
    "choices": "checkboxes",
    "date": "date",
    "number": "number",
    "person": "select",
}
TAGS_SECTION = Section(
    key="tags", title="Tags", intro="Words by which everyone finds this record again.", fields=(TAGS,)
)


@dataclass(frozen=True, slots=True)
class Group:
    """Some boxes under one legend: a question, or one item of it. `others` is what else stands at the question."""

    legend: str
    hint: str
    fields: tuple[Field, ...]
    others: Question | None = None
    apart: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form of one section. `form` carries what the form saw, and the faults."""

    template: ClassVar[str] = "notes/edit.html"
    head: Head
    title: str
    intro: str
    groups: tuple[Group, ...]
    form: Form
    device: str
    photos: str


@dataclass(slots=True)
class _Sheet:
    """A form being made: its groups, and what goes along unseen."""

    opened: Opened
    whole: bool  # also what is locked, when typed words must not be lost
    groups: list[Group] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    heads: dict[str, list[uuid.UUID]] = field(default_factory=dict)

    def box(self, box: Box, *, label: str = "") -> Field:
        kind: FieldKind = KINDS.get(box.kind, "text")
        if box.kind == "choices" and not box.options:
            kind = "text"
        value = boxed(box.kind, box.part, box.value)
        chosen = tuple(str(one) for one in box.value or ()) if kind == "checkboxes" else ()
        self.kept[f"seen.{name_of(box.path)}"] = str(
            seen(list(chosen) if kind == "checkboxes" else value, box.replaces)
        )
        return Field(
            name=name_of(box.path),
            label=label or box.label,
            kind=kind,
            value="" if kind == "checkboxes" else value,
            chosen=chosen,
            choices=self.choices(box, kind, value),
            hint="As 9:42:30, on the day." if box.part == CLOCK_WHEN else "",
            width="5" if box.kind == "number" else "10" if box.part == CLOCK_WHEN else "",
        )

    def choices(self, box: Box, kind: FieldKind, value: str) -> tuple[Choice, ...]:
        options = [(one.key, one.label) for one in box.options]
        if box.kind == "person":
            options = [(str(one.id), one.name) for one in self.opened.about.people if one.part != "heads"]
        if kind != "select":
            return tuple(Choice(key, label) for key, label in options)
        unknown = [(value, value)] if value and value not in {key for key, _ in options} else []
        return tuple(Choice(key, label) for key, label in [("", "Not said"), *options, *unknown])


def name_of(path: str) -> str:
    """A place as a form names it: no # in what an address may point to."""
    return path.replace("#", "~")


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, section: str, now: datetime) -> EditPage:
    """The form of a section as it stands: at most seven statements.

    Raises NotFoundError, ForbiddenError for those who only read, ConflictError where nothing can be written any more.
    """
    opened = await open_record(db, member, event_id, now)
    page = await _page(db, opened, section, whole=False)
    if not page.groups:
        raise ConflictError(LOCKED)
    return page


async def again(
    db: AsyncSession, member: Member, event_id: uuid.UUID, section: str, sent: tuple[Typed, Sequence[Fault], datetime]
) -> EditPage:
    """The form with what was typed, and beside each box why it was not taken."""
    typed, faults, now = sent
    opened = await open_record(db, member, event_id, now)
    page = await _page(db, opened, section, whole=True)
    said = {fault.path: fault.because for fault in reversed(faults)}
    groups = tuple(
        replace(group, fields=tuple(_typed(one, typed, said.get(one.name, "")) for one in group.fields))
        for group in page.groups
    )
    sent_along = dict(page.form.kept) | {
        name: typed.text(name) for name in typed.values if name.startswith(("seen.", "new", "seed"))
    }
    fields = tuple(one for group in groups for one in group.fields)
    form = replace(page.form, fields=fields, faults=tuple(faults), kept=tuple(sent_along.items()))
    return replace(page, groups=groups, form=form)


def _typed(one: Field, typed: Typed, fault: str) -> Field:
    if one.kind == "checkboxes":
        return replace(one, chosen=typed.every(one.name), fault=fault)
    return replace(one, value=next(iter(typed.every(one.name)), one.value), fault=fault)


async def _page(db: AsyncSession, opened: Opened, section: str, *, whole: bool) -> EditPage:
    must_take_part(opened)
    about = opened.about
    wanted = section_named(opened, section)
    found = (await reading.heads(db, [about.id], [opened.me]))[about.id]
    read = chapters(replace(about.form, sections=(wanted,)), found, about.names)[0]
    sheet = _Sheet(opened, whole)
    for one in found:
        sheet.heads.setdefault(one.path, []).append(one.op_id)
    for question in read.questions:
        sheet.groups += _groups(sheet, question)
    sheet.kept |= {"seed": str(new_id()), "rev": str(about.rev)} | {row: str(new_id()) for row in NEW_ROWS}
    note = head(about, opened.member)
    fields = tuple(one for group in sheet.groups for one in group.fields)
    action = f"{note.note}/edit/{section}"
    form = Form(action=action, submit="Save", fields=fields, kept=tuple(sheet.kept.items()))
    return EditPage(
        head=note,
        title=read.title,
        intro=read.intro,
        groups=tuple(sheet.groups),
        form=form,
        device=f"/my/notes#/record/{about.id}",
        photos=f"/my/notes/{about.id}/photos",
    )


def section_named(opened: Opened, key: str) -> Section:
    """The section of the form, or that of tags. Raises NotFoundError."""
    found = next((one for one in (*opened.about.form.sections, TAGS_SECTION) if one.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def _groups(sheet: _Sheet, question: Question) -> Iterator[Group]:
    one, me = question.field, sheet.opened.me
    person = None if one.share == "record" else me
    mine = next((voice for voice in question.voices if voice.person == person), None)
    rest = tuple(voice for voice in question.voices if voice.person not in {None, me} and not voice.empty)
    others = Question(one, rest) if rest else None
    if one.kind not in WITH_ITEMS:
        box = mine.box if mine and mine.box else question_of(one, Path(one.key, person))
        if _open(sheet, box):
            fields, apart = _parts(sheet, [box])
            yield Group("", "", tuple(replace(kept, hint=one.hint) for kept in fields), others, apart)
        return
    yield from _rows(sheet, question, person, mine, others)


def _rows(
    sheet: _Sheet, question: Question, person: uuid.UUID | None, mine: Voice | None, others: Question | None
) -> Iterator[Group]:
    """A group for each item, and some empty ones where people add their own."""
    one = question.field
    known = {item.key: item for item in (mine.items if mine else ())}
    keys = [option.key for option in one.options] if one.kind == "rows" else list(known)
    fresh = NEW_ROWS if one.kind in {"list", "clock"} else ()
    for n, key in enumerate([*keys, *fresh]):
        item = known.get(key) or empty_item(one, Path(one.key, person, key))
        boxes = [box for box in item.boxes if box.part not in SHOWN_ELSEWHERE and _open(sheet, box)]
        if not boxes:
            continue
        label = one.label.rstrip(". ")
        named = item.label or (f"{label}, {item.when or n + 1}" if key in known else f"{label}, another one")
        fields, apart = _parts(sheet, boxes)
        if key in known and one.kind != "rows" and _unlocked(sheet):
            fields = (*fields, _removal(sheet, Path(one.key, person, key)))
        yield Group(named, one.hint if not n else "", fields, others if not n else None, apart)


def empty_item(one: FormField, path: Path) -> Item:
    """An item in which nothing is written yet."""
    label = next((option.label for option in one.options if option.key == path.item), "")
    return Item(path.item, label, tuple(question_of(one, replace(path, part=part.key), part) for part in one.parts))


def _removal(sheet: _Sheet, path: Path) -> Field:
    name = name_of(str(replace(path, part=REMOVED.key)))
    sheet.kept[f"seen.{name}"] = str(seen(shown=False, heads=sheet.heads.get(str(replace(path, part=REMOVED.key)), ())))
    choices = (Choice("yes", "Remove it. Its text stays in the history."),)
    return Field(name=name, label="Remove", kind="checkboxes", choices=choices)


def _parts(sheet: _Sheet, boxes: Sequence[Box]) -> tuple[tuple[Field, ...], tuple[Box, ...]]:
    """The boxes to write in, and those at which a choice comes first."""
    apart = tuple(box for box in boxes if box.apart)
    return tuple(sheet.box(box) for box in boxes if not box.apart), apart


def _unlocked(sheet: _Sheet) -> bool:
    return sheet.whole or sheet.opened.about.state != "agreed"


def _open(sheet: _Sheet, box: Box) -> bool:
    form = sheet.opened.about.form
    found = place(form, box.path)
    return _unlocked(sheet) or (found is not None and found.after)
