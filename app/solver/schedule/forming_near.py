"""Solves a model from a solution that is known: columns that nothing better can use are left out first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.solver.schedule.model import Clock, Model, Outcome, _outcome, _run

SLACK = 1e-3
QUICK = 0.02  # of the time goes to guesses: the start is a good one already


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The cheapest solution in fractions of a model with so many rows: no whole one costs less than `bound`."""

    rows: int
    values: Sequence[float]
    reduced: Sequence[float]
    least: float

    @property
    def bound(self) -> int:
        """The least whole cost that is not below it."""
        return max(0, int(-(-(self.least - SLACK) // 1)))


@dataclass(slots=True)
class NearModel(Model):
    """A model that may be solved from a solution on."""

    last: Relaxed | None = None

    def relaxed(self, clock: Clock) -> Relaxed | None:
        """The cheapest solution in fractions; nothing when there is none or time ran out."""
        import highspy

        if self.last is not None and self.last.rows == len(self.rows):
            return self.last
        if not self.costs:
            return None
        highs = self._start(self.costs)
        _run(highs, clock)
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution, least = highs.getSolution(), highs.getInfo().objective_function_value
        self.last = Relaxed(len(self.rows), solution.col_value, solution.col_dual, least)
        return self.last

    def solve_near(self, start: Sequence[float], clock: Clock) -> Outcome:
        """The least cost, from a solution on; when time runs out, the best found with the bound so far.

        A column whose reduced cost in the relaxation is more than the start lies above it is in no better solution.
        """
        cost = round(sum(each * value for each, value in zip(self.costs, start, strict=True)))
        if not self.costs:
            return Outcome("optimal")
        relaxed = self.relaxed(clock)
        if relaxed is None:
            return Outcome("feasible", cost, 0, start)
        if relaxed.bound >= cost:
            return Outcome("optimal", cost, cost, start)
        highs = self._start(self.costs)
        far = cost - relaxed.least + SLACK
        _narrowed(highs, [n for n, each in enumerate(relaxed.reduced) if each > far and start[n] < 0.5], self.whole)
        _given(highs, start)
        _run(highs, clock)
        found = _outcome(highs)
        if not found.found:
            return Outcome("feasible", cost, relaxed.bound, start)
        return found


def _narrowed(highs: Any, spare: Sequence[int], whole: Sequence[bool]) -> None:
    """Takes columns out and makes the rest whole."""
    import highspy
    import numpy as np

    zeros = np.zeros(len(spare))
    highs.changeColsBounds(len(spare), np.array(spare, dtype=np.int32), zeros, zeros)
    kinds = [highspy.HighsVarType.kInteger if each else highspy.HighsVarType.kContinuous for each in whole]
    highs.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), np.array(kinds))
    highs.setOptionValue("mip_heuristic_effort", QUICK)


def _given(highs: Any, start: Sequence[float]) -> None:
    import highspy

    solution = highspy.HighsSolution()
    solution.col_value = list(start)
    highs.setSolution(solution)
