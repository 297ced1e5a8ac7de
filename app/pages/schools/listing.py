"""The schools of a hub in a year: a list to search, sort and narrow, and where they lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.kit.periods import spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schools.map import LOOKS, Look, SchoolMap, Spot, school_map
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.meetings.groups import Membership, memberships
from app.store.schools import reading
from app.store.schools.reading import SchoolRow

COLUMNS = (
    Column("name", "School"),
    Column("town", "Town"),
    Column("programme", "Programme"),
    Column("", "Work Groups"),
    Column("authority", "Local authority"),
    Column("calendar", "Calendar"),
    Column("hosted", "Hosted before", number=True),
)
CSV_HEADER = ("URN", "School", "Town", "Postcode", "Local authority", "Status", "Programmes", "Work Groups")
CSV_HEADER_OWN = ("Calendar", "Hosts", "Hosted before", "Easting", "Northing")
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A Work Group of a school, with its programme."""

    code: str
    href: str
    kind: str
    look: Look
    programme: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school as a row: what stands in each column, and where it leads."""

    urn: int
    href: str
    name: str
    town: str
    postcode: str
    authority: str
    status: str
    groups: tuple[GroupLink, ...]
    calendar: str
    calendar_href: str
    hosts: bool
    hosted_before: int
    at: tuple[int, int] | None

    @property
    def closed(self) -> bool:
        """Whether GIAS says that the school has closed."""
        return self.status.lower() == "closed"

    @property
    def programmes(self) -> tuple[str, ...]:
        """The names of its programmes, each once."""
        return tuple(dict.fromkeys(group.programme for group in self.groups))


@dataclass(frozen=True, slots=True)
class SchoolsPage:
    """The page: one page of the list, and every school that fits on the map."""

    template: ClassVar[str] = "schools/list.html"
    year: str
    years: tuple[YearLink, ...]
    listing: Listing
    lines: tuple[SchoolLine, ...]
    map: SchoolMap | None
    add_href: str
    calendars_href: str


async def lines_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> tuple[SchoolLine, ...]:
    """Every school that fits what was asked, in its order: what the list pages through and the CSV holds whole."""
    year = asked_year(asked, today)
    every = _lines(member, year, await reading.of_year(db, member, year), await memberships(db, member, year))
    return _ordered([line for line in every if _fits(line, asked)], asked)


async def load(db: AsyncSession, member: Member, asked: Asked, today: date) -> SchoolsPage:
    """The page, in three statements whatever the number of schools."""
    year = asked_year(asked, today)
    every = _lines(member, year, await reading.of_year(db, member, year), await memberships(db, member, year))
    chosen = _ordered([line for line in every if _fits(line, asked)], asked)
    home = f"/hubs/{member.hub_code}"
    may_edit = bool(member.reaches(Can.EDIT_SCHOOLS))
    tail = f"?year={year}" if asked.value("year") else ""
    empty = Empty(
        f"The schools that work with the hub in {spoken_year(year)} will be here, with their calendars and hosting.",
        *(("Add the first school", f"{home}/schools/add{tail}") if may_edit else ()),
    )
    spots = [Spot(line.name, line.href, line.at, _look(line)) for line in chosen if line.at]
    first = (asked.page - 1) * PAGE_SIZE
    return SchoolsPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        listing=listing(asked, "Schools", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=chosen[first : first + PAGE_SIZE],
        map=school_map(spots, len(chosen) - len(spots)),
        add_href=f"{home}/schools/add{tail}" if may_edit else "",
        calendars_href=f"{home}/calendars{tail}",
    )


def csv_row(line: SchoolLine) -> tuple[object, ...]:
    """A school under `CSV_HEADER + CSV_HEADER_OWN`."""
    codes = ", ".join(group.code for group in line.groups)
    head = (line.urn, line.name, line.town, line.postcode, line.authority, line.status, ", ".join(line.programmes))
    return (*head, codes, line.calendar, line.hosts, line.hosted_before, *(line.at or (None, None)))


def group_link(hub_code: str, of: Membership) -> GroupLink:
    """A membership as words that lead to the Work Group."""
    href = f"/hubs/{hub_code}/groups/{of.group_id}"
    return GroupLink(of.code, href, of.kind, LOOKS.get(of.kind, "none"), of.programme)


def _lines(member: Member, year: int, rows: Sequence[SchoolRow], known: Sequence[Membership]) -> list[SchoolLine]:
    home = f"/hubs/{member.hub_code}"
    groups: dict[int, list[GroupLink]] = {}
    for one in known:
        groups.setdefault(one.urn, []).append(group_link(member.hub_code, one))
    return [
        SchoolLine(
            urn=row.urn,
            href=f"{home}/schools/{row.urn}?year={year}",
            name=row.name,
            town=row.town,
            postcode=row.postcode,
            authority=row.authority,
            status=row.status,
            groups=tuple(groups.get(row.urn, ())),
            calendar=row.calendar,
            calendar_href=f"{home}/calendars/{row.calendar_id}" if row.calendar_id else "",
            hosts=row.hosts,
            hosted_before=row.hosted_before,
            at=row.at,
        )
        for row in rows
    ]


def _look(line: SchoolLine) -> Look:
    return line.groups[0].look if line.groups else "none"


def _fits(line: SchoolLine, asked: Asked) -> bool:
    words = asked.value("q").casefold().split()
    said = f"{line.name} {line.town} {line.postcode} {line.postcode.replace(' ', '')} {line.urn}".casefold()
    calendar, programme, group = asked.value("calendar"), asked.value("programme"), asked.value("group")
    return (
        all(word in said for word in words)
        and (not programme or any(one.kind == programme for one in line.groups) or programme == _none_of(line))
        and (not group or any(one.code == group for one in line.groups))
        and asked.value("authority") in {"", line.authority}
        and (not calendar or calendar == (line.calendar or MISSING))
    )


def _none_of(line: SchoolLine) -> str:
    return "" if line.groups else "none"


_ORDERS: dict[str, Callable[[SchoolLine], Any]] = {
    "name": lambda line: line.name.casefold(),
    "town": lambda line: line.town.casefold(),
    "programme": lambda line: line.programmes,
    "authority": lambda line: line.authority.casefold(),
    "calendar": lambda line: line.calendar.casefold(),
    "hosted": lambda line: line.hosted_before,
}


def _ordered(lines: list[SchoolLine], asked: Asked) -> tuple[SchoolLine, ...]:
    column, down = asked.order(tuple(_ORDERS))
    by_name = sorted(lines, key=lambda line: (line.name.casefold(), line.urn))
    return tuple(sorted(by_name, key=_ORDERS[column], reverse=down))


def _filters(asked: Asked, lines: Sequence[SchoolLine]) -> tuple[Filter, ...]:
    """The fields above the list; what no school of the year has is not offered."""
    groups = [group for line in lines for group in line.groups]
    programmes = sorted({(group.kind, group.programme) for group in groups}, key=lambda one: one[1])
    offers = {
        "programme": [*programmes, ("none", "No Work Group yet")],
        "group": sorted({(group.code, group.code) for group in groups}),
        "authority": sorted({(line.authority, line.authority) for line in lines if line.authority}),
        "calendar": [
            (MISSING, "No calendar yet"),
            *sorted({(line.calendar, line.calendar) for line in lines if line.calendar}),
        ],
    }
    labels = {
        "programme": "Programme",
        "group": "Work Group",
        "authority": "Local authority",
        "calendar": "Calendar",
    }
    search = Filter("q", "Name, town, postcode or URN", asked.value("q"))
    if not lines:
        return ()
    return (
        search,
        *(
            Filter(name, labels[name], asked.value(name), tuple(Choice(*one) for one in offered))
            for name, offered in offers.items()
        ),
    )
