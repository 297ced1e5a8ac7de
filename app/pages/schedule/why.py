"""Why a plan has a date where it is: what every other day of its time would cost, or what rules it out."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule.by_hand import Hand, in_plan
from app.domain.schedule.by_hand_words import against, standing, standing_costs
from app.domain.schedule.frames import Option
from app.domain.schedule.plan import PlacedEvent, read_plan
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schedule.known import known
from app.pages.schedule.meaning import SHOWN, Place, meaning, narrowed, rows
from app.pages.schedule.month_picture import Mark, Week, legend, picture
from app.pages.schedule.taken import HALVES

NO_DATES = "This plan has no dates, so there is nothing to ask about."
COLUMNS = (Column("date", "Day"), Column("cost", "What it would mean"), Column("", "Where"))


@dataclass(frozen=True, slots=True)
class WhyPage:
    """Why one date of a plan is where it is. `stands` is what it costs there, `rules` what forbids most other days."""

    template: ClassVar[str] = "schedule/why.html"
    plan: str
    address: str
    heading: str
    now: str
    why: tuple[str, ...]
    stands: tuple[str, ...]
    rules: tuple[str, ...]
    weeks: tuple[Week, ...]
    legend: tuple[Mark, ...]
    listing: Listing
    lines: tuple[Place, ...]


async def why_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked) -> WhyPage:
    """The date that `event=` names, else the first: one statement.

    Raises NotFoundError, ConflictError where the plan has no dates.
    """
    hand, key, plan = await _looked_at(db, member, proposal_id, asked)
    days = hand.board.options(key).days()
    every = [_line(hand, key, option) for option in days.values()]
    lines = _asked_for(every, asked)
    states = {line.day: line.state for line in every}
    first = (asked.page - 1) * PAGE_SIZE
    return WhyPage(
        plan=f"Plan for {spoken_year(plan)}",
        address=f"/hubs/{member.hub_code}/proposals/{proposal_id}",
        heading=hand.called(key),
        now=_spoken(hand, hand.board.placed[key]),
        why=standing(hand, key, days),
        stands=standing_costs(hand, key),
        rules=against(hand, key, days.values(), None),
        weeks=picture(states, f"{asked.path}?event={quote(key, safe='')}&day="),
        legend=legend(states.values()),
        listing=listing(
            asked,
            "Every day, each with its best place",
            COLUMNS,
            total=len(lines),
            empty=Empty("No day fits what was asked for."),
            filters=(
                Filter("show", "Show", asked.value("show"), SHOWN),
                Filter("day", "Day", asked.value("day"), tuple(Choice(str(each.day), each.when) for each in every)),
            ),
        ),
        lines=tuple(lines[first : first + PAGE_SIZE]),
    )


async def why_rows(db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked) -> list[tuple[object, ...]]:
    """The same days under HEADER. Raises as the page does."""
    hand, key, _ = await _looked_at(db, member, proposal_id, asked)
    lines = _asked_for([_line(hand, key, option) for option in hand.board.options(key).days().values()], asked)
    return rows(lines)


async def _looked_at(db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked) -> tuple[Hand, str, int]:
    row = await known(db, member, proposal_id)
    if row.plan is None or not row.plan["events"]:
        raise ConflictError(NO_DATES)
    placed = read_plan(row.plan).events
    key = asked.value("event") or placed[0].event
    if key not in {each.event for each in placed}:
        raise NotFoundError
    return await asyncio.to_thread(in_plan, row.problem, row.names, placed), key, row.year


def _spoken(hand: Hand, placed: PlacedEvent) -> str:
    at = f", at {hand.names.get(placed.host, placed.host)}" if placed.host else ""
    return f"{spoken_date(placed.date)} {HALVES[placed.slot]}{at}"


def _line(hand: Hand, key: str, option: Option) -> Place:
    placed, now = option.as_placed(key), hand.board.placed[key]
    if placed.date == now.date:
        placed = now  # its own day is told as it is
    state, says = meaning(hand, option, placed, None)
    return Place(
        day=placed.date,
        when=spoken_date(placed.date),
        half=HALVES[placed.slot].removeprefix("in the ").capitalize(),
        where=hand.names.get(placed.host or "", ""),
        state=state,
        change=0 if state == "here" else option.change,
        says=says,
    )


def _asked_for(every: list[Place], asked: Asked) -> list[Place]:
    day = asked.value("day")
    return narrowed([line for line in every if not day or str(line.day) == day], asked)
