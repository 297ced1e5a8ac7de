"""British National Grid metres to latitude and longitude (EPSG:27700 to EPSG:4326)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pyproj import Transformer


class Point(NamedTuple):
    """A place in degrees, WGS 84."""

    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    # Building one costs a hundred milliseconds, asking it costs microseconds.
    return Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)


def points(eastings: Sequence[int], northings: Sequence[int]) -> list[Point]:
    """Each pair of grid metres as a point, rounded to about ten centimetres."""
    if not eastings:
        return []
    longitudes, latitudes = _transformer().transform(list(eastings), list(northings))
    return [Point(round(lat, 6), round(lon, 6)) for lat, lon in zip(latitudes, longitudes, strict=True)]


def point(easting: int, northing: int) -> Point:
    """One pair of grid metres as a point."""
    return points([easting], [northing])[0]
