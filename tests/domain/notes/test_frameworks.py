"""Reflection frameworks, and counts of reflections that never tell of fewer than five people."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.notes.frameworks import Framework, act, differences, faults, from_data, to_data, unfinished, written
from app.domain.notes.frameworks_counts import FLOOR, Shown, shown
from app.domain.notes.frameworks_defaults import BIG_IDEAS, FRAMEWORKS
from app.kit.errors import BadInputError, ConflictError
from app.kit.typed import Typed


def test_the_frameworks_that_ship_have_five_indicators_and_come_back_from_their_data() -> None:
    for key, framework in FRAMEWORKS.items():
        assert framework.key == key
        assert len(framework.indicators) == 5
        assert not unfinished(framework)
        bare = Framework(key=key, version=1, name=framework.name, intro=framework.intro)
        assert from_data(bare, to_data(framework)) == framework
        silent = replace(framework, indicators=())
        assert from_data(bare, to_data(silent)) == silent


def test_a_framework_is_changed_with_keys_that_stay() -> None:
    said = {"name": ("Big Ideas",), "indicator.fluency": ("Fluency with facts",), "step.trying": ("I try it",)}
    new = written(BIG_IDEAS, Typed(said))
    new = act(new, "add:indicator", Typed({"add.indicator": ("Talk",), "add.asks": ("Who talks?",)}), [BIG_IDEAS])
    new = act(new, "add:step", Typed({"add.step": ("Asked to",)}), [BIG_IDEAS])
    new = act(act(new, "remove:indicator:coherence", Typed(), []), "up:indicator:talk", Typed(), [])
    assert [one.key for one in new.indicators] == ["representation", "thinking", "fluency", "talk", "variation"]
    assert [one.key for one in new.steps] == ["not_yet", "trying", "part", "helping", "asked_to"]
    assert set(differences(BIG_IDEAS, new)) == {
        "It is now called “Big Ideas”.",
        "There is a new indicator, “Talk”.",
        "The indicator “Coherence” is left out.",
        "“Fluency” is now called “Fluency with facts”.",
        "There is a new step, “Asked to”.",
        "“Trying it” is now called “I try it”.",
    }
    again = act(new, "add:indicator", Typed({"add.indicator": ("Coherence",)}), [BIG_IDEAS])
    assert again.indicators[-1].key == "coherence_b"


def test_an_unfinished_framework_says_what_is_missing() -> None:
    empty = Framework(key="own", version=1, name="")
    assert {one.path for one in faults(empty)} == {"name"}
    assert len(unfinished(empty)) == 3
    assert not empty.offered
    long = replace(BIG_IDEAS, intro="x" * 501, indicators=BIG_IDEAS.indicators * 5, steps=BIG_IDEAS.steps * 2)
    assert len(unfinished(long)) == 3
    with pytest.raises(BadInputError):
        act(empty, "add:step", Typed(), [])
    with pytest.raises(ConflictError):
        act(empty, "up:step:gone", Typed(), [])
    assert act(empty, "save", Typed(), []) == empty


@pytest.mark.parametrize(
    ("counts", "total", "cells"),
    [
        ((2, 2, 0, 0), None, (None, None, None, None)),
        ((5, 6, 7, 8), 26, (5, 6, 7, 8)),
        ((4, 6, 7, 8), 25, (None, None, 7, 8)),
        ((1, 2, 8, 7), 18, (None, None, None, 7)),
        ((0, 0, 0, 12), 12, (None, None, None, None)),
        ((3, 3, 9, 9), 24, (None, None, 9, 9)),
        ((4, 4, 9, 6), 23, (None, None, None, 6)),
        ((0, 5, 9), 14, (None, None, 9)),
        ((5, 5, 3), 13, (None, 5, None)),
    ],
)
def test_small_cells_are_kept_back_with_enough_others(
    counts: tuple[int, ...], total: int | None, cells: tuple[int | None, ...]
) -> None:
    assert shown(counts) == Shown(total, cells)


def slow_plain_reading(seen: Shown, most: int) -> list[tuple[int, ...]]:
    """Every set of counts that would have been shown just so: all that a clever reader can know."""
    each = [range(most + 1) if cell is None else [cell] for cell in seen.cells]
    return [counts for counts in itertools.product(*each) if sum(counts) == seen.total and shown(counts) == seen]


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_number_of_fewer_than_five_people_can_be_seen_or_worked_out(counts: list[int]) -> None:
    seen = shown(counts)
    assert all(number is None or number >= FLOOR for number in (seen.total, *seen.cells))
    assert all(cell in {None, count} for cell, count in zip(seen.cells, counts, strict=True))
    hidden = [at for at, cell in enumerate(seen.cells) if cell is None]
    if seen.total is None:
        assert sum(counts) < FLOOR
        return
    assert seen.total == sum(counts)
    left = seen.total - sum(cell for cell in seen.cells if cell is not None)
    assert (left >= FLOOR and len(hidden) >= 2) if hidden else left == 0
    possible = slow_plain_reading(seen, left)
    assert tuple(counts) in possible
    for at in hidden:
        assert len({one[at] for one in possible}) > 1, "somebody could work it out"


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_nothing_is_kept_back_without_need(counts: list[int]) -> None:
    if all(count >= FLOOR for count in counts):
        assert shown(counts).cells == tuple(counts)
    if sum(counts) >= FLOOR:
        assert shown(counts).total == sum(counts)
