"""Meetings of a year kept in the next: same weekday and week of the half term, where the new calendars allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.meetings.copying import next_name
from app.domain.schedule.bars import said
from app.domain.schedule.candidates import SLOTS, Catalog
from app.domain.schedule.facts import GroupFacts, PlacedFacts, YearFacts, in_words, names, problem, school_id
from app.domain.schedule.frames import Frames
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import read_problem

WEEK = 7


@dataclass(frozen=True, slots=True)
class Kept:
    """A meeting of the old year and where it would be in the new one; `because` says why it cannot."""

    event: str
    group: str
    half_term: int
    was: PlacedFacts
    placed: PlacedEvent | None
    because: tuple[str, ...]


def kept_dates(old: YearFacts, new: YearFacts) -> list[Kept]:
    """Every certain meeting of the old year whose Work Group goes on in the new one, by group and day.

    A group goes on under its code as the new year would have it, or under the same. Raises BadInputError when facts of
    the new year are lacking.
    """
    catalog = Catalog(read_problem(problem(new)))
    frames, called = Frames(catalog), {**names(old), **names(new)}
    codes = {group.code.lower(): group for group in new.groups}
    certain = {one.key for one in new.placed}
    found = []
    for group in old.groups:
        goes_on = codes.get(next_name(group.code, old.year).lower()) or codes.get(group.code.lower())
        if goes_on is None:
            continue
        for was in sorted(_meetings(old, group), key=lambda one: one.day):
            half_term = int(was.key.rpartition("/")[2])
            event = f"{goes_on.id}/{half_term}"
            if event in certain:
                continue
            placed, because = _placed(old, new, (group, goes_on), was)
            if placed is not None:
                known = catalog.events[event]
                bars = frames.alone(known, placed.date, SLOTS.index(placed.slot), placed.host)
                because = tuple(dict.fromkeys(in_words(said(catalog, known, bar), called) for bar in bars))
            found.append(Kept(event, goes_on.code, half_term, was, placed, because))
    return found


def _meetings(facts: YearFacts, group: GroupFacts) -> Iterator[PlacedFacts]:
    keys = {f"{group.id}/{k}" for k in group.half_terms}
    return (one for one in facts.placed if one.key in keys and one.host is not None)


def _placed(
    old: YearFacts, new: YearFacts, groups: tuple[GroupFacts, GroupFacts], was: PlacedFacts
) -> tuple[PlacedEvent | None, tuple[str, ...]]:
    """The same weekday, week, half-day and host; or why there is no such place at all."""
    before, after = groups
    half_term = int(was.key.rpartition("/")[2])
    if half_term not in after.half_terms:
        return None, ("The Work Group has no meeting in this half term any more.",)
    if was.host not in {urn for urn, _ in after.members}:
        return None, ("The school that hosted it is not in the Work Group any more.",)
    windows = _window(old, before, half_term), _window(new, after, half_term)
    if windows[0] is None or windows[1] is None:
        return None, ("It is not known which week of the half term that is: a school has no calendar.",)
    days = (was.day - _monday(windows[0])).days
    day = _monday(windows[1]) + timedelta(days)
    return PlacedEvent(f"{after.id}/{half_term}", day, was.slot, school_id(was.host or 0)), ()


def _window(facts: YearFacts, group: GroupFacts, half_term: int) -> date | None:
    """The first day of a half term that every member school has."""
    urns = {urn for urn, _ in group.members}
    spans = [school.half_terms for school in facts.schools if school.urn in urns]
    if not spans or any(len(each) <= half_term for each in spans):
        return None
    return max(each[half_term].first for each in spans)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
