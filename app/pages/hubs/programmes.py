"""The programmes of a hub, as a list and one by one."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.hubs.programmes import ProgrammeTerms
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import HALF_TERMS, spoken_year
from app.kit.typed import Reader, Typed, whole_number
from app.pages._parts import Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing, refilled
from app.store import hubs

COLUMNS = (
    Column("name", "Programme"),
    Column("year", "Year"),
    Column("schools", "Schools", number=True),
    Column("meetings", "Meetings", number=True),
    Column("visits", "Visits", number=True),
    Column("", "From each school"),
    Column("groups", "Work Groups", number=True),
)
CSV_HEADER = (
    "year",
    "kind",
    "name",
    "fewest_schools",
    "most_schools",
    "meetings",
    "visits",
    "participants",
    "people",
    "led_by",
    "head_attends",
    "code",
    "work_groups",
)
NUMBERS = ("fewest_schools", "most_schools", "meetings", "visits", "least_gap", "participants", "years")
TEXTS = ("name", "people", "led_by", "head_attends", "code")
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme in the list; `href` is empty for those who may not change it."""

    name: str
    href: str
    kind: str
    year: int
    spoken_year: str
    fewest_schools: int
    most_schools: int
    meetings: int
    visits: int
    participants: int
    people: str
    led_by: str
    head_attends: str
    code: str
    groups: int


@dataclass(frozen=True, slots=True)
class ProgrammesPage:
    """What each stage asks for."""

    template: ClassVar[str] = "hubs/programmes.html"
    listing: Listing
    programmes: tuple[ProgrammeLine, ...]


async def programmes_page(db: AsyncSession, member: Member, asked: Asked) -> ProgrammesPage:
    """The list: two statements."""
    years = [one.year for one in await hubs.years(db, member.hub_id)]
    lines = await programme_lines(db, member, asked)
    choices = tuple(Choice(str(year), spoken_year(year)) for year in years)
    empty = Empty("The programmes of an academic year will be here. Begin the year in the settings.")
    filters = (
        Filter("q", "Name", asked.value("q")),
        Filter("year", "Academic year", asked.value("year"), choices),
    )
    shown = listing(asked, "Programmes", COLUMNS, total=len(lines), empty=empty, filters=filters)
    return ProgrammesPage(replace(shown, previous="", next="", count=len(lines)), tuple(lines))


async def programme_lines(db: AsyncSession, member: Member, asked: Asked) -> list[ProgrammeLine]:
    """Every programme that the filters leave, sorted as asked."""
    year = asked.value("year")
    years = [one.year for one in await hubs.years(db, member.hub_id)]
    wanted = [one for one in years if not year or str(one) == year]
    may_edit = Reach.HUB in member.reaches(Can.EDIT_HUB)
    home = f"/hubs/{member.hub_code}/programmes"
    words = asked.value("q").casefold()
    lines = [
        ProgrammeLine(
            name=one.name,
            href=f"{home}/{one.id}" if may_edit else "",
            kind=one.kind,
            year=one.year,
            spoken_year=spoken_year(one.year),
            fewest_schools=one.fewest_schools,
            most_schools=one.most_schools,
            meetings=one.meetings,
            visits=one.visits,
            participants=one.participants,
            people=one.people,
            led_by=one.led_by,
            head_attends=one.head_attends,
            code=one.code,
            groups=groups,
        )
        for one, groups in await hubs.programmes(db, member.hub_id, wanted)
        if words in one.name.casefold()
    ]
    return _sorted(lines, asked)


def _sorted(lines: list[ProgrammeLine], asked: Asked) -> list[ProgrammeLine]:
    keys: dict[str, Callable[[ProgrammeLine], object]] = {
        "name": lambda line: line.name.casefold(),
        "year": lambda line: line.year,
        "schools": lambda line: line.most_schools,
        "meetings": lambda line: line.meetings,
        "visits": lambda line: line.visits,
        "groups": lambda line: line.groups,
    }
    if not asked.value("sort"):
        return lines  # the newest year first, then as stages follow each other
    column, down = asked.order(tuple(keys))
    return sorted(lines, key=keys[column], reverse=down)  # type: ignore[arg-type]


async def programmes_csv(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """The same as rows under CSV_HEADER."""
    lines = await programme_lines(db, member, asked)
    return (
        (
            line.year,
            line.kind,
            line.name,
            line.fewest_schools,
            line.most_schools,
            line.meetings,
            line.visits,
            line.participants,
            line.people,
            line.led_by,
            line.head_attends,
            line.code,
            line.groups,
        )
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class ProgrammeFormPage:
    """Changes one programme's template; `back` is where to go without saving."""

    template: ClassVar[str] = "hubs/programme.html"
    title: str
    form: Form
    back: str


async def programme_form(db: AsyncSession, member: Member, programme_id: uuid.UUID) -> ProgrammeFormPage:
    """The filled form: one statement. Raises NotFoundError."""
    found = await hubs.programme(db, member.hub_id, programme_id)
    if found is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}/programmes"
    form = Form(
        action=f"{home}/{programme_id}",
        submit="Save",
        fields=tuple(
            replace(one, value=_said(getattr(found, one.name)))
            if one.kind != "checkboxes"
            else replace(one, chosen=tuple(map(str, getattr(found, one.name))))
            for one in _fields()
        ),
        kept=(("version", str(found.version)),),
    )
    return ProgrammeFormPage(f"{found.name} in {spoken_year(found.year)}", form, f"{home}?year={found.year}")


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _fields() -> tuple[Field, ...]:
    blocks = tuple(Choice(str(number), name) for number, name in enumerate(HALF_TERMS))
    between = tuple(Choice(str(number), f"{name}, after its meeting") for number, name in enumerate(HALF_TERMS))
    return (
        Field(name="name", label="Name", width="20"),
        Field(name="fewest_schools", label="Fewest schools in a Work Group", kind="number", width="2"),
        Field(name="most_schools", label="Most schools in a Work Group", kind="number", width="2"),
        Field(name="meetings", label="Meetings in the year", kind="number", width="2"),
        Field(name="visits", label="Visits to each school in the year", kind="number", width="2"),
        Field(name="visit_half_terms", label="Half terms with a visit", kind="checkboxes", choices=blocks),
        Field(
            name="observation_half_terms",
            label="Lesson observations of each lead participant",
            kind="checkboxes",
            choices=between,
        ),
        Field(
            name="least_gap",
            label="Fewest days between two meetings, and between two visits of a school",
            kind="number",
            width="2",
        ),
        Field(name="participants", label="People from each school", kind="number", width="2"),
        Field(name="people", label="Who takes part", width="30"),
        Field(name="led_by", label="Who leads", width="20"),
        Field(name="head_attends", label="When the headteacher comes", width="30"),
        Field(name="years", label="Length in years", kind="number", width="2"),
        Field(
            name="most_times",
            label="How often one school may take it",
            kind="number",
            hint="Leave it empty for as often as a school wants.",
            width="2",
        ),
        Field(
            name="code",
            label="The funder's code",
            hint=(
                "Claims and rate cards name the programme by it. Empty: the usual word for its stage. "
                "A rate card that names another code pays nothing for it."
            ),
            width="10",
        ),
    )


def read_terms(typed: Typed) -> ProgrammeTerms:
    """The form as a template; raises BadInputError for texts that cannot be read."""
    reader = Reader(typed)
    told: dict[str, Any] = {name: reader.read(name, whole_number) or 0 for name in NUMBERS}
    told |= {name: reader.read(name, _short) or "" for name in TEXTS}
    told["most_times"] = reader.read("most_times", whole_number) if typed.text("most_times") else None
    reader.finish()
    return ProgrammeTerms(
        kind="",  # a programme keeps its own
        visit_half_terms=_half_terms(typed.every("visit_half_terms")),
        observation_half_terms=_half_terms(typed.every("observation_half_terms")),
        **told,
    )


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"Keep it to {LONGEST_TEXT} characters.")
    return text


def _half_terms(ticked: Sequence[str]) -> tuple[int, ...]:
    return tuple(number for number in range(len(HALF_TERMS)) if str(number) in ticked)


def programme_again(page: ProgrammeFormPage, typed: Typed, faults: Sequence[Fault]) -> ProgrammeFormPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))
