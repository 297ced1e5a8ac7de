"""What has changed since groups were formed: sentences that forbid using them, and sentences that are only told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.schedule.forming import Forming, read_forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.stages.forming_facts import FormingFacts, keys, problem
from app.domain.stages.forming_groups import Groups
from app.domain.stages.forming_pins import gathered, rules_of
from app.kit.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Changed:
    """Sentences: `forbids` are in the way, `tells` are worth knowing."""

    forbids: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


def changed(groups: Groups, was: Mapping[str, Any], facts: FormingFacts) -> Changed:
    """What is different now for these groups: they are judged under the facts of the moment (docs/rules/forming.md)."""
    comes, leaders = keys(facts.schools), {one.person: one for one in facts.leaders}
    placed = {school: each for each in groups.now.groups for school in each.schools}
    gone = [groups.names[key] for key in placed if key not in comes]
    forbids = [f"{name} comes no more, or is in a Work Group by now." for name in sorted(gone)]
    leads = {each.leader for each in groups.now.groups}
    forbids += [f"{groups.names[one]} can lead no Work Group any more." for one in sorted(leads - leaders.keys())]
    known = {one["id"] for one in was["schools"]}
    new = sorted(one.name for key, one in comes.items() if key not in known)
    tells = [f"{name} has signed up since, and is in none of these groups." for name in new]
    tells += [
        f"{groups.names[one.person]} can lead {one.most} now, and {one.most_then} when these groups were formed."
        for one in _capacities(was, leaders)
        if one.person in leads and one.most < one.most_then
    ]
    if not forbids:
        forbids = _broken(groups, was, facts)
    return Changed(tuple(forbids), tuple(tells))


@dataclass(frozen=True, slots=True)
class _Capacity:
    person: str
    most: int
    most_then: int


def _capacities(was: Mapping[str, Any], leaders: Mapping[str, Any]) -> list[_Capacity]:
    return [
        _Capacity(one["person"], leaders[one["person"]].most, one["most"])
        for one in was["specialists"]
        if one["person"] in leaders
    ]


def _broken(groups: Groups, was: Mapping[str, Any], facts: FormingFacts) -> list[str]:
    """The rules that the groups would break under the facts of now, with the wishes they were formed by."""
    ids = [one["id"] for one in was["schools"]]
    pins = gathered(rules_of(was), {one["person"]: one["most"] for one in was["specialists"]}, ids)
    try:
        now = read_forming(problem(facts, pins))
    except BadInputError as lacks:
        return [fault.because for fault in lacks.faults] or [lacks.because]
    found = judge_groups(_only(now, frozenset(ids)), groups.now).violations
    return [groups.said(each.because) for each in found]


def _only(forming: Forming, ids: frozenset[str]) -> Forming:
    """The same without schools that came since."""
    return replace(forming, schools=tuple(each for each in forming.schools if each.id in ids))
