"""Weekdays in plain words, and back without losing what was finer than words."""

import pytest

from app.domain.meetings.groups import weekdays_in_words, wish_of


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ((0, 0, 0, 0, 0), "Any weekday"),
        ((), "Any weekday"),
        ((5, 0, 0, 0, 0), "Rather not on Mondays"),
        ((5, 0, 4, 0, 9), "Rather not on Mondays, Wednesdays or Fridays"),
        ((13, 5, 0, 0, 15), "Rather not on Tuesdays; only if nothing else fits on Mondays or Fridays"),
    ],
)
def test_weekdays_are_spoken(costs: tuple[int, ...], said: str) -> None:
    assert weekdays_in_words(costs) == said


@pytest.mark.parametrize(
    ("cost", "wish"), [(-1, "fine"), (0, "fine"), (1, "rather not"), (9, "rather not"), (10, "last resort")]
)
def test_any_cost_has_a_word(cost: int, wish: str) -> None:
    assert wish_of(cost) == wish
