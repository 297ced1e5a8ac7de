"""Dates kept from one year to the next, and dates that are let through beside each other."""

from dataclasses import replace
from datetime import date, timedelta

from app.domain.schedule.exceptions import excepted, of_problem, too_near
from app.domain.schedule.exceptions_kept import Kept, kept_dates
from app.domain.schedule.facts import GroupFacts, PersonFacts, PlacedFacts, SchoolFacts, YearFacts, problem
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import read_problem
from app.kit.periods import Span

WEEK = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}
THURSDAY = date(2026, 9, 24)  # of the fourth week of a half term that begins on Thursday 3 September 2026
COMING = date(2027, 9, 23)  # the same in a half term that begins on Monday 30 August 2027


def terms(first: date) -> tuple[Span, ...]:
    return tuple(Span(first + timedelta(60 * k), first + timedelta(60 * k + 49)) for k in range(6))


def a_school(urn: int, first: date, **other: object) -> SchoolFacts:
    own = {"closed": frozenset[date](), "busy": frozenset[date](), "maths": WEEK, "hosts": True}
    known = SchoolFacts(urn, f"School {urn}", (urn, 0), terms(first), hosted_before=0, rather_not_host=(), **own)  # type: ignore[arg-type]
    return replace(known, **other)  # type: ignore[arg-type]


def a_group(key: str, code: str, urns: tuple[int, ...] = (1, 2), half_terms: tuple[int, ...] = (0, 1)) -> GroupFacts:
    return GroupFacts(key, code, "lead", half_terms, 14, (0,) * 5, None, tuple((urn, ()) for urn in urns), ())


def a_year(year: int, first: date, *groups: GroupFacts, placed: tuple[PlacedFacts, ...] = ()) -> YearFacts:
    return YearFacts(
        year=year,
        closures=frozenset(),
        meetings_per_day=None,
        weights={},
        schools=(a_school(1, first), a_school(2, first)),
        people=(PersonFacts("lead", "Lee", (0, 0), WEEK, frozenset()),),
        groups=groups,
        series=(),
        placed=placed,
        today=date(2027, 6, 1),
    )


def last_year(*placed: PlacedFacts) -> YearFacts:
    first = placed or (PlacedFacts("old/0", THURSDAY, "am", 1, pinned=True),)
    return a_year(2026, date(2026, 9, 3), a_group("old", "NCP26-01"), placed=first)


def this_year(**group: object) -> YearFacts:
    return a_year(2027, date(2027, 8, 30), a_group("new", "NCP27-01", **group))  # type: ignore[arg-type]


def the_one(old: YearFacts, new: YearFacts) -> Kept:
    [found] = kept_dates(old, new)
    return found


def test_a_meeting_keeps_its_weekday_and_the_week_of_its_half_term() -> None:
    found = the_one(last_year(), this_year())
    assert (found.event, found.group, found.because) == ("new/0", "NCP27-01", ())
    assert found.placed == PlacedEvent("new/0", COMING, "am", "s1")
    fixed = [{"event": "new/0", "date": COMING.isoformat(), "slot": "am", "host": "s1"}]
    assert read_problem(excepted(problem(this_year()), fixed)).fixed == (found.placed,)


def test_a_date_that_cannot_be_kept_says_why() -> None:
    new = this_year()
    closed = replace(new, schools=(a_school(1, date(2027, 8, 30), closed=frozenset({COMING})), new.schools[1]))
    assert the_one(last_year(), closed).because == ("School 1 is closed that day, or on holiday.",)
    away = replace(new, people=(replace(new.people[0], away=frozenset({COMING})),))
    assert the_one(last_year(), away).because == ("Lee does not work then or is away.",)
    assert "no meeting in this half term" in the_one(last_year(), this_year(half_terms=(1,))).because[0]
    assert "not in the Work Group any more" in the_one(last_year(), this_year(urns=(2,))).because[0]
    no_calendar = replace(last_year(), schools=(a_school(1, THURSDAY, half_terms=()),))
    assert "no calendar" in the_one(no_calendar, new).because[0]


def test_what_has_a_date_already_or_goes_on_nowhere_is_not_asked_about() -> None:
    certain = PlacedFacts("new/0", COMING, "am", 1, pinned=False)
    assert kept_dates(last_year(), replace(this_year(), placed=(certain,))) == []
    assert kept_dates(last_year(), a_year(2027, date(2027, 8, 30), a_group("other", "X1"))) == []
    assert the_one(last_year(), a_year(2027, date(2027, 8, 30), a_group("same", "ncp26-01"))).event == "same/0"


def test_two_dates_of_one_day_or_too_near_are_told_before_they_are_held() -> None:
    new = a_year(2027, date(2027, 8, 30), a_group("g", "G"), a_group("h", "H"))
    raw = problem(new)
    one, same_day = PlacedEvent("g/0", COMING, "am", "s1"), PlacedEvent("h/0", COMING, "pm", "s2")
    assert too_near(read_problem(raw), [one]) is None
    assert too_near(read_problem(raw), [one, same_day]) == same_day
    later = PlacedEvent("g/1", COMING + timedelta(7), "am", "s1")
    assert too_near(read_problem(raw), [one, later]) == later
    held = [{"event": "g/0", "date": COMING.isoformat(), "slot": "am", "host": "s1"}]
    assert too_near(read_problem(excepted(raw, held)), [one]) == one


def test_a_place_whose_event_or_host_is_gone_is_left_out() -> None:
    raw = problem(this_year())
    here = {"event": "new/0", "date": "2027-09-23", "slot": "am", "host": "s1"}
    assert of_problem(raw, [here, {**here, "event": "new/3"}, {**here, "host": "s9"}]) == [here]
