"""What groups cost and on which days they can meet, worked out once for a forming problem (docs/rules/forming.md)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from app.domain.schedule.distance import minutes
from app.domain.schedule.forming import Forming, Joining
from app.domain.schedule.problem import ALL_SIX, Person

HALF_DAY = {"am": 0, "pm": 1}


@dataclass(frozen=True, slots=True)
class Priced:
    """A group's middle school, its cost, and the minutes that each school and its leader travel there."""

    cost: int
    middle: str
    minutes: dict[str, int]
    leader_minutes: int
    other_years: tuple[str, ...]

    @property
    def worst(self) -> int:
        """The longest of these journeys, in minutes."""
        return max((*self.minutes.values(), self.leader_minutes))


class Table:
    """A forming problem with its journeys and half-days looked up; a half-day is one bit of a number."""

    def __init__(self, forming: Forming) -> None:
        self.forming = forming
        self._way: dict[tuple[str, str], int] = {}
        self._lead: dict[tuple[str, str], int] = {}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day on which somebody might meet: weekdays of any half term, without closures."""
        spans = [span for school in self.forming.schools for span in school.half_terms]
        if not spans:
            return ()
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return tuple(day for day in every if day.weekday() < 5 and day not in self.forming.closures)

    @cached_property
    def mornings(self) -> int:
        """The bit of the morning of every day."""
        return sum(1 << (2 * n) for n in range(len(self.days)))

    @cached_property
    def person(self) -> dict[str, int]:
        """The half-days on which each person works and is not away."""
        return {each.id: self._works(each) for each in self.forming.people}

    def _works(self, person: Person) -> int:
        bits = 0
        for n, day in enumerate(self.days):
            if day not in person.away:
                for slot, bit in HALF_DAY.items():
                    if (day.weekday(), slot) in person.works:
                        bits |= 1 << (2 * n + bit)
        return bits

    @cached_property
    def school(self) -> dict[str, tuple[int, ...]]:
        """For each school and half term the half-days on which it is open and somebody of it works."""
        return {each.id: self._open(each) for each in self.forming.schools}

    def _open(self, school: Joining) -> tuple[int, ...]:
        somebody = 0 if school.people else 3 * self.mornings
        for who in school.people:
            somebody |= self.person[who]
        found = []
        for first, last in school.half_terms:
            inside = (n for n, day in enumerate(self.days) if first <= day <= last and day not in school.closed)
            found.append(somebody & sum(3 << (2 * n) for n in inside))
        return tuple(found)

    def common(self, leader: str, schools: Iterable[str]) -> tuple[int, ...]:
        """For each of the six half terms, on how many days the leader and somebody of every school can meet."""
        masks = [self.person[leader]] * len(ALL_SIX)
        for school in schools:
            masks = [mask & own for mask, own in zip(masks, self.school[school], strict=True)]
        return tuple(((mask | mask >> 1) & self.mornings).bit_count() for mask in masks)

    def enough_days(self, leader: str, programme: str, schools: Iterable[str]) -> bool:
        """Whether leader and schools have enough days in every half term of the programme (F3)."""
        needed, common = self.forming.days_needed(programme, leader), self.common(leader, schools)
        return all(common[k] >= needed for k in self.forming.programme[programme].half_terms)

    def journey_cost(self, way: int) -> int:
        """What a journey of so many minutes costs: the minutes, and more for each one that is far (rural fairness)."""
        weights = self.forming.weights
        far, very_far = max(0, way - weights.far), max(0, way - weights.very_far)
        return way + weights.far_cost * far + weights.very_far_cost * very_far

    def reach(self, school: str, middle: str) -> int:
        """What it costs that a school travels to a middle school, other year groups included."""
        key = (school, middle)
        if key not in self._way:
            a, b = self.forming.school[school], self.forming.school[middle]
            other = self.forming.weights.other_years * self.other_years(school, middle)
            self._way[key] = self.journey_cost(minutes(a, b)) + other
        return self._way[key]

    def other_years(self, school: str, middle: str) -> bool:
        """Whether both schools say which year groups they bring and share none."""
        a, b = self.forming.school[school].years, self.forming.school[middle].years
        return bool(a and b and not a & b)

    def lead(self, leader: str, middle: str) -> int:
        """What it costs that a specialist travels to a middle school."""
        key = (leader, middle)
        if key not in self._lead:
            self._lead[key] = self.journey_cost(minutes(self.forming.person[leader], self.forming.school[middle]))
        return self._lead[key]

    def cost(self, leader: str, schools: Collection[str]) -> int:
        """What a group costs (docs/rules/forming.md)."""
        return self.forming.weights.group + min(self._around(leader, schools, middle) for middle in schools)

    def _around(self, leader: str, schools: Collection[str], middle: str) -> int:
        return self.lead(leader, middle) + sum(self.reach(each, middle) for each in schools if each != middle)

    def priced(self, leader: str, schools: Collection[str]) -> Priced:
        """What a group costs, taken apart; of equally good middle schools the first by id."""
        middle = min(sorted(schools), key=lambda each: self._around(leader, schools, each))
        here = self.forming.school[middle]
        return Priced(
            cost=self.forming.weights.group + self._around(leader, schools, middle),
            middle=middle,
            minutes={each: minutes(self.forming.school[each], here) for each in sorted(schools)},
            leader_minutes=minutes(self.forming.person[leader], here),
            other_years=tuple(each for each in sorted(schools) if self.other_years(each, middle)),
        )
