from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.domain.meetings.states import says, state, times_of
from app.kit.errors import BadInputError

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_what_is_over_and_not_marked_is_overdue() -> None:
    assert state("confirmed", NOW - timedelta(minutes=1), NOW) == "missed"
    assert state("confirmed", NOW + timedelta(minutes=1), NOW) == "confirmed"
    for status in ("held", "cancelled", "tentative"):
        assert state(status, NOW - timedelta(days=1), NOW) == status


def test_an_event_says_what_it_is() -> None:
    names = {"school": "Ash Vale Primary", "group": "NCP26-11-03", "lead": "Rowan Patel", "teacher": "Ann Lee"}
    assert says("meeting", **names) == "NCP26-11-03 meets at Ash Vale Primary"
    assert says("meeting", **names, online=True) == "NCP26-11-03 meets online"
    assert says("visit", **names) == "Rowan Patel visits Ash Vale Primary"
    assert says("observation", **names) == "Rowan Patel watches a lesson of Ann Lee at Ash Vale Primary"


def test_times_are_london_times_of_the_day() -> None:
    assert times_of(date(2026, 9, 24), time(9, 15), time(12)) == (
        datetime(2026, 9, 24, 8, 15, tzinfo=UTC),
        datetime(2026, 9, 24, 11, 0, tzinfo=UTC),
    )


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(BadInputError) as refused:
        times_of(date(2026, 9, 24), time(12), time(12))
    assert refused.value.faults[0].path == "ends"


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
def test_a_time_that_a_night_of_changing_clocks_has_twice_or_not_at_all_is_refused(day: date) -> None:
    with pytest.raises(BadInputError) as refused:
        times_of(day, time(1, 30), time(3))
    assert refused.value.faults[0].path == "starts"
    assert times_of(day, time(3), time(4))
    assert times_of(date(2026, 9, 24), time(1, 30), time(3))
