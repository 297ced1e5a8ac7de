"""Enrolling: one school by a form, and the schools of Work Groups that nobody has enrolled yet."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.imports import read_date
from app.domain.stages import moves as rules
from app.domain.stages.ladder import State
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.periods import academic_year, spoken_date, spoken_year, year_span
from app.kit.typed import Reader, Typed
from app.pages._parts import Asked, Choice, Empty, Field, Form, refilled
from app.pages.schools.years import YearLink, asked_year, year_links
from app.pages.stages.enrolment import StepFormPage
from app.store.hubs import details
from app.store.schools import changing, reading
from app.store.stages import enrolments, unenrolled
from app.store.stages.unenrolled import Unenrolled

LONGEST_BECAUSE = 1000  # characters
SEPTEMBER, MEETING = "september", "meeting"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form of an enrolment says, read."""

    urn: int
    programme_id: uuid.UUID
    day: date
    because: str


async def new_form(
    db: AsyncSession, member: Member, urn: int | None, today: date, *, of: uuid.UUID | None = None
) -> StepFormPage:
    """The form that enrols a school; `of` is the enrolment it withdrew from and returns to. Raises NotFoundError."""
    school = await changing.school_name(db, urn) if urn else ""
    if school is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    choices, left_out = await _programmes(db, member, urn, school)
    first = (f"{home}/enrolments/{of}/return", f"{home}/enrolments/{of}") if of else (f"{home}/enrolments/new", "")
    says = "It applies with this, and takes part once the agreement is signed and its first day has come."
    return StepFormPage(
        caption=school or "Where schools stand",
        heading="Enrol it again" if of else f"Enrol {school or 'a school'}",
        says=f"{says} {left_out}".strip(),
        back=first[1] or (f"{home}/schools/{urn}/journey" if urn else f"{home}/ladder"),
        form=Form(
            action=first[0],
            submit="Enrol it",
            fields=(*await _school(db, member, urn, today), *_fields(choices, today)),
            kept=(("urn", str(urn)),) if urn else (),
        ),
    )


async def _school(db: AsyncSession, member: Member, urn: int | None, today: date) -> tuple[Field, ...]:
    if urn:
        return ()
    known = await reading.of_year(db, member, academic_year(today))
    choices = (Choice("", "Choose a school"), *(Choice(str(one.urn), f"{one.name}, {one.town}") for one in known))
    hint = "A school that is not in the list is added to the hub's schools first."
    return (Field(name="urn", label="School", kind="select", choices=choices, hint=hint),)


async def _programmes(db: AsyncSession, member: Member, urn: int | None, school: str) -> tuple[tuple[Choice, ...], str]:
    """What the school may enter, the newest year first, and why something else is left out."""
    years = [one.year for one in await details.years(db, member.hub_id)]
    history = await enrolments.of_school(db, member.hub_id, urn) if urn else []
    choices, left_out = [], ""
    for programme, _ in await details.programmes(db, member.hub_id, years):
        fault = rules.may_enter(history, programme, school) if urn else None
        if fault is None:
            choices.append(Choice(str(programme.id), f"{programme.name}, {spoken_year(programme.year)}"))
        elif rules.by_a_move(history, programme) and not left_out:
            left_out = fault.because
    return tuple(choices), left_out


def _fields(choices: Sequence[Choice], today: date) -> tuple[Field, ...]:
    current = next((one.value for one in choices if one.text.endswith(spoken_year(academic_year(today)))), "")
    return (
        Field(name="programme", label="Programme", kind="select", choices=tuple(choices), value=current),
        Field(name="day", label="Applied on", kind="date", value=today.isoformat()),
        Field(
            name="because",
            label="What to keep with this step",
            kind="textarea",
            hint="If there is something to say, such as why a school enters at Development.",
        ),
    )


def read_new(typed: Typed) -> Wanted:
    """The form's texts as values. Raises BadInputError naming each field that cannot be read."""
    reader = Reader(typed)
    urn = reader.read("urn", _urn)
    programme = reader.read("programme", _programme)
    day, because = reader.read("day", read_date), reader.read("because", because_of)
    reader.finish()
    if urn is None or programme is None or day is None:
        raise AssertionError("a form without faults is whole")
    return Wanted(urn, programme, day, because or "")


def read_day(typed: Typed) -> date:
    """The day of a step. Raises BadInputError."""
    reader = Reader(typed)
    day = reader.read("day", read_date)
    reader.finish()
    if day is None:
        raise AssertionError("a form without faults is whole")
    return day


def read_because(typed: Typed) -> str:
    """What was said, empty for nothing. Raises BadInputError for too much."""
    reader = Reader(typed)
    because = reader.read("because", because_of)
    reader.finish()
    return because or ""


def read_programme(typed: Typed) -> uuid.UUID:
    """The chosen programme. Raises BadInputError."""
    reader = Reader(typed)
    programme = reader.read("programme", _programme)
    reader.finish()
    if programme is None:
        raise AssertionError("a form without faults is whole")
    return programme


def _urn(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise ValueError("Choose a school.")
    return int(text)


def _programme(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ValueError("Choose a programme.") from None


def because_of(text: str) -> str:
    """A because as it was typed; raises ValueError for one that is too long."""
    if len(text) > LONGEST_BECAUSE:
        raise ValueError(f"Use at most {LONGEST_BECAUSE:,} characters.")
    return text


def again(page: StepFormPage, typed: Typed, faults: tuple[Fault, ...]) -> StepFormPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


@dataclass(frozen=True, slots=True)
class Passed:
    """A school that is not enrolled from here, why, and where to go instead."""

    school: str
    because: str
    href: str


@dataclass(frozen=True, slots=True)
class FromGroupsPage:
    """The page; the form has no fields where nobody waits."""

    template: ClassVar[str] = "stages/from_groups.html"
    year: str
    years: tuple[YearLink, ...]
    count: int
    form: Form
    passed: tuple[Passed, ...]
    begins: str
    empty: Empty


async def from_groups(db: AsyncSession, member: Member, asked: Asked, today: date) -> FromGroupsPage:
    """Schools of the year's Work Groups that are not enrolled: five statements."""
    year = asked_year(asked, today)
    rows = await unenrolled.of_year(db, member.hub_id, year)
    histories = await unenrolled.histories(db, member.hub_id, [one.urn for one in rows])
    home = f"/hubs/{member.hub_code}"
    can, passed = [], []
    for one in rows:
        fault = rules.may_enter(histories.get(one.urn, []), one.programme, one.school)
        if fault is None:
            can.append(one)
        else:
            passed.append(Passed(one.school, fault.because, f"{home}/schools/{one.urn}/journey"))
    begins = year_span(year).first
    return FromGroupsPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        count=len(can),
        form=Form(
            action=f"{home}/enrolments/from-groups?year={year}",
            submit="Enrol the ticked schools",
            fields=_ticks(can, year) if can and today >= begins else (),
        ),
        passed=tuple(passed),
        begins=f"{spoken_year(year)} begins on {spoken_date(begins)}: they can be enrolled from then on."
        if can and today < begins
        else "",
        empty=Empty(
            f"Every school of the Work Groups of {spoken_year(year)} is enrolled. Schools that come into a group later "
            "will be here until somebody enrols them."
        ),
    )


def field_of(group_id: uuid.UUID) -> str:
    """The name of a Work Group's boxes."""
    return f"group-{group_id}"


def _ticks(rows: Sequence[Unenrolled], year: int) -> tuple[Field, ...]:
    groups: dict[uuid.UUID, list[Unenrolled]] = {}
    for one in rows:
        groups.setdefault(one.group_id, []).append(one)
    since = Field(
        name="since",
        label="They take part since",
        kind="radios",
        value=SEPTEMBER,
        choices=(
            Choice(SEPTEMBER, spoken_date(year_span(year).first)),
            Choice(MEETING, "The day their Work Group first met", "1 September where it has not met yet."),
        ),
    )
    return (*(_group(of_group) for of_group in groups.values()), since)


def _group(rows: Sequence[Unenrolled]) -> Field:
    first = rows[0]
    return Field(
        name=field_of(first.group_id),
        label=f"{first.group}, {first.programme.name}",
        kind="checkboxes",
        hint=f"First met on {spoken_date(first.met)}." if first.met else "No meeting of it was held yet.",
        choices=tuple(Choice(str(one.urn), one.school) for one in rows),
        chosen=tuple(str(one.urn) for one in rows),
    )


def unticked(page: FromGroupsPage, typed: Typed, faults: tuple[Fault, ...]) -> FromGroupsPage:
    """The same page with the boxes as they were ticked."""
    return replace(page, form=refilled(page.form, typed, faults))


def read_ticks(typed: Typed) -> set[tuple[uuid.UUID, int]]:
    """Which schools of which Work Groups were ticked; what is no school's number is passed over."""
    found = set()
    for name in typed.values:
        if not name.startswith("group-"):
            continue
        try:
            group_id = uuid.UUID(name.removeprefix("group-"))
        except ValueError:
            continue
        found |= {(group_id, int(urn)) for urn in typed.every(name) if urn.isascii() and urn.isdigit() and len(urn) < 9}
    return found


async def withdrawn(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> int:
    """The school that withdrew from this enrolment, and may return. Raises NotFoundError, ConflictError."""
    found = await enrolments.one(db, member, enrolment_id)
    if found is None:
        raise NotFoundError
    if found.row.state != State.WITHDRAWN:
        raise ConflictError(f"{found.school} has not withdrawn from this programme.")
    return found.row.urn
