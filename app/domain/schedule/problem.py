"""The problem of a hub's year, format halfterm/schedule-problem/1 (docs/rules/schedule.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from app.domain.schedule.plan import PlacedEvent, read_placed
from app.domain.schedule.reading import Value, whole
from app.domain.schedule.weights import MOST, Weights, read_weights
from app.kit.periods import WEEKDAYS

FORMAT = "halfterm/schedule-problem/1"
SLOTS = ("am", "pm")
FAR = 10_000_000  # metres; no grid reference in Britain is this large
ALL_SIX = (0, 1, 2, 3, 4, 5)
HalfDays = frozenset[tuple[int, str]]
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class School:
    """A school: National Grid metres, its own half terms and days, and when it can host."""

    id: str
    at: Point | None
    half_terms: tuple[tuple[date, date], ...]
    closed: frozenset[date]
    busy: frozenset[date]
    maths: HalfDays
    hosts: bool
    hosted_before: int
    rather_not_host: frozenset[int]


@dataclass(frozen=True, slots=True)
class Person:
    """A person: where the day starts, working half-days as (weekday 0..4, slot), days away."""

    id: str
    at: Point | None
    works: HalfDays
    away: frozenset[date]


@dataclass(frozen=True, slots=True)
class Member:
    """A member school of a group and the people it sends."""

    school: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A Work Group: one meeting in each of its half terms, `least_gap` days or more apart."""

    id: str
    leader: str
    half_terms: tuple[int, ...]
    least_gap: int
    weekday_cost: tuple[int, ...]
    first_host: str | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits to one school by one visitor, one in each of its half terms."""

    id: str
    school: str
    visitor: str
    people: tuple[str, ...]
    half_terms: tuple[int, ...]
    least_gap: int


@dataclass(frozen=True, slots=True)
class Observation:
    """One lesson observed strictly between two meetings, each given as (group, half term) or None."""

    id: str
    observer: str
    teacher: str
    school: str
    after: tuple[str, int] | None
    before: tuple[str, int] | None


@dataclass(frozen=True)
class Problem:
    """A whole problem; the raw file's order is kept, so equal files give equal problems."""

    closures: frozenset[date]
    meetings_per_day: int | None
    frozen_before: date | None
    schools: tuple[School, ...]
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    visits: tuple[Visits, ...]
    observations: tuple[Observation, ...]
    fixed: tuple[PlacedEvent, ...]
    plan: tuple[PlacedEvent, ...] | None
    weights: Weights

    @cached_property
    def school(self) -> dict[str, School]:
        """Schools by id."""
        return {school.id: school for school in self.schools}

    @cached_property
    def person(self) -> dict[str, Person]:
        """People by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def meeting_names(self) -> tuple[str, ...]:
        """GROUP/K of every meeting."""
        return tuple(f"{group.id}/{k}" for group in self.groups for k in group.half_terms)

    @cached_property
    def visit_names(self) -> tuple[str, ...]:
        """VISIT/K of every visit."""
        return tuple(f"{visits.id}/{k}" for visits in self.visits for k in visits.half_terms)

    @cached_property
    def event_names(self) -> tuple[str, ...]:
        """Every event: meetings, visits, observations, each in the file's order."""
        return self.meeting_names + self.visit_names + tuple(each.id for each in self.observations)

    @cached_property
    def held(self) -> dict[str, PlacedEvent]:
        """Events that may not move (R9): fixed ones, and those of the old plan before `frozen_before`."""
        names = set(self.event_names)
        held: dict[str, PlacedEvent] = {}
        if self.plan is not None and self.frozen_before is not None:
            held = {old.event: old for old in self.plan if old.event in names and old.date < self.frozen_before}
        return held | {each.event: each for each in self.fixed}

    @cached_property
    def old(self) -> dict[str, PlacedEvent]:
        """Where the old plan had the events of this problem."""
        names = set(self.event_names)
        return {old.event: old for old in self.plan or () if old.event in names}


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids that later parts of the file may name."""

    schools: frozenset[str]
    people: frozenset[str]


def read_problem(data: object) -> Problem:
    """A problem from parsed JSON; raises BadInputError naming the path of every bad value."""
    return whole(data, "problem", _problem)


def _problem(top: Value) -> Problem:
    required = ("format", "schools", "people", "groups", "visits", "observations")
    part = top.keys(required, ("closures", "meetings_per_day", "frozen_before", "fixed", "plan", "weights"))
    if part["format"].raw != FORMAT:
        raise part["format"].wrong(f"must be {FORMAT!r}")
    schools = part["schools"].each(_school)
    people = part["people"].each(read_person)
    known = _Known(frozenset(school.id for school in schools), frozenset(person.id for person in people))
    check_once(part["schools"], (each.id for each in schools))
    check_once(part["people"], (each.id for each in people))
    groups = part["groups"].each(lambda each: _group(each, known))
    visits = part["visits"].each(lambda each: _visits(each, known))
    terms = {group.id: group.half_terms for group in groups}
    observations = part["observations"].each(lambda each: _observation(each, known, terms))
    check_once(top, (each.id for kind in (groups, visits, observations) for each in kind))
    check_once(part["visits"], (each.school for each in visits), "school")
    closures = part["closures"].each(Value.day) if "closures" in part else ()
    cap = part["meetings_per_day"].maybe(lambda v: v.number(0)) if "meetings_per_day" in part else None
    problem = Problem(
        closures=frozenset(closures),
        meetings_per_day=cap,
        frozen_before=part["frozen_before"].maybe(Value.day) if "frozen_before" in part else None,
        schools=schools,
        people=people,
        groups=groups,
        visits=visits,
        observations=observations,
        fixed=part["fixed"].each(read_placed) if "fixed" in part else (),
        plan=part["plan"].maybe(lambda v: v.each(read_placed)) if "plan" in part else None,
        weights=read_weights(part["weights"]) if "weights" in part else Weights(),
    )
    if not top.faults:
        _check_held(part, problem)
    return problem


def check_once(value: Value, ids: Iterable[str], kind: str = "id") -> None:
    """Notes every id that comes twice."""
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            value.note(f"holds the {kind} {each!r} twice")
        seen.add(each)


def _name(value: Value) -> str:
    name = value.text()
    if "/" in name:
        raise value.wrong("must hold no '/', because events are named ID/HALF TERM")
    return name


def read_point(value: Value) -> Point:
    """East and north in metres of the National Grid, from JSON."""
    east, north = value.pair()
    return east.number(-FAR, FAR), north.number(-FAR, FAR)


def _half_days(value: Value) -> HalfDays:
    days = value.keys((), WEEKDAYS)
    return frozenset(
        (WEEKDAYS.index(day), slot) for day, slots in days.items() if day in WEEKDAYS for slot in _slots(slots)
    )


def _slots(value: Value) -> tuple[str, ...]:
    return value.unlike(lambda each: each.one_of(SLOTS))


def read_span(value: Value) -> tuple[date, date]:
    """First and last day from JSON."""
    first, last = value.pair()
    if last.day() < first.day():
        raise value.wrong("ends before it begins")
    return first.day(), last.day()


def _school(value: Value) -> School:
    part = value.keys(
        ("id", "half_terms", "maths", "hosts"), ("at", "closed", "busy", "hosted_before", "rather_not_host")
    )
    spans = part["half_terms"].each(read_span)
    if len(spans) != 6:
        raise part["half_terms"].wrong(f"must hold six half terms, but holds {len(spans)}")
    for before, after in pairwise(spans):
        if after[0] <= before[1]:
            raise part["half_terms"].wrong(f"must be in order and not overlap, but {after[0]} is not after {before[1]}")
    rather_not = part["rather_not_host"].unlike(lambda v: v.number(0, 5)) if "rather_not_host" in part else ()
    return School(
        id=part["id"].text(),
        at=part["at"].maybe(read_point) if "at" in part else None,
        half_terms=spans,
        closed=frozenset(part["closed"].each(Value.day)) if "closed" in part else frozenset(),
        busy=frozenset(part["busy"].each(Value.day)) if "busy" in part else frozenset(),
        maths=_half_days(part["maths"]),
        hosts=part["hosts"].flag(),
        hosted_before=part["hosted_before"].number(0, MOST) if "hosted_before" in part else 0,
        rather_not_host=frozenset(rather_not),
    )


def read_person(value: Value) -> Person:
    """One person from JSON."""
    part = value.keys(("id", "works"), ("at", "away"))
    return Person(
        id=part["id"].text(),
        at=part["at"].maybe(read_point) if "at" in part else None,
        works=_half_days(part["works"]),
        away=frozenset(part["away"].each(Value.day)) if "away" in part else frozenset(),
    )


def _half_terms(part: dict[str, Value]) -> tuple[int, ...]:
    if "half_terms" not in part:
        return ALL_SIX
    return tuple(sorted(part["half_terms"].unlike(lambda v: v.number(0, 5))))


def _group(value: Value, known: _Known) -> Group:
    part = value.keys(("id", "leader", "least_gap", "members"), ("half_terms", "weekday_cost", "first_host"))
    weekday_cost = part["weekday_cost"].each(lambda v: v.number(0, MOST)) if "weekday_cost" in part else (0, 0, 0, 0, 0)
    if len(weekday_cost) != 5:
        raise part["weekday_cost"].wrong("must hold five numbers, Monday to Friday")
    members = part["members"].each(lambda v: _member(v, known))
    if not members:
        raise part["members"].wrong("must hold at least one school")
    check_once(part["members"], (member.school for member in members), "school")
    first = part["first_host"].maybe(lambda v: v.named(known.schools, "the school")) if "first_host" in part else None
    return Group(
        id=_name(part["id"]),
        leader=part["leader"].named(known.people, "the person"),
        half_terms=_half_terms(part),
        least_gap=part["least_gap"].number(0),
        weekday_cost=weekday_cost,
        first_host=first,
        members=members,
    )


def _people(value: Value, known: _Known) -> tuple[str, ...]:
    return value.unlike(lambda each: each.named(known.people, "the person"))


def _member(value: Value, known: _Known) -> Member:
    part = value.keys(("school", "people"))
    return Member(part["school"].named(known.schools, "the school"), _people(part["people"], known))


def _visits(value: Value, known: _Known) -> Visits:
    part = value.keys(("id", "school", "visitor", "people", "least_gap"), ("half_terms",))
    return Visits(
        id=_name(part["id"]),
        school=part["school"].named(known.schools, "the school"),
        visitor=part["visitor"].named(known.people, "the person"),
        people=_people(part["people"], known),
        half_terms=_half_terms(part),
        least_gap=part["least_gap"].number(0),
    )


def _observation(value: Value, known: _Known, terms: dict[str, tuple[int, ...]]) -> Observation:
    part = value.keys(("id", "observer", "teacher", "school"), ("after", "before"))
    return Observation(
        id=_name(part["id"]),
        observer=part["observer"].named(known.people, "the person"),
        teacher=part["teacher"].named(known.people, "the person"),
        school=part["school"].named(known.schools, "the school"),
        after=part["after"].maybe(lambda v: _meeting(v, terms)) if "after" in part else None,
        before=part["before"].maybe(lambda v: _meeting(v, terms)) if "before" in part else None,
    )


def _meeting(value: Value, terms: dict[str, tuple[int, ...]]) -> tuple[str, int]:
    group, k = value.pair()
    found = group.named(terms, "the group"), k.number(0, 5)
    if found[1] not in terms[found[0]]:
        raise k.wrong(f"names a half term in which group {found[0]} has no meeting")
    return found


def _check_held(part: dict[str, Value], problem: Problem) -> None:
    """Fixed and frozen places can be held only if they say where, and a meeting at whose school."""
    if problem.frozen_before is not None and problem.plan is None:
        raise part["frozen_before"].wrong("is given without a plan, so nothing can be frozen; give both or neither")
    names, meetings = set(problem.event_names), set(problem.meeting_names)
    for key, events in (("fixed", problem.fixed), ("plan", problem.plan or ())):
        if key in part:
            check_once(part[key], (each.event for each in events), "event")
        for n, each in enumerate(events):
            here = part[key].at(None, f"[{n}]")
            if each.event not in names:
                if key == "fixed":
                    here.note(f"fixes {each.event!r}, which is no event of this problem")
                continue
            if each.event not in meetings and each.host is not None:
                here.note(f"gives {each.event} a host, but only a meeting has one")
            if each.event in meetings and problem.held.get(each.event) == each and each.host not in problem.school:
                here.note(f"must give the meeting {each.event} a host the problem holds")
