"""Looking on while models are solved: costs fall, bounds rise, and whoever looks on may stop and keep what there is.

Looking on changes nothing: a solve that is not stopped gives the same plan as one that nobody looks at.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from app.solver.schedule.progress import STAGES, Progress

GRACE = 5.0  # seconds after a stop in which what has no solution at all may still find one
OFTEN = 0.2  # seconds between two words on the same stage


@dataclass(slots=True)
class Watch:
    """Hears of the costs and bounds of a solve, stage by stage; `stopped` is asked whether to end it."""

    tell: Callable[[Progress], None]
    stopped: Callable[[], bool]
    stopped_at: float | None = None
    _stage: str = ""
    _parts: int = 0
    _base: int = 0
    _eyes: list["Eye"] = field(default_factory=list)
    _said_at: float = 0.0
    _one_at_a_time: Any = field(default_factory=Lock)

    def begin(self, stage: str, parts: int, base: int) -> None:
        """A stage of so many independent parts begins; `base` is what it costs before any of them."""
        with self._one_at_a_time:
            self._stage, self._parts, self._base, self._eyes = stage, parts, base, []

    def eye(self) -> "Eye":
        """Looks on while one model is solved."""
        eye = Eye(self)
        with self._one_at_a_time:
            self._eyes.append(eye)
        return eye

    def is_stopped(self) -> bool:
        """Whether somebody asked to stop; from then on little time is left."""
        if self.stopped_at is None and self.stopped():
            self.stopped_at = time.monotonic()
        return self.stopped_at is not None

    def ends(self, otherwise: float | None) -> float | None:
        """When solving ends: a little after a stop, else as it was."""
        if not self.is_stopped() or self.stopped_at is None:
            return otherwise
        return min(otherwise or math.inf, self.stopped_at + GRACE)

    def news(self) -> None:
        """Tells how far the stage is, if it was not told just now: what its parts cost that have a solution yet."""
        with self._one_at_a_time:
            now = time.monotonic()
            if not self._stage or now - self._said_at < OFTEN:
                return
            self._said_at = now
            solved = [eye for eye in self._eyes if eye.cost is not None]
            cost = self._base + sum(eye.cost or 0 for eye in solved) if solved else None
            bounds = [eye.bound for eye in solved or self._eyes if eye.bound is not None]
            bound = self._base + sum(bounds) if bounds else None
            done = sum(eye.done for eye in self._eyes)
            seen = Progress(
                self._stage, cost, bound, STAGES.index(self._stage), len(STAGES), min(done, self._parts), self._parts
            )
        self.tell(seen)


@dataclass(slots=True, eq=False)
class Eye:
    """Looks on while one model is solved; `outside` is the least cost of what was left out of the search for now.

    A `patient` eye waits for the proof after a stop, as long as there is time: what others build on must be the least.
    """

    watch: Watch
    cost: int | None = None
    bound: int | None = None
    done: bool = False
    outside: float = math.inf
    searching: bool = False
    patient: bool = False

    def saw(self, cost: float | None, bound: float | None) -> None:
        """The best cost and the best bound so far; what is no number yet is passed over."""
        if cost is not None and abs(cost) < 1e15:
            self.cost = round(cost)
        if bound is not None and abs(bound) < 1e15:
            low = math.ceil(min(bound, self.outside) - 1e-4)
            self.bound = low if self.bound is None else max(self.bound, low)
        if self.cost is not None and self.bound is not None:
            self.bound = min(self.bound, self.cost)
        self.watch.news()

    def closes(self, cost: int | None, bound: int | None) -> None:
        """The model is solved, or given up."""
        self.done = True
        self.saw(cost, bound)

    def run(self, highs: Any) -> None:
        """Runs a model with open eyes."""
        self.searching = False
        heard = (
            (highs.cbSimplexInterrupt, self._while_it_relaxes),
            (highs.cbMipInterrupt, self._while_it_searches),
            (highs.cbMipImprovingSolution, self._when_it_is_better),
        )
        for channel, hears in heard:
            channel.subscribe(hears)
        try:
            highs.run()
        finally:
            for channel, hears in heard:
                channel.unsubscribe(hears)

    def _while_it_relaxes(self, event: Any) -> None:
        late = self.watch.ends(None)
        if not self.searching and late is not None and time.monotonic() > late:
            event.interrupt()

    def _while_it_searches(self, event: Any) -> None:
        self.searching = True
        out = event.data_out
        self.saw(out.mip_primal_bound, out.mip_dual_bound)
        late = self.watch.ends(None)
        found = abs(out.mip_primal_bound) < 1e15 and not self.patient
        if late is not None and (found or time.monotonic() > late):
            event.interrupt()

    def _when_it_is_better(self, event: Any) -> None:
        self.searching = True
        self.saw(event.data_out.objective_function_value, event.data_out.mip_dual_bound)
