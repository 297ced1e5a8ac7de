"""Which statement takes a line: an open one, else the next that the hub's year is cut into."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.domain.funding.opening import Opening, cut, next_period, placed, spoken_period
from app.domain.funding.periods import By
from app.domain.funding.statements import State, Statement
from app.kit.periods import Span, year_span

YEAR = 2023  # a leap year: its spring term holds 29 February 2024
AUTUMN, SPRING, SUMMER = cut(By.TERM, YEAR)
ONE = Statement(id="1", hub="H1", year=YEAR, period=AUTUMN, reference="H1-23-0001", urn=900001)


@pytest.mark.parametrize(("every", "count"), [("grant_year", 1), ("term", 3), ("half_term", 6), ("month", 12)])
@pytest.mark.parametrize("year", [2023, 2024, 2026])
def test_a_year_is_cut_without_a_gap(every: str, count: int, year: int) -> None:
    periods = cut(every, year)
    assert len(periods) == count
    assert (periods[0].first, periods[-1].last) == year_span(year)
    assert all(after.first - before.last == timedelta(1) for before, after in pairwise(periods))


def test_a_leap_day_is_in_its_term_and_its_month() -> None:
    leap = date(2024, 2, 29)
    assert next(one for one in cut(By.TERM, YEAR) if one.holds(leap)) == SPRING
    assert Span(date(2024, 2, 1), leap) in cut(By.MONTH, YEAR)


def test_a_line_goes_to_the_open_statement_of_its_school() -> None:
    hubs = replace(ONE, id="2", urn=None)
    assert placed("school", By.TERM, YEAR, [hubs, ONE], [(900001, AUTUMN.first)]) == [ONE]
    assert placed("school", By.TERM, YEAR, [hubs, ONE], [(900002, AUTUMN.first)]) == [hubs]


def test_what_comes_late_goes_to_the_period_after_the_one_that_closed() -> None:
    closed = replace(ONE, state=State.CLOSED)
    late = [(900001, AUTUMN.first), (900001, SPRING.first)]
    assert placed("school", By.TERM, YEAR, [closed], late) == [Opening(YEAR, SPRING, 900001)] * 2
    spring = replace(ONE, id="2", period=SPRING)
    assert placed("school", By.TERM, YEAR, [closed, spring], late) == [spring, spring]


def test_what_comes_after_the_last_period_closed_goes_to_that_period_once_more() -> None:
    assert next_period(By.TERM, YEAR, AUTUMN.first, [AUTUMN, SPRING, SUMMER]) == SUMMER


def test_one_statement_is_opened_for_a_school_and_period_however_its_lines_come() -> None:
    days = [(900001, SUMMER.first), (900001, AUTUMN.last), (900001, AUTUMN.first), (900002, AUTUMN.first)]
    assert placed("school", By.TERM, YEAR, [], days) == [
        Opening(YEAR, SUMMER, 900001),
        Opening(YEAR, AUTUMN, 900001),
        Opening(YEAR, AUTUMN, 900001),
        Opening(YEAR, AUTUMN, 900002),
    ]
    assert placed("hub", By.GRANT_YEAR, YEAR, [], days) == [Opening(YEAR, year_span(YEAR))] * 4


def test_a_period_is_called_what_people_call_it() -> None:
    spans = [
        year_span(YEAR),
        AUTUMN,
        cut(By.HALF_TERM, YEAR)[1],
        cut(By.MONTH, YEAR)[5],
        Span(date(2024, 1, 1), date(2024, 1, 9)),
    ]
    assert [spoken_period(YEAR, one) for one in spans] == [
        "Grant year 2023/24",
        "Autumn, 2023/24",
        "Autumn 2, 2023/24",
        "February 2024",
        "Monday 1 January 2024 to Tuesday 9 January 2024",
    ]
