"""Who is on the way and who was never reached: states follow from days, the nearest is the nearest."""

import uuid
from dataclasses import dataclass
from datetime import date
from math import hypot
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.stages.reaching import Nearby, by_authority, kilometres
from app.domain.stages.reaching_map import cold_map
from app.domain.stages.recruiting import (
    Step,
    Way,
    may_take,
    next_steps,
    read_urns,
    reasons_in_words,
    state_of,
)
from app.kit.errors import BadInputError

DAY = date(2026, 11, 2)
places = st.tuples(st.integers(0, 700_000), st.integers(0, 700_000))


@dataclass
class Story:
    """An approach, as far as the rules read it."""

    referred_on: date | None = None
    invited_on: date | None = None
    interested_on: date | None = None
    applied_on: date | None = None
    declined_on: date | None = None
    enrolment_id: uuid.UUID | None = None


def test_a_state_follows_from_the_furthest_day() -> None:
    assert state_of(Story()) is Way.LISTED
    assert state_of(Story(referred_on=DAY)) is Way.REFERRED
    assert state_of(Story(invited_on=DAY, applied_on=DAY)) is Way.APPLIED
    assert state_of(Story(applied_on=DAY, declined_on=DAY)) is Way.DECLINED
    assert state_of(Story(declined_on=DAY, enrolment_id=uuid.UUID(int=1))) is Way.ENROLLED


def test_a_school_goes_on_and_never_back_by_a_step() -> None:
    assert next_steps(Way.INTERESTED) == (Way.APPLIED, Way.DECLINED)
    assert next_steps(Way.DECLINED) == ()
    assert may_take(Story(invited_on=DAY), Step(Way.APPLIED, DAY)) is None
    early = may_take(Story(invited_on=DAY), Step(Way.APPLIED, date(2026, 11, 1)))
    assert early
    assert "not before Monday 2 November 2026" in early.because
    again = may_take(Story(applied_on=DAY), Step(Way.INVITED, DAY))
    assert again
    assert "applied already" in again.because


def test_urns_are_pasted_in_any_shape() -> None:
    assert read_urns("112345, 112346\n112345;\t112347") == (112345, 112346, 112347)
    for wrong in ("Ash Vale", "12", " ".join(str(100000 + n) for n in range(201))):
        with pytest.raises(BadInputError):
            read_urns(wrong)


def test_another_reason_is_told_in_its_own_words() -> None:
    assert reasons_in_words(["other", "turnover"], "A new head.") == ("High staff turnover", "A new head.")


@given(st.lists(places, max_size=30), places)
def test_the_nearest_is_what_measuring_all_of_them_finds(every: list[tuple[int, int]], at: tuple[int, int]) -> None:
    found = Nearby((place, str(number), number) for number, place in enumerate(every, 1)).nearest(at)
    if not every:
        assert found is None
    else:
        assert found
        assert found.metres == round(min(hypot(at[0] - x, at[1] - y) for x, y in every))


def test_a_school_is_not_its_own_neighbour() -> None:
    nearby = Nearby([((0, 0), "One", 1), ((3000, 4000), "Two", 2)])
    near = nearby.nearest((0, 0), besides=1)
    assert near
    assert (near.name, near.metres) == ("Two", 5000)
    assert Nearby([((0, 0), "One", 1)]).nearest((0, 0), besides=1) is None
    assert nearby.nearest(None) is None


def test_authorities_are_counted_the_most_never_reached_first() -> None:
    counted = by_authority([("A", True, 900), ("B", True, None), ("B", True, 12_345), ("B", False, None)])
    assert [(one.name, one.schools, one.reached, one.never, one.furthest) for one in counted] == [
        ("B", 3, 1, 2, 12_345),
        ("A", 1, 0, 1, 900),
    ]
    assert [kilometres(one) for one in (None, 999, 1234, 12_999)] == ["", "less than 1 km", "1.2 km", "12 km"]


def test_three_thousand_schools_are_few_shapes_and_quick() -> None:
    never = [(200_000 + 53 * n % 140_000, 40_000 + 37 * n * n % 90_000) for n in range(3000)]
    begun = perf_counter()
    drawn = cold_map(never, [(250_000 + 1000 * n, 60_000) for n in range(60)])
    nearby = Nearby(((250_000 + 1000 * n, 60_000), "x", n + 1) for n in range(60))
    assert all(nearby.nearest(at) for at in never)
    assert perf_counter() - begun < 1
    assert drawn
    assert len(drawn.strokes) < 800
    assert "3,000 schools were never reached" in drawn.says
    assert cold_map([], []) is None
    alone = cold_map([(1, 1)], [])
    assert alone
    assert "1 school was never reached" in alone.says
