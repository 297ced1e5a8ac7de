"""When there is no plan: what a lead could let go, each choice with the problem that it makes and what it would mean.

A rule about one event is let go by pinning that event to the cheapest place that breaks this rule alone: a pinned event
is excused from the rules about itself (R9), and the judge agrees.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.schedule.bars import Bar, listed, spoken_event
from app.domain.schedule.candidates import SLOTS, Catalog, Event
from app.domain.schedule.frames import Frames
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import Group, Observation, Problem, Visits
from app.kit.periods import HALF_TERMS, spoken_date

WEEK = 7
TRIES = 3  # days looked at for each rule and event
MOST_KEPT = 12  # kept dates that are offered to move, those of the nearest half terms first
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a lead could let go; `problem` is the problem then, `changed` the events whose possible places change.

    `kind` is one of RUNGS. Choices with the same `kind` and `about` are tries at the same thing, the mildest first.
    """

    kind: str
    about: str
    says: str
    consequences: tuple[str, ...]
    problem: Problem
    changed: tuple[str, ...] = ()


RULES = {
    "host_maths": "no_lesson",
    "not_host": "other_host",
    "nobody": "one_missing",
    "closed": "one_missing",
    "busy": "busy",
    "host_busy": "busy",
    "leader": "free_leader",
    "window": "next_week",
}
RUNGS = ("let_move", *dict.fromkeys(RULES.values()), "shorter_gap", "more_days", "more_a_day", "leave_out")


def choices(frames: Frames, events: Sequence[Event], people: Iterable[str]) -> list[Choice]:
    """What could be let go for events (and visitors or observers) that find no places, rung by rung."""
    catalog, people, found = frames.catalog, list(people), list[Choice]()
    held = Occupied(catalog, catalog.problem.held.values())
    for event in events:
        found += _pinned(frames, held, event)
    found += _let_move(catalog, events, people)
    for series in dict.fromkeys(event.series for event in events if event.kind != "observation"):
        found += _shorter_gap(catalog.problem, series)
    leaders = dict.fromkeys([event.person for event in events])
    for person in dict.fromkeys([*leaders, *people]):
        found += _more_days(catalog, person)
    found += _more_a_day(catalog.problem)
    found += [_left_out(catalog, event) for event in events]
    return sorted(found, key=lambda choice: RUNGS.index(choice.kind))


def _let_move(catalog: Catalog, events: Sequence[Event], people: Iterable[str]) -> Iterator[Choice]:
    """Kept dates ahead that share a group, a person or a school with what finds no places, each free to move."""
    problem, since = catalog.problem, catalog.problem.frozen_before or date.min
    series, whom = {event.series for event in events}, {*people, *(event.person for event in events)}
    schools = {school for event in events for school in event.schools}

    def near(kept: PlacedEvent) -> bool:
        event = catalog.events[kept.event]
        shares = event.series in series or event.person in whom or not schools.isdisjoint(event.schools)
        return kept.date >= since and shares

    def far(kept: PlacedEvent) -> int:
        return min((abs(catalog.events[kept.event].k - event.k) for event in events), default=0)

    for kept in sorted(filter(near, problem.fixed), key=far)[:MOST_KEPT]:
        half = "morning" if kept.slot == "am" else "afternoon"
        meaning = f"It is kept on the {half} of {spoken_date(kept.date)} now, and would go to another day."
        free = replace(problem, fixed=tuple(each for each in problem.fixed if each != kept))
        says = f"Let {spoken_event(catalog, catalog.events[kept.event])} move."
        yield Choice("let_move", kept.event, says, (meaning,), free, (kept.event,))


def _pinned(frames: Frames, held: Occupied, event: Event) -> Iterator[Choice]:
    """The cheapest places that only one rule about the event forbids, on days it does not have by right."""
    catalog = frames.catalog
    by_right = {place.day for place in held.places(event)}
    found: dict[str, list[tuple[int, PlacedEvent, tuple[Bar, ...]]]] = {}
    for placed in _around(catalog, event):
        if placed.date.toordinal() in by_right:
            continue
        bars = frames.alone(event, placed.date, SLOTS.index(placed.slot), placed.host)
        kind = _rung(event, placed, bars)
        place = catalog.priced(event, placed.date, placed.slot, placed.host) if kind else None
        if kind and place and held.free(event, place):
            found.setdefault(kind, []).append((place.cost, placed, bars))
    for kind, every in found.items():
        days: dict[date, tuple[PlacedEvent, tuple[Bar, ...]]] = {}
        for _, placed, bars in sorted(
            every, key=lambda each: (each[0], each[1].date, each[1].slot, each[1].host or "")
        ):
            days.setdefault(placed.date, (placed, bars))
        for placed, bars in list(days.values())[:TRIES]:
            problem = replace(catalog.problem, fixed=(*catalog.problem.fixed, placed))
            says = _offer(catalog, event, kind, bars)
            yield Choice(kind, event.name, says, _meaning(catalog, event, placed, bars), problem, (event.name,))


def _around(catalog: Catalog, event: Event) -> Iterator[PlacedEvent]:
    """Every weekday place in the event's window and in the weeks before and after it."""
    window = catalog.window(event)
    hosts: tuple[str | None, ...] = event.schools if event.kind == "meeting" else (None,)
    if not window:
        return
    day, last = window[0], window[-1]
    if event.kind != "observation":
        day, last = day - timedelta(WEEK), last + timedelta(WEEK)
    while day <= last:
        if day.weekday() < 5:
            for slot in SLOTS:
                for host in hosts:
                    yield PlacedEvent(event.name, day, slot, host)
        day += timedelta(1)


def _rung(event: Event, placed: PlacedEvent, bars: tuple[Bar, ...]) -> str | None:
    """The one thing that would have to be let go for this place; None when it is more than one, or none."""
    kinds = {RULES.get(bar.what) for bar in bars}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind == "one_missing":
        missing = {bar.who for bar in bars}
        if event.kind != "meeting" or len(missing) > 1 or placed.host in missing or len(event.schools) < 3:
            return None
    if kind == "busy" and event.kind == "observation":
        return None
    return kind


def _offer(catalog: Catalog, event: Event, kind: str, bars: tuple[Bar, ...]) -> str:
    what, who = spoken_event(catalog, event), bars[0].who
    return {
        "no_lesson": f"Hold {what} without a maths lesson to watch.",
        "other_host": f"Ask {who} to host {what} all the same.",
        "one_missing": f"Hold {what} without {who}.",
        "busy": f"Hold {what} although {who} has a trip or a production.",
        "free_leader": f"Ask that {who} is freed for {what}.",
        "next_week": f"Let {what} lie just outside its half term.",
    }[kind]


def _meaning(catalog: Catalog, event: Event, placed: PlacedEvent, bars: tuple[Bar, ...]) -> tuple[str, ...]:
    """What a pinned place means, in sentences."""
    half = "morning" if placed.slot == "am" else "afternoon"
    at = f" at {placed.host}" if placed.host else ""
    sentences = [f"It would be on the {half} of {spoken_date(placed.date)}{at}."]
    sentences += [f"That is outside the {HALF_TERMS[event.k]} of {bar.who}." for bar in bars if bar.what == "window"]
    missing = {bar.who for bar in bars if bar.what in {"nobody", "closed"}}
    gone = [
        person
        for school, people in catalog.named(event)
        for person in people
        if school not in missing and person in catalog.absent(event, placed.date, placed.slot)
    ]
    sentences += [f"Nobody from {school} could come." for school in sorted(missing)]
    sentences += [f"{listed(gone)} could not come."] if gone else []
    return tuple(sentences)


def _shorter_gap(problem: Problem, series: str) -> Iterator[Choice]:
    """Meetings or visits a week closer to each other, and again a week."""
    entries: list[Group | Visits] = [*problem.groups, *problem.visits]
    entry = next(each for each in entries if each.id == series)
    what = f"meetings of {series}" if isinstance(entry, Group) else f"visits to {entry.school}"
    for gap in range(entry.least_gap - WEEK, -WEEK, -WEEK):
        days = max(0, gap)
        closer = replace(
            problem,
            groups=tuple(replace(each, least_gap=days) if each.id == series else each for each in problem.groups),
            visits=tuple(replace(each, least_gap=days) if each.id == series else each for each in problem.visits),
        )
        meaning = f"Two {what} could follow each other after {days} days; now it is {entry.least_gap} days or more."
        yield Choice("shorter_gap", series, f"Let the {what} lie closer together.", (meaning,), closer)


def _more_days(catalog: Catalog, person: str) -> Iterator[Choice]:
    """One more weekday of somebody who leads, visits or observes; then every weekday."""
    problem, known = catalog.problem, catalog.problem.person[person]
    changed = tuple(
        event.name
        for event in catalog.events.values()
        if event.person == person or any(person in people for _, people in catalog.named(event))
    )
    every = frozenset((day, slot) for day in range(5) for slot in SLOTS)
    new = [day for day in range(5) if not {(day, slot) for slot in SLOTS} <= known.works]
    tries = [(WEEKDAYS[day], known.works | {(day, slot) for slot in SLOTS}) for day in new]
    tries += [("any weekday", every)] if len(new) > 1 else []
    for day, works in tries:
        freed = replace(known, works=works)
        people = tuple(freed if each.id == person else each for each in problem.people)
        meaning = f"{person} would have to be released on {day}."
        says = f"Ask for another release day of {person}."
        yield Choice("more_days", person, says, (meaning,), replace(problem, people=people), changed)


def _more_a_day(problem: Problem) -> Iterator[Choice]:
    cap = problem.meetings_per_day
    if cap is not None and len(problem.groups) > cap:
        meaning = f"There could be {cap + 1} meetings in the hub on one day; now it is {cap} at most."
        more = replace(problem, meetings_per_day=cap + 1)
        yield Choice("more_a_day", "hub", "Allow one more meeting on a day.", (meaning,), more)


def _left_out(catalog: Catalog, event: Event) -> Choice:
    """The problem without an event; observations that followed or preceded it lose that bound."""
    problem, what = catalog.problem, spoken_event(catalog, event)
    gone = (event.series, event.k)

    def kept(each: Group | Visits) -> tuple[int, ...]:
        return tuple(k for k in each.half_terms if (each.id, k) != gone)

    watched = [each for each in problem.observations if gone in {each.after, each.before}]
    without = replace(
        problem,
        groups=tuple(replace(each, half_terms=kept(each)) for each in problem.groups),
        visits=tuple(replace(each, half_terms=kept(each)) for each in problem.visits),
        observations=tuple(_unbound(each, gone) for each in problem.observations if each.id != event.name),
        fixed=tuple(each for each in problem.fixed if each.event != event.name),
    )
    meaning = [f"There would be no {what.removeprefix('the ')}."]
    if event.kind == "meeting":
        left = len(catalog.group[event.series].half_terms) - 1
        meaning.append(f"{event.series} would have {left} {'meeting' if left == 1 else 'meetings'} this year.")
    if watched and event.kind == "meeting":
        many = len(watched)
        meaning.append(f"{many} {'observation' if many == 1 else 'observations'} would no longer wait for it.")
    changed = (event.name, *(each.id for each in watched))
    return Choice("leave_out", event.name, f"Leave out {what}.", tuple(meaning), without, changed)


def _unbound(each: Observation, gone: tuple[str, int]) -> Observation:
    return replace(
        each,
        after=None if each.after == gone else each.after,
        before=None if each.before == gone else each.before,
    )
