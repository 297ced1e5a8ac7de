"""Forming groups: the same answer whatever the order, reasons when there is none, a gap that is told."""

import random

import pytest

from app.domain.schedule.forming import read_forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.schedule.forming_plan import formation_bytes
from app.solver.schedule.forming import form_groups
from tests.forming_problems import Size, a_few, a_hub


def because(raw: dict) -> str:
    formation = form_groups(read_forming(raw))
    assert formation.status == "infeasible"
    assert not formation.groups
    return " ".join(formation.because)


def a_small_hub() -> dict:
    return a_hub(7, Size(22, 5))


def test_a_hub_is_grouped_proved_and_never_dearer_than_by_hand() -> None:
    forming = read_forming(a_small_hub())
    formation = form_groups(forming)
    judged = judge_groups(forming, formation)
    assert judged.fine
    assert (formation.status, formation.cost, formation.bound) == ("optimal", judged.cost, judged.cost)
    assert form_groups(forming, solver="greedy").cost >= form_groups(forming, solver="better").cost >= formation.cost


def test_the_order_of_a_file_decides_nothing() -> None:
    for seed in range(12):
        raw = a_few(seed)
        first = formation_bytes(form_groups(read_forming(raw)))
        for key in ("schools", "people", "specialists", "programmes", "together", "apart"):
            random.Random(seed).shuffle(raw[key])  # noqa: S311 - an order to try, no secret
        assert formation_bytes(form_groups(read_forming(raw))) == first


def test_no_time_gives_groups_with_the_bound_that_is_proved() -> None:
    forming = read_forming(a_hub(4, Size(30, 6)))
    formation = form_groups(forming, seconds=0.05)
    assert judge_groups(forming, formation).fine
    assert formation.bound <= formation.cost
    assert (formation.status == "optimal") == (formation.bound == formation.cost)


def test_progress_is_told() -> None:
    told: list[tuple[int | None, int | None]] = []
    formation = form_groups(read_forming(a_small_hub()), progress=lambda each: told.append((each.cost, each.bound)))
    assert told[-1] == (formation.cost, formation.bound)


def test_a_school_without_days_is_named_with_the_days_of_each_specialist() -> None:
    raw = a_small_hub()
    raw["schools"][3]["people"] = []
    raw["schools"][3]["half_terms"][2][1] = raw["schools"][3]["half_terms"][2][0]
    words = because(raw)
    assert words.startswith("s003 has too few days with any specialist (F4): p00 ")
    assert "of 3 in Spring 1" in words


def test_too_few_specialists_are_counted() -> None:
    words = because(a_hub(5, Size(14, 1)))
    assert "at least 2 groups of at most 7, and the specialists can lead 1 (F6)" in words
    assert "let 7 schools wait" in words


def test_a_number_of_schools_that_cannot_be_divided_is_told() -> None:
    words = because(a_hub(5, Size(8, 3)))
    assert "8 cannot be divided into groups of 5 to 7 (F3)" in words


@pytest.mark.parametrize(
    ("pins", "words"),
    [
        ({"led_by": [{"school": "s001", "leader": "p00"}, {"school": "s001", "leader": "p01"}]}, "by p00 and by p01"),
        ({"together": [["s001", "s002"]], "apart": [["s002", "s001"]]}, "Take one of the two away"),
        ({"together": [[f"s{n:03}" for n in range(8)]]}, "a group holds at most 7 (F3, F7)"),
    ],
)
def test_pins_that_contradict_are_told(pins: dict, words: str) -> None:
    assert words in because({**a_small_hub(), **pins})


def test_when_all_fit_alone_but_not_together_it_says_how_many_would_have_to_wait() -> None:
    raw = a_small_hub()
    raw["led_by"] = [{"school": f"s{n:03}", "leader": "p00"} for n in range(22)]
    for each in raw["people"]:
        each["works"] = {"mon": ["am"], "tue": ["am"]}
    assert "at least 15 schools would have to wait" in because(raw)
