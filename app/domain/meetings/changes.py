"""From a plan to what must happen to the calendar: Keep, Create, Move or Cancel, each slot by its key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands: its day, its half-day, and the school it is at (host or visited)."""

    day: date
    slot: str
    urn: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An event that is in the calendar."""

    key: str
    status: str
    place: Place
    lead: str
    teacher: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """An event as the plan has it."""

    key: str
    kind: str
    half_term: int
    place: Place
    lead: str
    teacher: str | None
    group: str | None
    series: str | None
    people: tuple[str, ...]  # who comes, or is visited


@dataclass(frozen=True, slots=True)
class Keep:
    """Nothing a person sees changes, but for a tentative event that becomes certain."""

    planned: Planned


@dataclass(frozen=True, slots=True)
class Create:
    """A slot that had no event."""

    planned: Planned


@dataclass(frozen=True, slots=True)
class Move:
    """The event goes to another day, half-day, school or leader; its identity stays."""

    planned: Planned
    was: Place


@dataclass(frozen=True, slots=True)
class Cancel:
    """The plan has no such event any more."""

    key: str


Intent = Keep | Create | Move | Cancel


def decide(standing: Iterable[Standing], planned: Iterable[Planned], today: date) -> list[Intent]:
    """What must happen so that the calendar is the plan. A cancelled event that is planned again comes back by a Move.

    What was held is a fact, and what was to be before today most likely too, though nobody has recorded it yet: it is
    kept as it is, and never cancelled.
    """
    there = {event.key: event for event in standing}

    def over(event: Standing) -> bool:
        return event.status == "held" or (event.status == "confirmed" and event.place.day < today)

    intents: list[Intent] = []
    wanted = {event.key: event for event in planned}
    for key, event in wanted.items():
        old = there.get(key)
        if old is None:
            intents.append(Create(event))
        elif over(old) or (
            old.status != "cancelled" and (old.place, old.lead, old.teacher) == (event.place, event.lead, event.teacher)
        ):
            intents.append(Keep(event))
        else:
            intents.append(Move(event, old.place))
    intents += [
        Cancel(key)
        for key, old in there.items()
        if key not in wanted and old.status in {"tentative", "confirmed"} and not over(old)
    ]
    return intents


def planned_events(problem: Mapping[str, Any], placed: Iterable[tuple[str, date, str, str | None]]) -> list[Planned]:
    """The plan's events with everything the calendar needs; `placed` are (key, day, slot, host's id)."""
    groups = {group["id"]: group for group in problem["groups"]}
    series = {visits["id"]: visits for visits in problem["visits"]}
    observations = {one["id"]: one for one in problem["observations"]}
    return [_planned(groups, series, observations, *place) for place in placed]


def _planned(
    groups: Mapping[str, Any], series: Mapping[str, Any], observations: Mapping[str, Any], *place: Any
) -> Planned:
    key, day, slot, host = place
    if key in observations:
        one = observations[key]
        at = Place(day, slot, _urn(one["school"]))
        half_term = int(key.rsplit(":", 1)[1])
        return Planned(
            key, "observation", half_term, at, one["observer"], one["teacher"], key.partition(":")[0], None, ()
        )
    name, number = key.rsplit("/", 1)
    if name in groups:
        group = groups[name]
        people = tuple(person for member in group["members"] for person in member["people"])
        at = Place(day, slot, _urn(host))
        return Planned(key, "meeting", int(number), at, group["leader"], None, name, None, people)
    visits = series[name]
    at = Place(day, slot, _urn(visits["school"]))
    return Planned(key, "visit", int(number), at, visits["visitor"], None, None, name, tuple(visits["people"]))


def _urn(school: str) -> int:
    return int(school.removeprefix("s"))


def counts(intents: Iterable[Intent]) -> dict[str, int]:
    """How many of each: {"kept", "created", "moved", "cancelled"}."""
    words = {Keep: "kept", Create: "created", Move: "moved", Cancel: "cancelled"}
    made = dict.fromkeys(words.values(), 0)
    for intent in intents:
        made[words[type(intent)]] += 1
    return made
