from dataclasses import replace
from datetime import date, time

import pytest

from app.domain.hubs.closures import ks2_week
from app.domain.hubs.details import Hours, code_fault, hour_faults
from app.domain.hubs.programmes import DEFAULTS, faults_of


@pytest.mark.parametrize(
    ("year", "monday"),
    [(2017, date(2018, 5, 14)), (2023, date(2024, 5, 13)), (2025, date(2026, 5, 11)), (2026, date(2027, 5, 10))],
)
def test_key_stage_2_tests_take_four_days_from_the_second_monday_of_may(year: int, monday: date) -> None:
    days = sorted(ks2_week(year))
    assert (days[0], len(days), days[0].weekday()) == (monday, 4, 0)


def test_every_default_programme_can_be_used() -> None:
    assert [faults_of(terms) for terms in DEFAULTS] == [{}] * 5


def test_a_readiness_school_gets_six_visits_and_a_development_school_three() -> None:
    visits = {terms.kind: terms.visits for terms in DEFAULTS}
    assert (visits["readiness"], visits["development"]) == (6, 3)


def test_a_programme_with_more_visits_than_half_terms_for_them_is_refused() -> None:
    assert "visits" in faults_of(replace(DEFAULTS[1], visits=4))
    assert "most_schools" in faults_of(replace(DEFAULTS[1], most_schools=2))


@pytest.mark.parametrize(("code", "fits"), [("", True), ("NCP26-11", True), ("NCP 26", False), ("a|b", False)])
def test_a_funders_code_is_letters_figures_and_hyphens(code: str, *, fits: bool) -> None:
    assert ("code" not in faults_of(replace(DEFAULTS[1], code=code))) is fits


@pytest.mark.parametrize("code", ["", "S W", "a/b", "x" * 21, "-a"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(code: str) -> None:
    assert code_fault(code)
    assert not code_fault("SW")


def test_half_days_follow_each_other() -> None:
    assert hour_faults(Hours()) == {}
    assert set(hour_faults(Hours(morning_ends=time(9), afternoon_ends=time(12)))) == {"morning_ends", "afternoon_ends"}
