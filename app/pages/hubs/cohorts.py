"""The Specialist cohorts of a hub."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken_year
from app.kit.typed import Reader, Typed, whole_number
from app.pages._parts import Asked, Column, Empty, Field, Form, Listing, listing, refilled
from app.store import hubs

COLUMNS = (
    Column("number", "Cohort", number=True),
    Column("began", "Training began"),
    Column("people", "Specialists of the hub", number=True),
    Column("", "Who"),
    Column("", "Notes"),
)
CSV_HEADER = ("cohort", "training_began", "specialists", "notes")


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort in the list; `href` is empty for those who may not change it."""

    number: int
    href: str
    began: str
    count: int
    people: str
    notes: str


@dataclass(frozen=True, slots=True)
class CohortsPage:
    """Which Specialists were trained together. `new` and `specialists` are empty for those who may not."""

    template: ClassVar[str] = "hubs/cohorts.html"
    listing: Listing
    cohorts: tuple[CohortLine, ...]
    new: str
    specialists: str


async def cohorts_page(db: AsyncSession, member: Member, asked: Asked) -> CohortsPage:
    """The list: one statement."""
    may_edit = Reach.HUB in member.reaches(Can.EDIT_HUB)
    home = f"/hubs/{member.hub_code}/cohorts"
    lines = await cohort_lines(db, member, asked)
    empty = Empty(
        "Specialist cohorts will be here, each with the Specialists of your hub.",
        "Add the first cohort" if may_edit else "",
        f"{home}/new" if may_edit else "",
    )
    shown = listing(asked, "Specialist cohorts", COLUMNS, total=len(lines), empty=empty)
    shown = replace(shown, previous="", next="", count=len(lines))
    capacity = f"/hubs/{member.hub_code}/specialists" if Reach.HUB in member.reaches(Can.EDIT_PEOPLE) else ""
    return CohortsPage(shown, tuple(lines), f"{home}/new" if may_edit else "", capacity)


async def cohort_lines(db: AsyncSession, member: Member, asked: Asked) -> list[CohortLine]:
    """Every cohort, sorted as asked."""
    home = f"/hubs/{member.hub_code}/cohorts"
    may_edit = Reach.HUB in member.reaches(Can.EDIT_HUB)
    lines = [
        CohortLine(
            number=one.number,
            href=f"{home}/{one.id}" if may_edit else "",
            began=spoken_year(one.began),
            count=len(names),
            people=", ".join(names),
            notes=one.notes,
        )
        for one, names in await hubs.cohorts(db, member.hub_id)
    ]
    column, down = asked.order(("number", "began", "people"))
    keys = {"number": lambda line: line.number, "began": lambda line: line.began, "people": lambda line: line.count}
    return sorted(lines, key=keys[column], reverse=down)


async def cohorts_csv(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """The same as rows under CSV_HEADER."""
    lines = await cohort_lines(db, member, asked)
    return ((line.number, line.began, line.people, line.notes) for line in lines)


@dataclass(frozen=True, slots=True)
class CohortFormPage:
    """Adds a cohort or changes one."""

    template: ClassVar[str] = "hubs/cohort.html"
    title: str
    form: Form
    back: str


async def cohort_form(db: AsyncSession, member: Member, cohort_id: uuid.UUID | None) -> CohortFormPage:
    """The form: empty without an id. Raises NotFoundError."""
    home = f"/hubs/{member.hub_code}/cohorts"
    found = await hubs.cohort(db, member.hub_id, cohort_id) if cohort_id else None
    if cohort_id and found is None:
        raise NotFoundError
    fields = (
        Field(
            name="number",
            label="Number of the cohort",
            kind="number",
            value=str(found.number) if found else "",
            width="3",
        ),
        Field(
            name="began",
            label="Year in which its training began",
            kind="number",
            value=str(found.began) if found else "",
            hint="2024 is 2024/25.",
            width="4",
        ),
        Field(name="notes", label="Notes", kind="textarea", value=found.notes if found else ""),
    )
    if found is None:
        return CohortFormPage("Add a Specialist cohort", Form(action=home, submit="Add", fields=fields), home)
    title = f"Change cohort {found.number}"
    return CohortFormPage(title, Form(action=f"{home}/{found.id}", submit="Save", fields=fields), home)


def read_cohort(typed: Typed) -> tuple[int, int, str]:
    """Number, year and notes of the form; raises BadInputError."""
    reader = Reader(typed)
    number, began = reader.read("number", whole_number), reader.read("began", whole_number)
    reader.finish()
    return number or 0, began or 0, typed.text("notes")


def cohort_again(page: CohortFormPage, typed: Typed, faults: Sequence[Fault]) -> CohortFormPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))
