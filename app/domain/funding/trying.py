"""A draft rate card held against the year's facts: what each school would get, and which corrections follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.funding.corrections import due
from app.domain.funding.facts import Fact
from app.domain.funding.ledger import Effect, Ledger, lines
from app.domain.funding.line import Line, totals
from app.domain.funding.rates import RateCard
from app.domain.funding.statements import Entry


@dataclass(frozen=True, slots=True)
class SchoolEffect:
    """What a school would get of one rate under either card, in pence."""

    urn: int
    rate: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Tried:
    """The effect of a draft: sums of both cards, by rate and by school; `corrections` that only the draft makes."""

    before: int
    after: int
    effects: tuple[Effect, ...]
    schools: tuple[SchoolEffect, ...]
    corrections: tuple[Line, ...]


def tried(now: RateCard, draft: RateCard, facts: Iterable[Fact], frozen: Iterable[Entry] = ()) -> Tried:
    """The draft against the card in force, on the same facts and the same closed statements; nothing changes."""
    happened, closed = tuple(facts), tuple(frozen)
    was, would = lines(now, happened), lines(draft, happened)
    names = {one.key: one.name for one in (*now.rates, *draft.rates)}
    schools = _schools(was, would, names)
    effects = tuple(one for key, name in names.items() if (one := _effect(key, name, schools)))
    stand = {_what(one) for one in _corrections(closed, was)}
    made = tuple(one for one in _corrections(closed, would) if _what(one) not in stand)
    return Tried(was.pence, would.pence, effects, schools, made)


def _schools(was: Ledger, would: Ledger, names: dict[str, str]) -> tuple[SchoolEffect, ...]:
    before, after = (totals(one.lines, "rate", "urn") for one in (was, would))
    places = {key: place for place, key in enumerate(names)}
    keys = sorted({*before, *after}, key=lambda key: (places[key[0]], key[1]))
    every = (
        SchoolEffect(urn, rate, names[rate], before.get((rate, urn), 0), after.get((rate, urn), 0))
        for rate, urn in keys
    )
    return tuple(one for one in every if one.before != one.after)


def _effect(key: str, name: str, schools: Sequence[SchoolEffect]) -> Effect | None:
    of_rate = [one for one in schools if one.rate == key]
    if not of_rate:
        return None
    return Effect(key, name, sum(one.before for one in of_rate), sum(one.after for one in of_rate), len(of_rate))


def _corrections(frozen: Sequence[Entry], fresh: Ledger) -> tuple[Line, ...]:
    return due(frozen, fresh.lines, fresh.unearned).corrections if frozen else ()


def _what(line: Line) -> tuple[str, int, str, int]:
    return line.key, line.urn, line.payee.value, line.pence
