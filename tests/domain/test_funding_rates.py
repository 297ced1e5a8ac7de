"""Rate cards: kept whole, refused in sentences, and compared in sentences."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from app.domain.funding.conditions import AgreementSigned, EvaluationReceived, LeastMinutes, MeetingsAttended
from app.domain.funding.facts import Payee
from app.domain.funding.rates import Amount, For, Per, ProRata, Rate, RateCard, empty_card, from_data, to_data
from app.domain.funding.rates_checked import differences, faults_of, says
from tests.domain.funding_random import cards

CARD = empty_card("TAMAR", 2027)


def with_first(**changed: object) -> RateCard:
    return replace(CARD, rates=(replace(CARD.rates[0], **changed), *CARD.rates[1:]))


def faults(**changed: object) -> dict[str, str]:
    return {fault.path: fault.because for fault in faults_of(with_first(**changed))}


@given(cards())
@settings(max_examples=40, deadline=None)
def test_cards_survive_being_kept_and_those_that_make_sense_have_no_fault(card: RateCard) -> None:
    assert from_data(to_data(card)) == card
    assert faults_of(card) == ()
    assert differences(card, card) == ()


def test_the_card_that_ships_holds_no_amount_of_anybodys() -> None:
    assert faults_of(CARD) == ()
    assert {amount.pence for rate in CARD.rates for amount in rate.amounts} == {0}
    assert {rate.per for rate in CARD.rates} == set(Per)
    assert {rate.payee for rate in CARD.rates} == set(Payee)


def test_the_amount_of_a_day_is_the_newest_that_has_begun() -> None:
    rate: Rate = replace(CARD.rates[0], amounts=(Amount(date(2028, 4, 1), 9_000), Amount(date(2027, 9, 1), 8_000)))
    assert [rate.on(day) for day in (date(2027, 8, 31), date(2028, 3, 31), date(2028, 4, 1))] == [0, 8_000, 9_000]


def test_what_cannot_be_paid_is_refused_at_its_place() -> None:
    assert faults_of(replace(CARD, rates=()))[0].path == "rates"
    assert "rates.1.key" in faults(key="release")
    assert "small letters" in faults(key="Supply £")["rates.0.key"]
    assert "rates.0.name" in faults(name=" ")
    assert "taking part or leading a meeting" in faults(earned_by=For.TRAVELLED)["rates.0.earned_by"]
    assert "rates.0.pro_rata" in faults(pro_rata=ProRata.HALVES)
    assert "participant's school" in faults(payee=Payee.SPECIALIST)["rates.0.payee"]
    assert "whoever did it" in faults(earned_by=For.LED)["rates.0.payee"]
    assert "rates.0.amounts" in faults(amounts=())
    assert "rates.0.amounts.0.pence" in faults(amounts=(Amount(date(2027, 9, 1), -1),))
    late = faults(amounts=(Amount(date(2028, 9, 1), 1),))
    assert {"rates.0.amounts.0.since", "rates.0.amounts"} <= late.keys()
    assert "rates.0.amounts.1.since" in faults(amounts=(Amount(date(2027, 9, 1), 1), Amount(date(2027, 9, 1), 2)))
    assert {"rates.0.most", "rates.0.most_pence"} <= faults(most=0, most_pence=0).keys()
    assert "rates.0.meetings" in faults(pro_rata=ProRata.MEETINGS, meetings=0)


def test_conditions_that_cannot_hold_are_refused() -> None:
    assert "rates.0.conditions.0.least" in faults(conditions=(MeetingsAttended(7, 6),))
    assert "there twice" in faults(conditions=(AgreementSigned(), AgreementSigned()))["rates.0.conditions.1"]
    assert "Minutes are known" in faults(conditions=(LeastMinutes(30),))["rates.0.conditions.0"]


def test_a_rate_reads_as_a_sentence() -> None:
    rate = replace(CARD.rates[0], amounts=(Amount(date(2027, 9, 1), 100_000),), most_pence=200_000)
    assert says(rate) == (
        "Supply contribution: £1,000.00 a year for taking part, paid to the participant's school, "
        "all of it or nothing, at most £2,000.00 in the year."
    )


def test_what_a_version_changes_is_told_in_sentences() -> None:
    amounts = (Amount(date(2027, 9, 1), 100_000),)
    new = with_first(amounts=amounts, conditions=(EvaluationReceived(),), programmes=("development",))
    said = differences(CARD, replace(new, rates=(*new.rates[:-1], replace(new.rates[1], key="more", name="More"))))
    assert said[0].startswith("New: More: £0.00 a day")
    assert said[1].startswith("No longer paid: No-show charge")
    assert not any(one.startswith("Was: ") for one in said)  # another amount alone is told by its day
    [shared] = differences(CARD, with_first(pro_rata=ProRata.MONTHS))
    assert shared.startswith("Was: Supply contribution: £0.00 a year")
    assert "Supply contribution, from Wednesday 1 September 2027: £0.00 before, £1,000.00 now." in said
    assert "Supply contribution now asks: The evaluation is returned." in said
    assert "Supply contribution no longer asks: The agreement is signed." in said
    assert "Supply contribution was paid in every programme, and now in development." in said
