"""The forecast's drawing: every line stays inside, rises with its months and ends where its sum is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.funding.forecast_drawing import HIGH, TOP, forecast_chart, whole
from app.domain.funding.periods import forecast

DAYS = st.dates(date(2026, 9, 1), date(2027, 8, 31))
AMOUNTS = st.lists(st.tuples(DAYS, st.integers(0, 5_000_00)), max_size=12)


@given(AMOUNTS, st.integers(0, 20_000_00), st.integers(0, 12))
def test_every_line_of_the_forecast_lies_inside_and_says_its_sum(
    paid: list[tuple[date, int]], grant: int, through: int
) -> None:
    months = forecast(2026, [], [], paid)
    drawn = forecast_chart(months, grant, through, "A year.")
    heights = [
        float(point.split(" ")[1]) for stroke in drawn.strokes for point in stroke.d.removeprefix("M").split("L")
    ]
    assert all(TOP <= y <= TOP + HIGH for y in heights)
    texts = [one.text for one in drawn.words]
    if through:
        assert f"Paid {whole(months[through - 1].so_far_paid)}" in texts
    assert (f"Grant {whole(grant)}" in texts) is bool(grant)
    assert max(one.x for one in drawn.words) < drawn.width
