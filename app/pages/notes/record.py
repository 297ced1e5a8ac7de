"""A record to read and to print: everybody's words by section, texts that stand apart, and what can be done now."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, No
from app.domain.notes import states
from app.domain.notes.forms import Section
from app.domain.notes.paths import TAGS
from app.domain.notes.readable import Chapter, chapters
from app.domain.notes.shared import content, shared
from app.pages.notes.frame import Head, Opened, Standing, head, open_record, standing
from app.store.notes import about as abouts
from app.store.notes import reading, versions


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A submitted version in a list."""

    number: int
    submitted: datetime
    by: str
    word: str
    href: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the viewer may do with the record now."""

    words: str
    href: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record. `changed` are places written after the version that `counts`; in `sections` the viewer may write."""

    template: ClassVar[str] = "notes/record.html"
    head: Head
    standing: Standing
    chapters: tuple[Chapter, ...]
    tags: str
    apart: int
    changed: tuple[str, ...]
    counts: int
    versions: tuple[VersionLine, ...]
    steps: tuple[Step, ...]
    may_write: bool
    takes_part: bool
    sections: tuple[str, ...]
    device: str
    photos: str


async def only_summary(db: AsyncSession, member: Member, event_id: uuid.UUID) -> bool:
    """Whether somebody who may not read the record may read its agreed summary: one statement."""
    return await abouts.only_summary(db, member, event_id)


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> RecordPage:
    """The record as this member reads it: at most eight statements. Raises NotFoundError."""
    opened = await open_record(db, member, event_id, now)
    about = opened.about
    found = (await reading.heads(db, [event_id], [member.person_id]))[event_id]
    kept = shared(about.form, found)
    last = opened.standing
    was = {one.path: one.value for one in await versions.content(db, event_id, last.number) or ()} if last else {}
    changed = [one.path for one in kept.places if was.get(one.path) != one.value] if last else []
    return RecordPage(
        head=head(about, member),
        standing=standing(opened),
        chapters=chapters(about.form, found, about.names),
        tags=", ".join(sorted({tag for one in found if one.path == TAGS.key for tag in one.value})),
        apart=len(kept.apart),
        changed=tuple(changed),
        counts=last.number if last else 0,
        versions=lines(opened),
        steps=steps(opened, content(about.form, kept, None, about.names)),
        may_write=opened.takes_part and about.state != "agreed",
        takes_part=opened.takes_part,
        sections=writable(opened),
        device=f"/my/notes#/record/{event_id}",
        photos=f"/my/notes/{event_id}/photos",
    )


def writable(opened: Opened) -> tuple[str, ...]:
    """The sections in which the viewer may write now: in an agreed record those with something that stays open."""
    if not opened.takes_part:
        return ()
    return tuple(one.key for one in opened.about.form.sections if opened.about.state != "agreed" or stays_open(one))


def stays_open(section: Section) -> bool:
    """Whether something in the section may be written after the record is agreed."""
    return any(one.share == "own" or any(part.after for part in one.parts) for one in section.fields)


def lines(opened: Opened) -> tuple[VersionLine, ...]:
    """The versions, the newest first."""
    note = head(opened.about, opened.member).note
    return tuple(
        VersionLine(one.number, one.at, one.by_name, word(opened, one.number), f"{note}/versions/{one.number}")
        for one in reversed(opened.versions)
    )


def word(opened: Opened, number: int) -> str:
    """How a version stands, in a word or two."""
    one = next(version for version in opened.versions if version.number == number)
    if one.rule.withdrawn:
        return "Taken back"
    if one.superseded_at:
        return "Agreed, then superseded" if one.agreed_at else "Superseded"
    return "Agreed" if one.agreed_at else "Waiting for an answer"


def steps(opened: Opened, written: states.Content) -> tuple[Step, ...]:
    """What the viewer may do now with what is written, the likeliest first."""
    note, last = head(opened.about, opened.member).note, opened.record.standing
    found = []
    if opened.about.begun and not isinstance(states.submit(opened.record, opened.me, written), No):
        again = opened.about.state == "submitted"
        found.append(Step("Submit again" if again else "Submit", f"{note}/submit", main=not again))
    if last and may_answer(opened, last.number):
        found.append(Step("Agree, or ask for a change", f"{note}/agree", main=True))
    if not isinstance(states.withdraw(opened.record, opened.me), No):
        found.append(Step("Take it back", f"{note}/withdraw"))
    if not isinstance(states.correct(opened.record, opened.me, "because"), No):
        found.append(Step("Start a correction", f"{note}/correct"))
    return tuple(found)


def may_answer(opened: Opened, number: int) -> bool:
    """Whether this version waits for an answer of the viewer."""
    agrees = states.agree(opened.record, opened.me, number)
    return not (isinstance(agrees, No) and isinstance(states.ask_for_change(opened.record, opened.me, number, "."), No))
