"""A calendar of a file into a hub's year."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.schools.calendars import SchoolCalendar
from app.kit.periods import HALF_TERMS, Span, spoken_date
from app.store.schools import calendars


@dataclass(frozen=True, slots=True)
class CalendarWriting:
    """What became of a calendar: new, changed (in words; and days that are off no more), or neither."""

    is_new: bool = False
    changes: tuple[str, ...] = ()
    gone: tuple[date, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether a calendar that was there is now another."""
        return bool(self.changes or self.gone)


async def write_calendar(db: AsyncSession, hub_id: uuid.UUID, new: SchoolCalendar) -> CalendarWriting:
    """Make the calendar, or make the one of that name and year like it."""
    key = await calendars.named(db, hub_id, new.year, new.name)
    if key is None:
        await calendars.add(db, hub_id, new)
        return CalendarWriting(is_new=True)
    kept = (await calendars.some(db, hub_id, [key]))[key]
    was = {off.day: off for off in kept.days_off}
    becomes = {off.day: off for off in new.days_off}
    changes = [
        f"{name} becomes {_spoken(span)}"
        for name, old, span in zip(HALF_TERMS, (*kept.half_terms, *[None] * 6), new.half_terms, strict=False)
        if old != span
    ]
    changes += [f"{spoken_date(day)} is {off.name}" for day, off in becomes.items() if was.get(day) != off]
    gone = tuple(day for day in was if day not in becomes)
    writing = CalendarWriting(changes=tuple(changes), gone=gone)
    if writing.is_changed:
        await calendars.change(db, hub_id, key, kept.version, new)
    return writing


def _spoken(span: Span) -> str:
    return f"{spoken_date(span.first)} to {spoken_date(span.last)}"
