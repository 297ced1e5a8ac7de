"""What a year that is planned again can have no date for any more: its time has gone by, and it stands nowhere."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.kit.periods import HALF_TERMS

if TYPE_CHECKING:
    from app.domain.schedule.facts import GroupFacts, YearFacts

NOTICE = 7  # days that people need: nothing new is planned where fewer are left, and what lies nearer makes no way


def over(facts: "YearFacts") -> frozenset[str]:
    """Keys of the meetings, visits and observations that are left out; none where nothing is in the calendar yet."""
    if not facts.placed or facts.today is None:
        return frozenset()
    since, there = facts.today + timedelta(NOTICE), {each.key: each.day for each in facts.placed}
    ends = {each.urn: [span.last for span in each.half_terms] for each in facts.schools if len(each.half_terms) == 6}
    gone = {key for key, last in _half_terms(facts, ends) if key not in there and last < since}
    for group in facts.groups:
        gone |= {key for key, last in _observations(group, there, gone, ends) if key not in there and last < since}
    return frozenset(gone)


def _half_terms(facts: "YearFacts", ends: dict[int, list[date]]) -> Iterator[tuple[str, date]]:
    """Every meeting and visit with the last day on which it could be."""
    for group in facts.groups:
        lasts = [ends[urn] for urn, _ in group.members if urn in ends]
        if lasts:
            yield from ((f"{group.id}/{k}", min(last[k] for last in lasts)) for k in group.half_terms)
    for series in facts.series:
        if series.urn in ends:
            yield from ((f"{series.id}/{k}", ends[series.urn][k]) for k in series.half_terms)


def _observations(
    group: "GroupFacts", there: dict[str, date], gone: set[str], ends: dict[int, list[date]]
) -> Iterator[tuple[str, date]]:
    """A group's observations with the last day on which each could be; none after a meeting that never was."""
    for key, urn, _, k in group.observations():
        if urn in ends:
            last = there.get(f"{group.id}/{k + 1}", ends[urn][5])
            yield key, date.min if f"{group.id}/{k}" in gone else last


def left_out(facts: "YearFacts") -> list[str]:
    """What is left out, in sentences."""
    gone = over(facts)
    schools = {school.urn: school.name for school in facts.schools}
    every = [(each.id, each.code, "does not meet", each.half_terms) for each in facts.groups]
    every += [(each.id, schools.get(each.urn, ""), "is not visited", each.half_terms) for each in facts.series]
    said = []
    for key, name, what, half_terms in every:
        terms = [HALF_TERMS[k] for k in half_terms if f"{key}/{k}" in gone]
        if terms:
            said.append(f"{name} {what} in {' or '.join(terms)}: that is over, or nearly, and it has no date then.")
    watched = Counter(each.code for each in facts.groups for key, *_ in each.observations() if key in gone)
    for code, many in watched.items():
        lessons = "1 lesson" if many == 1 else f"{many} lessons"
        said.append(f"{lessons} of {code} cannot be observed any more: the next meeting is too near, or over.")
    return said
