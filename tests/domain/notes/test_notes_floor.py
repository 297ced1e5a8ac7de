"""Small numbers are kept back, and nobody works one out from the whole and the others."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.notes.floor import FLOOR, alone, shown

counts = st.lists(st.integers(0, 9), min_size=1, max_size=4)


def _could_be(total: int, seen: list[int | None]) -> list[tuple[int, ...]]:
    """A slow plain reading: every way to fill what is kept back, for somebody who knows the total."""
    hidden = [at for at, one in enumerate(seen) if one is None]
    rest = total - sum(one or 0 for one in seen)
    return [way for way in product(range(rest + 1), repeat=len(hidden)) if sum(way) == rest]


@settings(max_examples=60)
@given(counts)
def test_no_small_number_is_shown_or_can_be_worked_out(found: list[int]) -> None:
    told = list(shown({str(at): one for at, one in enumerate(found)}).values())
    for seen, one in zip(told, found, strict=True):
        assert seen in {None, one}
        assert seen is None or one >= FLOOR
    if sum(found) < FLOOR:
        assert set(told) == {None}, "nor is the whole told"
        return
    hidden = [one for seen, one in zip(told, found, strict=True) if seen is None]
    ways = _could_be(sum(found), told)
    for at, one in enumerate(hidden):
        assert one >= FLOOR or len({way[at] for way in ways}) > 1


def test_a_theme_stands_for_people_and_not_for_records() -> None:
    assert alone(1, 12) == 1
    assert alone(4, 4) is None
