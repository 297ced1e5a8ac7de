"""Writing and reading the trail."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.trail import Checked, Link, Walk, changed, fact_of, named, thing_of
from app.kit.periods import london
from app.models.trail import TrailEnd, TrailEntry

Change = Mapping[str, Any]

# The texts that the database digested when it chained the entry, written once more from what is there now.
LINKS = text("""
    SELECT one.id, one.number, one.at, one.did, one.about,
        CASE WHEN one.salt IS NOT NULL THEN
            jsonb_build_array(one.salt, one.who, one.person_id, one.about, one.facts, one.before, one.after)::text END,
        one.content,
        jsonb_build_array(one.previous, one.hub_id, one.number, one.id,
            to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            one.did, one.kind, one.thing_id, one.source, one.browser, one.content)::text,
        one.previous, one.hash, ends.number, ends.hash
    FROM trail_entry one LEFT JOIN trail_end ends ON ends.hub_id = one.hub_id
    WHERE one.hub_id = :hub ORDER BY one.number NULLS LAST
""")
NAMES = text("""
    SELECT id::text, name FROM person WHERE hub_id = :hub AND id::text = ANY(:ids)
    UNION ALL SELECT id::text, name FROM programme WHERE hub_id = :hub AND id::text = ANY(:ids)
    UNION ALL SELECT id::text, name FROM calendar WHERE hub_id = :hub AND id::text = ANY(:ids)
    UNION ALL SELECT id::text, code FROM work_group WHERE hub_id = :hub AND id::text = ANY(:ids)
    UNION ALL SELECT urn::text, name FROM school WHERE urn::text = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done; `did` is a past participle, `account_id` is empty for a command or a job."""

    hub_id: uuid.UUID
    at: datetime
    did: str
    about: str
    account_id: uuid.UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    who: str = ""
    person_id: uuid.UUID | None = None
    before: Change | None = None
    after: Change | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What the trail is narrowed by; empty narrows nothing. Days are London's, both included."""

    words: str = ""
    did: str = ""
    who: str = ""
    kind: str = ""
    thing: str = ""
    since: date | None = None
    until: date | None = None


async def record(db: AsyncSession, deed: Deed) -> None:
    """Note that something was done, in the transaction that does it; the database chains it at the commit."""
    kind, thing_id = thing_of(deed.facts)
    before, after = changed(deed.before, deed.after)
    source = db.info.get("source", "job")
    db.add(
        TrailEntry(
            hub_id=deed.hub_id,
            at=deed.at,
            account_id=deed.account_id,
            did=deed.did,
            about=deed.about,
            facts=deed.facts,
            who=deed.who or ("Command line" if source == "command" else "Halfterm"),
            person_id=deed.person_id,
            source=source,
            browser=db.info.get("browser", ""),
            kind=kind,
            thing_id=thing_id,
            before=before,
            after=after,
        )
    )


async def count(db: AsyncSession, hub_id: uuid.UUID, sought: Sought) -> int:
    """How many deeds these filters leave."""
    found = select(func.count()).select_from(TrailEntry).where(*_narrowed(hub_id, sought))
    return (await db.execute(found)).scalar_one()


async def verbs(db: AsyncSession, hub_id: uuid.UUID) -> list[str]:
    """Every past participle that the hub's trail holds."""
    return await _every(db, hub_id, col(TrailEntry.did))


async def doers(db: AsyncSession, hub_id: uuid.UUID) -> list[str]:
    """Everybody who did something, by the name they had then."""
    return await _every(db, hub_id, col(TrailEntry.who))


async def _every(db: AsyncSession, hub_id: uuid.UUID, column: Any) -> list[str]:
    found = select(column).where(col(TrailEntry.hub_id) == hub_id, column != "").distinct().order_by(column)
    return list((await db.execute(found)).scalars())


async def deeds(
    db: AsyncSession, hub_id: uuid.UUID, sought: Sought, page: tuple[int | None, int]
) -> Sequence[TrailEntry]:
    """Entries, the latest first; `page` is (how many, how many to pass over)."""
    limit, offset = page
    found = await db.execute(
        select(TrailEntry)
        .where(*_narrowed(hub_id, sought))
        .order_by(col(TrailEntry.number).desc().nulls_first(), col(TrailEntry.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return found.scalars().all()


async def names(db: AsyncSession, hub_id: uuid.UUID, changes: Iterable[Change | None]) -> dict[str, str]:
    """The names of whoever and whatever these changes mention by id or URN: one statement."""
    ids = sorted({one for change in changes for one in named(change)})
    found = await db.execute(NAMES, {"hub": hub_id, "ids": ids})
    return {row[0]: row[1] for row in found.all()}


async def end(db: AsyncSession, hub_id: uuid.UUID) -> tuple[int, str]:
    """The number and digest that the hub keeps of its last entry; (0, "") before the first."""
    found = await db.get(TrailEnd, hub_id, populate_existing=True)
    return (found.number, found.hash) if found else (0, "")


async def check(db: AsyncSession, hub_id: uuid.UUID) -> Checked:
    """Walk the hub's whole chain; it stops at the first entry that does not fit. Holds some hundred entries at once."""
    walk, kept = Walk(), None
    rows = await db.stream(LINKS, {"hub": hub_id}, execution_options={"yield_per": 500})
    async for some in rows.partitions(500):
        for *link, number, last in some:
            kept = (number or 0, last or "")  # of the same statement: what is written meanwhile is in neither
            if because := walk.fault(Link(*link)):
                await rows.close()
                return Checked(walk.number, walk.hash, walk.forgotten, because)
    return walk.end(kept or await end(db, hub_id))


def narrowed_to(kind: str, thing: str) -> ColumnElement[bool]:
    """What was done to this thing, or with it."""
    own = and_(col(TrailEntry.kind) == kind, col(TrailEntry.thing_id) == thing)
    fact = fact_of(kind)
    return or_(own, col(TrailEntry.facts)[fact].astext == thing) if fact else own


def _narrowed(hub_id: uuid.UUID, sought: Sought) -> list[ColumnElement[bool]]:
    conditions = [col(TrailEntry.hub_id) == hub_id]
    if sought.did:
        conditions.append(col(TrailEntry.did) == sought.did)
    if sought.who:
        conditions.append(col(TrailEntry.who) == sought.who)
    if sought.thing:
        conditions.append(narrowed_to(sought.kind, sought.thing))
    elif sought.kind:
        conditions.append(col(TrailEntry.kind) == sought.kind)
    if sought.since:
        conditions.append(col(TrailEntry.at) >= london(sought.since, time()))
    if sought.until:
        conditions.append(col(TrailEntry.at) < london(sought.until + timedelta(days=1), time()))
    conditions.extend(map(found_in, sought.words.split()))
    return conditions


def found_in(word: str) -> ColumnElement[bool]:
    """The word is in what was done, to what, by whom, or in what changed."""
    places = (col(TrailEntry.about), col(TrailEntry.did), col(TrailEntry.who))
    return or_(*(place.icontains(word, autoescape=True) for place in places))


async def forget(db: AsyncSession, entries: Sequence[uuid.UUID]) -> int:
    """Take the words and names out of entries that the law wants forgotten; their digests stay. How many it were."""
    done = await db.execute(text("SELECT trail_forget(CAST(:ids AS uuid[]))"), {"ids": list(entries)})
    return int(done.scalar_one())
