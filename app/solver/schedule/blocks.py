"""Stages two and three: visits and observations, in blocks of people who do not interact once meetings are placed."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

from app.domain.schedule.candidates import Catalog, Event, Place, gap_pieces, least_gap
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent
from app.solver.schedule.board import Board
from app.solver.schedule.days import DayColumn, day_columns
from app.solver.schedule.model import Clock, Model, Outcome
from app.solver.schedule.odd_sets import OddSets, Pair
from app.solver.schedule.presence import add_presence
from app.solver.schedule.spacing import Chain, chain, charge_gap, keep_apart


@dataclass(frozen=True, slots=True)
class Block:
    """People whose events are solved together: those whose events are priced, and observers who only need room."""

    kind: str
    people: tuple[str, ...]
    room_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A solved block: the status of its model, how far its cost may be from the least, and what it costs in moves."""

    status: str
    events: tuple[PlacedEvent, ...] = ()
    unproved: int = 0
    moved: int = 0


@dataclass(slots=True)
class BlockModel:
    """The model of a block and what its columns mean."""

    model: Model = field(default_factory=Model)
    columns: dict[int, DayColumn] = field(default_factory=dict)
    pairs: dict[Pair, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_event: dict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))


def block_model(block: Block, occupied: Occupied) -> BlockModel:
    """Day columns for the people of a block beside all that is placed, and columns for those who need room."""
    catalog, built = occupied.catalog, BlockModel()
    board = Board(built.model, catalog)
    for person in block.people:
        free = [e for e in events_of(catalog, block.kind, person) if e.name not in catalog.problem.held]
        places = {event.name: _with_gaps(occupied, event) for event in free}
        kinds: tuple[str, ...] = ("visit",)
        both = any(each.observer == person for each in catalog.problem.observations)
        if block.kind == "observation":
            kinds, both = ("visit", "observation"), False
            for event in free:
                places[event.name] = [catalog.edged(event, p, occupied.placed) for p in places[event.name]]
        for each in day_columns(occupied, person, kinds, places, both=both):
            column = built.model.yes_no(each.cost, each.moved)
            built.columns[column] = each
            board.day(person, each.day, [(event, place.slot) for event, place in each.choices], column)
            names = sorted(event.name for event, _ in each.choices)
            for name in names:
                built.by_event[name][each.day].append(column)
            if len(names) == 2:
                built.pairs[names[0], names[1]].append(column)
        for event in free:
            built.model.exactly([each for day in built.by_event[event.name].values() for each in day])
    if block.kind == "visit":
        _space(catalog, built)
    room = [event for observer in block.room_for for event in events_of(catalog, "observation", observer)]
    add_presence(board, occupied, room, {})
    board.close()
    return built


def _with_gaps(occupied: Occupied, event: Event) -> list[Place]:
    """The free places of an event, with what the gaps to its placed neighbours cost."""
    every = occupied.places(event)
    if not any(occupied.neighbours(event)):
        return list(every)
    return [replace(place, cost=place.cost + occupied.gap_cost(event, place)) for place in every]


def events_of(catalog: Catalog, kind: str, person: str) -> list[Event]:
    """A person's events of one kind, held ones too."""
    return [event for event in catalog.events.values() if event.kind == kind and event.person == person]


def _space(catalog: Catalog, built: BlockModel) -> None:
    aim, pieces = gap_pieces(catalog.problem, "visit")
    for visits in catalog.problem.visits:
        chains: dict[str, Chain] = {}
        for early, late in pairwise(catalog.series.get(visits.id, ())):
            if early.name in built.by_event and late.name in built.by_event:
                for event in (early, late):
                    if event.name not in chains:
                        chains[event.name] = chain(built.model, built.by_event[event.name])
                first, second = chains[early.name], chains[late.name]
                keep_apart(built.model, first, second, least_gap(catalog, early))
                charge_gap(built.model, first, second, aim * (late.k - early.k), pieces)


def solve_block(block: Block, occupied: Occupied, clock: Clock, most_moved: int | None) -> Placed:
    """The cheapest places of a block's people that leave its observers room; `most_moved` caps the cost of moving."""
    built = block_model(block, occupied)
    if most_moved is not None:
        built.model.moves_at_most(most_moved)
    outcome = built.model.solve(clock, OddSets(built.pairs).cuts if built.pairs else None)
    return _read(built, outcome)


def least_moved(block: Block, occupied: Occupied, clock: Clock) -> Outcome:
    """The least cost of moving in a block, those who need room included."""
    return block_model(block, occupied).model.least_moves(clock)


def _read(built: BlockModel, outcome: Outcome) -> Placed:
    if not outcome.found:
        return Placed(outcome.status)
    chosen = [each for column, each in built.columns.items() if outcome.values[column] > 0.5]
    events = tuple(place.as_placed(event.name) for each in chosen for event, place in each.choices)
    moved = sum(each * round(value) for each, value in zip(built.model.moved, outcome.values, strict=True) if each)
    return Placed(outcome.status, events, outcome.cost - outcome.bound, moved)
