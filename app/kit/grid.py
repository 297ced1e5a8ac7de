"""British National Grid metres to latitude and longitude (EPSG:27700 to EPSG:4326)."""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple


class Point(NamedTuple):
    """A place in degrees, WGS 84."""

    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def _transformer() -> Any:
    from pyproj import Transformer  # late: few starts need it, and it costs each of them 50 milliseconds

    # Building one costs a hundred milliseconds, asking it costs microseconds.
    return Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)


def points(eastings: Sequence[int], northings: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Each pair of grid metres as latitude and longitude, as exact as the transformation gives them."""
    if not eastings:
        return iter(())
    longitudes, latitudes = _transformer().transform(array("d", eastings), array("d", northings), inplace=True)
    return zip(latitudes, longitudes, strict=True)


def point(easting: int, northing: int) -> Point:
    """One pair of grid metres as a point, rounded to about ten centimetres."""
    latitude, longitude = next(points([easting], [northing]))
    return Point(round(latitude, 6), round(longitude, 6))
