"""Stage one: the meetings of all groups in one model, with attached people's visits and observations beside them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from app.domain.schedule.candidates import Catalog, Event, Place, gap_pieces, least_gap
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent
from app.solver.schedule.board import Board
from app.solver.schedule.model import Model, Outcome
from app.solver.schedule.presence import add_presence
from app.solver.schedule.spacing import Chain, chain, charge_gap, keep_apart


@dataclass(slots=True)
class MeetingsModel:
    """The model of stage one, and what its columns mean."""

    catalog: Catalog
    occupied: Occupied
    model: Model = field(default_factory=Model)
    choices: list[tuple[int, Event, Place]] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)

    def places(self, outcome: Outcome) -> list[PlacedEvent]:
        """The meetings as the outcome places them."""
        return [place.as_placed(event.name) for column, event, place in self.choices if outcome.values[column] > 0.5]


def meetings_model(
    catalog: Catalog, occupied: Occupied, attached: Iterable[Event], only: Collection[str] | None = None
) -> MeetingsModel:
    """All meetings that are not held, or `only` those named, with `attached` events that must fit beside them."""
    built = MeetingsModel(catalog, occupied)
    board = Board(built.model, catalog)
    by_day: dict[int, list[int]] = defaultdict(list)
    for event in catalog.of("meeting"):
        if event.name in catalog.problem.held or (only is not None and event.name not in only):
            continue
        columns: dict[int, list[int]] = defaultdict(list)
        for place in better_half_days(occupied.places(event)):
            column = built.model.yes_no(place.cost + occupied.gap_cost(event, place), place.moved)
            built.choices.append((column, event, place))
            columns[place.day].append(column)
            by_day[place.day].append(column)
            board.meeting(event, place.day, column)
        built.model.exactly([each for day in columns.values() for each in day])
        built.chains[event.name] = chain(built.model, columns)
    _space(built)
    _host_again(built)
    cap = catalog.problem.meetings_per_day
    if cap is not None:
        for day, taken in by_day.items():
            board.cap(taken, cap - occupied.meetings[day])
    add_presence(board, occupied, attached, built.chains)
    board.close()
    return built


def better_half_days(places: Iterable[Place]) -> list[Place]:
    """Of each day and host, the half-days that no other beats in both cost and moving; the morning of equals."""
    best: dict[tuple[int, str | None], list[Place]] = defaultdict(list)
    for place in places:
        rivals = best[place.day, place.host]
        if any(other.cost <= place.cost and other.moved <= place.moved for other in rivals):
            continue
        best[place.day, place.host] = [
            other for other in rivals if other.cost < place.cost or other.moved < place.moved
        ] + [place]
    return [place for rivals in best.values() for place in rivals]


def _space(built: MeetingsModel) -> None:
    aim, pieces = gap_pieces(built.catalog.problem, "meeting")
    for group in built.catalog.problem.groups:
        for early, late in pairwise(built.catalog.series.get(group.id, ())):
            if early.name in built.chains and late.name in built.chains:
                first, second = built.chains[early.name], built.chains[late.name]
                keep_apart(built.model, first, second, least_gap(built.catalog, early))
                charge_gap(built.model, first, second, aim * (late.k - early.k), pieces)


def _host_again(built: MeetingsModel) -> None:
    """Charges every time after the first that a school hosts the same group."""
    hosting: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for column, event, place in built.choices:
        hosting[event.series, place.host].append(column)
    before: dict[tuple[str, str | None], int] = defaultdict(int)
    for name, held in built.catalog.problem.held.items():
        event = built.catalog.events[name]
        if event.kind == "meeting":
            before[event.series, held.host] += 1
    for key in sorted({*hosting, *before}, key=str):
        again = built.model.amount(built.catalog.problem.weights.meeting_host_again)
        built.model.row_at_most([(again, -1.0), *((each, 1.0) for each in hosting[key])], 1.0 - before[key])
