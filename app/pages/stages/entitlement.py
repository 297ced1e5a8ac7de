"""The visits of every school of a year: allowed, due, booked, held, overdue, and until when the rest still fits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.stages.entitlement import Entitlement, entitlement, says
from app.domain.stages.ladder import Stage
from app.kit.periods import in_london, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.schools import reading
from app.store.stages import watching
from app.store.stages.watching import Seen

COLUMNS = (
    Column("name", "School"),
    Column("stage", "Stage"),
    Column("visitor", "Visited by"),
    Column("held", "Held", number=True),
    Column("booked", "Booked", number=True),
    Column("left", "Left to book", number=True),
    Column("overdue", "Overdue", number=True),
    Column("last", "What is left"),
)
CSV_HEADER = (
    "URN",
    "School",
    "Stage",
    "Work Groups",
    "Visited by",
    "Allowed",
    "Due by now",
    "Held",
    "Booked",
    "Over and not marked",
    "Left to book",
    "Overdue",
    "At risk",
    "Last day for the first of those left",
    "Last school day",
)
WANTED: dict[str, tuple[str, Callable[[Entitlement], object]]] = {
    "left": ("Visits left to book", lambda one: one.left),
    "overdue": ("Overdue", lambda one: one.overdue),
    "risk": ("At risk: little or no time left", lambda one: one.at_risk),
    "unmarked": ("Over and not marked as held", lambda one: one.unmarked),
    "done": ("Nothing left to book", lambda one: not one.left),
}


@dataclass(frozen=True, slots=True)
class EntitlementLine:
    """A school as a row; `says` is the sentence about what is left, `does` with `act_href` where it is booked."""

    school: str
    href: str
    look: str
    stage: str
    visitor: str
    held: str
    booked: str
    left: int
    overdue: int
    at_risk: bool
    says: str
    unmarked: str
    does: str
    act_href: str


@dataclass(frozen=True, slots=True)
class EntitlementPage:
    """The page: one page of the list, and what all that fits comes to."""

    template: ClassVar[str] = "stages/entitlement.html"
    year: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[EntitlementLine, ...]
    now_href: str


@dataclass(frozen=True, slots=True)
class Known:
    """A school with its visits."""

    seen: Seen
    visits: Entitlement


async def known(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[Known]:
    """Every school that takes part, fits the address and is the member's to see, in order: thirteen statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    every = [
        Known(one, entitlement(one.taking.facts, today))
        for one in await watching.of_year(db, member, year, now)
        if not one.taking.withdrawn
    ]
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in every if _fits(one, asked)), key=_ORDERS[column], reverse=down)


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> EntitlementPage:
    """The page, in a fixed number of statements whatever the number of schools."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    every = await known(db, member, Asked(asked.path, {"year": str(year)}), now)
    column, down = asked.order(tuple(_ORDERS))
    chosen = sorted((one for one in every if _fits(one, asked)), key=_ORDERS[column], reverse=down)
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}"
    empty = Empty(f"The visits of each school that takes part in {spoken_year(year)} will be here.", *_begin(member))
    return EntitlementPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        figures=_figures(chosen),
        listing=listing(asked, "Visits", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=tuple(line(home, member, one, today) for one in chosen[first : first + PAGE_SIZE]),
        now_href=f"{home}/this-half-term",
    )


def _begin(member: Member) -> tuple[str, str] | tuple[()]:
    return ("See the Work Groups", f"/hubs/{member.hub_code}/groups") if member.reaches(Can.SEE_GROUPS) else ()


def csv_row(one: Known) -> tuple[object, ...]:
    """A school under `CSV_HEADER`."""
    visits = one.visits
    return (
        one.seen.urn,
        one.seen.school,
        one.seen.stage.says if one.seen.stage else "",
        ", ".join(code for _, code in one.seen.groups),
        one.seen.visitor,
        visits.allowed,
        visits.due,
        visits.held,
        visits.booked,
        visits.unmarked,
        visits.left,
        visits.overdue,
        "yes" if visits.at_risk else "no",
        visits.last_day,
        visits.ends,
    )


def line(home: str, member: Member, one: Known, today: date) -> EntitlementLine:
    """A school as a row of the list."""
    visits, stage = one.visits, one.seen.stage
    does, act_href = booking(home, member, one.seen) if visits.left else ("", "")
    return EntitlementLine(
        school=one.seen.school,
        href=f"{home}/schools/{one.seen.urn}/journey",
        look=stage.value if stage else "",
        stage=stage.says if stage else "",
        visitor=one.seen.visitor,
        held=f"{visits.held} of {visits.allowed}",
        booked=str(visits.booked),
        left=visits.left,
        overdue=visits.overdue,
        at_risk=visits.at_risk,
        says=says(visits, one.seen.school, today) or _nothing_left(visits),
        unmarked=f"{visits.unmarked} over and not marked as held" if visits.unmarked else "",
        does=does,
        act_href=act_href,
    )


def _nothing_left(visits: Entitlement) -> str:
    if not visits.allowed:
        return "Its programme gives no visits."
    if visits.held >= visits.allowed:
        return "All held."
    return "Nothing is left to book."


def booking(home: str, member: Member, seen: Seen) -> tuple[str, str]:
    """Where visits of this school are booked, for those who may: the half terms they are planned in, or the plan."""
    if seen.groups and member.reaches(Can.EDIT_GROUPS):
        return "Choose half terms", f"{home}/groups/{seen.groups[0][0]}/schools/{seen.urn}/visits"
    return ("See the plan", f"{home}/proposals") if member.reaches(Can.PLAN) else ("", "")


def _figures(chosen: Sequence[Known]) -> tuple[Figure, ...]:
    def added(of: Callable[[Entitlement], int]) -> str:
        return f"{sum(of(one.visits) for one in chosen):,}"

    return (
        Figure("visits allowed", added(lambda one: one.allowed)),
        Figure("held", added(lambda one: one.held)),
        Figure("booked", added(lambda one: one.booked)),
        Figure("left to book", added(lambda one: one.left)),
        Figure("overdue", added(lambda one: one.overdue)),
        Figure("schools at risk", added(lambda one: one.at_risk)),
    )


_ORDERS: dict[str, Callable[[Known], Any]] = {
    "name": lambda one: (one.seen.school.casefold(), one.seen.urn),
    "stage": lambda one: list(Stage).index(one.seen.stage) if one.seen.stage else len(Stage),
    "visitor": lambda one: one.seen.visitor.casefold(),
    "held": lambda one: one.visits.held,
    "booked": lambda one: one.visits.booked,
    "left": lambda one: one.visits.left,
    "overdue": lambda one: one.visits.overdue,
    "last": lambda one: one.visits.last_day or date.max,
}


def _fits(one: Known, asked: Asked) -> bool:
    said = f"{one.seen.school} {one.seen.town} {one.seen.urn}".casefold()
    wanted = WANTED.get(asked.value("state"))
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("stage") in {"", one.seen.stage.value if one.seen.stage else "none"}
        and asked.value("visitor") in {"", str(one.seen.visitor_id)}
        and (not asked.value("group") or asked.value("group") in {code for _, code in one.seen.groups})
        and (wanted is None or bool(wanted[1](one.visits)))
    )


def _filters(asked: Asked, every: Sequence[Known]) -> tuple[Filter, ...]:
    """The fields above the list; what no school has is not offered."""
    if not every:
        return ()
    stages = [one for one in Stage if any(known.seen.stage is one for known in every)]
    groups = sorted({code for one in every for _, code in one.seen.groups})
    return (
        Filter("q", "Name, town or URN", asked.value("q")),
        Filter("stage", "Stage", asked.value("stage"), tuple(Choice(one.value, one.says) for one in stages)),
        Filter("visitor", "Visited by", asked.value("visitor"), visitors([one.seen for one in every])),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(one, one) for one in groups)),
        Filter("state", "Visits", asked.value("state"), tuple(Choice(key, says) for key, (says, _) in WANTED.items())),
    )


def visitors(every: Sequence[Seen]) -> tuple[Choice, ...]:
    """Whoever visits these schools, by name, to choose from."""
    found = {str(one.visitor_id): one.visitor for one in every if one.visitor_id}
    return tuple(Choice(key, name) for key, name in sorted(found.items(), key=lambda one: (one[1].casefold(), one[0])))
