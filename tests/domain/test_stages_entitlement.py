"""Visits of a school: what is due, what is left, and until when it still fits."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from app.domain.stages.entitlement import (
    Facts,
    Visit,
    Year,
    entitlement,
    half_term_of,
    latest_days,
    says,
    this_half_term,
    usual_year,
    windows,
)
from app.kit.periods import Span

TERMS = tuple(
    Span(date.fromisoformat(first), date.fromisoformat(last))
    for first, last in (
        ("2026-09-03", "2026-10-23"),
        ("2026-11-02", "2026-12-18"),
        ("2027-01-04", "2027-02-12"),
        ("2027-02-22", "2027-03-25"),
        ("2027-04-12", "2027-05-28"),
        ("2027-06-07", "2027-07-21"),
    )
)
YEAR = Year(TERMS)
SIX = tuple(range(6))


def held(*days: str) -> tuple[Visit, ...]:
    return tuple(Visit(date.fromisoformat(day), "held") for day in days)


def booked(*days: str) -> tuple[Visit, ...]:
    return tuple(Visit(date.fromisoformat(day), "booked") for day in days)


def of(*visits: Visit, half_terms: tuple[int, ...] = SIX, gap: int = 14, year: Year = YEAR) -> Facts:
    return Facts(900001, half_terms, gap, year, visits)


def test_a_visit_is_due_when_its_half_term_begins_and_overdue_when_that_is_over() -> None:
    one = entitlement(of(*held("2026-09-20")), date(2026, 11, 2))
    assert (one.allowed, one.due, one.held, one.overdue) == (6, 2, 1, 0)
    assert entitlement(of(), date(2026, 11, 1)).overdue == 1
    assert entitlement(of(), date(2026, 10, 23)).overdue == 0


def test_once_a_term_leaves_the_whole_term() -> None:
    assert windows((0, 2, 4)) == ((0, 1), (2, 3), (4, 5))
    assert windows(SIX) == tuple((one, one) for one in SIX)
    assert entitlement(of(half_terms=(0, 2, 4)), date(2026, 12, 18)).overdue == 0
    assert entitlement(of(half_terms=(0, 2, 4)), date(2026, 12, 19)).overdue == 1


def test_the_last_day_leaves_room_for_the_rest() -> None:
    one = entitlement(of(*held("2026-09-20", "2026-11-10", "2027-01-12", "2027-03-01")), date(2027, 5, 1))
    assert (one.left, one.last_day, one.ends) == (2, date(2027, 7, 7), date(2027, 7, 21))
    assert not one.at_risk
    assert says(one, "Ash Vale", date(2027, 5, 1)) == (
        "You have 2 visits left to book at Ash Vale before Wednesday 21 July 2027: "
        "the first by Wednesday 7 July 2027 at the latest, so that all fit."
    )


def test_booked_visits_take_their_days() -> None:
    facts = of(*booked("2027-07-15"), half_terms=(4, 5))
    assert latest_days(facts, 1) == [date(2027, 7, 1)]


def test_what_no_longer_fits_is_at_risk_and_says_so() -> None:
    one = entitlement(of(half_terms=(3, 4, 5)), date(2027, 7, 8))
    assert (one.fits, one.at_risk, one.last_day) == (1, True, date(2027, 6, 23))
    assert says(one, "Ash Vale", date(2027, 7, 8)).endswith("and only 1 still fits.")
    over = entitlement(of(half_terms=(5,)), date(2027, 8, 1))
    assert (over.at_risk, over.left) == (False, 1), "what is over is lost, not at risk"
    assert says(over, "Ash Vale", date(2027, 8, 1)) == "1 visit at Ash Vale was never made."


def test_days_on_which_the_school_is_shut_are_no_days() -> None:
    shut = frozenset(date(2027, 7, 12) + timedelta(days) for days in range(12))
    assert latest_days(of(half_terms=(5,), year=Year(TERMS, shut)), 1) == [date(2027, 7, 9)]


def test_what_is_over_and_not_marked_is_not_booked_again() -> None:
    one = entitlement(of(Visit(date(2026, 9, 20), "unmarked"), half_terms=(0,)), date(2026, 12, 19))
    assert (one.left, one.unmarked, one.overdue, one.at_risk) == (0, 1, 1, False)


def test_a_school_without_any_calendar_is_read_by_the_usual_year() -> None:
    usual = usual_year(2026)
    assert len(usual.terms) == 6
    assert usual.terms[-1].last == date(2027, 7, 20)
    assert half_term_of(usual.terms, date(2026, 11, 21)) == 1


@given(
    some.lists(some.sampled_from(range(300)), max_size=5, unique=True),
    some.integers(0, 30),
    some.integers(1, 6),
)
def test_no_other_choice_of_days_begins_later(taken: list[int], gap: int, count: int) -> None:
    """A plain check: what was found keeps its distance, and one day later for the first breaks it."""
    facts = of(*booked(*((date(2026, 9, 3) + timedelta(one)).isoformat() for one in taken)), gap=gap)
    found = latest_days(facts, count)
    others = [one.day for one in facts.visits]
    for at, day in enumerate(found):
        assert all(abs(day - other).days >= max(gap, 1) for other in others)
        assert at == 0 or (found[at - 1] - day).days >= max(gap, 1)
    if len(found) == count:
        assert _most_after(facts, found[-1] + timedelta(1)) < count


def _most_after(facts: Facts, first: date) -> int:
    """The most visits that fit from a day on, counted forwards."""
    last: date | None = None
    count, day = 0, first
    while day <= TERMS[-1].last:
        free = day.weekday() < 5 and any(span.holds(day) for span in TERMS)
        far = all(abs(day - one.day).days >= max(facts.least_gap, 1) for one in facts.visits)
        if free and far and (last is None or (day - last).days >= max(facts.least_gap, 1)):
            count, last = count + 1, day
        day += timedelta(1)
    return count


def test_this_half_term_tells_what_is_left_to_book_to_hold_and_to_mark() -> None:
    today = date(2026, 11, 21)
    none = this_half_term(of(), today)
    assert (none.half_term, none.ends, none.to_book) == (1, date(2026, 12, 18), 2)
    one = this_half_term(of(*held("2026-09-20"), *booked("2026-12-01", "2027-01-12")), today)
    assert (one.to_book, [visit.day for visit in one.to_hold]) == (0, [date(2026, 12, 1)])
    later = this_half_term(of(*held("2026-09-20"), *booked("2027-01-12")), today)
    assert (later.to_book, later.to_hold, later.anything) == (1, (), True)
    over = this_half_term(of(Visit(date(2026, 11, 10), "unmarked"), *held("2026-09-20")), today)
    assert (over.to_book, len(over.to_mark)) == (0, 1)
    assert not this_half_term(of(*held("2026-09-20", "2026-11-10")), today).anything


def test_a_visit_booked_in_the_same_term_needs_no_other_day() -> None:
    assert this_half_term(of(*booked("2026-11-20"), half_terms=(0, 2, 4)), date(2026, 9, 10)).to_book == 0


def test_in_a_holiday_the_next_half_term_is_told_and_after_the_year_nothing_is_to_book() -> None:
    christmas = this_half_term(of(*held("2026-09-20", "2026-11-10")), date(2026, 12, 27))
    assert (christmas.half_term, christmas.ends, christmas.to_book) == (2, date(2027, 2, 12), 1)
    assert this_half_term(of(), date(2026, 9, 1)).to_book == 1
    assert this_half_term(of(), date(2027, 8, 1)).to_book == 0
