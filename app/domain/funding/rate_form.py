"""A rate as a coordinator types it: the names of its boxes, what stands in them, and the rate out of what was sent."""

import re
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import TypeVar

from app.domain.funding.conditions import KNOWN, Condition
from app.domain.funding.facts import Payee
from app.domain.funding.pence import pounds, read_pence
from app.domain.funding.rates import Amount, Each, For, OnChange, Per, ProRata, Rate, RateCard
from app.domain.funding.rates_checked import faults_of
from app.domain.imports import read_date
from app.domain.stages.criteria import Ask
from app.kit.errors import BadInputError, Fault
from app.kit.periods import year_span
from app.kit.typed import Reader, Typed, whole_number

WRONG = "Look at what is marked below."
MOST_AMOUNTS = 24  # of one rate; an amount that changes more often than twice a month is another rate
LONGEST = 80
CHOOSE = "Choose one of these."
SOONER = "Enter the day from which this amount holds."
Kind = TypeVar("Kind", Payee, Per, For, Each, ProRata, OnChange)
_BETWEEN = re.compile(r"[^a-z0-9]+")


def amount_box(place: int, part: str) -> str:
    """The name of a box of the amount at this place: its `since` or its `pence`."""
    return f"amounts.{place}.{part}"


def rows(one: Rate | None) -> int:
    """How many rows of amounts the form shows: those that are there, and room for more."""
    return min(MOST_AMOUNTS, (len(one.amounts) if one else 0) + 2)


def condition_box(kind: str, ask: Ask) -> str:
    """The name of the box of a condition's number."""
    return f"condition.{kind}.{ask.name}"


def boxes(one: Rate) -> dict[str, str | tuple[str, ...]]:
    """What stands in each box for this rate."""
    said: dict[str, str | tuple[str, ...]] = {
        "name": one.name,
        "key": one.key,
        "earned_by": one.earned_by.value,
        "per": one.per.value,
        "payee": one.payee.value,
        "each": one.each.value,
        "pro_rata": one.pro_rata.value,
        "meetings": str(one.meetings),
        "on_change": one.on_change.value,
        "programmes": one.programmes,
        "conditions": tuple(each.kind for each in one.conditions),
        "most": "" if one.most is None else str(one.most),
        "most_pence": "" if one.most_pence is None else spelled(one.most_pence),
    }
    for place, amount in enumerate(sorted(one.amounts)):
        said[amount_box(place, "since")] = amount.since.isoformat()
        said[amount_box(place, "pence")] = spelled(amount.pence)
    for each in one.conditions:
        said |= {condition_box(each.kind, ask): str(asdict(each)[ask.name]) for ask in each.asks}
    return said


def spelled(pence: int) -> str:
    """Pence as they stand in a box: 1,234.50."""
    return pounds(pence).replace("£", "")


def written(card: RateCard, key: str, typed: Typed) -> RateCard:
    """The card with the rate as the form says it in the place of `key`, or at its end where `key` is empty.

    Raises BadInputError with what to change beside each box.
    """
    reader = Reader(typed)
    rate = _rate(card, key, reader)
    if rate is None:
        reader.finish()
        raise BadInputError(WRONG)  # finish() has told already: what cannot be read has its sentence
    keys = [one.key for one in card.rates]
    place = keys.index(key) if key else len(keys)
    rates = (*card.rates[:place], rate, *card.rates[place + 1 :])
    draft = RateCard(card.hub, card.year, card.version, rates)
    start = f"rates.{place}."
    told = [fault for fault in faults_of(draft) if fault.path.startswith(start)]
    reader.faults += [Fault(_box(fault.path.removeprefix(start), rate), fault.because) for fault in told]
    if reader.faults:
        raise BadInputError(WRONG, tuple(reader.faults))
    return draft


def _rate(card: RateCard, key: str, reader: Reader) -> Rate | None:
    typed = reader.typed
    name = typed.text("name")
    if not name:
        reader.faults.append(Fault("name", "Give the rate the name your schools know."))
    elif len(name) > LONGEST:
        reader.faults.append(Fault("name", f"Use at most {LONGEST} letters."))
    amounts = _amounts(reader, card.year)
    conditions = _conditions(reader)
    chosen = {
        "payee": reader.read("payee", lambda text: _choice(Payee, text)),
        "per": reader.read("per", lambda text: _choice(Per, text)),
        "earned_by": reader.read("earned_by", lambda text: _choice(For, text)),
        "each": reader.read("each", lambda text: _choice(Each, text or Each.SCHOOL)),
        "pro_rata": reader.read("pro_rata", lambda text: _choice(ProRata, text or ProRata.WHOLE)),
        "on_change": reader.read("on_change", lambda text: _choice(OnChange, text or OnChange.DAYS)),
        "meetings": reader.read("meetings", lambda text: whole_number(text or "6")),
    }
    most = reader.read("most", lambda text: whole_number(text) if text else None)
    most_pence = reader.read("most_pence", lambda text: read_pence(text) if text else None)
    if reader.faults:
        return None
    return Rate(
        key=key or _slug(typed.text("key") or name),
        name=name,
        amounts=amounts,
        conditions=conditions,
        programmes=tuple(sorted({one.strip() for one in typed.every("programmes") if one.strip()})),
        most=most,
        most_pence=most_pence,
        **chosen,  # type: ignore[arg-type]  # each was read by its own kind, or the reader has its fault
    )


def _choice(kind: type[Kind], text: str) -> Kind:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(CHOOSE) from None


def _slug(text: str) -> str:
    made = _BETWEEN.sub("-", text.lower()).strip("-")[:60].strip("-")
    return f"{made}-rate" if made == "new" else made  # "new" is where a rate is added


def _amounts(reader: Reader, year: int) -> tuple[Amount, ...]:
    """The amounts that were typed; a first one without a day holds from the first of the year."""
    found = []
    for place in range(MOST_AMOUNTS):
        since, pence = amount_box(place, "since"), amount_box(place, "pence")
        if not reader.typed.text(since) and not reader.typed.text(pence):
            continue
        day = reader.read(since, partial(_day, year, place))
        amount = reader.read(pence, read_pence)
        if day is not None and amount is not None:
            found.append(Amount(day, amount))
    return tuple(sorted(found))


def _day(year: int, place: int, text: str) -> date:
    if text:
        return read_date(text)
    if place == 0:
        return year_span(year).first
    raise ValueError(SOONER)


def _conditions(reader: Reader) -> tuple[Condition, ...]:
    chosen = set(reader.typed.every("conditions"))
    found = []
    for kind, make in KNOWN.items():
        if kind not in chosen:
            continue
        asks: tuple[Ask, ...] = getattr(make, "asks", ())
        values = {ask.name: reader.read(condition_box(kind, ask), whole_number) for ask in asks}
        if None not in values.values():
            found.append(make(**values))
    return tuple(found)


def _box(path: str, rate: Rate) -> str:
    """The box beside which a fault of the card stands."""
    if path == "amounts":
        return amount_box(0, "pence")
    part, _, rest = path.partition(".")
    if part != "conditions":
        return path
    place, _, name = rest.partition(".")
    kind = rate.conditions[int(place)].kind
    return f"condition.{kind}.{name}" if name else "conditions"


def amounts_written(card: RateCard, typed: Typed) -> RateCard:
    """The card with the newest amount of each rate as it was typed under `amount.KEY`; what was not sent stays.

    Raises BadInputError with what to change beside each box.
    """
    reader = Reader(typed)
    rates = []
    for one in card.rates:
        name = f"amount.{one.key}"
        pence = reader.read(name, read_pence) if name in typed.values else None
        rates.append(one if pence is None else with_newest(one, pence, year_span(card.year).first))
    draft = RateCard(card.hub, card.year, card.version, tuple(rates))
    for fault in faults_of(draft):
        _, place, part = [*fault.path.split(".", 2), "", ""][:3]
        if part.startswith("amounts"):
            reader.faults.append(Fault(f"amount.{draft.rates[int(place)].key}", fault.because))
    if reader.faults:
        raise BadInputError(WRONG, tuple(reader.faults))
    return draft


def with_newest(one: Rate, pence: int, first: date) -> Rate:
    """The rate with another newest amount; where it had none, the amount holds from `first`."""
    ordered = sorted(one.amounts)
    newest = Amount(ordered[-1].since if ordered else first, pence)
    return replace(one, amounts=(*ordered[:-1], newest))


def moved(card: RateCard, key: str, *, down: bool) -> RateCard:
    """The card with this rate one place further up, or down; at an end it stays. Raises KeyError for a strange one."""
    rates = list(card.rates)
    here = next((place for place, one in enumerate(rates) if one.key == key), None)
    if here is None:
        raise KeyError(key)
    there = min(max(here + (1 if down else -1), 0), len(rates) - 1)
    rates.insert(there, rates.pop(here))
    return replace(card, rates=tuple(rates))


def carried(card: RateCard, year: int, version: int) -> RateCard:
    """Another year's card with the amounts that held at its end, from the first day of this year on."""
    last, first = year_span(card.year).last, year_span(year).first
    rates = tuple(replace(one, amounts=(Amount(first, one.on(last)),)) for one in card.rates)
    return RateCard(card.hub, year, version, rates)
