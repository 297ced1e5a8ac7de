import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people.working_days import in_words, mornings, read_working_days, whole_week
from app.kit.periods import WEEKDAYS

weeks = st.dictionaries(st.sampled_from(WEEKDAYS), st.sampled_from([("am",), ("pm",), ("am", "pm")]), min_size=1).map(
    lambda week: {day: week[day] for day in WEEKDAYS if day in week}
)


@given(weeks)
def test_words_read_back_to_the_same_week(week: dict[str, tuple[str, ...]]) -> None:
    assert read_working_days(in_words(week)) == week


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_an_example(text: str) -> None:
    try:
        week = read_working_days(text)
    except ValueError as problem:
        told = str(problem)
        assert "Mon Tue Wed am" in told
    else:
        assert week
        assert set(week) <= set(WEEKDAYS)
        assert read_working_days(in_words(week)) == week


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mon Tue Wed am", "Mon Tue Wed am"),
        ("Mon-Fri", "Mon Tue Wed Thu Fri"),
        ("Monday to Thursday", "Mon Tue Wed Thu"),
        ("mon am, tue pm", "Mon am Tue pm"),
        ("Mon am, Tue am, Wed pm, Thu am, Fri pm", "Mon am Tue am Wed pm Thu am Fri pm"),
        ("full time", "Mon Tue Wed Thu Fri"),
        ("Full-time", "Mon Tue Wed Thu Fri"),
        ("every day", "Mon Tue Wed Thu Fri"),
        ("every morning", "Mon am Tue am Wed am Thu am Fri am"),
        ("am", "Mon am Tue am Wed am Thu am Fri am"),
        ("Mon-Thu, Fri am", "Mon Tue Wed Thu Fri am"),
        ("Mon\u2013Wed a.m.", "Mon am Tue am Wed am"),
        ("Mon, Tue and Wed mornings", "Mon am Tue am Wed am"),
        ("mornings Mon Tue, Fri pm", "Mon am Tue am Fri pm"),
        ("every morning and Friday afternoon", "Mon am Tue am Wed am Thu am Fri"),
        ("Mon am/pm, Wed all day", "Mon Wed"),
        ("Mon am & pm", "Mon"),
        ("not Fri", "Mon Tue Wed Thu"),
        ("Mon-Fri except Wed pm", "Mon Tue Wed am Thu Fri"),
        ("every afternoon but not Friday", "Mon pm Tue pm Wed pm Thu pm"),
        ("Tuesdays/Thursdays", "Tue Thu"),
        ("  \uff2d\uff2f\uff2e\u00a0Tue ", "Mon Tue"),
        ("Mon (am only)", "Mon am"),
        ("M W F", "Mon Wed Fri"),
    ],
)
def test_what_people_write_is_understood(text: str, meant: str) -> None:
    assert in_words(read_working_days(text)) == meant


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "it is empty"),
        ("0.6 FTE", "“0” is not a day"),
        ("3 days", "“3” is not a day"),
        ("Fri-Mon", "runs backwards"),
        ("Mon to", "needs its last day"),
        ("Mon T Th", "T may be Tuesday or Thursday"),
        ("Sat", "schools meet Monday to Friday"),
        ("Mon Mon", "Monday is there twice"),
        ("flexible", "“flexible” is not a day"),
        ("not Mon-Fri", "no half-day is left"),
    ],
)
def test_what_nobody_can_read_is_refused_with_the_reason(text: str, because: str) -> None:
    with pytest.raises(ValueError, match="write for example Mon Tue Wed am") as refused:
        read_working_days(text)
    assert because in str(refused.value)


def test_the_whole_week_and_every_morning_have_words() -> None:
    assert read_working_days("full time") == whole_week()
    assert read_working_days("every morning") == mornings()
