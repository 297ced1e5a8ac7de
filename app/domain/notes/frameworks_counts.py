"""Counts of reflections: a number that stands for fewer than five people is never shown, nor can it be subtracted.

Source: the trust boundary of docs/rules/notes.md. There is no total over indicators: together with an indicator's own
it would tell how few left that one out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FLOOR = 5  # people


@dataclass(frozen=True, slots=True)
class Shown:
    """How many people reflected and where they stand, step by step; None is kept back."""

    total: int | None
    cells: tuple[int | None, ...]


def shown(counts: Sequence[int]) -> Shown:
    """What may be seen of these counts of people, one for each step.

    Cells under the floor are kept back. So that nobody works them out from the total, the steps that follow go with
    them until at least two are kept back, which together stand for five people or more and could be other numbers:
    two cells that are known to be under five and to make eight are four and four. Which ones go along must not depend
    on how large they are: the smallest would tell by having been chosen.
    """
    total, many = sum(counts), len(counts)
    if total < FLOOR:
        return Shown(None, (None,) * many)
    hidden = [at for at, count in enumerate(counts) if count < FLOOR]
    after = hidden[0] + 1 if hidden else 0
    others = [at for at in ((after + n) % many for n in range(many)) if at not in hidden]
    while hidden and others and _told([counts[at] for at in hidden]):
        hidden.append(others.pop(0))
    return Shown(total, tuple(None if at in hidden else count for at, count in enumerate(counts)))


def _told(hidden: Sequence[int]) -> bool:
    """Whether the total less what is shown would tell of these after all."""
    return len(hidden) < 2 or sum(hidden) < FLOOR or all(count == FLOOR - 1 for count in hidden)
