"""What changes between two plans of a problem: which events move, what becomes dearer or cheaper, who is affected."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.judge_costs import Part, parts_of
from app.domain.schedule.judge_facts import facts_of
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Problem

MOVING = {"moved_date", "moved_host", "moved_half_day"}


@dataclass(frozen=True, slots=True)
class Differences:
    """The second plan beside the first; `change` is in units of cost, moves not counted, lower is better.

    `dearer` and `cheaper` are the judge's parts that only the second or only the first plan has (worst.sentence says
    them). `absent` and `back` are (event, person) who could come before and now cannot, and the other way round.
    """

    moved: tuple[tuple[PlacedEvent, PlacedEvent], ...]
    change: int
    dearer: tuple[Part, ...]
    cheaper: tuple[Part, ...]

    @property
    def absent(self) -> tuple[tuple[str, str], ...]:
        """(event, person) who could come and now cannot."""
        return _gone(self.dearer, self.cheaper)

    @property
    def back(self) -> tuple[tuple[str, str], ...]:
        """(event, person) who could not come and now can."""
        return _gone(self.cheaper, self.dearer)


def differences(problem: Problem, before: Iterable[PlacedEvent], after: Iterable[PlacedEvent]) -> Differences:
    """The second plan of a problem beside the first; events that only one of them has are compared by their cost."""
    old, new = tuple(before), tuple(after)
    was, parts = {each.event: each for each in old}, [_parts(problem, events) for events in (old, new)]
    moved = tuple((was[each.event], each) for each in new if each.event in was and was[each.event] != each)
    dearer, cheaper = parts[1] - parts[0], parts[0] - parts[1]
    change = sum(part.cost for part in dearer.elements()) - sum(part.cost for part in cheaper.elements())
    return Differences(moved, change, _sorted(dearer), _sorted(cheaper))


def _parts(problem: Problem, events: tuple[PlacedEvent, ...]) -> Counter[Part]:
    facts, _ = facts_of(problem, Plan("feasible", events, {}))
    return Counter(part for part in parts_of(facts) if part.what not in MOVING and (part.cost or part.what == "absent"))


def _sorted(parts: Counter[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts.elements(), key=lambda part: (-part.cost, part.event, part.what)))


def _gone(now: Iterable[Part], then: Iterable[Part]) -> tuple[tuple[str, str], ...]:
    before = {(part.event, who) for part in then if part.what == "absent" for who in part.who}
    return tuple(
        (part.event, who)
        for part in now
        if part.what == "absent"
        for who in part.who
        if (part.event, who) not in before
    )


def told(catalog: Catalog, names: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(people, schools) who must be told when these events move: who leads, who is named, whose school it is."""
    people: dict[str, None] = {}
    schools: dict[str, None] = {}
    for name in names:
        event = catalog.events[name]
        people[event.person] = None
        for school, named in catalog.named(event):
            schools[school] = None
            people.update(dict.fromkeys(named))
    return tuple(people), tuple(schools)
