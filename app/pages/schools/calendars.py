"""Calendars of a hub: which there are, what each says, who keeps it, and the form to write one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.schools.calendar_form import MOST_DAYS, typed_rows
from app.domain.schools.calendars import DayOff
from app.kit.bank_holidays import bank_holidays
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import HALF_TERMS, Span, spoken_date, spoken_year, year_span
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing, refilled
from app.pages.ribbon import Ribbon, ribbon
from app.pages.schools.detail import Fact
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.schools import calendars, reading
from app.store.schools.calendars import CalendarRow

COLUMNS = (
    Column("name", "Calendar"),
    Column("first", "Autumn 1 begins"),
    Column("last", "Summer 2 ends"),
    Column("days", "INSET and closed days", number=True),
    Column("schools", "Schools", number=True),
)
CSV_HEADER = ("calendar", "kind", "name", "from", "to")  # as `halfterm import calendars` reads it
EMPTY_ROWS = 4
DAY_KINDS = (Choice("inset", "INSET"), Choice("closed", "Closed"))


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar as a row."""

    name: str
    href: str
    first: str
    last: str
    days: int
    schools: int
    schools_href: str


@dataclass(frozen=True, slots=True)
class CalendarsPage:
    """The hub's calendars in a year."""

    template: ClassVar[str] = "schools/calendars.html"
    home: str
    year: str
    years: tuple[YearLink, ...]
    listing: Listing
    lines: tuple[CalendarLine, ...]
    new_href: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """One calendar, and the schools that keep it."""

    template: ClassVar[str] = "schools/calendar.html"
    home: str
    name: str
    year: str
    ribbon: Ribbon
    half_terms: tuple[Fact, ...]
    days: tuple[Fact, ...]
    schools: tuple[Fact, ...]
    edit_href: str


@dataclass(frozen=True, slots=True)
class CalendarFormPage:
    """The form of a calendar: its name, twelve days of half terms, then rows of three for days without pupils."""

    template: ClassVar[str] = "schools/calendar_form.html"
    home: str
    heading: str
    back: str
    keepers: str
    form: Form


async def load(db: AsyncSession, member: Member, asked: Asked, today: date) -> CalendarsPage:
    """The list, in five statements whatever the number of calendars."""
    year = asked_year(asked, today)
    chosen, keepers = await _chosen(db, member, asked, year)
    home = f"/hubs/{member.hub_code}"
    may_edit = bool(member.reaches(Can.EDIT_SCHOOLS))
    first = (asked.page - 1) * PAGE_SIZE
    empty = Empty(
        f"The term dates that schools keep in {spoken_year(year)} will be here. Import them, or write one down.",
        *(("Write a calendar", f"{home}/calendars/new?year={year}") if may_edit else ()),
    )
    search = (Filter("q", "Name", asked.value("q")),)
    return CalendarsPage(
        home=home,
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        listing=listing(asked, "Calendars", COLUMNS, total=len(chosen), empty=empty, filters=search),
        lines=tuple(_line(home, row, keepers.get(row.id, 0)) for row in chosen[first : first + PAGE_SIZE]),
        new_href=f"{home}/calendars/new?year={year}" if may_edit else "",
    )


async def csv_rows(db: AsyncSession, member: Member, asked: Asked, today: date) -> list[tuple[object, ...]]:
    """Every calendar that fits, line by line under `CSV_HEADER`: the file can be imported again."""
    chosen, _ = await _chosen(db, member, asked, asked_year(asked, today))
    rows: list[tuple[object, ...]] = []
    for one in chosen:
        names = zip(HALF_TERMS, one.half_terms, strict=False)
        rows += [(one.name, "half term", name, span.first, span.last) for name, span in names]
        rows += [(one.name, off.kind, off.name, off.day, off.day) for off in one.days_off]
    return rows


async def _chosen(
    db: AsyncSession, member: Member, asked: Asked, year: int
) -> tuple[list[CalendarRow], dict[uuid.UUID, int]]:
    keepers: dict[uuid.UUID, int] = {}
    for school in await reading.of_year(db, member, year):
        if school.calendar_id:
            keepers[school.calendar_id] = keepers.get(school.calendar_id, 0) + 1
    words = asked.value("q").casefold()
    fitting = [row for row in await calendars.of_year(db, member, year) if words in row.name.casefold()]
    orders = {
        "name": lambda row: row.name.casefold(),
        "first": lambda row: row.half_terms[:1],
        "last": lambda row: row.half_terms[-1:],
        "days": lambda row: len(row.days_off),
        "schools": lambda row: keepers.get(row.id, 0),
    }
    column, down = asked.order(tuple(orders))
    return sorted(fitting, key=orders[column], reverse=down), keepers


def _line(home: str, row: CalendarRow, schools: int) -> CalendarLine:
    return CalendarLine(
        name=row.name,
        href=f"{home}/calendars/{row.id}",
        first=spoken_date(row.half_terms[0].first) if row.half_terms else "not known",
        last=spoken_date(row.half_terms[-1].last) if row.half_terms else "not known",
        days=len(row.days_off),
        schools=schools,
        schools_href=_schools_href(home, row),
    )


def _schools_href(home: str, row: CalendarRow) -> str:
    return Asked(f"{home}/schools", {"year": str(row.year), "calendar": row.name}).link()


async def one(db: AsyncSession, member: Member, calendar_id: uuid.UUID, today: date) -> CalendarPage:
    """One calendar. Raises NotFoundError."""
    found = await calendars.one(db, member, calendar_id)
    if found is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    keepers = [row for row in await reading.of_year(db, member, found.year) if row.calendar_id == found.id]
    shut = await reading.hub_closures(db, member.hub_id, year_span(found.year))
    closed = {*bank_holidays(found.year), *shut, *(off.day for off in found.days_off)}
    return CalendarPage(
        home=home,
        name=found.name,
        year=spoken_year(found.year),
        ribbon=ribbon(f"{found.name} in {spoken_year(found.year)}", found.half_terms, closed, (), today),
        half_terms=tuple(
            Fact(name, f"{spoken_date(span.first)} to {spoken_date(span.last)}")
            for name, span in zip(HALF_TERMS, found.half_terms, strict=False)
        ),
        days=tuple(Fact(spoken_date(off.day), off.name or _kind(off)) for off in found.days_off),
        schools=tuple(Fact(row.town, row.name, f"{home}/schools/{row.urn}?year={found.year}") for row in keepers),
        edit_href=f"{home}/calendars/{found.id}/edit" if member.reaches(Can.EDIT_SCHOOLS) else "",
    )


def _kind(off: DayOff) -> str:
    return "INSET" if off.kind == "inset" else "Closed"


async def new_form(db: AsyncSession, member: Member, year: int) -> CalendarFormPage:
    """An empty form for a calendar of this year. Raises NotFoundError for a year the hub does not have."""
    if year not in await reading.years(db, member.hub_id):
        raise NotFoundError(f"The hub has no year {spoken_year(year)} yet. Open it in the hub's settings first.")
    home = f"/hubs/{member.hub_code}"
    return CalendarFormPage(
        home=home,
        heading=f"Write a calendar for {spoken_year(year)}",
        back=f"{home}/calendars?year={year}",
        keepers="",
        form=Form(
            action=f"{home}/calendars/new?year={year}",
            submit="Save this calendar",
            fields=_fields("", (), (), EMPTY_ROWS),
        ),
    )


async def edit_form(db: AsyncSession, member: Member, calendar_id: uuid.UUID) -> tuple[CalendarFormPage, int]:
    """The form with what the calendar says now, and its year. Raises NotFoundError."""
    found = await calendars.one(db, member, calendar_id)
    if found is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    kept = sum(row.calendar_id == found.id for row in await reading.of_year(db, member, found.year))
    page = CalendarFormPage(
        home=home,
        heading=f"Change {found.name} in {spoken_year(found.year)}",
        back=f"{home}/calendars/{found.id}",
        keepers=f"{kept} schools keep this calendar: a change reaches all of them." if kept > 1 else "",
        form=Form(
            action=f"{home}/calendars/{found.id}/edit",
            submit="Save this calendar",
            kept=(("version", str(found.version)),),
            fields=_fields(found.name, found.half_terms, found.days_off, len(found.days_off) + EMPTY_ROWS),
        ),
    )
    return page, found.year


def again(page: CalendarFormPage, typed: Typed, faults: tuple[Fault, ...]) -> CalendarFormPage:
    """The same form with what was typed, every row that was sent, and what to change."""
    head = page.form.fields[:13]
    rows = tuple(one for number in range(typed_rows(typed)) for one in _day_fields(number, None))
    return replace(page, form=refilled(replace(page.form, fields=head + rows), typed, faults))


def _fields(name: str, spans: Sequence[Span], days_off: Sequence[DayOff], rows: int) -> tuple[Field, ...]:
    days: list[Field] = []
    for number in range(min(rows, MOST_DAYS)):
        days += _day_fields(number, days_off[number] if number < len(days_off) else None)
    named = Field(name="name", label="Name", value=name, hint="The authority's name, or the school's.")
    return (named, *_half_term_fields(spans), *days)


def _half_term_fields(spans: Sequence[Span]) -> list[Field]:
    fields = []
    for number, called in enumerate(HALF_TERMS):
        span = spans[number] if number < len(spans) else None
        for path, which, day in (
            ("first", "first day", span.first if span else None),
            ("last", "last day", span.last if span else None),
        ):
            value = day.isoformat() if day else ""
            fields.append(Field(name=f"{path}_{number}", label=f"{called}: {which}", kind="date", value=value))
    return fields


def _day_fields(number: int, off: DayOff | None) -> tuple[Field, Field, Field]:
    place = number + 1
    return (
        Field(name=f"day_{number}", label=f"Day {place}", kind="date", value=off.day.isoformat() if off else ""),
        Field(
            name=f"kind_{number}",
            label=f"Day {place} is",
            kind="select",
            choices=DAY_KINDS,
            value=off.kind if off else "inset",
        ),
        Field(name=f"called_{number}", label=f"Name of day {place}", value=off.name if off else "", width="20"),
    )
