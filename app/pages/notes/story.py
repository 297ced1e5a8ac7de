"""A Work Group's story across its meetings: the lesson of each, what was agreed, what people tried and how it went."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.forms import NoteForm
from app.domain.notes.readable import Stands
from app.domain.notes.summaries import Block, blocks
from app.kit.errors import NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages.meetings.marks import ribbon_events, says
from app.pages.ribbon import Ribbon, ribbon
from app.store.meetings import groups, marks
from app.store.meetings import year as years
from app.store.meetings.marks import EventMark
from app.store.notes import group_story, reads
from app.store.notes.group_story import Told, Tried

LESSON = "lesson"  # the field that a meeting's form has for it
STATES = {
    "open": ("Being written", "blue"),
    "submitted": ("Submitted", "yellow"),
    "agreed": ("Agreed", "green"),
    "correcting": ("Being corrected", "yellow"),
}


@dataclass(frozen=True, slots=True)
class TaskTold:
    """What somebody tries or tried."""

    who: str
    what: str
    by: str
    went: str


@dataclass(frozen=True, slots=True)
class MeetingTold:
    """One meeting. `silence` says why nothing is told of it; `gathered` for which Discuss its gap tasks are."""

    heading: str
    day: str
    href: str
    link: str
    word: str
    tone: str
    lesson: str
    blocks: tuple[Block, ...]
    tasks: tuple[TaskTold, ...]
    gathered: str
    silence: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """The page."""

    template: ClassVar[str] = "notes/story.html"
    home: str
    href: str
    code: str
    name: str
    year: str
    ribbon: Ribbon
    meetings: tuple[MeetingTold, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the group's records."""

    address: str
    records: Mapping[uuid.UUID, Told]
    tried: Mapping[uuid.UUID, Sequence[Tried]]
    gathered: Mapping[uuid.UUID, str]
    now: datetime


async def load(db: AsyncSession, member: Member, group_id: uuid.UUID, now: datetime) -> StoryPage:
    """The page, in a fixed number of statements; each record that it tells of is noted as read.

    Raises NotFoundError.
    """
    group = await groups.one(db, member, group_id)
    if group is None:
        raise NotFoundError
    dates = await marks.of_group(db, member, group.year, group_id)
    meetings = [one for one in dates if one.kind == "meeting" and one.status != "cancelled"]
    found = await group_story.records(db, member, [one.id for one in meetings])
    shown = [key for key, told in found.items() if told.places]
    await reads.notes_read(db, member, shown, "page", now)
    home = f"/hubs/{member.hub_code}"
    tried = await group_story.tried(db, [key for key, told in found.items() if told.whole])
    known = _Known(f"{home}/events", found, tried, _gathered(meetings, tried, now), now)
    own = (await years.group_half_terms(db, member.hub_id, group.year)).get(group_id, ())
    return StoryPage(
        home=home,
        href=f"{home}/groups/{group_id}",
        code=group.code,
        name=group.name,
        year=spoken_year(group.year),
        ribbon=ribbon(
            f"{group.code} in {spoken_year(group.year)}",
            own or await years.half_terms(db, member.hub_id, group.year),
            await years.closures(db, member.hub_id, group.year),
            ribbon_events(member.hub_code, dates, now),
            in_london(now).date(),
        ),
        meetings=tuple(_meeting(known, one) for one in meetings),
    )


def _gathered(
    meetings: Sequence[EventMark], tried: Mapping[uuid.UUID, Sequence[Tried]], now: datetime
) -> dict[uuid.UUID, str]:
    """The last meeting before the next one: its gap tasks are what the next Discuss begins with."""
    ahead = next((one for one in meetings if one.ends_at > now), None)
    over = [one for one in meetings if one.ends_at <= now]
    if ahead is None or not over or not tried.get(over[-1].id):
        return {}
    return {over[-1].id: f"Gathered for the Discuss of {spoken_date(ahead.day)}."}


def _meeting(known: _Known, mark: EventMark) -> MeetingTold:
    told = known.records.get(mark.id)
    word, tone = STATES.get(told.state, ("", "")) if told else ("", "")
    href = f"{known.address}/{mark.id}"
    whole = told is not None and told.whole
    return MeetingTold(
        heading=says(mark),
        day=spoken_date(mark.day),
        href=f"{href}/note" if whole else f"{href}/note/summary" if told and told.places else href,
        link="Read the record" if whole else "Read the agreed summary" if told and told.places else "Look at the date",
        word=word,
        tone=tone,
        lesson=_lesson(told.places) if told and whole else "",
        blocks=blocks(told.form, told.places, _names(told.form, told.places), with_tries=False) if told else (),
        tasks=tuple(_task(one) for one in known.tried.get(mark.id, ())),
        gathered=known.gathered.get(mark.id, ""),
        silence=_silence(known, mark, told),
    )


def _silence(known: _Known, mark: EventMark, told: Told | None) -> str:
    if told is not None and told.places:
        return ""
    if told is not None and not told.whole:
        return "Nothing is agreed yet. The school reads the summary once both sides agree."
    if mark.starts_at > known.now:
        return "This meeting is to come."
    return "Nothing is written that you may read."


def _lesson(places: Sequence[Stands]) -> str:
    return next((str(one.value) for one in places if one.path == LESSON), "")


def _names(form: NoteForm, places: Sequence[Stands]) -> dict[uuid.UUID, str]:
    each = any(field.share == "each" and field.summary for field in form.fields())
    return {one.person_id: one.name for one in places if one.name} if each else {}


def _task(one: Tried) -> TaskTold:
    return TaskTold(one.who, one.what, f"by {spoken_date(one.by)}" if one.by else "", one.went)
