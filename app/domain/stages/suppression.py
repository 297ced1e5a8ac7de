"""Small numbers kept back, so that no hidden one can be worked out from what is shown.

Source: docs/rules/board-report.md. A whole is shown with its parts only here, and no part belongs to two wholes. What
is hidden beside the small numbers is chosen by its place and by sums that are shown anyway, never by how small a number
is: whoever knows these rules learns no more from the choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FEW = 5  # a number from 1 to 4 is not shown
MARKS = {"few": "fewer than 5", "kept": "kept back"}
Mark = Literal["", "few", "kept"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it is shown: itself, or why it is not."""

    number: int | None
    mark: Mark = ""

    @property
    def says(self) -> str:
        """As it stands on a page."""
        return MARKS[self.mark] if self.number is None else f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Split:
    """A whole and its parts, as they are shown."""

    total: Cell
    parts: tuple[Cell, ...]


FEWER, KEPT = Cell(None, "few"), Cell(None, "kept")


def alone(count: int) -> Cell:
    """A number that is part of no whole that is shown."""
    return FEWER if 0 < count < FEW else Cell(count)


def split(counts: Sequence[int]) -> Split:
    """The parts of one whole (each 0 or more) and their total.

    Where all parts are small, none is shown, not even a nought. Else noughts are shown, and with the small numbers
    others go, the next after the first small one, until every small number from 1 to 4 could stand in each place.
    """
    total, many = sum(counts), len(counts)
    if total == 0 or not any(0 < count < FEW for count in counts):
        return Split(Cell(total), tuple(Cell(count) for count in counts))
    if total < FEW:
        return Split(FEWER, (FEWER,) * many)
    if max(counts) < FEW:
        # All between 0 and 4: the total tells them only where it is close to the most that they can make.
        return Split(Cell(total) if total <= (FEW - 1) * many - 2 else KEPT, (FEWER,) * many)
    return _among_large(counts, total)


def _among_large(counts: Sequence[int], total: int) -> Split:
    small = [at for at, count in enumerate(counts) if 0 < count < FEW]
    after = [(small[0] + 1 + n) % len(counts) for n in range(len(counts))]
    large = [at for at in after if counts[at] >= FEW]
    hidden: list[int] = []
    for at in large:
        hidden.append(at)
        if sum(counts[one] for one in (*small, *hidden)) >= FEW * len(hidden) + (FEW - 1) * len(small):
            return Split(Cell(total), _parts(counts, small, hidden))
    return Split(KEPT, _parts(counts, small, large))


def _parts(counts: Sequence[int], small: Sequence[int], hidden: Sequence[int]) -> tuple[Cell, ...]:
    return tuple(FEWER if at in small else KEPT if at in hidden else Cell(count) for at, count in enumerate(counts))
