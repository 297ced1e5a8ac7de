"""Mastery Specialists by cohort: how far each is, what they can lead, and what the hub could take on."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.imports import read_date
from app.domain.stages.specialists import UNSAID, Capacity, Said, Stand, told, total
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, spoken_date, spoken_year
from app.kit.typed import Reader, Typed, whole_number
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Field,
    Figure,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.store.stages import specialists
from app.store.stages.specialists import Known

COLUMNS = (
    Column("cohort", "Cohort"),
    Column("name", "Specialist"),
    Column("state", "State"),
    Column("", "Since"),
    Column("most", "Can lead", number=True),
    Column("led", "Leads this year", number=True),
    Column("free", "Could take on", number=True),
    Column("", "To look at"),
)
CSV_HEADER = (
    "Cohort",
    "Specialist",
    "State",
    "Since",
    "Can lead",
    "Leads",
    "Work Groups",
    "Could take on",
    "To look at",
)
NO_COHORT = "No cohort"
WIDTH = 330  # of the picture, in its own units
BAR = 44


@dataclass(frozen=True, slots=True)
class SpecialistLine:
    """One Specialist in the list."""

    name: str
    href: str
    cohort: str
    state: str
    since: str
    most: int
    led: int
    groups: str
    free: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CohortBar:
    """What a cohort leads, and could take on beside it, as a bar; widths in the picture's units."""

    words: str
    y: int
    led: int
    free: int


@dataclass(frozen=True, slots=True)
class CapacityPicture:
    """The bars of all cohorts; `says` tells them in words."""

    says: str
    height: int
    bars: tuple[CohortBar, ...]


@dataclass(frozen=True, slots=True)
class SpecialistsPage:
    """Who the hub's Specialists are, and how many Work Groups they can lead."""

    template: ClassVar[str] = "stages/specialists.html"
    year: str
    figures: tuple[Figure, ...]
    picture: CapacityPicture | None
    listing: Listing
    lines: tuple[SpecialistLine, ...]
    cohorts: str


@dataclass(frozen=True, slots=True)
class SpecialistPage:
    """The form of one Specialist."""

    template: ClassVar[str] = "stages/specialist.html"
    name: str
    back: str
    facts: tuple[str, ...]
    told: tuple[str, ...]
    form: Form


def capacity(one: Known) -> Capacity:
    """What the rules say of a stored one."""
    return Capacity(
        Stand(one.state) if one.state else None, one.most, len(one.groups), one.left_on is not None, one.began
    )


async def known_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> tuple[list[Known], list[Known]]:
    """Everybody, and those that the address asks for, sorted: one statement."""
    everybody = await specialists.of_year(db, member, academic_year(today))
    words, state, cohort = asked.value("q").lower(), asked.value("state"), asked.value("cohort")
    some = [
        one
        for one in everybody
        if words in one.name.lower()
        and state in ("", one.state or "unsaid")
        and cohort in ("", str(one.cohort) if one.cohort else "none")
    ]
    states = ["", *Stand]
    keys: dict[str, Callable[[Known], Any]] = {
        "cohort": lambda one: (one.cohort or 10_000, one.name.lower()),
        "name": lambda one: one.name.lower(),
        "state": lambda one: states.index(one.state),
        "most": lambda one: one.most,
        "led": lambda one: len(one.groups),
        "free": lambda one: capacity(one).free,
    }
    column, down = asked.order(tuple(keys))
    return everybody, sorted(some, key=keys[column], reverse=down)


def _line(member: Member, one: Known, year: int) -> SpecialistLine:
    own = capacity(one)
    return SpecialistLine(
        name=one.name,
        href=f"/hubs/{member.hub_code}/specialists/{one.person_id}",
        cohort=f"Cohort {one.cohort}" if one.cohort else NO_COHORT,
        state=own.state.says if own.state else UNSAID,
        since=spoken_date(one.since) if one.since else "",
        most=one.most,
        led=own.led,
        groups=", ".join(one.groups),
        free=own.free,
        told=told(own, year),
    )


async def specialists_page(db: AsyncSession, member: Member, asked: Asked, today: date) -> SpecialistsPage:
    """The list: one statement."""
    year, home = academic_year(today), f"/hubs/{member.hub_code}"
    everybody, some = await known_of(db, member, asked, today)
    whole = total(capacity(one) for one in everybody)
    empty = Empty(
        "The hub's Mastery Specialists will be here. Give people the role on their page, or a Specialist cohort.",
        "Go to people",
        f"{home}/people",
    )
    shown = listing(
        asked, "Mastery Specialists", COLUMNS, total=len(some), empty=empty, filters=_filters(asked, everybody)
    )
    first = (asked.page - 1) * PAGE_SIZE
    return SpecialistsPage(
        year=spoken_year(year),
        figures=(
            Figure("Work Groups they can lead", str(whole.can)),
            Figure("Work Groups they lead", str(whole.led)),
            Figure("Work Groups they could take on", str(whole.free)),
            Figure("More once those in training lead", str(whole.coming)),
        ),
        picture=_picture(everybody),
        listing=shown,
        lines=tuple(_line(member, one, year) for one in some[first : first + PAGE_SIZE]),
        cohorts=f"{home}/cohorts",
    )


def _filters(asked: Asked, everybody: Sequence[Known]) -> tuple[Filter, ...]:
    numbers = sorted({one.cohort for one in everybody if one.cohort})
    cohorts = [Choice(str(number), f"Cohort {number}") for number in numbers]
    states = [Choice(one.value, one.says.capitalize()) for one in Stand]
    return (
        Filter("q", "Name", asked.value("q")),
        Filter("cohort", "Cohort", asked.value("cohort"), (*cohorts, Choice("none", NO_COHORT))),
        Filter("state", "State", asked.value("state"), (*states, Choice("unsaid", UNSAID.capitalize()))),
    )


def _picture(everybody: Sequence[Known]) -> CapacityPicture | None:
    """Cohorts that lead or could lead anything, the oldest first; None when none does."""
    cohorts = sorted({one.cohort or 10_000 for one in everybody})
    totals = [
        (number, total(capacity(one) for one in everybody if (one.cohort or 10_000) == number)) for number in cohorts
    ]
    drawn = [(number, one) for number, one in totals if one.led or one.free]
    widest = max((one.led + one.free for _, one in drawn), default=0)
    if not widest:
        return None
    bars, said = [], []
    for n, (number, one) in enumerate(drawn):
        words = f"{f'Cohort {number}' if number < 10_000 else NO_COHORT}: {one.led} led, {one.free} free"
        bars.append(CohortBar(words, n * BAR, round(one.led * WIDTH / widest), round(one.free * WIDTH / widest)))
        said.append(words)
    return CapacityPicture(f"Work Groups by cohort. {'; '.join(said)}.", len(bars) * BAR, tuple(bars))


def csv_rows(member: Member, some: Iterable[Known], today: date) -> list[tuple[object, ...]]:
    """The list as rows under CSV_HEADER."""
    lines = [_line(member, one, academic_year(today)) for one in some]
    return [
        (one.cohort, one.name, one.state, one.since, one.most, one.led, one.groups, one.free, " ".join(one.told))
        for one in lines
    ]


async def specialist_page(db: AsyncSession, member: Member, person_id: uuid.UUID, today: date) -> SpecialistPage:
    """The form; raises NotFoundError for somebody who is no Specialist."""
    year, home = academic_year(today), f"/hubs/{member.hub_code}"
    found = await specialists.of_year(db, member, year, person_id)
    if not found:
        raise NotFoundError
    one = found[0]
    leads = ", ".join(one.groups) or "no Work Group"
    facts = [f"Leads {leads} in {spoken_year(year)}."]
    if one.cohort and one.began:
        facts.append(f"Cohort {one.cohort}, trained in {spoken_year(one.began)}.")
    if one.left_on:
        facts.append(f"Left the hub on {spoken_date(one.left_on)}.")
    states = tuple(Choice(state.value, state.says.capitalize(), _HINTS.get(state, "")) for state in Stand)
    fields = (
        Field(name="state", label="How far are they?", kind="radios", value=one.state, choices=states),
        Field(
            name="since",
            label="Since when?",
            kind="date",
            value=(one.since or today).isoformat(),
        ),
        Field(
            name="most",
            label="How many Work Groups can they lead in a year?",
            kind="number",
            value=str(one.most if one.state else 1),
            hint="For somebody in training: once they lead. It is counted from then.",
            width="2",
        ),
        Field(name="note", label="Note for the office", kind="textarea", value=one.note),
    )
    form = Form(
        action=f"{home}/specialists/{person_id}",
        submit="Save",
        fields=fields,
        kept=(("version", str(one.version)),),
    )
    return SpecialistPage(one.name, f"{home}/specialists", tuple(facts), told(capacity(one), year), form)


_HINTS = {
    Stand.RECRUITED: "Chosen; the training has not begun.",
    Stand.TRAINING: "In the first year they change their own classroom and lead no Work Group.",
    Stand.LEADING: "From the year after the training.",
    Stand.RESTING: "A year without a Work Group, and back afterwards.",
    Stand.LEFT: "Is no Specialist any more. Such a person can lead none.",
}


def read_said(typed: Typed) -> Said:
    """What the form says; raises BadInputError."""
    reader = Reader(typed)
    state, since = reader.read("state", _state), reader.read("since", read_date)
    most = reader.read("most", whole_number)
    reader.finish()
    return Said(state or Stand.LEADING, since or date.min, most or 0, typed.text("note"))


def _state(text: str) -> Stand:
    if text not in {one.value for one in Stand}:
        raise ValueError("Choose how far they are.")
    return Stand(text)


def again(page: SpecialistPage, typed: Typed, faults: Sequence[Fault]) -> SpecialistPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))
