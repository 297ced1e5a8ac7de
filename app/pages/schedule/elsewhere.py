"""Where else a date could be: every day of its time with what it would cost, or the rule against it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.schedule import wishes
from app.domain.schedule.by_hand_words import against, costs, standing, standing_costs
from app.domain.schedule.frames import Option
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.single import Options
from app.kit.periods import in_london, spoken_date
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schedule.meaning import SHOWN, Place, meaning, narrowed, rows
from app.pages.schedule.month_picture import Mark, Week, legend, picture
from app.pages.schedule.taken import HALVES, Taken, taken
from app.store.schedule.ahead import Ahead

COLUMNS = (Column("date", "Day"), Column("cost", "What it would mean"), Column("", "Where"), Column("", "Choose"))


@dataclass(frozen=True, slots=True)
class PlaceLine(Place):
    """A place that can be chosen by `href`, where it is possible; `more` shows every half-day and host of its day."""

    href: str
    more: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Another meeting of the group with which it could swap hosts; `href` is empty where a rule is against it."""

    says: str
    means: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ElsewherePage:
    """Where else one date could be. `why` says why it is where it is, `stands` what it costs there.

    `on` is its day and `days` are all days, each with its best place, for the year's grid: it draws them in hand.
    """

    template: ClassVar[str] = "schedule/elsewhere.html"
    heading: str
    now: str
    here: str
    pinned: bool
    version: int
    why: tuple[str, ...]
    stands: tuple[str, ...]
    rules: tuple[str, ...]
    weeks: tuple[Week, ...]
    legend: tuple[Mark, ...]
    listing: Listing
    on: date
    days: tuple[PlaceLine, ...]
    places: tuple[PlaceLine, ...]
    swaps: tuple[Swap, ...]


async def elsewhere_page(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime
) -> ElsewherePage:
    """The page; raises NotFoundError, and ConflictError for what is not certain and ahead."""
    found = await taken(db, viewer, member, event_id, now)
    options = _ahead(found, now)
    days = options.days()
    by_day = [_line(found, option) for option in days.values()]
    lines = _asked_for(found, asked, by_day, [*options.free, *options.barred])
    states = {line.day: line.state for line in by_day}
    first = (asked.page - 1) * PAGE_SIZE
    return ElsewherePage(
        heading=found.heading,
        now=found.spoken(_now(found)),
        here=found.here,
        pinned=found.row.pinned,
        version=found.row.version,
        why=() if found.row.pinned else standing(found.hand, found.row.key, days),
        stands=standing_costs(found.hand, found.row.key),
        rules=() if found.row.pinned else against(found.hand, found.row.key, days.values(), found.own),
        weeks=picture(states, f"{asked.path}?day="),
        legend=legend(states.values()),
        listing=_listing(found, asked, by_day, len(lines)),
        on=_now(found).date,
        days=tuple(by_day),
        places=tuple(lines[first : first + PAGE_SIZE]),
        swaps=tuple(_swaps(found, now)),
    )


async def elsewhere_rows(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime
) -> list[tuple[object, ...]]:
    """The same places for a spreadsheet."""
    found = await taken(db, viewer, member, event_id, now)
    options = _ahead(found, now)
    by_day = [_line(found, option) for option in options.days().values()]
    lines = _asked_for(found, asked, by_day, [*options.free, *options.barred])
    return rows(lines)


def _ahead(found: Taken, now: datetime) -> Options:
    """The places from tomorrow on, and where it is."""
    options, today = found.hand.board.options(found.row.key), in_london(now).date().toordinal()
    here = _now(found).date.toordinal()
    free, barred = (
        [each for each in every if each.day > today or each.day == here] for every in (options.free, options.barred)
    )
    return replace(options, free=free, barred=barred)


def _now(found: Taken) -> PlacedEvent:
    return found.hand.board.placed[found.row.key]


def _listing(found: Taken, asked: Asked, by_day: Sequence[PlaceLine], total: int) -> Listing:
    days = tuple(Choice(str(line.day), line.when) for line in by_day)
    filters = (Filter("show", "Show", asked.value("show"), SHOWN), Filter("day", "Day", asked.value("day"), days))
    empty = Empty("No weekday lies in the time this can be in.", "Go back to it", found.here)
    caption = "Every half-day and host of this day" if asked.value("day") else "Every day, each with its best place"
    return listing(asked, caption, COLUMNS, total=total, empty=empty, filters=filters)


def _asked_for(found: Taken, asked: Asked, by_day: list[PlaceLine], every: list[Option]) -> list[PlaceLine]:
    """The lines that the address asks for: the days, or all places of one day."""
    day = asked.value("day")
    lines = by_day
    if day:
        lines = [_line(found, option) for option in sorted(every) if str(date.fromordinal(option.day)) == day]
    return narrowed(lines, asked)


def _line(found: Taken, option: Option) -> PlaceLine:
    hand, key, now = found.hand, found.row.key, _now(found)
    placed = option.as_placed(key)
    state, says = meaning(hand, option, placed, found.own)
    can = state not in {"here", "barred"} and not found.row.pinned
    return PlaceLine(
        day=placed.date,
        when=spoken_date(placed.date),
        half=HALVES[placed.slot].removeprefix("in the ").capitalize(),
        where=hand.names.get(placed.host or "", ""),
        state="here" if placed == now else state,
        change=option.change,
        says=says,
        href=_choose(found, placed) if can and placed != now else "",
        more=f"{found.here}/move?day={placed.date}",
    )


def _choose(found: Taken, *places: PlacedEvent) -> str:
    return f"{found.here}/move?to={wishes.written(found.wish(each) for each in places)}"


def _swaps(found: Taken, at: datetime) -> Iterable[Swap]:
    """Other meetings of the group ahead, each with the hosts changed over."""
    if found.row.kind != "meeting" or found.row.pinned:
        return
    hand, now = found.hand, _now(found)
    for other in sorted(_others(found, at), key=lambda row: row.day):
        there = hand.board.placed[other.key]
        pair = replace(now, host=there.host), replace(there, host=now.host)
        board = hand.board.moved(*pair)
        bars = [(each.event, bar) for each in pair for bar in board.against(each)]
        means = tuple(dict.fromkeys(hand.why_not(key, bar, found.own) for key, bar in bars))
        host = hand.names.get(there.host or "", "")
        says = f"{hand.called(other.key)}, {spoken_date(other.day)}, at {host}"
        can = not bars and other.key not in hand.problem.held
        yield Swap(says, means or costs(hand, hand.differences(*pair)), _choose(found, *pair) if can else "")


def _others(found: Taken, at: datetime) -> Iterable[Ahead]:
    row, placed = found.row, found.hand.board.placed
    for other in found.rows.values():
        if other.kind == "meeting" and other.group_id == row.group_id and other.id != row.id and other.key in placed:
            mine = found.own is None or other.key in found.own
            if mine and other.status == "confirmed" and other.starts_at > at and other.urn != row.urn:
                yield other
