from datetime import date

from app.kit.periods import Span
from app.pages.meetings.year_grid import GridEvent, GridGroup, YearGrid, year_grid

HALF_TERMS = (Span(date(2026, 9, 3), date(2026, 10, 23)), Span(date(2026, 11, 2), date(2026, 12, 18)))
TODAY = date(2026, 9, 24)


def drawn(*events: GridEvent, closures: tuple[date, ...] = (), own: tuple[Span, ...] = ()) -> YearGrid:
    groups = (GridGroup("a", "NCP26-11-01", "/a", half_terms=own), GridGroup("b", "NCP26-11-02", "/b"))
    return year_grid("The year 2026/27", groups, HALF_TERMS, closures, events, TODAY)


def test_there_is_a_column_for_each_week_and_a_cell_for_each_group_in_it() -> None:
    grid = drawn()
    assert [grid.weeks[0].short, grid.weeks[-1].short] == ["31 Aug", "14 Dec"]
    assert sum(term.weeks for term in grid.terms) == len(grid.weeks) == 16
    assert {len(row.cells) for row in grid.rows} == {16}


def test_half_terms_stand_above_their_weeks_with_the_holiday_between_them() -> None:
    assert [(term.name, term.weeks) for term in drawn().terms] == [("Autumn 1", 8), ("", 1), ("Autumn 2", 7)]


def test_an_event_is_in_the_week_of_its_day_in_the_row_of_its_group() -> None:
    grid = drawn(GridEvent("b", "meeting", "held", date(2026, 9, 24), "meets at Ash Vale Primary", "/e"))
    [(column, cell)] = [(n, cell) for n, cell in enumerate(grid.rows[1].cells) if cell.marks]
    assert grid.weeks[column].short == "21 Sep"
    assert cell.marks[0].words == "Thursday 24 September 2026: meets at Ash Vale Primary, held"
    assert not any(cell.marks for cell in grid.rows[0].cells)


def test_the_grid_says_on_which_monday_it_begins_and_a_mark_that_can_be_taken_looks_like_it() -> None:
    grid = drawn(GridEvent("b", "meeting", "confirmed", date(2026, 9, 24), "meets", "/e/move", "by-hand"))
    assert date.fromisoformat(grid.begins) == date(2026, 8, 31)
    [mark] = [mark for cell in grid.rows[1].cells for mark in cell.marks]
    assert (mark.look, mark.href) == ("by-hand", "/e/move")


def test_weeks_with_a_closed_school_day_and_this_week_look_their_part() -> None:
    looks = [week.look for week in drawn(closures=(date(2026, 9, 3), date(2026, 10, 28))).weeks]
    assert looks[0] == "odd shut"
    assert looks[3] == "odd now"
    assert looks[8] == "away"
    assert looks[9] == "even"


def test_a_group_with_half_terms_of_its_own_is_shaded_by_them() -> None:
    own = (Span(date(2026, 9, 7), date(2026, 10, 16)), HALF_TERMS[1])
    grid = drawn(own=own)
    assert grid.rows[0].cells[7].look == "away"
    assert grid.rows[1].cells[7].look == "odd"


def test_an_event_outside_the_half_terms_makes_the_year_longer() -> None:
    grid = drawn(GridEvent("a", "visit", "confirmed", date(2027, 1, 6), "is visited", "/e"))
    assert grid.weeks[-1].short == "4 Jan"


def test_a_year_of_nothing_has_no_weeks() -> None:
    assert year_grid("Empty", (), (), (), (), TODAY).weeks == ()
