"""The quick solver: one event at a time in the file's order, each in its cheapest free place; the fake of tests."""

from collections import Counter
from collections.abc import Iterable

from app.domain.schedule.candidates import Catalog, Event, Place
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent, Plan, Stage
from app.kit.errors import NoPlanError
from app.solver.schedule.costs import stage_costs
from app.solver.schedule.days import route
from app.solver.schedule.model import Clock
from app.solver.schedule.progress import Say
from app.solver.schedule.why import why_infeasible

STAGES = (("meeting", "meetings"), ("visit", "visits"), ("observation", "observations"))


def solve_greedy(catalog: Catalog, say: Say, start: Iterable[PlacedEvent] = ()) -> Plan:
    """A plan from `start` on that nobody claims to be the best; raises NoPlanError when an event has no free place."""
    placed = {**catalog.problem.held, **{each.event: each for each in start}}
    occupied = Occupied(catalog, placed.values())
    if not start and any(not occupied.places(event) for event in catalog.events.values()):
        return Plan("infeasible", (), {}, why_infeasible(catalog, occupied, (), Clock()))
    hosted: Counter[tuple[str, str | None]] = Counter()
    for name, each in placed.items():
        if catalog.events[name].kind == "meeting":
            hosted[catalog.events[name].series, each.host] += 1
    for done, (kind, stage) in enumerate(STAGES):
        say(stage, None, None, done, len(STAGES))
        for event in catalog.of(kind):
            if event.name in placed:
                continue
            best = _cheapest(catalog, occupied, event, hosted)
            hosted[event.series, best.host] += 1
            placed[event.name] = best.as_placed(event.name)
            occupied.add(placed[event.name])
    costs = stage_costs(catalog, placed.values())
    stages = {stage: Stage(cost, min(0, cost)) for stage, cost in costs.items()}
    return Plan("feasible", tuple(placed[name] for name in catalog.events), stages)


def _cheapest(catalog: Catalog, occupied: Occupied, event: Event, hosted: Counter[tuple[str, str | None]]) -> Place:
    """The cheapest free place as things are; the earliest of equals."""
    again = catalog.problem.weights.meeting_host_again
    best: tuple[int, Place] | None = None
    for place in occupied.places(event):
        cost = place.cost + occupied.gap_cost(event, place)
        if event.kind == "meeting":
            cost += again * (hosted[event.series, place.host] > 0)
        else:
            cost += _added(occupied, event, place)
        if event.kind == "observation":
            cost += catalog.edged(event, place, occupied.placed).cost - place.cost
        if best is None or cost < best[0]:
            best = cost, place
    if best is None:
        raise NoPlanError(f"The greedy solver found no free place for {event.name}; the exact solver may find a plan.")
    return best[1]


def _added(occupied: Occupied, event: Event, place: Place) -> int:
    """Minutes that the event adds to its person's day."""
    kinds = ("visit",) if event.kind == "visit" else ("visit", "observation")
    with_it = route(occupied, event.person, place.day, kinds, ((event, place),))
    return with_it - route(occupied, event.person, place.day, kinds)
