"""An academic year of a hub: how much fits on a day, and the days on which nobody meets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.imports import read_date
from app.kit.bank_holidays import bank_holidays
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.periods import spoken_date, spoken_year, year_span
from app.kit.typed import Reader, Typed, whole_number
from app.pages._parts import Field, Form, refilled
from app.store import hubs

CSV_HEADER = ("day", "name", "kind")


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which nobody meets; `remove` takes it away, empty for a bank holiday."""

    day: date
    spoken: str
    name: str
    kind: str
    remove: str


@dataclass(frozen=True, slots=True)
class HubYearPage:
    """One academic year of the hub."""

    template: ClassVar[str] = "hubs/year.html"
    name: str
    settings: str
    programmes: str
    csv: str
    copy: str
    coming: str
    days: tuple[ClosedDay, ...]
    form: Form
    closure_form: Form


async def hub_year_page(db: AsyncSession, member: Member, year: int) -> HubYearPage:
    """The year: two statements. Raises NotFoundError when the hub has no such year."""
    found = await hubs.year(db, member.hub_id, year)
    if found is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/years/{year}"
    most = Field(
        name="meetings_per_day",
        label="Most meetings of the hub on one day",
        kind="number",
        value=str(found.meetings_per_day or ""),
        hint="Empty: any number.",
        width="3",
    )
    return HubYearPage(
        name=spoken_year(year),
        settings=f"{home}/settings",
        programmes=f"{home}/programmes?year={year}",
        csv=f"{here}?format=csv",
        copy=f"{here}/copy",
        coming=spoken_year(year + 1),
        days=tuple(await closed_days(db, member, year)),
        form=Form(action=here, submit="Save", fields=(most,)),
        closure_form=Form(
            action=f"{here}/closures",
            submit="Close these days",
            fields=(
                Field(name="first", label="First day", kind="date", width="10"),
                Field(name="last", label="Last day", kind="date", width="10", hint="Leave it empty for one day."),
                Field(name="name", label="Why nobody meets", width="20", hint="For example: hub conference."),
            ),
        ),
    )


async def closed_days(db: AsyncSession, member: Member, year: int) -> list[ClosedDay]:
    """Bank holidays and the hub's own closures of the year, in order: one statement."""
    own = await hubs.closures(db, member.hub_id, *year_span(year))
    here = f"/hubs/{member.hub_code}/years/{year}"
    days = [ClosedDay(day, spoken_date(day), name, "Bank holiday", "") for day, name in bank_holidays(year).items()]
    days += [
        ClosedDay(one.day, spoken_date(one.day), one.name, "The hub's own", f"{here}/closures/{one.id}/remove")
        for one in own
    ]
    return sorted(days, key=lambda one: one.day)


async def closed_days_csv(db: AsyncSession, member: Member, year: int) -> Iterator[tuple[object, ...]]:
    """The same as rows under CSV_HEADER."""
    days = await closed_days(db, member, year)
    return ((one.day, one.name, one.kind) for one in days)


def read_most(typed: Typed) -> int | None:
    """The limit of the form, None for any number; raises BadInputError."""
    reader = Reader(typed)
    most = reader.read("meetings_per_day", lambda text: whole_number(text) if text else None)
    reader.finish()
    return most


def read_closure(typed: Typed) -> tuple[date, date, str]:
    """First day, last day (the same when empty) and why; raises BadInputError."""
    reader = Reader(typed)
    first = reader.read("first", read_date)
    last = reader.read("last", lambda text: read_date(text) if text else first)
    reader.finish()
    if first is None or last is None:
        raise BadInputError("Look at what is marked below.")
    return first, last, typed.text("name")


def year_again(page: HubYearPage, typed: Typed, faults: Sequence[Fault]) -> HubYearPage:
    """The page with what was typed and what to change, in whichever of its forms was sent."""
    if "first" in typed.values:
        return replace(page, closure_form=refilled(page.closure_form, typed, faults))
    return replace(page, form=refilled(page.form, typed, faults))
