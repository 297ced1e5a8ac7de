"""Gaps between consecutive events, exact in the linear relaxation.

For each event a chain of amounts says "placed by this day". A convex cost of the gap between two events is then a sum
over days of how far one chain runs ahead of the other: as tight as an arc for each pair of days, with fewer columns.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.solver.schedule.model import Model


@dataclass(frozen=True, slots=True)
class Chain:
    """The days an event could be on, and for each the column that says "on this day or before"."""

    days: Sequence[int]
    by: Sequence[int]

    def until(self, day: int) -> int | None:
        """The column for "on this day or before"; None when that cannot be."""
        at = bisect_right(self.days, day)
        return self.by[at - 1] if at else None


def chain(model: Model, columns: dict[int, list[int]]) -> Chain:
    """The chain of an event whose columns are given by day."""
    days = sorted(columns)
    by: list[int] = []
    for day in days:
        here = model.amount(upper=1.0)
        terms = [(here, 1.0), *((each, -1.0) for each in columns[day])]
        if by:
            terms.append((by[-1], -1.0))
        model.rows.append((terms, 0.0, 0.0))
        by.append(here)
    return Chain(days, by)


def _ahead(model: Model, first: int | None, second: int | None, cost: int) -> None:
    """Charges `cost` for each unit by which the first column is above the second."""
    if first is None or cost == 0:
        return
    over = model.amount(cost)
    terms = [(first, 1.0), (over, -1.0)]
    if second is not None:
        terms.append((second, -1.0))
    model.row_at_most(terms, 0.0)


def keep_apart(model: Model, early: Chain, late: Chain, least: int) -> None:
    """The later event comes `least` days or more after the earlier one."""
    for n, day in enumerate(late.days):
        reach = early.until(day - least)
        if n + 1 < len(late.days) and early.until(late.days[n + 1] - least) == reach:
            continue  # the next row says at least as much
        terms = [(late.by[n], 1.0)] if reach is None else [(late.by[n], 1.0), (reach, -1.0)]
        model.row_at_most(terms, 0.0)


def charge_gap(model: Model, early: Chain, late: Chain, aim: int, pieces: Sequence[tuple[int, int]]) -> None:
    """Charges, for each (slack, cost), the cost a day by which the gap is further than the slack from the aim."""
    for slack, cost in pieces:
        _charge_long(model, early, late, aim + slack, cost)
        _charge_short(model, early, late, aim - slack, cost)


def _charge_long(model: Model, early: Chain, late: Chain, most: int, cost: int) -> None:
    """Days t with the early event by t and the late one not yet by t + most."""
    if not early.days or not late.days or late.days[-1] - early.days[0] <= most:
        return
    marks = sorted({*early.days, *(day - most for day in late.days)})
    for day, following in pairwise(marks):
        if day + most < late.days[-1]:
            _ahead(model, early.until(day), late.until(day + most), cost * (following - day))


def _charge_short(model: Model, early: Chain, late: Chain, least: int, cost: int) -> None:
    """Days t with the late event by t and the early one not yet by t - least."""
    if not early.days or not late.days or late.days[0] - early.days[-1] >= least:
        return
    marks = sorted({*late.days, *(day + least for day in early.days)})
    for day, following in pairwise(marks):
        if day - least < early.days[-1]:
            _ahead(model, late.until(day), early.until(day - least), cost * (following - day))
