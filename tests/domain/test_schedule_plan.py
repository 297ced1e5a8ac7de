"""The plan's file: the same bytes, and nothing accepted that the format does not know."""

import json
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest

from app.domain.schedule.plan import PlacedEvent, Plan, Stage, plan_bytes, plan_json, read_plan
from app.kit.errors import BadInputError

SCHEMA = json.loads(
    (Path(__file__).parent.parent.parent / "docs" / "schemas" / "schedule-plan.schema.json").read_text()
)
EVENTS = (
    PlacedEvent("g1/0", date(2026, 9, 24), "am", "s1"),
    PlacedEvent("v1/3", date(2027, 3, 2), "pm"),
)
PLAN = Plan("optimal", EVENTS, {"visits": Stage(7, 7), "meetings": Stage(1039, 1039)}, ("a reason with an é",))


@pytest.mark.parametrize("plan", [PLAN, Plan("infeasible", (), {}, ("No day.",))])
def test_a_plan_read_back_is_the_same_plan(plan: Plan) -> None:
    raw = json.loads(plan_bytes(plan))
    assert raw == plan_json(plan)
    assert read_plan(raw) == plan
    assert plan_bytes(read_plan(raw)) == plan_bytes(plan)
    jsonschema_rs.validator_for(SCHEMA).validate(raw)


def test_stages_are_written_in_their_order() -> None:
    assert list(plan_json(PLAN)["stages"]) == ["meetings", "visits"]


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        ({"format": "halfterm/schedule-plan/2"}, "$.format"),
        ({"status": "good"}, "$.status"),
        ({"events": [{"event": "g1/0", "date": "2026-02-30", "slot": "am"}]}, "$.events[0].date"),
        ({"events": [{"event": "g1/0", "date": "2026-02-03", "slot": "noon"}]}, "$.events[0].slot"),
        ({"events": [{"event": "g1/0", "date": "2026-02-03"}]}, "$.events[0].slot"),
        ({"stages": {"lunch": {}}}, "$.stages.lunch"),
        ({"seconds": 3}, "$.seconds"),
    ],
)
def test_a_bad_plan_is_refused_with_the_path(spoil: dict, path: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_plan({**plan_json(PLAN), **spoil})
    assert path in [fault.path for fault in refused.value.faults]
