"""A submitted version: what it holds, who answered it and what they said."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.readable import Chapter, chapters
from app.kit.errors import NotFoundError
from app.pages.notes.frame import Head, head, open_record
from app.pages.notes.record import VersionLine, lines, may_answer
from app.store.notes import versions
from app.store.notes.versions import Submitted


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What somebody answered, in a sentence, and what they asked for."""

    says: str
    because: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version. `before` and `now` compare it; `answer` is there for whoever it waits for."""

    template: ClassVar[str] = "notes/version.html"
    head: Head
    line: VersionLine
    because: str
    answers: tuple[AnswerLine, ...]
    chapters: tuple[Chapter, ...]
    before: str
    now: str
    answer: str
    photos: str


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, number: int, now: datetime) -> VersionPage:
    """The version as it was submitted: at most seven statements. Raises NotFoundError."""
    opened = await open_record(db, member, event_id, now)
    version = next((one for one in opened.versions if one.number == number), None)
    kept = await versions.content(db, event_id, number)
    if version is None or kept is None:
        raise NotFoundError
    note = head(opened.about, member)
    earlier = [one.number for one in opened.versions if one.number < number]
    compare = f"{note.note}/compare"
    return VersionPage(
        head=note,
        line=next(one for one in lines(opened) if one.number == number),
        because=version.because,
        answers=answers(version),
        chapters=chapters(opened.about.form, kept, opened.about.names | {one.person_id: one.name for one in kept}),
        before=f"{compare}?from=v{earlier[-1]}&to=v{number}" if earlier else "",
        now=f"{compare}?from=v{number}&to=now",
        answer=f"{note.note}/agree" if may_answer(opened, number) else "",
        photos=f"/my/notes/{event_id}/photos",
    )


def answers(version: Submitted) -> tuple[AnswerLine, ...]:
    """What was answered, in its order."""
    return tuple(
        AnswerLine(
            f"{name} agreed" if told.agrees else f"{name} {_asks(version, told.person)}",
            told.because,
            told.at,
        )
        for told, name in version.answers
    )


def _asks(version: Submitted, person: uuid.UUID) -> str:
    return "took it back" if person == version.by else "asked for a change"
