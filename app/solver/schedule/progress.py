"""How far a solve has come, told to whoever waits."""

from collections.abc import Callable
from dataclasses import dataclass

STAGES = ("meetings", "visits", "observations")


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage's cost and bound so far (None: not known yet), and how many of the three stages are done.

    Within a stage, `part` of `parts` are done: people whose visits or observations are solved by themselves.
    """

    stage: str
    cost: int | None
    bound: int | None
    done: int
    of: int
    part: int = 0
    parts: int = 0


Say = Callable[[str, int | None, int | None, int, int], None]
