"""Reading problems: the samples, and each way in which a file can be wrong."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest

from app.domain.schedule.problem import read_problem
from app.domain.schedule.weights import Weights
from app.kit.errors import BadInputError

HERE = Path(__file__).parent.parent
SAMPLES = sorted((HERE / "data" / "schedule").glob("*.json"))
SCHEMA = json.loads((HERE.parent / "docs" / "schemas" / "schedule-problem.schema.json").read_text())


def a_raw_problem() -> dict:
    return json.loads((HERE / "data" / "schedule" / "small-2.json").read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_read_and_fits_the_schema(sample: Path) -> None:
    raw = json.loads(sample.read_text())
    jsonschema_rs.validator_for(SCHEMA).validate(raw)
    problem = read_problem(raw)
    assert len(problem.event_names) == len(set(problem.event_names))
    assert len(problem.groups) == len(raw["groups"])


def test_there_are_seven_samples() -> None:
    assert len(SAMPLES) == 7


def test_groups_without_half_terms_meet_in_all_six() -> None:
    raw = a_raw_problem()
    raw["groups"][0].pop("half_terms", None)
    assert read_problem(raw).groups[0].half_terms == (0, 1, 2, 3, 4, 5)


def test_weights_override_the_defaults() -> None:
    raw = a_raw_problem()
    raw["weights"] = {"meeting_absent": 7}
    assert read_problem(raw).weights == Weights(meeting_absent=7)


WRONG: list[tuple[str, Callable[[dict], object], str]] = [
    ("format", lambda raw: raw.update(format="halfterm/schedule-problem/2"), "$.format"),
    ("unknown key", lambda raw: raw.update(colour="red"), "$.colour"),
    ("missing key", lambda raw: raw.pop("people"), "$.people"),
    ("not a list", lambda raw: raw.update(schools={}), "$.schools"),
    ("unknown weight", lambda raw: raw.update(weights={"meeting_late": 1}), "$.weights.meeting_late"),
    ("fractional weight", lambda raw: raw.update(weights={"visit_edge": 1.5}), "$.weights.visit_edge"),
    ("weight below nothing", lambda raw: raw.update(weights={"visit_edge": -1}), "$.weights.visit_edge"),
    ("weight as text", lambda raw: raw.update(weights={"visit_edge": "1"}), "$.weights.visit_edge"),
    ("divisor of nothing", lambda raw: raw.update(weights={"meeting_travel_divisor": 0}), "$.weights.meeting_travel"),
    ("a day that does not exist", lambda raw: raw.update(closures=["2026-02-30"]), "$.closures[0]"),
    ("a day in another form", lambda raw: raw.update(closures=["20261225"]), "$.closures[0]"),
    ("true as a number", lambda raw: raw.update(meetings_per_day=True), "$.meetings_per_day"),
    ("five half terms", lambda raw: raw["schools"][0]["half_terms"].pop(), "$.schools[0].half_terms"),
    ("overlap", lambda raw: raw["schools"][1]["half_terms"].reverse(), "$.schools[1].half_terms"),
    (
        "ends before it begins",
        lambda raw: raw["schools"][0]["half_terms"][0].reverse(),
        "$.schools[0].half_terms[0]",
    ),
    ("fractional point", lambda raw: raw["schools"][0].update(at=[1.5, 2]), "$.schools[0].at[0]"),
    ("a Saturday lesson", lambda raw: raw["schools"][0]["maths"].update(sat=["am"]), "$.schools[0].maths.sat"),
    ("an evening", lambda raw: raw["people"][0]["works"].update(mon=["eve"]), "$.people[0].works.mon[0]"),
    ("a school twice", lambda raw: raw["schools"].append(raw["schools"][0]), "$.schools"),
    ("an unknown leader", lambda raw: raw["groups"][0].update(leader="nobody"), "$.groups[0].leader"),
    (
        "an unknown school",
        lambda raw: raw["groups"][0]["members"][1].update(school="x"),
        "$.groups[0].members[1].school",
    ),
    ("a slash", lambda raw: raw["groups"][0].update(id="g/1"), "$.groups[0].id"),
    ("ids shared", lambda raw: raw["observations"][0].update(id="v1"), "$"),
    ("two visits entries", lambda raw: raw["visits"][1].update(school=raw["visits"][0]["school"]), "$.visits"),
    ("a seventh half term", lambda raw: raw["visits"][0].update(half_terms=[6]), "$.visits[0].half_terms[0]"),
    ("an unknown group", lambda raw: raw["observations"][0].update(after=["g99", 0]), "$.observations[0].after[0]"),
    ("four weekdays", lambda raw: raw["groups"][0].update(weekday_cost=[1, 2, 3, 4]), "$.groups[0].weekday_cost"),
    ("a hostless fixed meeting", lambda raw: raw["fixed"][0].pop("host"), "$.fixed[0]"),
    ("a fixed visit with a host", lambda raw: raw["fixed"][1].update(host="s142959"), "$.fixed[1]"),
    ("fixing what is not there", lambda raw: raw["fixed"][0].update(event="g99/0"), "$.fixed[0]"),
    ("fixed twice", lambda raw: raw["fixed"].append(raw["fixed"][0]), "$.fixed"),
    ("frozen without a plan", lambda raw: raw.update(frozen_before="2027-01-01"), "$.frozen_before"),
]


@pytest.mark.parametrize(("what", "spoil", "path"), WRONG, ids=[each[0] for each in WRONG])
def test_a_bad_file_is_refused_with_the_path_of_the_bad_value(
    what: str, spoil: Callable[[dict], object], path: str
) -> None:
    raw = copy.deepcopy(a_raw_problem())
    spoil(raw)
    with pytest.raises(BadInputError) as refused:
        read_problem(raw)
    assert any(fault.path.startswith(path) for fault in refused.value.faults), refused.value.faults
    assert refused.value.faults[0].path in refused.value.because


@pytest.mark.parametrize("raw", [None, [], 7, "problem", {}])
def test_what_is_no_problem_at_all_is_refused(raw: object) -> None:
    with pytest.raises(BadInputError):
        read_problem(raw)


def test_all_faults_are_told_at_once() -> None:
    raw = a_raw_problem()
    raw["closures"] = ["yesterday"]
    raw["weights"] = {"speed": 3}
    with pytest.raises(BadInputError) as refused:
        read_problem(raw)
    assert {fault.path for fault in refused.value.faults} == {"$.closures[0]", "$.weights.speed"}


def test_a_fixed_place_wins_over_a_frozen_one() -> None:
    raw = json.loads((HERE / "data" / "schedule" / "replan-1.json").read_text())
    raw["fixed"] = [{"event": "v1/0", "date": "2026-09-17", "slot": "am"}]
    problem = read_problem(raw)
    assert problem.held["v1/0"].date.isoformat() == "2026-09-17"
    assert len(problem.held) > 100


def test_old_events_that_the_problem_lacks_are_ignored() -> None:
    raw = json.loads((HERE / "data" / "schedule" / "replan-1.json").read_text())
    raw["plan"].append({"event": "gone/3", "date": "2026-09-17", "slot": "am"})
    assert "gone/3" not in read_problem(raw).old
