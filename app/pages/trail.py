"""What was done in a hub, when and by whom."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.periods import spoken
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.store import trail

COLUMNS = (Column("", "When"), Column("", "Who"), Column("", "What"))
CSV_HEADER = ("at", "who", "did", "about", "facts")


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One deed in words."""

    at: datetime
    when: str
    who: str
    did: str
    about: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """The trail, the latest first; nothing in it is ever changed."""

    template: ClassVar[str] = "trail/list.html"
    listing: Listing
    deeds: tuple[TrailLine, ...]


async def trail_page(db: AsyncSession, member: Member, asked: Asked) -> TrailPage:
    """One page of the trail: three statements."""
    words, did = asked.value("q"), asked.value("did")
    total = await trail.count(db, member.hub_id, words, did)
    found = await trail.deeds(db, member.hub_id, words, did, (PAGE_SIZE, (asked.page - 1) * PAGE_SIZE))
    verbs = tuple(Choice(verb, verb) for verb in await trail.verbs(db, member.hub_id))
    filters = (Filter("q", "Name or thing", words), Filter("did", "What was done", did, verbs))
    empty = Empty("Everything that is done in the hub will be here, with who did it and when.")
    return TrailPage(
        listing=listing(asked, "What was done", COLUMNS, total=total, empty=empty, filters=filters),
        deeds=tuple(TrailLine(one.at, spoken(one.at), one.who, one.did, one.about) for one in found),
    )


async def trail_csv(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every deed that the filters leave, as rows under CSV_HEADER."""
    found = await trail.deeds(db, member.hub_id, asked.value("q"), asked.value("did"), (None, 0))
    return ((one.at, one.who, one.did, one.about, json.dumps(one.facts) if one.facts else "") for one in found)
