"""Visits and observations for meetings that are placed, block by block, and side by side in threads."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent, Stage
from app.kit.errors import NoPlanError
from app.solver.schedule.blocks import Block, Placed, events_of, least_moved, solve_block
from app.solver.schedule.costs import stage_costs
from app.solver.schedule.model import Clock
from app.solver.schedule.progress import Say

VISITS_SHARE = 0.7

Asked = tuple[Block, int | None]


class Need(NamedTuple):
    """Someone whose events of a kind must find room."""

    kind: str
    person: str


class StuckError(Exception):
    """These people have no room beside what is placed."""

    def __init__(self, needs: Iterable[Need]) -> None:
        """Names the people."""
        super().__init__("no room")
        self.needs = tuple(needs)


@dataclass(frozen=True, slots=True)
class Done:
    """Visits and observations that complete the meetings."""

    events: tuple[PlacedEvent, ...]
    stages: dict[str, Stage]
    proved: bool


@dataclass(slots=True)
class Completing:
    """One completion of a problem's meetings; remembers blocks it has solved."""

    catalog: Catalog
    clock: Clock
    say: Say
    solved: dict[Asked, Placed] = field(default_factory=dict)

    def complete(self, meetings: Sequence[PlacedEvent], rest: int | None) -> Done:
        """The cheapest visits that leave the observations room, then the cheapest observations.

        `rest` is what moving them all must cost, None without an old plan. Raises StuckError when nothing fits.
        """
        held = [*self.catalog.problem.held.values(), *meetings]
        attached: list[str] = []
        while True:
            self.say("visits", None, None, 1, 3)
            visits = self._visits(Occupied(self.catalog, held), attached, rest)
            visited = [event for placed in visits for event in placed.events]
            stage = self._stage("visits", [*held, *visited], visits)
            self.say("visits", stage.cost, stage.bound, 2, 3)
            left = None if rest is None else rest - self._moved(visited)
            try:
                observed = self._observations(Occupied(self.catalog, [*held, *visited]), left)
            except StuckError as stuck:
                attached += self._further(attached, stuck)
                continue
            events = (*visited, *(event for placed in observed for event in placed.events))
            seen = self._stage("observations", [*held, *events], observed)
            self.say("observations", seen.cost, seen.bound, 3, 3)
            proved = all(placed.status == "optimal" for placed in (*visits, *observed))
            return Done(events, {"visits": stage, "observations": seen}, proved)

    def _stage(self, stage: str, events: list[PlacedEvent], placed: Sequence[Placed]) -> Stage:
        cost = stage_costs(self.catalog, events)[stage]
        return Stage(cost, cost - sum(each.unproved for each in placed))

    def _moved(self, placed: Iterable[PlacedEvent]) -> int:
        catalog = self.catalog
        return sum(catalog.moving(catalog.events[each.event], each.date, each.slot, each.host) for each in placed)

    def _observers(self) -> list[str]:
        return list(dict.fromkeys(each.observer for each in self.catalog.problem.observations))

    def _visitors(self) -> list[str]:
        return list(dict.fromkeys(each.visitor for each in self.catalog.problem.visits))

    def _further(self, attached: list[str], stuck: StuckError) -> list[str]:
        """The observers to attach next; when all are, it is the meetings that must give way."""
        new = [need.person for need in stuck.needs if need.person not in attached]
        new = new or [each for each in self._observers() if each not in attached]
        if not new:
            visitors = [Need("visit", each) for each in self._visitors()]
            raise StuckError([*visitors, *(Need("observation", each) for each in attached)])
        return new

    def _visits(self, occupied: Occupied, attached: list[str], rest: int | None) -> list[Placed]:
        blocks = self._visit_blocks(attached)
        if rest is None:
            return self._solve(blocks, occupied, [None] * len(blocks), self.clock.part(VISITS_SHARE))
        outside = [each for each in self._observers() if each not in attached]
        alone = {each: self._least_alone(occupied, Need("observation", each)) for each in outside}
        spare = rest - sum(alone.values())
        while True:
            least = [self._least(block, occupied) for block in blocks]
            slack = spare - sum(least)
            if slack < 0:
                seen = [(Block("observation", (each,)), alone[each]) for each in outside]
                raise self._hit([*zip(blocks, least, strict=True), *seen])
            placed = self._solve(blocks, occupied, [each + slack for each in least], self.clock.part(VISITS_SHARE))
            if sum(each.moved for each in placed) <= spare:
                return placed
            over = [block for block, each, low in zip(blocks, placed, least, strict=True) if each.moved > low]
            blocks = [block for block in blocks if block not in over] + [_merged(over)]

    def _visit_blocks(self, attached: list[str]) -> list[Block]:
        """Visitors by themselves, joined where an attached observer is one of them or observes at their schools."""
        blocks = [Block("visit", (visitor,)) for visitor in self._visitors()]
        visitor_of = {each.school: each.visitor for each in self.catalog.problem.visits}
        for observer in attached:
            at = {each.school for each in self.catalog.problem.observations if each.observer == observer}
            met = {observer, *(visitor_of[school] for school in at if school in visitor_of)}
            joined = [block for block in blocks if met & {*block.people, *block.room_for}]
            blocks = [block for block in blocks if block not in joined]
            blocks.append(_merged([*joined, Block("visit", (), (observer,))]))
        return blocks

    def _observations(self, occupied: Occupied, rest: int | None) -> list[Placed]:
        blocks = [Block("observation", (observer,)) for observer in self._observers()]
        if rest is None:
            return self._solve(blocks, occupied, [None] * len(blocks), self.clock)
        least = [self._least(block, occupied) for block in blocks]
        if sum(least) > rest:
            raise self._hit(list(zip(blocks, least, strict=True)))
        return self._solve(blocks, occupied, [*least], self.clock)

    def _hit(self, least: Sequence[tuple[Block, int]]) -> StuckError:
        """The people whom others force to move: their least is more than each event's alone beside the held ones."""
        unhindered = Occupied(self.catalog, self.catalog.problem.held.values())
        hit = [
            block for block, moves in least if moves > sum(self._least_alone(unhindered, need) for need in needs(block))
        ]
        return StuckError(need for block in hit or [block for block, _ in least] for need in needs(block))

    def _least_alone(self, occupied: Occupied, need: Need) -> int:
        """What moving someone's events costs at least, each alone; raises StuckError when one has no place."""
        total = 0
        for event in events_of(self.catalog, need.kind, need.person):
            if event.name not in self.catalog.problem.held:
                places = occupied.places(event)
                if not places:
                    raise StuckError([need])
                total += min(place.moved for place in places)
        return total

    def _least(self, block: Block, occupied: Occupied) -> int:
        outcome = least_moved(block, occupied, self.clock)
        if outcome.status == "infeasible":
            raise StuckError(needs(block))
        _needs_time(outcome.status)
        return outcome.cost

    def _solve(
        self, blocks: Sequence[Block], occupied: Occupied, most: Sequence[int | None], clock: Clock
    ) -> list[Placed]:
        """Every block solved; raises StuckError naming all that are stuck."""
        asked = list(zip(blocks, most, strict=True))
        stage = f"{blocks[0].kind}s" if blocks else "visits"
        clock.begin(stage, len(blocks), stage_costs(self.catalog, occupied.placed.values())[stage])

        def one(each: Asked) -> Placed:
            return solve_block(each[0], occupied, clock, each[1])

        if blocks and blocks[0].kind == "observation":
            placed = _side_by_side(one, asked)
        else:
            new = [each for each in asked if each not in self.solved]
            self.solved.update(zip(new, _side_by_side(one, new), strict=True))
            placed = [self.solved[each] for each in asked]
        stuck = [block for block, each in zip(blocks, placed, strict=True) if each.status == "infeasible"]
        if stuck:
            raise StuckError(need for block in stuck for need in needs(block))
        for each in placed:
            _needs_time(each.status)
        return placed


def _side_by_side(one: Callable[[Asked], Placed], asked: Sequence[Asked]) -> list[Placed]:
    """Each asked for in its own thread: HiGHS works outside Python's lock, and each model is its own."""
    if len(asked) < 2:
        return [one(each) for each in asked]
    with ThreadPoolExecutor(max_workers=min(len(asked), os.cpu_count() or 1)) as threads:
        return list(threads.map(one, asked))


def needs(block: Block) -> list[Need]:
    """Everyone who must find room in a block."""
    return [Need(block.kind, each) for each in block.people] + [Need("observation", each) for each in block.room_for]


def _merged(blocks: Sequence[Block]) -> Block:
    return Block(
        blocks[0].kind,
        tuple(each for block in blocks for each in block.people),
        tuple(each for block in blocks for each in block.room_for),
    )


def _needs_time(status: str) -> None:
    if status == "unknown":
        raise NoPlanError("No plan was found in the time given, and none was ruled out; give it more seconds.")
