"""Plans of one problem side by side: absences by name, minutes, hosts, gaps, and the worst points of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from app.domain.schedule.judge import Judgement, judge
from app.domain.schedule.judge_costs import Part, parts_of
from app.domain.schedule.judge_facts import facts_of
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Problem


@dataclass(frozen=True, slots=True)
class Gaps:
    """The days between consecutive meetings of a group, or visits of an entry, in order."""

    series: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan as people compare it. Costs are under the hub's own weights, whatever the plan favours; lower is better.

    `absences` are (person, times), the most first; `minutes` all travel to meetings (one way) and on tours; `hosts`
    (school, times); `uneven` the days by which gaps miss their aim. `same_as` names an earlier plan with equal dates.
    """

    favours: str
    plan: Plan
    judgement: Judgement
    absences: tuple[tuple[str, int], ...]
    minutes: int
    hosts: tuple[tuple[str, int], ...]
    gaps: tuple[Gaps, ...]
    uneven: int
    same_as: str | None = None

    @property
    def cost(self) -> int:
        """The cost of all stages together."""
        return sum(self.judgement.cost.values())


def compared(problem: Problem, favours: str, plan: Plan) -> Compared:
    """One plan, measured by the problem as the hub has it."""
    facts, _ = facts_of(problem, plan)
    parts = parts_of(facts)
    hosts = Counter(each.host for each in plan.events if each.host is not None)
    return Compared(
        favours=favours,
        plan=plan,
        judgement=judge(problem, plan),
        absences=_counted(part for part in parts if part.what == "absent"),
        minutes=sum(part.amount for part in parts if part.what == "travel"),
        hosts=tuple(sorted(hosts.items(), key=lambda each: (-each[1], each[0]))),
        gaps=_gaps(problem, plan.events),
        uneven=sum(part.amount for part in parts if part.what == "gap"),
    )


def side_by_side(problem: Problem, plans: Iterable[tuple[str, Plan]]) -> tuple[Compared, ...]:
    """Plans (what each favours, the plan), the one that the hub's own weights like best first."""
    found = sorted((compared(problem, favours, plan) for favours, plan in plans), key=lambda each: each.cost)
    first: dict[tuple[PlacedEvent, ...], str] = {}
    told = []
    for each in found:
        before = first.setdefault(each.plan.events, each.favours)
        told.append(each if before == each.favours else replace(each, same_as=before))
    return tuple(told)


def _counted(parts: Iterable[Part]) -> tuple[tuple[str, int], ...]:
    count = Counter(person for part in parts for person in part.who)
    return tuple(sorted(count.items(), key=lambda each: (-each[1], each[0])))


def _gaps(problem: Problem, events: Iterable[PlacedEvent]) -> tuple[Gaps, ...]:
    day = {each.event: each.date for each in events}
    entries = [(each.id, each.half_terms) for each in problem.groups]
    entries += [(each.id, each.half_terms) for each in problem.visits]
    found = []
    for series, terms in entries:
        dates = [day[f"{series}/{k}"] for k in terms if f"{series}/{k}" in day]
        found.append(Gaps(series, tuple((late - early).days for early, late in pairwise(dates))))
    return tuple(found)
