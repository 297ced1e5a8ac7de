"""Dates moved by hand, beside the year as it stands: the problem in which everything else stays where it is.

What is not in the calendar is left out, and what no longer keeps every rule stays all the same: only the dates that
somebody takes in hand are asked to keep the rules (docs/rules/schedule.md).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.domain.schedule import facts
from app.domain.schedule.bars import Bar, said
from app.domain.schedule.candidates import Catalog
from app.domain.schedule.differences import Differences, differences, told
from app.domain.schedule.facts import YearFacts
from app.domain.schedule.frames import Frames
from app.domain.schedule.judge_costs import Part
from app.domain.schedule.over import NOTICE
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import Observation, Problem, read_problem
from app.domain.schedule.single import Board
from app.domain.schedule.worst import event_name
from app.kit.errors import ConflictError

UNNAMED = {
    "release": "{who} releases teachers for something else that day.",
    "cap": "The hub has as many meetings as it allows on that day.",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """The year around the dates in hand; `names` are what people call the ids of the problem."""

    problem: Problem
    raw: Mapping[str, Any]
    names: Mapping[str, str]
    board: Board
    fallen: Mapping[str, frozenset[date]]  # days on which a date in hand cannot be: today

    def called(self, key: str) -> str:
        """What people call an event: "NCP26-D01, Autumn 2"."""
        return event_name(key, self.raw, self.names)

    def why_not(self, key: str, bar: Bar, seen: Collection[str] | None = None) -> str:
        """A rule against a place as a sentence; events that are not among those `seen` (None: all) stay unnamed."""
        if seen is not None and bar.what in UNNAMED and not set(seen).issuperset(bar.others):
            words = UNNAMED[bar.what].format(who=bar.who)
        else:
            words = said(self.board.catalog, self.board.catalog.events[key], bar)
        return self.spoken(words)

    def spoken(self, sentence: str) -> str:
        """A sentence of the planner with names for ids; it begins with a capital."""
        words = facts.in_words(sentence, self.names)
        return words[:1].upper() + words[1:]

    def told(self, keys: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the people and schools who must be told when these events move."""
        return told(self.board.catalog, keys)

    def here(self, key: str) -> tuple[Part, ...]:
        """What an event costs where it is, part by part, the dearest first."""
        near = _near(self.board.catalog, [key])
        now = [each for name, each in self.board.placed.items() if name in set(near.event_names)]
        return differences(near, [each for each in now if each.event != key], now).dearer

    def differences(self, *moves: PlacedEvent) -> Differences:
        """What these moves cost whom, in the part of the year that they can touch."""
        near = _near(self.board.catalog, [move.event for move in moves])
        before = [each for name, each in self.board.placed.items() if name in set(near.event_names)]
        now = {each.event: each for each in moves}
        return differences(near, before, [now.get(each.event, each) for each in before])


def in_hand(known: YearFacts, keys: Collection[str]) -> Hand:
    """The year with these events (by their slots' keys) in hand, moves costing nothing by themselves.

    Raises BadInputError when facts are lacking, ConflictError for an event that the year has no place for.
    """
    raw = _as_it_stands(known)
    problem = read_problem(raw)
    if set(keys) - set(problem.event_names):
        because = "This date is no part of the year as it is set up now, so no other day can be worked out."
        raise ConflictError(f"{because} Look at its Work Group, and at who takes part.")
    today = known.today or date.min
    fallen = {key: {today} for key in keys if problem.old[key].date <= today} if problem.plan else {}
    gone = {key: frozenset(days) for key, days in fallen.items()}
    still = replace(problem.weights, moved_date=0, moved_host=0, moved_half_day=0)
    since = today if gone else today + timedelta(1)
    problem = replace(problem, frozen_before=since, weights=still)
    problem = replace(problem, fixed=_staying(problem, keys, today))
    board = Board(Frames(Catalog(problem, gone)), {**problem.old, **problem.held}.values())
    return Hand(problem, raw, facts.names(known), board, gone)


def in_plan(raw: Mapping[str, Any], names: Mapping[str, str], plan: Iterable[PlacedEvent]) -> Hand:
    """A whole plan of a problem, to look at any of its dates: everything else stays where the plan has it."""
    problem, placed = read_problem(raw), tuple(plan)
    still = replace(problem.weights, moved_date=0, moved_host=0, moved_half_day=0)
    problem = replace(problem, plan=placed, weights=still)
    return Hand(problem, raw, names, Board(Frames(Catalog(problem)), placed), {})


def _as_it_stands(known: YearFacts) -> dict[str, Any]:
    """The year's problem without what has no date."""
    raw = facts.problem(known)
    there = {each.key for each in known.placed}
    for part in ("groups", "visits"):
        for row in raw[part]:
            row["half_terms"] = [k for k in row["half_terms"] if f"{row['id']}/{k}" in there]
        raw[part] = [row for row in raw[part] if row["half_terms"]]
    raw["observations"] = [_bounded(row, there) for row in raw["observations"] if row["id"] in there]
    events = {f"{row['id']}/{k}" for part in ("groups", "visits") for row in raw[part] for k in row["half_terms"]}
    events |= {row["id"] for row in raw["observations"]}
    raw["plan"] = [row for row in raw["plan"] or () if row["event"] in events]
    raw["fixed"] = [row for row in raw["fixed"] if row["event"] in events]
    return raw


def _bounded(row: dict[str, Any], there: Collection[str]) -> dict[str, Any]:
    bounds = {side: row[side] for side in ("after", "before")}
    return row | {side: at if at and f"{at[0]}/{at[1]}" in there else None for side, at in bounds.items()}


def _staying(problem: Problem, keys: Collection[str], today: date) -> tuple[PlacedEvent, ...]:
    """What is pinned, what lies within a week, and what breaks a rule already: these are not moved for the others."""
    board = Board(Frames(Catalog(problem)), {**problem.old, **problem.held}.values())
    soon = today + timedelta(NOTICE)
    more = [
        each
        for name, each in problem.old.items()
        if name not in problem.held and name not in keys and (each.date <= soon or board.against(each))
    ]
    return (*problem.fixed, *more)


def _near(catalog: Catalog, names: Iterable[str]) -> Problem:
    """The part of a problem whose costs can change when these events move: their series, and what their leaders do."""
    events = [catalog.events[name] for name in names]
    people, series = {event.person for event in events}, {event.series for event in events}
    problem = catalog.problem
    series |= {
        side[0] for each in problem.observations if each.id in series for side in (each.after, each.before) if side
    }
    observations = tuple(
        each
        for each in problem.observations
        if each.observer in people or series & {side[0] for side in (each.after, each.before) if side}
    )
    series |= {side[0] for each in observations for side in (each.after, each.before) if side}
    groups = tuple(each for each in problem.groups if each.id in series or each.leader in people)
    visits = tuple(each for each in problem.visits if each.id in series or each.visitor in people)
    part = replace(problem, groups=groups, visits=visits, observations=observations, fixed=())
    known = set(part.event_names)
    return replace(part, plan=tuple(each for each in problem.plan or () if each.event in known))


def _bounding(observations: Iterable[Observation]) -> set[str]:
    """The groups between whose meetings these observations lie."""
    return {side[0] for each in observations for side in (each.after, each.before) if side}


def refuse(hand: Hand, moves: Iterable[PlacedEvent]) -> None:
    """Raises ConflictError with the rules that these moves would break together."""
    moves = tuple(moves)
    board = hand.board.moved(*moves)
    for move in moves:
        bars = board.against(move)
        if bars:
            because = " ".join(dict.fromkeys(hand.why_not(move.event, bar) for bar in bars))
            raise ConflictError(f"{hand.called(move.event)} cannot move there. {because}")
