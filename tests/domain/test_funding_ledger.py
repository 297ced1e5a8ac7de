"""Lines out of facts: the same whatever their order, never above a cap, and nothing is passed over in silence."""

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.funding import facts as known_facts
from app.domain.funding.conditions import AgreementSigned, LeastMinutes, MeetingsAttended, NotOnline
from app.domain.funding.facts import (
    PAID,
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
    Travelled,
    Withdrew,
    buckets,
)
from app.domain.funding.families import families
from app.domain.funding.ledger import Effect, Ledger, effects, lines
from app.domain.funding.line import from_data, to_data, totals
from app.domain.funding.rates import Amount, Each, For, OnChange, Per, ProRata, Rate, RateCard
from tests.domain.funding_random import FIRST, YEAR, cards, facts

AUTUMN = date(2027, 9, 23)
SCHOOL, OTHER = 900001, 900002


def a_rate(**changed: object) -> Rate:
    usual = {
        "key": "release",
        "name": "Release",
        "payee": Payee.PARTICIPANT,
        "per": Per.DAY,
        "earned_by": For.RELEASED,
        "amounts": (Amount(FIRST, 17_000),),
    }
    return Rate(**{**usual, **changed})


def a_year(**changed: object) -> Rate:
    usual = {"key": "supply", "name": "Supply contribution", "per": Per.YEAR, "earned_by": For.TAKING_PART}
    return a_rate(**{**usual, "amounts": (Amount(FIRST, 100_000),), **changed})


def under(rate: Rate, *happened: Fact) -> Ledger:
    return lines(RateCard("TAMAR", YEAR, 1, (rate,)), happened)


def released(number: int, *, day: date = AUTUMN, **changed: object) -> Released:
    usual = {"id": f"release/{number}", "day": day, "urn": SCHOOL, "programme": "development", "event": f"event/{day}"}
    return Released(**{**usual, "person": f"person/{number}", **changed})


def attended(number: int, *, urn: int = SCHOOL, **changed: object) -> Attended:
    day = AUTUMN + timedelta(30 * number)
    usual = {"id": f"attendance/{number}", "day": day, "urn": urn, "programme": "development", "event": f"event/{day}"}
    return Attended(**{**usual, **changed})


def signed(urn: int = SCHOOL) -> Signed:
    return Signed(id=f"agreement/{urn}", day=date(2027, 7, 1), urn=urn, programme="development")


@given(cards(), facts(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_facts_does_not_matter(card: RateCard, happened: list[Fact], dice: random.Random) -> None:
    first = lines(card, happened)
    dice.shuffle(happened)
    assert lines(card, [*happened, *happened[:5]]) == first


@given(cards(), facts())
@settings(max_examples=40, deadline=None)
def test_every_fact_that_could_earn_is_named_by_a_line_or_a_reason(card: RateCard, happened: list[Fact]) -> None:
    ledger = lines(card, happened)
    told = {one for each in (*ledger.lines, *ledger.unearned) for one in each.evidence}
    assert {one.id for one in happened if isinstance(one, PAID)} <= told
    assert all(one.because.endswith(".") for one in (*ledger.lines, *ledger.unearned))


@given(cards(), facts())
@settings(max_examples=40, deadline=None)
def test_lines_are_told_apart_and_sum_to_their_totals(card: RateCard, happened: list[Fact]) -> None:
    ledger = lines(card, happened)
    assert len({(line.key, line.urn) for line in ledger.lines}) == len(ledger.lines)
    assert all(line.pence for line in ledger.lines)
    assert sum(totals(ledger.lines, "urn", "rate").values()) == ledger.pence == sum(line.pence for line in ledger.lines)
    assert all(from_data(to_data(line)) == line for line in ledger.lines)


@given(cards(), facts(most=80))
@settings(max_examples=40, deadline=None)
def test_caps_are_never_exceeded(card: RateCard, happened: list[Fact]) -> None:
    schools = families(buckets(happened).of[Succeeded])
    ledger = lines(card, happened)
    for rate in card.rates:
        pence: dict[int, int] = {}
        units: dict[int, Fraction] = {}
        for line in ledger.lines:
            if line.rate == rate.key:
                school = schools.of(line.urn)
                pence[school] = pence.get(school, 0) + abs(line.pence)
                units[school] = units.get(school, Fraction(0)) + Fraction(line.quantity, line.of)
        assert rate.most_pence is None or all(one <= rate.most_pence for one in pence.values())
        assert rate.most is None or all(one <= rate.most for one in units.values())


@given(facts())
@settings(max_examples=40, deadline=None)
def test_facts_survive_being_kept(happened: list[Fact]) -> None:
    kept = known_facts.to_data(happened)
    assert known_facts.to_data(reversed(happened)) == kept
    assert list(known_facts.from_data(kept)) == known_facts.in_order(happened)


@given(st.integers(1, 400), st.integers(1, 10**7))
@settings(max_examples=40, deadline=None)
def test_a_year_under_two_numbers_is_shared_without_a_penny_lost(after: int, pence: int) -> None:
    became = Succeeded(id="link/1", day=FIRST + timedelta(after), urn=SCHOOL, to=OTHER)
    rate = a_year(amounts=(Amount(FIRST, pence),))
    found = under(rate, signed(), attended(0), became).lines
    assert sum(line.pence for line in found) == pence
    assert [line.urn for line in found if line.urn == SCHOOL] or pence < 400
    assert len({line.key for line in found}) == 1


def test_two_teachers_from_one_school_earn_one_day() -> None:
    both = released(1, half_days=2), released(2, half_days=2)
    (line,) = under(a_rate(), *both).lines
    assert (line.pence, line.quantity, line.evidence) == (17_000, 1, ("release/1", "release/2"))
    assert "2 people" in line.because
    assert under(a_rate(each=Each.PERSON), *both).pence == 34_000


def test_half_a_day_is_paid_as_half_where_the_card_says_so() -> None:
    rate = a_rate(pro_rata=ProRata.HALVES, amounts=(Amount(FIRST, 17_001),))
    assert under(rate, released(1)).pence == 8_501  # half a penny goes up
    assert under(rate, released(1), released(2)).pence == 8_501
    assert under(rate, released(1), released(2, event="event/afternoon")).pence == 17_001


def test_too_few_meetings_earn_nothing_and_say_how_many_there_were() -> None:
    rate = a_year(conditions=(AgreementSigned(), MeetingsAttended(5, 6)))
    ledger = under(rate, signed(), *map(attended, range(3)))
    assert not ledger.lines
    (reason,) = ledger.unearned
    assert reason.because == "Attended 3 of the 5 needed (of 6 meetings)."
    assert under(rate, *map(attended, range(6))).unearned[0].because == "The agreement is not signed."
    (line,) = under(rate, signed(), *map(attended, range(6))).lines
    assert (line.pence, line.day) == (100_000, attended(4).day)
    assert {"agreement/900001", *(f"attendance/{one}" for one in range(6))} == set(line.evidence)


def test_online_earns_nothing_yet_counts_as_attended() -> None:
    rate = a_rate(per=Per.HALF_DAY, earned_by=For.ATTENDED, conditions=(MeetingsAttended(2, 6), NotOnline()))
    ledger = under(rate, attended(0), attended(1, online=True))
    assert [line.evidence for line in ledger.lines] == [("attendance/0",)]
    assert "online" in ledger.unearned[0].because


def test_whoever_stayed_too_short_earns_nothing_and_minutes_can_be_paid_in_parts() -> None:
    rate = a_rate(per=Per.HALF_DAY, earned_by=For.ATTENDED, conditions=(LeastMinutes(60),))
    ledger = under(rate, attended(0, minutes=59, length=180))
    assert ledger.unearned[0].because == "Was there for 59 minutes of the 60 needed."
    parts = replace(rate, pro_rata=ProRata.MINUTES)
    assert under(parts, attended(0, minutes=60, length=180)).pence == 5_667


def test_a_school_that_withdrew_is_paid_by_months_days_or_not_at_all() -> None:
    left = Withdrew(id="step/1", day=date(2028, 2, 29), urn=SCHOOL, programme="development")
    assert under(a_year(pro_rata=ProRata.MONTHS), signed(), left).pence == 50_000
    assert under(a_year(pro_rata=ProRata.DAYS), signed(), left).lines[0].spoken_quantity == "182/366"
    assert "only a whole year is paid" in under(a_year(), signed(), left).unearned[0].because
    done = Completed(id="step/2", day=date(2028, 2, 1), urn=SCHOOL, programme="development")
    assert under(a_year(), signed(), left, done).pence == 100_000


def test_a_school_that_changed_its_number_is_one_school_and_paid_under_the_number_of_the_day() -> None:
    became = Succeeded(id="link/1", day=attended(2).day, urn=SCHOOL, to=OTHER)
    came = [attended(0), attended(1), attended(2), attended(3, urn=OTHER)]
    half = a_rate(per=Per.HALF_DAY, earned_by=For.ATTENDED, conditions=(AgreementSigned(), MeetingsAttended(4, 6)))
    assert [line.urn for line in under(half, signed(), *came, became).lines] == [SCHOOL, SCHOOL, OTHER, OTHER]
    year = a_year(conditions=(MeetingsAttended(4, 6),))
    shares = under(year, signed(), *came, became).lines
    assert [line.urn for line in shares] == [SCHOOL, OTHER]
    assert sum(line.pence for line in shares) == 100_000
    last = under(replace(year, on_change=OnChange.LAST), signed(), *came, became).lines
    assert [(line.urn, line.pence) for line in last] == [(OTHER, 100_000)]


def test_miles_are_paid_in_tenths() -> None:
    rate = a_rate(per=Per.MILE, earned_by=For.TRAVELLED, payee=Payee.SPECIALIST, amounts=(Amount(FIRST, 45),))
    own = {"day": AUTUMN, "urn": SCHOOL, "role": Payee.SPECIALIST}
    (line,) = under(rate, Travelled(id="travel/1", metres=20_000, **own)).lines
    assert (line.spoken_quantity, line.pence) == ("12.4", 558)
    assert under(rate, Travelled(id="travel/1", metres=50, **own)).unearned[0].because == "It comes to no penny."


def test_a_place_that_was_not_used_is_charged() -> None:
    rate = a_rate(key="no-show", per=Per.NO_SHOW, earned_by=For.NO_SHOW)
    missed = NoShow(id="missed/1", day=AUTUMN, urn=SCHOOL, event="event/1", person="person/1")
    assert under(rate, missed).pence == -17_000


def test_a_leap_day_earns_and_the_amount_is_that_of_the_day() -> None:
    rate = a_rate(amounts=(Amount(FIRST, 17_000), Amount(date(2028, 2, 29), 18_000)))
    before, on = released(1, day=date(2028, 2, 28)), released(2, day=date(2028, 2, 29))
    assert [line.pence for line in under(rate, before, on).lines] == [17_000, 18_000]
    assert "29 February 2028" in under(rate, on).lines[0].because


def test_a_cap_pays_what_is_left_and_says_so() -> None:
    days = [released(number, day=AUTUMN + timedelta(number)) for number in range(3)]
    ledger = under(a_rate(most_pence=20_000), *days)
    assert [line.pence for line in ledger.lines] == [17_000, 3_000]
    assert "At most £200.00" in ledger.lines[1].because
    assert ledger.unearned[0].because == "At most £200.00 is paid to one school in the year."
    assert under(a_rate(most=2), *days).pence == 34_000


def test_what_no_rate_pays_for_and_what_has_no_amount_is_told() -> None:
    led = Led(id="led/1", day=AUTUMN, urn=SCHOOL, programme="development", event="event/1")
    assert "No rate of 2027/28 pays for leading a meeting" in under(a_rate(), led).unearned[0].because
    unset = under(a_rate(amounts=(Amount(FIRST, 0),)), released(1)).unearned[0]
    assert unset.because == "No amount is set for “Release” on Thursday 23 September 2027."
    early = under(a_rate(), released(1, day=date(2027, 8, 31))).unearned[0]
    assert "outside the grant year 2027/28" in early.because


def test_a_specialist_is_paid_a_year_for_each_group_they_lead() -> None:
    rate = a_year(payee=Payee.SPECIALIST, earned_by=For.LED, conditions=(MeetingsAttended(1, 6),))
    own = {"urn": SCHOOL, "programme": "development", "person": "person/1"}
    led = [Led(id=f"led/{code}", day=AUTUMN, group=code, event=f"event/{code}", **own) for code in ("A", "B")]
    assert [(line.group, line.pence) for line in under(rate, *led).lines] == [("A", 100_000), ("B", 100_000)]


def test_one_number_for_two_different_facts_is_told() -> None:
    ledger = under(a_rate(), released(1, person="person/1"), released(1, person="person/2"))
    assert len(ledger.lines) == 1
    assert "Another fact bears the same number" in ledger.unearned[0].because


def test_a_draft_card_tells_what_it_changes_of_the_years_facts() -> None:
    old = RateCard("TAMAR", YEAR, 1, (a_rate(), a_rate(key="other", name="Other", earned_by=For.ATTENDED)))
    draft = replace(old, version=2, rates=(a_rate(amounts=(Amount(FIRST, 18_000),)), old.rates[1]))
    happened = released(1), released(2, urn=OTHER), attended(1)
    assert effects(old, draft, happened) == (Effect("release", "Release", 34_000, 36_000, 2),)
    assert effects(old, old, happened) == ()


def test_a_ring_of_successors_comes_to_an_end() -> None:
    ring = [
        Succeeded(id="link/1", day=AUTUMN, urn=SCHOOL, to=OTHER),
        Succeeded(id="link/2", day=AUTUMN + timedelta(9), urn=OTHER, to=SCHOOL),
    ]
    back = EvaluationReturned(id="evaluation/1", day=AUTUMN, urn=SCHOOL, programme="development")
    assert under(a_year(), signed(), back, *ring).pence == 100_000
