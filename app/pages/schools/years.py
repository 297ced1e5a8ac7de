"""Which academic year a list or form is about, and the way to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.kit.periods import academic_year, spoken_year
from app.pages._parts import Asked


@dataclass(frozen=True, slots=True)
class YearLink:
    """An academic year of the hub and the same list in it; `here` for the one that is shown."""

    words: str
    href: str
    here: bool


def asked_year(asked: Asked, today: date) -> int:
    """The year that `year=` names; today's when it names none."""
    text = asked.value("year")
    if text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100:
        return int(text)
    return academic_year(today)


def year_links(asked: Asked, years: Sequence[int], shown: int) -> tuple[YearLink, ...]:
    """The hub's years as links, newest first; none where there is only one."""
    every = sorted({*years, shown}, reverse=True)
    if len(every) == 1:
        return ()
    return tuple(YearLink(spoken_year(year), asked.link(year=str(year), page=""), year == shown) for year in every)
