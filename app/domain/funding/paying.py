"""One rate of a card, paid unit by unit: whether its conditions hold, how much of a unit it is, what the cap leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from app.domain.funding.conditions import LeastMinutes, NotOnline, OfTheDay, OfTheSchool
from app.domain.funding.facts import Fact, Released
from app.domain.funding.families import Families
from app.domain.funding.line import Line, Unearned
from app.domain.funding.pence import half_up, parts, pounds
from app.domain.funding.rates import FOR_WORDS, PER_WORDS, For, OnChange, Per, ProRata, Rate, RateCard
from app.domain.funding.taking_part import Judged, Key, Part, judge
from app.domain.stages.criteria import times
from app.kit.periods import Span, spoken_date, spoken_year

_TENTHS = (10_000, 1_609_344)  # a mile is 1,609.344 metres; it is paid in tenths, rounded half up
_NOBODY = Part()


class Worth(NamedTuple):
    """What a quantity of units comes to on a day: the amount of one, the pence of all, and the sentence."""

    amount: int
    pence: int
    because: str


class Found(NamedTuple):
    """What may be paid: whose, when, how much of a unit, what it is worth, on which evidence."""

    key: str
    first: Fact
    known_as: int
    group: str
    day: date
    quantity: int
    of: int
    worth: Worth
    evidence: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Paying:
    """One rate at work. `lines` and `unearned` grow in the order in which units are brought."""

    card: RateCard
    rate: Rate
    families: Families
    parts: Mapping[Key, Part]
    span: Span
    lines: list[Line] = field(default_factory=list)
    unearned: list[Unearned] = field(default_factory=list)
    of_school: tuple[OfTheSchool, ...] = ()
    of_day: tuple[OfTheDay, ...] = ()
    capped: bool = False
    whole: bool = False
    worths: dict[tuple[date, int, int, str], Worth] = field(default_factory=dict)
    judged: dict[Key, Judged] = field(default_factory=dict)
    units_paid: dict[int, Fraction] = field(default_factory=dict)
    pence_paid: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_day: list[OfTheDay] = []
        of_school: list[OfTheSchool] = []
        for one in self.rate.conditions:
            if isinstance(one, NotOnline | LeastMinutes):
                of_day.append(one)
            else:
                of_school.append(one)
        self.of_day, self.of_school = tuple(of_day), tuple(of_school)
        rate = self.rate
        halves = rate.per is Per.DAY or rate.earned_by is For.RELEASED
        self.whole = not halves and rate.per is not Per.MILE and rate.pro_rata is not ProRata.MINUTES
        self.capped = self.rate.most is not None or self.rate.most_pence is not None

    # One thing that happened

    def unit(self, name: str, facts: Sequence[Any]) -> None:
        """Pay what these facts earn together, in their order, or say why not."""
        first = facts[0]
        known_as = self.families.of(first.urn)
        key = f"{self.rate.key}|{name}"
        counted = self._counted(facts) if self.of_day else facts
        shown: tuple[str, ...] = ()
        because = self._refused(first, counted, facts)
        if not because and self.of_school:
            judged = self._judged(first, known_as)
            because, shown = judged.because, judged.ids
        if because:
            self._withhold(key, first, because, tuple(fact.id for fact in facts))
            return
        quantity, of = (1, 1) if self.whole else self._quantity(counted)
        if len(facts) == 1:
            people, evidence = "", (first.id, *shown)
        else:
            people, evidence = _people(counted), (*[fact.id for fact in facts], *shown)
        at = first.day, quantity, of, people
        worth = self.worths.get(at)
        if worth is None:
            said = FOR_WORDS[self.rate.earned_by]
            words = f"{said[0].upper()}{said[1:]} on {spoken_date(first.day)}{people}"
            worth = self.worths[at] = self._worth(first.day, quantity, of, words)
        self._pay(Found(key, first, known_as, first.group, first.day, quantity, of, worth, evidence))

    def _refused(self, first: Fact, counted: Sequence[Any], facts: Sequence[Any]) -> str:
        if not self.span.first <= first.day <= self.span.last:
            return f"{spoken_date(first.day)} is outside the grant year {spoken_year(self.card.year)}."
        return "" if counted else self._why_not(facts[0])

    def _counted(self, facts: Sequence[Any]) -> Sequence[Any]:
        return [one for one in facts if not self._why_not(one)]

    def _why_not(self, fact: Any) -> str:
        for one in self.of_day:
            if isinstance(one, NotOnline):
                if getattr(fact, "online", False):
                    return "It was online, and nothing is paid for what is online."
            elif 0 < getattr(fact, "minutes", 0) < one.least:
                return f"Was there for {times(fact.minutes, 'minute')} of the {one.least} needed."
        return ""

    def _judged(self, fact: Fact, known_as: int) -> Judged:
        key = (fact.role, known_as, fact.programme)
        found = self.judged.get(key)
        if found is None:
            found = self.judged[key] = judge(self.of_school, self.parts.get(key, _NOBODY))
        return found

    def _quantity(self, facts: Sequence[Any]) -> tuple[int, int]:
        """How much of a unit these facts are: of two people of one school the longer counts, not the sum."""
        rate = self.rate
        if rate.per is Per.MILE:
            return half_up(max(0, facts[0].metres) * _TENTHS[0], _TENTHS[1]), 10
        if rate.pro_rata is ProRata.MINUTES:
            share = max(_share(one) for one in facts)
            return share.numerator, share.denominator
        halves = _halves(facts)
        if rate.per is Per.HALF_DAY:
            return halves, 1
        return (1, 1) if rate.pro_rata is ProRata.WHOLE or halves > 1 else (1, 2)

    # A year

    def year(self, name: str, part: Part) -> None:
        """Pay a school's year in a programme, or say why not."""
        key, first = f"{self.rate.key}|{name}", part.first
        if first is None:  # a part begins with its first fact
            return
        meetings = sorted(part.meetings.values(), key=lambda one: (one.day, one.id))
        judged = judge(self.of_school, part)
        quantity, of, reason = self._of_year(part)
        if judged.because or reason:
            told = tuple(one.id for one in [*part.came, *self._papers(part)])
            self._withhold(key, first, judged.because or reason, told, part.group)
            return
        days = [judged.since or first.day]
        if self.rate.pro_rata is ProRata.MEETINGS:
            days.append(meetings[min(len(meetings), self.rate.meetings) - 1].day)
        day = min(max(*days, self.span.first), self.span.last)
        said = ", ".join(judged.said) or f"since {spoken_date(first.day)}"
        words = f"{self.rate.name} in {first.programme or 'the programme'}, {spoken_year(self.card.year)}: {said}"
        evidence = tuple(one.id for one in [*self._papers(part), *part.came]) or (first.id,)
        known_as = self.families.of(first.urn)
        found = Found(
            key, first, known_as, part.group, day, quantity, of, self._worth(day, quantity, of, words), evidence
        )
        self._pay(found, part)

    @staticmethod
    def _papers(part: Part) -> list[Fact]:
        return [one for one in (part.signed, part.evaluation, part.completed, part.left) if one]

    def _of_year(self, part: Part) -> tuple[int, int, str]:
        """How much of a year it is, and why nothing of it."""
        rate, left = self.rate, part.left
        if rate.pro_rata is ProRata.MEETINGS:
            came = min(len(part.meetings), rate.meetings)
            none = "" if came else f"Attended none of {times(rate.meetings, 'meeting')}."
            return (1, 1, "") if 0 < came == rate.meetings else (came, rate.meetings, none)
        if left is None:
            return 1, 1, ""
        told = f"Withdrew on {spoken_date(left.day)}"
        if rate.pro_rata is ProRata.WHOLE:
            return 0, 1, f"{told}, and only a whole year is paid."
        first, last = self.span
        done = min(left.day, last)
        if done < first:
            return 0, 1, f"{told}, before the year began."
        if rate.pro_rata is ProRata.MONTHS:
            done_of, whole = (done.year - first.year) * 12 + done.month - first.month + 1, 12
        else:
            done_of, whole = (done - first).days + 1, (last - first).days + 1
        return (1, 1, "") if done_of == whole else (done_of, whole, "")

    # Amounts

    def _worth(self, day: date, quantity: int, of: int, words: str) -> Worth:
        amount = self.rate.on(day)
        because = f"{words}; {_spoken(quantity, of)} at {pounds(amount)} {PER_WORDS[self.rate.per]}."
        return Worth(amount, half_up(amount * quantity, of), because)

    def _pay(self, found: Found, part: Part | None = None) -> None:
        rate, quantity, of = self.rate, found.quantity, found.of
        amount, pence, because = found.worth
        refusal = ""
        if not pence:
            unset = f"No amount is set for “{rate.name}” on {spoken_date(found.day)}."
            refusal = "It comes to no penny." if amount else unset
        elif self.capped:
            quantity, of, pence, said = self._within(found, amount, pence)
            refusal, because = (said, because) if not pence else ("", f"{because}{said}")
        if refusal:
            self._refuse(found, refusal)
            return
        pence = -pence if rate.per is Per.NO_SHOW else pence
        shares = self._shares(found, part)
        if len(shares) == 1:
            self._line(found, shares[0][0], (quantity, of, amount), pence, because)
            return
        whole = sum(days for _, days in shares)
        for (urn, days), share in zip(shares, parts(pence, [days for _, days in shares]), strict=True):
            if share:
                told = f"{because} {times(days, 'day')} of {whole} under the number {urn}."
                units = Fraction(quantity * days, of * whole)
                self._line(found, urn, (units.numerator, units.denominator, amount), share, told)

    def _within(self, found: Found, amount: int, pence: int) -> tuple[int, int, int, str]:
        """What the caps leave of it: quantity, of, pence, and a sentence where that is less."""
        rate, school, said = self.rate, found.known_as, ""
        units = Fraction(found.quantity, found.of)
        if rate.most is not None:
            left = rate.most - self.units_paid.get(school, Fraction(0))
            if units > left:
                units, said = left, f"At most {rate.most:,} are paid to one school in the year."
                pence = half_up(amount * left.numerator, left.denominator)
        if rate.most_pence is not None:
            room = rate.most_pence - self.pence_paid.get(school, 0)
            if pence > room:
                pence, said = room, f"At most {pounds(rate.most_pence)} is paid to one school in the year."
        if pence:
            self.units_paid[school] = self.units_paid.get(school, Fraction(0)) + units
            self.pence_paid[school] = self.pence_paid.get(school, 0) + pence
        if not said:
            return found.quantity, found.of, pence, ""
        return units.numerator, units.denominator, pence, f" {said}" if pence else said

    def _shares(self, found: Found, part: Part | None) -> list[tuple[int, int]]:
        """Which URNs are paid, each with its days."""
        changed, urn = self.families.became, found.first.urn
        if part is None:
            return [(self.families.on(urn, found.day) if urn in changed else urn, 1)]
        if not any(one in changed for one in part.urns):
            return [(max(part.urns), 1)]
        if self.rate.on_change is OnChange.LAST:
            return [(self.families.on(min(part.urns), self.span.last), 1)]
        return sorted(self.families.held(part.urns, self.span).items())

    def _line(self, found: Found, urn: int, units: tuple[int, int, int], pence: int, because: str) -> None:
        rate, first = self.rate, found.first
        quantity, of, amount = units
        self.lines.append(
            Line(
                found.key,
                urn,
                rate.payee,
                rate.key,
                first.programme,
                found.group,
                found.day,
                quantity,
                of,
                amount,
                pence,
                because,
                found.evidence,
                card_version=self.card.version,
            )
        )

    def _refuse(self, found: Found, because: str) -> None:
        self._withhold(found.key, found.first, because, found.evidence, found.group)

    def _withhold(self, key: str, first: Fact, because: str, evidence: tuple[str, ...], group: str = "") -> None:
        day = min(max(first.day, self.span.first), self.span.last) if self.rate.per is Per.YEAR else first.day
        rate, urn = self.rate, self.families.on(first.urn, day)
        group = group or first.group
        self.unearned.append(
            Unearned(key, urn, rate.payee, rate.key, first.programme, group, day, because, evidence or (first.id,))
        )


def _people(facts: Sequence[Any]) -> str:
    people = {one.person for one in facts} if len(facts) > 1 else ()
    return f", {len(people)} people" if len(people) > 1 else ""


def _spoken(quantity: int, of: int) -> str:
    if of == 1:
        return str(quantity)
    return f"{quantity / 10:,.1f}" if of == 10 else f"{quantity}/{of}"


def _share(fact: Any) -> Fraction:
    if fact.minutes <= 0 or fact.length <= 0:
        return Fraction(1)
    return min(Fraction(fact.minutes, fact.length), Fraction(1))


def _halves(facts: Sequence[Any]) -> int:
    """Half-days of one day: each thing counts as long as the one who was there longest; a day has two."""
    longest: dict[str, int] = {}
    for one in facts:
        thing = one.event
        lasted = one.half_days if isinstance(one, Released) else 1
        longest[thing] = max(longest.get(thing, 0), lasted)
    return min(2, max(1, sum(longest.values())))
