"""What is done to a hub's schools and calendars: added, changed, closed for a day, given a calendar of their own."""

import dataclasses
import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.schools.calendar_form import CHECK, LONGEST_NAME
from app.domain.schools.calendars import SchoolCalendar
from app.domain.schools.keeping import DayChange, SchoolChange
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import spoken_date, spoken_year
from app.store.feeds import facts_changed
from app.store.schools import calendars, changing, reading


async def add_school(actor: Actor, year: int, urn: int) -> str:
    """The school works with the hub this year; returns its name. Raises NotFoundError, ConflictError."""
    actor.require(Can.EDIT_SCHOOLS)
    name = await changing.school_name(actor.db, urn)
    if name is None or year not in await reading.years(actor.db, actor.member.hub_id):
        raise NotFoundError
    if not await changing.add(actor.db, actor.member.hub_id, year, urn):
        raise ConflictError(f"{name} works with the hub in {spoken_year(year)} already.")
    await actor.record("Added", f"{name} to {spoken_year(year)}", urn=urn, year=year)
    return name


async def change_school(actor: Actor, year: int, urn: int, version: int, new: SchoolChange) -> None:
    """Write what the hub keeps of a school's year. Raises NotFoundError, BadInputError, StaleError."""
    actor.require(Can.EDIT_SCHOOLS)
    hub_id = actor.member.hub_id
    if new.calendar_id and not await changing.calendar_of_year(actor.db, hub_id, year, new.calendar_id):
        raise BadInputError(CHECK, (Fault("calendar", "This calendar is not there any more: choose another."),))
    before = await changing.change(actor.db, hub_id, (year, urn), version, new)
    if before is None:
        raise NotFoundError
    if before["notes"] != new.notes:
        await facts_changed(actor.db, actor.now, urns=[urn])
    name = await changing.school_name(actor.db, urn)
    await actor.record("Changed", f"{name} in {spoken_year(year)}", before=before, after=_plain(new), urn=urn)


async def add_day(actor: Actor, urn: int, new: DayChange) -> None:
    """A day on which the school is closed or busy. Raises NotFoundError, BadInputError when it has one."""
    actor.require(Can.EDIT_SCHOOLS)
    if not await changing.in_hub(actor.db, actor.member.hub_id, urn):
        raise NotFoundError
    if not await changing.add_day(actor.db, actor.member.hub_id, urn, new):
        because = f"{spoken_date(new.day)} is in the school's list already: remove it there first."
        raise BadInputError(CHECK, (Fault("day", because),))
    name = await changing.school_name(actor.db, urn)
    await actor.record("Added", f"{new.kind} day of {name}: {spoken_date(new.day)}", urn=urn, name=new.name)


async def remove_day(actor: Actor, urn: int, day_id: uuid.UUID) -> DayChange:
    """Take a school's own day away; returns what it was. Raises NotFoundError."""
    actor.require(Can.EDIT_SCHOOLS)
    was = await changing.remove_day(actor.db, actor.member.hub_id, urn, day_id)
    if was is None:
        raise NotFoundError
    name = await changing.school_name(actor.db, urn)
    await actor.record("Removed", f"{was.kind} day of {name}: {spoken_date(was.day)}", urn=urn, name=was.name)
    return was


async def new_calendar(actor: Actor, new: SchoolCalendar) -> uuid.UUID:
    """A calendar for the schools of the hub. Raises BadInputError when its name is in use."""
    actor.require(Can.EDIT_SCHOOLS)
    await _name_is_free(actor, new)
    made = await calendars.add(actor.db, actor.member.hub_id, new)
    await actor.record("Added", f"calendar {new.name} of {spoken_year(new.year)}", calendar=str(made))
    return made


async def change_calendar(actor: Actor, calendar_id: uuid.UUID, version: int, new: SchoolCalendar) -> None:
    """Write a calendar's half terms and days. Raises NotFoundError, BadInputError, StaleError."""
    actor.require(Can.EDIT_SCHOOLS)
    await _name_is_free(actor, new, besides=calendar_id)
    was = await calendars.one(actor.db, actor.member, calendar_id)
    if was is None or not await calendars.change(actor.db, actor.member.hub_id, calendar_id, version, new):
        raise NotFoundError
    before = SchoolCalendar(was.name, was.year, was.half_terms, was.days_off)
    about = f"calendar {new.name} of {spoken_year(new.year)}"
    await actor.record("Changed", about, before=_plain(before), after=_plain(new), calendar=str(calendar_id))


async def copy_calendar(actor: Actor, year: int, urn: int) -> uuid.UUID:
    """The school leaves the calendar it shares for a copy of its own; returns the copy.

    Raises NotFoundError, ConflictError without a calendar.
    """
    actor.require(Can.EDIT_SCHOOLS)
    known = await reading.known(actor.db, actor.member, year, urn)
    name = await changing.school_name(actor.db, urn)
    if known is None or name is None:
        raise NotFoundError
    shared = await calendars.one(actor.db, actor.member, known.calendar_id) if known.calendar_id else None
    if shared is None:
        raise ConflictError(f"{name} has no calendar yet. Choose one for it first.")
    called = await _free_name(actor, year, name)
    own = SchoolCalendar(called, year, shared.half_terms, shared.days_off)
    made = await calendars.add(actor.db, actor.member.hub_id, own)
    await changing.keep_calendar(actor.db, actor.member.hub_id, year, urn, made)
    await actor.record("Copied", f"calendar {shared.name} for {name}", urn=urn, year=year)
    return made


async def _name_is_free(actor: Actor, new: SchoolCalendar, besides: uuid.UUID | None = None) -> None:
    taken = await calendars.named(actor.db, actor.member.hub_id, new.year, new.name)
    if taken and taken != besides:
        because = f"There is a calendar {new.name} in {spoken_year(new.year)} already: choose another name."
        raise BadInputError(CHECK, (Fault("name", because),))


async def _free_name(actor: Actor, year: int, name: str) -> str:
    """The school's own name, with a number where that is in use."""
    called, number = name[:LONGEST_NAME], 1
    while await calendars.named(actor.db, actor.member.hub_id, year, called):
        number += 1
        called = f"{name[: LONGEST_NAME - 5]} ({number})"
    return called


def _plain(value: SchoolChange | SchoolCalendar) -> dict[str, object]:
    """Its facts as the trail keeps them."""
    return {name: _simple(one) for name, one in dataclasses.asdict(value).items()}


def _simple(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _simple(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_simple(one) for one in value]
    return value if isinstance(value, str | int | None) else str(value)
