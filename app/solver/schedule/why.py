"""Why there is no plan: events without a place, or the smallest set of groups and people that do not fit together."""

from collections.abc import Sequence

from app.domain.schedule.candidates import Catalog, Event
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.problem import ALL_SIX
from app.domain.schedule.reasons import nowhere, together
from app.solver.schedule.blocks import events_of
from app.solver.schedule.completing import Need
from app.solver.schedule.meetings import meetings_model
from app.solver.schedule.model import Clock


def why_infeasible(catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock) -> tuple[str, ...]:
    """Sentences that name the rules and ids because of which no plan exists."""
    alone = [event for event in catalog.events.values() if not occupied.places(event)]
    if alone:
        return tuple(nowhere(catalog, occupied, event) for event in alone)
    return (together(catalog, *_smallest(catalog, occupied, attached, clock)),)


def _smallest(
    catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock
) -> tuple[list[Event], list[tuple[str, str]]]:
    """Meetings, and people whose visits or observations, that have no places together: none can be left out."""
    meetings, people = catalog.of("meeting"), list(attached)

    def none(meetings: Sequence[Event], people: Sequence[Need]) -> bool:
        events = [event for need in people for event in events_of(catalog, need.kind, need.person)]
        names = {event.name for event in meetings}
        return meetings_model(catalog, occupied, events, names).model.possible(clock).status == "infeasible"

    for need in attached:
        fewer = [each for each in people if each != need]
        if none(meetings, fewer):
            people = fewer
    parts = [("series", group.id) for group in catalog.problem.groups] + [("k", k) for k in ALL_SIX]
    for what, which in parts:
        left = [event for event in meetings if getattr(event, what) != which]
        if len(left) < len(meetings) and none(left, people):
            meetings = left
    return meetings, [(need.kind, need.person) for need in people]
