"""A form as those see it who write in it; and a draft beside the version in use, before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.editing.differences import differences, warnings
from app.domain.notes.editing.rules import SHARE_WORDS, unfinished
from app.domain.notes.forms import EventKind, NoteForm, Option, Part, Section
from app.domain.notes.forms import Field as Question
from app.kit.errors import ConflictError, NotFoundError
from app.pages._parts import Choice, Confirm, Field, FieldKind
from app.pages.notes.forms import NAMES, ONE, address, in_use
from app.pages.notes.forms_draft import NO_DRAFT
from app.store.notes import form_changes

BOXES: dict[str, FieldKind] = {
    "line": "text",
    "text": "textarea",
    "choice": "radios",
    "choices": "checkboxes",
    "date": "date",
    "number": "number",
    "person": "select",
}
SPECIAL = {
    "clock": "Here is the lesson clock: start it, stop it, begin a phase, tag a moment.",
    "photos": "Here photos are taken or chosen, each with a line on what it shows.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The boxes of one item, under its row's name; a list shows one item."""

    title: str
    boxes: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it looks: a box of its own, or groups of boxes, or words where only a device has it."""

    label: str
    hint: str
    told: tuple[str, ...]
    box: Field | None
    groups: tuple[Group, ...]
    special: str
    more: str


@dataclass(frozen=True, slots=True)
class SectionShown:
    """One section as it looks."""

    title: str
    intro: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class FormReadPage:
    """A form to try: what is typed here goes nowhere."""

    template: ClassVar[str] = "notes/form_read.html"
    title: str
    says: str
    back: str
    sections: tuple[SectionShown, ...]


async def load_draft(db: AsyncSession, member: Member, kind: EventKind) -> FormReadPage:
    """The draft as it will look: one statement. Raises ConflictError without one."""
    draft = await form_changes.draft(db, member.hub_id, kind)
    if draft is None:
        raise ConflictError(NO_DRAFT)
    back = f"{address(member, kind)}/draft"
    title = f"{NAMES[kind]}: the draft of version {draft.form.version}"
    return FormReadPage(title, "Nobody else sees it yet.", back, _sections(draft.form))


async def load_version(db: AsyncSession, member: Member, kind: EventKind, number: int) -> FormReadPage:
    """A published version: one statement. Raises NotFoundError."""
    for one in await form_changes.versions(db, member.hub_id, kind):
        if one.form.version == number:
            title = f"{NAMES[kind]}: version {number}"
            return FormReadPage(title, in_use(one.records), address(member, kind), _sections(one.form))
    raise NotFoundError


def _sections(form: NoteForm) -> tuple[SectionShown, ...]:
    return tuple(_section(one) for one in form.sections)


def _section(section: Section) -> SectionShown:
    return SectionShown(section.title, section.intro, tuple(_asked(one) for one in section.fields))


def _asked(field: Question) -> Asked:
    told = [SHARE_WORDS[field.share]] if field.share != "record" else []
    told += ["The school sees it once both sides agree."] if field.summary else []
    special = SPECIAL.get(field.kind, "")
    groups = () if special else tuple(_groups(field))
    box = (
        None if special or groups else replace(_box(field.key, field.label, field.kind, field.options), hint=field.hint)
    )
    more = "More are added as they come." if field.kind == "list" else ""
    hint = "" if box else field.hint
    return Asked(field.label, hint, tuple(told), box, groups, special, more)


def _groups(field: Question) -> Iterator[Group]:
    rows = field.options if field.kind == "rows" else (Option("1", ""),) if field.kind == "list" else ()
    for row in rows:
        yield Group(row.label, tuple(_part(f"{field.key}.{row.key}", part) for part in field.parts if not part.after))


def _part(at: str, part: Part) -> Field:
    return _box(f"{at}.{part.key}", part.label, part.kind, part.options)


def _box(name: str, label: str, kind: str, options: tuple[Option, ...]) -> Field:
    choices = tuple(Choice(one.key, one.label) for one in options)
    if kind == "person":
        choices = (Choice("", "Whoever is at the event"),)
    return Field(name=name, label=label, kind=BOXES[kind], choices=choices)


@dataclass(frozen=True, slots=True)
class FormPublishPage:
    """What a draft changes, what is still missing, and the question whether to publish it."""

    template: ClassVar[str] = "notes/form_publish.html"
    title: str
    beside: str
    changes: tuple[str, ...]
    missing: tuple[str, ...]
    confirm: Confirm


async def load_publish(db: AsyncSession, member: Member, kind: EventKind, now: datetime) -> FormPublishPage:
    """The comparison and the question: three statements. Raises ConflictError without a draft."""
    draft = await form_changes.draft(db, member.hub_id, kind)
    if draft is None:
        raise ConflictError(NO_DRAFT)
    versions = await form_changes.versions(db, member.hub_id, kind)
    before, number = versions[0].form, draft.form.version
    here = f"{address(member, kind)}/draft"
    return FormPublishPage(
        title=f"{NAMES[kind]}: what version {number} changes",
        beside=f"Beside version {before.version}",
        changes=differences(before, draft.form),
        missing=tuple(dict.fromkeys(one.because for one in unfinished(draft.form, [one.form for one in versions]))),
        confirm=Confirm(
            question=f"Publish version {number}?",
            happens=(
                *warnings(before, draft.form),
                _whom(await form_changes.concerned(db, member.hub_id, kind, now), kind, number),
                _keep(sum(one.records for one in versions)),
                "To undo it, publish an earlier version again.",
            ),
            action=f"{here}/publish",
            submit=f"Publish version {number}",
            back=here,
            kept=(("stamp", draft.changed_at.isoformat()),),
            harm=bool(warnings(before, draft.form)),
        ),
    )


def _whom(concerned: form_changes.Concerned, kind: EventKind, number: int) -> str:
    if not concerned.events:
        return f"From now on, the record of {ONE[kind]} begins with version {number}. None is ahead at the moment."
    events = (
        "1 event ahead, and 1 person who leads it"
        if concerned.events == 1
        else (
            f"{concerned.events:,} events ahead, and {concerned.leads:,} "
            f"{'person who leads' if concerned.leads == 1 else 'people who lead'} them"
        )
    )
    return f"From now on, the record of {ONE[kind]} begins with version {number}: that concerns {events}."


def _keep(records: int) -> str:
    if records == 1:
        return "The 1 record already begun keeps what it has."
    return f"{f'The {records:,} records' if records else 'Records'} already begun keep what they have."
