"""Three plans that differ in what they favour: the hub's own weights, leaning to one side (docs/rules/schedule.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.domain.schedule.problem import Problem
from app.domain.schedule.weights import MOST, Weights


def _times(factor: int) -> Callable[[int], int]:
    return lambda weight: min(MOST, weight * factor)


def _share(part: int) -> Callable[[int], int]:
    """A part of a weight; what costs something goes on costing something."""
    return lambda weight: max(min(weight, 1), weight // part)


@dataclass(frozen=True, slots=True)
class Taste:
    """What a plan favours: its key, its name on a page, a sentence, and how it bends the weights."""

    key: str
    name: str
    says: str
    bends: Mapping[str, Callable[[int], int]]

    def weights(self, own: Weights) -> Weights:
        """The hub's own weights, leaning this way."""
        return replace(own, **{key: bend(getattr(own, key)) for key, bend in self.bends.items()})


TASTES = (
    Taste(
        "absences",
        "Fewest absences",
        "As many of the people named as can be come to their dates, even where it takes longer journeys.",
        {"meeting_absent": _times(5), "visit_absent": _times(5), "meeting_busy": _times(3)},
    ),
    Taste(
        "travel",
        "Least travel",
        "Journeys are short: hosts near the middle of their group, and visits to neighbours on one day.",
        {
            "meeting_travel_divisor": _share(5),
            "meeting_absent": _share(2),
            "meeting_hosted_before": _share(2),
            "meeting_host_again": _share(4),
            "visit_absent": _share(4),
            **dict.fromkeys(("visit_edge", "visit_friday", "visit_afternoon"), _share(2)),
            **dict.fromkeys(("visit_gap_near_cost", "visit_gap_far_cost"), _share(2)),
            **dict.fromkeys(("observation_afternoon", "observation_edge"), _share(2)),
        },
    ),
    Taste(
        "even",
        "Most even",
        "Dates lie evenly over the year, and as many schools as can be take their turn as host.",
        {
            **dict.fromkeys(("meeting_gap_near", "visit_gap_near"), _share(2)),
            **dict.fromkeys(("meeting_gap_near_cost", "meeting_gap_far_cost"), _times(3)),
            **dict.fromkeys(("visit_gap_near_cost", "visit_gap_far_cost"), _times(3)),
            "meeting_host_again": _times(5),
            "meeting_hosted_before": _times(3),
            "meeting_rather_not": _times(2),
            "meeting_travel_divisor": _times(3),
        },
    ),
)


def favouring(problem: Problem, taste: Taste) -> Problem:
    """The same problem with weights that lean to one side; its rules, and the price of moves, stay."""
    return replace(problem, weights=taste.weights(problem.weights))
