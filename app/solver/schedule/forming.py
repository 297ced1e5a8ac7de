"""Forms Work Groups: a forming problem in, groups with a proven bound out, the same every time."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.schedule.forming import Forming
from app.domain.schedule.forming_plan import Formation, Formed, named
from app.domain.schedule.forming_reasons import must_wait, reasons
from app.domain.schedule.forming_table import Table
from app.kit.errors import NoPlanError
from app.solver.schedule.forming_greedy import Betters, Hand, Slot
from app.solver.schedule.forming_mend import Mend, slots_of
from app.solver.schedule.forming_model import GroupsModel
from app.solver.schedule.model import Clock
from app.solver.schedule.progress import Progress

Tell = Callable[[int | None, int | None], None]


@dataclass(frozen=True, slots=True)
class Start:
    """Groups that break no rule, and what they cost."""

    groups: tuple[Formed, ...]
    waiting: tuple[str, ...]
    cost: int


def form_groups(
    forming: Forming,
    *,
    seconds: float | None = None,
    solver: Literal["exact", "better", "greedy"] = "exact",
    progress: Callable[[Progress], None] | None = None,
) -> Formation:
    """The cheapest groups within about `seconds` (None: as long as it takes), or infeasible ones with reasons.

    "optimal" is only said when it is proved; "feasible" groups carry the bound that is. `greedy` is by hand order,
    `better` the same improved by moves. Raises NoPlanError when time, or the quick ways, end with neither.
    """

    def tell(cost: int | None, bound: int | None) -> None:
        if progress is not None:
            progress(Progress("groups", cost, bound, 0, 1))

    clock = Clock.of(seconds)
    table = Table(ordered(forming))
    because = reasons(table)
    if because:
        return Formation("infeasible", (), because=because)
    start = by_hand(table, better=solver != "greedy")
    if solver != "exact":
        if start is None:
            raise NoPlanError("The quick way found no groups that keep every rule; the exact solver may find some.")
        return Formation("feasible", start.groups, start.waiting, start.cost, 0)
    tell(start.cost if start else None, None)
    return _exact(table, start, clock, tell)


def ordered(forming: Forming) -> Forming:
    """The same problem in the order of its ids: the order of a file decides nothing."""
    return replace(
        forming,
        programmes=tuple(sorted(forming.programmes, key=lambda each: each.id)),
        schools=tuple(sorted(forming.schools, key=lambda each: each.id)),
        people=tuple(sorted(forming.people, key=lambda each: each.id)),
        specialists=tuple(sorted(forming.specialists, key=lambda each: each.person)),
        together=tuple(sorted(tuple(sorted(each)) for each in forming.together)),
        apart=tuple(sorted(tuple(sorted(each)) for each in forming.apart)),
        led_by=tuple(sorted(forming.led_by)),
    )


def by_hand(table: Table, *, better: bool) -> Start | None:
    """Groups by hand order, bettered by moves or not; none when that leaves a school over."""
    if not better:
        hand = Hand(table)
        slots = hand.form()
        return None if slots is None else _start(table, hand, slots)
    starts = []
    for many in (True, False):
        hand = Hand(table)
        slots = hand.form(many=many) or Mend(hand, hand.slots).mended()
        if slots is not None:
            starts.append(_start(table, hand, Betters(hand).better()))
    return min(starts, key=lambda start: start.cost, default=None)


def _start(table: Table, hand: Hand, slots: Sequence[Slot]) -> Start:
    groups = named((slot.leader, slot.programme, slot.schools) for slot in slots)
    waiting = tuple(sorted(each for block in hand.waiting for each in block if hand.joins(each)))
    cost = table.forming.weights.waiting * len(waiting) + sum(table.cost(each.leader, each.schools) for each in groups)
    return Start(groups, waiting, cost)


def _mended(table: Table, start: Start | None, groups: Iterable[tuple[str, str, Sequence[str]]]) -> Start | None:
    """The better of a start and of groups that a model gave, mended."""
    hand = Hand(table)
    slots = Mend(hand, slots_of(groups)).mended()
    if slots is None:
        return start
    found = _start(table, hand, slots)
    return found if start is None or found.cost < start.cost else start


def _exact(table: Table, start: Start | None, clock: Clock, tell: Tell) -> Formation:
    """Solves, forbids what too few days forbid, and solves again: each model is a relaxation, so each bound holds."""
    built, bound = GroupsModel(table).build(), 0
    relaxed = built.model.relaxed(clock)
    while relaxed is not None and built.tighten(relaxed.values):
        relaxed = built.model.relaxed(clock)
    if built.model.last is not None:
        bound = built.model.last.bound
        start = _mended(table, start, built.rough(built.model.last.values))
    while True:
        tell(start.cost if start else None, bound)
        outcome = built.model.solve_near(built.values(start.groups), clock) if start else built.model.solve(clock)
        if outcome.status == "infeasible":
            return _why(table, clock)
        bound = max(bound, outcome.bound)
        groups = built.groups(outcome.values) if outcome.found else ()
        if outcome.found and not _forbid(table, built, groups):
            tell(outcome.cost, bound)
            bound = min(bound, outcome.cost)
            status = "optimal" if bound == outcome.cost else outcome.status
            return Formation(status, groups, built.waiting(outcome.values), outcome.cost, bound)
        start = _mended(table, start, ((each.leader, each.programme, each.schools) for each in groups))
        if start is not None and start.cost <= bound:
            return Formation("optimal", start.groups, start.waiting, start.cost, start.cost)
        if outcome.status != "optimal" and time.monotonic() >= (clock.ends or 0):
            return _late(start, bound)


def _forbid(table: Table, built: GroupsModel, groups: Sequence[Formed]) -> bool:
    """Forbids the smallest sets of schools that have too few days; whether there were any."""
    found = {
        (group.programme, _smallest(table, group))
        for group in groups
        if not table.enough_days(group.leader, group.programme, group.schools)
    }
    for programme, schools in sorted(found):
        built.forbid(programme, schools)
    return bool(found)


def _smallest(table: Table, group: Formed) -> tuple[str, ...]:
    """Schools of the group that have too few days with its leader, and none of them can be left out."""
    left = list(group.schools)
    for school in group.schools:
        fewer = [each for each in left if each != school]
        if not table.enough_days(group.leader, group.programme, fewer):
            left = fewer
    return tuple(left)


def _late(start: Start | None, bound: int) -> Formation:
    if start is None:
        raise NoPlanError("No groups were found in the time given, and none were ruled out; give it more seconds.")
    return Formation("feasible", start.groups, start.waiting, start.cost, min(start.cost, bound))


def _why(table: Table, clock: Clock) -> Formation:
    """Who would have to wait so that the rest has groups."""
    built = GroupsModel(table, anyone_waits=True).build()
    while True:
        outcome = built.model.solve(clock)
        if not outcome.found:
            because = (
                "There are no groups that keep every rule. Let a school wait, add a specialist or take a pin away."
            )
            return Formation("infeasible", (), because=(because,))
        if not _forbid(table, built, built.groups(outcome.values)):
            break
    must = [school for school in built.waiting(outcome.values) if not table.forming.school[school].may_wait]
    ready = sum(not each.left_out for each in table.forming.schools)
    return Formation("infeasible", (), because=(must_wait(tuple(must), ready),))
