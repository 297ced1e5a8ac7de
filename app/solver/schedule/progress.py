"""How far a solve has come, told to whoever waits."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage's cost and bound so far (None: not known yet), and how many of the three stages are done."""

    stage: str
    cost: int | None
    bound: int | None
    done: int
    of: int


Say = Callable[[str, int | None, int | None, int, int], None]
