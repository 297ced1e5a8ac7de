"""The fictional hub's reflections are told in steps that exist, and there are enough of them to be counted."""

from collections import Counter

from app.domain.demo.reflections import reflections
from app.domain.notes.frameworks_counts import shown
from app.domain.notes.frameworks_defaults import BIG_IDEAS


def test_demo_reflections_fit_the_framework_and_some_counts_can_be_shown() -> None:
    last = {(teacher, one.indicator): one.where for teacher in range(24) for one in reflections(teacher)}
    assert {indicator for _, indicator in last} == {one.key for one in BIG_IDEAS.indicators}
    assert set(last.values()) == {step.key for step in BIG_IDEAS.steps}
    for indicator in BIG_IDEAS.indicators:
        counts = Counter(where for (_, about), where in last.items() if about == indicator.key)
        assert any(shown([counts[step.key] for step in BIG_IDEAS.steps]).cells), indicator.key
