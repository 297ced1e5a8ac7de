"""One school under several URNs: which number it bore on which day (docs/rules/money.md, "A school's numbers")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.funding.facts import Succeeded
from app.kit.periods import Span


@dataclass(frozen=True, slots=True)
class Families:
    """`became` maps a URN to the day and the URN it became; `known_as` maps it to the number its family is known by."""

    became: Mapping[int, tuple[date, int]]
    known_as: Mapping[int, int]

    def of(self, urn: int) -> int:
        """The number by which the school is known whatever it is called: its family's first URN."""
        return self.known_as.get(urn, urn)

    def on(self, urn: int, day: date) -> int:
        """The URN that this school bore on the day, itself until it became another."""
        seen = {urn}
        while (step := self.became.get(urn)) and step[0] <= day and step[1] not in seen:
            urn = step[1]
            seen.add(urn)
        return urn

    def held(self, urns: Iterable[int], span: Span) -> dict[int, int]:
        """How many days of the span each URN was borne, following these schools from the span's first day."""
        named = sorted(set(urns))
        later = {after for urn in named for after in self._after(urn)}
        days: dict[int, int] = {}
        for urn in [one for one in named if one not in later] or named[:1]:
            since = span.first
            for borne, until in self._chain(urn, span):
                lasted = max(0, (min(until, span.last) - since).days + 1)
                if lasted:
                    days[borne] = days.get(borne, 0) + lasted
                    since = date.fromordinal(since.toordinal() + lasted)
        return days

    def _after(self, urn: int) -> list[int]:
        found: list[int] = []
        here = urn
        while (step := self.became.get(here)) and step[1] not in found and step[1] != urn:
            here = step[1]
            found.append(here)
        return found

    def _chain(self, urn: int, span: Span) -> list[tuple[int, date]]:
        """Each URN in turn with the last day it was borne."""
        chain: list[tuple[int, date]] = []
        for after in self._after(urn):
            chain.append((urn, date.fromordinal(self.became[urn][0].toordinal() - 1)))
            urn = after
        return [*chain, (urn, span.last)]


def families(facts: Iterable[Succeeded]) -> Families:
    """Out of the facts in order; of two successors of one school the later day counts, then the smaller URN."""
    became: dict[int, tuple[date, int]] = {}
    for fact in facts:
        known = became.get(fact.urn)
        if fact.to != fact.urn and (known is None or (fact.day, -fact.to) > (known[0], -known[1])):
            became[fact.urn] = (fact.day, fact.to)
    return Families(became, _known_as(became))


def _known_as(became: Mapping[int, tuple[date, int]]) -> dict[int, int]:
    top: dict[int, int] = {}

    def found(urn: int) -> int:
        while top.get(urn, urn) != urn:
            urn = top[urn]
        return urn

    for before, (_, after) in sorted(became.items()):
        top[found(before)] = found(after)
    members: dict[int, list[int]] = {}
    successors = {after for _, after in became.values()}
    for urn in sorted(set(became) | successors):
        members.setdefault(found(urn), []).append(urn)
    return {
        urn: min([one for one in group if one not in successors] or group)
        for group in members.values()
        for urn in group
    }
