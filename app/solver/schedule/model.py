"""A mixed-integer programme and the one door to HiGHS: one thread, a fixed seed, the status always looked at."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.solver.schedule.watching import Eye, Watch

Terms = Sequence[tuple[int, float]]
Row = tuple[Terms, float]
Cuts = Callable[[Sequence[float]], list[Row]]
CUT_ROUNDS = 12
NARROW = 4  # columns dearer than this by their reduced cost are left out at first
OPTIONS = {
    "output_flag": False,
    "threads": 1,  # the count is global to the process: the same everywhere
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,  # costs are whole, so this proves an optimum
    "presolve_rule_off": 1 << 16,  # with it, one model in some hundred came back broken (docs/decisions/0027-repair.md)
}


@dataclass(slots=True)
class Clock:
    """How long a solve may take; without a limit it ends when everything is proved, or when who looks on stops it."""

    ends: float | None = None
    watch: Watch | None = None
    eye: Eye | None = None  # of the watch, on the model in hand

    @classmethod
    def of(cls, seconds: float | None) -> "Clock":
        """A clock that starts now."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    def left(self) -> float | None:
        """Seconds left, at least a twentieth of one."""
        ends = self.ends if self.watch is None else self.watch.ends(self.ends)
        return None if ends is None else max(0.05, ends - time.monotonic())

    def part(self, share: float) -> "Clock":
        """A clock that ends after a share of what is left."""
        left = self.left()
        return self if left is None else replace(self, ends=time.monotonic() + share * left)

    def begin(self, stage: str, parts: int, base: int) -> None:
        """Whoever looks on hears that a stage begins."""
        if self.watch is not None:
            self.watch.begin(stage, parts, base)

    def on_a_model(self) -> "Clock":
        """The same clock while a model is solved whose cost is told."""
        return self if self.watch is None else replace(self, eye=self.watch.eye())

    def saw(self, bound: float, outside: float = math.inf) -> None:
        """No solution costs less than `bound`, nor any that is left out of the search for now less than `outside`."""
        if self.eye is not None:
            self.eye.outside = outside
            self.eye.saw(None, bound)

    def closes(self, outcome: "Outcome") -> None:
        """The model in hand is solved, or given up."""
        if self.eye is not None:
            self.eye.closes(outcome.cost if outcome.found else None, outcome.bound if outcome.found else None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a model: `optimal`, `feasible` (time ran out), `infeasible` or `unknown` (ran out with nothing)."""

    status: str
    cost: int = 0
    bound: int = 0
    values: Sequence[float] = ()

    @property
    def found(self) -> bool:
        """Whether there is a solution to read."""
        return self.status in {"optimal", "feasible"}


@dataclass(slots=True)
class Model:
    """Columns with integer costs, rows, and what each column adds to the cost of moving."""

    costs: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def yes_no(self, cost: int = 0, moved: int = 0) -> int:
        """A column that is 0 or 1; returns its index."""
        return self._column(cost, moved, 1.0, whole=True)

    def amount(self, cost: int = 0, upper: float = math.inf) -> int:
        """A column that is any amount from 0; returns its index."""
        return self._column(cost, 0, upper, whole=False)

    def _column(self, cost: int, moved: int, upper: float, *, whole: bool) -> int:
        self.costs.append(cost)
        self.moved.append(moved)
        self.whole.append(whole)
        self.uppers.append(upper)
        return len(self.costs) - 1

    def exactly(self, columns: Iterable[int], amount: float = 1.0) -> None:
        """The columns add up to the amount."""
        self.rows.append(([(each, 1.0) for each in columns], amount, amount))

    def at_most(self, columns: Iterable[int], amount: float = 1.0) -> None:
        """The columns add up to the amount or less."""
        self.row_at_most([(each, 1.0) for each in columns], amount)

    def row_at_most(self, terms: Terms, amount: float) -> None:
        """The weighted columns add up to the amount or less."""
        self.rows.append((terms, -math.inf, amount))

    def least_moves(self, clock: Clock) -> Outcome:
        """Solves for the least cost of moving alone."""
        return self._solve(self.moved, clock, None)

    def possible(self, clock: Clock) -> Outcome:
        """Solves for any solution."""
        return self._solve([0] * len(self.costs), clock, None)

    def moves_at_most(self, amount: int) -> None:
        """From now on moving costs no more than this."""
        self.row_at_most([(n, float(each)) for n, each in enumerate(self.moved) if each], amount)

    def solve(self, clock: Clock, cuts: Cuts | None = None) -> Outcome:
        """Solves for the least cost; `cuts` finds rows that a fractional solution breaks and no whole one does."""
        seen = clock.on_a_model()
        outcome = self._solve(self.costs, seen, cuts)
        seen.closes(outcome)
        return outcome

    def _solve(self, costs: list[int], clock: Clock, cuts: Cuts | None) -> Outcome:
        import highspy  # late, here and below: a server that plans nothing yet starts a third of a second sooner
        import numpy as np

        if not self.costs:
            return Outcome("infeasible" if any(low > 0 or high < 0 for _, low, high in self.rows) else "optimal")
        highs = self._start(costs)
        relaxed = any(costs) and self._relax(highs, clock, cuts)
        kinds = [highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in self.whole]
        if relaxed:
            at = _Root(highs, np.array(self.whole))
            clock.saw(at.low)
            if at.is_whole:
                return Outcome("optimal", at.cost, at.cost, highs.getSolution().col_value)
            highs.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), np.array(kinds))
            found = at.narrowed(np.array(self.uppers), clock)
            if found is not None:
                return found
        else:
            highs.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), np.array(kinds))
        _run(highs, clock)
        if highs.getModelStatus() in {highspy.HighsModelStatus.kSolveError, highspy.HighsModelStatus.kInfeasible}:
            _run_again(highs, clock)
        return _outcome(highs)

    def _relax(self, highs: Any, clock: Clock, cuts: Cuts | None) -> bool:
        """Solves the linear relaxation, cut where it is fractional; False when there is no solution to it in time."""
        import highspy
        import numpy as np

        for _ in range(CUT_ROUNDS):
            _run(highs, clock)
            if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return False
            found = cuts(highs.getSolution().col_value) if cuts is not None else []
            if not found:
                return True
            for terms, most in found:
                index = np.array([column for column, _ in terms], dtype=np.int32)
                highs.addRow(-math.inf, most, len(terms), index, np.array([v for _, v in terms]))
        _run(highs, clock)
        return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _start(self, costs: list[int]) -> Any:
        import highspy
        import numpy as np

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(costs), len(self.rows)
        lp.col_cost_ = np.array(costs, dtype=float)
        lp.col_lower_ = np.zeros(len(costs))
        lp.col_upper_ = np.array(self.uppers)
        lp.row_lower_ = np.array([low for _, low, _ in self.rows], dtype=float)
        lp.row_upper_ = np.array([high for _, _, high in self.rows], dtype=float)
        starts = np.cumsum([0, *(len(terms) for terms, _, _ in self.rows)], dtype=np.int32)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts
        lp.a_matrix_.index_ = np.array([n for terms, _, _ in self.rows for n, _ in terms], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([v for terms, _, _ in self.rows for _, v in terms], dtype=float)
        highs = highspy.Highs()
        for option, value in OPTIONS.items():
            highs.setOptionValue(option, value)
        if highs.passModel(lp) == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS refused the model")
        return highs


def _run(highs: Any, clock: Clock) -> None:
    left = clock.left()
    if left is not None:
        highs.setOptionValue("time_limit", highs.getRunTime() + left)
    eye = clock.eye or (Eye(clock.watch, patient=True) if clock.watch else None)
    highs.run() if eye is None else eye.run(highs)


def _run_again(highs: Any, clock: Clock) -> None:
    """Presolve can err: without it, what it said is proved or mended."""
    highs.setOptionValue("presolve", "off")
    highs.clearSolver()
    _run(highs, clock)
    highs.setOptionValue("presolve", "choose")


class _Root:
    """The relaxation of a model. A column whose reduced cost is above what a better plan may cost more is in none."""

    def __init__(self, highs: Any, whole: Any) -> None:
        """Reads the solution, its reduced costs and its cost."""
        import numpy as np

        solution = highs.getSolution()
        self.highs, self.whole = highs, whole
        self.value, self.dual = np.array(solution.col_value), np.array(solution.col_dual)
        self.low = float(highs.getInfo().objective_function_value)

    @property
    def is_whole(self) -> bool:
        """Whether no column that must be whole is broken: then the relaxation is the answer."""
        part = self.value[self.whole]
        return bool((abs(part - part.round()) < 1e-6).all())

    @property
    def cost(self) -> int:
        """What the relaxation costs, as the whole number it is when nothing is broken."""
        return round(self.low)

    def narrowed(self, uppers: Any, clock: Clock) -> Outcome | None:
        """The answer among columns of small reduced cost, proved for all; None when few columns can be left out."""
        import highspy
        import numpy as np

        slack = float(NARROW)
        while True:
            shut = self.whole & (self.dual > slack) & (self.value < 1e-9)
            every = np.arange(len(uppers), dtype=np.int32)
            self.highs.changeColsBounds(len(uppers), every, np.zeros(len(uppers)), np.where(shut, 0.0, uppers))
            if 3 * shut.sum() < self.whole.sum():
                clock.saw(self.low)
                return None
            clock.saw(self.low, self.low + slack)
            _run(self.highs, clock)
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kSolveError:
                _run_again(self.highs, clock)
            outcome = _outcome(self.highs)
            outside = math.ceil(self.low + slack - 1e-4)  # no plan with a column left out costs less
            if outcome.status == "infeasible":
                slack *= 8
            elif outcome.status == "optimal" and outcome.cost > outside:
                slack = outcome.cost - 1 - self.low + 1e-3
            else:
                return Outcome(outcome.status, outcome.cost, min(outcome.bound, outside), outcome.values)


def _outcome(highs: Any) -> Outcome:
    import highspy

    status, info = highs.getModelStatus(), highs.getInfo()
    known = highspy.HighsModelStatus
    if status == known.kInfeasible:
        return Outcome("infeasible")
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status == known.kOptimal and has_solution:
        cost = round(info.objective_function_value)
        return Outcome("optimal", cost, cost, highs.getSolution().col_value)
    if status in {known.kTimeLimit, known.kInterrupt}:
        if not has_solution:
            return Outcome("unknown")
        low = max(info.mip_dual_bound, -1e15)
        cost = round(info.objective_function_value)
        return Outcome("feasible", cost, min(cost, int(-(-(low - 1e-6) // 1))), highs.getSolution().col_value)
    raise RuntimeError(f"HiGHS ended with {highs.modelStatusToString(status)}")
