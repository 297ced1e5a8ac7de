"""What is kept and drawn of a solve while it runs."""

from app.domain.schedule.seen import MOST, WIDTH, Point, stages_seen, with_point


def test_a_long_series_keeps_both_ends_of_each_stage_and_is_never_too_long() -> None:
    seen: list[Point] = []
    for n in range(500):
        seen = with_point(seen, (n / 10, "meetings" if n < 400 else "visits", 1000 - n, n))
    assert len(seen) == MOST
    assert [seen[0][0], seen[-1][0]] == [0.0, 49.9]
    assert {39.9, 40.0} <= {each[0] for each in seen}
    assert [each[0] for each in seen] == sorted(each[0] for each in seen)


def test_what_says_nothing_new_is_not_kept() -> None:
    assert with_point([(1.0, "visits", 5, 4)], (2.0, "visits", 5, 4)) == [(1.0, "visits", 5, 4)]


def test_stages_are_told_in_words_and_lines() -> None:
    seen = [
        [0.0, "meetings", None, None],
        [1.0, "meetings", None, 90],
        [2.0, "meetings", 120, 95],
        [4.0, "visits", 50, 50],
    ]
    progress = {"stage": "visits", "done": 1, "part": 2, "parts": 5, "seen": seen}
    meetings, visits, observations = stages_seen(progress)
    assert (meetings.state, meetings.cost, meetings.bound, meetings.gap) == ("Done", "120", "95", "25, which is 20.8%")
    assert meetings.falling.startswith(f"M{WIDTH:.1f} 6.0")
    assert meetings.rising.startswith("M120.0 90.0H240.0V")
    assert (visits.state, visits.gap) == ("2 of 5 people done", "None: proved")
    assert (observations.state, observations.falling, observations.gap) == ("Not begun", "", "Not known yet")


def test_nothing_seen_draws_nothing() -> None:
    assert [each.rising for each in stages_seen({})] == ["", "", ""]
