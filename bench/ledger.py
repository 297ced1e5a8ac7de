"""A national year, 40 hubs with 400,000 facts, to lines; against one SQL aggregate over the same facts, in one run.

Run as `python -m bench.ledger [ROUNDS]`. Seconds are the processor's, of Python and of the database's backend, so that
other work on the machine does not count. It fails where lines take a minute, or three times the aggregate.
"""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from app.domain.funding.facts import (
    Attended,
    EvaluationReturned,
    Fact,
    Led,
    NoShow,
    Observed,
    Payee,
    Released,
    Signed,
    Succeeded,
    Travelled,
    Visited,
)
from app.domain.funding.ledger import lines
from app.domain.funding.rates import Amount, RateCard, empty_card
from bench.ledger_sql import loaded

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
HUBS, FACTS, GROUP, MEETINGS = 40, 400_000, 7, 6
MOST_SECONDS, MOST_TIMES = 60, 3
FIRST = date(2027, 9, 6)


def a_card(hub: str) -> RateCard:
    """Every usual rate, each with an amount."""
    card = empty_card(hub, 2027)
    rates = [
        replace(one, amounts=(Amount(date(2027, 9, 1), 4_550 + place),)) for place, one in enumerate(card.rates, 1)
    ]
    rates[0] = replace(rates[0], most_pence=100_000)
    return replace(card, rates=tuple(rates))


def a_group(hub: int, number: int) -> Iterator[Fact]:
    """A Work Group's year: seven schools with two teachers each, six meetings, three visits, its leader's travel."""
    programme, group = ("development", "sustaining")[number % 2], f"NCP27-{hub:02d}-{number}"
    schools = [100_000 + hub * 10_000 + number * GROUP + place for place in range(GROUP)]
    leads = 700_000 + hub * 100 + number % 97
    for place, urn in enumerate(schools):
        key = f"{hub}-{number}-{place}"
        common = {"urn": urn, "programme": programme, "group": group}
        if place:
            yield Signed(id=f"agreement/{key}", day=FIRST - timedelta(60), **common)
        if not place % 3:
            yield EvaluationReturned(id=f"evaluation/{key}", day=date(2028, 7, 3), **common)
        if not (number + place) % 50:
            yield Succeeded(id=f"link/{key}", day=date(2028, 2, 29), urn=urn, to=urn + 5_000_000)
    for meeting in range(MEETINGS):
        day, event = FIRST + timedelta(7 * number % 28 + 49 * meeting), f"event/{hub}-{number}-{meeting}"
        own = {"urn": leads, "programme": programme, "group": group, "person": f"leader-{hub}-{number}", "event": event}
        yield Led(id=f"led/{event}", day=day, **own)
        yield Travelled(id=f"travel/{event}", day=day, role=Payee.SPECIALIST, metres=12_345 + 7 * number, **own)
        for place, urn in enumerate(schools):
            for teacher in range(2):
                own = {"urn": urn, "programme": programme, "group": group, "event": event}
                own |= {"person": f"person-{hub}-{number}-{place}-{teacher}"}
                if (meeting + place + teacher + number) % 17:
                    yield Attended(id=f"attendance/{event}-{place}-{teacher}", day=day, **own)
                    yield Released(id=f"release/{event}-{place}-{teacher}", day=day, **own)
                else:
                    yield NoShow(id=f"missed/{event}-{place}-{teacher}", day=day, **own)
            if meeting < 3:
                day_of = day + timedelta(14 + place)
                own = {"urn": leads, "programme": programme, "group": group, "person": f"leader-{hub}-{number}"}
                own |= {"event": f"visit/{event}-{place}", "host": urn}
                kind = Visited if place % 2 else Observed
                yield kind(id=f"visit/{event}-{place}", day=day_of, role=Payee.SPECIALIST, **own)


def a_year(hub: int, facts: int) -> list[Fact]:
    """So many facts of one hub, in no order."""
    found: list[Fact] = []
    number = 0
    while len(found) < facts:
        found += a_group(hub, number)
        number += 1
    random.Random(hub).shuffle(found)
    return found[:facts]


def main() -> None:
    years = [a_year(hub, FACTS // HUBS) for hub in range(HUBS)]
    cards = [a_card(f"HUB{hub}") for hub in range(HUBS)]
    ratios, took = [], []
    with loaded(years, cards) as aggregate:
        pence = sum(row[4] for row in aggregate.rows())
        for _ in range(ROUNDS):
            bare = aggregate.seconds()
            started = time.process_time()
            found = [lines(card, facts) for card, facts in zip(cards, years, strict=True)]
            took.append(time.process_time() - started)
            ratios.append(took[-1] / bare)
            made, left = sum(len(one.lines) for one in found), sum(len(one.unearned) for one in found)
            print(f"SQL {bare:.2f} s, lines {took[-1]:.2f} s: {made:,} lines, {left:,} reasons, {ratios[-1]:.1f} times")
            assert sum(one.pence for one in found) == pence, "the aggregate does not ask what the lines say"
    print(f"median {median(took):.2f} s for {HUBS} hubs, {median(ratios):.1f} times one SQL aggregate")
    if median(took) > MOST_SECONDS or median(ratios) > MOST_TIMES:
        raise SystemExit(f"More than {MOST_SECONDS} s, or than {MOST_TIMES} times the aggregate.")


if __name__ == "__main__":
    main()
