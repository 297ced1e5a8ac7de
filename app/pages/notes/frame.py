"""What every page of a record begins with: the event, how the record stands, and whose turn it is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.states import says
from app.domain.notes.readable import listed
from app.domain.notes.states import Record
from app.kit.errors import ForbiddenError, NotFoundError
from app.kit.periods import spoken, spoken_date, spoken_hours
from app.store.notes import about as abouts
from app.store.notes import reads, versions
from app.store.notes.about import About
from app.store.notes.versions import Submitted

KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Head:
    """The event that a record is of; `event` and `note` are addresses."""

    id: uuid.UUID
    kind_word: str
    heading: str
    day: str
    hours: str
    event: str
    note: str


def head(about: About, member: Member) -> Head:
    """The head of the record's pages."""
    event = f"/hubs/{member.hub_code}/events/{about.id}"
    heading = says(
        about.kind,
        school=about.school,
        group=about.group,
        lead=about.lead,
        teacher=about.teacher,
        online=about.online,
    )
    hours = spoken_hours(about.starts_at, about.ends_at)
    return Head(about.id, KINDS[about.kind], heading, spoken_date(about.day), hours, event, f"{event}/note")


@dataclass(frozen=True, slots=True)
class Opened:
    """A record with all that its pages need of its event and its versions."""

    about: About
    versions: tuple[Submitted, ...]
    record: Record
    member: Member

    @property
    def me(self) -> uuid.UUID:
        """Who reads."""
        return self.member.person_id

    @property
    def takes_part(self) -> bool:
        """Whether the reader takes part, and so may write."""
        return self.me in self.about.sides.takers

    @property
    def standing(self) -> Submitted | None:
        """The version that counts now."""
        rule = self.record.standing
        return next((one for one in self.versions if rule and one.number == rule.number), None)


async def open_record(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> Opened:
    """The record, where the member may read it; the reading is kept. Raises NotFoundError."""
    found = await abouts.readable(db, member, event_id)
    if found is None:
        raise NotFoundError
    if found.begun:
        await reads.note_read(db, member, event_id, "page", now)
    return await _opened(db, member, found, now)


async def open_summary(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> Opened:
    """The same for those who answer it, headteachers included. Raises NotFoundError."""
    found = await abouts.answerable(db, member, event_id)
    if found is None:
        raise NotFoundError
    return await _opened(db, member, found, now)


async def _opened(db: AsyncSession, member: Member, found: About, now: datetime) -> Opened:
    kept = tuple(await versions.of_event(db, found.id))
    return Opened(found, kept, versions.decided_on(found, kept, now), member)


def must_take_part(opened: Opened) -> None:
    """Raise ForbiddenError for whoever may read the record and does not take part in the event."""
    if not opened.takes_part:
        raise ForbiddenError("Those who take part in this write in its record. You can read it.")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record stands: a word for its tag, and sentences that say what happened and whose turn it is."""

    word: str
    tone: str  # of GOV.UK Frontend's tags
    says: str
    turn: str


def standing(opened: Opened) -> Standing:
    """How the record stands, in words."""
    about, last = opened.about, opened.standing
    if not about.begun:
        return Standing("Not begun", "grey", "Nobody has written in this record yet.", "")
    if about.state == "agreed" and last and last.agreed_at:
        by = listed([last.by_name, *(name for told, name in last.answers if told.agrees)], MOST_NAMES)
        says_so = f"Version {last.number} was agreed by {by} on {spoken(last.agreed_at)}. The record is locked."
        return Standing("Agreed", "green", says_so, "")
    if about.state == "submitted" and last:
        sent = f"Version {last.number} was submitted by {last.by_name} on {spoken(last.at)}."
        return Standing("Submitted", "yellow", sent, _turn(opened, last))
    if about.state == "correcting":
        return Standing(
            "Being corrected",
            "yellow",
            f"It was agreed and is being corrected, because: {about.because}",
            f"Waiting for {about.lead} to submit it again.",
        )
    return Standing("Being written", "blue", "", f"{about.lead} submits it when it is finished.")


def _turn(opened: Opened, last: Submitted) -> str:
    asked = [f"{name} asks for a change: {told.because}" for told, name in last.answers if not told.agrees]
    if asked:
        return " ".join([*asked, f"Waiting for {opened.about.lead} to submit it again."])
    names = opened.about.names
    waiting = sorted(names[one] for one in opened.about.sides.other if one in names)
    if not waiting:
        return "Nobody of the other side is known who could agree. Ask your hub coordinator."
    return f"Waiting for {either(waiting)} to agree."


def either(names: Sequence[str]) -> str:
    """Wilf Brook, or one of Wilf Brook, Jo Pascoe and 3 more."""
    return names[0] if len(names) == 1 else f"one of {listed(names, MOST_NAMES)}"
