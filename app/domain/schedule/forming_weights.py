"""What each part of the cost of groups weighs, unless a problem says otherwise."""

from dataclasses import dataclass, fields

from app.domain.schedule.reading import Value

MOST = 100_000  # beyond this the optimiser could not tell one minute from none


@dataclass(frozen=True, slots=True)
class FormingWeights:
    """Cost weights with their defaults, in minutes of travel (docs/rules/forming.md, costs)."""

    far: int = 30  # minutes from which a journey is far
    far_cost: int = 2  # each minute beyond, on top of the minute itself
    very_far: int = 45
    very_far_cost: int = 4
    group: int = 60  # each group, beyond the travelling
    other_years: int = 15  # a school that shares no year group with the middle school
    waiting: int = 2000  # a school that waits


def read_forming_weights(value: Value) -> FormingWeights:
    """Overrides of the defaults from JSON; an unknown key is refused."""
    part = value.keys((), [each.name for each in fields(FormingWeights)])
    known = FormingWeights.__dataclass_fields__
    return FormingWeights(**{key: number.number(0, MOST) for key, number in part.items() if key in known})
