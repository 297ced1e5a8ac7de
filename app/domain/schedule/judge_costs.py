"""The judge's prices: every part of every stage's cost, with the event it belongs to and whom it concerns."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.domain.schedule.judge_facts import Facts, Judged, entry_of
from app.domain.schedule.judge_miles import minutes_between
from app.domain.schedule.judge_rules import invited, present
from app.domain.schedule.problem import Person, Point, School

STAGE = {"meeting": "meetings", "visit": "visits", "observation": "observations"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a cost: `what` in a word, the ids of people or schools it concerns, and days or minutes if any."""

    stage: str
    event: str
    what: str
    cost: int
    who: tuple[str, ...] = ()
    amount: int = 0


def parts_of(facts: Facts) -> list[Part]:
    """Every part of the cost of a plan, nothing for what costs nothing but absences and travel."""
    parts: list[Part] = []
    for event in facts.placed.values():
        own = {"meeting": _meeting, "visit": _visit, "observation": _observation}[event.kind]
        parts += [*own(facts, event), *_moving(facts, event)]
    return [*parts, *_hosting_again(facts), *_gaps(facts), *_tours(facts)]


def _absent(facts: Facts, event: Judged, price: int) -> Iterator[Part]:
    named = [each for _, people in invited(facts, event) for each in people]
    gone = tuple(each for each in named if not present(facts, each, event.date, event.slot))
    if gone:
        yield Part(STAGE[event.kind], event.name, "absent", price * len(gone), gone, len(gone))


def _edge(facts: Facts, event: Judged, price: int, days: int) -> Iterator[Part]:
    starts = [facts.school[each].half_terms[event.k][0] for each in event.schools]
    ends = [facts.school[each].half_terms[event.k][1] for each in event.schools]
    nearest = min((event.date - max(starts)).days, (min(ends) - event.date).days)
    if nearest < days:
        yield Part(STAGE[event.kind], event.name, "edge", price, (), nearest)


def _meeting(facts: Facts, event: Judged) -> Iterator[Part]:
    weights, group = facts.problem.weights, facts.group[entry_of(event)]
    yield from _absent(facts, event, weights.meeting_absent)
    busy = tuple(each for each in event.schools if event.date in facts.school[each].busy)
    if busy:
        yield Part("meetings", event.name, "busy", weights.meeting_busy * len(busy), busy, len(busy))
    yield from _edge(facts, event, weights.meeting_edge, weights.meeting_edge_days)
    if event.date.isoweekday() <= 5:
        yield Part("meetings", event.name, "weekday", group.weekday_cost[event.date.isoweekday() - 1])
    if event.slot == "pm":
        yield Part("meetings", event.name, "afternoon", weights.meeting_afternoon)
    first = min(group.half_terms)
    if group.first_host is not None and event.k == first and event.host != group.first_host:
        yield Part("meetings", event.name, "first_host", weights.meeting_first_host, (group.first_host,))
    host = facts.school.get(event.host or "")
    if host is not None:
        yield from _hosting(facts, event, host)


def _hosting(facts: Facts, event: Judged, host: School) -> Iterator[Part]:
    weights = facts.problem.weights
    leader = facts.problem.person[event.leader]
    total = minutes_between(host.at, leader.at)
    total += sum(minutes_between(host.at, facts.school[each].at) for each in event.schools if each != host.id)
    yield Part("meetings", event.name, "travel", total // weights.meeting_travel_divisor, (host.id,), total)
    yield Part("meetings", event.name, "hosted_before", weights.meeting_hosted_before * host.hosted_before, (host.id,))
    if event.k in host.rather_not_host:
        yield Part("meetings", event.name, "rather_not", weights.meeting_rather_not, (host.id,))


def _hosting_again(facts: Facts) -> Iterator[Part]:
    seen: set[tuple[str, str]] = set()
    for event in facts.placed.values():
        if event.kind == "meeting" and event.host is not None:
            if (entry_of(event), event.host) in seen:
                price = facts.problem.weights.meeting_host_again
                yield Part("meetings", event.name, "host_again", price, (event.host,))
            seen.add((entry_of(event), event.host))


def _visit(facts: Facts, event: Judged) -> Iterator[Part]:
    weights = facts.problem.weights
    yield from _absent(facts, event, weights.visit_absent)
    yield from _edge(facts, event, weights.visit_edge, weights.visit_edge_days)
    if event.date.isoweekday() == 5:
        yield Part("visits", event.name, "friday", weights.visit_friday)
    if event.slot == "pm":
        yield Part("visits", event.name, "afternoon", weights.visit_afternoon)


def _observation(facts: Facts, event: Judged) -> Iterator[Part]:
    weights, seen = facts.problem.weights, facts.observation[event.name]
    if event.slot == "pm":
        yield Part("observations", event.name, "afternoon", weights.observation_afternoon)
    bounds = [facts.placed.get(f"{each[0]}/{each[1]}") for each in (seen.after, seen.before) if each is not None]
    gaps = [abs((event.date - bound.date).days) for bound in bounds if bound is not None]
    if gaps and min(gaps) < weights.observation_edge_days:
        yield Part("observations", event.name, "edge", weights.observation_edge, (), min(gaps))


def _gaps(facts: Facts) -> Iterator[Part]:
    w = facts.problem.weights
    for group in facts.problem.groups:
        for name, e in _off(facts, group.id, group.half_terms, w.meeting_gap_aim):
            near, far = max(0, e - w.meeting_gap_near), max(0, e - w.meeting_gap_far)
            yield Part("meetings", name, "gap", w.meeting_gap_near_cost * near + w.meeting_gap_far_cost * far, (), e)
    for visits in facts.problem.visits:
        for name, e in _off(facts, visits.id, visits.half_terms, w.visit_gap_aim):
            near, far = max(0, e - w.visit_gap_near), max(0, e - w.visit_gap_far)
            yield Part("visits", name, "gap", w.visit_gap_near_cost * near + w.visit_gap_far_cost * far, (), e)


def _off(facts: Facts, entry: str, half_terms: tuple[int, ...], aim: int) -> Iterator[tuple[str, int]]:
    """For each two consecutive events, the later one and by how many days their gap misses the aim."""
    terms = sorted(half_terms)
    for k, following in pairwise(terms):
        early, late = facts.placed.get(f"{entry}/{k}"), facts.placed.get(f"{entry}/{following}")
        if early is not None and late is not None:
            yield late.name, abs((late.date - early.date).days - aim * (following - k))


def _tours(facts: Facts) -> Iterator[Part]:
    days: dict[tuple[str, date], list[Judged]] = defaultdict(list)
    for event in facts.placed.values():
        if event.kind != "meeting":
            days[event.leader, event.date].append(event)
    for (person, _), there in days.items():
        home = facts.problem.person[person]
        visits = [event for event in there if event.kind == "visit"]
        alone = _tour(facts, home, visits)
        if visits:
            yield Part("visits", visits[0].name, "travel", alone, (person,), alone)
        if len(there) > len(visits):
            more = _tour(facts, home, there) - alone
            first = next(event for event in there if event.kind == "observation")
            yield Part("observations", first.name, "travel", more, (person,), more)


def _tour(facts: Facts, home: Person, events: list[Judged]) -> int:
    """Home, the schools in the day's order, home; a school to itself takes no time even where its point is unknown."""
    if not events:
        return 0
    stops = [facts.school[event.schools[0]] for event in sorted(events, key=lambda event: event.slot)]
    points: list[Point | None] = [school.at for school in stops]
    legs = [minutes_between(home.at, points[0]), minutes_between(points[-1], home.at)]
    for a, b in pairwise(stops):
        legs.append(0 if a.id == b.id else minutes_between(a.at, b.at))
    return sum(legs)


def _moving(facts: Facts, event: Judged) -> Iterator[Part]:
    old, weights = facts.old.get(event.name), facts.problem.weights
    if old is None:
        return
    if event.date != old.date:
        yield Part(STAGE[event.kind], event.name, "moved_date", weights.moved_date)
        return
    if event.kind == "meeting" and event.host != old.host:
        yield Part(STAGE[event.kind], event.name, "moved_host", weights.moved_host)
    if event.slot != old.slot:
        yield Part(STAGE[event.kind], event.name, "moved_half_day", weights.moved_half_day)
