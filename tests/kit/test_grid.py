import pytest

from app.kit.grid import point, points


def test_a_known_place_lies_where_it_should() -> None:
    # Caister water tower, the worked example of Ordnance Survey's guide to coordinate systems.
    caister = point(651410, 313177)
    assert caister.latitude == pytest.approx(52.65798, abs=0.0001)
    assert caister.longitude == pytest.approx(1.71605, abs=0.0001)


def test_many_places_are_turned_at_once_in_their_order() -> None:
    found = list(points([250000, 651410], [54000, 313177]))
    assert found[1] == pytest.approx(point(651410, 313177), abs=1e-6)
    assert list(points([], [])) == []
