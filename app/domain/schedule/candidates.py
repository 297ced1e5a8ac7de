"""Every rule about one event alone, compiled into the places where it could be (rules R1 to R5, R9)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain

from app.domain.schedule.distance import minutes
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import Group, Observation, Person, Problem, School, Visits

SLOTS = ("am", "pm")


@dataclass(frozen=True, slots=True)
class Event:
    """What the rules between events need to know of one: its kind, who leads it, the schools it involves."""

    name: str
    kind: str
    person: str
    schools: tuple[str, ...]
    series: str
    k: int


@dataclass(frozen=True, slots=True)
class Place:
    """One place an event could be: day (ordinal), slot (0 morning, 1 afternoon), host, own cost, share of moving."""

    day: int
    slot: int
    host: str | None
    cost: int
    moved: int

    def as_placed(self, event: str) -> PlacedEvent:
        """The place as the plan writes it."""
        return PlacedEvent(event, date.fromordinal(self.day), SLOTS[self.slot], self.host)


@dataclass(frozen=True, slots=True)
class Removed:
    """Why a half-day is no place for an event: the rule in a few words, and the one id it turns on."""

    rule: str
    because: str
    who: str = ""


class Catalog:
    """All events of a problem with the places that each could take if it were alone."""

    def __init__(self, problem: Problem, without: Mapping[str, frozenset[date]] | None = None) -> None:
        """Compiles nothing yet: places are worked out when first asked for.

        `without` names days on which an event cannot be because the people in it have said so.
        """
        self.problem = problem
        self.without = without or {}
        self._places: dict[str, tuple[Place, ...]] = {}
        self._open: dict[str, frozenset[date]] = {}
        self._travel: dict[tuple[str, str], int] = {}
        self._twins: dict[tuple[str, ...], str] = {}

    def changed(self, problem: Problem, events: Iterable[str]) -> "Catalog":
        """The catalog of a problem in which only these events have other places: what is compiled stays."""
        other, gone = Catalog(problem, self.without), set(events)
        other._places = {name: each for name, each in self._places.items() if name in other.events and name not in gone}
        return other

    @cached_property
    def events(self) -> dict[str, Event]:
        """Every event by name, in the order of the file."""
        problem = self.problem
        meetings = (
            Event(f"{g.id}/{k}", "meeting", g.leader, tuple(m.school for m in g.members), g.id, k)
            for g in problem.groups
            for k in g.half_terms
        )
        visits = (
            Event(f"{v.id}/{k}", "visit", v.visitor, (v.school,), v.id, k) for v in problem.visits for k in v.half_terms
        )
        observations = (Event(o.id, "observation", o.observer, (o.school,), o.id, 0) for o in problem.observations)
        return {event.name: event for event in chain(meetings, visits, observations)}

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of every event in the order of the file."""
        return {name: n for n, name in enumerate(self.events)}

    @cached_property
    def group(self) -> dict[str, Group]:
        """Groups by id."""
        return {group.id: group for group in self.problem.groups}

    @cached_property
    def visits(self) -> dict[str, Visits]:
        """Visits entries by id."""
        return {visits.id: visits for visits in self.problem.visits}

    @cached_property
    def observation(self) -> dict[str, Observation]:
        """Observations by id."""
        return {each.id: each for each in self.problem.observations}

    @cached_property
    def series(self) -> dict[str, tuple[Event, ...]]:
        """The events of each group and visits entry, in the order of their half terms."""
        found: dict[str, list[Event]] = {}
        for event in self.events.values():
            if event.kind != "observation":
                found.setdefault(event.series, []).append(event)
        return {key: tuple(events) for key, events in found.items()}

    @cached_property
    def position(self) -> dict[str, int]:
        """The place of every meeting and visit in its series."""
        return {event.name: at for events in self.series.values() for at, event in enumerate(events)}

    def of(self, kind: str) -> list[Event]:
        """The events of one kind, in the order of the file."""
        return [event for event in self.events.values() if event.kind == kind]

    def places(self, name: str) -> tuple[Place, ...]:
        """Where the event could be: its one place when it is held, else every place the rules about it alone allow."""
        if name not in self._places:
            event = self.events[name]
            twin = self._twins.setdefault(self._seen(event), name) if event.kind == "observation" else name
            self._places[name] = tuple(self._compile(event)) if twin == name else self.places(twin)
        return self._places[name]

    def _seen(self, event: Event) -> tuple[str, ...]:
        """Observations of one teacher by one observer have the same places, unless something is said of one of them."""
        seen = self.observation[event.name]
        told = event.name in self.without or event.name in self.problem.held or event.name in self.problem.old
        return (event.name,) if told else (seen.observer, seen.teacher, seen.school)

    def _compile(self, event: Event) -> Iterator[Place]:
        held = self.problem.held.get(event.name)
        if held is not None:
            yield self.priced(event, held.date, held.slot, held.host)
            return
        open_days = frozenset.intersection(*(self._open_days(school) for school in event.schools))
        special, refused = self._special(event), self.without.get(event.name, frozenset())
        early, late = self._edges(event)
        moves = event.name in self.problem.old
        alike: dict[tuple[date | int, bool, int], list[tuple[str | None, int]]] = {}
        for day in self.window(event):
            if day not in open_days or day in refused:
                continue
            kind, number = day if day in special else day.weekday(), day.toordinal()
            for slot, name in enumerate(SLOTS):
                key = kind, not early <= number <= late, slot
                if key not in alike:
                    alike[key] = list(self._fitting(event, day, name))
                for host, cost in alike[key]:
                    moved = self.moving(event, day, name, host) if moves else 0
                    yield Place(number, slot, host, cost + moved, moved)

    def _fitting(self, event: Event, day: date, slot: str) -> Iterator[tuple[str | None, int]]:
        """Hosts with the event's own cost on a half-day on which its schools are open: rules R3, R4 and R5."""
        if next(self._unmanned(event, day, slot), None) is None:
            for host in self.hosts(event, day, slot):
                yield host, self._own(event)(event, day, slot, host)

    def _special(self, event: Event) -> frozenset[date]:
        """Days that are not like other days of the week: somebody is away, or a school is busy."""
        people = [event.person, *(each for _, named in self.named(event) for each in named)]
        away = (self.problem.person[each].away for each in people)
        return frozenset().union(*away, *(self.problem.school[school].busy for school in event.schools))

    def _edges(self, event: Event) -> tuple[int, int]:
        """The first and the last day that are not charged for lying near an edge of the window."""
        if event.kind == "observation":
            return date.min.toordinal(), date.max.toordinal()
        weights = self.problem.weights
        days = weights.meeting_edge_days if event.kind == "meeting" else weights.visit_edge_days
        spans = [self.problem.school[each].half_terms[event.k] for each in event.schools]
        first, last = max(span[0] for span in spans), min(span[1] for span in spans)
        return first.toordinal() + days, last.toordinal() - days

    def _open_days(self, school: str) -> frozenset[date]:
        """The days on which rule R2 and freezing let anything happen at a school; worked out once for each school."""
        if school not in self._open:
            here, problem = self.problem.school[school], self.problem
            since = problem.frozen_before or date.min
            self._open[school] = frozenset(
                day
                for first, last in here.half_terms
                for day in _days(max(first, since), last)
                if day.weekday() < 5 and day not in here.closed and day not in problem.closures
            )
        return self._open[school]

    def window(self, event: Event) -> list[date]:
        """Every day between the first and the last that rule R1 allows the event by itself, weekends included."""
        schools = [self.problem.school[each] for each in event.schools]
        if event.kind == "observation":
            first, last = schools[0].half_terms[0][0], schools[0].half_terms[5][1]
        else:
            first = max(school.half_terms[event.k][0] for school in schools)
            last = min(school.half_terms[event.k][1] for school in schools)
        return _days(first, last)

    def hosts(self, event: Event, day: date, slot: str) -> list[str | None]:
        """Who could host a meeting then (R4); for other events, nobody in particular."""
        if event.kind != "meeting":
            return [None]
        half_day = (day.weekday(), slot)
        schools = [self.problem.school[each] for each in event.schools]
        return [s.id for s in schools if s.hosts and day not in s.busy and half_day in s.maths]

    def removed(self, event: Event, day: date, slot: str) -> Removed | None:
        """The first rule about the event alone that removes this half-day, or None."""
        return next(self.removals(event, day, slot), None)

    def removals(self, event: Event, day: date, slot: str) -> Iterator[Removed]:
        """Each rule about the event alone that removes this half-day, in the order they are told."""
        yield from self._shut(event, day)
        yield from self._unmanned(event, day, slot)

    def _shut(self, event: Event, day: date) -> Iterator[Removed]:
        """What removes a whole day, whoever works then: R2, freezing and refusals."""
        problem = self.problem
        if day in self.without.get(event.name, frozenset()):
            yield Removed("refused", "refused")
        schools = [problem.school[each] for each in event.schools]
        if day.weekday() > 4:
            yield Removed("R2", "weekend")
        if day in problem.closures:
            yield Removed("R2", "closures")
        if problem.frozen_before is not None and day < problem.frozen_before:
            yield Removed("R9", "frozen")
        for school in schools:
            if day in school.closed or not any(first <= day <= last for first, last in school.half_terms):
                yield Removed("R2", "closed", school.id)

    def _unmanned(self, event: Event, day: date, slot: str) -> Iterator[Removed]:
        """What removes a half-day on which the schools are open: R3, R4 and R5."""
        problem, schools = self.problem, [self.problem.school[each] for each in event.schools]
        if not at_work(problem.person[event.person], day, slot):
            yield Removed("R3", "leader", event.person)
        yield from self._nobody(event, day, slot)
        if event.kind == "meeting" and not self.hosts(event, day, slot):
            yield Removed("R4", "host")
        if event.kind != "meeting" and day in schools[0].busy:
            yield Removed("R5", "busy", schools[0].id)
        if event.kind == "observation" and (day.weekday(), slot) not in schools[0].maths:
            yield Removed("R5", "maths", schools[0].id)

    def _nobody(self, event: Event, day: date, slot: str) -> Iterator[Removed]:
        for school, people in self.named(event):
            if people and not any(at_work(self.problem.person[each], day, slot) for each in people):
                yield Removed("R5", "nobody", school)

    def named(self, event: Event) -> list[tuple[str, tuple[str, ...]]]:
        """The people named for an event, by school."""
        if event.kind == "meeting":
            return [(member.school, member.people) for member in self.group[event.series].members]
        if event.kind == "visit":
            return [(event.schools[0], self.visits[event.series].people)]
        return [(event.schools[0], (self.observation[event.series].teacher,))]

    def priced(self, event: Event, day: date, slot: str, host: str | None) -> Place:
        """The place with its own cost; gaps, hosting again, tours and observations' edges come later."""
        moved = self.moving(event, day, slot, host)
        cost = self._own(event)(event, day, slot, host)
        return Place(day.toordinal(), SLOTS.index(slot), host, cost + moved, moved)

    def _own(self, event: Event) -> Callable[[Event, date, str, str | None], int]:
        return {"meeting": self._meeting_cost, "visit": self._visit_cost}.get(event.kind, self._observation_cost)

    def moving(self, event: Event, day: date, slot: str, host: str | None) -> int:
        """The cost of moving an event from its place in the old plan."""
        old, weights = self.problem.old.get(event.name), self.problem.weights
        if old is None:
            return 0
        if old.date != day:
            return weights.moved_date
        return weights.moved_host * (old.host != host) + weights.moved_half_day * (old.slot != slot)

    def absent(self, event: Event, day: date, slot: str) -> list[str]:
        """The named people who cannot come then."""
        everyone = [each for _, people in self.named(event) for each in people]
        return [each for each in everyone if not at_work(self.problem.person[each], day, slot)]

    def _near_edge(self, event: Event, day: date) -> bool:
        early, late = self._edges(event)
        return not early <= day.toordinal() <= late

    def _meeting_cost(self, event: Event, day: date, slot: str, host: str | None) -> int:
        weights, group = self.problem.weights, self.group[event.series]
        schools = [self.problem.school[each] for each in event.schools]
        at, travel = self.problem.school[host or ""], self.travel(group, host or "")
        return (
            weights.meeting_absent * len(self.absent(event, day, slot))
            + weights.meeting_busy * sum(day in school.busy for school in schools)
            + weights.meeting_edge * self._near_edge(event, day)
            + (group.weekday_cost[day.weekday()] if day.weekday() < 5 else 0)
            + weights.meeting_afternoon * (slot == "pm")
            + travel // weights.meeting_travel_divisor
            + weights.meeting_hosted_before * at.hosted_before
            + weights.meeting_rather_not * (event.k in at.rather_not_host)
            + self._not_first_host(group, event.k, host)
        )

    def travel(self, group: Group, host: str) -> int:
        """Minutes of everybody's way to a host, one way; worked out once."""
        if (group.id, host) not in self._travel:
            at = self.problem.school[host]
            ways = [minutes(at, self.problem.school[member.school]) for member in group.members]
            self._travel[group.id, host] = sum(ways) + minutes(at, self.problem.person[group.leader])
        return self._travel[group.id, host]

    def _not_first_host(self, group: Group, k: int, host: str | None) -> int:
        asked = group.first_host is not None and k == group.half_terms[0]
        return self.problem.weights.meeting_first_host if asked and host != group.first_host else 0

    def _visit_cost(self, event: Event, day: date, slot: str, _host: str | None) -> int:
        weights = self.problem.weights
        return (
            weights.visit_absent * len(self.absent(event, day, slot))
            + weights.visit_edge * self._near_edge(event, day)
            + weights.visit_friday * (day.weekday() == 4)
            + weights.visit_afternoon * (slot == "pm")
        )

    def _observation_cost(self, _event: Event, _day: date, slot: str, _host: str | None) -> int:
        return self.problem.weights.observation_afternoon * (slot == "pm")

    def edged(self, event: Event, place: Place, placed: dict[str, PlacedEvent]) -> Place:
        """An observation's place with the cost of lying too near to either of its meetings."""
        seen, weights = self.observation[event.series], self.problem.weights
        bounds = [placed[f"{each[0]}/{each[1]}"] for each in (seen.after, seen.before) if each is not None]
        if any(abs(place.day - bound.date.toordinal()) < weights.observation_edge_days for bound in bounds):
            return replace(place, cost=place.cost + weights.observation_edge)
        return place


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


def at_work(person: Person, day: date, slot: str) -> bool:
    """Whether a person works that half-day and is not away."""
    return (day.weekday(), slot) in person.works and day not in person.away


def gap_pieces(problem: Problem, kind: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """For meetings or visits: the aim in days a half term, and (slack in days, cost a day beyond) pieces."""
    w = problem.weights
    if kind == "meeting":
        near, far = (w.meeting_gap_near, w.meeting_gap_near_cost), (w.meeting_gap_far, w.meeting_gap_far_cost)
        return w.meeting_gap_aim, (near, far)
    return w.visit_gap_aim, ((w.visit_gap_near, w.visit_gap_near_cost), (w.visit_gap_far, w.visit_gap_far_cost))


def gap_price(catalog: Catalog, event: Event, other: Event, gap: int) -> int:
    """The cost of a gap in days between two consecutive events of a series."""
    aim, pieces = gap_pieces(catalog.problem, event.kind)
    off = abs(gap - aim * abs(other.k - event.k))
    return sum(cost * max(0, off - slack) for slack, cost in pieces)


def least_gap(catalog: Catalog, event: Event) -> int:
    """The least days between consecutive events of this event's series (R8)."""
    if event.kind == "meeting":
        return catalog.group[event.series].least_gap
    return catalog.visits[event.series].least_gap


def stop(catalog: Catalog, event: Event) -> School:
    """The school of a visit or observation."""
    return catalog.problem.school[event.schools[0]]
