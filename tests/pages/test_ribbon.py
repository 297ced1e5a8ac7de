from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.periods import Span
from app.pages.ribbon import SIZES, STEP_WIDTH, WIDTH, Ribbon, RibbonEvent, Step, ribbon

HALF_TERMS = (
    Span(date(2026, 9, 3), date(2026, 10, 23)),
    Span(date(2026, 11, 2), date(2026, 12, 18)),
    Span(date(2027, 1, 4), date(2027, 2, 12)),
    Span(date(2027, 2, 22), date(2027, 3, 25)),
    Span(date(2027, 4, 12), date(2027, 5, 28)),
    Span(date(2027, 6, 7), date(2027, 7, 21)),
)
DAYS = (HALF_TERMS[-1].last - HALF_TERMS[0].first).days + 1
TODAY = date(2026, 11, 21)


def a_meeting(day: date, **values: object) -> RibbonEvent:
    return RibbonEvent(**{"kind": "meeting", "state": "confirmed", "day": day, "says": "We meet", **values})  # type: ignore[arg-type]


def drawn(*events: RibbonEvent, closures: tuple[date, ...] = (), today: date = TODAY) -> Ribbon:
    return ribbon("Ash Vale Primary in 2026/27", HALF_TERMS, closures, events, today)


def test_each_half_term_is_as_wide_as_it_is_long() -> None:
    blocks = drawn().year.blocks
    assert [block.name for block in blocks] == ["Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2"]
    for block, term in zip(blocks, HALF_TERMS, strict=True):
        assert block.width == pytest.approx(((term.last - term.first).days + 1) * WIDTH / DAYS, abs=0.1)
    assert blocks[0].x == 0
    assert blocks[-1].x + blocks[-1].width == pytest.approx(WIDTH, abs=0.2)


def test_holidays_are_the_gaps_between_blocks() -> None:
    for before, after in pairwise(drawn().year.blocks):
        assert after.x > before.x + before.width


def test_the_half_term_of_today_is_told_apart() -> None:
    year = drawn(today=date(2027, 1, 4)).year
    assert [block.now for block in year.blocks] == [False, False, True, False, False, False]
    assert year.today == pytest.approx(year.blocks[2].x + WIDTH / DAYS / 2, abs=0.2)


def test_a_day_outside_the_year_is_not_marked_as_today() -> None:
    assert drawn(today=date(2026, 8, 1)).year.today is None


def test_a_mark_stands_on_its_day() -> None:
    event = a_meeting(HALF_TERMS[3].first, hosted_here=True)
    [mark] = drawn(event).year.marks
    assert mark.x == pytest.approx(drawn().year.blocks[3].x + WIDTH / DAYS / 2, abs=0.2)
    assert mark.roof


def test_an_event_in_a_holiday_is_not_lost() -> None:
    shown = drawn(a_meeting(date(2026, 10, 28)), a_meeting(date(2026, 8, 30)), a_meeting(date(2027, 7, 29)))
    assert len(shown.year.marks) == 3
    assert sum(len(step.sentences) for step in shown.steps) == 3
    assert sum(len(step.strip.marks) for step in shown.steps) == 3


def test_closed_days_in_a_row_are_one_hatch_and_a_weekend_does_not_part_them() -> None:
    days = (date(2027, 5, 7), date(2027, 5, 10), date(2027, 5, 11), date(2026, 12, 25))
    [hatch] = drawn(closures=days).year.hatches
    assert hatch.width == pytest.approx(5 * WIDTH / DAYS, abs=0.1)


@given(st.lists(st.integers(0, DAYS - 1), max_size=60))
def test_marks_never_cover_each_other_and_none_is_forgotten(days: list[int]) -> None:
    strip = drawn(*(a_meeting(HALF_TERMS[0].first + timedelta(n)) for n in days)).year
    assert len(strip.marks) + sum(more.count for more in strip.more) == len(days)
    for lane in {mark.y for mark in strip.marks}:
        places = sorted(mark.x for mark in strip.marks if mark.y == lane)
        assert all(after - before > strip.mark - 0.11 for before, after in pairwise(places))
        assert lane < strip.height
    assert len({mark.y for mark in strip.marks}) <= dict(SIZES)[strip.mark]


def test_marks_are_smaller_where_there_are_many() -> None:
    day = HALF_TERMS[0].first
    assert drawn(*[a_meeting(day)] * 5).year.mark == SIZES[0][0]
    many = drawn(*[a_meeting(day)] * 12).year
    assert (many.mark, len(many.marks), many.more[0].count) == (SIZES[1][0], 10, 2)


def test_the_upright_ribbon_keeps_one_scale() -> None:
    widths = [step.strip.width for step in drawn().steps]
    assert max(widths) == pytest.approx(STEP_WIDTH, abs=0.1)
    scales = [step.strip.blocks[0].width / ((term.last - term.first).days + 1) for step, term in zip_steps()]
    assert max(scales) - min(scales) < 0.01


def zip_steps() -> list[tuple[Step, Span]]:
    return list(zip(drawn().steps, HALF_TERMS, strict=True))


def test_the_words_say_what_the_drawing_shows() -> None:
    shown = drawn(
        a_meeting(date(2026, 9, 24), state="held", says="NCP26-11-03 meets at Ash Vale Primary", hosted_here=True),
        a_meeting(date(2027, 1, 14), state="tentative"),
        RibbonEvent("visit", "missed", date(2026, 11, 12), "Rowan Patel visits", "/visit"),
    )
    assert shown.summary == (
        "Today is Saturday 21 November 2026, in Autumn 2. Meetings: 1 proposed, 1 held. Visits: 1 overdue."
    )
    [first] = shown.steps[0].sentences
    assert (first.when, first.says, first.state) == (
        "Thursday 24 September 2026",
        "NCP26-11-03 meets at Ash Vale Primary, hosted here",
        "held",
    )
    assert shown.steps[1].sentences[0].href == "/visit"
    assert shown.steps[0].dates == "3 September to 23 October"


def test_today_between_half_terms_says_what_comes() -> None:
    assert "before Autumn 2 begins on Monday 2 November 2026" in drawn(today=date(2026, 10, 28)).summary
    assert "after the last half term" in drawn(today=date(2027, 8, 1)).summary


def test_a_year_without_half_terms_says_so() -> None:
    assert ribbon("New hub", (), (), (), TODAY).summary == "The half terms of this year are not known yet."
