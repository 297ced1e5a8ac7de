"""The rules between events as rows: where people are (R6), what schools release (R7), how many meet (R10)."""

from collections import defaultdict
from dataclasses import dataclass, field

from app.domain.schedule.candidates import Catalog, Event
from app.domain.schedule.distance import NEAR, minutes
from app.solver.schedule.model import Model

Columns = list[int]


def _columns() -> dict[str, Columns]:
    return defaultdict(list)


@dataclass(slots=True)
class _PersonDay:
    """Columns that would take a person's day: meetings, priced day columns, and single half-days by school."""

    meetings: Columns = field(default_factory=list)
    days: Columns = field(default_factory=list)
    halves: tuple[dict[str, Columns], dict[str, Columns]] = field(default_factory=lambda: (_columns(), _columns()))
    singles: bool = False


@dataclass(slots=True)
class _SchoolDay:
    """Columns that would release teachers of a school that day, and observations there by observer and slot."""

    released: Columns = field(default_factory=list)
    observed: dict[tuple[str, int], Columns] = field(default_factory=lambda: defaultdict(list))


class Board:
    """Collects columns by what they take; `close` writes the rows."""

    def __init__(self, model: Model, catalog: Catalog) -> None:
        """An empty board for a model."""
        self.model = model
        self.catalog = catalog
        self._people: dict[tuple[str, int], _PersonDay] = defaultdict(_PersonDay)
        self._schools: dict[tuple[str, int], _SchoolDay] = defaultdict(_SchoolDay)

    def meeting(self, event: Event, day: int, column: int) -> None:
        """A column that holds a meeting on a day."""
        self._people[event.person, day].meetings.append(column)
        for school in event.schools:
            self._schools[school, day].released.append(column)

    def single(self, event: Event, day: int, slot: int, column: int) -> None:
        """A column that holds one visit or observation, whatever else the person does that day."""
        taken = self._people[event.person, day]
        taken.singles = True
        taken.halves[slot][event.schools[0]].append(column)
        self._release(event, day, slot, column)

    def day(self, person: str, day: int, stops: list[tuple[Event, int]], column: int) -> None:
        """A column that holds all that a person still adds to a day: (event, slot) pairs."""
        self._people[person, day].days.append(column)
        for event, slot in stops:
            self._people[person, day].halves[slot][event.schools[0]].append(column)
            self._release(event, day, slot, column)

    def _release(self, event: Event, day: int, slot: int, column: int) -> None:
        here = self._schools[event.schools[0], day]
        if event.kind == "visit":
            here.released.append(column)
        else:
            here.observed[event.person, slot].append(column)

    def close(self) -> None:
        """Writes the rows of all that was collected."""
        for taken in self._people.values():
            if taken.days:
                self._clique(taken.days + taken.meetings)
            if taken.singles:
                self._halves(taken)
            elif taken.meetings and not taken.days:
                self._clique(taken.meetings)
        for school_day in self._schools.values():
            self._clique(school_day.released)
            if school_day.released:
                for columns in school_day.observed.values():
                    self._clique(school_day.released + columns)

    def cap(self, columns: Columns, most: int) -> None:
        """At most so many of the columns on a day."""
        if len(columns) > most:
            self.model.at_most(columns, most)

    def _clique(self, columns: Columns) -> None:
        if len(columns) > 1:
            self.model.at_most(columns)

    def _halves(self, taken: _PersonDay) -> None:
        morning, afternoon = taken.halves
        for half in taken.halves:
            self._clique([*taken.meetings, *(each for columns in half.values() for each in columns)])
        for school, columns in morning.items():
            far = [each for other, there in afternoon.items() if self._far(school, other) for each in there]
            if far:
                self._clique([*taken.meetings, *columns, *far])

    def _far(self, a: str, b: str) -> bool:
        return minutes(self.catalog.problem.school[a], self.catalog.problem.school[b]) > NEAR
