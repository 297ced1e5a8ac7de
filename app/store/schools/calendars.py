"""Calendars of a hub: their half terms, their days without pupils, and the schools that keep them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.schools.calendars import DayOff, SchoolCalendar
from app.kit.errors import ConflictError, StaleError
from app.kit.periods import Span
from app.models.schools import Calendar, CalendarDay, HalfTerm
from app.store import visible

CHANGED = "Someone changed this calendar while you had it open. Load the page again and make your change once more."


@dataclass(frozen=True, slots=True)
class CalendarName:
    """A calendar by name."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar with its half terms and days off."""

    id: uuid.UUID
    year: int
    name: str
    version: int
    half_terms: tuple[Span, ...]
    days_off: tuple[DayOff, ...]


async def names(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[CalendarName]:
    """The hub's calendars of the year, by name."""
    found = await db.execute(
        select(col(Calendar.id), col(Calendar.name))
        .where(col(Calendar.hub_id) == hub_id, col(Calendar.year) == year)
        .order_by(func.lower(col(Calendar.name)))
    )
    return [CalendarName(*row) for row in found.all()]


async def of_year(db: AsyncSession, member: Member, year: int) -> list[CalendarRow]:
    """The calendars of the year that the member may see, by name: three statements."""
    found = await db.execute(
        visible.calendars(member).where(col(Calendar.year) == year).order_by(func.lower(col(Calendar.name)))
    )
    return await _whole(db, list(found.scalars()))


async def one(db: AsyncSession, member: Member, calendar_id: uuid.UUID) -> CalendarRow | None:
    """This calendar, where the member may see it: three statements."""
    found = await db.execute(visible.calendars(member).where(col(Calendar.id) == calendar_id))
    rows = await _whole(db, list(found.scalars()))
    return rows[0] if rows else None


async def some(db: AsyncSession, hub_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, CalendarRow]:
    """These calendars by id, for whoever may see the schools that keep them: three statements."""
    found = await db.execute(select(Calendar).where(col(Calendar.hub_id) == hub_id, col(Calendar.id).in_(ids)))
    return {row.id: row for row in await _whole(db, list(found.scalars()))}


async def named(db: AsyncSession, hub_id: uuid.UUID, year: int, name: str) -> uuid.UUID | None:
    """The calendar with this name, whatever its case."""
    found = await db.execute(
        select(col(Calendar.id)).where(
            col(Calendar.hub_id) == hub_id,
            col(Calendar.year) == year,
            func.lower(col(Calendar.name)) == name.strip().lower(),
        )
    )
    return found.scalars().first()


async def add(db: AsyncSession, hub_id: uuid.UUID, new: SchoolCalendar) -> uuid.UUID:
    """A new calendar; raises ConflictError when somebody has just taken its name."""
    made = Calendar(hub_id=hub_id, year=new.year, name=new.name)
    try:
        async with db.begin_nested():
            db.add(made)
            await db.flush()
    except IntegrityError as clash:
        because = f"Somebody has just made a calendar {new.name}. Go back and choose another name."
        raise ConflictError(because) from clash
    await _write_days(db, made, new)
    return made.id


async def change(
    db: AsyncSession, hub_id: uuid.UUID, calendar_id: uuid.UUID, version: int, new: SchoolCalendar
) -> bool:
    """Write a calendar anew; False when it is not there. Raises StaleError when the version is not the newest."""
    found = (
        await db.execute(
            select(Calendar)
            .where(col(Calendar.hub_id) == hub_id, col(Calendar.id) == calendar_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()
    if found is None:
        return False
    if found.version != version:
        raise StaleError(CHANGED)
    found.name = new.name
    found.version += 1
    await db.execute(delete(HalfTerm).where(col(HalfTerm.calendar_id) == calendar_id))
    await db.execute(delete(CalendarDay).where(col(CalendarDay.calendar_id) == calendar_id))
    await _write_days(db, found, new)
    return True


async def _write_days(db: AsyncSession, of: Calendar, new: SchoolCalendar) -> None:
    db.add_all(
        HalfTerm(calendar_id=of.id, number=number, hub_id=of.hub_id, first=span.first, last=span.last)
        for number, span in enumerate(new.half_terms)
    )
    db.add_all(
        CalendarDay(calendar_id=of.id, day=off.day, hub_id=of.hub_id, kind=off.kind, name=off.name)
        for off in new.days_off
    )
    await db.flush()


async def _whole(db: AsyncSession, found: list[Calendar]) -> list[CalendarRow]:
    ids = [one.id for one in found]
    blocks = await db.execute(select(HalfTerm).where(col(HalfTerm.calendar_id).in_(ids)).order_by(col(HalfTerm.number)))
    terms: dict[uuid.UUID, list[Span]] = {}
    for block in blocks.scalars():
        terms.setdefault(block.calendar_id, []).append(Span(block.first, block.last))
    off: dict[uuid.UUID, list[DayOff]] = {}
    days = await db.execute(
        select(CalendarDay).where(col(CalendarDay.calendar_id).in_(ids)).order_by(col(CalendarDay.day))
    )
    for day in days.scalars():
        off.setdefault(day.calendar_id, []).append(DayOff(day.day, day.kind, day.name))
    return [
        CalendarRow(one.id, one.year, one.name, one.version, tuple(terms.get(one.id, ())), tuple(off.get(one.id, ())))
        for one in found
    ]
