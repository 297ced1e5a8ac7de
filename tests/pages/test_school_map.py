"""Where schools lie on the drawing: to scale, north up, names apart."""

from hypothesis import given
from hypothesis import strategies as st

from app.pages.schools.map import MARGIN, TALLEST, WIDTH, Spot, school_map


def a_spot(name: str, east: int, north: int) -> Spot:
    return Spot(name, f"/schools/{name}", (east, north), "development")


def test_no_school_is_no_map() -> None:
    assert school_map([], 3) is None


def test_north_is_up_and_east_is_right() -> None:
    made = school_map([a_spot("South-west", 100_000, 10_000), a_spot("North-east", 120_000, 40_000)], 0)
    assert made is not None
    low, high = made.points
    assert low.x < high.x
    assert low.y > high.y
    assert round((high.x - low.x) / (low.y - high.y), 2) == round(20 / 30, 2)


def test_schools_without_a_place_are_counted() -> None:
    made = school_map([a_spot("Alone", 1, 1)], 2)
    assert made is not None
    assert made.summary == "One school where it lies. 2 more have no place in GIAS."


def test_names_that_would_cover_each_other_are_left_to_the_point() -> None:
    made = school_map([a_spot(f"A very long name {n}", 200_000 + n, 50_000) for n in range(6)], 0)
    assert made is not None
    assert sum(bool(point.anchor) for point in made.points) < 6


@given(st.lists(st.tuples(st.integers(0, 700_000), st.integers(0, 1_300_000)), min_size=1, max_size=40))
def test_every_point_lies_on_the_drawing(places: list[tuple[int, int]]) -> None:
    made = school_map([a_spot(str(n), *place) for n, place in enumerate(places)], 0)
    assert made is not None
    assert made.width == WIDTH
    assert made.height <= TALLEST + 1
    assert made.bar <= WIDTH
    for point in made.points:
        assert MARGIN - 1 <= point.x <= made.width - MARGIN + 1
        assert MARGIN - 1 <= point.y <= made.height - MARGIN + 1
