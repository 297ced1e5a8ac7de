"""Random years: the ledger pays what a slow, plain reading of docs/rules/money.md pays, rate by rate and URN by URN."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings

from app.domain.funding.conditions import (
    AgreementSigned,
    EvaluationReceived,
    LeastMinutes,
    MeetingsAttended,
    NotOnline,
)
from app.domain.funding.facts import (
    Attended,
    Completed,
    EvaluationReturned,
    Fact,
    Led,
    NoShow,
    Payee,
    Released,
    Signed,
    Succeeded,
    Withdrew,
)
from app.domain.funding.ledger import lines
from app.domain.funding.rates import FACT_OF, Each, For, OnChange, Per, ProRata, Rate, RateCard
from tests.domain.funding_random import FIRST, LAST, cards, facts

OF_A_SCHOOL = (Signed, Attended, Led, Released, NoShow, EvaluationReturned, Completed, Withdrew)
ON_A_DAY = (Attended, Led, Released, NoShow)


class Plain:
    """The rules once more, by searching all facts for each question."""

    def __init__(self, happened: list[Fact]) -> None:
        self.facts = sorted(happened, key=lambda one: (one.day, one.id))
        self.next: dict[int, tuple[date, int]] = {}
        for one in self.facts:
            if isinstance(one, Succeeded) and one.to != one.urn:
                known = self.next.get(one.urn)
                if known is None or one.day > known[0] or (one.day == known[0] and one.to < known[1]):
                    self.next[one.urn] = (one.day, one.to)

    def family(self, urn: int) -> frozenset[int]:
        found = {urn}
        while True:
            more = {b for a, (_, b) in self.next.items() if a in found}
            more |= {a for a, (_, b) in self.next.items() if b in found}
            if more <= found:
                return frozenset(found)
            found |= more

    def on(self, urn: int, day: date) -> int:
        seen = [urn]
        while seen[-1] in self.next and self.next[seen[-1]][0] <= day and self.next[seen[-1]][1] not in seen:
            seen.append(self.next[seen[-1]][1])
        return seen[-1]

    def school(self, role: Payee, family: frozenset[int], programme: str) -> list[Fact]:
        return [
            one
            for one in self.facts
            if isinstance(one, OF_A_SCHOOL)
            and (one.role, one.programme) == (role, programme)
            and one.urn in family
            and not (isinstance(one, ON_A_DAY) and not FIRST <= one.day <= LAST)
        ]

    def holds(self, rate: Rate, mine: list[Fact], meetings: list[Fact]) -> bool:
        kinds = {type(one) for one in mine}
        for one in rate.conditions:
            if isinstance(one, AgreementSigned):
                fine = Signed in kinds
            elif isinstance(one, EvaluationReceived):
                fine = EvaluationReturned in kinds
            elif isinstance(one, MeetingsAttended):
                fine = len({met.thing for met in meetings}) >= one.least
            else:
                fine = isinstance(one, NotOnline | LeastMinutes) or Completed in kinds
            if not fine:
                return False
        return True

    def fine(self, rate: Rate, fact: Any) -> bool:
        for one in rate.conditions:
            if isinstance(one, NotOnline) and getattr(fact, "online", False):
                return False
            if isinstance(one, LeastMinutes) and fact.minutes and fact.minutes < one.least:
                return False
        return True

    def units(self, rate: Rate) -> list[tuple[frozenset[int], list[tuple[int, int]], Fraction, date]]:
        """Family, shares as (URN, days), units, day: of everything but a year."""
        groups: dict[Any, list[Any]] = defaultdict(list)
        for one in self.facts:
            wanted = type(one) is FACT_OF[rate.earned_by] and one.role == rate.payee and rate.takes(one.programme)
            if wanted and FIRST <= one.day <= LAST:
                thing = {Per.DAY: one.day, Per.MILE: one.id}.get(rate.per, getattr(one, "event", "") or one.day)
                person = getattr(one, "person", "") if rate.each is Each.PERSON else ""
                groups[one.programme, self.on(one.urn, one.day), thing, person].append(one)
        found = []
        for (programme, urn, _, _), group in groups.items():
            mine = self.school(rate.payee, self.family(urn), programme)
            meetings = [one for one in mine if isinstance(one, Attended | Led)]
            counted = [one for one in group if self.fine(rate, one)]
            if counted and self.holds(rate, mine, meetings):
                found.append((self.family(urn), [(urn, 1)], self.size(rate, counted), counted[0].day))
        return found

    def size(self, rate: Rate, group: list[Any]) -> Fraction:
        if rate.per is Per.MILE:
            return Fraction(int(Fraction(group[0].metres * 10_000, 1_609_344) + Fraction(1, 2)), 10)
        if rate.pro_rata is ProRata.MINUTES:
            return max(min(Fraction(1), Fraction(one.minutes, 120)) if one.minutes else Fraction(1) for one in group)
        if rate.earned_by is not For.RELEASED and rate.per is not Per.DAY:
            return Fraction(1)
        halves = {one.event: 1 for one in group}
        for one in group:
            halves[one.event] = max(halves[one.event], getattr(one, "half_days", 1))
        count = min(2, sum(halves.values()))
        if rate.per is Per.HALF_DAY:
            return Fraction(count)
        return Fraction(1) if rate.pro_rata is ProRata.WHOLE else Fraction(count, 2)

    def years(self, rate: Rate) -> list[tuple[frozenset[int], list[tuple[int, int]], Fraction, date]]:
        found = []
        kinds: Any = OF_A_SCHOOL if rate.earned_by is For.TAKING_PART else Led
        heads = [
            (one.programme, self.family(one.urn), *((one.group, one.person) if rate.earned_by is For.LED else ()))
            for one in self.facts
            if isinstance(one, kinds)
            and one.role == rate.payee
            and rate.takes(one.programme)
            and not (isinstance(one, Led) and not FIRST <= one.day <= LAST)
        ]
        if rate.earned_by is not For.LED:
            heads.sort(key=lambda one: (one[0], self.known_as(one[1])))
        for programme, family, *own in dict.fromkeys(heads):
            mine = self.school(rate.payee, family, programme)
            led = [one for one in mine if isinstance(one, Led) and (not own or [one.group, one.person] == own)]
            meetings = led if own else [one for one in mine if isinstance(one, Attended | Led)]
            named = {one.urn for one in (led if own else mine)}
            if named and self.holds(rate, mine, meetings):
                part = self.part(rate, mine, len({one.thing for one in meetings}))
                found.append((family, self.shares(rate, named), part, self.dated(rate, mine, meetings, own)))
        return found

    def known_as(self, family: frozenset[int]) -> int:
        after = {to for _, to in self.next.values()}
        return min(family - after or family)

    def part(self, rate: Rate, mine: list[Fact], came: int) -> Fraction:
        left = [one.day for one in mine if isinstance(one, Withdrew)]
        if rate.pro_rata is ProRata.MEETINGS:
            return Fraction(min(came, rate.meetings), rate.meetings)
        if not left or any(isinstance(one, Completed) for one in mine):
            return Fraction(1)
        last = min(max(left), LAST)
        if rate.pro_rata is ProRata.WHOLE or last < FIRST:
            return Fraction(0)
        months = len({(day.year, day.month) for day in days(FIRST, last)})
        return Fraction(months, 12) if rate.pro_rata is ProRata.MONTHS else Fraction(len(days(FIRST, last)), 366)

    def dated(self, rate: Rate, mine: list[Fact], meetings: list[Any], own: list[Any]) -> date:
        met = sorted({one.thing: one.day for one in reversed(meetings)}.values())
        firsts: list[date] = []
        for one in rate.conditions:
            kind = {"agreement": Signed, "evaluation": EvaluationReturned, "completed": Completed}.get(one.kind)
            if isinstance(one, MeetingsAttended):
                firsts.append(met[one.least - 1])
            elif kind:
                firsts.append(min(each.day for each in mine if isinstance(each, kind)))
        if not firsts:
            firsts = [self.begun(meetings if own else mine)]
        if rate.pro_rata is ProRata.MEETINGS and met:
            firsts.append(met[min(len(met), rate.meetings) - 1])
        return min(max([*firsts, FIRST]), LAST)

    def begun(self, mine: list[Fact]) -> date:
        """A part begins with its first paper or, kind by kind, with what happened first."""
        return next(one.day for kind in OF_A_SCHOOL for one in mine if type(one) is kind)

    def shares(self, rate: Rate, named: set[int]) -> list[tuple[int, int]]:
        if not any(urn in self.next for urn in named):
            return [(max(named), 1)]
        if rate.on_change is OnChange.LAST:
            return [(self.on(min(named), LAST), 1)]
        inner = {urn for urn in named if any(urn != one and urn in self.way(one) for one in named)}
        counts: dict[int, int] = defaultdict(int)
        for urn in (named - inner) or {min(named)}:
            for day in days(FIRST, LAST):
                counts[self.on(urn, day)] += 1
        return sorted(counts.items())

    def way(self, urn: int) -> list[int]:
        found = [urn]
        while found[-1] in self.next and self.next[found[-1]][1] not in found:
            found.append(self.next[found[-1]][1])
        return found


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def rounded(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))


def shared(pence: int, weights: list[int]) -> list[int]:
    whole = [pence * one // sum(weights) for one in weights]
    rest = [Fraction(pence * one, sum(weights)) - down for one, down in zip(weights, whole, strict=True)]
    for place in sorted(range(len(weights)), key=lambda one: (-rest[one], one))[: pence - sum(whole)]:
        whole[place] += 1
    return whole


def paid(card: RateCard, happened: list[Fact]) -> dict[tuple[str, int], int]:
    plain = Plain(happened)
    found: dict[tuple[str, int], int] = defaultdict(int)
    for rate in card.rates:
        units: dict[frozenset[int], Fraction] = defaultdict(Fraction)
        pence: dict[frozenset[int], int] = defaultdict(int)
        for family, shares, size, day in plain.years(rate) if rate.per is Per.YEAR else plain.units(rate):
            room = size if rate.most is None else min(size, rate.most - units[family])
            amount = rounded(rate.on(day) * room)
            amount = amount if rate.most_pence is None else min(amount, rate.most_pence - pence[family])
            if amount:
                units[family] += room
                pence[family] += amount
                sign = -1 if rate.per is Per.NO_SHOW else 1
                for (urn, _), part in zip(shares, shared(amount, [one for _, one in shares]), strict=True):
                    found[rate.key, urn] += sign * part
    return {what: amount for what, amount in found.items() if amount}


@given(cards(), facts(most=30))
@settings(max_examples=60, deadline=None)
def test_the_ledger_pays_what_a_plain_reading_of_the_rules_pays(card: RateCard, happened: list[Fact]) -> None:
    found: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines(card, happened).lines:
        found[line.rate, line.urn] += line.pence
    assert {what: amount for what, amount in found.items() if amount} == paid(card, happened)
