"""How far somebody drove: read in miles, kept in metres."""

import re
from decimal import ROUND_HALF_UP, Decimal
from math import hypot

from app.domain.funding.pence import half_up

MOST_MILES = 600
_METRES = Decimal("1609.344")
_MILES = re.compile(r"(\d{1,4})(?:\.(\d))?")


def read_miles(text: str) -> int:
    """Metres out of miles as people write them: 12, 12.4, 12.4 miles. Raises ValueError with a sentence."""
    said = re.sub(r"\s*(miles|mile|mi)$", "", text.strip().lower())
    found = _MILES.fullmatch(said)
    if found is None:
        raise ValueError(f"Enter 0 to {MOST_MILES} miles, with at most one figure after the point, such as 12.4.")
    miles = Decimal(f"{found[1]}.{found[2] or 0}")
    if miles > MOST_MILES:
        raise ValueError(f"Enter at most {MOST_MILES} miles: look at where the point stands.")
    return int((miles * _METRES).quantize(Decimal(1), ROUND_HALF_UP))


def spoken_miles(metres: int) -> str:
    """The miles that are paid: in tenths, 12.4."""
    tenths = half_up(metres * 10_000, 1_609_344)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def there_and_back(here: tuple[int, int], there: tuple[int, int]) -> int:
    """Whole miles there and back as the crow flies, between two points of the National Grid in metres."""
    return round(2 * hypot(here[0] - there[0], here[1] - there[1]) / float(_METRES))
