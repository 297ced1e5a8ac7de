"""The judge's rules between events: R1 of observations and their meetings, R6, R7, R8 and R10."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations, pairwise

from app.domain.schedule.judge_facts import Facts, Judged, Violation
from app.domain.schedule.judge_miles import minutes_between
from app.domain.schedule.problem import Group, Visits

NEAR_MINUTES = 40


def between_events(facts: Facts) -> list[Violation]:
    """Every violation of a rule between events, unless all of them are fixed or frozen where they are."""
    everyone = list(facts.placed.values())
    found = [*_observed_between(facts), *_one_place(facts, everyone), *_one_release(everyone), *_spacing(facts)]
    cap = facts.problem.meetings_per_day
    if cap is not None:
        meetings = [event for event in everyone if event.kind == "meeting"]
        for day, there in _grouped(meetings, lambda event: event.date).items():
            if len(there) > cap:
                found += _unless_held("R10", f"{len(there)} meetings on {_iso(day)}, more than {cap}.", there)
    return found


def _unless_held(rule: str, because: str, events: Iterable[Judged]) -> list[Violation]:
    involved = list(events)
    if all(event.held for event in involved):
        return []
    return [Violation(rule, because, tuple(event.name for event in involved))]


def _grouped(events: Iterable[Judged], key: Callable[[Judged], object]) -> dict[object, list[Judged]]:
    groups: dict[object, list[Judged]] = defaultdict(list)
    for event in events:
        groups[key(event)].append(event)
    return groups


def _iso(day: object) -> str:
    return day.isoformat() if isinstance(day, date) else str(day)


def _observed_between(facts: Facts) -> Iterator[Violation]:
    for seen in facts.problem.observations:
        event = facts.placed.get(seen.id)
        if event is None:
            continue
        if seen.after is not None:
            meeting = facts.placed.get(f"{seen.after[0]}/{seen.after[1]}")
            if meeting is not None and event.date <= meeting.date:
                yield from _unless_held("R1", f"{event.words} is not after {meeting.words}.", (event, meeting))
        if seen.before is not None:
            meeting = facts.placed.get(f"{seen.before[0]}/{seen.before[1]}")
            if meeting is not None and event.date >= meeting.date:
                yield from _unless_held("R1", f"{event.words} is not before {meeting.words}.", (event, meeting))


def _one_place(facts: Facts, events: list[Judged]) -> Iterator[Violation]:
    for there in _grouped(events, lambda event: (event.leader, event.date)).values():
        who = there[0].leader
        for a, b in combinations(there, 2):
            if "meeting" in {a.kind, b.kind}:
                yield from _unless_held("R6", f"{who} leads a meeting that day: {a.words} and {b.words}.", (a, b))
            elif a.slot == b.slot:
                yield from _unless_held("R6", f"{who} is in two places at once: {a.words} and {b.words}.", (a, b))
            else:
                first, second = facts.school[a.schools[0]], facts.school[b.schools[0]]
                apart = 0 if first.id == second.id else minutes_between(first.at, second.at)
                if apart > NEAR_MINUTES:
                    because = f"{who} would travel {apart} minutes between {a.words} and {b.words}; 40 is the most."
                    yield from _unless_held("R6", because, (a, b))
        if len(there) > 2:
            words = ", ".join(event.words for event in there)
            yield from _unless_held("R6", f"{who} has more than two events in a day: {words}.", there)


def _one_release(events: list[Judged]) -> Iterator[Violation]:
    by_school: dict[tuple[str, date], list[Judged]] = defaultdict(list)
    for event in events:
        for school in event.schools:
            by_school[school, event.date].append(event)
    for (school, _), there in by_school.items():
        for a, b in combinations(there, 2):
            if not a.kind == b.kind == "observation":
                yield from _unless_held("R7", f"{school} would release twice: {a.words} and {b.words}.", (a, b))


def _spacing(facts: Facts) -> Iterator[Violation]:
    entries: list[Group | Visits] = [*facts.problem.groups, *facts.problem.visits]
    for entry in entries:
        terms = sorted(entry.half_terms)
        for k, following in pairwise(terms):
            early, late = facts.placed.get(f"{entry.id}/{k}"), facts.placed.get(f"{entry.id}/{following}")
            if early is not None and late is not None and (late.date - early.date).days < entry.least_gap:
                because = f"{early.words} and {late.words} are less than {entry.least_gap} days apart."
                yield from _unless_held("R8", because, (early, late))
