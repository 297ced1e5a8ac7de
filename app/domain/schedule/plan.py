"""The plan that answers a problem, format halfterm/schedule-plan/1, as the same bytes every time."""

import json
from dataclasses import dataclass
from datetime import date

from app.domain.schedule.reading import Value, whole

FORMAT = "halfterm/schedule-plan/1"
STATUSES = ("optimal", "feasible", "infeasible")
STAGES = ("meetings", "visits", "observations")


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """Where one event is: its date, its half-day, and for a meeting the school that hosts it."""

    event: str
    date: date
    slot: str
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage costs, and the cost below which no plan can go (equal when proved)."""

    cost: int
    bound: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: every event of the problem placed, or the reasons why none exists."""

    status: str
    events: tuple[PlacedEvent, ...]
    stages: dict[str, Stage]
    because: tuple[str, ...] = ()


def read_placed(value: Value) -> PlacedEvent:
    """One placed event from JSON."""
    part = value.keys(("event", "date", "slot"), ("host",))
    return PlacedEvent(
        event=part["event"].text(),
        date=part["date"].day(),
        slot=part["slot"].one_of(("am", "pm")),
        host=part["host"].maybe(Value.text) if "host" in part else None,
    )


def read_plan(data: object) -> Plan:
    """A plan from parsed JSON; raises BadInputError naming the path of every bad value."""
    return whole(data, "plan", _plan)


def _plan(top: Value) -> Plan:
    part = top.keys(("format", "status", "events"), ("stages", "because"))
    if part["format"].raw != FORMAT:
        raise part["format"].wrong(f"must be {FORMAT!r}")
    stages = part["stages"].keys((), STAGES) if "stages" in part else {}
    return Plan(
        status=part["status"].one_of(STATUSES),
        events=part["events"].each(read_placed),
        stages={key: _stage(value) for key, value in stages.items() if key in STAGES},
        because=part["because"].each(Value.text) if "because" in part else (),
    )


def _stage(value: Value) -> Stage:
    part = value.keys(("cost", "bound"))
    return Stage(part["cost"].number(), part["bound"].number())


def plan_json(plan: Plan) -> dict[str, object]:
    """The plan as JSON values, keys in the format's order."""
    return {
        "format": FORMAT,
        "status": plan.status,
        "events": [_placed_json(each) for each in plan.events],
        "stages": {
            key: {"cost": plan.stages[key].cost, "bound": plan.stages[key].bound}
            for key in STAGES
            if key in plan.stages
        },
        "because": list(plan.because),
    }


def _placed_json(each: PlacedEvent) -> dict[str, str]:
    placed = {"event": each.event, "date": each.date.isoformat(), "slot": each.slot}
    return placed if each.host is None else {**placed, "host": each.host}


def plan_bytes(plan: Plan) -> bytes:
    """The plan file: UTF-8 JSON, one event a line, the same bytes for the same plan."""
    whole_plan = plan_json(plan)
    events = ",\n  ".join(_compact(_placed_json(each)) for each in plan.events)
    rows = [
        f'"{key}": [\n  {events}]' if key == "events" and events else f'"{key}": {_compact(value)}'
        for key, value in whole_plan.items()
    ]
    return ("{" + ",\n ".join(rows) + "}\n").encode()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
