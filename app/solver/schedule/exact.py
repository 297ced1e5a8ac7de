"""The exact solver: meetings, then visits, then observations, each at its least among what can be completed.

Each stage is solved as a relaxation of the whole: later stages are left out until someone in them is stuck. Their
events are then attached, as columns that cost nothing but must fit, and the stage is solved again. So the first that
can be completed is the cheapest, and only a relaxation without a solution proves that there is no plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.schedule.candidates import Catalog, Event
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent, Plan, Stage
from app.kit.errors import NoPlanError
from app.solver.schedule.blocks import events_of
from app.solver.schedule.completing import Completing, Need, StuckError
from app.solver.schedule.costs import held_meetings_cost, stage_costs
from app.solver.schedule.greedy import solve_greedy
from app.solver.schedule.meetings import meetings_model
from app.solver.schedule.model import Clock, Outcome
from app.solver.schedule.progress import Say
from app.solver.schedule.why import Stuck, find_stuck, in_sentences

MEETINGS_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Meetings:
    """Stage one solved: the meetings, what they cost, and what moving the rest may cost (None: no old plan)."""

    events: tuple[PlacedEvent, ...]
    stage: Stage
    proved: bool
    rest_moved: int | None


def solve_exact(catalog: Catalog, clock: Clock, say: Say) -> Plan:
    """The plan of a problem, or an infeasible one with reasons; raises NoPlanError when time ran out with neither."""
    found = plan_or_stuck(catalog, clock, say)
    if isinstance(found, Plan):
        return found
    occupied = Occupied(catalog, catalog.problem.held.values())
    return Plan("infeasible", (), {}, in_sentences(catalog, occupied, found))


def plan_or_stuck(catalog: Catalog, clock: Clock, say: Say) -> Plan | Stuck:
    """The plan of a problem, or what is stuck when none exists; raises NoPlanError when time ran out with neither."""
    occupied = Occupied(catalog, catalog.problem.held.values())
    attached: list[Need] = []
    if any(not occupied.places(event) for event in catalog.events.values()):
        return find_stuck(catalog, occupied, (), clock)
    while True:
        say("meetings", None, None, 0, 3)
        meetings = _meetings(catalog, occupied, attached, clock)
        if meetings is None:
            return find_stuck(catalog, occupied, attached, clock)
        say("meetings", meetings.stage.cost, meetings.stage.bound, 1, 3)
        try:
            return _finish(catalog, meetings, clock, say)
        except StuckError as stuck:
            attached += _further(catalog, attached, stuck.needs)
        except NoPlanError:  # time ran out: these meetings are good, the rest may still be filled
            rest = solve_greedy(catalog, say, meetings.events)
            return replace(rest, stages={**rest.stages, "meetings": meetings.stage})


def _further(catalog: Catalog, attached: Sequence[Need], stuck: Iterable[Need]) -> list[Need]:
    """Who is attached next: the stuck, or everybody when all of those are attached already."""
    new = [need for need in stuck if need not in attached]
    if not new:
        new = [need for need in everybody(catalog) if need not in attached]
    if not new:
        raise NoPlanError("The solver contradicts itself on this problem; keep the file and report it.")
    return new


def everybody(catalog: Catalog) -> list[Need]:
    """All visitors and observers."""
    visitors = [Need("visit", each.visitor) for each in catalog.problem.visits]
    observers = [Need("observation", each.observer) for each in catalog.problem.observations]
    return list(dict.fromkeys([*visitors, *observers]))


def attached_events(catalog: Catalog, attached: Iterable[Need]) -> list[Event]:
    """The visits and observations of those attached."""
    return [event for need in attached for event in events_of(catalog, need.kind, need.person)]


def _meetings(catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock) -> Meetings | None:
    """The cheapest meetings beside those attached, moving as little as can be; None when proved impossible."""
    events = attached_events(catalog, attached)
    built = meetings_model(catalog, occupied, events)
    rest, proved = None, True
    if catalog.problem.plan is not None:
        least = built.model.least_moves(clock.part(MEETINGS_SHARE))
        if least.status == "infeasible":
            return None
        _needs_time(least)
        proved = least.status == "optimal"
        built.model.moves_at_most(least.cost)
        inside = {event.name for event in events} | {event.name for event in catalog.of("meeting")}
        inside |= set(catalog.problem.held)
        outside = [event for name, event in catalog.events.items() if name not in inside]
        rest = least.cost + sum(min(place.moved for place in occupied.places(event)) for event in outside)
    clock.begin("meetings", 1, held_meetings_cost(catalog))
    outcome = built.model.solve(clock.part(MEETINGS_SHARE))
    if outcome.status == "infeasible":
        return None
    _needs_time(outcome)
    placed = tuple(built.places(outcome))
    if rest is not None:
        rest -= moved(catalog, placed)
    cost = stage_costs(catalog, (*catalog.problem.held.values(), *placed))["meetings"]
    stage = Stage(cost, cost - (outcome.cost - outcome.bound))
    return Meetings(placed, stage, outcome.status == "optimal" and proved, rest)


def moved(catalog: Catalog, placed: Iterable[PlacedEvent]) -> int:
    """What it costs to move these events to where they are."""
    return sum(catalog.moving(catalog.events[each.event], each.date, each.slot, each.host) for each in placed)


def _needs_time(outcome: Outcome) -> None:
    if outcome.status == "unknown":
        raise NoPlanError("No plan was found in the time given, and none was ruled out; give it more seconds.")


def _finish(catalog: Catalog, meetings: Meetings, clock: Clock, say: Say) -> Plan:
    """The visits and observations for these meetings; raises StuckError naming those for whom there is no room."""
    done = Completing(catalog, clock, say).complete(meetings.events, meetings.rest_moved)
    events = {each.event: each for each in (*catalog.problem.held.values(), *meetings.events, *done.events)}
    stages = {"meetings": meetings.stage, **done.stages}
    proved = meetings.proved and done.proved
    return Plan("optimal" if proved else "feasible", tuple(events[name] for name in catalog.events), stages)
