"""Asking before a step of a record: what it will do, and to whom."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, No
from app.domain.notes import states
from app.domain.notes.evidence import findings
from app.domain.notes.forms import NoteForm
from app.domain.notes.readable import Chapter, chapters, listed
from app.domain.notes.shared import Shared, content, shared
from app.kit.errors import ConflictError, Fault, ForbiddenError
from app.kit.typed import Typed
from app.pages._parts import Choice, Confirm, Field, Form, filled
from app.pages.notes.frame import Head, Opened, head, must_take_part, open_record, open_summary
from app.store.notes import reading, reads, versions

AGREE, CHANGE = "agree", "change"
NOT_BEGUN = "Nobody has written in this record yet."


@dataclass(frozen=True, slots=True)
class StepPage:
    """A question before a step, with the way back."""

    template: ClassVar[str] = "notes/confirm.html"
    head: Head
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class WordsPage:
    """A step that needs an answer in words; `summary` is what the school sees once it is agreed."""

    template: ClassVar[str] = "notes/confirm_words.html"
    head: Head
    question: str
    happens: tuple[str, ...]
    summary: tuple[Chapter, ...]
    whole: str
    photos: str
    form: Form


async def load_submit(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> StepPage:
    """What submitting would do: at most eight statements.

    Raises NotFoundError, ForbiddenError, or ConflictError saying why it cannot be submitted now.
    """
    opened = await open_record(db, member, event_id, now)
    must_take_part(opened)
    about, note = opened.about, head(opened.about, member)
    if not about.begun:
        raise ConflictError(NOT_BEGUN)
    found = (await reading.heads(db, [event_id], [opened.me]))[event_id]
    kept = shared(about.form, found)
    last = opened.record.standing
    before = await versions.content(db, event_id, last.number) if last else None
    step = states.submit(opened.record, opened.me, content(about.form, kept, before, about.names))
    if isinstance(step, No):
        raise ConflictError(step.because)
    confirm = Confirm(
        question=f"Submit the record as version {step.number}?",
        happens=tuple(_submitting(opened, step, kept)),
        action=f"{note.note}/submit",
        submit="Submit it",
        back=note.note,
        harm=False,
    )
    return StepPage(note, confirm)


def _submitting(opened: Opened, step: states.Submit, kept: Shared) -> list[str]:
    about = opened.about
    names = about.names
    writers = sorted({one.name for one in kept.places})
    others = sorted(names[one] for one in about.sides.other if one in names)
    minutes = findings(about.form, [], about.happened)[0].facts["minutes"]
    happens = [
        f"The shared parts are kept as version {step.number}: {_places(len(kept.places))} by {listed(writers)}.",
        "Own notes and tags are not part of it.",
        _asked(others),
        f"It counts as evidence of {states.titled(about.kind, about.school, about.day)} ({minutes} minutes planned).",
    ]
    if step.supersedes is not None:
        happens.append(f"Version {step.supersedes} stays to be read, and no longer counts; nor do answers to it.")
    happens.append("You can take it back until somebody has answered.")
    return happens


def _asked(others: Sequence[str]) -> str:
    if not others:
        return "Nobody of the other side is known who could agree. Ask your hub coordinator."
    one = f"{others[0]} agrees" if len(others) == 1 else "One of them agrees"
    gets = "gets" if len(others) == 1 else "get"
    return f"{listed(others)} {gets} a letter, without any of its text. {one}, or asks for a change."


def _places(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


async def load_withdraw(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> StepPage:
    """What taking back the submitted version would do. Raises as `load_submit` does."""
    opened = await open_record(db, member, event_id, now)
    must_take_part(opened)
    step = states.withdraw(opened.record, opened.me)
    if isinstance(step, No):
        raise ConflictError(step.because)
    note = head(opened.about, member)
    names = opened.about.names
    others = sorted(names[one] for one in opened.about.sides.other if one in names)
    happens = [
        f"Version {step.number} stays to be read, marked as taken back, and no longer counts as evidence.",
        f"{listed(others)} {'is' if len(others) == 1 else 'are'} told by mail." if others else "Nobody is told.",
    ]
    if step.reinstates:
        happens.append(f"Version {step.reinstates} counts again.")
    happens.append("You can submit the record again at any time.")
    confirm = Confirm(
        question=f"Take back version {step.number}?",
        happens=tuple(happens),
        action=f"{note.note}/withdraw",
        submit="Take it back",
        back=note.note,
    )
    return StepPage(note, confirm)


async def load_agree(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> WordsPage:
    """What waits for an answer, and the form to give it: at most eight statements. Raises as `load_submit` does."""
    opened = await open_summary(db, member, event_id, now)
    about, note, last = opened.about, head(opened.about, member), opened.record.standing
    if opened.me not in about.sides.takers | about.sides.heads:
        raise ForbiddenError("Those who take part in this answer its record.")
    if not about.begun:
        raise ConflictError(NOT_BEGUN)
    step = states.ask_for_change(opened.record, opened.me, last.number if last else 0, ".")
    if isinstance(step, No):
        raise ConflictError(step.because)
    await reads.note_read(db, member, event_id, "page", now)
    kept = await versions.content(db, event_id, step.number) or ()
    summary = chapters(_summary_of(about.form), kept, about.names | {one.person_id: one.name for one in kept})
    since = await versions.changed_since(db, event_id, last.rev if last else 0)
    return WordsPage(
        head=note,
        question=f"Do you agree version {step.number} of this record?",
        happens=tuple(_agreeing(opened, since)),
        summary=tuple(one for one in summary if one.questions),
        whole=f"{note.note}/versions/{step.number}" if opened.takes_part else "",
        photos=f"/my/notes/{event_id}/photos",
        form=_answer_form(note, step.number, about.lead),
    )


def _answer_form(note: Head, number: int, lead: str) -> Form:
    choices = (
        Choice(AGREE, "I agree", "The record is locked as it was submitted."),
        Choice(CHANGE, "Something should change first", f"{lead} is told that you ask for a change, and reads which."),
    )
    fields = (
        Field(name="answer", label="Your answer", kind="radios", choices=choices),
        Field(
            name="because", label="What should change, and why", kind="textarea", hint="Only if you ask for a change."
        ),
    )
    kept = (("number", str(number)),)
    return Form(action=f"{note.note}/agree", submit="Send your answer", fields=fields, kept=kept)


def _agreeing(opened: Opened, since: int) -> list[str]:
    about = opened.about
    happens = [
        "When you agree, the record is locked. A correction is possible later, and says why.",
        f"{about.school} sees the summary below, and nothing of the rest."
        if about.kind != "meeting"
        else "The heads of the schools that met see the summary below, and nothing of the rest.",
        f"{about.lead} is told.",
    ]
    if since:
        count = "1 change was" if since == 1 else f"{since} changes were"
        happens.append(
            f"{count} written after this version was submitted. They are not part of what you agree: "
            f"ask for a change if {about.lead} should submit again with them."
        )
    return happens


def _summary_of(form: NoteForm) -> NoteForm:
    """The same form with only what the school sees."""
    sections = (replace(one, fields=tuple(kept for kept in one.fields if kept.summary)) for one in form.sections)
    return replace(form, sections=tuple(sections))


async def load_correct(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> WordsPage:
    """What a correction would do, and the form to say why. Raises as `load_submit` does."""
    opened = await open_record(db, member, event_id, now)
    must_take_part(opened)
    step = states.correct(opened.record, opened.me, ".")
    if isinstance(step, No):
        raise ConflictError(step.because)
    about, note = opened.about, head(opened.about, member)
    last = max(one.number for one in opened.versions)
    others = sorted(name for key, name in about.names.items() if key in about.sides.correctors - {opened.me})
    because = Field(
        name="because",
        label="What was wrong?",
        kind="textarea",
        hint="Everyone who reads the record sees this.",
    )
    return WordsPage(
        head=note,
        question="Start a correction?",
        happens=(
            "The record opens again, and those who take part can write in it.",
            f"Version {last} stays agreed and counts until {about.lead} submits the correction.",
            "Then it stays to be read, marked as superseded, and the other side agrees again.",
            f"{listed(others or [about.lead])} {'is' if len(others) < 2 else 'are'} told by mail.",
        ),
        summary=(),
        whole=f"{note.note}/versions/{last}",
        photos=f"/my/notes/{event_id}/photos",
        form=Form(action=f"{note.note}/correct", submit="Start the correction", fields=(because,)),
    )


def again(page: WordsPage, typed: Typed, faults: Sequence[Fault]) -> WordsPage:
    """The same page with what was typed, and what to change."""
    said = {name: typed.text(name) for name in typed.values}
    return replace(page, form=filled(page.form, said, faults))
