"""Why there is no plan: events without a place, or the smallest set of groups and people that do not fit together."""

from collections.abc import Sequence

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.reasons import nowhere, together
from app.solver.schedule.blocks import events_of
from app.solver.schedule.completing import Need
from app.solver.schedule.meetings import meetings_model
from app.solver.schedule.model import Clock

LOOK_SECONDS = 5.0  # for each smaller set that is tried; one that takes longer is taken to fit


def why_infeasible(catalog: Catalog, occupied: Occupied, attached: Sequence[Need], clock: Clock) -> tuple[str, ...]:
    """Sentences that name the rules and ids because of which no plan exists."""
    alone = [event for event in catalog.events.values() if not occupied.places(event)]
    if alone:
        return tuple(nowhere(catalog, occupied, event) for event in alone)
    groups = [group.id for group in catalog.problem.groups]
    people = list(attached)

    def still_none(groups: Sequence[str], people: Sequence[Need]) -> bool:
        events = [event for need in people for event in events_of(catalog, need.kind, need.person)]
        look = Clock.of(LOOK_SECONDS if clock.ends is None else min(LOOK_SECONDS, clock.left() or LOOK_SECONDS))
        return meetings_model(catalog, occupied, events, groups).model.least_moves(look).status == "infeasible"

    for need in list(people):
        fewer = [each for each in people if each != need]
        if still_none(groups, fewer):
            people = fewer
    for group in list(groups):
        fewer_groups = [each for each in groups if each != group]
        if still_none(fewer_groups, people):
            groups = fewer_groups
    return (together(groups, [(need.kind, need.person) for need in people]),)
