"""Schools never reached: by authority and by distance from the nearest school that takes part; on a map, in a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.picture_drawing import Drawing, nothing
from app.domain.stages.reaching import Authority, Nearby, by_authority, kilometres
from app.domain.stages.reaching_map import cold_map
from app.kit.periods import academic_year, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.stages.recruiting import coming_year
from app.store.stages import reaching
from app.store.stages.reaching import Row

FAR = {"5": "5 km", "10": "10 km", "20": "20 km", "40": "40 km"}
COLUMNS = (
    Column("distance", "From the nearest that takes part", number=True),
    Column("name", "School"),
    Column("authority", "Local authority"),
    Column("pupils", "Pupils", number=True),
)
CSV_HEADER = ("URN", "School", "Town", "Postcode", "Local authority", "Pupils", "Metres", "Nearest that takes part")
CSV_AUTHORITIES = (
    "Local authority",
    "Open primary schools",
    "Reached",
    "Never reached",
    "Percent",
    "Metres",
)


@dataclass(frozen=True, slots=True)
class ColdLine:
    """A school that was never reached; `metres` from the nearest school that takes part, None without a place."""

    urn: int
    name: str
    town: str
    postcode: str
    authority: str
    pupils: int | None
    metres: int | None
    distance: str
    nearest: str


@dataclass(frozen=True, slots=True)
class AuthorityLine:
    """How far the hub has come in one authority; `href` narrows the list to it."""

    name: str
    href: str
    schools: int
    reached: int
    never: int
    percent: int
    furthest: str
    metres: int | None


@dataclass(frozen=True, slots=True)
class ColdSpotsPage:
    """The page. `invite_action` takes the ticked schools to the form of what happened with them."""

    template: ClassVar[str] = "stages/cold_spots.html"
    list_href: str
    figures: tuple[Figure, ...]
    authorities: tuple[AuthorityLine, ...]
    authorities_csv: str
    drawing: Drawing | None
    without_place: int
    svg: str
    listing: Listing
    lines: tuple[ColdLine, ...]
    invite_action: str
    year: str
    year_number: int


@dataclass(frozen=True, slots=True)
class _Read:
    rows: tuple[Row, ...]
    lines: tuple[ColdLine, ...]
    here: tuple[tuple[int, int], ...]


async def lines_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> list[ColdLine]:
    """Every school never reached that fits what was asked, the nearest first unless it says otherwise."""
    return _asked_for((await _read(db, member, today)).lines, asked)


async def authorities_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> tuple[AuthorityLine, ...]:
    """The counts of each authority."""
    return _authorities(await _read(db, member, today), asked)


async def drawing(db: AsyncSession, member: Member, asked: Asked, today: date) -> Drawing:
    """The map as a drawing of its own, of the schools that fit what was asked."""
    read = await _read(db, member, today)
    return _drawn(read, _asked_for(read.lines, asked)) or nothing("cold-spots", "No school has a place on the map.")


async def load(db: AsyncSession, member: Member, asked: Asked, today: date) -> ColdSpotsPage:
    """The page, in two statements whatever the number of schools."""
    read, year, home = await _read(db, member, today), coming_year(asked, today), f"/hubs/{member.hub_code}"
    chosen = _asked_for(read.lines, asked)
    says = "Every open primary school of your authorities has been reached."
    if not read.rows:
        says = "The hub has no schools yet, or no GIAS file was imported: then nobody knows whom it could reach."
    first, filters = (asked.page - 1) * PAGE_SIZE, _filters(asked, read)
    around = listing(asked, "Schools never reached", COLUMNS, total=len(chosen), empty=Empty(says), filters=filters)
    return ColdSpotsPage(
        list_href=f"{home}/recruitment?year={year}",
        figures=_figures(read),
        authorities=_authorities(read, asked),
        authorities_csv=f"{asked.path}?format=csv&table=authorities",
        drawing=_drawn(read, chosen),
        without_place=sum(line.metres is None for line in chosen) if read.here else 0,
        svg=Asked(f"{home}/recruitment/cold-spots/map.svg", asked.query).link(page="", sort=""),
        listing=around,
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        invite_action=f"{home}/approaches/new",
        year=spoken_year(year),
        year_number=year,
    )


def csv_row(line: ColdLine) -> tuple[object, ...]:
    """A school under `CSV_HEADER`."""
    head = (line.urn, line.name, line.town, line.postcode, line.authority, line.pupils)
    return (*head, line.metres, line.nearest)


def csv_authority(line: AuthorityLine) -> tuple[object, ...]:
    """An authority under `CSV_AUTHORITIES`."""
    return (line.name, line.schools, line.reached, line.never, line.percent, line.metres)


async def _read(db: AsyncSession, member: Member, today: date) -> _Read:
    rows = await reaching.schools(db, member.hub_id)
    here = await reaching.taking_part(db, member.hub_id, academic_year(today))
    nearby = Nearby(here)
    lines = tuple(_line(row, nearby) for row in rows if not row.reached)
    return _Read(tuple(rows), lines, tuple(at for at, _, _ in here))


def _line(row: Row, nearby: Nearby) -> ColdLine:
    near = nearby.nearest(row.at)
    return ColdLine(
        urn=row.urn,
        name=row.name,
        town=row.town,
        postcode=row.postcode,
        authority=row.authority,
        pupils=row.pupils,
        metres=near.metres if near else None,
        distance=kilometres(near.metres if near else None),
        nearest=near.name if near else "",
    )


def _authorities(read: _Read, asked: Asked) -> tuple[AuthorityLine, ...]:
    metres = {line.urn: line.metres for line in read.lines}
    counted = by_authority((row.authority, not row.reached, metres.get(row.urn)) for row in read.rows)
    return tuple(_authority(one, asked) for one in counted)


def _authority(one: Authority, asked: Asked) -> AuthorityLine:
    href = asked.link(authority=one.name, page="", format="", table="")
    return AuthorityLine(
        one.name, href, one.schools, one.reached, one.never, one.percent, kilometres(one.furthest), one.furthest
    )


def _drawn(read: _Read, lines: Sequence[ColdLine]) -> Drawing | None:
    chosen = {line.urn for line in lines}
    return cold_map([row.at for row in read.rows if row.urn in chosen and row.at], read.here)


def _figures(read: _Read) -> tuple[Figure, ...]:
    if not read.rows:
        return ()
    never = len(read.lines)
    return (
        Figure("Open primary schools", f"{len(read.rows):,}"),
        Figure("Reached", f"{len(read.rows) - never:,}"),
        Figure("Never reached", f"{never:,}"),
    )


_ORDERS: dict[str, Callable[[ColdLine], Any]] = {
    "distance": lambda one: (one.metres is None, one.metres or 0, one.name.casefold()),
    "name": lambda one: one.name.casefold(),
    "authority": lambda one: (one.authority.casefold(), one.name.casefold()),
    "pupils": lambda one: (one.pupils is None, one.pupils or 0),
}


def _asked_for(lines: Sequence[ColdLine], asked: Asked) -> list[ColdLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down)


def _fits(line: ColdLine, asked: Asked) -> bool:
    said = f"{line.name} {line.town} {line.postcode} {line.urn}".casefold()
    far = asked.value("within")
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("authority") in {"", line.authority}
        and (far not in FAR or (line.metres is not None and line.metres <= 1000 * int(far)))
    )


def _filters(asked: Asked, read: _Read) -> tuple[Filter, ...]:
    if not read.lines:
        return ()
    authorities = tuple(Choice(one, one) for one in sorted({line.authority for line in read.lines}))
    return (
        Filter("q", "School, town, postcode or URN", asked.value("q")),
        Filter("authority", "Local authority", asked.value("authority"), authorities),
        Filter("within", "No further than", asked.value("within"), tuple(Choice(*one) for one in FAR.items())),
    )
