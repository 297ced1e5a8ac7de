"""The chains that price gaps are exact: compared with the gap's price for every two days."""

import pytest

from app.solver.schedule.model import Clock, Model
from app.solver.schedule.spacing import chain, charge_gap, keep_apart

EARLY, LATE = [3, 4, 9, 12, 20], [15, 18, 30, 33, 47, 60]
PIECES = ((3, 2), (9, 5))


def the_price(early: int, late: int, least: int, aim: int) -> tuple[str, int]:
    model = Model()
    chains = []
    for days, chosen in ((EARLY, early), (LATE, late)):
        columns = {day: [model.yes_no()] for day in days}
        model.exactly([column for own in columns.values() for column in own])
        model.exactly(columns[chosen])
        chains.append(chain(model, columns))
    keep_apart(model, *chains, least)
    charge_gap(model, *chains, aim, PIECES)
    outcome = model.solve(Clock())
    return outcome.status, outcome.cost


@pytest.mark.parametrize("aim", [5, 20, 42])
@pytest.mark.parametrize("least", [0, 7])
def test_a_gap_costs_what_the_rule_says(aim: int, least: int) -> None:
    for early in EARLY:
        for late in LATE:
            gap = late - early
            off = abs(gap - aim)
            price = sum(cost * max(0, off - slack) for slack, cost in PIECES)
            expected = ("optimal", price) if gap >= least else ("infeasible", 0)
            assert the_price(early, late, least, aim) == expected
