"""Solves a model from a solution that is known: columns that nothing better can use are left out first."""

from collections.abc import Sequence
from typing import Any

from app.solver.schedule.model import Clock, Model, Outcome, _outcome, _run

SLACK = 1e-3
QUICK = 0.02  # of the time goes to guesses: the start is a good one already


class NearModel(Model):
    """A model that may be solved from a solution on."""

    def relaxed(self, clock: Clock) -> Sequence[float]:
        """The cheapest solution in fractions; nothing when there is none or time ran out."""
        import highspy

        if not self.costs:
            return ()
        highs = self._start(self.costs)
        _run(highs, clock)
        solved = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        values: Sequence[float] = highs.getSolution().col_value if solved else ()
        return values

    def solve_near(self, start: Sequence[float], clock: Clock) -> Outcome:
        """The least cost, from a solution on; when time runs out, the best found with the bound so far.

        A column whose reduced cost in the relaxation is more than the start lies above it is in no better solution.
        """
        import highspy
        import numpy as np

        cost = round(sum(each * value for each, value in zip(self.costs, start, strict=True)))
        if not self.costs:
            return Outcome("optimal")
        highs = self._start(self.costs)
        _run(highs, clock)
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return Outcome("feasible", cost, 0, start)
        least = highs.getInfo().objective_function_value
        bound = max(0, int(-(-(least - SLACK) // 1)))
        if bound >= cost:
            return Outcome("optimal", cost, cost, start)
        reduced: Sequence[float] = highs.getSolution().col_dual
        spare = [n for n, each in enumerate(reduced) if each > cost - least + SLACK and start[n] < 0.5]
        zeros = np.zeros(len(spare))
        highs.changeColsBounds(len(spare), np.array(spare, dtype=np.int32), zeros, zeros)
        kinds = [highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in self.whole]
        highs.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), np.array(kinds))
        highs.setOptionValue("mip_heuristic_effort", QUICK)
        _given(highs, start)
        _run(highs, clock)
        found = _outcome(highs)
        if not found.found:
            return Outcome("feasible", cost, bound, start)
        return found


def _given(highs: Any, start: Sequence[float]) -> None:
    import highspy

    solution = highspy.HighsSolution()
    solution.col_value = list(start)
    highs.setSolution(solution)
