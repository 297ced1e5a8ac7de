"""The model of forming groups: each group gathers around its middle school (docs/rules/forming.md, method)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.schedule.forming import Joining, Programme
from app.domain.schedule.forming_plan import Formed, named
from app.domain.schedule.forming_table import Table
from app.solver.schedule.forming_near import NearModel

BREAKS = 1e-6
Rough = tuple[str, str, list[str]]  # leader, programme, schools


@dataclass(slots=True)
class GroupsModel:
    """Columns: a school is the middle of a group, who leads there, who joins it, who waits.

    `anyone_waits`: every school may wait, and the fewest that had to be placed wait; nothing else costs anything.
    """

    table: Table
    anyone_waits: bool = False
    model: NearModel = field(default_factory=NearModel)
    middle: dict[str, int] = field(default_factory=dict)
    leads: dict[str, dict[str, int]] = field(default_factory=dict)
    joins: dict[tuple[str, str], int] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    able: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def build(self) -> "GroupsModel":
        """All columns and rows but those that days forbid to three schools or more (see `forbid`)."""
        forming = self.table.forming
        for programme in forming.programmes:
            schools = forming.in_programme(programme.id)
            for school in schools:
                self._middle(programme, school)
            for school in schools:
                self._joins(school, schools)
                self._once(school, schools)
            for school in schools:
                self._size(programme, school, schools)
            self._count(programme, schools)
        for specialist in forming.specialists:
            led = [by[specialist.person] for by in self.leads.values() if specialist.person in by]
            self.model.at_most(led, float(specialist.most))
        for both in forming.together:
            self._together(both)
        for apart in forming.apart:
            self._apart(apart)
        return self

    def _cost(self, cost: int) -> int:
        return 0 if self.anyone_waits else cost

    def _leaders(self, programme: str, schools: Sequence[str]) -> list[str]:
        """Who may lead a group with these schools, as far as these alone can tell."""
        forming = self.table.forming
        return [
            each.person
            for each in sorted(forming.specialists, key=lambda each: each.person)
            if each.most
            and each.leads(programme)
            and not any(forming.leader_of[school] - {each.person} for school in schools)
            and self.table.enough_days(each.person, programme, schools)
        ]

    def _middle(self, programme: Programme, school: Joining) -> None:
        leaders = self._leaders(programme.id, [school.id])
        if not leaders:
            return
        opens = self.model.yes_no(self._cost(self.table.forming.weights.group))
        self.middle[school.id] = opens
        costs = {leader: self._cost(self.table.lead(leader, school.id)) for leader in leaders}
        self.leads[school.id] = {leader: self.model.yes_no(cost) for leader, cost in costs.items()}
        self._equal([(opens, 1.0), *((each, -1.0) for each in self.leads[school.id].values())], 0.0)

    def _joins(self, school: Joining, schools: Sequence[Joining]) -> None:
        """The school in the group around each middle there is."""
        for middle in schools:
            if middle is school or middle.id not in self.middle or self._kept_apart(school.id, middle.id):
                continue
            column = self.model.yes_no(self._cost(self.table.reach(school.id, middle.id)))
            self.joins[school.id, middle.id] = column
            self.model.row_at_most([(column, 1.0), (self.middle[middle.id], -1.0)], 0.0)
            if self.table.forming.leader_of[school.id]:
                self._led(school.id, middle.id)

    def _able(self, school: str, middle: str) -> list[str]:
        """Who may lead both, as far as these two alone can tell."""
        if (school, middle) not in self.able:
            self.able[school, middle] = self._leaders(self.table.forming.school[school].programme, [school, middle])
        return self.able[school, middle]

    def _led(self, school: str, middle: str) -> None:
        """The school joins the middle only under somebody who may lead both; written the shorter way."""
        here, able = self.leads[middle], self._able(school, middle)
        column = self.joins[school, middle]
        if 2 * len(able) <= len(here):
            self.model.row_at_most([(column, 1.0), *((here[each], -1.0) for each in able)], 0.0)
        else:
            others = [(here[each], 1.0) for each in here if each not in able]
            self.model.row_at_most([(column, 1.0), *others, (self.middle[middle], -1.0)], 0.0)

    def tighten(self, values: Sequence[float]) -> bool:
        """Adds the rows of who may lead both that a solution in fractions breaks; whether there were any.

        All of them at once would make the relaxation several times as slow; a whole solution is looked at by its days.
        """
        broken = [
            (school, middle)
            for (school, middle), column in self.joins.items()
            if values[column] > BREAKS
            and values[column] > sum(values[self.leads[middle][who]] for who in self._able(school, middle)) + BREAKS
        ]
        for school, middle in broken:
            self._led(school, middle)
        return bool(broken)

    def _kept_apart(self, a: str, b: str) -> bool:
        return any(a in apart and b in apart for apart in self.table.forming.apart)

    def at(self, school: str, middle: str) -> int | None:
        """The column that says the school is in the group around the middle."""
        return self.middle.get(school) if school == middle else self.joins.get((school, middle))

    def _once(self, school: Joining, schools: Sequence[Joining]) -> None:
        places = [self.at(school.id, middle.id) for middle in schools]
        columns = [each for each in places if each is not None]
        if school.may_wait or self.anyone_waits:
            cost = self.table.forming.weights.waiting
            if self.anyone_waits:
                cost = 0 if school.may_wait else 1
            self.waits[school.id] = self.model.yes_no(cost)
            columns.append(self.waits[school.id])
        self._equal([(each, 1.0) for each in columns], 1.0)

    def _size(self, programme: Programme, middle: Joining, schools: Sequence[Joining]) -> None:
        if middle.id not in self.middle:
            return
        opens = self.middle[middle.id]
        keys = [(school.id, middle.id) for school in schools]
        others = [self.joins[key] for key in keys if key in self.joins]
        self.model.row_at_most([*((each, 1.0) for each in others), (opens, 1.0 - programme.most)], 0.0)
        self.model.row_at_most([*((each, -1.0) for each in others), (opens, programme.fewest - 1.0)], 0.0)

    def _count(self, programme: Programme, schools: Sequence[Joining]) -> None:
        """How many groups there are at least and at most; true anyway, and the relaxation does not know it."""
        opens = [self.middle[each.id] for each in schools if each.id in self.middle]
        must = 0 if self.anyone_waits else sum(not each.may_wait for each in schools)
        self.model.at_most(opens, float(len(schools) // programme.fewest))
        self.model.row_at_most([(each, -1.0) for each in opens], -float(-(-must // programme.most)))

    def _together(self, both: Sequence[str]) -> None:
        """All in the group around the same middle, or all waiting."""
        first = both[0]
        for other in both[1:]:
            for middle in self.middle:
                here, there = self.at(first, middle), self.at(other, middle)
                terms = [(here, 1.0), (there, -1.0)]
                self._equal([(column, by) for column, by in terms if column is not None], 0.0)

    def _apart(self, apart: Sequence[str]) -> None:
        for middle, opens in self.middle.items():
            places = [self.at(each, middle) for each in apart]
            columns = [each for each in places if each is not None and each != opens]
            if len(columns) > 1 and middle not in apart:
                self.model.row_at_most([*((each, 1.0) for each in columns), (opens, -1.0)], 0.0)

    def _equal(self, terms: Sequence[tuple[int, float]], amount: float) -> None:
        self.model.rows.append((terms, amount, amount))

    def forbid(self, programme: str, schools: Sequence[str]) -> None:
        """No group holds all of these schools under a leader with whom they have too few days."""
        able = set(self._leaders(programme, schools))
        for middle, opens in self.middle.items():
            if self.table.forming.school[middle].programme != programme:
                continue
            places = [self.at(each, middle) for each in schools]
            if any(each is None for each in places):
                continue
            terms: dict[int, float] = {}
            for column in places:
                if column is not None:
                    terms[column] = terms.get(column, 0.0) + 1.0
            for leader, column in self.leads[middle].items():
                if leader not in able:
                    terms[column] = 1.0
            terms[opens] = terms.get(opens, 0.0) - len(schools)
            self.model.row_at_most([each for each in terms.items() if each[1]], 0.0)

    def groups(self, values: Sequence[float]) -> tuple[Formed, ...]:
        """The groups of a solution."""
        found: list[Rough] = []
        for middle, opens in self.middle.items():
            if values[opens] > 0.5:
                leader = next(who for who, column in self.leads[middle].items() if values[column] > 0.5)
                members = [school for (school, around), column in self.joins.items() if around == middle]
                members = [each for each in members if values[self.joins[each, middle]] > 0.5]
                found.append((leader, self.table.forming.school[middle].programme, [middle, *members]))
        return named(found)

    def rough(self, values: Sequence[float]) -> list[Rough]:
        """Groups that a solution in fractions leans to: they may break rules, lack schools or be too small."""
        forming, count = self.table.forming, round(sum(values[opens] for opens in self.middle.values()))
        middles = sorted(self.middle, key=lambda each: (-values[self.middle[each]], each))[:count]
        room = {each.person: each.most for each in forming.specialists}
        found: dict[str, Rough] = {}
        for middle in middles:
            able = [leader for leader in self.leads[middle] if room[leader]]
            if able:
                leader = min(able, key=lambda who: (-values[self.leads[middle][who]], self.table.lead(who, middle)))
                room[leader] -= 1
                found[middle] = (leader, forming.school[middle].programme, [middle])
        for school in sorted(forming.school):
            places = [middle for middle in found if middle != school and (school, middle) in self.joins]
            if school not in found and places:
                best = min(places, key=lambda m: (-values[self.joins[school, m]], self.table.reach(school, m), m))
                found[best][2].append(school)
        return list(found.values())

    def waiting(self, values: Sequence[float]) -> tuple[str, ...]:
        """Who waits in a solution."""
        return tuple(sorted(school for school, column in self.waits.items() if values[column] > 0.5))

    def values(self, groups: Iterable[Formed]) -> list[float]:
        """The solution that these groups are."""
        found = [0.0] * len(self.model.costs)
        placed = set()
        for group in groups:
            middle = self.table.priced(group.leader, group.schools).middle
            found[self.leads[middle][group.leader]] = 1.0
            for school in group.schools:
                column = self.at(school, middle)
                if column is not None:
                    found[column] = 1.0
                placed.add(school)
        for school, column in self.waits.items():
            found[column] = float(school not in placed)
        return found
