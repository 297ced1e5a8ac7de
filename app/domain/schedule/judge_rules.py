"""The judge's rules about one event: R1 to R5, and of R9 that nothing else lies before the frozen date."""

from collections.abc import Iterator
from datetime import date

from app.domain.schedule.judge_facts import Facts, Judged, Violation, entry_of
from app.domain.schedule.problem import Person

__all__ = ["Violation", "about_one"]


def about_one(facts: Facts) -> list[Violation]:
    """Every violation by an event that is neither fixed nor frozen where it is."""
    found: list[Violation] = []
    for event in facts.placed.values():
        if not event.held:
            for rule, because in _each(facts, event):
                found.append(Violation(rule, f"{event.words}: {because}", (event.name,)))
    return found


def _each(facts: Facts, event: Judged) -> Iterator[tuple[str, str]]:
    yield from _window(facts, event)
    yield from _open(facts, event)
    if not present(facts, event.leader, event.date, event.slot):
        yield "R3", f"{event.leader} does not work then or is away."
    if event.kind == "meeting":
        yield from _host(facts, event)
    yield from _comes(facts, event)
    since = facts.problem.frozen_before
    if since is not None and event.date < since:
        yield "R9", f"nothing may be placed before {since.isoformat()}."


def _window(facts: Facts, event: Judged) -> Iterator[tuple[str, str]]:
    if event.kind == "observation":
        seen, school = facts.observation[event.name], facts.school[event.schools[0]]
        if seen.after is None and event.date < school.half_terms[0][0]:
            yield "R1", f"it lies before the first day of {school.id}."
        if seen.before is None and event.date > school.half_terms[-1][1]:
            yield "R1", f"it lies after the last day of {school.id}."
        return
    for name in event.schools:
        first, last = facts.school[name].half_terms[event.k]
        if not first <= event.date <= last:
            yield "R1", f"it lies outside half term {event.k} of {name}."


def _open(facts: Facts, event: Judged) -> Iterator[tuple[str, str]]:
    if event.date.isoweekday() > 5:
        yield "R2", "it lies on a weekend."
    if event.date in facts.problem.closures:
        yield "R2", "nobody meets on that day."
    for name in event.schools:
        school = facts.school[name]
        if event.date in school.closed:
            yield "R2", f"{name} is closed."
        elif all(event.date < first or event.date > last for first, last in school.half_terms):
            yield "R2", f"{name} is on holiday."


def _host(facts: Facts, event: Judged) -> Iterator[tuple[str, str]]:
    if event.host is None:
        return
    if event.host not in event.schools:
        yield "R4", f"the host {event.host} is no member school."
        return
    host = facts.school[event.host]
    if not host.hosts:
        yield "R4", f"{host.id} does not host."
    if event.date in host.busy:
        yield "R4", f"the host {host.id} is busy."
    if (event.date.isoweekday() - 1, event.slot) not in host.maths:
        yield "R4", f"the host {host.id} has no maths lesson in that half-day."


def _comes(facts: Facts, event: Judged) -> Iterator[tuple[str, str]]:
    for school, people in invited(facts, event):
        if people and not any(present(facts, each, event.date, event.slot) for each in people):
            yield "R5", f"nobody named from {school} can come ({', '.join(people)})."
    if event.kind == "meeting":
        return
    school_there = facts.school[event.schools[0]]
    if event.date in school_there.busy:
        yield "R5", f"{school_there.id} is busy."
    if event.kind == "observation" and (event.date.isoweekday() - 1, event.slot) not in school_there.maths:
        yield "R5", f"{school_there.id} has no maths lesson in that half-day."


def invited(facts: Facts, event: Judged) -> list[tuple[str, tuple[str, ...]]]:
    """Schools and the people named from each for an event; for an observation its teacher."""
    entry = entry_of(event)
    if event.kind == "meeting":
        return [(member.school, member.people) for member in facts.group[entry].members]
    if event.kind == "visit":
        return [(event.schools[0], facts.visits[entry].people)]
    return [(event.schools[0], (facts.observation[entry].teacher,))]


def present(facts: Facts, person: str, day: date, slot: str) -> bool:
    """Whether a person works that half-day and is not away."""
    who: Person = facts.problem.person[person]
    return day not in who.away and (day.isoweekday() - 1, slot) in who.works
