"""The relaxation ladder: every choice a lead has when there is no plan, tried."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from app.domain.schedule.candidates import Catalog, Event
from app.domain.schedule.frames import Frames
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem
from app.domain.schedule.relaxing import Choice, choices
from app.kit.errors import NoPlanError
from app.solver.schedule.exact import attached_events, everybody, plan_or_stuck
from app.solver.schedule.greedy import solve_greedy
from app.solver.schedule.meetings import meetings_model
from app.solver.schedule.model import Clock
from app.solver.schedule.why import Stuck, fit, in_sentences

MOST_EVENTS = 12
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """A choice, and whether a plan exists then (None: not known in the time given)."""

    choice: Choice
    exists: bool | None


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Why there is no plan, and the choices, those that give one first; empty when there is a plan."""

    because: tuple[str, ...]
    tried: tuple[Tried, ...]


def relax(problem: Problem, seconds: float | None = None, tell: Tell | None = None) -> Relaxed:
    """Why a problem has no plan, and what would give it one; raises NoPlanError when time runs out before that.

    `tell` hears how many of how many choices are tried.
    """
    catalog, clock = Catalog(problem), Clock.of(seconds)
    found = plan_or_stuck(catalog, clock, _quiet)
    if isinstance(found, Plan):
        return Relaxed((), ())
    occupied = Occupied(catalog, problem.held.values())
    because = in_sentences(catalog, occupied, found)
    events = [*found.alone, *found.meetings, *found.theirs][:MOST_EVENTS]
    every = choices(Frames(catalog), events, [need.person for need in found.people])
    subjects, tried = _by_subject(every), list[Tried]()
    for tries in subjects:
        if tell:
            tell(len(tried), len(subjects))
        tried.append(_first_that_works(catalog, tries, found, clock))
    order = {True: 0, None: 1, False: 2}
    return Relaxed(because, tuple(sorted(tried, key=lambda each: order[each.exists])))


def _by_subject(every: Iterable[Choice]) -> list[list[Choice]]:
    return [list(tries) for _, tries in groupby(every, key=lambda choice: (choice.kind, choice.about))]


def _first_that_works(catalog: Catalog, tries: list[Choice], stuck: Stuck, clock: Clock) -> Tried:
    """The first try that gives a plan; when none does, the first."""
    known: list[Tried] = []
    for choice in tries:
        changed = catalog.changed(choice.problem, choice.changed)
        known.append(Tried(choice, _loosens(changed, stuck, clock) and exists(changed, clock)))
        if known[-1].exists:
            return known[-1]
    return next((each for each in known if each.exists is None), known[0])


def _loosens(catalog: Catalog, stuck: Stuck, clock: Clock) -> bool:
    """Whether what was stuck fits now, as far as it goes: quickly told, and without it there is no plan."""
    occupied = Occupied(catalog, catalog.problem.held.values())
    left = [[catalog.events[each.name] for each in some if each.name in catalog.events] for some in _parts(stuck)]
    return all(occupied.places(event) for event in left[0]) and fit(catalog, occupied, left[1], left[2], clock)


def _parts(stuck: Stuck) -> tuple[tuple[Event, ...], ...]:
    return stuck.alone, stuck.meetings, stuck.theirs


def exists(catalog: Catalog, clock: Clock) -> bool | None:
    """Whether a problem has a plan at all; None when that is not known in the time given."""
    occupied = Occupied(catalog, catalog.problem.held.values())
    if any(not occupied.places(event) for event in catalog.events.values()):
        return False
    try:
        return solve_greedy(catalog, _quiet).status == "feasible"
    except NoPlanError:
        whole = meetings_model(catalog, occupied, attached_events(catalog, everybody(catalog)))
        return {"infeasible": False, "unknown": None}.get(whole.model.possible(clock).status, True)


def _quiet(_stage: str, _cost: int | None, _bound: int | None, _done: int, _of: int) -> None:
    """Tells nobody."""
