"""How far Specialists are, what they can lead, and what does not fit."""

from datetime import date

import pytest

from app.domain.stages.specialists import Capacity, Said, Stand, check, told, total
from app.kit.errors import BadInputError

TODAY = date(2026, 11, 21)


def test_only_whoever_leads_has_capacity_and_training_counts_for_later() -> None:
    hub = [
        Capacity(Stand.LEADING, 3, 1),
        Capacity(Stand.LEADING, 1, 2),
        Capacity(Stand.TRAINING, 2, 0),
        Capacity(Stand.RESTING, 2, 0),
        Capacity(Stand.LEADING, 2, 0, gone=True),
        Capacity(None, 0, 1),
    ]
    whole = total(hub)
    assert (whole.can, whole.led, whole.free, whole.coming) == (4, 4, 2, 2)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (Capacity(Stand.LEADING, 2, 2, began=2024), ""),
        (Capacity(None, 0, 1), ""),
        (Capacity(Stand.TRAINING, 1, 1), "Leads 1 Work Group, although the training year is for their own classroom."),
        (Capacity(Stand.RESTING, 1, 2), "Still leads 2 Work Groups: hand over, or change the state."),
        (Capacity(Stand.LEADING, 1, 2), "Leads 2 Work Groups, more than they can."),
        (
            Capacity(Stand.LEADING, 1, 0, began=2026),
            "Their cohort is trained in 2026/27: they lead from the next year.",
        ),
        (Capacity(Stand.LEADING, 1, 0, gone=True), "Has left the hub: say so here as well."),
    ],
)
def test_what_does_not_fit_is_told(one: Capacity, says: str) -> None:
    assert " ".join(told(one, 2026)) == says


def test_somebody_who_left_has_no_capacity() -> None:
    check(Said(Stand.LEFT, TODAY, 0), TODAY, gone=True)
    with pytest.raises(BadInputError) as refused:
        check(Said(Stand.LEFT, date(2027, 1, 1), 2), TODAY, gone=False)
    assert {fault.path for fault in refused.value.faults} == {"since", "most"}
    with pytest.raises(BadInputError):
        check(Said(Stand.LEADING, TODAY, 2), TODAY, gone=True)
