"""What the judge knows of a plan: each placed event with its place in the problem, and which are held (R0, R9)."""

from dataclasses import dataclass
from datetime import date

from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Group, Observation, Problem, School, Visits


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, a sentence that says how, and the events it is about."""

    rule: str
    because: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One event at its place; `held` when it is fixed or frozen exactly there."""

    name: str
    kind: str
    k: int
    leader: str
    schools: tuple[str, ...]
    date: date
    slot: str
    host: str | None
    held: bool

    @property
    def words(self) -> str:
        """The event and its place, for sentences."""
        return f"{self.name} ({self.date.isoformat()} {self.slot})"


@dataclass(frozen=True, slots=True)
class Facts:
    """A problem and the events that a plan places, by name and in the problem's order."""

    problem: Problem
    school: dict[str, School]
    group: dict[str, Group]
    visits: dict[str, Visits]
    observation: dict[str, Observation]
    expected: dict[str, tuple[str, str, int]]
    held: dict[str, PlacedEvent]
    old: dict[str, PlacedEvent]
    placed: dict[str, Judged]


def facts_of(problem: Problem, plan: Plan) -> tuple[Facts, list[Violation]]:
    """The facts, and violations of R0 and of what R9 says about fixed and frozen events themselves."""
    expected = _expected(problem)
    old = {each.event: each for each in problem.plan or () if each.event in expected}
    since = problem.frozen_before
    frozen = {name: each for name, each in old.items() if since is not None and each.date < since}
    held = {**frozen, **{each.event: each for each in problem.fixed}}
    facts = Facts(
        problem=problem,
        school={each.id: each for each in problem.schools},
        group={each.id: each for each in problem.groups},
        visits={each.id: each for each in problem.visits},
        observation={each.id: each for each in problem.observations},
        expected=expected,
        held=held,
        old=old,
        placed={},
    )
    found: list[Violation] = []
    first: dict[str, PlacedEvent] = {}
    for each in plan.events:
        if each.event not in expected:
            found.append(Violation("R0", f"{each.event} is no event of this problem.", (each.event,)))
        elif each.event in first:
            found.append(Violation("R0", f"{each.event} is placed more than once.", (each.event,)))
        else:
            first[each.event] = each
    for name in expected:
        if name in first:
            found += _take(facts, first[name])
    return facts, found


def _expected(problem: Problem) -> dict[str, tuple[str, str, int]]:
    """Kind, entry's id and half term of every event of the problem."""
    names = {f"{each.id}/{k}": ("meeting", each.id, k) for each in problem.groups for k in each.half_terms}
    names |= {f"{each.id}/{k}": ("visit", each.id, k) for each in problem.visits for k in each.half_terms}
    return names | {each.id: ("observation", each.id, -1) for each in problem.observations}


def _take(facts: Facts, each: PlacedEvent) -> list[Violation]:
    """Adds an event to the facts; says what R0 and R9 have against its place."""
    kind, entry, k = facts.expected[each.event]
    found = []
    if kind == "meeting" and each.host is None:
        found.append(Violation("R0", f"The meeting {each.event} has no host.", (each.event,)))
    if kind != "meeting" and each.host is not None:
        found.append(Violation("R0", f"{each.event} has a host, but only a meeting has one.", (each.event,)))
    must = facts.held.get(each.event)
    there = must is not None and (must.date, must.slot, must.host) == (each.date, each.slot, each.host)
    if must is not None and not there:
        at = f" at {must.host}" if must.host else ""
        because = f"{each.event} is held on {must.date.isoformat()} {must.slot}{at}, but the plan has it elsewhere."
        found.append(Violation("R9", because, (each.event,)))
    leader, schools = _people_and_schools(facts, kind, entry)
    facts.placed[each.event] = Judged(each.event, kind, k, leader, schools, each.date, each.slot, each.host, there)
    return found


def _people_and_schools(facts: Facts, kind: str, entry: str) -> tuple[str, tuple[str, ...]]:
    if kind == "meeting":
        group = facts.group[entry]
        return group.leader, tuple(member.school for member in group.members)
    if kind == "visit":
        return facts.visits[entry].visitor, (facts.visits[entry].school,)
    return facts.observation[entry].observer, (facts.observation[entry].school,)


def entry_of(event: Judged) -> str:
    """The id of the group, visits entry or observation that an event belongs to."""
    return event.name if event.kind == "observation" else event.name.rpartition("/")[0]
