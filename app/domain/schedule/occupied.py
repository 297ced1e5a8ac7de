"""What events already placed leave free for one more (rules R6, R7, R8, R10 and the windows of R1)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from app.domain.schedule.candidates import SLOTS, Catalog, Event, Place, gap_price, least_gap, stop
from app.domain.schedule.distance import NEAR, minutes
from app.domain.schedule.plan import PlacedEvent

FIRST, LAST = 0, date.max.toordinal()


class Occupied:
    """Events at their places, with the days they take from people, schools and the hub."""

    def __init__(self, catalog: Catalog, placed: Iterable[PlacedEvent] = ()) -> None:
        """Starts from the events given."""
        self.catalog = catalog
        self.placed: dict[str, PlacedEvent] = {}
        self.led: dict[tuple[str, int], list[tuple[Event, int]]] = {}
        self.released: set[tuple[str, int]] = set()
        self.observed: set[tuple[str, int]] = set()
        self.meetings: Counter[int] = Counter()
        self.bounding: dict[str, list[tuple[Event, int]]] = {}
        for each in placed:
            self.add(each)

    def add(self, placed: PlacedEvent) -> None:
        """One more event at its place."""
        event, day = self.catalog.events[placed.event], placed.date.toordinal()
        self.placed[placed.event] = placed
        self.led.setdefault((event.person, day), []).append((event, SLOTS.index(placed.slot)))
        taken = self.observed if event.kind == "observation" else self.released
        taken.update((school, day) for school in event.schools)
        if event.kind == "meeting":
            self.meetings[day] += 1
        if event.kind == "observation":
            seen = self.catalog.observation[event.name]
            for side, meeting in ((-1, seen.after), (1, seen.before)):
                if meeting is not None:
                    self.bounding.setdefault(f"{meeting[0]}/{meeting[1]}", []).append((event, side * day))

    def free(self, event: Event, place: Place) -> bool:
        """Whether the event can be there beside all that is placed."""
        first, last = self._between(event)
        return first <= place.day <= last and self._day_free(event, place)

    def _day_free(self, event: Event, place: Place) -> bool:
        led = self.led.get((event.person, place.day), [])
        if any((school, place.day) in self.released for school in event.schools):
            return False
        if event.kind != "observation" and any((school, place.day) in self.observed for school in event.schools):
            return False
        if event.kind == "meeting":
            cap = self.catalog.problem.meetings_per_day
            return not led and (cap is None or self.meetings[place.day] < cap)
        if not led:
            return True
        other, slot = led[0]
        if len(led) > 1 or other.kind == "meeting" or slot == place.slot:
            return False
        return minutes(stop(self.catalog, event), stop(self.catalog, other)) <= NEAR

    def neighbours(self, event: Event) -> Iterable[tuple[Event, int]]:
        """The consecutive events of the same series that are placed, with the signed step to them."""
        if event.kind == "observation":
            return
        series = self.catalog.series[event.series]
        at = self.catalog.position[event.name]
        for step in (-1, 1):
            if 0 <= at + step < len(series) and series[at + step].name in self.placed:
                yield series[at + step], step

    def gap_cost(self, event: Event, place: Place) -> int:
        """The cost of the gaps to the neighbours that are placed."""
        return sum(
            gap_price(self.catalog, event, other, (self.placed[other.name].date.toordinal() - place.day) * step)
            for other, step in self.neighbours(event)
        )

    def _between(self, event: Event) -> tuple[int, int]:
        """The first and the last day that the neighbours in the series and bounding meetings or observations allow."""
        first, last = FIRST, LAST
        for other, step in self.neighbours(event):
            there = self.placed[other.name].date.toordinal() - step * least_gap(self.catalog, event)
            first, last = (max(first, there), last) if step < 0 else (first, min(last, there))
        if event.kind == "meeting":
            for _, day in self.bounding.get(event.name, ()):
                first, last = (first, min(last, -day - 1)) if day < 0 else (max(first, day + 1), last)
        if event.kind == "observation":
            seen = self.catalog.observation[event.name]
            after, before = (self._there(bound) for bound in (seen.after, seen.before))
            first, last = FIRST if after is None else after + 1, LAST if before is None else before - 1
        return first, last

    def _there(self, meeting: tuple[str, int] | None) -> int | None:
        """The day of a meeting that is placed."""
        placed = None if meeting is None else self.placed.get(f"{meeting[0]}/{meeting[1]}")
        return None if placed is None else placed.date.toordinal()

    def places(self, event: Event) -> tuple[Place, ...]:
        """The places of a free event that all that is placed leaves it; a held event keeps its own."""
        every = self.catalog.places(event.name)
        if event.name in self.catalog.problem.held:
            return every
        first, last = self._between(event)
        days: dict[tuple[int, int], bool] = {}
        for place in every:
            if first <= place.day <= last and (place.day, place.slot) not in days:
                days[place.day, place.slot] = self._day_free(event, place)
        return tuple(place for place in every if days.get((place.day, place.slot), False))
