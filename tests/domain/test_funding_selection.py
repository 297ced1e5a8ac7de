"""Which lines an address means, and which days an export that makes itself is of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.funding.mapping import Rows, faults_of
from app.domain.funding.mapping_form import begun, changed, read
from app.domain.funding.selection import Wanted, periods_of, wanted
from app.domain.funding.standing import Every, Of, Standing, To, days, file_stem, next_on
from app.domain.funding.standing import faults_of as standing_faults
from app.kit.errors import BadInputError
from app.kit.periods import Span, year_span
from app.kit.typed import typed

TODAY = date(2026, 11, 22)
dates = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def asked(**query: str) -> Wanted:
    return wanted(query, TODAY)


def test_nothing_asked_is_the_present_grant_year() -> None:
    assert asked().span == year_span(2026)
    assert asked(year="2025").span == year_span(2025)
    assert asked(year="all").span is None


def test_each_period_that_is_offered_can_be_asked() -> None:
    offered = dict(periods_of(2027))
    assert len(offered) == 3 + 6 + 12 + 2
    assert asked(period="month.2028-02").span == Span(date(2028, 2, 1), date(2028, 2, 29))
    assert asked(period="financial_year.2027").span == Span(date(2027, 4, 1), date(2028, 3, 31))
    assert asked(period="term.2027.1").half_terms == {2, 3}
    assert {asked(period=word).period for word in offered} == set(offered.values())


def test_days_are_both_included_and_one_may_be_left_out() -> None:
    assert asked(first="2026-10-01", last="2026-10-01").span == Span(date(2026, 10, 1), date(2026, 10, 1))
    assert asked(first="2026-10-01").span == Span(date(2026, 10, 1), TODAY)
    assert asked(last="2026-10-01").span == Span(date(2026, 9, 1), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("first", "soon"),
        ("first", "0001-01-01"),
        ("last", "2026-02-30"),
        ("period", "term.2026.7"),
        ("period", "month.2026"),
        ("year", "٢٠٢٦"),
        ("urn", "-1"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(name: str, text: str) -> None:
    with pytest.raises(BadInputError) as told:
        asked(**{name: text})
    assert [one.path for one in told.value.faults] == [name]


# Exports that make themselves


@given(dates)
def test_an_export_is_of_days_that_are_over(today: date) -> None:
    for of in Of:
        span = days(of, today)
        assert span.first <= span.last
        assert span.last < today or span.first == today
    month = days(Of.MONTH, today)
    assert (month.first.day, (month.last + timedelta(1)).day) == (1, 1)


def test_the_last_term_is_whole() -> None:
    assert days(Of.TERM, TODAY) == Span(date(2026, 4, 6), date(2026, 8, 31))
    assert days(Of.TERM, date(2027, 1, 1)) == Span(date(2026, 9, 1), date(2026, 12, 31))


@given(dates)
def test_the_next_day_is_ahead(today: date) -> None:
    monday, first = next_on(Every.WEEK, today), next_on(Every.MONTH, today)
    assert monday.weekday() == 0
    assert 0 < (monday - today).days <= 7
    assert first.day == 1
    assert 0 < (first - today).days <= 31


def test_what_cannot_be_kept_is_told_with_its_place() -> None:
    draft = Standing(name=" ", form_id="1", format="json", span="x", every="x", to=To.MAIL.value)
    told = standing_faults(draft, frozenset({"1"}), frozenset())
    assert [one.path for one in told] == ["name", "format", "span", "every", "addresses"]
    assert file_stem("../Claim: 2026/27 é") == "Claim-2026-27"
    assert file_stem("…") == "export"


# The editor of the funder's form


@pytest.mark.parametrize("rows", list(Rows))
def test_a_form_begins_without_faults(rows: Rows) -> None:
    assert not faults_of(begun("Claim", rows))


def test_columns_are_moved_added_and_removed_and_what_cannot_be_written_so_is_written_as_usual() -> None:
    export = begun("Claim", Rows.SCHOOL)
    names = [one.name for one in export.columns]
    moved = changed(export, "down.0")
    assert moved
    assert [one.name for one in moved.columns] == [names[1], names[0], *names[2:]]
    assert changed(export, "up.0") == export
    fewer, more = changed(export, "remove.1"), changed(export, "add")
    assert fewer
    assert more
    assert (len(fewer.columns), len(more.columns)) == (len(names) - 1, len(names) + 1)
    assert changed(export, "paint.1") is None
    assert changed(export, "up.99") == export
    sent = [("name", "Claim"), ("rows", "school"), ("columns.0.source", "amount"), ("columns.0.form", "capitals")]
    assert read(typed(sent)).columns[0].form == "pounds"
