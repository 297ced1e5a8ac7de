"""Writes what a hub knows of its schools: their year, their own days."""

import uuid

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.schools.keeping import DayChange, SchoolChange
from app.kit.errors import StaleError
from app.models.schools import Calendar, HubSchool, School, SchoolDay

CHANGED = "Someone changed this school while you had it open. Load the page again and make your change once more."


async def school_name(db: AsyncSession, urn: int) -> str | None:
    """What GIAS calls this school; None when it is not there."""
    return (await db.execute(select(col(School.name)).where(col(School.urn) == urn))).scalar_one_or_none()


async def in_hub(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> bool:
    """Whether the school works with the hub in any year."""
    found = await db.execute(
        select(col(HubSchool.id)).where(col(HubSchool.hub_id) == hub_id, col(HubSchool.urn) == urn).limit(1)
    )
    return found.first() is not None


async def add(db: AsyncSession, hub_id: uuid.UUID, year: int, urn: int) -> bool:
    """The school works with the hub this year; False when it did already. Mornings have maths until told otherwise."""
    maths = {day: ["am"] for day in ("mon", "tue", "wed", "thu", "fri")}
    done = await db.execute(
        insert(HubSchool)
        .values(
            id=uuid.uuid4(),
            hub_id=hub_id,
            year=year,
            urn=urn,
            maths=maths,
            hosts=True,
            hosted_before=0,
            rather_not_host=[],
            notes="",
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["hub_id", "year", "urn"])
        .returning(col(HubSchool.id))
    )
    return done.first() is not None


async def change(
    db: AsyncSession, hub_id: uuid.UUID, at: tuple[int, int], version: int, new: SchoolChange
) -> dict[str, object] | None:
    """Write a school's year; `at` is (year, URN). Returns what it was, None when it is not there.

    Raises StaleError when the version is no longer the newest.
    """
    year, urn = at
    found = (
        await db.execute(
            select(HubSchool)
            .where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year, col(HubSchool.urn) == urn)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()
    if found is None:
        return None
    if found.version != version:
        raise StaleError(CHANGED)
    before: dict[str, object] = {
        "calendar": str(found.calendar_id) if found.calendar_id else None,
        "maths": found.maths,
        "hosts": found.hosts,
        "hosted before": found.hosted_before,
        "rather not host": found.rather_not_host,
        "notes": found.notes,
    }
    found.calendar_id = new.calendar_id
    found.maths = new.maths
    found.hosts = new.hosts
    found.hosted_before = new.hosted_before
    found.rather_not_host = list(new.rather_not_host)
    found.notes = new.notes
    found.version += 1
    await db.flush()
    return before


async def keep_calendar(db: AsyncSession, hub_id: uuid.UUID, year: int, urn: int, calendar_id: uuid.UUID) -> None:
    """The school keeps this calendar from now on."""
    found = await db.execute(
        select(HubSchool).where(col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year, col(HubSchool.urn) == urn)
    )
    one = found.scalar_one()
    one.calendar_id = calendar_id
    one.version += 1
    await db.flush()


async def calendar_of_year(db: AsyncSession, hub_id: uuid.UUID, year: int, calendar_id: uuid.UUID) -> bool:
    """Whether the hub has this calendar in this year."""
    found = await db.get(Calendar, calendar_id)
    return found is not None and found.hub_id == hub_id and found.year == year


async def add_day(db: AsyncSession, hub_id: uuid.UUID, urn: int, new: DayChange) -> bool:
    """Add a school's own day; False when that day has one already."""
    done = await db.execute(
        insert(SchoolDay)
        .values(id=uuid.uuid4(), hub_id=hub_id, urn=urn, day=new.day, kind=new.kind, name=new.name)
        .on_conflict_do_nothing(index_elements=["hub_id", "urn", "day"])
        .returning(col(SchoolDay.id))
    )
    return done.first() is not None


async def remove_day(db: AsyncSession, hub_id: uuid.UUID, urn: int, day_id: uuid.UUID) -> DayChange | None:
    """Take a school's own day away: what it was, None when it is not there."""
    done = await db.execute(
        delete(SchoolDay)
        .where(col(SchoolDay.id) == day_id, col(SchoolDay.hub_id) == hub_id, col(SchoolDay.urn) == urn)
        .returning(col(SchoolDay.day), col(SchoolDay.kind), col(SchoolDay.name))
    )
    row = done.first()
    return DayChange(*row) if row else None
