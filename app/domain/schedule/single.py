"""One event at every place it could take beside a whole plan: what that changes in the cost, or the rules against it.

Everything about the event alone is compiled once; what the rest of the plan says about a day is looked up. So all
places of an event are priced in less than a millisecond (docs/decisions/0027-repair.md).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date

from app.domain.schedule.bars import Bar
from app.domain.schedule.candidates import SLOTS, Event, gap_pieces, least_gap, stop
from app.domain.schedule.distance import NEAR, minutes, tour
from app.domain.schedule.frames import Bars, Frames, Option
from app.domain.schedule.plan import PlacedEvent


@dataclass(frozen=True, slots=True)
class Options:
    """Every weekday place in an event's window: the free ones, cheapest first, and those a rule forbids, by day.

    A place that the rules about the event alone forbid names those only; `Board.look` names the clashes there too.
    """

    event: str
    free: list[Option]
    barred: list[Option]

    def days(self) -> dict[int, Option]:
        """For each day its cheapest free place; else a place where other events could give way; else any."""
        found: dict[int, Option] = {}
        for option in self.free:
            found.setdefault(option.day, option)
        for option in sorted(self.barred, key=_hopeless):
            found.setdefault(option.day, option)
        return {day: found[day] for day in sorted(found)}


Side = tuple[Bars, int]
FAR_OFF = date.max.toordinal()
EMPTY: tuple[Side, Side] = ((), 0), ((), 0)


def _hopeless(option: Option) -> tuple[bool, int, int]:
    return not all(bar.others for bar in option.bars), len(option.bars), option.slot


class Board:
    """A plan laid out so that one event's places can be looked at. It never changes; `moved` gives another."""

    def __init__(self, frames: Frames, placed: Iterable[PlacedEvent]) -> None:
        """Lays out the events given; each once."""
        self.frames, self.catalog = frames, frames.catalog
        self.placed: dict[str, PlacedEvent] = {each.event: each for each in placed}
        self.day = {name: each.date.toordinal() for name, each in self.placed.items()}
        held = self.catalog.problem.held
        self.held = {name for name, each in self.placed.items() if held.get(name) == each}
        self.led: dict[tuple[str, int], list[tuple[Event, int]]] = {}
        self.there: dict[tuple[str, int], list[Event]] = {}
        self.meetings: dict[int, list[str]] = {}
        self.hosted: Counter[tuple[str, str | None]] = Counter()
        for name in sorted(self.placed, key=self.catalog.order.__getitem__):
            self._lay(self.catalog.events[name], self.placed[name], self.day[name])

    def _lay(self, event: Event, placed: PlacedEvent, day: int) -> None:
        self.led.setdefault((event.person, day), []).append((event, SLOTS.index(placed.slot)))
        for school in event.schools:
            self.there.setdefault((school, day), []).append(event)
        if event.kind == "meeting":
            self.meetings.setdefault(day, []).append(event.name)
            self.hosted[event.series, placed.host] += 1

    def moved(self, *moves: PlacedEvent) -> "Board":
        """The board after these events have gone to these places."""
        return Board(self.frames, {**self.placed, **{each.event: each for each in moves}}.values())

    def without(self, names: Iterable[str]) -> "Board":
        """The board with these events taken off it."""
        other = copy(self)
        other.placed, other.day = dict(self.placed), dict(self.day)
        other.led, other.there, other.meetings = dict(self.led), dict(self.there), dict(self.meetings)
        other.hosted = self.hosted.copy()
        for name in names:
            event, placed, day = self.catalog.events[name], other.placed.pop(name), other.day.pop(name)
            other.led[event.person, day] = [each for each in other.led[event.person, day] if each[0] is not event]
            for school in event.schools:
                other.there[school, day] = [each for each in other.there[school, day] if each is not event]
            if event.kind == "meeting":
                other.meetings[day] = [each for each in other.meetings[day] if each != name]
                other.hosted[event.series, placed.host] -= 1
        return other

    def options(self, name: str) -> Options:
        """Every weekday place of an event's window beside the rest of the plan."""
        event = self.catalog.events[name]
        first, last = _Beside(self, event).between()
        barred = [option for option in self.frames.shut(event) if first < option.day < last]
        free: list[Option] = []
        for option in self.reach(name, first, last):
            (barred if option.bars else free).append(option)
        if name in self.held:
            free, barred = self._only_held(name, [*free, *barred])
        free.sort()
        return Options(name, free, barred)

    def reach(self, name: str, first: int = 0, last: int = FAR_OFF) -> list[Option]:
        """The places between two days that the rules about the event alone allow; other events in the way are bars."""
        event = self.catalog.events[name]
        beside, now = _Beside(self, event), self.cost(name)
        again = {host: self._again(event, host) - now for host in (None, *event.schools)}
        found: list[Option] = []
        at, sides = 0, EMPTY
        for place in self.catalog.places(name):
            if not first < place.day < last:
                continue
            if place.day != at:
                at, sides = place.day, beside.at(place.day)
            bars, more = sides[place.slot]
            found.append(Option(place.cost + more + again.get(place.host, -now), at, place.slot, place.host, bars))
        return found

    def best(self, name: str, most: int = 3) -> list[Option]:
        """The cheapest free places of an event that is not held, each on a day of its own."""
        days: dict[int, Option] = {}
        for option in sorted(option for option in self.reach(name) if not option.bars):
            days.setdefault(option.day, option)
        return list(days.values())[:most]

    def _only_held(self, name: str, every: list[Option]) -> tuple[list[Option], list[Option]]:
        """A held event stays where it is, whatever clashes there with other held ones."""
        mine = self.placed[name]
        here = Option(0, self.day[name], SLOTS.index(mine.slot), mine.host)
        return [here], [each for each in every if each[1:4] != here[1:4]]

    def look(self, placed: PlacedEvent) -> Option:
        """One place of an event, whatever its day: the change of the plan's cost, or every bar against it."""
        event, day, slot = self.catalog.events[placed.event], placed.date.toordinal(), SLOTS.index(placed.slot)
        bars = self.against(placed)
        if bars:
            return Option(0, day, slot, placed.host, bars)
        own = self.catalog.priced(event, placed.date, placed.slot, placed.host).cost
        own += _Beside(self, event).at(day)[slot][1] + self._again(event, placed.host)
        return Option(own - self.cost(event.name), day, slot, placed.host)

    def against(self, placed: PlacedEvent) -> Bars:
        """Every bar against a place of an event, whatever its day; none where the event is held there."""
        event, day, slot = self.catalog.events[placed.event], placed.date.toordinal(), SLOTS.index(placed.slot)
        clashes, _ = _Beside(self, event).at(day)[slot]
        if clashes and self.catalog.problem.held.get(event.name) == placed:
            clashes = tuple(bar for bar in clashes if not self.held.issuperset(bar.others))
        return self.frames.alone(event, placed.date, slot, placed.host) + clashes

    def cost(self, name: str) -> int:
        """What an event costs where it is: its own cost, gaps, hosting again, its share of tours and edges."""
        placed = self.placed.get(name)
        if placed is None:
            return 0
        event = self.catalog.events[name]
        own = self.catalog.priced(event, placed.date, placed.slot, placed.host).cost
        _, more = _Beside(self, event).at(self.day[name])[SLOTS.index(placed.slot)]
        return own + more + self._again(event, placed.host)

    def _again(self, event: Event, host: str | None) -> int:
        """The price of hosting the group once more, if the host does so at another meeting."""
        if event.kind != "meeting":
            return 0
        placed = self.placed.get(event.name)
        others = self.hosted[event.series, host] - (placed is not None and placed.host == host)
        return self.catalog.problem.weights.meeting_host_again if others else 0


class _Beside:
    """What the rest of a plan says about each day for one event: clashes, and what it adds to the cost."""

    def __init__(self, board: Board, event: Event) -> None:
        """Gathers what does not change from day to day."""
        self.board, self.event, self.catalog = board, event, board.catalog
        self.neighbours = list(self._neighbours())
        self.bounds = board.frames.bounds[event.name] if event.kind == "observation" else ()
        bound = board.frames.bounding.get(event.name, ()) if event.kind == "meeting" else ()
        self.bounding = [(other.name, board.day[other.name], side) for other, side in bound if other.name in board.day]
        self.cap = self.catalog.problem.meetings_per_day if event.kind == "meeting" else None
        self.least = 0
        self.pieces: tuple[tuple[int, int], ...] = ()
        if self.neighbours:
            self.least, self.pieces = least_gap(self.catalog, event), gap_pieces(self.catalog.problem, event.kind)[1]
        self.alone = 0
        if event.kind != "meeting":
            self.alone = 2 * minutes(self.catalog.problem.person[event.person], stop(self.catalog, event))

    def _neighbours(self) -> Iterator[tuple[str, int, int, int]]:
        """Name, day, step and aim in days of the events before and after in the series."""
        event = self.event
        if event.kind == "observation":
            return
        series = self.catalog.series[event.series]
        at, (aim, _) = self.catalog.position[event.name], gap_pieces(self.catalog.problem, event.kind)
        for step in (-1, 1):
            other = series[at + step] if 0 <= at + step < len(series) else None
            if other is not None and other.name in self.board.day:
                yield other.name, self.board.day[other.name], step, aim * abs(other.k - event.k)

    def between(self) -> tuple[int, int]:
        """The days of an observation's meetings: it lies strictly between them."""
        day = self.board.day
        if not self.bounds:
            return 0, FAR_OFF
        after, before = self.bounds
        return day.get(after or "", 0), day.get(before or "", FAR_OFF)

    def at(self, day: int) -> tuple[Side, Side]:
        """For the morning and the afternoon of a day: clashes with the rest of the plan, and what it adds."""
        event, bars = self.event, []
        cost = self._edges(day)
        for name, there, step, aim in self.neighbours:
            gap = (there - day) * step
            if gap < self.least:
                bars.append(Bar("R8", "gap", "", (name,), self.least))
            off = abs(gap - aim)
            for slack, price in self.pieces:
                if off > slack:
                    cost += price * (off - slack)
        self._observed(day, bars)
        for school in event.schools:
            bars += [
                Bar("R7", "release", school, (other.name,))
                for other in self.board.there.get((school, day), ())
                if other is not event and not (other.kind == event.kind == "observation")
            ]
        led = [each for each in self.board.led.get((event.person, day), ()) if each[0] is not event]
        if event.kind == "meeting":
            self._whole_day(day, led, bars)
            side = tuple(bars), cost
            return side, side
        if not led:
            side = tuple(bars), cost + self.alone
            return side, side
        both = tuple(bars)
        morning, afternoon = (self._shared(slot, led) for slot in (0, 1))
        return (both + morning[0], cost + morning[1]), (both + afternoon[0], cost + afternoon[1])

    def _observed(self, day: int, bars: list[Bar]) -> None:
        """R1 between observations and their meetings."""
        for name, seen, side in self.bounding:
            if (day - seen) * side <= 0:
                bars.append(Bar("R1", "not_before" if side < 0 else "not_after", "", (name,)))
        if self.bounds:
            after, before = self.bounds
            if after is not None and day <= self.board.day.get(after, 0):
                bars.append(Bar("R1", "not_after", "", (after,)))
            if before is not None and day >= self.board.day.get(before, FAR_OFF):
                bars.append(Bar("R1", "not_before", "", (before,)))

    def _whole_day(self, day: int, led: list[tuple[Event, int]], bars: list[Bar]) -> None:
        """R6 and R10 of a meeting."""
        for other, _ in led:
            bars.append(Bar("R6", "leads", self.event.person, (other.name,)))
        if len(led) > 1:
            bars.append(Bar("R6", "full", self.event.person, tuple(other.name for other, _ in led)))
        if self.cap is not None:
            meetings = self.board.meetings.get(day, ())
            if len(meetings) >= self.cap:
                others = tuple(name for name in meetings if name != self.event.name)
                if len(others) >= self.cap:
                    bars.append(Bar("R10", "cap", "", others))

    def _shared(self, slot: int, led: list[tuple[Event, int]]) -> Side:
        """R6 and the tour of a visit or observation on a day on which its person leads something else."""
        catalog, who, bars = self.catalog, self.event.person, []
        here = stop(catalog, self.event)
        for other, taken in led:
            if other.kind == "meeting":
                bars.append(Bar("R6", "leads", who, (other.name,)))
            elif taken == slot:
                bars.append(Bar("R6", "same", who, (other.name,)))
            elif (away := minutes(here, stop(catalog, other))) > NEAR:
                bars.append(Bar("R6", "far", who, (other.name,), away))
        if len(led) > 1:
            bars.append(Bar("R6", "full", who, tuple(other.name for other, _ in led)))
        tours = [(taken, catalog.order[other.name], other) for other, taken in led if other.kind != "meeting"]
        with_it = self._minutes([*tours, (slot, catalog.order[self.event.name], self.event)])
        return tuple(bars), with_it - self._minutes(tours)

    def _minutes(self, stops: list[tuple[int, int, Event]]) -> int:
        there = [stop(self.catalog, event) for _, _, event in sorted(stops, key=lambda each: each[:2])]
        return tour(self.catalog.problem.person[self.event.person], there)

    def _edges(self, day: int) -> int:
        """What lying near to their meetings costs the observations that this event is or bounds."""
        if self.bounds:
            return self._edge(self.bounds, day, {})
        frames, mine = self.board.frames, {self.event.name: day}
        seen = dict.fromkeys((name, at) for name, at, _ in self.bounding)
        return sum(self._edge(frames.bounds[name], at, mine) for name, at in seen)

    def _edge(self, bounds: tuple[str | None, ...], day: int, instead: Mapping[str, int]) -> int:
        weights = self.catalog.problem.weights
        for bound in bounds:
            there = None if bound is None else instead.get(bound, self.board.day.get(bound))
            if there is not None and abs(day - there) < weights.observation_edge_days:
                return weights.observation_edge
        return 0
