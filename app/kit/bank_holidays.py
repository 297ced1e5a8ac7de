"""Bank holidays of England, which close every school."""

from datetime import date
from functools import lru_cache

import holidays

from app.kit.periods import year_span


@lru_cache(maxsize=32)
def _england(year: int) -> tuple[tuple[date, str], ...]:
    span = year_span(year)
    known = holidays.country_holidays("GB", subdiv="ENG", years=(year, year + 1))
    return tuple((day, name) for day, name in sorted(known.items()) if span.holds(day))


def bank_holidays(year: int) -> dict[date, str]:
    """Day and name of each, in order, within the academic year that begins in September of `year`."""
    return dict(_england(year))
