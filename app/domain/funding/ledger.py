"""From facts under a rate card to lines, and to reasons where a fact earned nothing (docs/rules/money.md).

Pure and total: the same facts under the same card give the same lines in the same order, whatever the order of the
facts; every fact that could earn is named by a line or by a reason. Work grows as n log n.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.funding.facts import PAID, Buckets, Fact, Led, Payee, Succeeded, buckets, in_order
from app.domain.funding.families import Families, families
from app.domain.funding.line import Line, Unearned, total, totals
from app.domain.funding.paying import Paying
from app.domain.funding.rates import FACT_OF, FOR_WORDS, For, Per, Rate, RateCard
from app.domain.funding.taking_part import Key, Part, led_parts, parts
from app.kit.periods import Span, spoken_date, spoken_year, year_span

EARNED_BY = {kind: earned for earned, kind in FACT_OF.items()}


@dataclass(frozen=True, slots=True)
class Ledger:
    """A year's lines, and what did not earn."""

    lines: tuple[Line, ...]
    unearned: tuple[Unearned, ...]

    @property
    def pence(self) -> int:
        """The sum of the lines."""
        return total(self.lines)


def lines(card: RateCard, facts: Iterable[Fact]) -> Ledger:
    """What is paid in the card's year for these facts, rate by rate in the card's order, then by day."""
    span = year_span(card.year)
    happened = tuple(facts)
    found = buckets(fact for fact in happened if fact.urn)
    schools = families(found.of[Succeeded])
    taking = parts(found, schools, span)
    paid: list[Line] = []
    not_paid: list[Unearned] = []
    for rate in card.rates:
        paying = Paying(card=card, rate=rate, families=schools, parts=taking, span=span)
        if rate.per is Per.YEAR:
            for name, part in _years(rate, found, taking, schools, span):
                paying.year(name, part)
        else:
            for key, unit in _units(rate, found, schools).items():
                paying.unit(key, unit)
        paid += paying.lines
        not_paid += paying.unearned
    not_paid += _untaken(card, found, span)
    not_paid += [_doubled(fact) for fact in found.doubled]
    not_paid += [_nobody(fact) for fact in in_order(fact for fact in happened if not fact.urn) if type(fact) in PAID]
    return Ledger(tuple(paid), tuple(not_paid))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft card changes of one rate: pence before and after, and how many schools are paid otherwise."""

    rate: str
    name: str
    before: int
    after: int
    schools: int


def effects(before: RateCard, after: RateCard, facts: Iterable[Fact]) -> tuple[Effect, ...]:
    """The draft held against the year's facts so far: each rate of either card that pays otherwise, in their order."""
    happened = tuple(facts)
    was, now = (totals(lines(card, happened).lines, "rate", "urn") for card in (before, after))
    names = {one.key: one.name for one in (*before.rates, *after.rates)}
    found = []
    for key, name in names.items():
        urns = {urn for rate, urn in (*was, *now) if rate == key}
        pence = [sum(card.get((key, urn), 0) for urn in urns) for card in (was, now)]
        schools = sum(was.get((key, urn), 0) != now.get((key, urn), 0) for urn in urns)
        if schools:
            found.append(Effect(key, name, pence[0], pence[1], schools))
    return tuple(found)


def _years(
    rate: Rate, found: Buckets, taking: dict[Key, Part], schools: Families, span: Span
) -> Iterator[tuple[str, Part]]:
    """The parts that a rate a year may pay, each with its name: by programme and school, or by who led which group."""
    if rate.earned_by is For.LED:
        led = (one for one in found.of[Led] if one.role == rate.payee and rate.takes(one.programme))
        yield from led_parts(led, taking, schools, span).items()
        return
    for (role, known_as, programme), part in sorted(taking.items(), key=lambda one: (one[0][2], one[0][1], one[0][0])):
        if role == rate.payee and rate.takes(programme):
            yield f"{programme}|{known_as}", part


def _units(rate: Rate, found: Buckets, schools: Families) -> dict[str, list[Fact]]:
    """The facts that earn one unit together, by what they earn it for, in order of day."""
    programmes = set(rate.programmes)
    role, per = rate.payee, rate.per
    by_person = rate.each.value == "person"
    changed = schools.became
    units: dict[str, list[Fact]] = {}
    for fact in found.of[FACT_OF[rate.earned_by]]:
        if fact.role is not role or (programmes and fact.programme not in programmes):
            continue
        thing = fact.id if per is Per.MILE else (per is not Per.DAY and fact.event) or fact.day.isoformat()
        urn = schools.on(fact.urn, fact.day) if fact.urn in changed else fact.urn
        key = f"{fact.programme}|{urn}|{thing}|{fact.person if by_person else ''}"
        known = units.get(key)
        if known is None:
            units[key] = [fact]
        else:
            known.append(fact)
    return units


def _untaken(card: RateCard, found: Buckets, span: Span) -> Iterator[Unearned]:
    """Facts that no rate of the card asks for, of the kinds that can earn."""
    year = spoken_year(card.year)
    for kind in PAID:
        earned = EARNED_BY[kind]
        known: dict[tuple[Payee, str], tuple[bool, bool]] = {}
        for fact in found.of[kind]:
            at = fact.role, fact.programme
            asked = known.get(at)
            if asked is None:
                rates = [one for one in card.rates if fact.role is one.payee and one.takes(fact.programme)]
                paid = any(one.earned_by is earned and one.per is not Per.YEAR for one in rates)
                asked = known[at] = paid, any(_counts(one, earned) for one in rates)
            if not any(asked):
                yield _left(fact, f"No rate of {year} pays for {FOR_WORDS[earned]} in {_programme(fact.programme)}.")
            elif not asked[0] and not span.first <= fact.day <= span.last:
                yield _left(fact, f"{spoken_date(fact.day)} is outside the grant year {year}.")


def _counts(rate: Rate, earned: For) -> bool:
    """Whether a rate a year rests on such facts."""
    counts = {For.ATTENDED, For.RELEASED, For.NO_SHOW} if rate.earned_by is For.TAKING_PART else {For.LED}
    return rate.per is Per.YEAR and earned in counts


def _programme(code: str) -> str:
    return code or "a programme that is not named"


def _doubled(fact: Fact) -> Unearned:
    return _left(fact, f"Another fact bears the same number, {fact.id}, and says something else: that one counts.")


def _nobody(fact: Fact) -> Unearned:
    if fact.role is Payee.PARTICIPANT:
        return _left(fact, "The school that they came from is not known: say in the Work Group where they teach.")
    return _left(fact, "Whoever went has no school of their own: give them one on their page.")


def _left(fact: Fact, because: str) -> Unearned:
    return Unearned("", fact.urn, fact.role, "", fact.programme, fact.group, fact.day, because, (fact.id,))
