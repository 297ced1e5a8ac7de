"""The judge of groups: checks F1 to F9 and prices them, sharing no code with what forms them.

It knows the formats and the judge's own minutes and nothing else of this package, so a mistake in the solver cannot
hide here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from app.domain.schedule.forming import Forming
from app.domain.schedule.forming_plan import Formation, Formed
from app.domain.schedule.judge_miles import minutes_between
from app.kit.periods import HALF_TERMS


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that groups break, and the ids it is about."""

    rule: str
    because: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormingJudgement:
    """What is wrong with groups and what they cost; the cost says something only when nothing is wrong."""

    violations: tuple[Broken, ...]
    cost: int

    @property
    def fine(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    def as_json(self) -> dict[str, object]:
        """The judgement as JSON values."""
        found = [{"rule": each.rule, "because": each.because, "about": list(each.about)} for each in self.violations]
        return {"violations": found, "cost": self.cost}


def judge_groups(forming: Forming, formation: Formation) -> FormingJudgement:
    """Every violation of F1 to F9 and the cost (docs/rules/forming.md)."""
    unknown = tuple(_unknown(forming, formation))
    if unknown:
        return FormingJudgement(unknown, 0)
    found = [broken for group in formation.groups for broken in _group(forming, group)]
    found += [*_whole(forming, formation), *_leaders(forming, formation), *_pins(forming, formation)]
    cost = sum(_cost(forming, group) for group in formation.groups if group.schools)
    return FormingJudgement(tuple(found), cost + forming.weights.waiting * len(formation.waiting))


def _unknown(forming: Forming, formation: Formation) -> Iterator[Broken]:
    for group in formation.groups:
        for known, ids in (
            (forming.specialist, [group.leader]),
            (forming.programme, [group.programme]),
            (forming.school, list(group.schools)),
        ):
            for each in ids:
                if each not in known:
                    yield Broken("F1", f"{group.id} names {each}, which the problem does not hold.", (group.id, each))
    for each in formation.waiting:
        if each not in forming.school:
            yield Broken("F1", f"{each} waits, but the problem does not hold it.", (each,))


def _whole(forming: Forming, formation: Formation) -> Iterator[Broken]:
    placed = Counter(school for group in formation.groups for school in group.schools)
    waits = Counter(formation.waiting)
    for school in forming.schools:
        times = placed[school.id] + waits[school.id]
        alone = school.own_specialist and not school.asked
        if alone and times:
            yield Broken("F5", f"{school.id} has a specialist of its own and nobody asked for a group.", (school.id,))
        if not alone and times != 1:
            yield Broken("F1", f"{school.id} is in {times} places instead of one.", (school.id,))
        if waits[school.id] and not school.may_wait:
            yield Broken("F9", f"{school.id} waits, which nobody allowed.", (school.id,))


def _group(forming: Forming, group: Formed) -> Iterator[Broken]:
    programme = forming.programme[group.programme]
    for school in group.schools:
        if forming.school[school].programme != group.programme:
            because = f"{school} wants a group of {forming.school[school].programme}, and {group.id} is none."
            yield Broken("F2", because, (group.id, school))
    leads = forming.specialist[group.leader].programmes
    if leads and group.programme not in leads:
        yield Broken("F2", f"{group.leader} does not lead groups of {group.programme}.", (group.id, group.leader))
    if not programme.fewest <= len(group.schools) <= programme.most:
        because = f"{group.id} has {len(group.schools)} schools instead of {programme.fewest} to {programme.most}."
        yield Broken("F3", because, (group.id,))
    need = max(programme.days, forming.specialist[group.leader].most)
    for k in programme.half_terms:
        days = sum(_can_meet(forming, group, day) for day in _window(forming, group, k))
        if days < need:
            because = f"{group.id} can meet on {days} days of {HALF_TERMS[k]}, and {need} are wanted."
            yield Broken("F4", because, (group.id,))


def _window(forming: Forming, group: Formed, k: int) -> list[date]:
    """The days that lie in half term k of every school."""
    spans = [forming.school[each].half_terms[k] for each in group.schools]
    if not spans:
        return []
    first, last = max(span[0] for span in spans), min(span[1] for span in spans)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _can_meet(forming: Forming, group: Formed, day: date) -> bool:
    schools = [forming.school[each] for each in group.schools]
    if day.weekday() > 4 or day in forming.closures or any(day in school.closed for school in schools):
        return False
    teams = [(group.leader,), *(school.people for school in schools if school.people)]
    return any(all(any(_free(forming, who, day, slot) for who in team) for team in teams) for slot in ("am", "pm"))


def _free(forming: Forming, who: str, day: date, slot: str) -> bool:
    person = forming.person[who]
    return day not in person.away and (day.weekday(), slot) in person.works


def _leaders(forming: Forming, formation: Formation) -> Iterator[Broken]:
    for leader, groups in Counter(group.leader for group in formation.groups).items():
        most = forming.specialist[leader].most
        if groups > most:
            yield Broken("F6", f"{leader} leads {groups} groups instead of at most {most}.", (leader,))


def _pins(forming: Forming, formation: Formation) -> Iterator[Broken]:
    where = {school: group for group in formation.groups for school in group.schools}
    for both in forming.together:
        if len({where[each].id if each in where else None for each in both}) > 1:
            yield Broken("F7", f"{', '.join(both)} are to be in one group and are not.", both)
    for apart in forming.apart:
        for a, b in combinations(apart, 2):
            if a in where and b in where and where[a].id == where[b].id:
                yield Broken("F8", f"{a} and {b} are not to be in one group and are in {where[a].id}.", (a, b))
    for school, leader in forming.led_by:
        if school in where and where[school].leader != leader:
            because = f"{school} is to be led by {leader} and is led by {where[school].leader}."
            yield Broken("F7", because, (school, leader))


def _cost(forming: Forming, group: Formed) -> int:
    """The cost of a group: that of its cheapest middle school."""
    return forming.weights.group + min(_travelling(forming, group, middle) for middle in group.schools)


def _travelling(forming: Forming, group: Formed, middle: str) -> int:
    here = forming.school[middle]
    total = _dear(forming, minutes_between(forming.person[group.leader].at, here.at))
    for each in group.schools:
        there = forming.school[each]
        if each != middle:
            total += _dear(forming, minutes_between(there.at, here.at))
            if there.years and here.years and there.years.isdisjoint(here.years):
                total += forming.weights.other_years
    return total


def _dear(forming: Forming, minutes: int) -> int:
    cost = minutes
    if minutes > forming.weights.far:
        cost += forming.weights.far_cost * (minutes - forming.weights.far)
    if minutes > forming.weights.very_far:
        cost += forming.weights.very_far_cost * (minutes - forming.weights.very_far)
    return cost
