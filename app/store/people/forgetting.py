"""Taking somebody out of a hub's rows: their own go or lose their words, and everywhere else their name does.

Driven by domain/people/holdings.py; where the app may not write, through the doors of migration 0012.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String
from sqlmodel import col

from app.domain.people.forgetting import Sought
from app.domain.people.holding import Fate, Holding, Says
from app.domain.people.holdings import HOLDINGS
from app.models import metadata
from app.models.meetings import Event
from app.models.people import Account, Person
from app.store import trail
from app.store.database import see_account
from app.store.feeds import event_changed
from app.store.feeds.changes import LONGEST, unnoticed
from app.store.people import raw_bytes
from app.store.people.booked import rebook

DOORS = {"note_op", "note_version", "attendance", "trail_entry"}  # the app may not write there
UNFOLDED = r"regexp_replace({}, E'\\r?\\n[ \\t]', '', 'g')"  # a calendar breaks its lines anywhere (RFC 5545, 3.1)
FOLDED = {("message", "calendar")}
NAMED_IN_TRAIL = """
    SELECT id FROM trail_entry WHERE hub_id = :hub AND salt IS NOT NULL AND (person_id = :person
        OR concat_ws(' ', who, about, facts::text, before::text, after::text) ~* :any)
"""
ONCE = """
    UPDATE once_key SET body = convert_to(forgotten(convert_from(body, 'UTF8'), :patterns, :kinds), 'UTF8')
    WHERE account_id IN (SELECT account_id FROM person WHERE hub_id = :hub) AND convert_from(body, 'UTF8') ~* :any
"""
JOBS = """
    DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND args::text ~* :any
        AND (:everywhere OR args->>'hub_id' = CAST(:hub AS text))
"""
OF_PEOPLE = "SELECT account_id FROM person WHERE hub_id = :hub"
FEEDS = """
    UPDATE feed SET body = '', body_gzip = '', etag = '', stale = true
    WHERE account_id IN (SELECT account_id FROM person WHERE hub_id = :hub)
"""
PIECES = f"UPDATE event SET piece = '' WHERE hub_id = :hub AND {UNFOLDED.format('piece')} ~* :any"
FUTURE = """
    UPDATE booking SET expected = false, holds = false FROM event
    WHERE event.id = booking.event_id AND booking.person_id = :person AND event.starts_at > :now
"""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is to be forgotten: whose rows, what is looked for, what name stays."""

    person: Person
    sought: Sought
    pseudonym: str
    now: datetime

    @property
    def values(self) -> dict[str, Any]:
        """For the statements."""
        return {
            "hub": self.person.hub_id,
            "person": self.person.id,
            "patterns": list(self.sought.patterns),
            "kinds": list(self.sought.kinds),
            "any": self.sought.any,
            "now": self.now,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A column in which people's words stand, and the SQL of its text."""

    table: str
    column: str
    document: bool

    @property
    def words(self) -> str:
        """Its text."""
        if (self.table, self.column) in FOLDED:
            return UNFOLDED.format(f'"{self.column}"')
        return f'"{self.column}"::text' if self.document else f'"{self.column}"'

    @property
    def where(self) -> str:
        """The rows of the hub, or of accounts of its people, in which the person is named there."""
        columns = metadata.tables[self.table].c
        if self.table == "hub":
            return f"id = :hub AND {self.words} ~* :any"
        whose = "hub_id = :hub" if "hub_id" in columns else f"account_id IN ({OF_PEOPLE})"
        return f"{whose} AND {self.words} ~* :any"


def _statement(sql: str) -> Any:
    lists = [name for name in ("patterns", "kinds") if f":{name}" in sql]
    return text(sql).bindparams(*(bindparam(name, type_=ARRAY(String)) for name in lists))


async def _run(db: AsyncSession, sql: str, values: dict[str, Any]) -> Any:
    named = {name: value for name, value in values.items() if f":{name}" in sql}
    return await db.execute(_statement(sql), named)


def places(*, doors: bool = False) -> Iterator[Place]:
    """Every column of a hub, and of accounts of its people, in which a name may stand.

    With `doors` also where the app may not write.
    """
    for one in HOLDINGS:
        columns = metadata.tables[one.table].c
        if not ({"hub_id", "account_id"} & set(columns.keys()) or one.table == "hub"):
            continue
        if one.table in DOORS and not doors:
            continue
        for column, says in one.words.items():
            if says in {Says.TEXT, Says.OWN}:
                yield Place(one.table, column, document=_is_document(one, column))


def _is_document(one: Holding, column: str) -> bool:
    return type(metadata.tables[one.table].c[column].type).__name__ == "JSONB"


async def named_in(db: AsyncSession, what: Forgotten) -> dict[str, int]:
    """How many rows of each table name the person somewhere: one statement."""
    by_table: dict[str, list[str]] = {}
    for place in places(doors=True):
        by_table.setdefault(place.table, []).append(place.where)
    counted = (
        f"SELECT '{name}' AS what, count(*) FROM \"{name}\" WHERE {' OR '.join(f'({one})' for one in where)}"
        for name, where in by_table.items()
    )
    found = await _run(db, " UNION ALL ".join(counted), what.values)
    return {row[0]: row[1] for row in found if row[1]}


async def own_rows(db: AsyncSession, person: Person) -> dict[str, int]:
    """How many rows of each table are this person's own: one statement."""
    counted = []
    for one in HOLDINGS:
        if one.whose:
            whose = ":account" if one.account else ":person"
            counted.append(f'SELECT \'{one.table}\' AS what, count(*) FROM "{one.table}" WHERE "{one.whose}" = {whose}')
    found = await _run(db, " UNION ALL ".join(counted), {"person": person.id, "account": person.account_id})
    return {row[0]: row[1] for row in found if row[1]}


async def forget(db: AsyncSession, what: Forgotten) -> list[uuid.UUID]:
    """Take the person out of every row of the hub; the certificates of others whose paper is to be made anew.

    Not undone by anything but a backup. Some hundred statements.
    """
    person, values = what.person, what.values
    elsewhere = await _elsewhere(db, person)
    await _own(db, what)
    await raw_bytes.forget_mail(db, person, what.sought)
    await raw_bytes.forget_agreements(db, person, what.sought)
    papers = await raw_bytes.forget_pdfs(db, person, what.sought, what.now)
    await _run(db, "SELECT forget_own(:person)", values)
    await _words(db, what)
    await _run(db, JOBS, values | {"everywhere": not elsewhere})
    entries = (await _run(db, NAMED_IN_TRAIL, values)).scalars().all()
    await trail.forget(db, entries)
    await _another_account(db, what, elsewhere=elsewhere)
    await _feeds(db, what)
    return papers


async def _own(db: AsyncSession, what: Forgotten) -> None:
    """Their own rows: away with those that go, and empty what the others say of them."""
    for one in HOLDINGS:
        table = metadata.tables[one.table]
        if one.account or one.table in DOORS or one.table == "person" or not one.whose:
            continue
        if one.fate is Fate.DELETED:
            await _run(db, f'DELETE FROM "{one.table}" WHERE "{one.whose}" = :person', what.values)
        own = [name for name, says in one.words.items() if says is Says.OWN and one.fate is not Fate.DELETED]
        if own:
            emptied = ", ".join(f"\"{name}\" = '{'{}' if _is_document(one, name) else ''}'" for name in own)
            await _run(db, f'UPDATE "{table.name}" SET {emptied} WHERE "{one.whose}" = :person', what.values)
    asked = "DELETE FROM joining WHERE hub_id = :hub AND lower(email) = :email"
    await _run(db, asked, {"hub": what.person.hub_id, "email": what.person.email.strip().lower()})
    await _run(db, FUTURE, what.values)


async def _words(db: AsyncSession, what: Forgotten) -> None:
    """Name, address and phone out of everything that people wrote in the hub: one statement a column."""
    for place in places():
        new = f"forgotten({place.words}, :patterns, :kinds)" + ("::jsonb" if place.document else "")
        sql = f'UPDATE "{place.table}" SET "{place.column}" = {new} WHERE {place.where}'
        await _run(db, sql, what.values)
    await _run(db, "SELECT forget_words(:patterns, :kinds)", what.values)
    await _run(db, ONCE, what.values)
    await _run(db, PIECES, what.values)


async def _elsewhere(db: AsyncSession, person: Person) -> bool:
    """Whether another hub knows the same account."""
    seen = (await db.execute(text("SELECT current_setting('app.account', true)"))).scalar_one()
    await see_account(db, person.account_id)
    found = await db.execute(
        select(col(Person.id)).where(col(Person.account_id) == person.account_id, col(Person.hub_id) != person.hub_id)
    )
    held = found.first() is not None
    await db.execute(text("SELECT set_config('app.account', :seen, true)"), {"seen": seen or ""})
    return held


async def _another_account(db: AsyncSession, what: Forgotten, *, elsewhere: bool) -> None:
    """The person under their pseudonym, with an account that opens nothing; the old one goes if it was theirs alone."""
    person, old = what.person, what.person.account_id
    account = Account(email=f"{person.id}@erased.invalid", created_at=what.now)
    db.add(account)
    await db.flush()
    await db.refresh(account)
    person.account_id = account.id
    person.name, person.email, person.phone, person.works = what.pseudonym, "", "", {}
    person.base_urn = person.cohort_id = None
    person.left_on = person.left_on or what.now.date()
    person.erased_at = what.now
    person.version += 1
    await db.flush()
    await rebook(db, person.id, account)
    if not elsewhere:
        await _run(db, "DELETE FROM account WHERE id = :old", {"old": old})


async def _feeds(db: AsyncSession, what: Forgotten) -> None:
    """Calendars of the hub are made anew, and events that say something else now say that they changed."""
    ids = select(col(Event.id)).where(
        col(Event.hub_id) == what.person.hub_id, col(Event.ends_at) > what.now - LONGEST, col(Event.shown) != ""
    )
    changed = await unnoticed(db, list((await db.execute(ids)).scalars()))
    if changed:
        await event_changed(db, changed, what.now)
    led = update(Event).where(col(Event.lead_id) == what.person.id).values(piece="")
    await db.execute(led.execution_options(synchronize_session=False))
    await _run(db, FEEDS, what.values)
