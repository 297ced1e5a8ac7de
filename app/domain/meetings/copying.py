"""A year copied forward: what of it is offered to the next year, what is left out and why, and what is then written."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.hubs.programmes import ProgrammeTerms
from app.domain.meetings.groups import COSTS, GroupChange, SeriesChange
from app.kit.periods import WEEKDAYS, spoken_year

RATHER_NOT = COSTS["rather not"]


@dataclass(frozen=True, slots=True)
class OldTaker:
    """Somebody who takes part; `stays`: has not left the hub."""

    id: uuid.UUID
    name: str
    role: str
    stays: bool


@dataclass(frozen=True, slots=True)
class OldVisits:
    """The visits of a school, and who makes them."""

    change: SeriesChange
    visitor: str
    stays: bool


@dataclass(frozen=True, slots=True)
class OldSchool:
    """A member school of a Work Group, its people and its visits."""

    urn: int
    name: str
    is_open: bool
    takers: tuple[OldTaker, ...] = ()
    visits: OldVisits | None = None


@dataclass(frozen=True, slots=True)
class OldGroup:
    """A Work Group of the old year; `meetings` are (day, whether it was pinned) of what was certain."""

    id: uuid.UUID
    change: GroupChange
    kind: str
    leader: str
    leader_stays: bool
    schools: tuple[OldSchool, ...]
    meetings: tuple[tuple[date, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """What the hub knows of a school in a year; `hosted` counts the meetings it hosted then."""

    urn: int
    name: str
    is_open: bool
    calendar: str
    maths: Mapping[str, Any]
    hosts: bool
    hosted_before: int
    hosted: int
    rather_not_host: tuple[int, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class OldYear:
    """The year that is copied: its planning settings, programmes by kind, Work Groups, and schools by URN."""

    year: int
    meetings_per_day: int | None
    weights: Mapping[str, int]
    programmes: Mapping[str, ProgrammeTerms]
    groups: tuple[OldGroup, ...]
    schools: Mapping[int, Listed]


@dataclass(frozen=True, slots=True)
class NewYear:
    """What the next year holds already: programmes by kind with their version, and who is in which Work Group.

    `codes` are lower case; `members` names the group of (kind, URN), `visited` that of a visited school; `calendars`
    are by their names in lower case; `leaders` are the people who could lead a group, by name.
    """

    year: int
    is_open: bool
    meetings_per_day: int | None
    weights: Mapping[str, int]
    programmes: Mapping[str, tuple[ProgrammeTerms, int]]
    codes: frozenset[str]
    members: Mapping[tuple[str, int], str]
    visited: Mapping[int, str]
    calendars: Mapping[str, uuid.UUID]
    schools: frozenset[int]
    leaders: Mapping[uuid.UUID, str]


def next_name(name: str, year: int) -> str:
    """A code or name of a year as the next year would have it: NCP26-D01 to NCP27-D01, "Devon 2026/27" to "2027/28"."""
    shift = {str(each): str(each + 1) for each in (year, year + 1)}
    shift |= {f"{each % 100:02d}": f"{(each + 1) % 100:02d}" for each in (year, year + 1)}
    long = re.sub(rf"(?<!\d)({year}|{year + 1})(?!\d)", lambda found: shift[found[0]], name)
    if long != name:
        return re.sub(rf"(?<=[/-])({(year + 1) % 100:02d})(?!\d)", lambda found: shift[found[0]], long, count=1)
    short = rf"(?<!\d){year % 100:02d}(?!\d)"
    return re.sub(short, shift[f"{year % 100:02d}"], name, count=1)


def kept_weekday(group: OldGroup) -> int | None:
    """The one weekday (0 Monday) of the group's pinned meetings, or else of all its meetings; None for several."""
    pinned = [day for day, is_pinned in group.meetings if is_pinned]
    days = {day.weekday() for day in (pinned or [day for day, _ in group.meetings])}
    return days.pop() if len(days) == 1 and len(pinned or group.meetings) > 1 else None


def preferring(costs: Iterable[int], weekday: int) -> tuple[int, ...]:
    """Weekday costs under which the others are rather not wanted."""
    known = (*costs, *([0] * len(WEEKDAYS)))[: len(WEEKDAYS)]
    return tuple(0 if day == weekday else max(cost, RATHER_NOT) for day, cost in enumerate(known))


def why_no_settings(old: OldYear, new: NewYear) -> str:
    """Why the planning settings are not offered; empty when they are."""
    if (old.meetings_per_day, dict(old.weights)) == (new.meetings_per_day, dict(new.weights)):
        return "They are the same already."
    if new.is_open and (new.meetings_per_day is not None or new.weights):
        return f"{spoken_year(new.year)} has settings of its own already: they stay."
    return ""


def why_no_programme(old: OldYear, new: NewYear, kind: str) -> str:
    """Why a programme is not offered; empty when it is."""
    there = new.programmes.get(kind)
    if there is None:
        return ""
    if there[0] == old.programmes[kind]:
        return "It is the same already."
    return f"It was changed for {spoken_year(new.year)} already: that stays." if there[1] > 1 else ""


def why_no_group(group: OldGroup, old: OldYear, new: NewYear) -> str:
    """Why a Work Group is not offered; empty when it is."""
    code = next_name(group.change.code, old.year)
    return f"{spoken_year(new.year)} has a Work Group {code} already." if code.lower() in new.codes else ""


def why_no_school(school: OldSchool, kind: str, new: NewYear) -> str:
    """Why a school of a Work Group is not offered; empty when it is."""
    if not school.is_open:
        return "The school has closed."
    there = new.members.get((kind, school.urn))
    return f"It is in {there} in {spoken_year(new.year)} already." if there else ""


def notes_of(school: OldSchool, old: OldYear, new: NewYear) -> tuple[str, ...]:
    """What is left out of a school that is offered, and what is not known of it yet."""
    gone = [taker.name for taker in school.takers if not taker.stays]
    said = [f"{name} has left and is left out." for name in gone]
    if school.visits:
        there = new.visited.get(school.urn)
        if there:
            said.append(f"Its visits are with {there} already.")
        elif not school.visits.stays:
            said.append(f"{school.visits.visitor}, who visits it, has left: its visits go to the leader of the group.")
    if new.calendars and school.urn not in new.schools and not calendar_for(old.schools.get(school.urn), old, new):
        said.append(f"It has no calendar for {spoken_year(new.year)} yet.")
    return tuple(said)


def calendar_for(listed: Listed | None, old: OldYear, new: NewYear) -> uuid.UUID | None:
    """The next year's calendar of the same name, or of the name as the next year would have it."""
    if listed is None or not listed.calendar:
        return None
    known = new.calendars
    return known.get(listed.calendar.lower()) or known.get(next_name(listed.calendar, old.year).lower())


def copied_group(group: OldGroup, change: GroupChange, *, schools: Iterable[int], keep_weekday: bool) -> GroupChange:
    """The Work Group as the next year has it, `change` with its code and leader; the programme is the old year's."""
    weekday = kept_weekday(group) if keep_weekday else None
    host = group.change.first_host
    return replace(
        change,
        first_host=host if host in set(schools) else None,
        weekday_cost=preferring(group.change.weekday_cost, weekday)
        if weekday is not None
        else group.change.weekday_cost,
    )


def copied_visits(school: OldSchool, leader: uuid.UUID, new: NewYear) -> SeriesChange | None:
    """The visits of a school as the next year has them; None when it has none, or has them already."""
    if school.visits is None or school.urn in new.visited or not school.visits.change.half_terms:
        return None
    visitor = school.visits.change.visitor_id if school.visits.stays else leader
    return replace(school.visits.change, visitor_id=visitor)
