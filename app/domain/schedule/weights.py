"""What each part of a cost weighs, unless a problem says otherwise."""

from dataclasses import dataclass, fields

from app.domain.schedule.reading import Value

MOST = 1_000_000  # beyond this the optimiser could not tell one unit from none


@dataclass(frozen=True, slots=True)
class Weights:
    """Cost weights with their defaults (docs/rules/schedule.md, costs)."""

    meeting_absent: int = 1000
    meeting_busy: int = 20
    meeting_edge: int = 15
    meeting_edge_days: int = 5
    meeting_afternoon: int = 4
    meeting_travel_divisor: int = 10
    meeting_hosted_before: int = 8
    meeting_rather_not: int = 15
    meeting_host_again: int = 60
    meeting_first_host: int = 40
    meeting_gap_aim: int = 42
    meeting_gap_near: int = 7
    meeting_gap_near_cost: int = 2
    meeting_gap_far: int = 21
    meeting_gap_far_cost: int = 5
    visit_absent: int = 400
    visit_edge: int = 10
    visit_edge_days: int = 5
    visit_friday: int = 4
    visit_afternoon: int = 3
    visit_gap_aim: int = 42
    visit_gap_near: int = 10
    visit_gap_near_cost: int = 2
    visit_gap_far: int = 24
    visit_gap_far_cost: int = 4
    observation_afternoon: int = 3
    observation_edge: int = 10
    observation_edge_days: int = 3
    moved_date: int = 1000
    moved_host: int = 250
    moved_half_day: int = 100


def read_weights(value: Value) -> Weights:
    """Overrides of the defaults from JSON; an unknown key is refused."""
    part = value.keys((), [each.name for each in fields(Weights)])
    given = {}
    for key, number in part.items():
        if key in Weights.__dataclass_fields__:
            given[key] = number.number(1 if key == "meeting_travel_divisor" else 0, MOST)
    return Weights(**given)
