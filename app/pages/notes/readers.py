"""Who read a record, for those whom it is about."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.errors import ForbiddenError
from app.kit.periods import spoken, spoken_date
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.notes.frame import Head, head, open_record
from app.store.notes import readers
from app.store.notes.readers import Reading

COLUMNS = (
    Column("when", "Last time"),
    Column("who", "Who"),
    Column("how", "How"),
    Column("times", "Times that day", number=True),
)
CSV_HEADER = ("Day", "Who", "How", "Times", "First", "Last")
WAYS = {"page": "On its page", "offline copy": "Copy on a device", "search": "In a search", "print": "Printed or saved"}


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Somebody's readings of a day, in one way."""

    last: datetime
    who: str
    how: str
    times: int


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """Every reading of the record."""

    template: ClassVar[str] = "notes/readers.html"
    head: Head
    listing: Listing
    lines: tuple[ReadLine, ...]


async def _readings(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> tuple[Head, list[Reading]]:
    opened = await open_record(db, member, event_id, now)
    if not opened.takes_part:
        raise ForbiddenError("Those who take part in this see who read its record.")
    return head(opened.about, member), await readers.of_event(db, event_id)


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime) -> ReadersPage:
    """Who read it and how often: at most six statements. Raises NotFoundError and ForbiddenError."""
    note, found = await _readings(db, member, event_id, now)
    wanted = _sorted(found, asked)
    first = (asked.page - 1) * PAGE_SIZE
    people = sorted({one.person_id: one.name for one in found}.items(), key=lambda pair: pair[1].casefold())
    return ReadersPage(
        head=note,
        listing=listing(
            asked,
            "Who read this record",
            COLUMNS,
            total=len(wanted),
            empty=Empty("Nobody has read this record yet. You will see here who does."),
            filters=(Filter("person", "Who", asked.value("person"), tuple(Choice(str(k), v) for k, v in people)),),
        ),
        lines=tuple(
            ReadLine(one.last_at, one.name, WAYS.get(one.how, one.how), one.times)
            for one in wanted[first : first + PAGE_SIZE]
        ),
    )


def _sorted(found: Sequence[Reading], asked: Asked) -> list[Reading]:
    kept = [one for one in found if asked.value("person") in {"", str(one.person_id)}]
    column, down = asked.order(("when", "who", "how", "times"))
    if not asked.value("sort"):
        return kept  # the newest first
    keys = {
        "when": lambda one: one.last_at,
        "who": lambda one: one.name.casefold(),
        "how": lambda one: WAYS.get(one.how, one.how),
        "times": lambda one: one.times,
    }
    return sorted(kept, key=keys[column], reverse=down)


async def table(
    db: AsyncSession, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime
) -> list[tuple[object, ...]]:
    """The same as rows for a spreadsheet. Raises as `load` does."""
    _, found = await _readings(db, member, event_id, now)
    return [
        (
            spoken_date(one.day),
            one.name,
            WAYS.get(one.how, one.how),
            one.times,
            spoken(one.first_at),
            spoken(one.last_at),
        )
        for one in _sorted(found, asked)
    ]
