"""When something falls through: the best replacements with the fewest moves, by hand first, then group, then hub.

The ladder: every other place of the event by itself; then with the events of its own group or person making way; then
with anything in the hub. Past, pinned and announced events stay (R9).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from app.domain.schedule.bars import listed, said, spoken_event
from app.domain.schedule.candidates import Catalog, Event
from app.domain.schedule.differences import Differences, differences, told
from app.domain.schedule.frames import Frames
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import Problem
from app.domain.schedule.reasons import nowhere
from app.domain.schedule.single import Board
from app.kit.errors import BadInputError
from app.solver.schedule.cascade import Cascade, Moves
from app.solver.schedule.model import Clock

Step = Literal["alone", "group", "hub"]


@dataclass(frozen=True, slots=True)
class Move:
    """An event that moves, why, and the ids of the people and schools who must be told; `was` None: it had no place.

    `cannot` are those of the people named who could come before and cannot come then; `can` the other way round.
    """

    event: str
    was: PlacedEvent | None
    now: PlacedEvent
    because: str
    people: tuple[str, ...]
    schools: tuple[str, ...]
    cannot: tuple[str, ...] = ()
    can: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """One way out, the fallen events first; `fewest` when fewer moves are proved impossible.

    `step` says how far one had to look; `Repair.differences` what it costs whom.
    """

    step: Step
    moves: tuple[Move, ...]
    fewest: bool


@dataclass(frozen=True, slots=True)
class Repairs:
    """What fell through, up to a few ways out, the best first, or sentences that say why there is none."""

    hit: tuple[str, ...]
    replacements: tuple[Replacement, ...]
    because: tuple[str, ...] = ()


@dataclass(slots=True)
class Repair:
    """A plan that stands and what is known of it; compiled once, asked for many fallen events."""

    problem: Problem
    fallen: Mapping[str, frozenset[date]] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    frames: Frames = field(init=False)
    board: Board = field(init=False)
    hit: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Lays out the plan; raises BadInputError without one, or when a fallen event is held."""
        if self.problem.plan is None:
            raise BadInputError("There is no plan yet that could be mended. Plan the year first.")
        self.frames = Frames(Catalog(self.problem, self.fallen))
        names = self.frames.catalog.events
        for name in self.fallen:
            if name not in names:
                raise BadInputError(f"{name} is no event of this year's plan.")
            if name in self.problem.held:
                words = spoken_event(self.frames.catalog, names[name])
                raise BadInputError(f"{words[:1].upper()}{words[1:]} is pinned or past. Take the pin off first.")
        self.board = Board(self.frames, {**self.problem.old, **self.problem.held}.values())
        self.hit = self._fallen()

    def _fallen(self) -> tuple[str, ...]:
        """The events that cannot stay, in the order of the file: no place yet, or a rule is now against it."""
        catalog, placed = self.frames.catalog, self.board.placed
        return tuple(
            name
            for name in catalog.events
            if name not in catalog.problem.held and (name not in placed or self.board.against(placed[name]))
        )

    def ways(self, most: int = 3) -> Repairs:
        """Up to so many ways out, each with the first fallen event on another day, the fewest moves first.

        Raises NoPlanError when time runs out.
        """
        hit = self.hit
        if not hit:
            return Repairs((), ())
        bound = self._least(hit)
        step: Step = "alone"
        ways = self._alone(hit, most, bound)
        if not ways:
            bound = max(bound, len(hit) == 1 and 2)  # every other place of a single event was looked at
            step, ways = "group", self._together(hit, own(self.frames.catalog, hit), most, bound)
            if not ways or len(ways[0].places) > bound:
                everybody = frozenset(self.board.placed).difference(self.problem.held)
                hub = self._cascade(hit, everybody)
                first = hub.fewest(self.clock, bound)
                bound = first.bound if first else bound
                if first and (not ways or len(first.places) < len(ways[0].places)):
                    step, ways = "hub", self._further(hub, first, most)
        found = tuple(self._replacement(step, each.places, bound) for each in ways)
        return Repairs(hit, found, () if found else self._why(hit))

    def differences(self, way: Replacement) -> Differences:
        """What a way out costs whom, beside the plan as it stands; moves not counted."""
        before = self.board.placed
        after = {**before, **{move.event: move.now for move in way.moves}}
        return differences(self.problem, before.values(), after.values())

    def _least(self, hit: tuple[str, ...]) -> int:
        """How many moves are needed for certain: events that a rule forbids where they are, whoever else moves."""
        held, placed = self.problem.held.keys(), self.board.placed
        bars = [self.board.against(placed[name]) if name in placed else () for name in hit]
        return sum(not each or any(held >= set(bar.others) for bar in each) for each in bars)

    def _alone(self, hit: tuple[str, ...], most: int, least: int) -> list[Moves]:
        if len(hit) > 1:
            return self._together(hit, frozenset(), most, least)
        return [Moves((option.as_placed(hit[0]),), 1) for option in self.board.best(hit[0], most)]

    def _together(self, hit: tuple[str, ...], movable: frozenset[str], most: int, least: int) -> list[Moves]:
        cascade = self._cascade(hit, movable)
        first = cascade.fewest(self.clock, least)
        return self._further(cascade, first, most) if first else []

    def _cascade(self, hit: tuple[str, ...], movable: frozenset[str]) -> Cascade:
        return Cascade(self.board, hit, movable.difference(hit))

    def _further(self, cascade: Cascade, first: Moves, most: int) -> list[Moves]:
        """The fewest moves, and again with the first fallen event on other days."""
        found, name = [first], self.hit[0]
        while len(found) < most:
            place = next((each for each in found[-1].places if each.event == name), None)
            if place is None:
                break
            cascade.avoid(name, place.date.toordinal())
            moves = cascade.fewest(self.clock, found[-1].bound)
            if moves is None:
                break
            found.append(moves)
        return found

    def _replacement(self, step: Step, places: tuple[PlacedEvent, ...], bound: int) -> Replacement:
        now = {each.event: each for each in places}
        moves = []
        for name, because in self._chain(self.hit, now):
            people, schools = told(self.frames.catalog, [name])
            was, there = self.board.placed.get(name), self._absent(now[name])
            gone = self._absent(was) if was is not None else there
            cannot, can = (tuple(sorted(each)) for each in (there - gone, gone - there))
            moves.append(Move(name, was, now[name], because, people, schools, cannot, can))
        return Replacement(step, tuple(moves), len(places) <= bound)

    def _absent(self, placed: PlacedEvent) -> frozenset[str]:
        catalog = self.frames.catalog
        return frozenset(catalog.absent(catalog.events[placed.event], placed.date, placed.slot))

    def _chain(self, hit: tuple[str, ...], places: Mapping[str, PlacedEvent]) -> list[tuple[str, str]]:
        """Who moves and why: the fallen events, then whom their new places push aside, and so on."""
        catalog, order = self.frames.catalog, [name for name in hit if name in places]
        because = {name: self._fell(name) for name in order}
        for name in order:
            event = catalog.events[name]
            for bar in self.board.against(places[name]):
                for other in bar.others:
                    if other in places and other not in because:
                        way = f"It makes way for {spoken_event(catalog, event)}. {said(catalog, event, bar)}"
                        because[other] = way
                        order.append(other)
        rest = [name for name in places if name not in because]
        return [*because.items(), *((name, "It makes way for the others.") for name in rest)]

    def _fell(self, name: str) -> str:
        placed = self.board.placed.get(name)
        if placed is None:
            return "It has no date yet."
        catalog, bars = self.frames.catalog, self.board.against(placed)
        return said(catalog, catalog.events[name], bars[0])

    def _why(self, hit: tuple[str, ...]) -> tuple[str, ...]:
        catalog = self.frames.catalog
        held = Occupied(catalog, self.problem.held.values())
        alone = [catalog.events[name] for name in hit if not held.places(catalog.events[name])]
        if alone:
            return tuple(nowhere(catalog, held, event) for event in alone)
        names = listed([spoken_event(catalog, catalog.events[name]) for name in hit])
        return (f"No other day is left for {names}, even if every date moved that is neither pinned nor past.",)


def own(catalog: Catalog, names: Iterable[str]) -> frozenset[str]:
    """The events nearest to these: a group's meetings with the observations between them; a person's other ones."""
    found: set[str] = set()
    for name in names:
        event = catalog.events[name]
        if event.kind == "meeting":
            found |= {each.name for each in catalog.series[event.series]}
            bounds = {seen.id: (seen.after, seen.before) for seen in catalog.problem.observations}
            found |= {each for each, sides in bounds.items() if any(side and side[0] == event.series for side in sides)}
        else:
            found |= {each.name for each in catalog.events.values() if _same_person(event, each)}
    return frozenset(found - catalog.problem.held.keys())


def _same_person(event: Event, other: Event) -> bool:
    return other.person == event.person and other.kind != "meeting"


def refused(problem: Problem, person: str, name: str) -> Problem:
    """The problem after somebody has said that they cannot come to an event on its day: they are away then.

    Raises BadInputError when the plan has no place for the event.
    """
    placed = problem.old.get(name)
    if placed is None:
        raise BadInputError(f"{name} has no date in this plan.")
    return away(problem, person, {placed.date})


def away(problem: Problem, person: str, days: Iterable[date]) -> Problem:
    """The problem with a person away on these days: ill, refusing, or called away."""
    gone = frozenset(days)
    people = [replace(each, away=each.away | gone) if each.id == person else each for each in problem.people]
    return replace(problem, people=tuple(people))


def closed(problem: Problem, school: str, days: Iterable[date]) -> Problem:
    """The problem with a school closed on these days: snow, a flood, an inspection."""
    gone = frozenset(days)
    schools = [replace(each, closed=each.closed | gone) if each.id == school else each for each in problem.schools]
    return replace(problem, schools=tuple(schools))
