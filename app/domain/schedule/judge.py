"""The judge: checks a plan against its problem and prices it, sharing no code with what solves it.

It knows the formats and nothing else of this package: its days, minutes, windows and costs are its own, so a mistake in
the solver cannot hide here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.schedule.judge_costs import Part, parts_of
from app.domain.schedule.judge_facts import Facts, facts_of
from app.domain.schedule.judge_pairs import between_events
from app.domain.schedule.judge_rules import Violation, about_one
from app.domain.schedule.plan import Plan
from app.domain.schedule.problem import Problem

STAGES = ("meetings", "visits", "observations")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many events of the old plan are on another date; or, on the same date, at another host or half-day."""

    dates: int
    hosts: int
    half_days: int


@dataclass(frozen=True, slots=True)
class WorstPoint:
    """An event and what it costs, with the parts that make up the cost, dearest first."""

    event: str
    cost: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a plan, what it lacks, and what it costs in each stage."""

    violations: tuple[Violation, ...]
    missing: tuple[str, ...]
    cost: dict[str, int]
    absences: dict[str, int]
    moved: Moved
    worst: tuple[WorstPoint, ...]

    @property
    def fine(self) -> bool:
        """Whether nothing is violated and nothing is missing."""
        return not self.violations and not self.missing

    def as_json(self) -> dict[str, object]:
        """The judgement as JSON values; costs are whole numbers, lower is better."""
        return {
            "violations": [
                {"rule": each.rule, "because": each.because, "events": list(each.events)} for each in self.violations
            ],
            "missing": list(self.missing),
            "cost": dict(self.cost),
            "absences": dict(self.absences),
            "moved": {"dates": self.moved.dates, "hosts": self.moved.hosts, "half_days": self.moved.half_days},
        }


def judge(problem: Problem, plan: Plan) -> Judgement:
    """Every violation of R0 to R10, every missing event, and the cost of each stage (docs/rules/schedule.md)."""
    facts, found = facts_of(problem, plan)
    found += about_one(facts)
    found += between_events(facts)
    parts = parts_of(facts)
    return Judgement(
        violations=tuple(found),
        missing=tuple(name for name in facts.expected if name not in facts.placed),
        cost={stage: sum(part.cost for part in parts if part.stage == stage) for stage in STAGES},
        absences={
            stage: sum(len(part.who) for part in parts if part.stage == stage and part.what == "absent")
            for stage in STAGES[:2]
        },
        moved=_moved(facts),
        worst=_worst(parts),
    )


def _moved(facts: Facts) -> Moved:
    pairs = [(each, facts.old[each.name]) for each in facts.placed.values() if each.name in facts.old]
    same = [(each, old) for each, old in pairs if each.date == old.date]
    return Moved(
        dates=len(pairs) - len(same),
        hosts=sum(each.kind == "meeting" and each.host != old.host for each, old in same),
        half_days=sum(each.slot != old.slot for each, old in same),
    )


def _worst(parts: Iterable[Part]) -> tuple[WorstPoint, ...]:
    by_event: dict[str, list[Part]] = {}
    for part in parts:
        if part.cost:
            by_event.setdefault(part.event, []).append(part)
    points = [
        WorstPoint(event, sum(part.cost for part in own), tuple(sorted(own, key=lambda part: -part.cost)))
        for event, own in by_event.items()
    ]
    return tuple(sorted(points, key=lambda point: (-point.cost, point.event)))
