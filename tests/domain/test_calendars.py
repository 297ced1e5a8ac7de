from datetime import date

import pytest

from app.domain.imports import Row
from app.domain.schools.calendars import SchoolCalendar, calendar_from, calendars
from app.domain.schools.term_dates import LAYOUT, Entry, half_term_named, read_entry
from app.domain.schools.term_events import TermEvent, entries, kind_of
from app.kit.periods import HALF_TERMS, Span

YEAR = {
    "Autumn 1": ("2026-09-02", "2026-10-23"),
    "Autumn 2": ("2026-11-02", "2026-12-18"),
    "Spring 1": ("2027-01-04", "2027-02-12"),
    "Spring 2": ("2027-02-22", "2027-03-25"),
    "Summer 1": ("2027-04-12", "2027-05-28"),
    "Summer 2": ("2027-06-07", "2027-07-21"),
}


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def a_line(kind: str, name: str, first: str, last: str = "", *, row: int = 2) -> Entry:
    return Entry(row, "Oak Lane", kind, name, span(first, last or first))


def a_year(*more: Entry, without: str = "", **changed: tuple[str, str]) -> list[Entry]:
    blocks = YEAR | {name.replace("_", " "): days for name, days in changed.items()}
    names = [name for name in HALF_TERMS if name != without]
    return [*(a_line("half term", name, *blocks[name], row=place) for place, name in enumerate(names, 2)), *more]


def fault(lines: list[Entry]) -> str:
    answer = calendar_from(lines)
    assert isinstance(answer, list)
    return answer[0].because


def test_six_half_terms_make_a_calendar() -> None:
    inset = a_line("inset", "INSET", "2026-09-01")
    calendar = calendar_from(a_year(inset))
    assert isinstance(calendar, SchoolCalendar)
    assert (calendar.name, calendar.year) == ("Oak Lane", 2026)
    assert calendar.half_terms == tuple(span(*YEAR[name]) for name in HALF_TERMS)
    assert [(off.day, off.kind) for off in calendar.days_off] == [(date(2026, 9, 1), "inset")]


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert calendar_from(a_year()[::-1]) != []
    backwards = calendar_from(a_year()[::-1])
    assert isinstance(backwards, SchoolCalendar)
    assert backwards.half_terms[0] == span(*YEAR["Autumn 1"])


def test_a_half_term_that_is_missing_is_named() -> None:
    assert fault(a_year(without="Spring 2")) == "The calendar Oak Lane for 2026/27 lacks Spring 2: add it."


def test_half_terms_that_overlap_are_told_apart() -> None:
    told = fault(a_year(Autumn_2=("2026-10-21", "2026-12-18")))
    assert told == "Oak Lane: Autumn 2 overlaps Autumn 1, which ends on Friday 23 October 2026: correct one of them."


def test_half_terms_out_of_order_are_told() -> None:
    told = fault(a_year(Spring_2=("2026-11-02", "2026-12-11"), Autumn_2=("2027-02-22", "2027-03-25")))
    assert "comes before" in told


def test_a_gap_that_is_no_holiday_is_told() -> None:
    told = fault(a_year(Autumn_2=("2026-11-02", "2026-12-04")))
    assert "Between Autumn 2, which ends on Friday 4 December 2026, and Spring 1 lies a gap of 30 days" in told


def test_a_half_term_of_more_than_ten_weeks_is_a_slip() -> None:
    assert "at most 10" in fault(a_year(Autumn_1=("2026-08-10", "2026-10-30")))


def test_holiday_dates_given_as_a_half_term_are_a_slip() -> None:
    assert "not the holiday" in fault(a_year(Spring_1=("2027-02-15", "2027-02-19")))


def test_a_half_term_given_twice_is_refused_once() -> None:
    assert "is in row 2 already" in fault(a_year(a_line("half term", "Autumn term 1", "2026-09-03", "2026-10-22")))


def test_an_inset_day_may_lie_just_outside_the_half_terms_but_not_far() -> None:
    assert isinstance(calendar_from(a_year(a_line("inset", "", "2027-07-23"))), SchoolCalendar)
    assert "more than two weeks away" in fault(a_year(a_line("inset", "", "2027-08-20")))


def test_a_long_closure_is_a_holiday() -> None:
    assert "is a holiday" in fault(a_year(a_line("closed", "", "2026-11-09", "2026-12-09")))


def test_a_day_off_counts_once_and_weekends_do_not() -> None:
    calendar = calendar_from(
        a_year(a_line("closed", "Snow", "2027-01-22", "2027-01-25"), a_line("inset", "", "2027-01-22"))
    )
    assert isinstance(calendar, SchoolCalendar)
    assert [off.day.day for off in calendar.days_off] == [22, 25]


def test_three_terms_with_their_half_term_holidays_make_six() -> None:
    calendar = calendar_from([
        a_line("term", "Autumn", "2026-09-02", "2026-12-18"),
        a_line("term", "Spring", "2027-01-04", "2027-03-25"),
        a_line("term", "Summer", "2027-04-12", "2027-07-21"),
        a_line("holiday", "October half term", "2026-10-24", "2026-11-01"),
        a_line("holiday", "February half term", "2027-02-15", "2027-02-19"),
        a_line("holiday", "May half term", "2027-05-31", "2027-06-04"),
    ])  # fmt: skip
    assert isinstance(calendar, SchoolCalendar)
    assert calendar.half_terms[0] == span("2026-09-02", "2026-10-23")
    assert calendar.half_terms[3] == span("2027-02-22", "2027-03-25")


def test_a_term_without_its_half_term_holiday_says_so() -> None:
    terms = [
        a_line("term", "Autumn term", "2026-09-02", "2026-12-18"),
        a_line("term", "Spring", "2027-01-04", "2027-03-25"),
    ]
    assert "has 2 terms" in fault(terms)
    assert "Autumn term has no half-term holiday" in fault(
        [*terms, a_line("term", "Summer", "2027-04-12", "2027-07-21")]
    )


HOLIDAYS = [
    a_line("holiday", "October half term", "2026-10-26", "2026-10-30"),
    a_line("holiday", "Christmas", "2026-12-21", "2027-01-01"),
    a_line("holiday", "February half term", "2027-02-15", "2027-02-19"),
    a_line("holiday", "Easter", "2027-03-26", "2027-04-09"),
    a_line("holiday", "May half term", "2027-05-31", "2027-06-04"),
]


def test_holidays_from_summer_to_summer_hold_six_half_terms() -> None:
    before, after = (
        a_line("holiday", "Summer", "2026-07-22", "2026-09-01"),
        a_line("holiday", "Summer", "2027-07-22", "2027-09-01"),
    )
    made, faults = calendars([before, *HOLIDAYS, after])
    assert not faults
    assert made[0].half_terms[0] == span("2026-09-02", "2026-10-23")
    assert made[0].half_terms[5] == span("2027-06-07", "2027-07-21")


def test_holidays_alone_say_what_is_missing() -> None:
    assert "add the first day of Autumn 1 and the last day of Summer 2" in fault(HOLIDAYS)


def test_a_calendar_may_hold_several_years() -> None:
    next_year = [
        Entry(
            line.row, line.calendar, line.kind, line.name, Span(*(day.replace(year=day.year + 1) for day in line.span))
        )
        for line in a_year()
    ]
    made, faults = calendars([*a_year(), *next_year])
    assert [calendar.year for calendar in made] == [2026, 2027]
    assert not faults


def test_years_that_are_not_whole_may_be_passed_over_beside_a_whole_one() -> None:
    lines = [*a_year(), a_line("half term", "Summer 2", "2026-06-08", "2026-07-21")]
    assert len(calendars(lines)[1]) == 1
    assert calendars(lines, passing_over=True)[1] == []
    assert calendars(lines[-1:], passing_over=True)[1] != []


def test_a_calendar_with_a_refused_row_is_left_out_whole() -> None:
    assert calendars(a_year(), broken=frozenset({"oak lane"})) == ([], [])


def test_a_school_may_start_in_the_last_days_of_august() -> None:
    calendar = calendar_from(a_year(Autumn_1=("2026-08-26", "2026-10-16")))
    assert isinstance(calendar, SchoolCalendar)
    assert calendar.year == 2026


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Autumn 1", 0),
        ("autumn half term 2", 1),
        ("Spring term, first half", 2),
        ("Summer Term 2", 5),
        ("Term 4", 3),
        ("Spring Term 3", 2),
        ("HT6", 5),
        ("Autumn term 5", None),
        ("Autumn half term", None),
        ("INSET", None),
    ],
)
def test_half_terms_go_by_many_names(text: str, number: int | None) -> None:
    assert half_term_named(text) == number


def a_row(**cells: str) -> Row:
    held = {"calendar": "Oak Lane", "kind": "half term", "name": "Autumn 1", "from": "2026-09-02", "to": "23/10/2026"}
    return Row(2, held | cells)


def test_a_row_is_read() -> None:
    assert LAYOUT.required == ("calendar", "kind", "name", "from", "to")
    assert read_entry(a_row()) == a_line("half term", "Autumn 1", "2026-09-02", "2026-10-23")


def test_an_inset_day_needs_its_day_only_once() -> None:
    entry = read_entry(a_row(kind="INSET day", to=""))
    assert isinstance(entry, Entry)
    assert entry.span == span("2026-09-02", "2026-09-02")


@pytest.mark.parametrize(
    ("column", "value", "because"),
    [
        ("calendar", "", "name of its calendar"),
        ("kind", "party", "Write one of: half term, term, holiday"),
        ("from", "soon", "write it as 2026-09-24"),
        ("to", "", "write it as 2026-09-24"),
        ("to", "2026-08-31", "before the first, Wednesday 2 September 2026"),
    ],
)
def test_a_bad_cell_of_term_dates_is_named(column: str, value: str, because: str) -> None:
    faults = read_entry(a_row(**{column: value}))
    assert isinstance(faults, list)
    assert (faults[0].column, faults[0].value) == (column, value)
    assert because in faults[0].because


@pytest.mark.parametrize(
    ("title", "days", "kind"),
    [
        ("Autumn half term 1", 50, "half term"),
        ("Term 1", 50, "half term"),
        ("Autumn Term", 108, "term"),
        ("Half term holiday", 5, "holiday"),
        ("October Half Term", 9, "holiday"),
        ("Autumn half term", 5, "holiday"),
        ("Half term 1", 9, "holiday"),
        ("Christmas", 16, "holiday"),
        ("Easter break", 14, "holiday"),
        ("INSET day", 1, "inset"),
        ("Staff training day", 1, "inset"),
        ("Non-pupil day", 1, "inset"),
        ("Teacher Training Day (schools closed)", 1, "inset"),
        ("Bank Holiday", 1, "bank holiday"),
        ("May Day bank holiday", 1, "bank holiday"),
        ("Good Friday", 1, "bank holiday"),
        ("Term starts", 1, "starts"),
        ("First day of Autumn term", 1, "starts"),
        ("Schools break up for half term", 1, "ends"),
        ("Last day of term", 1, "ends"),
        ("Summer holiday begins", 1, ""),
        ("School closed - polling day", 1, "closed"),
        ("Parents' evening", 1, ""),
    ],
)
def test_an_authoritys_titles_are_understood(title: str, days: int, kind: str) -> None:
    first = date(2026, 9, 2)
    assert kind_of(TermEvent(1, title, Span(first, date.fromordinal(first.toordinal() + days - 1)))) == kind


def test_first_and_last_days_are_paired_in_their_order() -> None:
    events = []
    for first, last in YEAR.values():
        events += [TermEvent(1, "Schools open", span(first, first)), TermEvent(2, "Schools close", span(last, last))]
    calendar = calendar_from(entries(events[::-1], "Devon"))
    assert isinstance(calendar, SchoolCalendar)
    assert calendar.half_terms == tuple(span(*YEAR[name]) for name in HALF_TERMS)
