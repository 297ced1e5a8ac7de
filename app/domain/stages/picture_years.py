"""Who came, stayed and left, year by year: the flow between stages and the survival of cohorts.

Source: docs/rules/picture.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.stages.ladder import RUNGS, standing
from app.domain.stages.picture import LEFT, NEW, TAKES_PART, Cohort, Flow

MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment, as far as the years are told from it."""

    urn: int
    kind: str
    year: int
    state: str


def stages(enrolments: Iterable[Enrolled], until: int) -> dict[int, dict[int, str]]:
    """Of each year up to `until` the stage of every school that took part: {year: {urn: stage}}."""
    every: dict[tuple[int, int], list[Enrolled]] = {}
    for one in enrolments:
        if one.year <= until and one.kind in RUNGS:
            every.setdefault((one.year, one.urn), []).append(one)
    found: dict[int, dict[int, str]] = {}
    for (year, urn), several in sorted(every.items()):
        stands = standing(several, year)
        if stands and stands.state in TAKES_PART:
            found.setdefault(year, {})[urn] = RUNGS[stands.kind].value
    return found


def flows(of_year: Mapping[int, Mapping[int, str]], until: int) -> tuple[Flow, ...]:
    """Between each year and the next: from stage to stage, in as new (or back), out as left."""
    if not of_year:
        return ()
    counted: list[Flow] = []
    last = min(until, max(of_year))  # a year that nobody is enrolled in yet is not one that all have left
    for year in range(max(min(of_year), last - MOST_YEARS + 1), last + 1):
        was, now = of_year.get(year - 1, {}), of_year.get(year, {})
        counted += _flows(year, Counter((was.get(urn, NEW), now.get(urn, LEFT)) for urn in {**was, **now}))
    return tuple(counted)


def _flows(year: int, pairs: Mapping[tuple[str, str], int]) -> list[Flow]:
    return [Flow(year, source, target, count) for (source, target), count in sorted(pairs.items())]


def cohorts(of_year: Mapping[int, Mapping[int, str]], until: int) -> tuple[Cohort, ...]:
    """Schools by the year in which they first took part, and how many did in each year after; a return counts again."""
    began: dict[int, int] = {}
    for year in sorted(of_year):
        for urn in of_year[year]:
            began.setdefault(urn, year)
    made, last = [], min(until, max(of_year, default=until))
    for first in sorted(set(began.values())):
        own = {urn for urn, year in began.items() if year == first}
        stays = tuple(len(own & of_year.get(year, {}).keys()) for year in range(first, last + 1))
        made.append(Cohort(first, stays))
    return tuple(made[-MOST_YEARS:])
