"""A rate as it is typed: what stands in the boxes comes back, what cannot be is told beside its box."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.funding import rate_form
from app.domain.funding.facts import Attended, Fact, Signed
from app.domain.funding.ledger import lines
from app.domain.funding.line import Kind
from app.domain.funding.rates import Amount, RateCard, empty_card
from app.domain.funding.rates_checked import faults_of
from app.domain.funding.sample import drawn, sample
from app.domain.funding.statements import Entry
from app.domain.funding.trying import tried
from app.kit.errors import BadInputError
from app.kit.typed import Typed
from tests.domain.funding_random import cards, facts

YEAR = 2026
CARD = empty_card("MOOR", YEAR)
FIRST = date(YEAR, 9, 1)


def sent(key: str, /, **changes: str | tuple[str, ...]) -> Typed:
    rate = CARD.rate(key)
    assert rate is not None
    said = {**rate_form.boxes(rate), **changes}
    return Typed({name: (value,) if isinstance(value, str) else value for name, value in said.items()})


@pytest.mark.parametrize("key", [one.key for one in CARD.rates])
def test_a_rate_that_is_sent_as_it_stood_is_the_same_rate(key: str) -> None:
    assert rate_form.written(CARD, key, sent(key)) == CARD


@given(cards(), st.data())
def test_any_rate_that_can_be_paid_comes_back_as_it_was_typed(card: RateCard, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(card.rates))
    held = RateCard(card.hub, card.year, card.version, (one,))
    assume(not faults_of(held))
    kept = replace(one, amounts=tuple(sorted(one.amounts)), programmes=tuple(sorted(one.programmes)))
    said = rate_form.boxes(one)
    typed = Typed({name: (value,) if isinstance(value, str) else value for name, value in said.items()})
    [read] = rate_form.written(held, one.key, typed).rates
    by_kind = {each.kind: each for each in read.conditions}
    assert by_kind == {each.kind: each for each in one.conditions}
    assert replace(read, conditions=()) == replace(kept, conditions=())


def test_two_amounts_hold_one_after_the_other() -> None:
    later = {"amounts.0.pence": "£190.50", "amounts.1.since": "1/1/2027", "amounts.1.pence": "1,210"}
    rate = rate_form.written(CARD, "supply", sent("supply", **later)).rate("supply")
    assert rate is not None
    assert rate.amounts == (Amount(FIRST, 19050), Amount(date(2027, 1, 1), 121000))


def test_a_new_rate_takes_its_short_name_from_its_name_and_goes_to_the_end() -> None:
    typed = sent("attendance", name="Half-day at a 2nd meeting", key="", **{"amounts.0.since": ""})
    draft = rate_form.written(CARD, "", typed)
    assert draft.rates[-1].key == "half-day-at-a-2nd-meeting"
    assert draft.rates[-1].amounts == (Amount(FIRST, 0),)
    assert draft.rates[:-1] == CARD.rates


@pytest.mark.parametrize(
    ("key", "changes", "box", "says"),
    [
        ("supply", {"amounts.0.pence": "many"}, "amounts.0.pence", "is not an amount"),
        ("supply", {"amounts.0.pence": "-5"}, "amounts.0.pence", "£0.00 to"),
        ("supply", {"amounts.0.since": "2027-02-30"}, "amounts.0.since", "not a day that exists"),
        ("supply", {"amounts.0.since": "", "amounts.0.pence": ""}, "amounts.0.pence", "Enter an amount"),
        ("supply", {"amounts.1.pence": "5"}, "amounts.1.since", "Enter the day"),
        ("supply", {"amounts.0.since": "2026-11-01"}, "amounts.0.pence", "when the year begins"),
        ("supply", {"condition.meetings.least": "7"}, "condition.meetings.least", "at most 6"),
        ("supply", {"condition.meetings.of": "six"}, "condition.meetings.of", "whole number"),
        ("supply", {"conditions": ("minutes",), "condition.minutes.least": "60"}, "conditions", "Minutes are known"),
        ("supply", {"name": " "}, "name", "Give the rate the name"),
        ("supply", {"payee": "specialist"}, "payee", "participant's school"),
        ("supply", {"per": "moon"}, "per", "Choose one of these"),
        ("supply", {"per": "mile"}, "earned_by", "A rate a mile is paid for travel"),
        ("supply", {"most": "0"}, "most", "1 to 100,000"),
        ("supply", {"most_pence": "£0"}, "most_pence", "£0.01"),
    ],
)
def test_what_cannot_be_is_told_beside_its_box(
    key: str, changes: dict[str, str | tuple[str, ...]], box: str, says: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        rate_form.written(CARD, key, sent(key, **changes))
    told = {fault.path: fault.because for fault in refused.value.faults}
    assert says in told[box], told


def test_a_second_rate_of_one_short_name_is_refused() -> None:
    with pytest.raises(BadInputError) as refused:
        rate_form.written(CARD, "", sent("supply", key="release"))
    assert refused.value.faults[0].path == "key"


def test_amounts_of_all_rates_are_written_at_once_and_what_is_not_sent_stays() -> None:
    draft = rate_form.amounts_written(CARD, Typed({"amount.supply": ("1,000",), "amount.observation": ("12.5",)}))
    paid = {one.key: one.amounts[-1].pence for one in draft.rates if one.amounts[-1].pence}
    assert paid == {"supply": 100000, "observation": 1250}


def test_an_amount_beyond_all_sense_is_told_beside_its_box() -> None:
    with pytest.raises(BadInputError) as refused:
        rate_form.amounts_written(CARD, Typed({"amount.supply": ("2,000,000",)}))
    assert [fault.path for fault in refused.value.faults] == ["amount.supply"]


def test_last_years_amounts_hold_from_the_first_day_as_they_did_at_its_end() -> None:
    old = replace(CARD.rates[0], amounts=(Amount(FIRST, 100), Amount(date(2027, 3, 1), 250)))
    carried = rate_form.carried(RateCard("MOOR", YEAR, 4, (old,)), YEAR + 1, 1)
    assert carried.rates[0].amounts == (Amount(date(2027, 9, 1), 250),)
    assert (carried.year, carried.version) == (YEAR + 1, 1)


def paying(pence: int, version: int) -> RateCard:
    rates = [replace(one, amounts=(Amount(FIRST, pence),)) for one in CARD.rates if one.key == "attendance"]
    return RateCard("MOOR", YEAR, version, tuple(rates))


def test_trying_tells_sums_schools_and_only_the_corrections_that_the_draft_makes() -> None:
    happened = [
        Signed(id="agreement/1", day=FIRST, urn=1),
        *(Attended(id=f"attendance/{n}", day=date(2026, 10, n), urn=1, event=f"e{n}", person="p") for n in (1, 2)),
    ]
    now, draft = paying(5000, 1), paying(6000, 2)
    frozen = [Entry("line-1", lines(now, happened).lines[0])]
    told = tried(now, draft, happened, frozen)
    assert (told.before, told.after) == (10000, 12000)
    assert [(one.rate, one.schools) for one in told.effects] == [("attendance", 1)]
    assert [(one.urn, one.after - one.before) for one in told.schools] == [(1, 2000)]
    assert [(one.kind, one.pence, one.corrects) for one in told.corrections] == [(Kind.CORRECTION, 1000, "line-1")]
    assert tried(now, now, happened, frozen).corrections == ()


@given(cards(), facts(), st.randoms())
def test_ids_are_drawn_as_lines_are_whatever_their_order(card: RateCard, happened: list[Fact], dice: Random) -> None:
    frozen = [Entry(f"line-{place:04}", line) for place, line in enumerate(lines(card, happened).lines)]
    of = {one.id: one.line for one in frozen}
    ids = drawn("June", frozen, 5)
    assert [of[one] for one in ids] == list(sample("June", of.values(), 5))
    dice.shuffle(frozen)
    assert drawn("June", frozen, 5) == ids
