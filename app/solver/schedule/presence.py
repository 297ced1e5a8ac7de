"""Visits and observations that cost nothing but must fit: columns that keep room for a later stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from app.domain.schedule.candidates import Catalog, Event, Place, least_gap
from app.domain.schedule.occupied import Occupied
from app.solver.schedule.board import Board
from app.solver.schedule.spacing import Chain, chain, keep_apart


def add_presence(board: Board, occupied: Occupied, attached: Iterable[Event], meetings: Mapping[str, Chain]) -> None:
    """Adds a column for each place of each attached event, with every rule that binds it to the rest of the board."""
    catalog, chains = board.catalog, {}
    for event in attached:
        if event.name in catalog.problem.held:
            continue
        columns: dict[int, list[int]] = defaultdict(list)
        for place in _possible(catalog, event, occupied.places(event), meetings):
            column = board.model.yes_no(0, place.moved)
            columns[place.day].append(column)
            board.single(event, place.day, place.slot, column)
        board.model.exactly([each for day in columns.values() for each in day])
        if event.kind == "visit":
            chains[event.name] = chain(board.model, columns)
        else:
            between(board, event, columns, meetings)
    for series in catalog.series.values():
        for early, late in pairwise(series):
            if early.name in chains and late.name in chains:
                keep_apart(board.model, chains[early.name], chains[late.name], least_gap(catalog, early))


def _possible(catalog: Catalog, event: Event, places: tuple[Place, ...], meetings: Mapping[str, Chain]) -> list[Place]:
    """An observation's places without those that no choice of its meetings allows."""
    if event.kind == "visit":
        return list(places)
    after, before = _bounds(catalog, event, meetings)
    return [
        place
        for place in places
        if (after is None or (after.days and place.day > after.days[0]))
        and (before is None or (before.days and place.day < before.days[-1]))
    ]


def _bounds(catalog: Catalog, event: Event, meetings: Mapping[str, Chain]) -> tuple[Chain | None, Chain | None]:
    seen = catalog.observation[event.name]
    after = meetings.get(f"{seen.after[0]}/{seen.after[1]}") if seen.after else None
    before = meetings.get(f"{seen.before[0]}/{seen.before[1]}") if seen.before else None
    return after, before


def between(board: Board, event: Event, columns: dict[int, list[int]], meetings: Mapping[str, Chain]) -> None:
    """An observation by day d needs its first meeting before d; one from day d on needs its second after d."""
    after, before = _bounds(board.catalog, event, meetings)
    days = sorted(columns)
    for n, day in enumerate(days):
        if after is not None:
            so_far = [(each, 1.0) for early in days[: n + 1] for each in columns[early]]
            met = after.until(day - 1)
            board.model.row_at_most(so_far if met is None else [*so_far, (met, -1.0)], 0.0)
        if before is not None:
            from_here = [(each, 1.0) for late in days[n:] for each in columns[late]]
            met = before.until(day)
            if met is not None:
                board.model.row_at_most([*from_here, (met, 1.0)], 1.0)
