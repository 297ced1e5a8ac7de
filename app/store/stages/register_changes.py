"""Schools that are gone, as rows: the tasks of a hub, what points to such a school, and who may take its place."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.people import Person
from app.models.schools import School
from app.models.stages import SchoolChange
from app.store import visible
from app.store.stages.register_rows import AT, HEIRS, POINTING, SUCCESSION

_POINTS = text(
    f"WITH {AT}, {POINTING} SELECT what, id, name, year, day FROM pointing "
    "WHERE hub_id = :hub AND urn = :urn ORDER BY what, day, year, lower(name), id"
)
_COUNTS = text(
    f"WITH {AT}, {POINTING} SELECT urn, what, count(*) FROM pointing "
    "WHERE hub_id = :hub AND urn = ANY(:urns) GROUP BY urn, what"
)
_HEIRS = text(f"WITH {SUCCESSION} SELECT urn, name, town FROM ({HEIRS.format(urn='CAST(:urn AS int)')}) AS heirs")
_MEET = text(f"""
    WITH {AT}, {POINTING}
    SELECT 'enrolments' AS what, p.name FROM enrolment o JOIN enrolment n ON n.hub_id = o.hub_id
        AND n.programme_id = o.programme_id AND n.urn = :new AND n.state <> 'withdrawn'
        JOIN programme p ON p.id = o.programme_id
        WHERE o.hub_id = :hub AND o.urn = :old AND o.state IN ('applied', 'agreed', 'active')
    UNION SELECT o.what, CASE WHEN o.what = 'groups' THEN o.name ELSE o.year || '/' || right((o.year + 1)::text, 2) END
        FROM pointing o JOIN pointing n ON n.what = o.what AND n.hub_id = o.hub_id AND n.urn = :new
            AND (CASE WHEN o.what = 'groups' THEN n.id = o.id ELSE n.year = o.year END)
        WHERE o.hub_id = :hub AND o.urn = :old AND o.what IN ('approaches', 'groups', 'series', 'plans', 'years')
    UNION SELECT 'heads', n.name FROM pointing n WHERE n.hub_id = :hub AND n.urn = :new AND n.what = 'heads'
        AND EXISTS (SELECT FROM pointing o WHERE o.hub_id = :hub AND o.urn = :old AND o.what = 'heads')
    ORDER BY 1, 2
""")


@dataclass(frozen=True, slots=True)
class Change:
    """One task with the names of both schools; `by` settled it."""

    row: SchoolChange
    name: str
    successor: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that points to a school: what kind, which, its name, its year or its day."""

    what: str
    id: str
    name: str
    year: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Heir:
    """A school that could take its place."""

    urn: int
    name: str
    town: str


def _mine(member: Member) -> Any:
    heir, by = aliased(School), aliased(Person)
    return (
        select(SchoolChange, col(School.name), func.coalesce(col(heir.name), ""), func.coalesce(col(by.name), ""))
        .join(School, col(School.urn) == col(SchoolChange.urn))
        .outerjoin(heir, col(heir.urn) == col(SchoolChange.successor_urn))
        .outerjoin(by, col(by.id) == col(SchoolChange.settled_by))
        .where(
            col(SchoolChange.hub_id) == member.hub_id,
            visible.at_schools(member, Can.SEE_STAGES, col(SchoolChange.urn)),
        )
    )


async def every(db: AsyncSession, member: Member) -> list[Change]:
    """Every task of the hub that the member may see, the newest first: one statement."""
    found = await db.execute(_mine(member).order_by(col(SchoolChange.found_at).desc(), col(SchoolChange.id)))
    return [Change(*row) for row in found.all()]


async def one(db: AsyncSession, member: Member, change_id: uuid.UUID) -> Change | None:
    """One task; None for what the member may not see as for what there is not."""
    row = (await db.execute(_mine(member).where(col(SchoolChange.id) == change_id))).first()
    return Change(*row) if row else None


async def locked(db: AsyncSession, hub_id: uuid.UUID, change_id: uuid.UUID) -> SchoolChange | None:
    """One task to be settled: nobody else settles it until the transaction ends."""
    wanted = select(SchoolChange).where(col(SchoolChange.hub_id) == hub_id, col(SchoolChange.id) == change_id)
    return (await db.execute(wanted.with_for_update())).scalar_one_or_none()


async def waiting(db: AsyncSession, hub_id: uuid.UUID) -> int:
    """How many tasks are open."""
    wanted = select(func.count()).where(col(SchoolChange.hub_id) == hub_id, col(SchoolChange.state) == "open")
    return (await db.execute(wanted)).scalar_one()


async def pointing(db: AsyncSession, hub_id: uuid.UUID, urn: int, now: datetime) -> list[Point]:
    """All that is open or ahead and points to this school: one statement."""
    return [Point(*row) for row in await db.execute(_POINTS, {"hub": hub_id, "urn": urn, "now": now})]


async def counts(db: AsyncSession, hub_id: uuid.UUID, urns: Sequence[int], now: datetime) -> dict[int, dict[str, int]]:
    """How much of what points to each of these schools: one statement."""
    counted: dict[int, dict[str, int]] = {urn: {} for urn in urns}
    for urn, what, count in await db.execute(_COUNTS, {"hub": hub_id, "urns": list(urns), "now": now}):
        counted[urn][what] = count
    return counted


async def heirs(db: AsyncSession, urn: int) -> list[Heir]:
    """The open schools that continue this one by the links file, what is proposed first: one statement."""
    found = [Heir(*row) for row in await db.execute(_HEIRS, {"urn": urn})]
    return list({heir.urn: heir for heir in found}.values())


async def school(db: AsyncSession, urn: int) -> tuple[Heir, str] | None:
    """Any school of the register with its status."""
    found = await db.execute(
        select(col(School.urn), col(School.name), col(School.town), col(School.status)).where(col(School.urn) == urn)
    )
    row = found.first()
    return (Heir(*row[:3]), row[3]) if row else None


async def meeting(db: AsyncSession, hub_id: uuid.UUID, old: int, new: int, now: datetime) -> dict[str, list[str]]:
    """What both schools have, by kind, with its names: one statement."""
    met: dict[str, list[str]] = {}
    for what, name in await db.execute(_MEET, {"hub": hub_id, "old": old, "new": new, "now": now}):
        met.setdefault(what, []).append(name)
    return met
