"""The year of a hub: a grid of weeks by Work Groups, or the same as a list by half term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Viewer
from app.kit.periods import HALF_TERMS, Span, in_london, spoken_date, spoken_year
from app.pages._parts import Asked, Empty
from app.pages.meetings.lists import EventLine, line, marks, year_of
from app.pages.meetings.year_grid import GridEvent, GridGroup, YearGrid, year_grid
from app.pages.meetings.year_hand import ByHand, Takeable, by_hand, takeable
from app.pages.ribbon import Ribbon, ribbon
from app.store.meetings import events, groups, year
from app.store.schools import reading


@dataclass(frozen=True, slots=True)
class YearPart:
    """A half term of the list: its name and its events by day."""

    name: str
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which nobody meets, and why."""

    day: str
    name: str


@dataclass(frozen=True, slots=True)
class OtherYear:
    """Another academic year of the hub."""

    name: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class YearPage:
    """The year. Either `grid` or `parts` holds it, as the address asks (view=list); `turn` leads back to the grid.

    `hand` is there for whoever may move dates on the grid.
    """

    template: ClassVar[str] = "meetings/year.html"
    name: str
    years: tuple[OtherYear, ...]
    address: str
    ribbon: Ribbon
    grid: YearGrid | None
    hand: ByHand | None
    parts: tuple[YearPart, ...]
    turn: str
    closures: tuple[ClosedDay, ...]
    empty: Empty | None


async def load(db: AsyncSession, viewer: Viewer, member: Member, asked: Asked, now: datetime) -> YearPage:
    """The year that the address asks for, else this one: six statements."""
    of, today = year_of(asked, now), in_london(now).date()
    dates = await events.listed(db, member, events.Wanted(of), now)
    lines = [line(row, now) for row in dates]
    hand = takeable(dates, viewer, member.hub_id, asked, now)
    rows = await groups.of_year(db, member, of)
    terms = await year.half_terms(db, member.hub_id, of)
    closures = await year.closures(db, member.hub_id, of)
    address = f"/hubs/{member.hub_code}"
    as_list = asked.value("view") == "list"
    drawn = None if as_list else await _grid(db, member, of, (lines, rows, terms, closures, hand), today)
    return YearPage(
        name=spoken_year(of),
        years=tuple(
            OtherYear(spoken_year(other), asked.link(year=str(other)), other == of)
            for other in await reading.years(db, member.hub_id)
        ),
        address=address,
        ribbon=ribbon(
            f"{member.hub_name} in {spoken_year(of)}",
            terms,
            closures,
            marks(lines, address),
            today,
            list_href="#list" if as_list else asked.link(view="list"),
        ),
        grid=drawn,
        hand=by_hand(hand, asked, of, address),
        parts=_parts(lines) if as_list else (),
        turn=asked.link(view="") if as_list else "",
        closures=tuple(ClosedDay(spoken_date(day), name) for day, name in sorted(closures.items())),
        empty=None if rows else _empty(member, address),
    )


def _empty(member: Member, address: str) -> Empty:
    says = "Work Groups will be here, each with its year."
    return Empty(says, "Add one", f"{address}/groups/new") if member.reaches(Can.EDIT_HUB) else Empty(says)


async def _grid(
    db: AsyncSession,
    member: Member,
    of: int,
    known: tuple[Sequence[EventLine], Sequence[groups.GroupRow], Sequence[Span], dict[date, str], Takeable],
    today: date,
) -> YearGrid:
    lines, rows, terms, closures, hand = known
    own = await year.group_half_terms(db, member.hub_id, of)
    address = f"/hubs/{member.hub_code}"
    return year_grid(
        f"The year {spoken_year(of)}: meetings, visits and observations of each Work Group, week by week",
        [
            GridGroup(str(row.id), row.code, f"{address}/groups/{row.id}", row.programme, own.get(row.id, ()))
            for row in rows
        ],
        terms,
        closures,
        [
            GridEvent(
                str(one.group_id),
                one.kind,
                one.state,
                in_london(one.starts).date(),
                one.says,
                hand.href(one.id, address),
                hand.look(one.id),
            )
            for one in lines
        ],
        today,
    )


def _parts(lines: Sequence[EventLine]) -> tuple[YearPart, ...]:
    return tuple(YearPart(name, tuple(one for one in lines if one.half_term == name)) for name in HALF_TERMS)
