"""Who looked: readings by others of the records that I take part in, in all my hubs."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.kit.periods import spoken, spoken_date
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.notes.readers import WAYS
from app.store.people import looked
from app.store.people.looked import Look, Sought

COLUMNS = (
    Column("when", "Last time"),
    Column("who", "Who"),
    Column("what", "Which record"),
    Column("how", "How"),
    Column("times", "Times that day", number=True),
)
CSV_HEADER = ("Last time", "Who", "Record", "School", "Day of the record", "How", "Times that day")
KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}


@dataclass(frozen=True, slots=True)
class LookLine:
    """Somebody's readings of a record on a day, in one way."""

    last: datetime
    who: str
    what: str
    href: str
    how: str
    times: int


@dataclass(frozen=True, slots=True)
class WhoLookedPage:
    """Who read what concerns me."""

    template: ClassVar[str] = "people/who_looked.html"
    listing: Listing
    lines: tuple[LookLine, ...]
    back: str = "/my/data"


def _sought(asked: Asked) -> Sought:
    order, down = asked.order([column.name for column in COLUMNS])
    try:
        person = uuid.UUID(asked.value("person")) if asked.value("person") else None
    except ValueError:
        person = uuid.UUID(int=0)  # nobody
    return Sought(person, asked.value("how"), order, down if asked.value("sort") else True)


async def who_looked_page(db: AsyncSession, viewer: Viewer, asked: Asked) -> WhoLookedPage:
    """One page of the list, the newest first: three statements."""
    wanted = _sought(asked)
    total = await looked.count(db, viewer.members, wanted)
    found = await looked.listed(
        db, viewer.members, replace(wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    )
    codes = {member.hub_id: member.hub_code for member in viewer.members}
    people = tuple(Choice(str(key), name) for key, name in await looked.readers(db, viewer.members))
    filters = (
        Filter("person", "Who", asked.value("person"), people),
        Filter("how", "How", asked.value("how"), tuple(Choice(key, says) for key, says in WAYS.items())),
    )
    empty = Empty("Nobody else has read a record of yours yet. You will see here who does.")
    return WhoLookedPage(
        listing=listing(asked, "Who read your records", COLUMNS, total=total, empty=empty, filters=filters),
        lines=tuple(
            LookLine(
                one.last_at,
                one.name,
                _what(one),
                f"/hubs/{codes[one.hub_id]}/events/{one.event_id}/note/readers",
                WAYS.get(one.how, one.how),
                one.times,
            )
            for one in found
        ),
    )


def _what(one: Look) -> str:
    return f"{KINDS[one.kind]} at {one.school} on {spoken_date(one.event_day)}"


async def who_looked_csv(db: AsyncSession, viewer: Viewer, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every reading that the filters leave, one row each under CSV_HEADER."""
    found = await looked.listed(db, viewer.members, _sought(asked))
    return (
        (
            spoken(one.last_at),
            one.name,
            KINDS[one.kind],
            one.school,
            spoken_date(one.event_day),
            WAYS.get(one.how, one.how),
            one.times,
        )
        for one in found
    )
