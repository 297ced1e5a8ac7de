"""The fewest moves: a model of the events that move alone, which takes in others only when they are in the way.

An event that is not yet in the model may be pushed aside at the price of one move, wherever it then goes. So each model
is a relaxation of the whole hub, and its least number of moves is a bound; when nobody is pushed aside unplaced any
more, it is the answer (docs/decisions/0027-repair.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from app.domain.schedule.candidates import Catalog, Event, gap_pieces, least_gap
from app.domain.schedule.frames import Option
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.single import Board
from app.kit.errors import NoPlanError
from app.solver.schedule.board import Board as Rows
from app.solver.schedule.model import Clock, Model, Outcome
from app.solver.schedule.presence import between
from app.solver.schedule.rest import Rest
from app.solver.schedule.spacing import Chain, chain, charge_gap, keep_apart

ROUNDS = 6  # models in search of the cheapest way before a cheap one will do


@dataclass(frozen=True, slots=True)
class Moves:
    """The events that move, with their new places; fewer than `bound` moves cannot do."""

    places: tuple[PlacedEvent, ...]
    bound: int


@dataclass(slots=True)
class _Built:
    """A model with what its columns mean: places of active events, and others that are pushed aside."""

    catalog: Catalog
    model: Model = field(default_factory=Model)
    choices: list[tuple[int, Event, Option]] = field(default_factory=list)
    aside: dict[str, int] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)

    def push(self, name: str) -> int:
        """The column that says that an event not in the model moves."""
        if name not in self.aside:
            self.aside[name] = self.model.yes_no(0, 1)
        return self.aside[name]

    def pushed(self, outcome: Outcome) -> list[str]:
        """Who is pushed aside without a place of their own yet."""
        return [name for name, column in self.aside.items() if outcome.values[column] > 0.5]

    def places(self, outcome: Outcome) -> list[PlacedEvent]:
        """Where the active events are."""
        return [option.as_placed(event.name) for column, event, option in self.choices if outcome.values[column] > 0.5]


class Cascade:
    """A plan in which some events must move, and those that may make way for them."""

    def __init__(self, board: Board, hit: Iterable[str], movable: frozenset[str]) -> None:
        """`hit` events are placed anew; of the others only the `movable` ones may make way."""
        self.catalog, self.plan, self.movable = board.catalog, board.placed, movable
        self.active = dict.fromkeys(hit)
        self.avoided: set[tuple[str, int]] = set()
        self.rest = Rest(board)

    def avoid(self, name: str, day: int) -> None:
        """From now on the event must not be on this day: the next answer is another one."""
        self.avoided.add((name, day))

    def fewest(self, clock: Clock, least: int = 0) -> Moves | None:
        """The fewest moves, and among them a cheap choice; None when it is proved that no moves help.

        `least` moves are known to be needed.
        """
        while True:
            built = self._build()
            outcome = built.model.least_moves(clock)
            if outcome.status == "infeasible":
                return None
            _needs_time(outcome)
            least = max(least, outcome.bound)
            places = self._within(built, least, clock)
            if places is not None:
                return Moves(tuple(each for each in places if self.plan.get(each.event) != each), least)
            least += 1

    def _within(self, built: _Built, most: int, clock: Clock) -> list[PlacedEvent] | None:
        """A cheap way with so many moves or fewer; None when it is proved that there is none."""
        n = 0
        while True:
            n += 1
            built.model.moves_at_most(most)
            outcome = built.model.solve(clock)
            if outcome.status == "infeasible":
                return None
            _needs_time(outcome)
            pushed = built.pushed(outcome)
            if not pushed:
                return built.places(outcome)
            if n % ROUNDS == 0:  # whoever is in the model by now will do, if they can
                built.model.at_most(built.aside.values(), 0)
                outcome = built.model.solve(clock)
                if outcome.found:
                    return built.places(outcome)
            self.active |= dict.fromkeys(pushed)
            built = self._build()

    def _build(self) -> _Built:
        built = _Built(self.catalog)
        self.rest.take_out(self.active)
        rows = Rows(built.model, self.catalog)
        meetings: dict[int, list[int]] = defaultdict(list)
        in_the_way: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        for name in self.active:
            event, columns = self.catalog.events[name], defaultdict(list)
            for option in self._options(event):
                stays = self.plan.get(name) == option.as_placed(name)
                column = built.model.yes_no(option.change, 0 if stays else 1)
                built.choices.append((column, event, option))
                columns[option.day].append(column)
                for others in dict.fromkeys(self._others(option)):
                    in_the_way[name, others].append(column)
                if event.kind == "meeting":
                    rows.meeting(event, option.day, column)
                    meetings[option.day].append(column)
                else:
                    rows.single(event, option.day, option.slot, column)
            built.model.exactly([each for day in columns.values() for each in day])
            built.chains[name] = chain(built.model, columns)
        for (_, others), columns_then in in_the_way.items():
            terms = [(each, 1.0) for each in columns_then]
            built.model.row_at_most([*terms, *((built.push(other), -1.0) for other in sorted(others))], 0.0)
        self._cap(built, meetings)
        self._among_active(built, rows)
        rows.close()
        return built

    def _options(self, event: Event) -> list[Option]:
        """The places that others can make way for; of a meeting's two half-days with one host the cheaper."""
        allowed = [
            option
            for option in self.rest.reach(event.name)
            if (event.name, option.day) not in self.avoided and all(self._others(option))
        ]
        if event.kind != "meeting":
            return allowed
        best: dict[tuple[int, str | None, bool], Option] = {}
        for option in allowed:
            key = option.day, option.host, self.plan.get(event.name) == option.as_placed(event.name)
            if key not in best or option.change < best[key].change:
                best[key] = option
        return list(best.values())

    def _others(self, option: Option) -> list[frozenset[str]]:
        """For each rule in the way, who could make way; the cap has a row of its own."""
        return [self.movable.intersection(bar.others) for bar in option.bars if bar.rule != "R10"]

    def _cap(self, built: _Built, meetings: Mapping[int, list[int]]) -> None:
        cap = self.catalog.problem.meetings_per_day
        if cap is None:
            return
        for day, columns in meetings.items():
            there = self.rest.board.meetings.get(day, [])
            aside = [(built.push(name), -1.0) for name in there if name in self.movable]
            built.model.row_at_most([*((each, 1.0) for each in columns), *aside], max(0.0, float(cap - len(there))))

    def _among_active(self, built: _Built, rows: Rows) -> None:
        """R8, gaps, R1 and hosting again between events that are both in the model."""
        catalog, again = self.catalog, self.catalog.problem.weights.meeting_host_again
        for series in catalog.series.values():
            for early, late in pairwise(series):
                if early.name in built.chains and late.name in built.chains:
                    aim, pieces = gap_pieces(catalog.problem, early.kind)
                    first, second = built.chains[early.name], built.chains[late.name]
                    keep_apart(built.model, first, second, least_gap(catalog, early))
                    charge_gap(built.model, first, second, aim * (late.k - early.k), pieces)
        hosting: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        days: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for column, event, option in built.choices:
            if event.kind == "meeting":
                hosting[event.series, option.host].append(column)
            elif event.kind == "observation":
                days[event.name][option.day].append(column)
        for columns in hosting.values():
            more = built.model.amount(again)
            built.model.row_at_most([(more, -1.0), *((each, 1.0) for each in columns)], 1.0)
        for name, by_day in days.items():
            between(rows, catalog.events[name], by_day, built.chains)


def _needs_time(outcome: Outcome) -> None:
    if outcome.status == "unknown":
        raise NoPlanError("No way out was found in the time given, and none was ruled out; give it more seconds.")
