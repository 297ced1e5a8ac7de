"""What is wrong with a rate card that a hub wrote, and what one version changes of another, in sentences."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from app.domain.funding.conditions import Condition, LeastMinutes
from app.domain.funding.conditions import faults_of as condition_faults
from app.domain.funding.facts import PAYEE_WORDS, Payee
from app.domain.funding.pence import pounds
from app.domain.funding.rates import (
    BY_LEADERS,
    BY_SCHOOLS,
    CHANGE_WORDS,
    EACH_WORDS,
    EARNS,
    FOR_WORDS,
    PER_WORDS,
    PRO_RATA,
    PRO_RATA_WORDS,
    For,
    Per,
    ProRata,
    Rate,
    RateCard,
)
from app.kit.errors import Fault
from app.kit.periods import spoken_date, spoken_year, year_span

MOST_RATE_PENCE = 1_000_000_00  # a million pounds for one unit is a slip of the finger
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def faults_of(draft: RateCard) -> tuple[Fault, ...]:
    """What to change before the draft can be published, each with its place ("rates.2.amounts"); empty when it can."""
    found: list[Fault] = []
    keys: set[str] = set()
    if not draft.rates:
        found.append(Fault("rates", "Add a rate: a card without any pays nothing."))
    for place, one in enumerate(draft.rates):
        if one.key in keys:
            found.append(Fault(f"rates.{place}.key", f"Another rate has the key {one.key}: give each its own."))
        keys.add(one.key)
        found += [Fault(f"rates.{place}.{path}", because) for path, because in _rate_faults(one, draft.year)]
    return tuple(found)


def _rate_faults(one: Rate, year: int) -> Iterator[tuple[str, str]]:
    if not _KEY.fullmatch(one.key):
        yield "key", "Write the key in small letters, numbers and hyphens, such as release-day."
    if not one.name.strip():
        yield "name", "Give the rate the name your schools know."
    yield from _sense_faults(one)
    yield from _amount_faults(one, year)
    yield from _limit_faults(one)
    yield from _condition_faults(one)


def _sense_faults(one: Rate) -> Iterator[tuple[str, str]]:
    if one.earned_by not in EARNS[one.per]:
        could = " or ".join(FOR_WORDS[each] for each in EARNS[one.per])
        yield "earned_by", f"A rate {PER_WORDS[one.per]} is paid for {could}: choose one of these."
    if one.pro_rata not in PRO_RATA[one.per]:
        could = " or ".join(PRO_RATA_WORDS[each] for each in PRO_RATA[one.per])
        yield "pro_rata", f"A rate {PER_WORDS[one.per]} is paid {could}: choose one of these."
    elif one.pro_rata is ProRata.MINUTES and one.earned_by is not For.ATTENDED:
        yield "pro_rata", "Minutes are known only of who came to a meeting: choose all of it or nothing."
    if one.earned_by in BY_SCHOOLS and one.payee is not Payee.PARTICIPANT:
        yield "payee", f"For {FOR_WORDS[one.earned_by]} the participant's school is paid: choose it."
    if one.earned_by in BY_LEADERS and one.payee is Payee.PARTICIPANT:
        yield "payee", f"For {FOR_WORDS[one.earned_by]} the school of whoever did it is paid: choose whose that is."


def _amount_faults(one: Rate, year: int) -> Iterator[tuple[str, str]]:
    if not one.amounts:
        yield "amounts", "Enter an amount and the day from which it holds."
    days = [amount.since for amount in one.amounts]
    for place, amount in enumerate(one.amounts):
        if not 0 <= amount.pence <= MOST_RATE_PENCE:
            yield f"amounts.{place}.pence", f"Enter an amount from £0.00 to {pounds(MOST_RATE_PENCE)}."
        if days.count(amount.since) > 1:
            yield f"amounts.{place}.since", f"Two amounts hold from {spoken_date(amount.since)}: keep one."
        if amount.since > year_span(year).last:
            yield f"amounts.{place}.since", f"Enter a day of {spoken_year(year)} or before it."
    if days and min(days) > year_span(year).first:
        first = date(year, 9, 1)
        yield "amounts", f"Enter the amount that holds on {spoken_date(first)}, when the year begins."


def _limit_faults(one: Rate) -> Iterator[tuple[str, str]]:
    if one.most is not None and not 1 <= one.most <= 100_000:
        yield "most", "Enter 1 to 100,000, or leave it empty for no limit."
    if one.most_pence is not None and not 1 <= one.most_pence <= MOST_RATE_PENCE:
        yield "most_pence", f"Enter £0.01 to {pounds(MOST_RATE_PENCE)}, or leave it empty for no limit."
    if one.pro_rata is ProRata.MEETINGS and not 1 <= one.meetings <= 40:
        yield "meetings", "Enter how many meetings a full year has, from 1 to 40."


def _condition_faults(one: Rate) -> Iterator[tuple[str, str]]:
    kinds = [each.kind for each in one.conditions]
    for place, each in enumerate(one.conditions):
        for name, because in condition_faults(each).items():
            yield f"conditions.{place}.{name}", because
        if kinds.index(each.kind) != place:
            yield f"conditions.{place}", f"“{each.title}” is there twice: keep one."
        if isinstance(each, LeastMinutes) and one.earned_by is not For.ATTENDED:
            yield f"conditions.{place}", "Minutes are known only of who came to a meeting: remove this condition."


def says(one: Rate) -> str:
    """The rate in one sentence, as a coordinator reads it, with its newest amount."""
    newest = max(one.amounts).pence if one.amounts else 0
    paid = "charged to" if one.per is Per.NO_SHOW else "paid to"
    per = PER_WORDS[one.per]
    earned = "" if per == FOR_WORDS[one.earned_by] else f" for {FOR_WORDS[one.earned_by]}"
    said = f"{one.name}: {pounds(newest)} {per}{earned}, {paid} {PAYEE_WORDS[one.payee]}"
    if one.per not in {Per.YEAR, Per.MILE}:
        said += f", {EACH_WORDS[one.each]}"
    if len(PRO_RATA[one.per]) > 1:
        said += f", {PRO_RATA_WORDS[one.pro_rata]}"
    if one.pro_rata is ProRata.MEETINGS:
        said += f" of {one.meetings}"
    return f"{said}{_limits(one)}."


def _limits(one: Rate) -> str:
    said = "" if one.most is None else f", at most {one.most:,} in the year"
    return said if one.most_pence is None else f"{said}, at most {pounds(one.most_pence)} in the year"


def differences(old: RateCard, new: RateCard) -> tuple[str, ...]:
    """What the new version changes of the old, in sentences: new rates, rates no longer paid, what changed in each."""
    before, after = ({one.key: one for one in card.rates} for card in (old, new))
    return (
        *(f"New: {says(one)}" for key, one in after.items() if key not in before),
        *(f"No longer paid: {says(one)}" for key, one in before.items() if key not in after),
        *(said for key, one in after.items() if key in before for said in _changed(before[key], one)),
        *_reordered(before, after),
    )


def _reordered(before: Mapping[str, Rate], after: Mapping[str, Rate]) -> Iterator[str]:
    """Whether what both have stands in another order."""
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield f"The order is now: {', '.join(one.name for one in after.values())}."


def _changed(old: Rate, new: Rate) -> Iterator[str]:
    if says(old) != says(replace(new, amounts=old.amounts)):
        yield f"Was: {says(old)} Now: {says(new)}"
    earlier, later = ({amount.since: amount.pence for amount in one.amounts} for one in (old, new))
    for day in sorted(earlier.keys() | later.keys()):
        was, now = earlier.get(day), later.get(day)
        if was != now:
            yield f"{new.name}, from {spoken_date(day)}: {_amount(was)} before, {_amount(now)} now."
    yield from _conditions_changed(new.name, old.conditions, new.conditions)
    if old.programmes != new.programmes:
        yield f"{new.name} was paid in {_programmes(old)}, and now in {_programmes(new)}."
    if old.on_change is not new.on_change:
        change = f"{CHANGE_WORDS[old.on_change]} before, {CHANGE_WORDS[new.on_change]} now"
        yield f"{new.name}, when a school changes its URN: {change}."


def _conditions_changed(name: str, old: tuple[Condition, ...], new: tuple[Condition, ...]) -> Iterator[str]:
    before, after = [one.says for one in old], [one.says for one in new]
    for said in after:
        if said not in before:
            yield f"{name} now asks: {said}"
    for said in before:
        if said not in after:
            yield f"{name} no longer asks: {said}"


def _amount(pence: int | None) -> str:
    return "no amount" if pence is None else pounds(pence)


def _programmes(one: Rate) -> str:
    return ", ".join(one.programmes) if one.programmes else "every programme"
