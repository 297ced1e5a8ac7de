"""The schools of the next year, of which Work Groups are formed: what each still needs, and the form of a group."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.meetings.groups import Offered
from app.domain.stages.ladder import ORDER
from app.domain.stages.reaching import Nearby, kilometres
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Figure, Filter, Form, Listing, listing
from app.pages.schools.map import LOOKS, Look
from app.pages.schools.years import YearLink, year_links
from app.pages.stages.recruiting import KINDS, coming_year
from app.pages.stages.recruiting_forms import ApproachFormPage
from app.store.meetings import groups
from app.store.schools import reading
from app.store.stages import coming, recruiting
from app.store.stages.coming import Row

SOURCES = {"applied": "Applied", "enrolled": "Enrolled", "proposed": "Proposed to move here"}
PLACES = {"applied": "approaches", "enrolled": "enrolments", "proposed": "moves"}
GROUPED = {"no": "In no Work Group yet", "yes": "In a Work Group"}
COLUMNS = (
    Column("kind", "Programme"),
    Column("name", "School"),
    Column("authority", "Local authority"),
    Column("distance", "From the next one on this list", number=True),
    Column("source", "Comes because"),
    Column("group", "Work Group"),
    Column("", "Still needs"),
)
CSV_HEADER = (
    *("URN", "School", "Town", "Local authority", "Year", "Programme", "Comes because", "Metres", "Next one"),
    *("Work Group", "Still needs"),
)


@dataclass(frozen=True, slots=True)
class ComingLine:
    """A school that comes, as a row; `metres` from the next school on the list for the same programme."""

    href: str
    urn: int
    name: str
    town: str
    authority: str
    kind: str
    programme: str
    look: Look
    source: str
    says: str
    metres: int | None
    distance: str
    nearest: str
    group: str
    group_href: str
    needs: tuple[str, ...]
    can_choose: bool


@dataclass(frozen=True, slots=True)
class ComingPage:
    """The page. `group_action` takes the ticked to the form of a Work Group; `shut` says why there is none."""

    template: ClassVar[str] = "stages/coming.html"
    list_href: str
    year: str
    year_number: int
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[ComingLine, ...]
    group_action: str
    formings: str
    shut: str
    shut_href: str
    fault: str


@dataclass(frozen=True, slots=True)
class GroupAsking:
    """The form of a Work Group, and what it lets a person choose."""

    page: ApproachFormPage
    offered: Offered


async def lines_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> list[ComingLine]:
    """Every school that fits what was asked, in its order."""
    return _asked_for(await _lines(db, member, coming_year(asked, today)), asked)


async def load(db: AsyncSession, member: Member, asked: Asked, today: date, fault: str = "") -> ComingPage:
    """The page, in six statements whatever the number of schools."""
    year, home = coming_year(asked, today), f"/hubs/{member.hub_code}"
    every = await _lines(db, member, year)
    chosen = _asked_for(every, asked)
    opened = year in await reading.years(db, member.hub_id)
    empty = Empty(
        f"Schools that applied for {spoken_year(year)}, are enrolled or are proposed to move there will be here.",
        "See who is on the way",
        f"{home}/recruitment?year={year}",
    )
    first, filters = (asked.page - 1) * PAGE_SIZE, _filters(asked, every)
    makes = opened and Reach.HUB in member.reaches(Can.EDIT_GROUPS) and any(line.can_choose for line in every)
    return ComingPage(
        list_href=f"{home}/recruitment?year={year}",
        year=spoken_year(year),
        year_number=year,
        years=year_links(asked, await recruiting.years(db, member.hub_id), year),
        figures=_figures(every),
        listing=listing(asked, "Schools that come", COLUMNS, total=len(chosen), empty=empty, filters=filters),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        group_action=f"{home}/recruitment/next/group" if makes else "",
        formings=f"{home}/formings?year={year}" if opened and Reach.HUB in member.reaches(Can.PLAN) else "",
        shut="" if opened else f"{spoken_year(year)} is not open yet: Work Groups can be made once it is.",
        shut_href="" if opened else f"{home}/years",
        fault=fault,
    )


def csv_row(line: ComingLine, year: int) -> tuple[object, ...]:
    """A school under `CSV_HEADER`."""
    head = (line.urn, line.name, line.town, line.authority, year, line.programme, line.says, line.metres, line.nearest)
    return (*head, line.group, "; ".join(line.needs))


async def group_form(
    db: AsyncSession, member: Member, year: int, urns: Sequence[int], faults: tuple[Fault, ...] = ()
) -> GroupAsking:
    """The form of a Work Group of these schools. Raises BadInputError without any, or before the year is open."""
    chosen = [line for line in await _lines(db, member, year) if line.urn in urns and line.can_choose]
    programmes = await groups.programmes(db, member.hub_id, year)
    people = await groups.people(db, member)
    if not chosen or not programmes:
        because = "Tick at least one school that is in no Work Group yet."
        because = because if programmes else f"Open {spoken_year(year)} first: it has no programmes yet."
        raise BadInputError(because, (Fault("", because),))
    kind, here = chosen[0].kind, f"/hubs/{member.hub_code}/recruitment/next"
    fits = next((one for one in programmes if one.kind == kind), None)
    size = f"{fits.name} asks for {fits.fewest_schools} to {fits.most_schools} schools. " if fits else ""
    count = "This is 1 school." if len(chosen) == 1 else f"These are {len(chosen)}."
    choices = tuple(Choice(str(one.id), one.name) for one in programmes)
    leaders = (Choice("", "Choose who leads it"), *(Choice(str(one.id), one.name) for one in people))
    form = Form(
        action=f"{here}/group?year={year}",
        submit="Make this Work Group",
        fields=(
            Field(name="code", label="Code", width="10", hint=f"Such as NCP{year % 100}-11-03."),
            Field(name="name", label="Name", width="20", hint="Optional."),
            Field(
                name="programme",
                label="Programme",
                kind="select",
                choices=choices,
                value=str(fits.id) if fits else "",
            ),
            Field(name="leader", label="Who leads it", kind="select", choices=leaders),
        ),
        faults=faults,
        kept=(
            *(("urn", str(line.urn)) for line in chosen),
            *(("half_terms", str(number)) for number in range(6)),
            ("least_gap", str(fits.least_gap if fits else 14)),
        ),
    )
    page = ApproachFormPage(
        up=(("Recruitment", f"/hubs/{member.hub_code}/recruitment?year={year}"), ("Next year", f"{here}?year={year}")),
        heading=f"Make a Work Group for {spoken_year(year)}",
        lead=f"{size}{count} Half terms, times and people follow on the page of the Work Group.",
        schools=tuple(f"{line.name}, {line.authority}: {line.programme}" for line in chosen),
        begins=(),
        form=form,
        back=f"{here}?year={year}",
    )
    ids = {str(one.id) for one in programmes}
    return GroupAsking(page, Offered(ids, {str(one.id) for one in people}, {str(line.urn) for line in chosen}))


async def _lines(db: AsyncSession, member: Member, year: int) -> list[ComingLine]:
    rows = await coming.of_year(db, member.hub_id, year)
    known = await coming.groups(db, member.hub_id, year)
    best: dict[tuple[int, str], Row] = {}
    for row in rows:  # a school that is enrolled and proposed besides stands once, as enrolled
        best.setdefault((row.urn, row.kind), row)
        if row.source == "enrolled":
            best[row.urn, row.kind] = row
    nearby = {
        kind: Nearby((row.at, row.name, row.urn) for row in best.values() if row.kind == kind and row.at)
        for kind in {row.kind for row in rows}
    }
    return [_line(member, row, nearby[row.kind], known.get((row.urn, row.kind))) for row in best.values()]


def _line(member: Member, row: Row, nearby: Nearby, group: tuple[uuid.UUID, str] | None) -> ComingLine:
    near, home = nearby.nearest(row.at, besides=row.urn), f"/hubs/{member.hub_code}"
    return ComingLine(
        href=f"{home}/{PLACES[row.source]}/{row.key}",
        urn=row.urn,
        name=row.name,
        town=row.town,
        authority=row.authority,
        kind=row.kind,
        programme=KINDS.get(row.kind, row.kind),
        look=LOOKS.get(row.kind, "none"),
        source=row.source,
        says=SOURCES[row.source],
        metres=near.metres if near else None,
        distance=kilometres(near.metres if near else None),
        nearest=near.name if near else "",
        group=group[1] if group else "",
        group_href=f"{home}/groups/{group[0]}" if group else "",
        needs=_needs(row),
        can_choose=group is None,
    )


def _needs(row: Row) -> tuple[str, ...]:
    """What is missing before the year can begin for this school."""
    needs = {
        "applied": "to be enrolled",
        "proposed": "a second person who agrees the move",
        "enrolled": "" if row.signed else "the agreement, signed",
    }[row.source]
    calendar = "" if row.has_calendar else "its term dates for that year"
    return tuple(one for one in (needs, calendar) if one)


_ORDERS: dict[str, Callable[[ComingLine], Any]] = {
    "kind": lambda one: (
        ORDER.index(one.kind) if one.kind in ORDER else len(ORDER),
        one.authority.casefold(),
        one.name.casefold(),
    ),
    "name": lambda one: one.name.casefold(),
    "authority": lambda one: (one.authority.casefold(), one.name.casefold()),
    "distance": lambda one: (one.metres is None, one.metres or 0),
    "source": lambda one: (list(SOURCES).index(one.source), one.name.casefold()),
    "group": lambda one: (one.group.casefold(), one.name.casefold()),
}


def _asked_for(lines: Sequence[ComingLine], asked: Asked) -> list[ComingLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down)


def _fits(line: ComingLine, asked: Asked) -> bool:
    said = f"{line.name} {line.town} {line.urn} {line.group}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("kind") in {"", line.kind}
        and asked.value("authority") in {"", line.authority}
        and asked.value("grouped") in {"", "yes" if line.group else "no"}
    )


def _figures(lines: Sequence[ComingLine]) -> tuple[Figure, ...]:
    kinds = {kind: [line for line in lines if line.kind == kind] for kind in ORDER}
    return tuple(
        Figure(f"{KINDS[kind]}, {sum(not line.group for line in of)} in no Work Group", f"{len(of):,}")
        for kind, of in kinds.items()
        if of
    )


def _filters(asked: Asked, lines: Sequence[ComingLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    kinds = tuple(Choice(kind, KINDS[kind]) for kind in ORDER if any(line.kind == kind for line in lines))
    authorities = tuple(Choice(one, one) for one in sorted({line.authority for line in lines if line.authority}))
    return (
        Filter("q", "School, town, URN or Work Group", asked.value("q")),
        Filter("kind", "Programme", asked.value("kind"), kinds),
        Filter("authority", "Local authority", asked.value("authority"), authorities),
        Filter("grouped", "Work Group", asked.value("grouped"), tuple(Choice(*one) for one in GROUPED.items())),
    )
