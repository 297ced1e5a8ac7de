"""No hidden number can be worked out: neither from sums, nor by whoever knows how numbers are chosen to be hidden."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.stages.suppression import FEW, Cell, Split, alone, split


def told(shown: Split) -> list[Cell]:
    return [shown.total, *shown.parts]


@pytest.mark.parametrize(("many", "most"), [(1, 40), (2, 40), (3, 30), (4, 22), (5, 13)])
def test_whatever_is_shown_fits_two_numbers_in_each_hidden_place(many: int, most: int) -> None:
    """Every list of parts is tried: those that look the same must differ in each place that is hidden."""
    looks: dict[Split, list[set[int]]] = defaultdict(lambda: [set() for _ in range(many + 1)])
    for counts in product(range(most + 1), repeat=many):
        total = sum(counts)
        if total > most:
            continue
        for found, number in zip(looks[split(counts)], (total, *counts), strict=True):
            found.add(number)
    for shown, values in looks.items():
        if shown.total.mark == "kept" and most < FEW * many:
            continue  # larger parts than are tried here look the same
        for cell, fits in zip(told(shown), values, strict=True):
            assert (len(fits) == 1) == (cell.number is not None), (shown, fits)


@given(some.lists(some.integers(0, 60), min_size=1, max_size=9))
def test_no_hidden_number_can_be_computed(counts: list[int]) -> None:
    """By interval arithmetic over what is shown: each hidden part could be at least one other number."""
    shown = split(counts)
    assert all(cell.number in {None, number} for cell, number in zip(told(shown), (sum(counts), *counts), strict=True))
    assert not any(cell.number is not None and 0 < cell.number < FEW for cell in told(shown))
    if shown.total.number is None:
        return
    rest = shown.total.number - sum(cell.number or 0 for cell in shown.parts)
    hidden = [cell for cell in shown.parts if cell.number is None]
    all_small = all(cell.mark == "few" for cell in hidden)
    least = {"few": 0 if all_small else 1, "kept": FEW}
    most = {"few": FEW - 1, "kept": rest}
    for at, cell in enumerate(hidden):
        others = [one for n, one in enumerate(hidden) if n != at]
        low = max(least[cell.mark], rest - sum(most[one.mark] for one in others))
        high = min(most[cell.mark], rest - sum(least[one.mark] for one in others))
        assert low < high, (shown, counts)


def test_a_small_number_takes_another_with_it() -> None:
    shown = split([20, 3, 12, 0])
    assert [cell.says for cell in told(shown)] == ["35", "20", "fewer than 5", "kept back", "0"]


def test_noughts_are_shown_beside_large_numbers_and_hidden_among_small_ones() -> None:
    assert [cell.says for cell in told(split([0, 0, 9]))] == ["9", "0", "0", "9"]
    assert [cell.says for cell in told(split([2, 0]))] == ["fewer than 5"] * 3
    assert [cell.says for cell in told(split([3, 3, 1, 0]))] == ["7", *["fewer than 5"] * 4]


def test_a_total_goes_where_it_would_tell() -> None:
    assert split([4, 4]).total.says == "kept back"
    assert split([1, 5]).total.says == "kept back"


def test_a_number_alone() -> None:
    assert [alone(count).says for count in (0, 1, 4, 5, 1200)] == ["0", "fewer than 5", "fewer than 5", "5", "1,200"]
