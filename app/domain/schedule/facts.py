"""What a hub knows about a year, and the scheduling problem that this makes (docs/rules/schedule.md)."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.schedule.over import over
from app.kit.errors import BadInputError, Fault
from app.kit.periods import Span

FORMAT = "halfterm/schedule-problem/1"
HalfDays = Mapping[str, Iterable[str]]
CODES = re.compile(r" \((?:half term \d|[RF]\d+)(?:, [RF]\d+)*\)")  # for whoever checks a plan file, not for people


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school in a year. `at` is British National Grid metres."""

    urn: int
    name: str
    at: tuple[int, int] | None
    half_terms: tuple[Span, ...]
    closed: frozenset[date]
    busy: frozenset[date]
    maths: HalfDays
    hosts: bool
    hosted_before: int
    rather_not_host: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person with the half-days they work; `at` is where their day begins."""

    id: str
    name: str
    at: tuple[int, int] | None
    works: HalfDays
    away: frozenset[date]


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A Work Group; `members` are (URN, ids of its participants, the lead participant first)."""

    id: str
    code: str
    leader: str
    half_terms: tuple[int, ...]
    least_gap: int
    weekday_cost: tuple[int, ...]
    first_host: int | None
    members: tuple[tuple[int, tuple[str, ...]], ...]
    observed: tuple[int, ...]  # each lead participant is observed after the meetings of these half terms

    def observations(self) -> Iterator[tuple[str, int, str, int]]:
        """Every observation that the programme asks for: its key, the school, the teacher, the half term it follows."""
        for urn, people in self.members:
            if people:
                for k in self.observed:
                    if k in self.half_terms:
                        yield observation_id(self.id, people[0], k), urn, people[0], k


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """The visits of one school."""

    id: str
    urn: int
    visitor: str
    people: tuple[str, ...]
    half_terms: tuple[int, ...]
    least_gap: int


@dataclass(frozen=True, slots=True)
class PlacedFacts:
    """An event that is in the calendar already; `pinned` events keep their place."""

    key: str
    day: date
    slot: str
    host: int | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class YearFacts:
    """Everything the year's plan depends on."""

    year: int
    closures: frozenset[date]
    meetings_per_day: int | None
    weights: Mapping[str, int]
    schools: tuple[SchoolFacts, ...]
    people: tuple[PersonFacts, ...]
    groups: tuple[GroupFacts, ...]
    series: tuple[SeriesFacts, ...]
    placed: tuple[PlacedFacts, ...] = ()
    today: date | None = field(default=None)


def school_id(urn: int) -> str:
    """How the problem names a school."""
    return f"s{urn}"


def observation_id(group: str, teacher: str, half_term: int) -> str:
    """How the problem names an observation: it lasts as long as group, teacher and half term do."""
    return f"{group}:{teacher}:{half_term}"


def lacking(facts: YearFacts) -> tuple[Fault, ...]:
    """What must be known before a plan can be tried; each fault says where to put it right."""
    faults: list[Fault] = []
    schools = {school.urn: school for school in facts.schools}
    if not facts.groups:
        faults.append(Fault("groups", "There is no Work Group in this year yet. Add one, or import participants."))
    begun = {event.key.partition("/")[0] for event in facts.placed}
    for group in facts.groups:
        if not group.members and group.id not in begun:
            faults.append(Fault(group.code, f"{group.code} has no school yet. Add its schools."))
        for urn, _ in group.members:
            if urn not in schools:
                faults.append(Fault(group.code, f"School {urn} of {group.code} is not set up for this year."))
    expected = {urn for group in facts.groups for urn, _ in group.members} | {each.urn for each in facts.series}
    for school in facts.schools:
        if len(school.half_terms) != 6 and school.urn in expected:
            because = f"{school.name} has no calendar for this year. Choose one on the school's page."
            faults.append(Fault(school.name, because))
    return tuple(faults)


def problem(facts: YearFacts) -> dict[str, Any]:
    """The problem as plain JSON values; raises BadInputError when facts are lacking.

    What was held or pinned and is planned no more (a school has left, a half term was taken off) is in nobody's way;
    what can have no date any more is left out (`over`).
    """
    faults = lacking(facts)
    if faults:
        raise BadInputError("The year cannot be planned yet.", faults)
    gone = over(facts)
    groups = [_group(group, gone) for group in facts.groups if group.members]  # one that all have left goes on no more
    groups = [row for row in groups if row["half_terms"]]
    visits = [row for series in facts.series if (row := _visits(series, gone))["half_terms"]]
    observations = [one for group in facts.groups for one in _observations(group, gone)]
    planned = {f"{series['id']}/{k}" for series in (*groups, *visits) for k in series["half_terms"]}
    planned |= {one["id"] for one in observations}
    return {
        "format": FORMAT,
        "closures": day_values(facts.closures),
        "meetings_per_day": facts.meetings_per_day,
        "frozen_before": facts.today.isoformat() if facts.placed and facts.today else None,
        "schools": _schools(facts, [event.host for event in facts.placed if event.host and event.key in planned]),
        "people": [person_values(person) for person in facts.people],
        "groups": groups,
        "visits": visits,
        "observations": observations,
        "fixed": [_placed(event) for event in facts.placed if event.pinned and event.key in planned],
        "plan": [_placed(event) for event in facts.placed] or None,
        "weights": dict(facts.weights),
    }


def day_values(days: Iterable[date]) -> list[str]:
    """Days as problems hold them, in order."""
    return [day.isoformat() for day in sorted(days)]


def _half_days(half_days: HalfDays) -> dict[str, list[str]]:
    return {day: sorted(slots) for day, slots in half_days.items() if slots}


def _schools(facts: YearFacts, hosts: Iterable[int]) -> list[dict[str, Any]]:
    """Schools with a calendar. Hosts without one, or that left the hub, get another's: nothing new is put there."""
    found = {school.urn: _school(school) for school in facts.schools if len(school.half_terms) == 6}
    like = next(iter(found.values()), None)
    if like is not None:
        bare: dict[str, Any] = {"at": None, "closed": [], "busy": [], "maths": {}, "hosts": False, "hosted_before": 0}
        left = like | bare | {"rather_not_host": []}
        found |= {urn: left | {"id": school_id(urn)} for urn in sorted(set(hosts) - found.keys())}
    return list(found.values())


def _school(school: SchoolFacts) -> dict[str, Any]:
    return {
        "id": school_id(school.urn),
        "at": list(school.at) if school.at else None,
        "half_terms": [[span.first.isoformat(), span.last.isoformat()] for span in school.half_terms],
        "closed": day_values(school.closed),
        "busy": day_values(school.busy),
        "maths": _half_days(school.maths),
        "hosts": school.hosts,
        "hosted_before": school.hosted_before,
        "rather_not_host": sorted(school.rather_not_host),
    }


def person_values(person: PersonFacts) -> dict[str, Any]:
    """A person as problems hold them."""
    return {
        "id": person.id,
        "at": list(person.at) if person.at else None,
        "works": _half_days(person.works),
        "away": day_values(person.away),
    }


def _left(key: str, half_terms: Iterable[int], gone: Collection[str]) -> list[int]:
    return sorted(k for k in half_terms if f"{key}/{k}" not in gone)


def _group(group: GroupFacts, gone: Collection[str]) -> dict[str, Any]:
    half_terms = _left(group.id, group.half_terms, gone)
    meets_first = half_terms[:1] == sorted(group.half_terms)[:1]
    return {
        "id": group.id,
        "leader": group.leader,
        "half_terms": half_terms,
        "least_gap": group.least_gap,
        "weekday_cost": list(group.weekday_cost),
        "first_host": school_id(group.first_host) if group.first_host and meets_first else None,
        "members": [{"school": school_id(urn), "people": list(people)} for urn, people in group.members],
    }


def _visits(series: SeriesFacts, gone: Collection[str]) -> dict[str, Any]:
    return {
        "id": series.id,
        "school": school_id(series.urn),
        "visitor": series.visitor,
        "people": list(series.people),
        "half_terms": _left(series.id, series.half_terms, gone),
        "least_gap": series.least_gap,
    }


def _observations(group: GroupFacts, gone: Collection[str]) -> list[dict[str, Any]]:
    """Each school's lead participant, once after the meeting of each half term the programme names."""
    meetings = set(_left(group.id, group.half_terms, gone))
    return [
        {
            "id": key,
            "observer": group.leader,
            "teacher": teacher,
            "school": school_id(urn),
            "after": [group.id, k] if k in meetings else None,
            "before": [group.id, k + 1] if k + 1 in meetings else None,
        }
        for key, urn, teacher, k in group.observations()
        if key not in gone
    ]


def _placed(event: PlacedFacts) -> dict[str, Any]:
    place = {"event": event.key, "date": event.day.isoformat(), "slot": event.slot}
    return place | ({"host": school_id(event.host)} if event.host else {})


def names(facts: YearFacts) -> dict[str, str]:
    """What people call the things that the problem names by ids."""
    return {
        **{school_id(school.urn): school.name for school in facts.schools},
        **{person.id: person.name for person in facts.people},
        **{group.id: group.code for group in facts.groups},
        **{series.id: f"visits to {_name(facts, series.urn)}" for series in facts.series},
    }


def _name(facts: YearFacts, urn: int) -> str:
    return next((school.name for school in facts.schools if school.urn == urn), str(urn))


def in_words(sentence: str, called: Mapping[str, str]) -> str:
    """A sentence of the solver with its ids replaced by what people say, and without the numbers of rules."""
    said = CODES.sub("", sentence)
    if not called:
        return said
    pattern = "|".join(re.escape(each) for each in sorted(called, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])({pattern})(?![\w-])", lambda found: called[found[0]], said)


def answered(problem: Mapping[str, Any], refused: Mapping[str, Iterable[date]]) -> dict[str, Any]:
    """The problem after people said on which days they cannot come: answers to a plan, and no changed facts of it."""
    people = []
    for one in problem["people"]:
        gone = set(day_values(refused.get(one["id"], ())))
        people.append({**one, "away": sorted(set(one["away"]) | gone)})
    return {**problem, "people": people}


def with_days_away(problem: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The problem of a plan whose dates are held, with everybody's days away as they are now.

    While people are asked, days away come and go: the plan is mended around them and need not be made anew.
    """
    away = {one["id"]: one["away"] for one in now["people"]}
    people = [{**one, "away": away.get(one["id"], one["away"])} for one in problem["people"]]
    return {**problem, "people": people}


def changed(before: Mapping[str, Any], now: Mapping[str, Any], called: Mapping[str, str]) -> list[str]:
    """What differs between two problems, one sentence each: a proposal stands on the facts it was made from.

    The day before which nothing moves is no fact: it follows the clock.
    """
    sentences = []
    for part, what in (("schools", "school"), ("people", "person"), ("groups", "Work Group"), ("visits", "visits")):
        sentences += _changed_rows(before[part], now[part], what, called)
    if before["observations"] != now["observations"]:
        sentences.append("The lesson observations to be planned have changed.")
    if before["closures"] != now["closures"]:
        sentences.append("The days on which nobody meets have changed.")
    if before["meetings_per_day"] != now["meetings_per_day"] or before["weights"] != now["weights"]:
        sentences.append("The hub's planning settings have changed.")
    if before["plan"] != now["plan"] or before["fixed"] != now["fixed"]:
        sentences.append("Dates in the calendar have been moved, pinned, cancelled or added.")
    return sentences


WORDS = {
    "at": "the place", "half_terms": "the half terms", "closed": "closed days", "busy": "busy days",
    "maths": "maths lessons", "hosts": "whether it hosts", "hosted_before": "how often it hosted",
    "rather_not_host": "when it would rather not host", "works": "working days", "away": "days away",
    "leader": "the leader", "least_gap": "the least gap", "weekday_cost": "preferred weekdays",
    "first_host": "the first host", "members": "schools or participants", "school": "the school",
    "visitor": "who visits", "people": "who is visited",
}  # fmt: skip


def _changed_rows(before: list[Any], now: list[Any], what: str, called: Mapping[str, str]) -> list[str]:
    old, new = ({row["id"]: row for row in rows} for rows in (before, now))
    sentences = [f"{called.get(key, key)} ({what}) was added." for key in new.keys() - old.keys()]
    sentences += [f"{called.get(key, key)} ({what}) was removed." for key in old.keys() - new.keys()]
    for key in old.keys() & new.keys():
        parts = [WORDS.get(name, name) for name in old[key] if old[key][name] != new[key].get(name)]
        if parts:
            sentences.append(f"{called.get(key, key)}: {', '.join(parts)} changed.")
    return sorted(sentences)
