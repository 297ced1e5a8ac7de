"""What each move of a school to another group costs, or which rule forbids it, by trying every one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from app.domain.schedule.forming import Forming
from app.domain.schedule.forming_plan import Formation, Formed
from app.domain.schedule.forming_table import Table
from app.kit.errors import BadInputError, Fault
from app.kit.periods import HALF_TERMS

WAITS = ""  # the group of those that wait


@dataclass(frozen=True, slots=True)
class Option:
    """A school in a group (empty: it waits): `cost` is by how much the whole changes; `forbids` are rules broken.

    A move that is forbidden still says its cost, so that a lead may see what giving way would save. `other` is the
    school that comes back in exchange, or none.
    """

    school: str
    group: str
    cost: int
    forbids: tuple[str, ...] = ()
    other: str = ""

    @property
    def allowed(self) -> bool:
        """Whether no rule forbids it."""
        return not self.forbids


class Moves:
    """Every move in a formation, priced by enumeration; groups stay as they are until one is chosen."""

    def __init__(self, forming: Forming, formation: Formation) -> None:
        self.table = Table(forming)
        self.forming = forming
        self.formation = formation
        self.group = {group.id: group for group in formation.groups}
        self.where = dict.fromkeys(formation.waiting, WAITS)
        self.where |= {school: group.id for group in formation.groups for school in group.schools}
        self._now = {group.id: self._cost(group, group.schools) for group in formation.groups}
        self._left: dict[str, tuple[int, tuple[str, ...]]] = {}

    def every(self) -> tuple[Option, ...]:
        """Every placed or waiting school in every group, and waiting where that is allowed; where it is now costs 0."""
        return tuple(option for school in sorted(self.where) for option in self.of(school))

    def of(self, school: str) -> tuple[Option, ...]:
        """One school in every group; raises BadInputError when the school is in no group and does not wait."""
        self._known(school)
        found = [self._move(school, group) for group in self.formation.groups]
        if self.forming.school[school].may_wait or self.where[school] == WAITS:
            found.append(self._wait(school))
        return tuple(found)

    def exchanges(self, school: str) -> tuple[Option, ...]:
        """One school in the place of each school of another group that wants the same programme, cheapest first."""
        self._known(school)
        programme, here = self.forming.school[school].programme, self.where[school]
        others = [
            each
            for each, there in self.where.items()
            if there not in {here, WAITS} and here != WAITS and self.forming.school[each].programme == programme
        ]
        found = [self._exchange(school, each) for each in sorted(others)]
        return tuple(sorted(found, key=lambda each: (not each.allowed, each.cost, each.other)))

    def _known(self, school: str) -> None:
        if school not in self.where:
            because = f"{school} is in none of these groups and does not wait for one. Choose a school of the list."
            raise BadInputError(because, (Fault("school", because),))

    def _cost(self, group: Formed, schools: Collection[str]) -> int:
        return self.table.cost(group.leader, schools) if schools else 0

    def _move(self, school: str, group: Formed) -> Option:
        if self.where[school] == group.id:
            return Option(school, group.id, 0)
        saved, left = self._leaving(school)
        joined = (*group.schools, school)
        cost = self._cost(group, joined) - self._now[group.id] + saved
        forbids = (*left, *self._breaks(group, joined, school), *self._parts(school, group.schools))
        return Option(school, group.id, cost, forbids)

    def _wait(self, school: str) -> Option:
        if self.where[school] == WAITS:
            return Option(school, WAITS, 0)
        saved, left = self._leaving(school)
        return Option(school, WAITS, saved + self.forming.weights.waiting, (*left, *self._parts(school, ())))

    def _leaving(self, school: str) -> tuple[int, tuple[str, ...]]:
        """What it changes that a school leaves where it is, and what forbids it there."""
        if school not in self._left:
            here = self.where[school]
            if here == WAITS:
                self._left[school] = (-self.forming.weights.waiting, ())
            else:
                group = self.group[here]
                rest = tuple(each for each in group.schools if each != school)
                self._left[school] = (self._cost(group, rest) - self._now[here], tuple(self._too_few(group, rest)))
        return self._left[school]

    def _exchange(self, school: str, other: str) -> Option:
        mine, theirs = self.group[self.where[school]], self.group[self.where[other]]
        stay = tuple(each for each in mine.schools if each != school)
        rest = tuple(each for each in theirs.schools if each != other)
        now = self._now[mine.id] + self._now[theirs.id]
        cost = self._cost(mine, (*stay, other)) + self._cost(theirs, (*rest, school)) - now
        forbids = (
            *self._breaks(theirs, (*rest, school), school),
            *self._parts(school, rest),
            *self._breaks(mine, (*stay, other), other),
            *self._parts(other, stay),
        )
        return Option(school, theirs.id, cost, forbids, other)

    def _too_few(self, group: Formed, rest: tuple[str, ...]) -> Iterator[str]:
        fewest = self.forming.programme[group.programme].fewest
        if rest and len(rest) < fewest:  # the last school takes its group with it
            left = "1 school" if len(rest) == 1 else f"{len(rest)} schools"
            yield f"{group.id} would have {left}, fewer than {fewest} (F3)."

    def _breaks(self, group: Formed, schools: tuple[str, ...], newcomer: str) -> Iterator[str]:
        """The rules about one group that it breaks with a newcomer."""
        forming, programme = self.forming, self.forming.programme[group.programme]
        wants = forming.school[newcomer].programme
        if wants != group.programme:
            yield f"{newcomer} wants a group of {wants}, and {group.id} is one of {group.programme} (F2)."
            return
        if len(schools) > programme.most:
            yield f"{group.id} would have {len(schools)} schools, more than {programme.most} (F3)."
        common, needed = self.table.common(group.leader, schools), forming.days_needed(group.programme, group.leader)
        short = [f"{HALF_TERMS[k]} {common[k]}" for k in programme.half_terms if common[k] < needed]
        if short:
            yield f"{group.id} would have too few days on which all can meet: {', '.join(short)}; wanted {needed} (F4)."
        pinned = forming.leader_of[newcomer]
        if pinned - {group.leader}:
            yield f"{newcomer} is to be led by {' and '.join(sorted(pinned))} (F7)."
        for apart in forming.apart:
            for other in apart:
                if newcomer in apart and other != newcomer and other in schools:
                    yield f"{newcomer} is not to be in one group with {other} (F8)."

    def _parts(self, school: str, company: Collection[str]) -> Iterator[str]:
        """Whom a school is to be with and would not be."""
        for both in self.forming.together:
            if school in both:
                lost = [each for each in both if each != school and each not in company]
                if lost and not (not company and all(self.where.get(each, WAITS) == WAITS for each in lost)):
                    yield f"{school} is to be in one group with {' and '.join(lost)} (F7)."


def moved(forming: Forming, formation: Formation, option: Option) -> Formation:
    """The groups after a move or an exchange, priced anew; nothing is proved of them. Names of groups stay."""
    moves = Moves(forming, formation)
    here, group = moves.where[option.school], moves.group.get(option.group)
    groups = []
    for each in formation.groups:
        schools = set(each.schools) - {option.school}
        if option.other:
            schools -= {option.other}
            schools |= {option.other} if each.id == here else set()
        if group is not None and each.id == group.id:
            schools |= {option.school}
        if schools:
            groups.append(replace(each, schools=tuple(sorted(schools))))
    waiting = set(formation.waiting) - {option.school} | ({option.school} if option.group == WAITS else set())
    cost = sum(moves.table.cost(each.leader, each.schools) for each in groups)
    cost += forming.weights.waiting * len(waiting)
    return Formation("feasible", tuple(groups), tuple(sorted(waiting)), cost, min(formation.bound, cost))
