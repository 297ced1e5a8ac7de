"""What teachers share of their reflections with whoever leads their Work Groups."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.sharing import shared_since
from app.kit.periods import academic_year, in_london, spoken_date
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.notes.reflections import indicator_words, step_words
from app.store.notes import reflections
from app.store.notes.reflections import Shared

COLUMNS = (
    Column("shared", "Shared"),
    Column("name", "Teacher"),
    Column("", "On what"),
    Column("", "Where"),
    Column("", "In their words"),
)


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One shared reflection."""

    shared: str
    name: str
    groups: str
    framework: str
    about: str
    where: str
    words: str
    said: str


@dataclass(frozen=True, slots=True)
class SharedReflectionsPage:
    """The list. It has no download: what a teacher takes back must be back."""

    template: ClassVar[str] = "notes/reflections_shared.html"
    listing: Listing
    lines: tuple[SharedLine, ...]


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> SharedReflectionsPage:
    """What the viewer may read: one statement."""
    year = academic_year(in_london(now).date())
    known = await reflections.shared_with(db, member, year, shared_since(now))
    words, group = asked.value("q").lower(), asked.value("group")
    some = [one for one in known if words in one.name.lower() and (not group or group in one.groups)]
    column, down = asked.order(("shared", "name"))
    if column == "name":
        some.sort(key=lambda one: one.name.lower(), reverse=down)
    elif asked.value("sort") == "shared":
        some.reverse()
    groups = sorted({code for one in known for code in one.groups})
    empty = Empty(
        "Reflections will be here that teachers of the Work Groups you lead share with you. What they do not share "
        "nobody else reads.",
    )
    filters = (
        Filter("q", "Teacher", asked.value("q")),
        Filter("group", "Work Group", group, tuple(Choice(code, code) for code in groups)),
    )
    shown = listing(asked, "Reflections shared with you", COLUMNS, total=len(some), empty=empty, filters=filters)
    first = (asked.page - 1) * PAGE_SIZE
    return SharedReflectionsPage(replace(shown, csv=""), tuple(_line(one) for one in some[first : first + PAGE_SIZE]))


def _line(one: Shared) -> SharedLine:
    own = one.own
    return SharedLine(
        shared=spoken_date(in_london(own.shared_at).date()) if own.shared_at else "",
        name=one.name,
        groups=", ".join(one.groups),
        framework=own.framework.name,
        about=indicator_words(own),
        where=step_words(own),
        words=own.words,
        said=spoken_date(in_london(own.said_at).date()),
    )
