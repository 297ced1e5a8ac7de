"""What is held about one person: how much of each kind, and the rows themselves, with names for ids."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.people.holding import Holding
from app.domain.people.holdings import HOLDINGS
from app.models import metadata
from app.models.meetings import Booking, Certificate
from app.models.notes import NoteVersion

NEVER = {"id", "hub_id", "account_id", "person_id"}
NAMES = """
    SELECT id::text, name FROM person WHERE id::text = ANY(:ids)
    UNION ALL SELECT id::text, code FROM work_group WHERE id::text = ANY(:ids)
    UNION ALL SELECT event.id::text,
        concat(initcap(event.kind), ' on ', to_char(day, 'FMDD FMMonth YYYY'), ' at ', school.name)
        FROM event JOIN school ON school.urn = event.urn WHERE event.id::text = ANY(:ids)
"""
SHOWN = tuple(one for one in HOLDINGS if one.says)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are of a table, and when the newest of them was."""

    count: int
    newest: datetime | None


def _where(one: Holding) -> str:
    if one.table == "trail_entry":
        return "(person_id = :key OR (kind = 'person' AND thing_id = CAST(:key AS text)))"
    return f'"{one.whose}" = :key'


async def counts(db: AsyncSession, key: uuid.UUID, *, account: bool) -> dict[str, Count]:
    """How much is held of a person, or of an account: one statement."""
    counted = []
    for one in SHOWN:
        if one.account == account:
            newest = f'max("{one.at}")::timestamptz' if one.at else "NULL::timestamptz"
            counted.append(f"SELECT '{one.table}', count(*), {newest} FROM \"{one.table}\" WHERE {_where(one)}")
    found = await db.execute(text(" UNION ALL ".join(counted)), {"key": key})
    return {row[0]: Count(row[1], row[2]) for row in found if row[1]}


async def rows(db: AsyncSession, one: Holding, key: uuid.UUID) -> list[dict[str, Any]]:
    """A person's, or an account's, own rows of a table: what they may see of them."""
    columns = [
        f'"{column.name}"'
        for column in metadata.tables[one.table].columns
        if column.name not in NEVER | set(one.left_out) and not isinstance(column.type, LargeBinary)
    ]
    order = f' ORDER BY "{one.at}"' if one.at else ""
    chosen = f'SELECT {", ".join(columns)} FROM "{one.table}" WHERE {_where(one)}{order}'
    found = await db.execute(text(f"SELECT to_jsonb(held) FROM ({chosen}) AS held"), {"key": key})
    return list(found.scalars())


async def names(db: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """What these ids are called, for those that have a name here: one statement."""
    found = await db.execute(text(NAMES), {"ids": sorted(set(ids))})
    return {row[0]: row[1] for row in found.all()}


async def certificates(db: AsyncSession, person_id: uuid.UUID) -> list[tuple[str, bytes]]:
    """A person's certificates, by code."""
    found = await db.execute(
        select(col(Certificate.code), col(Certificate.pdf))
        .where(col(Certificate.person_id) == person_id, col(Certificate.pdf) != b"")
        .order_by(col(Certificate.made_at), col(Certificate.id))
    )
    return [(row[0], row[1]) for row in found.all()]


async def agreed_events(db: AsyncSession, person_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Events of a person whose record was agreed, the latest first."""
    found = await db.execute(
        select(col(Booking.event_id))
        .where(
            col(Booking.person_id) == person_id,
            col(Booking.event_id).in_(select(col(NoteVersion.event_id)).where(col(NoteVersion.agreed_at).is_not(None))),
        )
        .order_by(col(Booking.during).desc())
    )
    return found.scalars().all()
