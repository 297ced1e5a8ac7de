"""What would move around those who cannot come, and what that costs whom, before anybody is told."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule import facts
from app.domain.schedule.bars import Bar, listed, said
from app.domain.schedule.by_hand import Hand
from app.domain.schedule.by_hand_words import costs
from app.domain.schedule.holding import usual_deadline
from app.domain.schedule.mending import mending_problem, written_moves
from app.domain.schedule.plan import PlacedEvent, read_plan
from app.domain.schedule.worst import event_name
from app.kit.errors import ConflictError, NoPlanError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages._parts import Asked
from app.pages.schedule.answering import in_words
from app.pages.schedule.known import known
from app.solver.schedule.model import Clock
from app.solver.schedule.repair import Move, Repair, Replacement
from app.store.schedule import answering
from app.store.schedule.answering import Ask, Said
from app.store.schedule.proposals import ProposalRow

SECONDS = 10.0  # of solving while somebody waits
LATE = "No way out was found in ten seconds, and none was ruled out. Let somebody miss a date, or propose a new plan."
NOT_HELD = "The dates of this plan are not held, so nobody was asked. Hold them first."
CLOSED = "This plan is settled, so it is not planned again. Move single dates by hand, or propose a new plan."
PINNED = "It is pinned or past, so it stays."
ANOTHER, MISS = "another", "miss"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody who cannot come. `choice` is another day, or that they miss it; `must` says why there is no choice."""

    id: uuid.UUID
    who: str
    when: str
    what: str
    because: str
    choice: str
    must: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A date that would move: where from and to, why, who could not come then and who could again, who is asked."""

    what: str
    was: str
    now: str
    because: str
    people: tuple[str, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way out with what it costs all together; `moves` is what the form carries."""

    heading: str
    fewest: bool
    lines: tuple[MoveLine, ...]
    means: tuple[str, ...]
    moves: str


@dataclass(frozen=True, slots=True)
class ReplanPage:
    """Who cannot come, and the ways out. `stay` are refusals that are missed; `because` says why there is no way."""

    template: ClassVar[str] = "schedule/replan.html"
    heading: str
    address: str
    refusals: tuple[Refusal, ...]
    ways: tuple[Way, ...]
    nothing_moves: bool
    because: tuple[str, ...]
    stay: tuple[str, ...]
    mended: int
    answer_by: str


async def replan_page(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked, now: datetime
) -> ReplanPage:
    """The refusals with a choice for each, and up to three ways out; ten seconds of solving at most.

    Raises NotFoundError, and ConflictError where nobody was asked, the plan is settled, or facts have changed.
    """
    row = await known(db, member, proposal_id)
    if row.status != "ready" or row.sent_at is None or row.answer_by is None:
        raise ConflictError(NOT_HELD if row.status == "ready" else CLOSED)
    today = in_london(now).date()
    raw, changes = await answering.as_answered(db, member.hub_id, row, today)
    if changes:
        raise ConflictError(f"The facts have changed since this plan was made. {' '.join(changes)} Propose a new plan.")
    asks, said = await answering.of_plan(db, row.id)
    cannot = [one for one in said if one.answer == "cannot" and one.day > today]
    table = await asyncio.to_thread(_laid_out, row, raw, cannot, asked, today)
    names = {ask.id: ask for ask in asks}
    return ReplanPage(
        heading=f"Plan {spoken_year(row.year)} again around who cannot come",
        address=f"/hubs/{member.hub_code}/proposals/{row.id}",
        refusals=tuple(table.refusal(one, names[one.ask_id]) for one in cannot),
        ways=table.ways,
        nothing_moves=not table.repair.hit,
        because=table.because,
        stay=tuple(str(one.id) for one in cannot if table.choice(one) == MISS),
        mended=row.mended,
        answer_by=str(max(row.answer_by, usual_deadline(today, None, row.problem["closures"]))),
    )


@dataclass(slots=True)
class _Table:
    """A held plan laid out for mending, with the choices that were made."""

    row: ProposalRow
    hand: Hand
    repair: Repair
    choices: Mapping[uuid.UUID, str]
    must: Mapping[str, str]
    ways: tuple[Way, ...] = ()
    because: tuple[str, ...] = ()

    def choice(self, one: Said) -> str:
        """Another day, or that they miss it."""
        return self.choices[one.id]

    def refusal(self, one: Said, ask: Ask) -> Refusal:
        return Refusal(
            id=one.id,
            who=ask.name,
            when=in_words(one.day, one.slot),
            what=event_name(one.key, self.row.problem, self.row.names),
            because=one.because,
            choice=self.choice(one),
            must=self.must.get(one.key, ""),
        )


def _laid_out(row: ProposalRow, raw: dict[str, Any], cannot: Sequence[Said], asked: Asked, today: date) -> _Table:
    plan = read_plan(row.plan)
    problem = mending_problem(raw, plan, today)
    choices, must = {}, {}
    bare = Repair(problem)
    for one in cannot:
        chosen = asked.value(f"on-{one.id}") or (MISS if one.missed else ANOTHER)
        wanted = MISS if chosen == MISS else ANOTHER
        if one.key in problem.held:
            must[one.key], wanted = PINNED, MISS
        elif one.key in bare.hit:
            bars = bare.board.against(bare.board.placed[one.key])
            must[one.key] = _spoken(row, bare, one.key, bars)
            wanted = ANOTHER
        choices[one.id] = wanted
    fallen: dict[str, frozenset[date]] = {}
    for one in cannot:
        if choices[one.id] != MISS:
            fallen[one.key] = fallen.get(one.key, frozenset()) | {one.day}
    repair = Repair(problem, fallen, Clock.of(SECONDS)) if fallen else bare
    hand = Hand(problem, raw, row.names, repair.board, fallen)
    table = _Table(row, hand, repair, choices, must)
    try:
        found = repair.ways(3 if len(repair.hit) == 1 else 1)
    except NoPlanError:
        table.because = (LATE,)
        return table
    table.ways = tuple(_way(table, way) for way in found.replacements)
    table.because = tuple(hand.spoken(each) for each in found.because)
    return table


def _spoken(row: ProposalRow, repair: Repair, key: str, bars: Iterable[Bar]) -> str:
    event = repair.frames.catalog.events[key]
    words = [facts.in_words(said(repair.frames.catalog, event, bar), row.names) for bar in bars]
    return f"It needs another day. {' '.join(words)}"


def _way(table: _Table, way: Replacement) -> Way:
    days = sum(move.was is None or move.was.date != move.now.date for move in way.moves)
    count = "1 date moves" if len(way.moves) == 1 else f"{len(way.moves)} dates move"
    to = f" to {spoken_date(way.moves[0].now.date)}" if len(way.moves) == 1 and days else ""
    return Way(
        heading=f"{count}{to}",
        fewest=way.fewest,
        lines=tuple(_line(table, move) for move in way.moves),
        means=costs(table.hand, table.repair.differences(way)),
        moves=written_moves(move.now for move in way.moves),
    )


def _line(table: _Table, move: Move) -> MoveLine:
    hand = table.hand
    people = []
    for ids, words in ((move.cannot, "could not come then"), (move.can, "could come again")):
        if ids:
            people.append(f"{listed(sorted(hand.names.get(one, 'somebody') for one in ids))} {words}.")
    return MoveLine(
        what=hand.called(move.event),
        was=_place(table, move.was) if move.was else "no date yet",
        now=_place(table, move.now),
        because=hand.spoken(move.because),
        people=tuple(people),
        asked=len(set(move.people) - set(move.cannot)),
    )


def _place(table: _Table, placed: PlacedEvent) -> str:
    at = f", at {table.hand.names.get(placed.host, placed.host)}" if placed.host else ""
    return f"{in_words(placed.date, placed.slot)}{at}"
