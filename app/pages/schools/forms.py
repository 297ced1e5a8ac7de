"""Forms about a school: what the hub keeps of it, a day of its own, a school to add."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import HALF_TERMS, WEEKDAYS, academic_year, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Asked, Choice, Confirm, Field, Form, refilled
from app.pages.schools.detail import DAY_NAMES
from app.pages.schools.years import asked_year
from app.store.schools import calendars, reading
from app.store.schools.reading import Known

SLOT_NAMES = {"am": "morning", "pm": "afternoon"}
HALF_DAYS = tuple(
    Choice(f"{day}-{slot}", f"{DAY_NAMES[day]} {SLOT_NAMES[slot]}") for day in WEEKDAYS for slot in SLOT_NAMES
)
HALF_TERM_CHOICES = tuple(Choice(str(number), name) for number, name in enumerate(HALF_TERMS))
YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))


@dataclass(frozen=True, slots=True)
class SchoolFormPage:
    """The form of what the hub keeps of a school: the half-days of `maths` are drawn as a grid."""

    template: ClassVar[str] = "schools/edit.html"
    home: str
    name: str
    year: str
    back: str
    form: Form
    offered: tuple[str, ...]  # ids of the calendars that may be chosen
    copy_href: str


@dataclass(frozen=True, slots=True)
class DayFormPage:
    """The form of a day on which a school is closed or busy."""

    template: ClassVar[str] = "schools/day.html"
    home: str
    name: str
    year: str
    back: str
    form: Form


@dataclass(frozen=True, slots=True)
class SchoolConfirmPage:
    """A question before something of a school goes."""

    template: ClassVar[str] = "schools/confirm.html"
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A school of GIAS that may be added; `href` leads to it when it is here already."""

    urn: int
    name: str
    where: str
    href: str


@dataclass(frozen=True, slots=True)
class AddSchoolPage:
    """A search through GIAS, and what it found."""

    template: ClassVar[str] = "schools/add.html"
    home: str
    year: str
    year_number: int
    words: str
    found: tuple[FoundLine, ...]
    more: bool


async def school_form(db: AsyncSession, member: Member, year: int, urn: int) -> SchoolFormPage:
    """The form with what is kept now. Raises NotFoundError."""
    known = await reading.known(db, member, year, urn)
    facts = await reading.facts(db, urn)
    if known is None or facts is None:
        raise NotFoundError
    offered = await calendars.names(db, member.hub_id, year)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/schools/{urn}"
    choices = (Choice("", "No calendar yet"), *(Choice(str(one.id), one.name) for one in offered))
    return SchoolFormPage(
        home=home,
        name=facts.name,
        year=spoken_year(year),
        back=f"{here}?year={year}",
        form=Form(
            action=f"{here}/edit?year={year}",
            submit="Save",
            kept=(("version", str(known.version)),),
            fields=_fields(known, choices),
        ),
        offered=tuple(str(one.id) for one in offered),
        copy_href=f"{here}/own-calendar?year={year}" if known.calendar_id else "",
    )


def again(page: SchoolFormPage, typed: Typed, faults: tuple[Fault, ...]) -> SchoolFormPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def day_again(page: DayFormPage, typed: Typed, faults: tuple[Fault, ...]) -> DayFormPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def _fields(known: Known, calendar_choices: tuple[Choice, ...]) -> tuple[Field, ...]:
    return (
        Field(
            name="calendar",
            label="Calendar",
            kind="select",
            choices=calendar_choices,
            value=str(known.calendar_id or ""),
            hint="The term dates the school keeps. Schools of one authority can break in different weeks.",
        ),
        Field(
            name="maths",
            label="Half-days with a maths lesson to watch",
            kind="checkboxes",
            choices=HALF_DAYS,
            chosen=tuple(f"{day}-{slot}" for day, slots in known.maths.items() for slot in slots),
            hint="A meeting is hosted only then, and a lesson is observed only then.",
        ),
        Field(name="hosts", label="Can the school host?", kind="radios", choices=YES_NO, value=_yes(on=known.hosts)),
        Field(
            name="hosted_before",
            label="How often has it hosted in earlier years?",
            kind="number",
            value=str(known.hosted_before),
            width="2",
            hint="Schools that hosted less go first.",
        ),
        Field(
            name="rather_not_host",
            label="Half terms in which it would rather not host",
            kind="checkboxes",
            choices=HALF_TERM_CHOICES,
            chosen=tuple(str(number) for number in known.rather_not_host),
        ),
        Field(
            name="notes",
            label="What visitors should know",
            kind="textarea",
            value=known.notes,
            hint="Parking, where to sign in, what to bring. Everyone who comes sees it.",
        ),
    )


def _yes(*, on: bool) -> str:
    return "yes" if on else "no"


async def day_form(db: AsyncSession, member: Member, year: int, urn: int) -> DayFormPage:
    """An empty form for a day of the school's own. Raises NotFoundError."""
    known = await reading.known(db, member, year, urn)
    facts = await reading.facts(db, urn)
    if known is None or facts is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    kinds = (
        Choice("closed", "Closed", "Nobody can come, and nobody from the school goes anywhere."),
        Choice("busy", "Busy", "A trip or a production: no visit, and better no meeting."),
    )
    return DayFormPage(
        home=home,
        name=facts.name,
        year=spoken_year(year),
        back=f"{home}/schools/{urn}?year={year}",
        form=Form(
            action=f"{home}/schools/{urn}/days?year={year}",
            submit="Add this day",
            fields=(
                Field(name="day", label="Day", kind="date", width="10"),
                Field(name="kind", label="On this day the school is", kind="radios", choices=kinds, value="closed"),
                Field(name="called", label="What happens (you may leave this empty)", hint="Such as “Year 6 trip”."),
            ),
        ),
    )


async def confirm_day(db: AsyncSession, member: Member, urn: int, day_id: uuid.UUID, today: date) -> SchoolConfirmPage:
    """The question before a school's own day goes. Raises NotFoundError."""
    facts = await reading.facts(db, urn)
    one = await reading.own_day(db, member.hub_id, urn, day_id)
    if facts is None or one is None:
        raise NotFoundError
    year = academic_year(one.day)
    here = f"/hubs/{member.hub_code}/schools/{urn}"
    past = " It is past, so no meeting is placed there now." if one.day < today else ""
    return SchoolConfirmPage(
        Confirm(
            question=f"Remove {spoken_date(one.day)} from the days of {facts.name}?",
            happens=(
                f"The school is then no longer {one.kind} on that day ({one.name}).{past}",
                "The next plan may place a meeting, visit or observation there. What is planned now stays where it is.",
            ),
            action=f"{here}/days/{one.id}/remove",
            submit="Remove this day",
            back=f"{here}?year={year}",
        )
    )


async def confirm_copy(db: AsyncSession, member: Member, year: int, urn: int) -> SchoolConfirmPage:
    """The question before a school leaves a shared calendar. Raises NotFoundError."""
    known = await reading.known(db, member, year, urn)
    facts = await reading.facts(db, urn)
    shared = await calendars.one(db, member, known.calendar_id) if known and known.calendar_id else None
    if facts is None or shared is None:
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/schools/{urn}"
    return SchoolConfirmPage(
        Confirm(
            question=f"Give {facts.name} a calendar of its own?",
            happens=(
                f"The dates of {shared.name} are copied, and {facts.name} keeps the copy from now on.",
                f"Later changes to {shared.name} no longer reach {facts.name}.",
                "You can choose the shared calendar again on the school's page.",
            ),
            action=f"{here}/own-calendar?year={year}",
            submit="Copy the calendar",
            back=f"{here}/edit?year={year}",
            harm=False,
        )
    )


async def add_school(db: AsyncSession, member: Member, asked: Asked, today: date) -> AddSchoolPage:
    """What a search through GIAS finds: at most 30 schools. Raises NotFoundError for a year the hub does not have."""
    year = asked_year(asked, today)
    if year not in await reading.years(db, member.hub_id):
        raise NotFoundError(f"The hub has no year {spoken_year(year)} yet. Open it in the hub's settings first.")
    words = asked.value("q").replace("\x00", "")[:100]
    found = await reading.find(db, member.hub_id, year, words) if len(words) >= 2 else []
    home = f"/hubs/{member.hub_code}"
    return AddSchoolPage(
        home=home,
        year=spoken_year(year),
        year_number=year,
        words=words,
        found=tuple(
            FoundLine(
                one.urn,
                one.name,
                ", ".join(part for part in (one.town, one.postcode, one.authority) if part),
                f"{home}/schools/{one.urn}?year={year}" if one.here else "",
            )
            for one in found
        ),
        more=len(found) == reading.FOUND_AT_MOST,
    )
