"""Why there is no plan: events without a place, or the smallest set of groups and people that do not fit together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.schedule.candidates import Catalog, Event
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.problem import ALL_SIX
from app.domain.schedule.reasons import nowhere, together
from app.solver.schedule.blocks import events_of
from app.solver.schedule.completing import Need
from app.solver.schedule.meetings import meetings_model
from app.solver.schedule.model import Clock


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why there is no plan: events without a place; else meetings, and people's events, that do not fit together."""

    alone: tuple[Event, ...]
    meetings: tuple[Event, ...] = ()
    people: tuple[Need, ...] = ()
    theirs: tuple[Event, ...] = ()


def find_stuck(catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock) -> Stuck:
    """What is stuck in a problem that is proved to have no plan with these people attached."""
    alone = tuple(event for event in catalog.events.values() if not occupied.places(event))
    return Stuck(alone) if alone else _smallest(catalog, occupied, attached, clock)


def in_sentences(catalog: Catalog, occupied: Occupied, stuck: Stuck) -> tuple[str, ...]:
    """Sentences that name the rules and ids because of which no plan exists."""
    if stuck.alone:
        return tuple(nowhere(catalog, occupied, event) for event in stuck.alone)
    return (together(catalog, stuck.meetings, stuck.theirs),)


def why_infeasible(catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock) -> tuple[str, ...]:
    """Sentences that name the rules and ids because of which no plan exists."""
    return in_sentences(catalog, occupied, find_stuck(catalog, occupied, attached, clock))


def _smallest(catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock) -> Stuck:
    """Meetings, and people whose visits or observations, that have no places together: none can be left out."""
    meetings, people = catalog.of("meeting"), list(attached)

    def none(meetings: Sequence[Event], theirs: Sequence[Event]) -> bool:
        return not fit(catalog, occupied, meetings, theirs, clock)

    def of(people: Sequence[Need]) -> list[Event]:
        return [event for need in people for event in events_of(catalog, need.kind, need.person)]

    for need in attached:
        fewer = [each for each in people if each != need]
        if none(meetings, of(fewer)):
            people = fewer
    theirs = of(people)
    parts = [("series", group.id) for group in catalog.problem.groups] + [("k", k) for k in ALL_SIX]
    for what, which in parts:
        left = [event for event in meetings if getattr(event, what) != which]
        if len(left) < len(meetings) and none(left, theirs):
            meetings = left
    for k in ALL_SIX:
        left = [event for event in theirs if event.kind != "visit" or event.k != k]
        if len(left) < len(theirs) and none(meetings, left):
            theirs = left
    return Stuck((), tuple(meetings), tuple(people), tuple(theirs))


def fit(catalog: Catalog, occupied: Occupied, meetings: Iterable[Event], theirs: Iterable[Event], clock: Clock) -> bool:
    """Whether meetings and other events have places together, or may have: time can run out."""
    names = {event.name for event in meetings}
    return meetings_model(catalog, occupied, theirs, names).model.possible(clock).status != "infeasible"
